"""Members of staff and their sessions. Of a session's token only the hash is kept."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from api.clock import now
from api.store.base import Base, UtcDateTime


class Staff(Base):
    """Someone who may read and answer cases."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffSession(Base):
    """A signed-in browser."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


async def add(session: AsyncSession, name: str, password_hash: str) -> Staff:
    """A new member. Errors: IntegrityError when the name is taken."""
    member = Staff(name=name, password_hash=password_hash, active=True, created_at=now())
    session.add(member)
    await session.flush()
    return member


async def by_name(session: AsyncSession, name: str) -> Staff | None:
    """The member of this name, active or not."""
    return await session.scalar(select(Staff).where(Staff.name == name))


async def everyone(session: AsyncSession) -> list[Staff]:
    """All members, by name."""
    return list(await session.scalars(select(Staff).order_by(Staff.name)))


async def names(session: AsyncSession) -> dict[int, str]:
    """The names of all members by number."""
    return {member.id: member.name for member in await everyone(session)}


async def start_session(session: AsyncSession, token_hash: str, staff_id: int, expires_at: datetime) -> None:
    """A new session."""
    moment = now()
    session.add(StaffSession(token_hash=token_hash, staff_id=staff_id, created_at=moment, seen_at=moment,
                             expires_at=expires_at))


async def find_session(session: AsyncSession, token_hash: str) -> tuple[StaffSession, Staff] | None:
    """The session with its member, or None."""
    row = (await session.execute(
        select(StaffSession, Staff).join(Staff, Staff.id == StaffSession.staff_id)
        .where(StaffSession.token_hash == token_hash))).first()
    return (row[0], row[1]) if row else None


async def end_session(session: AsyncSession, token_hash: str) -> None:
    """This session is over."""
    await session.execute(delete(StaffSession).where(StaffSession.token_hash == token_hash))


async def end_all_of(session: AsyncSession, staff_id: int) -> None:
    """All sessions of a member are over."""
    await session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))


async def forget_expired(session: AsyncSession, idle_since: datetime) -> None:
    """Delete the sessions that time has ended."""
    await session.execute(delete(StaffSession).where(
        or_(StaffSession.expires_at <= now(), StaffSession.seen_at <= idle_since)))
