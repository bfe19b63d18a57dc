"""Rasa's answers, good and bad, as messages of ours."""

import asyncio

import httpx
import pytest

from api.bot_client import BotClient, BotMessage, BotUnavailable


def client(answer, token="", timeout=0.5):
    transport = httpx.MockTransport(answer)
    return BotClient(httpx.AsyncClient(transport=transport), "http://rasa", token, timeout)


def says(*items):
    return lambda request: httpx.Response(200, json=list(items))


async def test_a_custom_message_comes_whole():
    citation = {"document": "d", "number": "n", "clause": "九", "title": "t"}
    custom = {"text": "可以。", "citations": [citation], "buttons": [{"title": "测算", "payload": "/start_check"}],
              "card": {"results": []}, "handoff": True}
    assert await client(says({"recipient_id": "1", "custom": custom})).send("1", "hi") == [
        BotMessage("可以。", [citation], [{"title": "测算", "payload": "/start_check"}], {"results": []}, True)]


async def test_plain_text_and_buttons_of_rasa_come_as_well():
    messages = await client(says({"text": "一"}, {"text": "二", "buttons": [{"title": "好"}]})).send("1", "hi")
    assert messages == [BotMessage("一"), BotMessage("二", buttons=[{"title": "好", "payload": "好"}])]


async def test_what_is_half_there_is_left_out_instead_of_failing():
    custom = {"text": "好", "citations": [{"document": "d"}, 3], "buttons": "x", "card": [], "handoff": "yes"}
    assert await client(says({"custom": custom})).send("1", "hi") == [BotMessage("好")]


async def test_the_conversation_the_text_and_the_token_are_sent():
    seen = []

    def answer(request):
        seen.append((request.url, request.content))
        return httpx.Response(200, json=[{"text": "好"}])

    await client(answer, token="s e").send("abc", "问")
    assert str(seen[0][0]) == "http://rasa/webhooks/rest/webhook?token=s+e"
    assert seen[0][1] == '{"sender":"abc","message":"问"}'.encode()


def _raises(error):
    def answer(request):
        raise error
    return answer


@pytest.mark.parametrize(("answer", "reason"), [
    (_raises(httpx.ConnectError("x")), "unreachable"),
    (_raises(httpx.ReadTimeout("x")), "timeout"),
    (lambda request: httpx.Response(500), "status"),
    (lambda request: httpx.Response(200, text="<html>"), "malformed"),
    (lambda request: httpx.Response(200, json={"text": "x"}), "malformed"),
    (lambda request: httpx.Response(200, json=["x"]), "malformed"),
    (lambda request: httpx.Response(200, json=[{"custom": "x"}]), "malformed"),
    (lambda request: httpx.Response(200, json=[]), "empty"),
    (lambda request: httpx.Response(200, json=[{"image": "x"}, {"text": "  "}]), "empty"),
])
async def test_every_failure_has_its_reason(answer, reason):
    with pytest.raises(BotUnavailable) as failure:
        await client(answer).send("1", "hi")
    assert failure.value.reason == reason


async def test_a_slow_rasa_is_given_up():
    async def slow(reader, writer):
        await asyncio.sleep(5)

    server = await asyncio.start_server(slow, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with httpx.AsyncClient(trust_env=False) as network:
        with pytest.raises(BotUnavailable, match="timeout"):
            await BotClient(network, f"http://127.0.0.1:{port}", "", 0.1).send("1", "hi")
    server.close()


async def test_what_is_for_the_gateway_comes_too():
    state = {"region": "qujing", "facts": {}}
    custom = {"text": "转人工", "handoff": True, "reason": "missed", "state": state, "multiple": True}
    (message,) = await client(says({"custom": custom})).send("1", "hi")
    assert (message.handoff, message.reason, message.state, message.multiple) == (True, "missed", state, True)


@pytest.mark.parametrize(("custom", "facts"), [
    ({"finished": True, "card": {"results": []}, "facts": {"age": 52}}, {"age": 52}),
    ({"finished": True, "card": {"results": []}, "facts": {}}, {}),
    ({"finished": True, "facts": {"age": 52}}, None),
    ({"finished": "yes", "card": {"results": []}, "facts": {}}, None),
    ({"finished": True, "card": {"results": []}, "facts": [1]}, None),
    ({"card": {"results": []}}, None),
])
async def test_facts_come_with_a_finished_check_alone(custom, facts):
    (message,) = await client(says({"custom": {"text": "好"} | custom})).send("1", "hi")
    assert message.facts == facts


async def test_a_reason_that_we_do_not_know_is_none():
    (message,) = await client(says({"custom": {"text": "x", "handoff": True, "reason": "whim", "state": 3}})).send("1", "hi")
    assert (message.reason, message.state) == (None, {})
