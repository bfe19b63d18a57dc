"""The knowledge base by GET."""

import pytest

from api.services.import_document import store_official_text
from api.store import official_texts


async def test_regions_with_their_codes_and_what_contains_them(client, kb):
    body = (await client.get("/api/v1/regions")).json()
    by_id = {region["id"]: region for region in body["regions"]}
    assert set(by_id) == set(kb.regions)
    assert by_id["tongnan"] == {"id": "tongnan", "name": "潼南区", "short_name": "潼南", "code": "500152", "within": "chongqing"}
    assert body["kb_version"] == kb.version


async def test_documents_with_their_numbers_and_periods(client, kb):
    body = (await client.get("/api/v1/documents")).json()
    by_id = {document["id"]: document for document in body["documents"]}
    assert set(by_id) == set(kb.documents)
    assert by_id["chongqing-2021-12"]["number"] == "渝人社发〔2021〕12号"
    assert by_id["chongqing-2021-12"]["in_force_to"] is None
    assert by_id["qujing-2019-112"]["in_force_to"] == "2021-12-31"


async def test_every_document_opens_with_all_its_clauses(client, kb):
    for name, document in kb.documents.items():
        body = (await client.get(f"/api/v1/documents/{name}")).json()
        assert [clause["clause"] for clause in body["clauses"]] == list(document.clauses)
        assert all(clause["text"] and clause["original"] is None for clause in body["clauses"])
        assert body["official_text"] is None


async def test_an_imported_original_stands_beside_our_words(client, app, kb):
    clauses = [(name, 1, f"原文{name}") for name in kb.documents["qujing-2019-112"].clauses]
    async with app.state.wenbu.database.session() as session:
        await official_texts.replace(session, "qujing-2019-112", "n", "c" * 64, clauses)
    body = (await client.get("/api/v1/documents/qujing-2019-112")).json()
    assert {clause["clause"]: clause["original"] for clause in body["clauses"]}["十八"] == "原文十八"
    assert body["official_text"]["checksum"] == "c" * 64


async def test_the_five_official_texts_show_in_the_api(client, app, kb, official_texts):
    for path in sorted(official_texts.glob("*.txt")):
        await store_official_text(path, kb, app.state.wenbu.database)
    for name in kb.documents:
        body = (await client.get(f"/api/v1/documents/{name}")).json()
        assert all(clause["original"] for clause in body["clauses"])


async def test_benefits_of_a_district_include_those_of_what_contains_it(client, kb):
    body = (await client.get("/api/v1/benefits", params={"region": "tongnan"})).json()
    assert {benefit["region"] for benefit in body["benefits"]} == {"tongnan", "chongqing"}
    everything = (await client.get("/api/v1/benefits")).json()["benefits"]
    assert {benefit["id"] for benefit in everything} == set(kb.benefits)


async def test_facts_with_question_and_options(client, kb):
    body = (await client.get("/api/v1/facts")).json()
    by_name = {fact["name"]: fact for fact in body["facts"]}
    assert set(by_name) == set(kb.facts)
    assert {"value": "rural", "label": kb.facts["hukou"].option("rural").label} in by_name["hukou"]["options"]
    assert (by_name["age"]["minimum"], by_name["age"]["maximum"]) == (0, 120)


async def test_a_search_finds_the_clause_of_the_region(client):
    body = (await client.get("/api/v1/search", params={"q": "培训期间生活费补贴", "region": "qujing"})).json()
    first = body["hits"][0]
    assert (first["document"], first["clause"]) == ("qujing-2019-112", "十八")
    assert set(first) == {"document", "number", "clause", "title", "text", "score"}
    assert len(body["hits"]) <= 5


@pytest.mark.parametrize("limit", [1, 50])
async def test_the_limit_of_a_search_holds(client, limit):
    body = (await client.get("/api/v1/search", params={"q": "培训", "limit": limit})).json()
    assert 1 <= len(body["hits"]) <= limit


@pytest.mark.parametrize("params", [{}, {"q": ""}, {"q": "x", "limit": 0}, {"q": "x", "limit": 51}, {"q": "x", "limit": "a"}])
async def test_a_bad_search_is_a_422_in_chinese(client, params):
    answer = await client.get("/api/v1/search", params=params)
    assert answer.status_code == 422
    assert any("\u4e00" <= c <= "\u9fff" for c in answer.json()["detail"][0]["msg"])


@pytest.mark.parametrize("path", ["/api/v1/documents/x", "/api/v1/benefits?region=x", "/api/v1/search?q=a&region=x"])
async def test_an_unknown_id_is_a_404_with_what_exists(client, path):
    answer = await client.get(path)
    assert answer.status_code == 404
    assert answer.json()["available"]
