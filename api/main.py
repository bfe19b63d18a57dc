"""The app factory: wires the parts, nothing else. Run: uvicorn api.main:app"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

import policies_kb
from api import errors, logs
from api.bot_client import BotClient
from api.deps import State
from api.metrics import Metrics
from api.middleware import Observe
from api.routers import chat, eligibility, knowledge, operations, page
from api.services.chat import ChatService
from api.services.rate_limit import RateLimiter
from api.services.readiness import Readiness
from api.settings import Settings
from api.store.base import Database
from policies_kb import libraries


def warm_up(kb: policies_kb.KnowledgeBase) -> None:
    """Build the reader and every region's index before the first question comes: together they take about a second."""
    for region in (None, *kb.regions):
        policies_kb.search(kb, "生活费", region, 1)


def create_app(settings: Settings | None = None, *, client: httpx.AsyncClient | None = None) -> FastAPI:
    """The gateway. `client` speaks to Rasa and the action server; tests give one with a function as network."""
    settings = settings or Settings()
    logs.configure(settings.log_level)
    metrics = Metrics()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        libraries.install()
        kb = policies_kb.load_knowledge_base()
        warm_up(kb)
        metrics.knowledge_base.labels(kb.version).set(1)
        database = Database(settings.database)
        # the neighbours are on this machine: no proxy from the environment
        neighbours = client or httpx.AsyncClient(trust_env=False)
        app.state.wenbu = State(
            settings, kb, database, metrics,
            ChatService(kb, database, BotClient(neighbours, settings.rasa, settings.rasa_token, settings.rasa_timeout),
                        metrics, settings.hash_key),
            RateLimiter(settings.rate_limit, settings.rate_limit_storage),
            Readiness(neighbours, settings.rasa, settings.actions, database, kb))
        yield
        await neighbours.aclose()
        await database.close()

    app = FastAPI(title="问补", description="职业技能培训补贴政策问答与资格测算", version="1",
                  lifespan=lifespan, docs_url=None, redoc_url=None, strict_content_type=False)
    errors.install(app)
    app.add_middleware(Observe, metrics=metrics)
    for router in (chat.router, eligibility.router, knowledge.router, operations.router, page.router):
        app.include_router(router, max_body_size=settings.max_body_bytes)
    return app


app = create_app()
