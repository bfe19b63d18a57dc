"""The soft limit."""

import asyncio
import time

from api.wechat.turnstile import Turnstile


async def test_a_crowd_goes_in_a_few_at_a_time():
    turnstile, inside, most = Turnstile(3, 10), 0, 0

    async def one():
        nonlocal inside, most
        async with turnstile.hold():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    await asyncio.gather(*(one() for _ in range(30)))
    assert most == 3


async def test_nobody_waits_longer_than_the_limit():
    turnstile = Turnstile(1, 0.1)

    async def slow():
        async with turnstile.hold():
            await asyncio.sleep(0.5)

    started = time.monotonic()
    await asyncio.gather(*(slow() for _ in range(20)))
    assert time.monotonic() - started < 1.5
    # and the slot is free again
    async with turnstile.hold():
        pass
