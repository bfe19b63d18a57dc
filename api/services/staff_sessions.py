"""Staff signing in and out. Sessions live in the database, so that signing out, or being disabled, ends them at once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

import structlog

from api.clock import now
from api.errors import ApiError
from api.services import passwords
from api.services.login_throttle import LoginThrottle
from api.services.sender_locks import SenderLocks
from api.store import staff
from api.store.base import Database

log = structlog.get_logger()

IDLE = timedelta(minutes=30)
AT_MOST = timedelta(hours=12)
# not every request needs a write
_TOUCH = timedelta(seconds=30)


@dataclass(frozen=True)
class Member:
    """Who is signed in."""

    id: int
    name: str


class StaffSessions:
    """Sessions by their token; the token itself is known to the browser alone."""

    def __init__(self, database: Database, throttle: LoginThrottle) -> None:
        self._database = database
        self._throttle = throttle
        self._locks = SenderLocks()

    async def sign_in(self, name: str, password: str, address: str, old_token: str | None = None) -> tuple[str, Member]:
        """A new session's token; an earlier session of this browser ends.

        Errors: ApiError 401 for a wrong name or password (which of the two is not said), 429 after too many.
        """
        # one at a time: tries in parallel must not all be looked at before the first is counted
        async with self._locks.hold(f"address:{address}"), self._locks.hold(f"account:{name}"):
            await self._throttle.check(address, name)
            async with self._database.session() as session:
                # PostgreSQL takes no control characters (NUL); no name has any
                member = await staff.by_name(session, name) if name.isprintable() else None
            right = await passwords.matches(password, member.password_hash if member else None)
            if member is None or not right or not member.active:
                await self._throttle.wrong(address, name)
                log.warning("staff_sign_in_refused")
                raise ApiError(401, {"detail": "名字或密码不对"})
        token = secrets.token_urlsafe(32)
        async with self._database.session() as session:
            await staff.forget_expired(session, now() - IDLE)
            if old_token:
                await staff.end_session(session, _hash(old_token))
            await staff.start_session(session, _hash(token), member.id, now() + AT_MOST)
        log.info("staff_signed_in", staff=member.id)
        return token, Member(member.id, member.name)

    async def member(self, token: str, *, touch: bool = True) -> Member | None:
        """Who has this session; None when it is over. `touch`: somebody is at work, the idle time begins anew."""
        async with self._database.session() as session:
            found = await staff.find_session(session, _hash(token))
            if found is None:
                return None
            row, member = found
            moment = now()
            if not member.active or row.expires_at <= moment or row.seen_at + IDLE <= moment:
                await staff.end_session(session, row.token_hash)
                return None
            if touch and row.seen_at + _TOUCH <= moment:
                row.seen_at = moment
            return Member(member.id, member.name)

    async def sign_out(self, token: str) -> None:
        """The session is over."""
        async with self._database.session() as session:
            await staff.end_session(session, _hash(token))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
