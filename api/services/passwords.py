"""Passwords of staff: argon2id, computed beside the event loop (a tenth of a second and 64 MB each)."""

from functools import cache

from anyio import CapacityLimiter, to_thread
from pwdlib import PasswordHash

MIN_LENGTH = 10
MAX_LENGTH = 200

_hasher = PasswordHash.recommended()
# more at once would only share the processor and heap up memory
_AT_ONCE = CapacityLimiter(2)


def weakness(password: str, name: str) -> str | None:
    """Why this password will not do, in Chinese; None if it will."""
    if len(password) < MIN_LENGTH:
        return f"密码至少 {MIN_LENGTH} 个字符"
    if len(password) > MAX_LENGTH:
        return f"密码最多 {MAX_LENGTH} 个字符"
    if len(set(password)) < 4:
        return "密码太简单:至少要有 4 种不同的字符"
    if name.casefold() in password.casefold() and len(name) >= 4:
        return "密码里不能有自己的名字"
    return None


def hashed(password: str) -> str:
    """The hash to store."""
    return _hasher.hash(password)


async def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is right. Without a hash (nobody has this name) it takes just as long, and is not."""
    known = await to_thread.run_sync(_matches, password, password_hash, limiter=_AT_ONCE)
    return known and password_hash is not None


def _matches(password: str, password_hash: str | None) -> bool:
    return _hasher.verify(password, password_hash or _of_nobody())


@cache
def _of_nobody() -> str:
    return hashed("nobody has this password")
