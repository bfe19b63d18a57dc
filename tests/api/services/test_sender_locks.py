"""One sender at a time, and nothing kept afterwards."""

import asyncio

import pytest

from api.services.sender_locks import SenderLocks


async def test_who_comes_second_waits_and_nothing_is_kept():
    locks, order = SenderLocks(), []

    async def turn(sender, name):
        async with locks.hold(sender):
            order.append(f"{name} in")
            await asyncio.sleep(0.01)
            order.append(f"{name} out")

    await asyncio.gather(turn("a", "1"), turn("a", "2"), turn("a", "3"))
    assert order == ["1 in", "1 out", "2 in", "2 out", "3 in", "3 out"]
    assert len(locks) == 0


async def test_an_error_or_a_cancel_sets_the_sender_free():
    locks = SenderLocks()
    with pytest.raises(ValueError, match="x"):
        async with locks.hold("a"):
            raise ValueError("x")

    async def waiting():
        async with locks.hold("a"):
            await asyncio.sleep(10)

    first, second = asyncio.create_task(waiting()), asyncio.create_task(waiting())
    await asyncio.sleep(0.01)
    second.cancel()
    first.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    assert len(locks) == 0
