"""Migrations, called from code: `upgrade` before the gateway starts, the two revisions for /readyz."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from api.store.base import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    # ConfigParser reads % as its own sign; passwords in a URL often hold one
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade(url: str) -> None:
    """Bring the database at this URL to the newest form. Makes the folder of an SQLite file if need be."""
    command.upgrade(_config(url), "head")


def head() -> str:
    """The newest revision in the code."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


async def current(database: Database) -> str | None:
    """The revision that the database has, or None when it was never migrated."""

    def read(connection: Connection) -> str | None:
        return MigrationContext.configure(connection).get_current_revision()

    async with database.engine.connect() as connection:
        return await connection.run_sync(read)
