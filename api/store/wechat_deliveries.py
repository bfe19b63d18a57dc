"""Answers that a follower has not got yet: each is claimed by exactly one way of sending."""

from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from api.clock import now
from api.store.messages import Message


async def claim(session: AsyncSession, ids: Sequence[int]) -> bool:
    """Take these messages for sending now; False (and nothing changed) when any of them has gone another way."""
    async with session.begin_nested() as attempt:
        done = await session.execute(
            update(Message).where(Message.id.in_(ids), Message.delivered_at.is_(None)).values(delivered_at=now())
            .execution_options(synchronize_session=False))
        if done.rowcount != len(ids):
            await attempt.rollback()
            return False
    return True
