"""The jobs of several gateway processes, in Redis: a repeat may come to another process than the first."""

import asyncio
import json
import time
from dataclasses import asdict

import structlog
from redis import asyncio as redis
from redis.exceptions import RedisError

from api.wechat.jobs import Answer, MemoryJobs

log = structlog.get_logger()

# a job whose process has died frees its message after so many seconds; the turn itself is stored only once anyway
_RUNNING = 30
_POLL = 0.05
_PREFIX = "wenbu:wechat:"


class RedisJobs:
    """Like MemoryJobs, for all processes with the same Redis.

    When Redis is away each process goes on with its own memory: the turn is still stored once, by its client id.
    """

    def __init__(self, url: str, keep: float) -> None:
        self._redis = redis.from_url(url, socket_connect_timeout=1, socket_timeout=1, decode_responses=True)
        self._keep = max(1, round(keep))
        self._here = MemoryJobs(keep)

    async def start(self, key: str) -> bool:
        """Whether the caller is the first with this message, in any process."""
        try:
            if not await self._redis.set(f"{_PREFIX}run:{key}", "1", nx=True, ex=_RUNNING):
                return False
        except (RedisError, OSError):
            self._away()
        return await self._here.start(key)

    async def finish(self, key: str, answer: Answer) -> None:
        """The answer is there, for all processes."""
        await self._here.finish(key, answer)
        try:
            async with self._redis.pipeline(transaction=True) as pipeline:
                pipeline.set(f"{_PREFIX}answer:{key}", json.dumps(asdict(answer)), ex=self._keep)
                pipeline.set(f"{_PREFIX}run:{key}", "1", ex=self._keep)
                pipeline.sadd(f"{_PREFIX}of:{_openid(key)}", key)
                pipeline.expire(f"{_PREFIX}of:{_openid(key)}", self._keep)
                await pipeline.execute()
        except (RedisError, OSError):
            self._away()

    async def wait(self, key: str, seconds: float) -> Answer | None:
        """The answer as soon as it is there, from whichever process; looks twenty times a second."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                stored = await self._redis.get(f"{_PREFIX}answer:{key}")
            except (RedisError, OSError):
                self._away()
                stored = None
            if stored is not None:
                fields = json.loads(stored)
                return Answer(fields["text"], tuple(fields["messages"]), tuple(fields["owed"]))
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            # our own job tells us at once, another process's at the next look
            if key not in self._here:
                await asyncio.sleep(min(_POLL, left))
            elif (answer := await self._here.wait(key, min(_POLL, left))) is not None:
                return answer

    async def decide(self, key: str, way: str) -> str:
        """The way that the answer goes, for all processes."""
        try:
            await self._redis.set(f"{_PREFIX}way:{key}", way, nx=True, ex=self._keep)
            return await self._redis.get(f"{_PREFIX}way:{key}") or way
        except (RedisError, OSError):
            self._away()
            return await self._here.decide(key, way)

    async def decided(self, key: str) -> str | None:
        """The way that was decided, or None so far."""
        try:
            return await self._redis.get(f"{_PREFIX}way:{key}")
        except (RedisError, OSError):
            self._away()
            return await self._here.decided(key)

    async def first(self, key: str, what: str) -> bool:
        """True for the first caller with this word, in any process."""
        try:
            return bool(await self._redis.set(f"{_PREFIX}{what}:{key}", "1", nx=True, ex=self._keep))
        except (RedisError, OSError):
            self._away()
            return await self._here.first(key, what)

    async def seen(self, signature: str, digest: str) -> str:
        """The digest of the body that first came under this signature, to any process."""
        try:
            name = f"{_PREFIX}signature:{signature}"
            await self._redis.set(name, digest, nx=True, ex=self._keep)
            return await self._redis.get(name) or digest
        except (RedisError, OSError):
            self._away()
            return await self._here.seen(signature, digest)

    async def forget(self, openid: str) -> None:
        """Drop what was said to this person."""
        await self._here.forget(openid)
        try:
            name = f"{_PREFIX}of:{openid}"
            empty = json.dumps(asdict(Answer()))
            for key in await self._redis.smembers(name):
                await self._redis.set(f"{_PREFIX}answer:{key}", empty, ex=self._keep)
            await self._redis.delete(name)
        except (RedisError, OSError):
            self._away()

    async def close(self) -> None:
        """Give the connections back."""
        await self._redis.aclose()

    def _away(self) -> None:
        log.warning("wechat_redis_away")


def _openid(key: str) -> str:
    return key.rpartition(":")[0]
