"""A soft limit: a crowd that comes at once is let in a few at a time, but nobody waits long for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turnstile:
    """Lets `at_once` in; whoever has waited for `at_most` seconds goes in beside them.

    Two hundred messages in one second are sooner answered one after the other than all at once, and the gateway keeps
    time for its five-second promises meanwhile. But when each of them waits for a slow neighbour, waiting in a queue for
    that would only add up.
    """

    def __init__(self, at_once: int, at_most: float) -> None:
        self._slots = asyncio.Semaphore(at_once)
        self._at_most = at_most

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        """Be inside."""
        mine = await self._enter()
        try:
            yield
        finally:
            if mine:
                self._slots.release()

    async def _enter(self) -> bool:
        try:
            async with asyncio.timeout(self._at_most):
                return await self._slots.acquire()
        except TimeoutError:
            return False
