"""Messages of the conversations, masked before they come here."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint, false, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from api.clock import now
from api.store.base import Base, UtcDateTime

PERSON = "person"
BOT = "bot"
STAFF = "staff"
SYSTEM = "system"

PAGE = 200
"""So many messages are read at once; who wants older ones has had them already."""


class Message(Base):
    """One message: of the person, the bot, a member of staff, or the system (someone has taken the case …)."""

    __tablename__ = "messages"
    # numbers are never used twice: a reader who asks for what came after 90 must not miss a new 90
    __table_args__ = (UniqueConstraint("conversation_id", "client_id", name="uq_messages_conversation_id_client_id"),
                      {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    author: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    citations: Mapped[list[Any]] = mapped_column(JSON)
    buttons: Mapped[list[Any]] = mapped_column(JSON)
    # whether several of the buttons may be chosen
    multiple: Mapped[bool] = mapped_column(server_default=false())
    card: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # the verdict code of the check that the card tells, without its hyphen
    code: Mapped[str | None] = mapped_column(String(8))
    # of a bot's message: it hands over; of a person's: a person is to read it, the bot has not heard it
    handoff: Mapped[bool]
    # the sender's own name for this message (as a hash), by which a repeat is known
    client_id: Mapped[str | None] = mapped_column(String(64))
    # the person's message that this one answers, or (staff's words, which answer none) went along with
    reply_to: Mapped[int | None]
    # when the channel had it; null: it goes along with the next turn
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # who answered (rasa, knowledge_base) and on which state of the knowledge base; empty for the person's own
    source: Mapped[str] = mapped_column(String(16))
    kb_version: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def new(conversation_id: str, author: str, text: str, *, citations: Iterable[Any] = (), buttons: Iterable[Any] = (),
        multiple: bool = False, card: dict[str, Any] | None = None, code: str | None = None, handoff: bool = False,
        client_id: str | None = None, reply_to: int | None = None, delivered: bool = True, source: str = "",
        kb_version: str = "") -> Message:
    """A message of this moment, not stored yet (it has no id until then)."""
    moment = now()
    return Message(conversation_id=conversation_id, author=author, text=text, citations=list(citations),
                   buttons=list(buttons), multiple=multiple, card=card, code=code, handoff=handoff,
                   client_id=client_id, reply_to=reply_to, delivered_at=moment if delivered else None, source=source,
                   kb_version=kb_version, created_at=moment)


async def add(session: AsyncSession, message: Message) -> Message:
    """Store a message and give it its number. Errors: IntegrityError when its client_id stands already."""
    session.add(message)
    await session.flush()
    return message


async def find_by_client_id(session: AsyncSession, conversation_id: str, client_id: str) -> Message | None:
    """The message that its sender named so, or None."""
    return await session.scalar(select(Message).where(Message.conversation_id == conversation_id,
                                                      Message.client_id == client_id))


async def replies_to(session: AsyncSession, conversation_id: str, message_id: int) -> list[Message]:
    """What was said to this message, and what went along with that, in order."""
    return list(await session.scalars(select(Message).where(
        Message.conversation_id == conversation_id, Message.reply_to == message_id).order_by(Message.id)))


async def after(session: AsyncSession, conversation_id: str, last: int, limit: int = PAGE) -> list[Message]:
    """The newest messages with numbers above `last`, oldest first, at most `limit`."""
    rows = await session.scalars(select(Message).where(Message.conversation_id == conversation_id, Message.id > last)
                                 .order_by(Message.id.desc()).limit(limit))
    return list(rows)[::-1]


async def get(session: AsyncSession, conversation_id: str, message_id: int) -> Message | None:
    """One message of this conversation, or None: those of others do not exist here."""
    message = await session.get(Message, message_id)
    return message if message is not None and message.conversation_id == conversation_id else None


async def newest_number(session: AsyncSession) -> int:
    """The highest number there is; 0 when there is none."""
    return await session.scalar(select(func.max(Message.id))) or 0


async def newest_of(session: AsyncSession, conversation_ids: Iterable[str]) -> dict[str, Message]:
    """The last message of each of these conversations."""
    newest = (select(func.max(Message.id)).where(Message.conversation_id.in_(list(conversation_ids)))
              .group_by(Message.conversation_id))
    return {row.conversation_id: row for row in await session.scalars(select(Message).where(Message.id.in_(newest)))}


async def undelivered(session: AsyncSession, conversation_id: str) -> list[Message]:
    """What was said to the person and has not reached them, oldest first."""
    return list(await session.scalars(select(Message).where(
        Message.conversation_id == conversation_id, Message.author != PERSON, Message.delivered_at.is_(None))
        .order_by(Message.id)))


async def set_delivered(session: AsyncSession, ids: Iterable[int], moment: datetime | None) -> None:
    """Note when these reached the person; None: they have not, and go along with the next turn."""
    await session.execute(update(Message).where(Message.id.in_(list(ids))).values(delivered_at=moment))


async def deliver_with(session: AsyncSession, ids: Iterable[int], message_id: int) -> None:
    """These go to the person now, with the answer to this message of theirs: its repeat brings them again."""
    await session.execute(update(Message).where(Message.id.in_(list(ids)))
                          .values(delivered_at=now(), reply_to=func.coalesce(Message.reply_to, message_id))
                          .execution_options(synchronize_session=False))


async def person_texts(session: AsyncSession, conversation_id: str, after: int, before: int, limit: int) -> list[str]:
    """What the person last told the bot, with numbers between the two, oldest first, at most `limit`.

    What was meant for staff stays out: the bot has no part in it.
    """
    rows = await session.scalars(
        select(Message.text)
        .where(Message.conversation_id == conversation_id, Message.author == PERSON, Message.handoff.is_(False),
               Message.id > after, Message.id < before)
        .order_by(Message.id.desc()).limit(limit))
    return list(rows)[::-1]
