"""The five-second rule: each message gets exactly one answer, with the platform's request or after it.

A message starts a job; a repeat joins it. Ready in time, the answer goes back with the request that waits for it
(passive). Otherwise the request gets an empty success, and the answer goes by a custom-service message; where that
is not allowed or fails, it stays marked as undelivered and comes with the person's next message, or with a repeat of this
one, whichever takes it first.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.services.sender_locks import SenderLocks
from api.store import messages, wechat_deliveries
from api.store.base import Database
from api.wechat import wording
from api.wechat.cutting import MAX_BYTES, size
from api.wechat.incoming import Incoming
from api.wechat.jobs import LATE, PASSIVE, Answer, Jobs
from api.wechat.metrics import WechatMetrics
from api.wechat.turnstile import Turnstile

log = structlog.get_logger()

Send = Callable[[str, str], Awaitable[bool]]
"""(openid, text) → whether the custom-service message went out."""

_SENT = "sent"
# how long a shutdown waits for answers that are being made
_GRACE = 5.0
# so many answers are worked on at once; the others wait, but not longer than so many seconds for each other
_AT_ONCE, _AT_MOST = 16, 3.0
_MOST_OWED = 10_000


class Delivery:
    """Runs the jobs of one process. `send` is None for an account without custom-service messages."""

    def __init__(self, jobs: Jobs, answer: Callable[[Incoming], Awaitable[Answer]], send: Send | None,
                 database: Database, metrics: WechatMetrics, passive_seconds: float) -> None:
        self._jobs = jobs
        self._answer = answer
        self._send = send
        self._database = database
        self._metrics = metrics
        self._seconds = passive_seconds
        self._locks = SenderLocks()
        self._turns = Turnstile(_AT_ONCE, _AT_MOST)
        self._tasks: set[asyncio.Task[None]] = set()
        # late words that are stored nowhere (a greeting, or any answer while the database is away), by follower
        self._owed: dict[str, list[str]] = {}

    async def handle(self, incoming: Incoming) -> str:
        """The passive reply to this message; "" for an empty success. Takes at most the passive seconds."""
        arrived = time.monotonic()
        key = incoming.key
        if await self._jobs.start(key):
            self._run(incoming, arrived)
        else:
            self._metrics.repeats.inc()
        text = await self._passive(key, arrived)
        self._metrics.reply_seconds.labels("passive" if text is not None else "late").observe(time.monotonic() - arrived)
        return text or ""

    async def _passive(self, key: str, arrived: float) -> str | None:
        """The text that goes back with this request ("" when there is nothing to say); None when it is late."""
        answer = await self._jobs.wait(key, self._seconds - (time.monotonic() - arrived))
        if answer is None:
            if await self._jobs.decide(key, LATE) == LATE:
                # between our waiting and our deciding it may have come: whoever sees both sends it
                if (answer := await self._jobs.wait(key, 0)) is not None:
                    await self._late(_openid(key), key, answer)
                return None
            answer = await self._jobs.wait(key, 0) or Answer()
        elif await self._jobs.decide(key, PASSIVE) == LATE:
            return answer.text if await self._claim(answer) else None
        return answer.text

    async def forget(self, openid: str) -> None:
        """Drop what was said to this person. Call it from their job: then nothing else of theirs is under way."""
        self._owed.pop(openid, None)
        await self._jobs.forget(openid)

    async def close(self) -> None:
        """Let answers under way be finished, for a few seconds."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=_GRACE)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    def _run(self, incoming: Incoming, arrived: float) -> None:
        task = asyncio.create_task(self._job(incoming, arrived))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _job(self, incoming: Incoming, arrived: float) -> None:
        key = incoming.key
        try:
            # one message of a follower after the other: a late answer is marked before the next turn looks for such
            async with self._locks.hold(incoming.openid):
                async with self._turns.hold():
                    answer = await self._made(incoming)
                if await self._jobs.decided(key) == LATE:
                    # before repeats hear that it is there: what they may take has to be on the table
                    await self._late(incoming.openid, key, answer, arrived)
                await self._jobs.finish(key, answer)
                if await self._jobs.decided(key) == LATE:
                    await self._late(incoming.openid, key, answer, arrived)
        except Exception:
            log.exception("wechat_job_failed")

    async def _made(self, incoming: Incoming) -> Answer:
        try:
            answer = await self._answer(incoming)
        except Exception:
            # whatever broke: the person hears a sentence, the log has the trace
            log.exception("wechat_answer_failed")
            answer = Answer(wording.FAILED)
        owed = tuple(self._owed.get(incoming.openid, ()))
        together = "\n\n".join([*owed, answer.text]).strip()
        if size(together) > MAX_BYTES:
            # what is owed waits for a shorter answer
            return answer
        self._owed.pop(incoming.openid, None)
        return Answer(together, answer.messages, owed)

    async def _late(self, openid: str, key: str, answer: Answer, arrived: float | None = None) -> None:
        """Send a late answer, once; what cannot be sent waits for the next message."""
        if not answer.text or not await self._jobs.first(key, _SENT):
            return
        if self._send is not None and await self._sent(openid, answer.text):
            if arrived is not None:
                self._metrics.reply_seconds.labels("custom").observe(time.monotonic() - arrived)
            return
        unsent = answer.owed if await self._put_back(answer.messages) else (answer.text,)
        if unsent and len(self._owed) < _MOST_OWED:
            self._owed.setdefault(openid, []).extend(unsent)

    async def _sent(self, openid: str, text: str) -> bool:
        try:
            return await self._send(openid, text)
        except Exception:
            # whatever broke in sending: the answer is kept for later
            log.exception("wechat_send_broke")
            return False

    async def _claim(self, answer: Answer) -> bool:
        """Whether a late answer is still to be had, and is ours now: for a repeat that came after the decision."""
        if not answer.messages:
            return False
        try:
            async with self._database.session() as session:
                return await wechat_deliveries.claim(session, answer.messages)
        except (SQLAlchemyError, OSError):
            log.exception("wechat_store_failed")
            return False

    async def _put_back(self, ids: Sequence[int]) -> bool:
        """Mark messages as undelivered, for the next turn to bring; False when they are not in the database."""
        if not ids:
            return False
        try:
            async with self._database.session() as session:
                await messages.set_delivered(session, ids, None)
        except (SQLAlchemyError, OSError):
            log.exception("wechat_store_failed")
            return False
        return True


def _openid(key: str) -> str:
    return key.rpartition(":")[0]
