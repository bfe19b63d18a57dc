"""Why a reply failed, and where it looked instead."""

from __future__ import annotations

import pytest

import policies_kb
from policies_kb import wording
from policies_kb.reply import Reply
from tests.eval import diagnosis
from tests.eval.diagnosis import Diagnosis, bare
from tests.eval.judging import faults


@pytest.fixture(scope="module")
def kb():
    return policies_kb.load_knowledge_base()


@pytest.fixture(scope="module")
def read(kb):
    return Diagnosis(kb)


@pytest.fixture(scope="module")
def sources(kb):
    """Two documents of different regions, each with its number and two of its clauses' labels."""
    documents = list({document.region: document for document in kb.documents.values()}.values())[:2]
    return [(document.number, [clause.label for clause in document.clauses.values()][1:3]) for document in documents]


@pytest.mark.parametrize(("reply", "style", "why"), [
    ("没太明白您的意思。", "fact", diagnosis.NO_ANSWER),
    ("各地规定不一样。您问的是哪个地方？", "fact", diagnosis.NO_ANSWER),
    ("这个我答不了，不归职业技能培训补贴管。", "fact", diagnosis.NO_ANSWER),
    ("60元。", "fact", diagnosis.NO_ANSWER),
    ("60元。依据：{other} {other_clause}。", "fact", diagnosis.REGION),
    ("60元。依据：{right} {next_clause}。", "fact", diagnosis.CLAUSE),
    ("50元。依据：{right} {clause}。", "fact", diagnosis.FIGURE),
    ("50元。依据：{right} {clause}。", "silent", diagnosis.ANSWERED),
    ("60元，人人都有。依据：{right} {clause}。", "fact", diagnosis.TOO_MUCH),
])
def test_reason(read, sources, reply, style, why):
    (right, (clause, following)), (other, (other_clause, _)) = sources
    item = {"style": style, "expect": {"say": [["60"]], "not_say": ["人人"], "cite": [[right, clause]]}}
    text = reply.format(right=right, clause=clause, next_clause=following, other=other, other_clause=other_clause)
    found = faults(item["expect"], text)
    assert found
    assert read.reason(item, text, found) == why


def test_a_missing_condition_is_no_wrong_figure(read, sources):
    (right, (clause, _)), _ = sources
    item = {"style": "amount", "expect": {"say": [["60"], ["以上", "至少"]], "cite": [[right, clause]]}}
    text = f"60元。依据：{right} {clause}。"
    assert read.reason(item, text, faults(item["expect"], text)) == diagnosis.CONDITION


def test_an_answer_though_there_is_none(read, sources):
    (number, (clause, _)), _ = sources
    item = {"style": "outside", "expect": {"say": [["12333"]], "cite": []}}
    assert read.reason(item, f"60元。依据：{number} {clause}。", ["没说 12333"]) == diagnosis.ANSWERED
    assert read.reason(item, "不知道。", ["没说 当地"]) == diagnosis.CONDITION


def test_labels_written_differently_are_one_clause():
    assert bare("第十六条") == bare("(十六)") == bare("（十六）")
    assert bare("第四部分") == bare("四、") != bare("第四条")
    assert bare("四(六)") == bare("四（六）")
    assert bare("附件第22项") == bare("附件22")


def test_every_clause_has_a_label_of_its_own(kb, read):
    assert len(read.clauses) == sum(len(document.clauses) for document in kb.documents.values())


def test_an_answer_is_found_again_in_its_reply(kb, read):
    for answer in kb.answers[::50]:
        document = kb.documents[answer.document]
        said = Reply(answer.text + wording.source(kb, [document.citation(clause) for clause in answer.clauses])).text
        point = read.got(said)
        same = read.texts[Reply(answer.text).text]  # two answers of one wording count as one
        assert point.region == kb.regions[answer.region].short_name
        assert (point.topic, point.kind) == (read.topics[same.topic], read.kinds[same.kind])
        assert point.clause == f"{point.region} {document.clauses[answer.clauses[0]].label}"


def test_what_was_expected_is_read_from_the_citation(kb, read):
    answer = next(answer for answer in kb.answers if answer.kind == "amount" and len(answer.clauses) == 1)
    document = kb.documents[answer.document]
    label = document.clauses[answer.clauses[0]].label
    point = read.expected({"expect": {"say": [[Reply(answer.text).text]], "cite": [[document.number, label]]}})
    assert (point.region, point.clause) == (kb.regions[answer.region].short_name, f"{kb.regions[answer.region].short_name} {label}")
    assert (point.topic, point.kind) == (read.topics[answer.topic], read.kinds["amount"])


def test_replies_without_a_source(read):
    assert read.got("没太明白您的意思。").kind == "反问"
    assert read.got("天气我查不了。").region == diagnosis.NOWHERE


def test_a_comparison_is_in_several_regions(read, sources):
    (one, (clause, _)), (other, (other_clause, _)) = sources
    item = {"expect": {"cite": [[one, clause, other, other_clause]]}}
    assert read.expected(item).region == diagnosis.SEVERAL
    assert read.got(f"甲：60元({one} {clause})\n乙：50元({other} {other_clause})").region == diagnosis.SEVERAL
