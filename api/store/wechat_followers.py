"""Followers of the official account: how a conversation is reached, and what a number or 详细 would mean to it now."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from api.clock import now
from api.store.base import Base, UtcDateTime
from api.store.conversations import Conversation


class Follower(Base):
    """One follower. The openid stands here in the clear: without it nobody could be written to."""

    __tablename__ = "wechat_followers"

    openid: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL"), unique=True)
    # the code that brought them, and the last one that they scanned as followers: the first is growth, the second reach
    scene: Mapped[str | None] = mapped_column(String(64))
    last_scene: Mapped[str | None] = mapped_column(String(64))
    subscribed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_message_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    # choices of the last answer in the order of their numbers; what of it did not fit
    choices: Mapped[list[Any]] = mapped_column(JSON)
    remainder: Mapped[str] = mapped_column(Text)


async def find_by_conversation(session: AsyncSession, conversation_id: str) -> Follower | None:
    """Whose conversation this is, or None."""
    return await session.scalar(select(Follower).where(Follower.conversation_id == conversation_id))


async def find_or_add(session: AsyncSession, openid: str) -> Follower:
    """The follower; a new row for one that we never heard of (who followed before we were here)."""
    follower = await session.get(Follower, openid)
    if follower is None:
        follower = Follower(openid=openid, choices=[], remainder="")
        try:
            async with session.begin_nested():
                session.add(follower)
        except IntegrityError:
            # another gateway process was quicker
            follower = await session.get_one(Follower, openid)
    return follower


async def subscribe(session: AsyncSession, openid: str, scene: str | None) -> None:
    """Somebody follows, through the code of this scene if there was one."""
    follower = await find_or_add(session, openid)
    follower.scene = follower.last_scene = scene
    follower.subscribed_at = now()


async def scan(session: AsyncSession, openid: str, scene: str) -> None:
    """A follower scans a code."""
    (await find_or_add(session, openid)).last_scene = scene


async def offered(session: AsyncSession, openid: str) -> tuple[list[Any], str]:
    """(choices, remainder) of the follower's last answer; nothing for somebody unknown."""
    row = (await session.execute(select(Follower.choices, Follower.remainder).where(Follower.openid == openid))).first()
    return (row.choices, row.remainder) if row else ([], "")


async def keep(session: AsyncSession, openid: str, *, choices: list[Any], remainder: str,
               conversation_id: str | None = None, spoke: bool = True) -> None:
    """What the last answer offered. `conversation_id` None: no answer of the bot, the link stays as it is. `spoke`:
    whether the follower did something just now (staff may write without that)."""
    values: dict[str, Any] = {"choices": choices, "remainder": remainder}
    if conversation_id is not None:
        values["conversation_id"] = conversation_id
    if spoke:
        values["last_message_at"] = now()
    # one statement: this runs once for each message of everybody
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    await session.execute(insert(Follower).values(openid=openid, **values)
                          .on_conflict_do_update(index_elements=[Follower.openid], set_=values))


async def forget(session: AsyncSession, openid: str, sender_key: str) -> str | None:
    """Delete the person: conversation with messages and cases, and the follower. The conversation's id if there was one."""
    conversation_id = await session.scalar(select(Conversation.id).where(Conversation.sender_key == sender_key))
    await session.execute(delete(Follower).where(Follower.openid == openid))
    if conversation_id is not None:
        # messages, cases and feedback go with it (ON DELETE CASCADE)
        await session.execute(delete(Conversation).where(Conversation.id == conversation_id))
    return conversation_id
