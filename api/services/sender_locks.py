"""One sender's messages in order: whoever comes second waits for the first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class SenderLocks:
    """A lock for each sender who has a message under way; none is kept for anybody else."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    def __len__(self) -> int:
        return len(self._locks)

    @asynccontextmanager
    async def hold(self, sender: str) -> AsyncIterator[None]:
        """Hold the sender's lock; waiting senders get it in the order of their coming."""
        lock, users = self._locks.get(sender, (asyncio.Lock(), 0))
        self._locks[sender] = lock, users + 1
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[sender]
            if users == 1:
                del self._locks[sender]
            else:
                self._locks[sender] = lock, users - 1
