"""The account's access token, one for all gateway processes, and who is fetching a new one."""

from datetime import datetime, timedelta

from sqlalchemy import String, Text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from api.clock import now
from api.store.base import Base, UtcDateTime


class AccessTokenRow(Base):
    """The token of one account. It opens the platform's API for two hours, so the database is to be kept private."""

    __tablename__ = "wechat_tokens"

    app_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    token: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # until when one process has the right to fetch the next token
    lease_until: Mapped[datetime] = mapped_column(UtcDateTime)


async def find(session: AsyncSession, app_id: str) -> AccessTokenRow | None:
    """The account's token, perhaps expired, or None."""
    return await session.get(AccessTokenRow, app_id)


async def lease(session: AsyncSession, app_id: str, seconds: float) -> bool:
    """Whether the caller may fetch a new token now; nobody else may for so many seconds, or until it is stored."""
    moment = now()
    if await session.get(AccessTokenRow, app_id) is None:
        try:
            async with session.begin_nested():
                session.add(AccessTokenRow(app_id=app_id, token="", expires_at=moment, lease_until=moment))
        except IntegrityError:
            pass
    done = await session.execute(
        update(AccessTokenRow)
        .where(AccessTokenRow.app_id == app_id, AccessTokenRow.lease_until <= moment)
        .values(lease_until=moment + timedelta(seconds=seconds)).execution_options(synchronize_session=False))
    return done.rowcount == 1


async def store(session: AsyncSession, app_id: str, token: str, expires_at: datetime) -> None:
    """Put the new token in place and end the lease."""
    await session.execute(update(AccessTokenRow).where(AccessTokenRow.app_id == app_id)
                          .values(token=token, expires_at=expires_at, lease_until=now())
                          .execution_options(synchronize_session=False))


async def give_up(session: AsyncSession, app_id: str) -> None:
    """End the lease without a token: the next one may try."""
    await session.execute(update(AccessTokenRow).where(AccessTokenRow.app_id == app_id)
                          .values(lease_until=now()).execution_options(synchronize_session=False))
