"""Turns beyond the front door: several processes, channels, cases, what is stored."""

import asyncio

import httpx
import pytest
from sqlalchemy import select, text

from api.bot_client import BotClient
from api.metrics import Metrics
from api.services import case_texts
from api.services.chat import ChatService
from api.services.sender_locks import SenderLocks
from api.store import cases, messages
from api.store.cases import Case
from api.store.messages import Message

SENDER = "wechat:an-open-id"


@pytest.fixture
def state(app):
    return app.state.wenbu


@pytest.fixture
def another_process(state, settings, neighbours, kb):
    """A second gateway on the same database, with locks of its own; both know that they are two."""
    state.chat._patience = 3.0
    bot = BotClient(httpx.AsyncClient(transport=httpx.MockTransport(neighbours)), settings.rasa, "", 1)
    return ChatService(kb, state.database, bot, Metrics(), settings.hash_key, state.hub, state.cases, SenderLocks(),
                       patience=3.0)


def slowly(answer, seconds=0.2):
    def rasa(request):
        async def later():
            await asyncio.sleep(seconds)
            return httpx.Response(200, json=[answer])
        return later()

    return rasa


async def everything(store, table=Message):
    async with store() as session:
        return list(await session.scalars(select(table).order_by(table.id)))


async def test_a_repeat_that_reaches_another_process_waits_for_the_first(state, another_process, neighbours, store):
    neighbours.rasa = slowly({"text": "好"})
    first = asyncio.create_task(state.chat.turn(SENDER, "问", channel="wechat", client_id="7"))
    await asyncio.sleep(0.05)
    second = await another_process.turn(SENDER, "问", channel="wechat", client_id="7")
    assert [m.id for m in second.messages] == [m.id for m in (await first).messages]
    assert second.person_id == first.result().person_id
    assert len(neighbours.heard) == 1
    assert len(await everything(store)) == 2


async def test_many_repeats_in_two_processes_at_once_are_one_turn(state, another_process, neighbours, store):
    neighbours.rasa = slowly({"text": "好"})
    turns = await asyncio.gather(*(
        service.turn(SENDER, "问", channel="wechat", client_id="7") for service in (state.chat, another_process) * 4))
    assert len({tuple(m.id for m in turn.messages) for turn in turns}) == 1
    assert len(await everything(store)) == 2


async def test_without_a_name_the_same_words_are_two_messages(state, neighbours, store):
    neighbours.answer({"text": "好"})
    await state.chat.turn(SENDER, "问")
    await state.chat.turn(SENDER, "问")
    assert len(await everything(store)) == 4


async def test_a_conversation_has_at_most_one_open_case(state, another_process, store):
    turns = await asyncio.gather(*(service.turn(SENDER, "转人工", channel="wechat", by_button=True)
                                   for service in (state.chat, another_process) * 3))
    assert len(await everything(store, Case)) == 1
    assert all(turn.handoff for turn in turns)
    assert all(message.id for turn in turns for message in turn.messages)


async def test_the_reason_and_what_is_known_come_with_the_case(state, neighbours, store):
    known = {"region": "qujing", "facts": {"age": 52}, "topic": "x", "check": None}
    neighbours.answer({"custom": {"text": "转人工", "handoff": True, "reason": "missed", "state": known}})
    turn = await state.chat.turn(SENDER, "叽里咕噜", channel="wechat")
    (case,) = await everything(store, Case)
    assert (case.reason, case.state, case.channel, case.status) == ("missed", known, "wechat", "waiting")
    assert turn.handoff
    assert "没弄明白" in turn.messages[-1].text


async def test_the_fallback_opens_cases_with_what_it_knows(state, store):
    await state.chat.turn(SENDER, "曲靖残疾人培训期间生活费一天多少", channel="wechat")
    await state.chat.turn(SENDER, "转人工", channel="wechat")
    (case,) = await everything(store, Case)
    assert case.reason == "asked"
    assert case.state["region"] == "qujing"
    assert case.state["facts"] == {"categories": ["disabled"]}


async def test_what_was_said_to_staff_does_not_reach_the_bot_later(state, neighbours):
    await state.chat.turn(SENDER, "转人工")
    await state.chat.turn(SENDER, "我在曲靖")
    await state.chat.turn(SENDER, "不用人工了")
    turn = await state.chat.turn(SENDER, "培训期间生活费一天多少")
    assert "哪个地方" in turn.messages[0].text


async def test_misses_that_led_to_a_case_do_not_count_again_when_rasa_is_away(state, neighbours):
    neighbours.answer({"custom": {"text": "没听懂"}})
    await state.chat.turn(SENDER, "嘎嘎嘎嘎乌拉拉")
    known = {"region": "qujing", "facts": {}, "topic": None, "check": None}
    neighbours.answer({"custom": {"text": "x", "handoff": True, "reason": "missed", "state": known}})
    await state.chat.turn(SENDER, "叽里咕噜哇啦哇啦")
    await state.chat.turn(SENDER, "不用人工了")
    neighbours.rasa = None
    assert not (await state.chat.turn(SENDER, "噗噜噗噜咕叽咕叽")).handoff
    assert "60元" in (await state.chat.turn(SENDER, "培训期间生活费一天多少")).messages[0].text


async def test_undelivered_words_of_staff_come_first_and_once(state, neighbours, store):
    neighbours.answer({"text": "好"})
    turn = await state.chat.turn(SENDER, "问", channel="wechat")
    async with store() as session:
        await messages.add(session, messages.new(turn.conversation, messages.STAFF, "晚来的话", delivered=False))
    assert [m.text for m in (await state.chat.turn(SENDER, "再问", channel="wechat")).messages] == ["晚来的话", "好"]
    assert [m.text for m in (await state.chat.turn(SENDER, "还问", channel="wechat")).messages] == ["好"]


async def test_a_case_that_cannot_be_stored_still_gets_words(state, neighbours, store):
    async with store() as session:
        await session.execute(text("DROP TABLE cases"))
    neighbours.answer({"custom": {"text": "转人工,也可以打12333", "handoff": True}})
    turn = await state.chat.turn(SENDER, "人工")
    assert turn.handoff
    assert "12333" in turn.messages[0].text


async def test_the_bot_is_seen_to_type_and_to_stop_even_when_it_fails(state, neighbours):
    neighbours.rasa = lambda request: httpx.Response(500)
    with state.hub.subscribe("conversation:" + state.chat.key_of(SENDER, "web")) as news:
        await state.chat.turn(SENDER, "问", channel="web")
        heard = []
        while (event := await news.get(0.05)) is not None:
            heard.append(event)
    assert [event["on"] for event in heard if event["type"] == "typing"] == [True, False]


async def test_the_state_of_a_case_counts_from_its_closing(state, store):
    await state.chat.turn(SENDER, "转人工")
    await state.chat.turn(SENDER, "取消人工")
    (case,) = await everything(store, Case)
    assert (case.status, case.closed_how) == (cases.CLOSED, cases.BY_PERSON)
    await state.chat.turn(SENDER, "转人工")
    assert [each.status for each in await everything(store, Case)] == [cases.CLOSED, cases.WAITING]


@pytest.mark.parametrize("words", ["取消人工", "不用人工了", "/resume_bot"])
async def test_leaving_where_there_is_no_case_opens_none(state, neighbours, store, words):
    neighbours.answer({"custom": {"text": "给您转人工", "handoff": True}})
    turn = await state.chat.turn(SENDER, words)
    assert not turn.handoff
    assert [message.text for message in turn.messages] == [case_texts.NOTHING_TO_RESUME]
    assert await everything(store, Case) == []
    assert neighbours.heard == []


async def test_staffs_words_that_went_along_with_a_lost_answer_come_again_with_its_repeat(state, neighbours, store):
    neighbours.answer({"text": "好"})
    turn = await state.chat.turn(SENDER, "问")
    async with store() as session:
        await messages.add(session, messages.new(turn.conversation, messages.STAFF, "晚来的话", delivered=False))
    for _ in range(2):
        again = await state.chat.turn(SENDER, "再问", client_id="7")
        assert [message.text for message in again.messages] == ["晚来的话", "好"]


async def test_staffs_words_said_to_one_who_waits_come_again_too(state, store):
    turn = await state.chat.turn(SENDER, "转人工")
    async with store() as session:
        await messages.add(session, messages.new(turn.conversation, messages.STAFF, "晚来的话", delivered=False))
    for _ in range(2):
        again = await state.chat.turn(SENDER, "在吗", client_id="7")
        assert [message.text for message in again.messages] == ["晚来的话"]
    assert (await state.chat.turn(SENDER, "还在吗", client_id="8")).messages == []
