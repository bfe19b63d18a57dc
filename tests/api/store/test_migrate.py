"""The migrations make the tables that the code speaks of, forward and back."""

import importlib
import pkgutil
import shutil
import sqlite3

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import api.store
from api.store import migrate
from api.store.base import Base, Database

TABLES = {"conversations", "messages", "official_texts", "official_clauses", "cases", "staff", "staff_sessions", "sites",
          "verdicts", "feedback"}


async def test_a_migrated_database_is_what_the_code_expects(migrated):
    for module in pkgutil.iter_modules(api.store.__path__):
        if not module.ispkg:
            importlib.import_module(f"api.store.{module.name}")
    assert set(Base.metadata.tables) >= TABLES
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
        # sqlite_sequence is SQLite's own: it keeps the highest number of each table
        tables = {name for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")}
    assert tables == {"alembic_version"}
    migrate.upgrade(url)


def test_what_was_said_before_survives_the_way_there_and_back(tmp_path):
    config = migrate._config(f"sqlite+aiosqlite:///{tmp_path / 'a.db'}")
    command.upgrade(config, "0001")
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("INSERT INTO conversations VALUES ('c', 'k', '2026-01-01', '2026-01-01', '{}', 0)")
        connection.execute("INSERT INTO messages VALUES (7, 'c', 'bot', '您好', '[]', '[]', NULL, 0, 'rasa', 'v', '2026-01-02')")
    command.upgrade(config, "0002")
    with sqlite3.connect(tmp_path / "a.db") as connection:
        assert connection.execute("SELECT id, text, multiple, client_id, delivered_at FROM messages").fetchall() == [
            (7, "您好", 0, None, "2026-01-02")]
        assert connection.execute("SELECT channel FROM conversations").fetchall() == [("api",)]
        connection.execute("INSERT INTO messages SELECT 8, 'c', 'staff', text, citations, buttons, card, handoff, source, "
                           "kb_version, created_at, 0, NULL, NULL, NULL, NULL FROM messages")
    command.downgrade(config, "0001")
    with sqlite3.connect(tmp_path / "a.db") as connection:
        assert connection.execute("SELECT id, text FROM messages").fetchall() == [(7, "您好")]


def test_a_number_of_a_message_is_never_given_twice(migrated, tmp_path):
    shutil.copy(migrated, tmp_path / "a.db")
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("INSERT INTO conversations (id, sender_key, created_at, updated_at, context, context_heard) "
                           "VALUES ('c', 'k', '2026-01-01', '2026-01-01', '{}', 0)")
        insert = ("INSERT INTO messages (conversation_id, author, text, citations, buttons, handoff, source, kb_version, "
                  "created_at) VALUES ('c', 'bot', 'x', '[]', '[]', 0, '', '', '2026-01-01')")
        first = connection.execute(insert).lastrowid
        connection.execute("DELETE FROM messages")
        assert connection.execute(insert).lastrowid > first


def test_a_time_without_zone_is_refused():
    from datetime import datetime

    from api.store.base import UtcDateTime
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2020, 1, 1), None)
