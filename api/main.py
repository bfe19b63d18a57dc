"""The app factory: wires the parts, nothing else. Run: uvicorn api.main:app"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI

import policies_kb
from api import errors, logs
from api.bot_client import BotClient
from api.cross_origin import CrossOrigin
from api.deps import State
from api.metrics import Metrics
from api.middleware import Observe
from api.routers import chat, eligibility, knowledge, operations, page, staff, wechat, widget
from api.services import hub
from api.services.cases import Cases
from api.services.chat import ChatService
from api.services.event_stream import OpenStreams
from api.services.login_throttle import LoginThrottle
from api.services.office_hours import OfficeHours
from api.services.outbound import Outbound, read_by_itself
from api.services.rate_limit import RateLimiter
from api.services.readiness import Readiness
from api.services.sender_locks import SenderLocks
from api.services.staff_cases import StaffCases
from api.services.staff_events import StaffEvents
from api.services.staff_sessions import StaffSessions
from api.services.widget_events import WidgetEvents
from api.settings import Settings
from api.store import conversations
from api.store.base import Database
from api.wechat import account
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
        bot = BotClient(neighbours, settings.rasa, settings.rasa_token, settings.rasa_timeout)
        news, outbound, locks = hub.make(settings.redis_url), Outbound(), SenderLocks()
        outbound.register(conversations.WEB, read_by_itself)
        queue = Cases(database, news, OfficeHours(settings.office_hours))
        streams = OpenStreams(settings.stream_limit)
        sessions = StaffSessions(database, LoginThrottle(settings.limit_storage))
        desk = StaffCases(kb, database, news, queue, outbound, locks, settings.hash_key)
        # with Redis another process may be answering the message that comes again here
        patience = settings.rasa_timeout + 2 if settings.redis_url else 0.0
        app.state.wenbu = State(
            settings, kb, database, metrics,
            ChatService(kb, database, bot, metrics, settings.hash_key, news, queue, locks, patience),
            RateLimiter(settings.rate_limit, settings.limit_storage),
            Readiness(neighbours, settings.rasa, settings.actions, database, kb),
            hub=news, outbound=outbound, cases=queue, streams=streams,
            windows=WidgetEvents(kb, database, news, queue, streams),
            conversation_limiter=RateLimiter(settings.conversation_limit, settings.limit_storage),
            sessions=sessions, desk=desk, desk_events=StaffEvents(kb, database, news, desk, sessions, streams))
        app.state.wenbu.wechat = account.make(kb, database, app.state.wenbu.chat, bot, metrics, outbound,
                                              settings.redis_url, client)
        yield
        if app.state.wenbu.wechat is not None:
            await app.state.wenbu.wechat.close()
        await news.close()
        await neighbours.aclose()
        await database.close()

    app = FastAPI(title="问补", description="职业技能培训补贴政策问答与资格测算", version="1",
                  lifespan=lifespan, docs_url=None, redoc_url=None, strict_content_type=False)
    errors.install(app)
    app.add_middleware(CrossOrigin, settings=settings)
    app.add_middleware(Observe, metrics=metrics)
    for router in (chat.router, widget.router, staff.entrance, staff.router, eligibility.router, knowledge.router,
                   operations.router, page.router, wechat.router):
        app.include_router(router, max_body_size=settings.max_body_bytes)
    return app


app = create_app()
