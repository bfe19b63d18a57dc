"""The migrations make the tables that the code speaks of, forward and back."""

import sqlite3

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from api.store import conversations, messages, migrate, official_texts
from api.store.base import Base, Database

TABLES = {conversations.Conversation, messages.Message, official_texts.OfficialTextRow, official_texts.OfficialClauseRow}


async def test_a_migrated_database_is_what_the_code_expects(migrated):
    assert {table.__tablename__ for table in TABLES} == set(Base.metadata.tables)
    database = Database(f"sqlite+aiosqlite:///{migrated}")
    async with database.engine.connect() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), Base.metadata))
    await database.close()
    assert differences == []


async def test_the_revision_is_the_head(migrated, tmp_path):
    database = Database(f"sqlite+aiosqlite:///{migrated}")
    assert await migrate.current(database) == migrate.head()
    await database.close()
    empty = Database(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    assert await migrate.current(empty) is None
    await empty.close()


def test_back_to_nothing_and_forward_again(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'new folder' / 'a%b.db'}"
    migrate.upgrade(url)
    command.downgrade(migrate._config(url), "base")
    with sqlite3.connect(tmp_path / "new folder" / "a%b.db") as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {"alembic_version"}
    migrate.upgrade(url)


def test_a_time_without_zone_is_refused():
    from datetime import datetime

    from api.store.base import UtcDateTime
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2020, 1, 1), None)
