"""How Alembic reaches our database: the URL of the settings unless the caller gave one.

Plain connections, not async ones: then a migration runs wherever it is called from, inside an event loop too.
"""

from pathlib import Path

from alembic import context
from sqlalchemy import create_engine, pool

from api.settings import Settings
from api.store import (  # noqa: F401  (their tables register themselves)
    cases,
    conversations,
    feedback,
    messages,
    official_texts,
    sites,
    staff,
    verdicts,
    wechat_followers,
    wechat_tokens,
)
from api.store.base import Base

url = context.config.get_main_option("sqlalchemy.url") or Settings().database
for asynchronous, plain in (("sqlite+aiosqlite", "sqlite"), ("postgresql+asyncpg", "postgresql+psycopg")):
    url = url.replace(f"{asynchronous}://", f"{plain}://", 1)

# SQLite cannot alter a table in place: batch mode copies it
OPTIONS = {"target_metadata": Base.metadata, "render_as_batch": True}

if context.is_offline_mode():
    context.configure(url=url, literal_binds=True, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = create_engine(url, poolclass=pool.NullPool)
    if engine.dialect.name == "sqlite" and engine.url.database not in (None, "", ":memory:"):
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    with engine.connect() as connection:
        context.configure(connection=connection, **OPTIONS)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()
