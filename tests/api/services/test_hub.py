"""Both hubs: who listens hears, who is late reads the database."""

import asyncio
import shutil
import subprocess

import pytest

from api.services import hub
from api.services.hub import RESYNC, MemoryHub, RedisHub
from tests.ports import free_ports


async def test_all_who_listen_to_a_channel_hear_and_no_others():
    news = MemoryHub()
    with news.subscribe("a") as first, news.subscribe("a") as second, news.subscribe("b") as other:
        await news.publish("a", {"type": "message", "id": 1})
        assert await first.get(1) == await second.get(1) == {"type": "message", "id": 1}
        assert await other.get(0.01) is None
    assert len(news) == 0


async def test_an_event_in_a_room_without_listeners_is_no_fault():
    await MemoryHub().publish("nobody", {"type": "case"})


async def test_a_subscription_can_be_iterated():
    news = MemoryHub()
    with news.subscribe("a") as events:
        for number in range(3):
            await news.publish("a", {"id": number})
        assert [(await anext(events))["id"] for _ in range(3)] == [0, 1, 2]


async def test_a_reader_far_behind_is_told_to_read_the_database():
    news = MemoryHub()
    with news.subscribe("a") as events:
        for number in range(1000):
            await news.publish("a", {"type": "message", "id": number})
        heard = []
        while (event := await events.get(0.01)) is not None:
            heard.append(event)
    assert RESYNC in heard
    assert len(heard) <= 201


async def test_without_an_address_the_hub_is_in_memory():
    assert isinstance(hub.make(None), MemoryHub)


async def test_without_redis_the_listeners_of_this_process_hear():
    (port,) = free_ports(1)
    news = hub.make(f"redis://127.0.0.1:{port}")
    try:
        with news.subscribe("a") as events:
            await news.publish("a", {"id": 1})
            assert await events.get(1) == {"id": 1}
    finally:
        await news.close()


@pytest.fixture
def redis_server(tmp_path):
    """Starts a Redis of the test's own; call it again after stopping it."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server here")
    (port,) = free_ports(1)
    running = []

    def start():
        running.append(subprocess.Popen([program, "--port", str(port), "--save", "", "--dir", str(tmp_path)],
                                        stdout=subprocess.DEVNULL))
        return running[-1]

    start.url = f"redis://127.0.0.1:{port}"
    yield start
    for process in running:
        process.terminate()
        process.wait(10)


async def ready(*hubs: RedisHub):
    async with asyncio.timeout(10):
        for each in hubs:
            await each.ready.wait()


async def test_over_redis_what_one_process_publishes_another_hears_once(redis_server):
    redis_server()
    first, second = hub.make(redis_server.url), hub.make(redis_server.url)
    try:
        await ready(first, second)
        with first.subscribe("a") as here, second.subscribe("a") as there:
            await first.publish("a", {"type": "message", "id": 7})
            assert await there.get(5) == {"type": "message", "id": 7}
            assert await here.get(5) == {"type": "message", "id": 7}
            assert await here.get(0.1) is None
    finally:
        await first.close()
        await second.close()


async def test_after_an_outage_of_redis_everybody_is_told_to_read_the_database(redis_server):
    process = redis_server()
    news = hub.make(redis_server.url)
    try:
        await ready(news)
        with news.subscribe("a") as events:
            process.terminate()
            process.wait(10)
            async with asyncio.timeout(10):
                while news.ready.is_set():
                    await asyncio.sleep(0.02)
            await news.publish("a", {"id": 1})
            assert await events.get(1) == {"id": 1}
            redis_server()
            await ready(news)
            assert await events.get(5) == RESYNC
            await news.publish("a", {"id": 2})
            assert await events.get(5) == {"id": 2}
    finally:
        await news.close()
