"""Foreign pages: only listed sites, by key and exact origin, and only on the open paths."""

import pytest

from api.store import sites

LISTED, OTHER = "https://a.example", "https://b.example"
KEY, OTHER_KEY, OFF = "key-of-a", "key-of-b", "key-that-is-off"
OPEN = ["/api/v1/widget/settings", "/api/v1/regions", "/api/v1/facts", "/api/v1/documents", "/api/v1/documents/qujing-2019-112",
        "/api/v1/benefits", "/api/v1/search?q=生活费"]
CLOSED = ["/api/v1/staff/me", "/healthz", "/metrics", "/openapi.json"]


@pytest.fixture(autouse=True)
async def listed(store):
    async with store() as session:
        sites.add(session, KEY, "甲", [LISTED, "http://localhost:8080"])
        sites.add(session, OTHER_KEY, "乙", [OTHER])
        sites.add(session, OFF, "丙", ["https://c.example"])
        await session.flush()
        await sites.remove(session, OFF)


def headers(origin=None, key=None):
    return ({"Origin": origin} if origin else {}) | ({"X-Wenbu-Site": key} if key else {})


@pytest.mark.parametrize("path", OPEN)
async def test_a_listed_site_with_its_key_is_answered(client, path):
    answer = await client.get(path, headers=headers(LISTED, KEY))
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == LISTED
    assert "Origin" in answer.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("path", OPEN)
@pytest.mark.parametrize(("origin", "key"), [
    (LISTED, None), (LISTED, OTHER_KEY), (LISTED, "no-such-key"), (LISTED, "k" * 5000), (OTHER, KEY), ("https://c.example", OFF),
    ("https://evil.example", None), ("https://evil.example", KEY), ("null", KEY), ("http://a.example", KEY),
    ("https://a.example:444", KEY), ("https://a.example.evil.example", KEY), ("https://sub.a.example", KEY),
])
async def test_others_are_refused_without_a_word_for_the_browser(client, path, origin, key):
    answer = await client.get(path, headers=headers(origin, key))
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.headers["Vary"]
    assert any("\u4e00" <= c <= "\u9fff" for c in answer.json()["detail"])


async def test_a_refused_site_starts_no_turn(client, neighbours):
    neighbours.answer({"text": "好"})
    sent = headers(LISTED) | {"X-Wenbu-Conversation": "a" * 22}
    answer = await client.post("/api/v1/widget/messages", json={"client_id": "1", "text": "x"}, headers=sent)
    assert answer.status_code == 403
    assert neighbours.heard == []


@pytest.mark.parametrize("path", OPEN)
@pytest.mark.parametrize("origin", [None, "http://wenbu.test", "HTTP://WENBU.TEST"])
async def test_our_own_page_needs_no_key(client, path, origin):
    assert (await client.get(path, headers=headers(origin))).status_code == 200


@pytest.mark.parametrize("origin", ["https://wenbu.test", "http://wenbu.test:8080", "http://other.test"])
async def test_another_scheme_or_port_is_not_our_own(client, origin):
    assert (await client.get("/api/v1/regions", headers=headers(origin))).status_code == 403


async def test_behind_a_proxy_the_public_address_is_our_own(client, app):
    app.state.wenbu.settings.public_url = "https://wenbu.example/"
    assert (await client.get("/api/v1/regions", headers=headers("https://wenbu.example"))).status_code == 200


def preflight(origin):
    return {"Origin": origin, "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,x-wenbu-conversation,x-wenbu-site"}


@pytest.mark.parametrize("path", ["/api/v1/widget/messages", "/api/v1/widget/events", "/api/v1/regions"])
async def test_a_preflight_of_a_listed_origin_is_answered(client, path):
    answer = await client.options(path, headers=preflight(LISTED))
    assert answer.status_code == 204
    assert answer.content == b""
    assert answer.headers["Access-Control-Allow-Origin"] == LISTED
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    assert all(name in allowed for name in ("content-type", "x-wenbu-conversation", "x-wenbu-site", "last-event-id"))
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("origin", ["https://evil.example", "https://c.example", "null"])
async def test_a_preflight_of_another_is_not(client, origin):
    answer = await client.options("/api/v1/widget/messages", headers=preflight(origin))
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", CLOSED)
async def test_nothing_else_answers_a_foreign_page_even_a_listed_one(client, path):
    for answer in (await client.get(path, headers=headers(LISTED, KEY)), await client.options(path, headers=preflight(LISTED))):
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_an_error_is_readable_for_a_listed_site(client):
    answer = await client.get("/api/v1/widget/messages", headers=headers(LISTED, KEY))
    assert answer.status_code == 422
    assert answer.headers["Access-Control-Allow-Origin"] == LISTED


async def test_a_site_that_is_removed_is_refused_at_once(client, store):
    assert (await client.get("/api/v1/regions", headers=headers(LISTED, KEY))).status_code == 200
    async with store() as session:
        assert await sites.remove(session, KEY)
    assert (await client.get("/api/v1/regions", headers=headers(LISTED, KEY))).status_code == 403


async def test_without_the_database_no_foreign_page_gets_in(client, app):
    await app.state.wenbu.database.close()
    async with app.state.wenbu.database.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE sites")
    answer = await client.get("/api/v1/regions", headers=headers(LISTED, KEY))
    assert answer.status_code == 503
    assert "Access-Control-Allow-Origin" not in answer.headers
