"""The database: engine, sessions, and what all tables share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, MetaData, event
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator


class Base(DeclarativeBase):
    """The tables; constraints carry names so that migrations can speak of them."""

    metadata = MetaData(naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    })


MAX_NUMBER = 2**31 - 1
"""The highest number that a row can have (PostgreSQL's INTEGER): larger ones are not to be asked for."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database (SQLite keeps no offset)."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database. A time without zone is refused: whose time would it be?"""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a timestamp without time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return value.replace(tzinfo=UTC) if value is not None else None


# SQLite has one writer at a time: more connections only wait for each other, asleep (measured: a third fewer turns a
# second with five). So a session must not be opened while another is held.
_POOL_OF: dict[str, dict[str, Any]] = {"sqlite": {"pool_size": 1, "max_overflow": 0}}
_POOL: dict[str, Any] = {"pool_pre_ping": True}


class Database:
    """One engine and its sessions."""

    def __init__(self, url: str) -> None:
        self.url = url
        # hide_parameters: an error must not carry a person's words into the log
        self.engine = create_async_engine(url, hide_parameters=True, **_POOL_OF.get(url.split("+")[0], _POOL))
        if url.startswith("sqlite"):
            event.listen(self.engine.sync_engine, "connect", _sqlite_pragmas)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction: committed at the end, rolled back on an error."""
        async with self._sessions() as session, session.begin():
            yield session

    async def close(self) -> None:
        """Give all connections back."""
        await self.engine.dispose()


def _sqlite_pragmas(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    # readers do not wait for the writer; a second process (an import) is waited for instead of failing
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
