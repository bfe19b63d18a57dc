"""The widget's conversation through the front door."""

import asyncio
import json

import httpx
import pytest
from sqlalchemy import select, text

from api.store.conversations import Conversation
from api.store.feedback import Feedback
from api.store.messages import Message
from tests.api.samples import CARD, CITATION, FACTS

TOKEN = "a-token-of-22-characters"
ASK = {"client_id": "one", "text": "生活费多少"}


@pytest.fixture
def widget(client):
    """A browser: calls the widget's paths with its token."""
    async def call(method, path, body=None, token=TOKEN, **more):
        return await client.request(method, f"/api/v1/widget{path}", json=body, headers={
            "X-Wenbu-Conversation": token} | more.pop("headers", {}), **more)

    return call


async def rows(store, table):
    async with store() as session:
        return list(await session.scalars(select(table)))


async def test_a_message_and_its_answer_have_the_form_of_the_contract(widget, neighbours):
    button = {"title": "都不是", "payload": "都不是"}
    neighbours.answer({"custom": {"text": "您属于哪些人?", "citations": [CITATION], "buttons": [button], "multiple": True}})
    answer = await widget("POST", "/messages", ASK)
    assert answer.status_code == 200
    body = answer.json()
    person, (bot,) = body["person"], body["messages"]
    assert person == {"id": person["id"], "author": "person", "text": "生活费多少", "citations": [], "buttons": [],
                      "multiple": False, "card": None, "feedback": None, "created_at": person["created_at"]}
    assert bot == {"id": bot["id"], "author": "bot", "text": "您属于哪些人?", "citations": [CITATION | {"label": "第十八条"}],
                   "buttons": [button], "multiple": True, "card": None, "feedback": None,
                   "created_at": bot["created_at"]}
    assert body["case"] is None
    assert person["id"] < bot["id"]
    assert bot["created_at"].endswith("Z")


async def test_the_payload_goes_to_the_bot_and_the_title_is_what_people_read(widget, neighbours):
    neighbours.answer({"text": "好"})
    body = (await widget("POST", "/messages", {"client_id": "1", "text": "/start_check", "shown": "开始资格测算"})).json()
    assert neighbours.heard[0]["message"] == "/start_check"
    assert body["person"]["text"] == "开始资格测算"


async def test_the_same_message_again_gets_the_same_answer_and_no_second_turn(widget, neighbours, store):
    neighbours.answer({"text": "每天60元。"})
    first = (await widget("POST", "/messages", ASK)).json()
    neighbours.answer({"text": "别的话"})
    assert (await widget("POST", "/messages", ASK)).json() == first
    assert len(neighbours.heard) == 1
    assert len(await rows(store, Message)) == 2


async def test_a_repeat_joins_the_answer_that_is_under_way(widget, neighbours, store):
    def answer(request):
        async def later():
            await asyncio.sleep(0.1)
            return httpx.Response(200, json=[{"text": "每天60元。"}])
        return later()

    neighbours.rasa = answer
    answers = await asyncio.gather(*(widget("POST", "/messages", ASK) for _ in range(5)))
    assert len({answer.text for answer in answers}) == 1
    assert len(neighbours.heard) == 1
    assert len(await rows(store, Message)) == 2


async def test_another_conversation_may_use_the_same_name_for_its_message(widget, neighbours):
    neighbours.answer({"text": "好"})
    await widget("POST", "/messages", ASK)
    other = (await widget("POST", "/messages", ASK, token="b" * 22)).json()
    assert len(neighbours.heard) == 2
    assert other["messages"]


async def test_an_answer_that_was_never_stored_is_given_after_all(widget, neighbours, store):
    neighbours.answer({"text": "好"})
    await widget("POST", "/messages", ASK)
    async with store() as session:
        # as if the process had died before it could store the answer
        await session.execute(text("DELETE FROM messages WHERE author = 'bot'"))
    again = (await widget("POST", "/messages", ASK)).json()
    assert [message["text"] for message in again["messages"]] == ["好"]
    assert len(await rows(store, Message)) == 2


async def test_after_a_reload_all_is_there_and_from_a_number_on_what_came_since(widget, neighbours):
    neighbours.answer({"text": "一"}, {"text": "二"})
    said = (await widget("POST", "/messages", ASK)).json()
    everything = (await widget("GET", "/messages")).json()
    assert everything == {"messages": [said["person"], *said["messages"]], "case": None}
    since = (await widget("GET", f"/messages?after={said['messages'][0]['id']}")).json()
    assert [message["text"] for message in since["messages"]] == ["二"]


async def test_only_the_last_200_come(widget, neighbours):
    neighbours.answer(*({"text": str(number)} for number in range(250)))
    await widget("POST", "/messages", ASK)
    found = (await widget("GET", "/messages")).json()["messages"]
    assert len(found) == 200
    assert found[-1]["text"] == "249"


async def test_who_has_said_nothing_has_an_empty_conversation_and_no_row(widget, store):
    assert (await widget("GET", "/messages")).json() == {"messages": [], "case": None}
    assert await rows(store, Conversation) == []


async def test_the_conversation_is_the_webs_and_its_token_is_not_stored(widget, neighbours, store):
    neighbours.answer({"text": "好"})
    await widget("POST", "/messages", ASK)
    (conversation,) = await rows(store, Conversation)
    assert conversation.channel == "web"
    assert TOKEN not in conversation.sender_key
    person = (await rows(store, Message))[0]
    assert person.client_id != "one"


async def test_the_plain_api_does_not_reach_into_a_conversation_of_the_widget(client, widget, neighbours):
    neighbours.answer({"text": "好"})
    await widget("POST", "/messages", ASK)
    await client.post("/api/v1/chat", json={"sender": f"web:{TOKEN}", "message": "让我看看"})
    assert len((await widget("GET", "/messages")).json()["messages"]) == 2


@pytest.mark.parametrize("token", ["", "short", "a" * 129, "有字的凭证有字的凭证有字的凭证有字的凭证".encode(), "a" * 21 + " ", "a/b" * 10])
async def test_a_token_that_can_be_guessed_is_refused(widget, token):
    for method, path, body in (("GET", "/messages", None), ("POST", "/messages", ASK), ("GET", "/events", None),
                               ("POST", "/handoff", {}), ("POST", "/messages/1/feedback", {"value": "up"})):
        answer = await widget(method, path, body, token=token)
        assert answer.status_code == 422
        assert "X-Wenbu-Conversation" in answer.json()["detail"][0]["msg"]


@pytest.mark.parametrize(("body", "place"), [
    ({"text": "x"}, "client_id"), ({"client_id": "1"}, "text"), ({"client_id": "", "text": "x"}, "client_id"),
    ({"client_id": "1" * 65, "text": "x"}, "client_id"), ({"client_id": "1", "text": " \n"}, "text"),
    ({"client_id": "1", "text": "字" * 2001}, "text"), ({"client_id": "1", "text": "x", "shown": ""}, "shown"),
])
async def test_a_bad_message_is_refused_by_its_place(widget, neighbours, body, place):
    answer = await widget("POST", "/messages", body)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == [place]
    assert neighbours.heard == []


async def test_personal_numbers_are_masked_in_the_title_too(widget, neighbours):
    neighbours.answer({"text": "好"})
    body = (await widget("POST", "/messages", {"client_id": "1", "text": "13812345678", "shown": "138 1234 5678"})).json()
    assert body["person"]["text"] == "[手机号]"
    assert neighbours.heard[0]["message"] == "[手机号]"


# ---- a person


async def test_the_button_opens_a_case_whatever_the_bot_says(widget, neighbours):
    neighbours.answer({"custom": {"text": "没听懂", "handoff": False}})
    body = (await widget("POST", "/handoff", {})).json()
    assert body["person"]["text"] == "转人工"
    assert body["case"]["status"] == "waiting"
    assert body["case"]["ahead"] == 0
    assert "给您转人工了" in body["messages"][-1]["text"]
    assert {"title": "接着问问补", "payload": "/resume_bot"} in body["messages"][-1]["buttons"]


async def test_the_button_again_says_how_it_stands_and_opens_nothing(widget, client):
    await widget("POST", "/handoff")
    again = (await widget("POST", "/handoff", {})).json()
    assert again["person"] is None
    assert again["messages"] == []
    assert again["case"]["status"] == "waiting"


async def test_while_a_case_is_open_the_bot_is_silent_and_hears_nothing(widget, neighbours):
    neighbours.answer({"custom": {"text": "转人工", "handoff": True, "reason": "asked"}})
    await widget("POST", "/messages", ASK)
    heard = len(neighbours.heard)
    body = (await widget("POST", "/messages", {"client_id": "2", "text": "有人吗"})).json()
    assert body["messages"] == []
    assert body["case"]["status"] == "waiting"
    assert body["person"]["text"] == "有人吗"
    again = (await widget("POST", "/messages", {"client_id": "2", "text": "有人吗"})).json()
    assert again == body
    assert len(neighbours.heard) == heard
    assert [m["text"] for m in (await widget("GET", "/messages")).json()["messages"]][-1] == "有人吗"


@pytest.mark.parametrize("leave", ["/resume", "不用人工了"])
async def test_the_person_can_leave_and_the_bot_listens_again(widget, neighbours, leave):
    neighbours.answer({"custom": {"text": "转人工", "handoff": True}})
    await widget("POST", "/messages", ASK)
    if leave == "/resume":
        body = (await widget("POST", "/resume", {})).json()
    else:
        body = (await widget("POST", "/messages", {"client_id": "2", "text": leave})).json()
    assert body["case"]["status"] == "closed"
    assert "接着" in body["messages"][0]["text"]
    neighbours.answer({"text": "每天60元。"})
    assert (await widget("POST", "/messages", {"client_id": "3", "text": "生活费"})).json()["messages"][0]["text"] == "每天60元。"
    assert (await widget("GET", "/messages")).json()["case"] is None


async def test_to_leave_when_there_is_no_case_is_no_fault(widget, neighbours):
    body = (await widget("POST", "/resume")).json()
    assert body["messages"][0]["text"]
    assert body["case"] is None
    assert neighbours.heard == []


async def test_how_many_wait_before_is_told(widget):
    for number in range(3):
        await widget("POST", "/handoff", token=f"{number}" * 22)
    assert (await widget("POST", "/handoff")).json()["case"]["ahead"] == 3
    await widget("POST", "/resume", token="0" * 22)
    assert (await widget("GET", "/messages")).json()["case"]["ahead"] == 2


async def test_without_rasa_two_misses_in_a_row_open_a_case(widget):
    first = (await widget("POST", "/messages", {"client_id": "1", "text": "嘎嘎嘎嘎乌拉拉"})).json()
    assert first["case"] is None
    second = (await widget("POST", "/messages", {"client_id": "2", "text": "叽里咕噜哇啦哇啦"})).json()
    assert second["case"]["status"] == "waiting"
    assert "没弄明白" in second["messages"][0]["text"]
    await widget("POST", "/resume")
    third = (await widget("POST", "/messages", {"client_id": "3", "text": "噗噜噗噜咕叽咕叽"})).json()
    assert third["case"] is None
    assert third["messages"]


# ---- a finished check


async def test_a_finished_check_gets_a_code_in_the_card_and_in_words(widget, neighbours):
    neighbours.answer({"custom": {"text": "可以领2400元。", "card": CARD, "finished": True, "facts": FACTS}})
    (message,) = (await widget("POST", "/messages", ASK)).json()["messages"]
    code = message["card"]["code"]
    assert len(code) == 9
    assert message["text"].splitlines()[-1] == f"查询码：{code}，打热线时念出来，工作人员就能看到这次测算。"
    assert (await widget("GET", "/messages")).json()["messages"][-1]["card"] == message["card"]


async def test_a_card_of_an_unfinished_check_gets_none(widget, neighbours):
    neighbours.answer({"custom": {"text": "可以领2400元。", "card": CARD}})
    (message,) = (await widget("POST", "/messages", ASK)).json()["messages"]
    assert "code" not in message["card"]
    assert message["text"] == "可以领2400元。"


@pytest.mark.parametrize("card", [{}, {"region": "x"}, CARD | {"as_of": "gestern"}])
async def test_a_card_of_another_form_breaks_nothing(widget, neighbours, card):
    neighbours.answer({"custom": {"text": "好", "card": card, "finished": True, "facts": FACTS}})
    (message,) = (await widget("POST", "/messages", ASK)).json()["messages"]
    assert message["text"] == "好"


# ---- feedback


async def test_a_thumb_is_kept_and_replaced(widget, neighbours, store):
    neighbours.answer({"text": "好"})
    number = (await widget("POST", "/messages", ASK)).json()["messages"][0]["id"]
    path = f"/messages/{number}/feedback"
    assert (await widget("POST", path, {"value": "up"})).status_code == 204
    assert (await widget("POST", path, {"value": "down", "reason": "wrong_figure", "comment": "打我13812345678"})).status_code == 204
    (thumb,) = await rows(store, Feedback)
    assert (thumb.value, thumb.reason, thumb.comment) == ("down", "wrong_figure", "打我[手机号]")
    assert (await widget("GET", "/messages")).json()["messages"][-1]["feedback"] == "down"


async def test_a_thumb_is_for_the_bots_messages_of_ones_own_conversation(widget, neighbours):
    neighbours.answer({"text": "好"})
    said = (await widget("POST", "/messages", ASK)).json()
    own, answer = said["person"]["id"], said["messages"][0]["id"]
    for number, token in ((own, TOKEN), (answer, "b" * 22), (99999, TOKEN)):
        assert (await widget("POST", f"/messages/{number}/feedback", {"value": "up"}, token=token)).status_code == 404


@pytest.mark.parametrize("body", [{}, {"value": "so so"}, {"value": "down", "reason": "because"},
                                  {"value": "down", "comment": "字" * 501}])
async def test_a_bad_thumb_is_refused(widget, neighbours, body):
    neighbours.answer({"text": "好"})
    number = (await widget("POST", "/messages", ASK)).json()["messages"][0]["id"]
    answer = await widget("POST", f"/messages/{number}/feedback", body)
    assert answer.status_code == 422
    assert any("\u4e00" <= c <= "\u9fff" for c in answer.json()["detail"][0]["msg"])


# ---- the rest


async def test_settings_are_chinese_and_complete(client, kb):
    body = (await client.get("/api/v1/widget/settings")).json()
    assert body["regions"] == [region.short_name for region in kb.regions.values()]
    assert {reason["value"] for reason in body["feedback_reasons"]} == {
        "wrong_figure", "wrong_place", "not_my_question", "unclear", "other"}
    assert body["title"] and body["greeting"] and body["notice"] and body["examples"]


async def test_a_conversation_that_floods_is_slowed_down(widget, app, neighbours):
    from api.services.rate_limit import RateLimiter

    neighbours.answer({"text": "好"})
    app.state.wenbu.conversation_limiter = RateLimiter("3/minute", "async+memory://")
    answers = [await widget("POST", "/messages", {"client_id": str(n), "text": "x"}) for n in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert (await widget("POST", "/messages", ASK, token="b" * 22)).status_code == 200


async def test_what_a_conversation_says_is_not_kept_by_caches(widget):
    assert (await widget("GET", "/messages")).headers["Cache-Control"] == "no-store"


async def test_without_the_database_the_person_is_answered_all_the_same(widget, app, neighbours):
    async with app.state.wenbu.database.engine.begin() as connection:
        await connection.execute(text("DROP TABLE messages"))
    neighbours.answer({"text": "好"})
    body = (await widget("POST", "/messages", ASK)).json()
    assert body["person"] is None
    assert [(message["id"], message["text"]) for message in body["messages"]] == [(0, "好")]


async def test_the_stream_brings_what_was_missed_then_what_comes(live, neighbours):
    neighbours.answer({"text": "好"})
    async with httpx.AsyncClient(base_url=f"{live}/api/v1/widget", headers={"X-Wenbu-Conversation": TOKEN},
                                 trust_env=False) as browser:
        first = (await browser.post("/messages", json=ASK)).json()
        async with browser.stream("GET", f"/events?after={first['person']['id']}") as stream:
            assert stream.headers["Content-Type"].startswith("text/event-stream")
            assert stream.headers["X-Accel-Buffering"] == "no"
            assert "no-cache" in stream.headers["Cache-Control"]
            events = _events(stream)
            assert await anext(events) == ("message", first["messages"][0], first["messages"][0]["id"])
            assert (await anext(events))[:2] == ("case", None)
            second = (await browser.post("/messages", json={"client_id": "2", "text": "再问"})).json()
            heard = [await anext(events) for _ in range(4)]
        assert [data["on"] for name, data, _ in heard if name == "typing"] == [True, False]
        assert [data for name, data, _ in heard if name == "message"] == [second["person"], second["messages"][0]]
        number = next(number for name, _, number in heard if name == "message")
        async with browser.stream("GET", "/events", headers={"Last-Event-ID": str(number)}) as stream:
            assert (await anext(_events(stream)))[1] == second["messages"][0]


async def _events(stream):
    name, number = "", None
    async for line in stream.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("id: "):
            number = int(line.removeprefix("id: "))
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: ")), number


async def test_numbers_that_no_message_can_have_are_refused(widget):
    huge = "9" * 30
    for method, path, body in (("GET", f"/messages?after={huge}", None), ("GET", f"/events?after={huge}", None),
                               ("POST", f"/messages/{huge}/feedback", {"value": "up"})):
        answer = await widget(method, path, body)
        assert answer.status_code == 422, path
        assert "不能大于" in answer.json()["detail"][0]["msg"]


async def test_a_person_can_be_asked_for_without_the_database_too(widget, app, neighbours):
    async with app.state.wenbu.database.engine.begin() as connection:
        await connection.execute(text("DROP TABLE messages"))
        await connection.execute(text("DROP TABLE conversations"))
    neighbours.answer({"text": "好的,给您转人工。"})
    answer = await widget("POST", "/handoff", {})
    assert answer.status_code == 200
    assert answer.json()["messages"][0]["text"]
