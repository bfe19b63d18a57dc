"""How often somebody may try a wrong password: 5 times in 5 minutes from one address, 10 in 15 minutes at one account."""

import hashlib
import ipaddress
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

_PER_ADDRESS = parse("5 per 5 minutes")
_PER_ACCOUNT = parse("10 per 15 minutes")
_MEMORY = "async+memory://"


class LoginThrottle:
    """Counts wrong tries, in this process and, where several gateways serve together, in Redis as well.

    In both: when Redis is away nobody is locked out, and nobody may guess without end.
    """

    def __init__(self, storage: str) -> None:
        self._storages: list[Storage] = [storage_from_string(_MEMORY)]
        if storage != _MEMORY:
            options = {"implementation": "redispy"} if "redis" in storage.split("://")[0] else {}
            self._storages.append(storage_from_string(storage, wrap_exceptions=True, **options))
        self._limiters = [MovingWindowRateLimiter(each) for each in self._storages]

    async def check(self, address: str, name: str) -> None:
        """Errors: ApiError 429 with Retry-After in seconds when there were too many wrong tries."""
        for limiter in self._limiters:
            try:
                for item, key in _keys(address, name):
                    if not await limiter.test(item, "login", key):
                        window = await limiter.get_window_stats(item, "login", key)
                        raise _too_many(window.reset_time)
            except StorageError:
                log.exception("rate_limit_storage_failed")

    async def wrong(self, address: str, name: str) -> None:
        """Count a wrong try."""
        for limiter in self._limiters:
            try:
                for item, key in _keys(address, name):
                    await limiter.hit(item, "login", key)
            except StorageError:
                log.exception("rate_limit_storage_failed")


def _keys(address: str, name: str) -> list[tuple[RateLimitItem, str]]:
    # names are hashed: whatever was typed there (a password by mistake) is not kept in clear
    account = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return [(_PER_ADDRESS, f"address:{network(address)}"), (_PER_ACCOUNT, f"account:{account}")]


def network(address: str) -> str:
    """The address as it is counted: of IPv6 the /64, all of which one connection may use."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6 and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    return str(parsed)


def _too_many(reset_time: float) -> ApiError:
    wait = max(1, math.ceil(reset_time - time.time()))
    return ApiError(429, {"detail": f"密码试错太多次了,请 {wait} 秒后再试"}, {"Retry-After": str(wait)})
