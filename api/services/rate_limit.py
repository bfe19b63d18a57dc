"""How many requests one IP may send."""

import math
import time

import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

from api.errors import ApiError

log = structlog.get_logger()


class RateLimiter:
    """Counts in memory, or in Redis where several gateways serve together."""

    def __init__(self, limit: str, storage: str) -> None:
        self._item: RateLimitItem = parse(limit)
        options = {"implementation": "redispy"} if "redis" in storage.split("://")[0] else {}
        # the strategy holds its storage weakly in effect: without our own reference its timers die
        self._storage: Storage = storage_from_string(storage, wrap_exceptions=True, **options)
        self._limiter = MovingWindowRateLimiter(self._storage)

    async def check(self, caller: str) -> None:
        """Count one request. Errors: ApiError 429 with Retry-After in seconds."""
        try:
            if await self._limiter.hit(self._item, caller):
                return
            window = await self._limiter.get_window_stats(self._item, caller)
        except StorageError:
            # an outage of the counter must not become an outage of the service
            log.exception("rate_limit_storage_failed")
            return
        wait = max(1, math.ceil(window.reset_time - time.time()))
        raise ApiError(429, {"detail": f"问得太快了,请 {wait} 秒后再试"}, {"Retry-After": str(wait)})
