"""Paths for operators."""

import pytest
from sqlalchemy import text


async def test_healthz_asks_nobody(client):
    answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_ready_when_all_parts_answer(client, neighbours, kb):
    neighbours.answer({"text": "x"})
    neighbours.actions_up = True
    answer = await client.get("/readyz")
    assert answer.status_code == 200
    body = answer.json()
    assert body["ready"] is True
    assert {name: part["state"] for name, part in body["parts"].items()} == dict.fromkeys(
        ["rasa", "actions", "database", "knowledge_base"], "ok")
    assert body["parts"]["knowledge_base"]["detail"] == kb.version


@pytest.mark.parametrize("away", ["rasa", "actions"])
async def test_503_names_the_part_that_is_away(client, neighbours, away):
    neighbours.answer({"text": "x"})
    neighbours.actions_up = away != "actions"
    if away == "rasa":
        neighbours.rasa = None
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    states = {name: part["state"] for name, part in answer.json()["parts"].items()}
    assert [name for name, state in states.items() if state == "failed"] == [away]


async def test_503_when_the_database_is_not_at_the_newest_form(client, app, neighbours):
    neighbours.answer({"text": "x"})
    neighbours.actions_up = True
    async with app.state.wenbu.database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert "迁移" in answer.json()["parts"]["database"]["detail"]


async def test_metrics_are_prometheus_text(client, kb):
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert f'wenbu_knowledge_base_info{{kb_version="{kb.version}"}} 1.0' in answer.text


async def test_every_path_of_the_contract_is_described(client):
    paths = (await client.get("/openapi.json")).json()["paths"]
    for path in ("/api/v1/chat", "/api/v1/eligibility", "/api/v1/eligibility/batch", "/api/v1/regions", "/api/v1/documents",
                 "/api/v1/documents/{document_id}", "/api/v1/benefits", "/api/v1/facts", "/api/v1/search", "/healthz",
                 "/readyz", "/metrics"):
        assert path in paths
