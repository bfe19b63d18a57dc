"""Finished checks by their code. No row says whose check it was: a code opens facts and result, nobody's conversation."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from api.clock import now
from api.store.base import Base, UtcDateTime


class Verdict(Base):
    """One finished check, as it was told."""

    __tablename__ = "verdicts"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    region: Mapped[str] = mapped_column(String(64))
    as_of: Mapped[date] = mapped_column(Date)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    kb_version: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


async def add(session: AsyncSession, code: str, facts: dict[str, Any], result: dict[str, Any]) -> bool:
    """Store a check under this code; False when the code is taken. `result` is the eligibility response."""
    row = Verdict(code=code, region=result["region"], as_of=date.fromisoformat(result["as_of"]), facts=facts,
                  result=result, kb_version=result["kb_version"], created_at=now())
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


async def find(session: AsyncSession, code: str) -> Verdict | None:
    """The check with this code, or None."""
    return await session.get(Verdict, code)
