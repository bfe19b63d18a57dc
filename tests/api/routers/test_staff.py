"""The staff's paths: who gets in, and what they do with cases."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update

from api.clock import now
from api.metrics import Metrics
from api.services import passwords, verdict_code
from api.services.chat import ChatService
from api.services.sender_locks import SenderLocks
from api.services.staff_cases import StaffCases
from api.services.staff_sessions import Member
from api.store import staff
from api.store.cases import Case
from api.store.messages import Message
from api.store.staff import StaffSession
from tests.api.samples import CARD, FACTS

PASSWORD = "一个够长的口令 123"
OURS = {"X-Wenbu-Staff": "1"}
TOKEN = {"X-Wenbu-Conversation": "a" * 22}


@pytest.fixture(scope="module")
def password_hash():
    return passwords.hashed(PASSWORD)


@pytest.fixture(autouse=True)
async def members(store, password_hash):
    """Two members and one who has left."""
    async with store() as session:
        for name in ("wang", "li", "former"):
            await staff.add(session, name, password_hash)
        (await staff.by_name(session, "former")).active = False


@pytest.fixture
def browser(app):
    """Makes browsers: each keeps its own cookies."""
    def make(base="http://wenbu.test", address="10.1.1.1"):
        transport = httpx.ASGITransport(app, client=(address, 1))
        return httpx.AsyncClient(transport=transport, base_url=base, headers=OURS)

    return make


@pytest.fixture
def signed_in(browser):
    """Makes browsers with a session."""
    async def make(name="wang"):
        one = browser()
        assert (await sign_in(one, name)).status_code == 200
        return one

    return make


async def sign_in(browser, name="wang", password=PASSWORD, **more):
    return await browser.post("/api/v1/staff/login", json={"name": name, "password": password}, **more)


@pytest.fixture
async def case(client):
    """A case that waits; its number comes with the first look at the list."""
    await client.post("/api/v1/widget/handoff", headers=TOKEN)
    return 1


async def says(client, text, number, headers=TOKEN):
    return (await client.post("/api/v1/widget/messages", json={"client_id": str(number), "text": text}, headers=headers)).json()


def routes(app):
    """(method, path) of everything under /api/v1/staff."""
    return [(method.upper(), path) for path, methods in app.openapi()["paths"].items()
            if path.startswith("/api/v1/staff") for method in methods]


# ---- getting in


async def test_every_path_of_staff_refuses_without_a_session(app, client):
    found = routes(app)
    assert len(found) >= 12
    for method, path in found:
        if path == "/api/v1/staff/login":
            continue
        path = path.replace("{case_id}", "1").replace("{code}", "ABCD-EFGH")
        for cookies in ({}, {"wenbu_staff": "forged"}, {"__Host-wenbu_staff": "forged"}):
            client.cookies = cookies
            for sent in ({}, OURS):
                answer = await client.request(method, path, headers=sent, json={})
                assert answer.status_code == 401, (method, path)
                assert "登录" in answer.json()["detail"]


async def test_signing_in_gives_a_cookie_out_of_reach_of_scripts_and_other_sites(browser):
    answer = await sign_in(browser())
    assert answer.json() == {"name": "wang"}
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("wenbu_staff=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


async def test_on_https_the_cookie_is_bound_to_the_host(browser):
    one = browser("https://wenbu.test")
    cookie = (await sign_in(one)).headers["Set-Cookie"]
    assert cookie.startswith("__Host-wenbu_staff=")
    assert "Secure" in cookie.split("; ")
    assert (await one.get("/api/v1/staff/me")).json() == {"name": "wang"}


async def test_behind_a_proxy_that_ends_tls_too(browser, app):
    app.state.wenbu.settings.public_url = "https://wenbu.example"
    assert (await sign_in(browser())).headers["Set-Cookie"].startswith("__Host-wenbu_staff=")


@pytest.mark.parametrize(("name", "password"), [("wang", "falsch"), ("nobody", PASSWORD), ("former", PASSWORD), ("", ""), ("WANG", PASSWORD)])
async def test_a_wrong_name_or_password_is_refused_in_the_same_words(browser, name, password):
    answer = await sign_in(browser(), name, password)
    assert answer.status_code == 401
    assert answer.json() == {"detail": "名字或密码不对"}
    assert "Set-Cookie" not in answer.headers


async def test_the_token_is_stored_as_a_hash_and_a_new_one_comes_with_every_sign_in(signed_in, store):
    one = await signed_in()
    first = one.cookies["wenbu_staff"]
    await sign_in(one)
    assert one.cookies["wenbu_staff"] != first
    async with store() as session:
        (row,) = await session.scalars(select(StaffSession))
    assert one.cookies["wenbu_staff"] not in row.token_hash
    one.cookies = {"wenbu_staff": first}
    assert (await one.get("/api/v1/staff/me")).status_code == 401


async def test_signing_out_ends_the_session_itself(signed_in):
    one = await signed_in()
    token = one.cookies["wenbu_staff"]
    assert (await one.post("/api/v1/staff/logout")).status_code == 204
    assert "wenbu_staff" not in one.cookies
    one.cookies = {"wenbu_staff": token}
    assert (await one.get("/api/v1/staff/me")).status_code == 401


@pytest.mark.parametrize(("column", "ago", "status"), [
    ("seen_at", timedelta(minutes=29), 200), ("seen_at", timedelta(minutes=30), 401), ("expires_at", timedelta(0), 401),
])
async def test_a_session_ends_after_half_an_hour_of_nothing_and_after_half_a_day(signed_in, store, column, ago, status):
    one = await signed_in()
    async with store() as session:
        row = await session.scalar(select(StaffSession))
        assert row.expires_at - row.created_at <= timedelta(hours=12)
        await session.execute(update(StaffSession).values({column: now() - ago}))
    assert (await one.get("/api/v1/staff/me")).status_code == status


async def test_work_keeps_a_session_alive(signed_in, store):
    one = await signed_in()
    async with store() as session:
        await session.execute(update(StaffSession).values(seen_at=now() - timedelta(minutes=29)))
    await one.get("/api/v1/staff/me")
    async with store() as session:
        assert now() - (await session.scalar(select(StaffSession.seen_at))) < timedelta(minutes=1)


async def test_who_is_disabled_is_out_at_once(signed_in, store):
    one = await signed_in()
    async with store() as session:
        (await staff.by_name(session, "wang")).active = False
    assert (await one.get("/api/v1/staff/me")).status_code == 401


async def test_the_sixth_wrong_try_from_one_address_waits_even_if_right(browser):
    one, elsewhere = browser(), browser(address="10.2.2.2")
    statuses = [(await sign_in(one, "li", "falsch")).status_code for _ in range(5)]
    refused = await sign_in(one, "wang")
    assert statuses == [401] * 5
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert (await sign_in(elsewhere, "wang")).status_code == 200


async def test_an_account_that_is_guessed_at_from_everywhere_waits(browser):
    for number in range(10):
        assert (await sign_in(browser(address=f"10.3.0.{number}"), "wang", "falsch")).status_code == 401
    assert (await sign_in(browser(address="10.3.1.1"), "wang")).status_code == 429
    assert (await sign_in(browser(address="10.3.1.1"), "li")).status_code == 200


async def test_tries_at_the_same_time_are_counted_one_by_one(browser):
    one = browser()
    answers = await asyncio.gather(*(sign_in(one, "wang", f"falsch{n}") for n in range(12)))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 7


# ---- asked by our own page only


@pytest.mark.parametrize("headers", [
    {}, {"X-Wenbu-Staff": "0"}, OURS | {"Origin": "https://evil.example"}, OURS | {"Origin": "null"}, OURS | {"Origin": "https://wenbu.test"},
])
async def test_what_changes_something_must_come_from_our_own_page(app, signed_in, headers):
    one = await signed_in()
    del one.headers["X-Wenbu-Staff"]
    for method, path in routes(app):
        if method == "GET":
            continue
        path = path.replace("{case_id}", "1")
        assert (await one.request(method, path, json={}, headers=headers)).status_code == 403, path
    assert (await one.get("/api/v1/staff/me", headers=headers)).status_code == 200


async def test_our_own_origin_may(browser):
    assert (await sign_in(browser(), headers={"Origin": "http://wenbu.test"})).status_code == 200


async def test_no_foreign_page_reads_what_staff_see(signed_in):
    answer = await (await signed_in()).get("/api/v1/staff/cases", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


# ---- cases


async def test_a_case_brings_the_conversation_and_what_is_known(client, signed_in, neighbours):
    state = {"region": "qujing", "facts": FACTS, "topic": "living_allowance", "check": {"next": None}}
    neighbours.answer({"custom": {"text": "转人工", "handoff": True, "reason": "missed", "state": state}})
    await says(client, "我的电话13812345678,人呢", 1)
    one = await signed_in()
    (found,) = (await one.get("/api/v1/staff/cases?status=waiting")).json()["cases"]
    assert (found["status"], found["reason"], found["channel"], found["claimed_by"]) == ("waiting", "missed", "web", None)
    assert found["waiting_seconds"] >= 0
    case = (await one.get(f"/api/v1/staff/cases/{found['id']}")).json()
    assert case["state"] == state
    assert [(m["author"], m["text"]) for m in case["messages"]][0] == ("person", "我的电话[手机号],人呢")
    assert case["last_message"]["author"] == "bot"


async def test_from_the_question_to_the_end(client, signed_in, case, neighbours):
    one = await signed_in()
    claimed = (await one.post(f"/api/v1/staff/cases/{case}/claim")).json()
    assert (claimed["status"], claimed["claimed_by"]) == ("claimed", "wang")
    await says(client, "我在曲靖", 1)
    reply = (await one.post(f"/api/v1/staff/cases/{case}/reply", json={"text": "您请说", "client_id": "r1"})).json()
    assert (reply["author"], reply["text"]) == ("staff", "您请说")
    seen = (await client.get("/api/v1/widget/messages", headers=TOKEN)).json()
    assert [(m["author"], m["text"]) for m in seen["messages"]][-2:] == [("person", "我在曲靖"), ("staff", "您请说")]
    assert seen["case"]["status"] == "claimed"
    closed = (await one.post(f"/api/v1/staff/cases/{case}/close")).json()
    assert (closed["status"], closed["closed_how"]) == ("closed", "closed")
    seen = (await client.get("/api/v1/widget/messages", headers=TOKEN)).json()
    assert seen["messages"][-1]["author"] == "system"
    assert seen["case"] is None
    neighbours.answer({"text": "每天60元。"})
    assert (await says(client, "生活费", 2))["messages"][0]["text"] == "每天60元。"
    assert (await one.get("/api/v1/staff/cases")).json() == {"cases": []}
    assert [c["id"] for c in (await one.get("/api/v1/staff/cases?status=closed")).json()["cases"]] == [case]


async def test_of_two_who_take_a_case_at_once_one_has_it(signed_in, case):
    first, second = await signed_in("wang"), await signed_in("li")
    answers = await asyncio.gather(*(one.post(f"/api/v1/staff/cases/{case}/claim") for one in (first, second)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["claimed_by"] in refused.json()["detail"]
    winner = first if answers[0].status_code == 200 else second
    assert (await winner.post(f"/api/v1/staff/cases/{case}/claim")).status_code == 200


async def test_a_reply_sent_again_is_said_once(client, signed_in, case, store):
    one = await signed_in()
    await one.post(f"/api/v1/staff/cases/{case}/claim")
    answers = await asyncio.gather(*(
        one.post(f"/api/v1/staff/cases/{case}/reply", json={"text": "您请说", "client_id": "r1"}) for _ in range(3)))
    assert len({answer.text for answer in answers}) == 1
    async with store() as session:
        assert len(list(await session.scalars(select(Message).where(Message.author == "staff")))) == 1
    await one.post(f"/api/v1/staff/cases/{case}/close")
    again = await one.post(f"/api/v1/staff/cases/{case}/reply", json={"text": "您请说", "client_id": "r1"})
    assert again.json() == answers[0].json()


async def test_who_has_not_taken_a_case_can_neither_answer_nor_end_it(signed_in, case):
    first, second = await signed_in("wang"), await signed_in("li")
    words = {"text": "您好", "client_id": "r1"}
    assert (await first.post(f"/api/v1/staff/cases/{case}/reply", json=words)).status_code == 409
    await first.post(f"/api/v1/staff/cases/{case}/claim")
    for path, body in (("reply", words), ("close", {}), ("handback", {}), ("typing", {"on": True})):
        answer = await second.post(f"/api/v1/staff/cases/{case}/{path}", json=body)
        assert answer.status_code == 409, path
        assert "wang" in answer.json()["detail"]


async def test_after_its_end_nothing_more_is_said(signed_in, case):
    one = await signed_in()
    await one.post(f"/api/v1/staff/cases/{case}/claim")
    assert (await one.post(f"/api/v1/staff/cases/{case}/handback")).json()["closed_how"] == "handed_back"
    assert (await one.post(f"/api/v1/staff/cases/{case}/close")).json()["closed_how"] == "handed_back"
    for path, body in (("reply", {"text": "x", "client_id": "1"}), ("claim", {})):
        assert (await one.post(f"/api/v1/staff/cases/{case}/{path}", json=body)).status_code == 409


@pytest.mark.parametrize("path", ["", "/claim", "/reply", "/close", "/handback", "/typing"])
async def test_a_case_that_is_not_there(signed_in, path):
    one = await signed_in()
    body = {"text": "x", "client_id": "1", "on": True}
    answer = await one.request("POST" if path else "GET", f"/api/v1/staff/cases/99{path}", json=body)
    assert answer.status_code == 404


@pytest.mark.parametrize("body", [{"text": "x"}, {"client_id": "1"}, {"text": " ", "client_id": "1"}, {"text": "字" * 2001, "client_id": "1"}])
async def test_a_bad_reply_is_refused(signed_in, case, body):
    one = await signed_in()
    await one.post(f"/api/v1/staff/cases/{case}/claim")
    assert (await one.post(f"/api/v1/staff/cases/{case}/reply", json=body)).status_code == 422


async def test_a_list_of_an_unknown_kind_is_refused(signed_in):
    assert (await (await signed_in()).get("/api/v1/staff/cases?status=lost")).status_code == 422


async def test_personal_numbers_in_a_reply_are_masked(signed_in, case):
    one = await signed_in()
    await one.post(f"/api/v1/staff/cases/{case}/claim")
    body = {"text": "您的证51041119900307123X查到了", "client_id": "r1"}
    assert (await one.post(f"/api/v1/staff/cases/{case}/reply", json=body)).json()["text"] == "您的证[身份证号]查到了"


# ---- on their way to the person


async def test_over_the_plain_api_a_reply_comes_with_the_next_message_once(client, signed_in, neighbours):
    neighbours.answer({"custom": {"text": "转人工", "handoff": True}})
    first = (await client.post("/api/v1/chat", json={"sender": "s", "message": "人工"})).json()
    assert first["handoff"] is True
    one = await signed_in()
    (found,) = (await one.get("/api/v1/staff/cases")).json()["cases"]
    await one.post(f"/api/v1/staff/cases/{found['id']}/claim")
    await one.post(f"/api/v1/staff/cases/{found['id']}/reply", json={"text": "您请说", "client_id": "1"})
    second = (await client.post("/api/v1/chat", json={"sender": "s", "message": "在吗"})).json()
    assert [m["text"] for m in second["messages"]] == ["您请说"]
    assert second["handoff"] is True
    third = (await client.post("/api/v1/chat", json={"sender": "s", "message": "好的"})).json()
    assert third["messages"] == []
    await one.post(f"/api/v1/staff/cases/{found['id']}/reply", json={"text": "再见", "client_id": "2"})
    await one.post(f"/api/v1/staff/cases/{found['id']}/close")
    neighbours.answer({"text": "每天60元。"})
    fourth = (await client.post("/api/v1/chat", json={"sender": "s", "message": "生活费"})).json()
    assert [m["text"] for m in fourth["messages"]][0] == "再见"
    assert fourth["messages"][-1]["text"] == "每天60元。"
    assert len(fourth["messages"]) == 3
    assert fourth["handoff"] is False


async def test_a_channel_that_delivers_gets_the_reply_and_it_does_not_come_twice(app, signed_in, neighbours):
    delivered = []

    async def deliver(conversation, message):
        delivered.append((conversation.channel, message.text))
        return True

    state = app.state.wenbu
    state.outbound.register("wechat", deliver)
    await state.chat.turn("wechat:x", "转人工", channel="wechat", by_button=True)
    one = await signed_in()
    await one.post("/api/v1/staff/cases/1/claim")
    await one.post("/api/v1/staff/cases/1/reply", json={"text": "您请说", "client_id": "1"})
    assert delivered == [("wechat", "您请说")]
    assert (await state.chat.turn("wechat:x", "好", channel="wechat")).messages == []


async def test_disabled_staff_leave_their_cases_to_others(signed_in, case, store):
    from api.store import cases

    one = await signed_in()
    await one.post(f"/api/v1/staff/cases/{case}/claim")
    async with store() as session:
        assert await cases.release(session, (await staff.by_name(session, "wang")).id) == [case]
    other = await signed_in("li")
    assert (await other.post(f"/api/v1/staff/cases/{case}/claim")).json()["claimed_by"] == "li"
    async with store() as session:
        assert (await session.get(Case, case)).status == "claimed"


# ---- verdict codes


async def test_a_code_opens_exactly_what_was_told_and_says_nothing_of_whom(client, signed_in, neighbours, kb):
    neighbours.answer({"custom": {"text": "可以领。", "card": CARD, "finished": True, "facts": FACTS}})
    told = await says(client, "算一下", 1)
    code = told["messages"][0]["card"]["code"]
    one = await signed_in()
    for form in (code, code.lower(), code.replace("-", ""), f" {code[:4]} {code[5:]}"):
        found = (await one.get(f"/api/v1/staff/verdicts/{form}")).json()
        assert found == {"code": code, "region": "qujing", "as_of": "2020-06-01", "facts": FACTS, "result": CARD,
                         "kb_version": kb.version, "created_at": found["created_at"]}
    assert "reasons" in found["result"]["results"][0]


async def test_a_misheard_code_is_said_to_be_misheard_and_an_unknown_one_unknown(signed_in):
    one = await signed_in()
    code = verdict_code.make()
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    answer = await one.get(f"/api/v1/staff/verdicts/{wrong}")
    assert answer.status_code == 422
    assert "听错" in answer.json()["detail"][0]["msg"]
    assert (await one.get(f"/api/v1/staff/verdicts/{code}")).status_code == 404


# ---- live


async def test_staff_hear_live_and_from_where_they_left_off(live, app, neighbours):
    async with httpx.AsyncClient(base_url=f"{live}/api/v1", headers=OURS, trust_env=False, timeout=10) as one:
        await sign_in_at(one)
        async with one.stream("GET", "/staff/events") as stream:
            events = heard(stream)
            lines = asyncio.create_task(anext(events))
            await asyncio.sleep(0.2)
            await one.post("/widget/handoff", headers=TOKEN)
            name, opened = await lines
            assert (name, opened["status"]) == ("case", "waiting")
            first = {data["text"] for _, data in [await anext(events) for _ in range(2)]}
            assert "转人工" in first
            said = (await one.post("/widget/messages", json={"client_id": "1", "text": "在吗"}, headers=TOKEN)).json()
            assert await anext(events) == ("message", {"case": opened["id"]} | said["person"])
            await one.post(f"/staff/cases/{opened['id']}/claim")
            names = [await anext(events) for _ in range(2)]
            assert {name for name, _ in names} == {"message", "case"}
        number = said["person"]["id"]
        async with one.stream("GET", f"/staff/events?after={number - 1}") as stream:
            assert (await anext(heard(stream)))[1]["id"] == number


async def test_the_person_sees_staff_type_and_answer_live(live, app):
    async with httpx.AsyncClient(base_url=f"{live}/api/v1", headers=OURS, trust_env=False, timeout=10) as one:
        await sign_in_at(one)
        await one.post("/widget/handoff", headers=TOKEN)
        await one.post("/staff/cases/1/claim")
        last = (await one.get("/widget/messages", headers=TOKEN)).json()["messages"][-1]["id"]
        async with one.stream("GET", f"/widget/events?after={last}", headers=TOKEN) as stream:
            events = heard(stream)
            assert (await anext(events))[1]["status"] == "claimed"
            await one.post("/staff/cases/1/typing", json={"on": True})
            assert await anext(events) == ("typing", {"who": "staff", "on": True})
            reply = (await one.post("/staff/cases/1/reply", json={"text": "您请说", "client_id": "1"})).json()
            assert await anext(events) == ("message", reply)
            await one.post("/staff/cases/1/close")
            rest = [await anext(events) for _ in range(2)]
        assert {name for name, _ in rest} == {"message", "case"}
        assert next(data for name, data in rest if name == "case")["status"] == "closed"


async def sign_in_at(one):
    answer = await one.post("/staff/login", json={"name": "wang", "password": PASSWORD})
    assert answer.status_code == 200


async def heard(stream):
    name = ""
    async for line in stream.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


HUGE = "9" * 30


async def test_numbers_that_no_row_can_have_are_refused(signed_in):
    one = await signed_in()
    for path in (f"/cases/{HUGE}", "/cases/0", f"/events?after={HUGE}"):
        answer = await one.get(f"/api/v1/staff{path}")
        assert answer.status_code == 422, path
        assert "不能" in answer.json()["detail"][0]["msg"]
    assert (await one.post(f"/api/v1/staff/cases/{HUGE}/claim")).status_code == 422
    assert (await one.get(f"/api/v1/staff/cases/{2**31 - 1}")).status_code == 404


async def test_a_name_with_a_control_character_is_a_wrong_name(browser):
    assert (await sign_in(browser(), "wa\x00ng ")).status_code == 401


async def test_what_is_on_its_way_to_a_follower_is_not_said_by_another_process_as_well(
        signed_in, app, settings, neighbours, kb, store):
    state, way, arrived = app.state.wenbu, asyncio.Event(), asyncio.Event()

    async def deliver(conversation, message):
        arrived.set()
        await way.wait()
        return message.text == "您好"

    state.outbound.register("wechat", deliver)
    another = ChatService(kb, state.database, None, Metrics(), settings.hash_key, state.hub, state.cases, SenderLocks())
    await state.chat.turn("wechat:o1", "转人工", channel="wechat")
    one = await signed_in()
    await one.post("/api/v1/staff/cases/1/claim")
    for text, late in (("您好", []), ("还有", ["还有"])):
        way.clear()
        arrived.clear()
        reply = asyncio.create_task(one.post("/api/v1/staff/cases/1/reply", json={"text": text, "client_id": text}))
        await arrived.wait()
        assert (await another.turn("wechat:o1", "在吗", channel="wechat")).messages == []
        way.set()
        assert (await reply).status_code == 200
        turn = await another.turn("wechat:o1", "在吗", channel="wechat")
        assert [message.text for message in turn.messages] == late


async def test_the_same_reply_in_two_processes_at_once_is_one(signed_in, case, app, settings, kb, store):
    state = app.state.wenbu
    other = StaffCases(kb, state.database, state.hub, state.cases, state.outbound, SenderLocks(), settings.hash_key)
    one = await signed_in()
    await one.post(f"/api/v1/staff/cases/{case}/claim")
    async with store() as session:
        wang = await staff.by_name(session, "wang")
    member = Member(wang.id, "wang")
    replies = await asyncio.gather(*(desk.reply(case, member, "您好", "x") for desk in (state.desk, other) * 4))
    assert len({reply["id"] for reply in replies}) == 1
