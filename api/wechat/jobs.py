"""Which message is being answered, and with what: a repeat finds the job of the first and its answer.

Here in memory, for one process; jobs_redis.py has the same few operations for several. Each operation that decides
something (who starts, which way an answer goes) is one indivisible step in both.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

# ways of an answer, decided once for each message
PASSIVE = "passive"
LATE = "late"

_MOST = 20_000


@dataclass(frozen=True)
class Answer:
    """What a follower is told ("" for nothing): the stored messages with these numbers, after what was owed from before
    and is stored nowhere."""

    text: str = ""
    messages: tuple[int, ...] = ()
    owed: tuple[str, ...] = ()


class Jobs(Protocol):
    """What both stores can do. `key` names a message: openid, a colon, and the message's own name."""

    async def start(self, key: str) -> bool:
        """Whether the caller is the first with this message, and so has to answer it."""

    async def finish(self, key: str, answer: Answer) -> None:
        """The answer is there."""

    async def wait(self, key: str, seconds: float) -> Answer | None:
        """The answer as soon as it is there; None after so many seconds."""

    async def decide(self, key: str, way: str) -> str:
        """The way that the answer goes: this one, unless another was decided before."""

    async def decided(self, key: str) -> str | None:
        """The way that was decided, or None so far."""

    async def first(self, key: str, what: str) -> bool:
        """True for the first caller with this word, False for all after."""

    async def seen(self, signature: str, digest: str) -> str:
        """The digest of the body that first came under this signature: the given one, if it is the first."""

    async def forget(self, openid: str) -> None:
        """Drop what was said to this person."""

    async def close(self) -> None:
        """Give connections back."""


class _Job:
    def __init__(self) -> None:
        self.done = asyncio.Event()
        self.answer: Answer | None = None
        self.way: str | None = None
        self.words: set[str] = set()
        self.expires = 0.0


class MemoryJobs:
    """For one process. Finished jobs are remembered for `keep` seconds, the newest 20,000 at most."""

    def __init__(self, keep: float) -> None:
        self._keep = keep
        self._jobs: OrderedDict[str, _Job] = OrderedDict()
        self._signatures: OrderedDict[str, tuple[float, str]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._jobs)

    def __contains__(self, key: str) -> bool:
        return key in self._jobs

    async def start(self, key: str) -> bool:
        """Whether the caller is the first with this message."""
        moment = time.monotonic()
        job = self._jobs.get(key)
        if job is not None and (not job.done.is_set() or job.expires > moment):
            return False
        self._jobs.pop(key, None)
        self._tidy(moment)
        self._jobs[key] = _Job()
        return True

    async def finish(self, key: str, answer: Answer) -> None:
        """The answer is there."""
        job = self._jobs.get(key)
        if job is not None:
            job.answer, job.expires = answer, time.monotonic() + self._keep
            job.done.set()

    async def wait(self, key: str, seconds: float) -> Answer | None:
        """The answer as soon as it is there; None after so many seconds."""
        job = self._jobs.get(key)
        if job is None:
            # the person has gone meanwhile, and with them what was to be said
            return Answer()
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await job.done.wait()
        except TimeoutError:
            return None
        return job.answer

    async def decide(self, key: str, way: str) -> str:
        """The way that the answer goes."""
        job = self._jobs.get(key)
        if job is None:
            return way
        job.way = job.way or way
        return job.way

    async def decided(self, key: str) -> str | None:
        """The way that was decided, or None so far."""
        job = self._jobs.get(key)
        return job.way if job else None

    async def first(self, key: str, what: str) -> bool:
        """True for the first caller with this word."""
        job = self._jobs.get(key)
        if job is None or what in job.words:
            return False
        job.words.add(what)
        return True

    async def seen(self, signature: str, digest: str) -> str:
        """The digest of the body that first came under this signature."""
        moment = time.monotonic()
        while self._signatures:
            expires, _ = next(iter(self._signatures.values()))
            if expires > moment and len(self._signatures) < 5 * _MOST:
                break
            self._signatures.popitem(last=False)
        return self._signatures.setdefault(signature, (moment + self._keep, digest))[1]

    async def forget(self, openid: str) -> None:
        """Drop what was said to this person. Running jobs stay: their repeats must still find them."""
        for key, job in self._jobs.items():
            if job.answer is not None and key.startswith(f"{openid}:"):
                job.answer = Answer()

    async def close(self) -> None:
        """Nothing to give back."""

    def _tidy(self, moment: float) -> None:
        # oldest first: those that are over, and the oldest finished ones when there are too many
        for key in list(self._first_keys()):
            job = self._jobs[key]
            if job.done.is_set() and (job.expires <= moment or len(self._jobs) >= _MOST):
                del self._jobs[key]
            else:
                break

    def _first_keys(self) -> Iterable[str]:
        for index, key in enumerate(self._jobs):
            if index == 100:
                return
            yield key
