"""Cases: conversations that a person has been asked into."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, and_, func, or_, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from api.clock import now
from api.store.base import Base, UtcDateTime
from api.store.conversations import Conversation
from api.store.messages import PAGE, Message

WAITING = "waiting"
CLAIMED = "claimed"
CLOSED = "closed"
STATUSES = (WAITING, CLAIMED, CLOSED)

# why it was opened: the person asked, the bot missed twice in a row, the widget's button
ASKED = "asked"
MISSED = "missed"
BUTTON = "button"

# how it ended
SETTLED = "closed"
HANDED_BACK = "handed_back"
BY_PERSON = "by_person"

_IS_OPEN = text("status <> 'closed'")


class Case(Base):
    """One case. A conversation has at most one that is not closed."""

    __tablename__ = "cases"
    __table_args__ = (Index("uq_cases_open", "conversation_id", unique=True, sqlite_where=_IS_OPEN,
                            postgresql_where=_IS_OPEN),
                      Index("ix_cases_status_opened_at", "status", "opened_at"),
                      {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(8))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    closed_how: Mapped[str | None] = mapped_column(String(16))
    # what was known when it was opened: region, facts, topic, state of the check
    state: Mapped[dict[str, Any]] = mapped_column(JSON)


async def open_one(session: AsyncSession, conversation: Conversation, reason: str, state: dict[str, Any]) -> Case:
    """A new case that waits; the conversation's open one if it has one already."""
    case = Case(conversation_id=conversation.id, channel=conversation.channel, reason=reason, status=WAITING,
                opened_at=now(), state=state)
    try:
        async with session.begin_nested():
            session.add(case)
    except IntegrityError:
        # another gateway process opened it in this very moment
        return await session.scalar(select(Case).where(Case.conversation_id == conversation.id, Case.status != CLOSED))
    return case


async def open_case_of(session: AsyncSession, conversation_id: str) -> Case | None:
    """The conversation's case that is not closed, or None."""
    return await session.scalar(select(Case).where(Case.conversation_id == conversation_id, Case.status != CLOSED))


async def latest_case_of(session: AsyncSession, conversation_id: str) -> Case | None:
    """The conversation's newest case, open or closed, or None."""
    return await session.scalar(select(Case).where(Case.conversation_id == conversation_id)
                                .order_by(Case.id.desc()).limit(1))


async def ahead_of(session: AsyncSession, case: Case) -> int:
    """How many wait that came before this one; 0 for one that no longer waits."""
    if case.status != WAITING:
        return 0
    earlier = or_(Case.opened_at < case.opened_at, and_(Case.opened_at == case.opened_at, Case.id < case.id))
    return await session.scalar(select(func.count()).select_from(Case).where(Case.status == WAITING, earlier)) or 0


async def listed(session: AsyncSession, status: str | None, limit: int = 200) -> list[Case]:
    """Cases of this status, or all that are open. Open ones oldest first, closed ones newest first."""
    query = select(Case).where(Case.status == status if status else Case.status != CLOSED)
    order = (Case.closed_at.desc(), Case.id.desc()) if status == CLOSED else (Case.opened_at, Case.id)
    return list(await session.scalars(query.order_by(*order).limit(limit)))


async def claim(session: AsyncSession, case_id: int, staff_id: int) -> bool:
    """Take a waiting case; False when somebody was quicker. One statement, so that two can never both have it."""
    done = await session.execute(update(Case).where(Case.id == case_id, Case.status == WAITING)
                                 .values(status=CLAIMED, claimed_by=staff_id, claimed_at=now()))
    return done.rowcount == 1


async def release(session: AsyncSession, staff_id: int) -> list[int]:
    """Put all of a member's cases back among the waiting; their numbers."""
    ids = list(await session.scalars(select(Case.id).where(Case.claimed_by == staff_id, Case.status == CLAIMED)))
    await session.execute(update(Case).where(Case.id.in_(ids)).values(status=WAITING, claimed_by=None, claimed_at=None))
    return ids


async def close(session: AsyncSession, case_id: int, how: str) -> bool:
    """Close an open case; False when it was closed already."""
    done = await session.execute(update(Case).where(Case.id == case_id, Case.status != CLOSED)
                                 .values(status=CLOSED, closed_how=how, closed_at=now()))
    return done.rowcount == 1


async def messages_in_open(session: AsyncSession, last: int, late: int | None,
                           limit: int = PAGE) -> list[tuple[int, Message]]:
    """(case, message) of open cases with numbers above `last`, and the one numbered `late`; oldest first."""
    wanted = Message.id > last if late is None else or_(Message.id > last, Message.id == late)
    rows = await session.execute(
        select(Case.id, Message).join(Message, Message.conversation_id == Case.conversation_id)
        .where(Case.status != CLOSED, wanted).order_by(Message.id).limit(limit))
    return [(row[0], row[1]) for row in rows]


async def sender_keys(session: AsyncSession, conversation_ids: Iterable[str]) -> dict[str, str]:
    """Under which hash each of these conversations is found."""
    rows = await session.execute(select(Conversation.id, Conversation.sender_key)
                                 .where(Conversation.id.in_(list(conversation_ids))))
    return {row[0]: row[1] for row in rows}
