"""The database for a command: migrated, opened, closed again; its errors as one line."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from api.cli.environment import read_settings
from api.cli.output import fail

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession


def in_session[T](work: Callable[["AsyncSession"], Awaitable[T]]) -> T:
    """Run `work` in one transaction on the database of the settings. A database that does not answer ends the command."""
    from sqlalchemy.exc import SQLAlchemyError

    from api.store import migrate
    from api.store.base import Database

    settings = read_settings()

    async def run() -> T:
        database = Database(settings.database)
        try:
            async with database.session() as session:
                return await work(session)
        finally:
            await database.close()

    try:
        migrate.upgrade(settings.database)
        return asyncio.run(run())
    except (SQLAlchemyError, OSError) as error:
        fail(f"数据库打不开或写不进:{str(error).splitlines()[0]}。请检查 WENBU_DATABASE_URL 和文件权限。")
