"""POST /api/v1/chat through the front door."""

import asyncio
import json

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from api.store.conversations import Conversation
from api.store.messages import Message
from tests.figures import figure

CITATION = {"document": "qujing-2019-112", "number": "曲政办发〔2019〕112号", "clause": "十八", "title": "生活费补贴"}

PER_DAY = figure("qujing-2019-112", "living_per_day") + "元"


async def say(client, message, sender="web-1"):
    return await client.post("/api/v1/chat", json={"sender": sender, "message": message})


async def stored(app, table):
    async with app.state.wenbu.database.session() as session:
        return list(await session.scalars(select(table).order_by(table.id)))


async def test_an_answer_of_rasa_has_the_form_of_the_contract(client, neighbours):
    button = {"title": "开始资格测算", "payload": "/start_check"}
    neighbours.answer({"custom": {"text": "每天60元。", "citations": [CITATION], "buttons": [button], "card": None,
                                  "handoff": False}})
    answer = await say(client, "生活费多少")
    assert answer.status_code == 200
    body = answer.json()
    assert body == {"messages": [{"text": "每天60元。", "citations": [CITATION | {"label": "第十八条"}],
                                  "buttons": [button], "card": None}],
                    "conversation": body["conversation"], "handoff": False}


async def test_a_hand_off_is_told(client, neighbours):
    neighbours.answer({"custom": {"text": "转人工", "handoff": True}})
    assert (await say(client, "人工")).json()["handoff"] is True


async def test_one_sender_keeps_the_conversation_and_another_has_its_own(client, neighbours):
    neighbours.answer({"text": "好"})
    first = (await say(client, "一")).json()["conversation"]
    assert (await say(client, "二")).json()["conversation"] == first
    assert (await say(client, "三", sender="web-2")).json()["conversation"] != first
    assert [heard["sender"] for heard in neighbours.heard][:2] == [first, first]


async def test_personal_numbers_reach_neither_rasa_nor_the_store_nor_the_log(client, app, neighbours, settings, capsys):
    neighbours.answer({"text": "好"})
    await say(client, "我叫张三,电话138 1234 5678,证51041119900307123X", sender="13900001111")
    assert neighbours.heard[0]["message"] == "我叫张三,电话[手机号],证[身份证号]"
    log = capsys.readouterr().out
    async with app.state.wenbu.database.session() as session:
        await session.execute(text("PRAGMA wal_checkpoint(FULL)"))
    everything = b"".join(path.read_bytes() for path in settings.data_dir.iterdir())
    for secret in ("1381234", "138 1234", "19900307", "13900001111"):
        assert secret not in log
        assert secret not in json.dumps(neighbours.heard)
        assert secret.encode() not in everything
    assert "张三" not in log


async def test_both_sides_are_stored_with_version_and_time(client, app, neighbours, kb):
    neighbours.answer({"custom": {"text": "每天60元。", "citations": [CITATION]}})
    conversation = (await say(client, "多少")).json()["conversation"]
    person, bot = await stored(app, Message)
    assert (person.author, person.text, person.conversation_id) == ("person", "多少", conversation)
    assert (bot.author, bot.text, bot.source, bot.citations) == ("bot", "每天60元。", "rasa", [CITATION])
    assert {person.kb_version, bot.kb_version} == {kb.version}
    assert person.created_at.utcoffset().total_seconds() == 0
    assert person.created_at <= bot.created_at


async def test_one_sender_is_served_in_order_and_others_meanwhile(client, neighbours):
    under_way, most, order = {}, {}, []

    def answer(request):
        async def later():
            sent = json.loads(request.content)
            sender = sent["sender"]
            under_way[sender] = under_way.get(sender, 0) + 1
            most[sender] = max(most.get(sender, 0), under_way[sender])
            most["all"] = max(most.get("all", 0), sum(under_way.values()))
            await asyncio.sleep(0.02)
            under_way[sender] -= 1
            order.append(sent["message"])
            return httpx.Response(200, json=[{"text": sent["message"]}])
        return later()

    neighbours.rasa = answer
    await say(client, "开头")
    order.clear()
    answers = await asyncio.gather(*(say(client, f"第{n}句") for n in range(5)), say(client, "别人", sender="b"))
    assert [a.json()["messages"][0]["text"] for a in answers[:5]] == [f"第{n}句" for n in range(5)]
    assert [word for word in order if word != "别人"] == [f"第{n}句" for n in range(5)]
    assert max(count for name, count in most.items() if name != "all") == 1
    assert most["all"] == 2


@pytest.mark.parametrize(("body", "place"), [
    ({"message": "x"}, "sender"), ({"sender": "a"}, "message"), ({"sender": "", "message": "x"}, "sender"),
    ({"sender": "a", "message": "  \n"}, "message"), ({"sender": "a", "message": "\u0000"}, "message"),
    ({"sender": "a" * 129, "message": "x"}, "sender"), ({"sender": "a", "message": "字" * 2001}, "message"),
    ({"sender": 5, "message": "x"}, "sender"), ({"sender": "a", "message": None}, "message"),
])
async def test_a_bad_request_is_refused_in_chinese_by_its_place(client, neighbours, body, place):
    neighbours.answer({"text": "好"})
    answer = await client.post("/api/v1/chat", json=body)
    assert answer.status_code == 422
    problem = answer.json()["detail"][0]
    assert problem["loc"] == [place]
    assert any("\u4e00" <= c <= "\u9fff" for c in problem["msg"])
    assert neighbours.heard == []


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'"x"', b'{"sender": "a", "message": "\\ud800"}', b"\xff"])
async def test_what_is_no_request_is_a_422(client, raw):
    answer = await client.post("/api/v1/chat", content=raw, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["msg"]


async def test_2000_characters_are_taken(client, neighbours):
    neighbours.answer({"text": "好"})
    assert (await say(client, "字" * 2000)).status_code == 200


async def test_without_rasa_the_knowledge_base_answers(client, app):
    answer = await say(client, "曲靖残疾人培训期间生活费一天多少")
    assert answer.status_code == 200
    message = answer.json()["messages"][0]
    assert PER_DAY in message["text"]
    assert message["citations"][0]["document"] == "qujing-2019-112"
    assert (await stored(app, Message))[1].source == "knowledge_base"


async def test_without_rasa_the_region_is_remembered(client):
    await say(client, "我在曲靖")
    assert PER_DAY in (await say(client, "培训期间生活费一天多少")).json()["messages"][0]["text"]


async def test_what_rasa_was_told_counts_when_rasa_goes_away(client, neighbours):
    neighbours.answer({"text": "好的"})
    await say(client, "我在曲靖")
    neighbours.rasa = None
    assert PER_DAY in (await say(client, "培训期间生活费一天多少")).json()["messages"][0]["text"]


@pytest.mark.parametrize("wish", ["/start_check", "帮我测算一下"])
async def test_without_rasa_the_check_is_said_to_be_away(client, wish):
    message = (await say(client, wish)).json()["messages"][0]
    assert "测算" in message["text"]
    assert "用不了" in message["text"]


async def test_without_rasa_no_button_leads_to_the_check(client):
    message = (await say(client, "曲靖残疾人培训期间生活费一天多少")).json()["messages"][0]
    assert all(not button["payload"].startswith("/start_check") for button in message["buttons"])


@pytest.mark.parametrize("broken", [
    lambda request: httpx.Response(500), lambda request: httpx.Response(200, json=[]),
    lambda request: httpx.Response(200, text="x"),
])
async def test_a_broken_rasa_is_counted_and_the_person_is_answered(client, neighbours, broken):
    neighbours.rasa = broken
    assert (await say(client, "曲靖生活费一天多少")).json()["messages"][0]["text"]
    metrics = (await client.get("/metrics")).text
    assert "wenbu_rasa_failures_total{" in metrics
    assert "wenbu_fallback_answers_total{" in metrics


async def test_without_the_database_the_person_is_answered_all_the_same(client, app, neighbours):
    async with app.state.wenbu.database.engine.begin() as connection:
        await connection.execute(text("DROP TABLE messages"))
    neighbours.answer({"text": "好"})
    answer = await say(client, "问")
    assert answer.status_code == 200
    assert answer.json()["messages"][0]["text"] == "好"
    neighbours.rasa = None
    assert (await say(client, "问")).status_code == 200
    assert "wenbu_storage_failures_total 2.0" in (await client.get("/metrics")).text


async def test_the_senders_name_is_stored_as_a_hash(client, app, neighbours):
    neighbours.answer({"text": "好"})
    await say(client, "x", sender="openid-abc")
    (conversation,) = await stored(app, Conversation)
    assert len(conversation.sender_key) == 64
    assert "openid" not in conversation.sender_key


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200), st.text(max_size=200))
async def test_whatever_is_sent_there_is_an_answer_or_a_422(client, sender, message):
    raw = json.dumps({"sender": sender, "message": message})
    answer = await client.post("/api/v1/chat", content=raw, headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        assert answer.json()["messages"][0]["text"].strip()
