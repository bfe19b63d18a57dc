"""Official texts as imported: one row a document, one row a clause."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.clock import now
from api.store.base import Base, UtcDateTime


class OfficialTextRow(Base):
    """An imported text with the checksum of the file it came from."""

    __tablename__ = "official_texts"

    document: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[str] = mapped_column(String(64))
    checksum: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    clauses: Mapped[list["OfficialClauseRow"]] = relationship(
        order_by="OfficialClauseRow.position", cascade="all, delete-orphan", passive_deletes=True, lazy="selectin")


class OfficialClauseRow(Base):
    """One clause's own words."""

    __tablename__ = "official_clauses"

    document: Mapped[str] = mapped_column(ForeignKey("official_texts.document", ondelete="CASCADE"), primary_key=True)
    clause: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int]
    line: Mapped[int]
    text: Mapped[str] = mapped_column(Text)


async def find(session: AsyncSession, document: str) -> OfficialTextRow | None:
    """The imported text of a document with its clauses, or None."""
    return await session.get(OfficialTextRow, document)


async def replace(session: AsyncSession, document: str, number: str, checksum: str,
                  clauses: list[tuple[str, int, str]]) -> None:
    """Put this text (clause, line, text) in the place of whatever the document had."""
    await session.execute(delete(OfficialClauseRow).where(OfficialClauseRow.document == document))
    await session.execute(delete(OfficialTextRow).where(OfficialTextRow.document == document))
    session.expunge_all()
    session.add(OfficialTextRow(document=document, number=number, checksum=checksum, imported_at=now()))
    await session.flush()
    session.add_all(OfficialClauseRow(document=document, clause=clause, position=position, line=line, text=text)
                    for position, (clause, line, text) in enumerate(clauses))
