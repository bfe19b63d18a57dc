"""Search over answers and clauses."""

import pytest

import policies_kb
from policies_kb import libraries

libraries.install()
KB = policies_kb.load_knowledge_base()
QUERIES = ("生活费一天多少", "新型学徒制补多少", "以工代训", "退役军人免费吗", "骗补贴有什么后果")


@pytest.mark.parametrize(
    ("query", "region", "document", "clause"),
    [
        ("生活费一天多少", "qujing", "qujing-2019-112", "十八"),
        ("饭钱给好多", "qujing", "qujing-2019-112", "十八"),
        ("生活费一天多少", "panzhihua", "panzhihua-2020-2", "四(六)"),
        ("岗前培训补多少钱", "panzhihua", "panzhihua-2020-2", "四(四)"),
        ("新型学徒制一年补多少", "panzhihua", "panzhihua-2020-2", "四(一)"),
        ("以工代训补多少", "qujing", "qujing-2019-112", "十九"),
        ("几课时算一天", "chongqing", "chongqing-2021-12", "二"),
        ("学徒制先预支多少", "liaocheng", "liaocheng-2019-10", "十二"),
    ],
)
def test_first_hit(query, region, document, clause):
    first = policies_kb.search(KB, query, region=region)[0]
    assert (first.document, first.clause) == (document, clause)
    assert first.number == KB.documents[document].number
    assert first.title == KB.documents[document].clauses[clause].title


@pytest.mark.parametrize("region", [None, *sorted(KB.regions)])
@pytest.mark.parametrize("query", QUERIES)
def test_what_is_found(query, region):
    hits = policies_kb.search(KB, query, region=region, limit=20)
    assert 0 < len(hits) <= 20
    allowed = {document.id for document in (KB.documents_of(region) if region else KB.documents.values())}
    assert {hit.document for hit in hits} <= allowed
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert len({hit.text for hit in hits}) == len(hits)
    for hit in hits:
        clause = KB.documents[hit.document].clauses[hit.clause]
        assert hit.text == (hit.answer.text if hit.answer is not None else clause.text)


@pytest.mark.parametrize("limit", [1, 2, 5, 9])
def test_limit(limit):
    many = policies_kb.search(KB, QUERIES[0], limit=50)
    assert len(many) > 9
    assert policies_kb.search(KB, QUERIES[0], limit=limit) == many[:limit]


def test_of_all_places_more_than_one_is_found():
    assert len({hit.document for hit in policies_kb.search(KB, "生活费一天多少", limit=20)}) > 2


@pytest.mark.parametrize("query", ["zzzz", "", "😀"])
def test_nothing(query):
    assert policies_kb.search(KB, query) == []


def test_a_way_of_asking_finds_its_answer():
    """Each tenth answer, by its first way of asking, is among the first three of its region."""
    sample = list(KB.answers)[::10]
    lost = [
        answer.id for answer in sample
        if answer.text not in {hit.text for hit in policies_kb.search(KB, answer.ask[0], region=answer.region, limit=3)}
    ]
    assert len(sample) > 50
    assert len(lost) <= 0.02 * len(sample), lost
