"""What a window hears: nothing lost, nothing twice, whatever happens in between."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from api.errors import ApiError
from api.services import hub
from api.services.event_stream import COMMENT, OpenStreams
from api.services.widget_events import WidgetEvents
from api.store import messages

SENDER = "web:a-token-of-22-characters"


@pytest.fixture
def state(app):
    return app.state.wenbu


@pytest.fixture
def key(state):
    return state.chat.key_of(SENDER, "web")


@asynccontextmanager
async def window(state, key, after=0, heartbeat=5.0):
    """The open stream, piece by piece as (event, data)."""
    stream = state.windows.events(key, after, heartbeat)

    async def pieces():
        async for raw in stream:
            if raw == COMMENT:
                yield "comment", None
            else:
                lines = dict(line.split(": ", 1) for line in raw.decode().strip().splitlines())
                yield lines["event"], json.loads(lines["data"])

    opened = pieces()
    try:
        yield opened
    finally:
        await opened.aclose()
        await stream.aclose()


async def soon(events):
    async with asyncio.timeout(5):
        return await anext(events)


async def test_a_window_may_open_before_the_first_word(state, key, neighbours):
    neighbours.answer({"text": "好"})
    async with window(state, key) as events:
        assert await soon(events) == ("case", None)
        await state.chat.turn(SENDER, "问", channel="web", client_id="1")
        heard = [await soon(events) for _ in range(4)]
    assert [data["text"] for name, data in heard if name == "message"] == ["问", "好"]


async def test_two_windows_of_one_conversation_both_hear(state, key, neighbours):
    neighbours.answer({"text": "好"})
    async with window(state, key) as first, window(state, key) as second:
        await soon(first), await soon(second)
        await state.chat.turn(SENDER, "问", channel="web", client_id="1")
        for events in (first, second):
            heard = [await soon(events) for _ in range(4)]
            assert [data["text"] for name, data in heard if name == "message"] == ["问", "好"]


async def test_others_hear_nothing(state, key, neighbours):
    neighbours.answer({"text": "好"})
    async with window(state, "another", heartbeat=0.05) as events:
        await soon(events)
        await state.chat.turn(SENDER, "问", channel="web", client_id="1")
        assert await soon(events) == ("comment", None)


async def test_what_no_event_told_of_is_found_at_the_next_heartbeat(state, key, neighbours, store):
    neighbours.answer({"text": "好"})
    turn = await state.chat.turn(SENDER, "问", channel="web", client_id="1")
    async with window(state, key, after=turn.messages[-1].id, heartbeat=0.05) as events:
        await soon(events)
        async with store() as session:
            await messages.add(session, messages.new(turn.conversation, messages.STAFF, "没有声响的一句"))
        assert await soon(events) == ("comment", None)
        name, data = await soon(events)
        while name == "comment":
            name, data = await soon(events)
    assert (name, data["text"]) == ("message", "没有声响的一句")


async def test_a_message_that_was_stored_late_under_a_lower_number_is_told(state, key, neighbours, store):
    neighbours.answer({"text": "好"})
    turn = await state.chat.turn(SENDER, "问", channel="web", client_id="1")
    last = turn.messages[-1].id
    async with store() as session:
        await session.execute(text(f"UPDATE messages SET id = {last + 10} WHERE id = {last}"))
    async with window(state, key) as events:
        heard = [await soon(events) for _ in range(3)]
        assert [data["id"] for name, data in heard if name == "message"] == [turn.person_id, last + 10]
        async with store() as session:
            late = messages.new(turn.conversation, messages.STAFF, "晚到的")
            late.id = last + 5
            await messages.add(session, late)
        await state.hub.publish(hub.conversation(key), {"type": "message", "id": last + 5})
        assert (await soon(events))[1]["text"] == "晚到的"


async def test_a_message_heard_of_twice_is_told_once(state, key, neighbours):
    neighbours.answer({"text": "好"})
    turn = await state.chat.turn(SENDER, "问", channel="web", client_id="1")
    async with window(state, key, heartbeat=0.1) as events:
        for _ in range(3):
            await state.hub.publish(hub.conversation(key), {"type": "message", "id": turn.person_id})
        heard = [await soon(events) for _ in range(4)]
    assert [name for name, _ in heard] == ["message", "message", "case", "comment"]


async def test_a_case_of_long_ago_is_no_news(state, key):
    await state.chat.turn(SENDER, "转人工", channel="web", by_button=True)
    turn = await state.chat.turn(SENDER, "/resume_bot", channel="web")
    async with window(state, key, after=turn.messages[-1].id) as events:
        assert await soon(events) == ("case", None)


async def test_the_queue_moving_on_is_told(state, key):
    await state.chat.turn("web:before-me", "转人工", channel="web", by_button=True)
    turn = await state.chat.turn(SENDER, "转人工", channel="web", by_button=True)
    async with window(state, key, after=turn.messages[-1].id) as events:
        assert (await soon(events))[1]["ahead"] == 1
        await state.chat.turn("web:before-me", "/resume_bot", channel="web")
        assert (await soon(events))[1]["ahead"] == 0


async def test_a_failing_database_does_not_end_the_stream(state, key, store):
    async with window(state, key, heartbeat=0.05) as events:
        await soon(events)
        async with store() as session:
            await session.execute(text("ALTER TABLE conversations RENAME TO away"))
        assert await soon(events) == ("comment", None)
        assert await soon(events) == ("comment", None)
        async with store() as session:
            await session.execute(text("ALTER TABLE away RENAME TO conversations"))
        assert await soon(events) == ("comment", None)


async def test_a_closed_window_leaves_nothing_behind(state, key):
    async with window(state, key) as events:
        await soon(events)
        assert len(state.hub) == len(state.streams) == 1
    assert len(state.hub) == len(state.streams) == 0


async def test_too_many_windows_are_refused(state, key):
    streams = OpenStreams(10)
    windows = WidgetEvents(state.kb, state.database, state.hub, state.cases, streams)
    with streams.hold(key), streams.hold(key), streams.hold(key), streams.hold(key), streams.hold(key), \
            streams.hold(key), streams.hold(key), streams.hold(key):
        with pytest.raises(ApiError) as refused:
            windows.open(key, 0)
        assert refused.value.status == 429
        windows.open("another", 0)
        with streams.hold("b"), streams.hold("c"), pytest.raises(ApiError):
            windows.open("another", 0)
    windows.open(key, 0)
