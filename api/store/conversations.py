"""Conversations: who (as a hash) talks with us, through which channel, and what the fallback knows of the talk so far."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from api.clock import now
from api.store.base import Base, UtcDateTime

WEB = "web"
WECHAT = "wechat"
API = "api"


class Conversation(Base):
    """One sender's conversation. The sender's name itself is not kept."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    sender_key: Mapped[str] = mapped_column(String(64), unique=True)
    channel: Mapped[str] = mapped_column(String(8), server_default=API)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # context of policies_kb.answer, and the last message it has heard
    context: Mapped[dict[str, Any]] = mapped_column(JSON)
    context_heard: Mapped[int]


async def find(session: AsyncSession, sender_key: str) -> Conversation | None:
    """The sender's conversation, or None for an unknown sender."""
    return await session.scalar(select(Conversation).where(Conversation.sender_key == sender_key))


async def find_or_start(session: AsyncSession, sender_key: str, channel: str = API) -> Conversation:
    """The sender's conversation; a new one for an unknown sender."""
    conversation = await find(session, sender_key)
    moment = now()
    if conversation is None:
        conversation = Conversation(id=uuid.uuid4().hex, sender_key=sender_key, channel=channel, created_at=moment,
                                    updated_at=moment, context={}, context_heard=0)
        try:
            async with session.begin_nested():
                session.add(conversation)
        except IntegrityError:
            # another gateway process started it between our look and our write
            query = select(Conversation).where(Conversation.sender_key == sender_key)
            conversation = (await session.scalars(query)).one()
    conversation.updated_at = moment
    return conversation


async def keep_context(session: AsyncSession, conversation_id: str, context: dict[str, Any], heard: int) -> None:
    """Store what the fallback knows after message number `heard`."""
    conversation = await session.get_one(Conversation, conversation_id)
    conversation.context = context
    conversation.context_heard = heard
