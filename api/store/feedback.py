"""What people think of single answers."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from api.clock import now
from api.store.base import Base, UtcDateTime


class Feedback(Base):
    """A thumb up or down for one message; who thinks again replaces it."""

    __tablename__ = "feedback"

    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True)
    value: Mapped[str] = mapped_column(String(4))
    reason: Mapped[str | None] = mapped_column(String(20))
    comment: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


async def put(session: AsyncSession, message_id: int, value: str, reason: str | None, comment: str | None) -> None:
    """Store it in the place of an earlier one."""
    await session.merge(Feedback(message_id=message_id, value=value, reason=reason, comment=comment, created_at=now()))


async def values(session: AsyncSession, message_ids: Iterable[int]) -> dict[int, str]:
    """The thumbs of these messages, where there is one."""
    rows = await session.execute(select(Feedback.message_id, Feedback.value)
                                 .where(Feedback.message_id.in_(list(message_ids))))
    return {row[0]: row[1] for row in rows}
