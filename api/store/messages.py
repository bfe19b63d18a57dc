"""Messages of the conversations, masked before they come here."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from api.clock import now
from api.store.base import Base, UtcDateTime

PERSON = "person"
BOT = "bot"


class Message(Base):
    """One message, of the person or of the bot."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    author: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    citations: Mapped[list[Any]] = mapped_column(JSON)
    buttons: Mapped[list[Any]] = mapped_column(JSON)
    card: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    handoff: Mapped[bool]
    # who answered (rasa, knowledge_base) and on which state of the knowledge base; empty for the person's own
    source: Mapped[str] = mapped_column(String(16))
    kb_version: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


async def add_from_person(session: AsyncSession, conversation_id: str, text: str, kb_version: str) -> Message:
    """Store what the person wrote (masked already) and give the row with its number."""
    message = Message(conversation_id=conversation_id, author=PERSON, text=text, citations=[], buttons=[], card=None,
                      handoff=False, source="", kb_version=kb_version, created_at=now())
    session.add(message)
    await session.flush()
    return message


def add_from_bot(session: AsyncSession, conversation_id: str, *, text: str, citations: list[Any],
                 buttons: list[Any], card: dict[str, Any] | None, handoff: bool, source: str, kb_version: str) -> None:
    """Store one answer."""
    session.add(Message(conversation_id=conversation_id, author=BOT, text=text, citations=citations, buttons=buttons,
                        card=card, handoff=handoff, source=source, kb_version=kb_version, created_at=now()))


async def person_texts(session: AsyncSession, conversation_id: str, after: int, before: int, limit: int) -> list[str]:
    """The person's last messages with numbers between the two, oldest first, at most `limit`."""
    rows = await session.scalars(
        select(Message.text)
        .where(Message.conversation_id == conversation_id, Message.author == PERSON,
               Message.id > after, Message.id < before)
        .order_by(Message.id.desc()).limit(limit))
    return list(rows)[::-1]
