"""The stores of jobs: memory and Redis keep the same promises."""

import asyncio
import time

import pytest

from api.wechat import jobs
from api.wechat.jobs import LATE, PASSIVE, Answer, MemoryJobs
from api.wechat.jobs_redis import RedisJobs
from tests.api.wechat.small_redis import SmallRedis

KEY = "oA:m1"
ANSWER = Answer("每天六十元。", (1, 2))


@pytest.fixture
async def redis():
    server = SmallRedis()
    server.url = await server.start()
    yield server
    await server.stop()


@pytest.fixture(params=["memory", "redis", "two processes"])
async def pair(request, redis):
    """(the process that a message first comes to, the one that its repeat comes to)."""
    if request.param == "memory":
        one = two = MemoryJobs(60)
    else:
        one = RedisJobs(redis.url, 60)
        two = RedisJobs(redis.url, 60) if request.param == "two processes" else one
    yield one, two
    await one.close()
    if two is not one:
        await two.close()


async def test_only_the_first_starts(pair):
    one, two = pair
    assert await one.start(KEY)
    assert not await two.start(KEY)
    assert not await one.start(KEY)
    assert await two.start("oB:m1")
    await one.finish(KEY, ANSWER)
    assert not await two.start(KEY)


async def test_everybody_gets_the_answer(pair):
    one, two = pair
    await one.start(KEY)
    waiting = [asyncio.create_task(each.wait(KEY, 3)) for each in (one, two, one)]
    await asyncio.sleep(0.02)
    await one.finish(KEY, ANSWER)
    assert await asyncio.gather(*waiting) == [ANSWER] * 3
    assert await two.wait(KEY, 0) == ANSWER


async def test_waiting_ends_in_time(pair):
    one, two = pair
    await one.start(KEY)
    started = time.monotonic()
    assert await one.wait(KEY, 0.2) is None
    assert await two.wait(KEY, 0.2) is None
    assert await two.wait(KEY, -1) is None
    assert 0.3 < time.monotonic() - started < 1.5


async def test_the_way_is_decided_once(pair):
    one, two = pair
    await one.start(KEY)
    assert await two.decided(KEY) is None
    assert await two.decide(KEY, LATE) == LATE
    assert await one.decide(KEY, PASSIVE) == LATE
    assert await one.decided(KEY) == LATE


async def test_a_word_is_said_once(pair):
    one, two = pair
    await one.start(KEY)
    assert await one.first(KEY, "sent")
    assert not await one.first(KEY, "sent")
    if one is not two:
        assert not await two.first(KEY, "sent")


async def test_a_signature_belongs_to_its_first_body(pair):
    one, two = pair
    assert await one.seen("s", "body") == "body"
    assert await two.seen("s", "other") == "body"
    assert await two.seen("t", "other") == "other"


async def test_what_was_said_to_somebody_is_dropped(pair):
    one, two = pair
    for key in (KEY, "oB:m1", "oA:m2"):
        await one.start(key)
    await one.finish(KEY, ANSWER)
    await one.finish("oB:m1", ANSWER)
    await two.forget("oA")
    assert (await one.wait(KEY, 0), await two.wait(KEY, 0)) == (Answer(), Answer())
    assert await two.wait("oB:m1", 0) == ANSWER
    assert await one.wait("oA:m2", 0) is None


async def test_redis_away_each_process_goes_on_with_its_own_memory(redis):
    one = RedisJobs(redis.url, 60)
    assert await one.start("oA:m0")
    await redis.stop()
    await redis._server.wait_closed()
    assert await one.start(KEY)
    assert not await one.start(KEY)
    assert await one.decide(KEY, LATE) == LATE
    assert await one.decided(KEY) == LATE
    assert await one.first(KEY, "sent")
    await one.finish(KEY, ANSWER)
    assert await one.wait(KEY, 1) == ANSWER
    assert await one.seen("s", "body") == "body"
    await one.forget("oA")
    await one.close()


async def test_memory_forgets_after_its_time_and_is_bounded(monkeypatch):
    monkeypatch.setattr(jobs, "_MOST", 10)
    store = MemoryJobs(0.05)
    await store.start(KEY)
    await store.finish(KEY, ANSWER)
    await asyncio.sleep(0.06)
    assert await store.start(KEY)
    await store.finish(KEY, ANSWER)
    store = MemoryJobs(60)
    for number in range(500):
        await store.start(f"oA:m{number}")
        await store.finish(f"oA:m{number}", ANSWER)
    assert len(store) <= 11
    assert await store.wait("oA:m499", 0) == ANSWER
    for number in range(500):
        await store.seen(f"s{number}", "x")
    assert len(store._signatures) <= 51
