"""What the routes are given."""

from typing import Annotated

from fastapi import Depends, Request

import policies_kb
from api.metrics import Metrics
from api.services.cases import Cases
from api.services.chat import ChatService
from api.services.event_stream import OpenStreams
from api.services.hub import Hub
from api.services.outbound import Outbound
from api.services.rate_limit import RateLimiter
from api.services.readiness import Readiness
from api.services.staff_cases import StaffCases
from api.services.staff_events import StaffEvents
from api.services.staff_sessions import StaffSessions
from api.services.widget_events import WidgetEvents
from api.settings import Settings
from api.store.base import Database
from api.wechat.account import Account


class State:
    """All that lives as long as the app; made in main.py, put at `app.state.wenbu`."""

    def __init__(self, settings: Settings, kb: policies_kb.KnowledgeBase, database: Database, metrics: Metrics,
                 chat: ChatService, limiter: RateLimiter, readiness: Readiness, *, hub: Hub, outbound: Outbound,
                 cases: Cases, streams: OpenStreams, windows: WidgetEvents, conversation_limiter: RateLimiter,
                 sessions: StaffSessions, desk: StaffCases, desk_events: StaffEvents) -> None:
        self.settings = settings
        self.kb = kb
        self.database = database
        self.metrics = metrics
        self.chat = chat
        self.limiter = limiter
        self.readiness = readiness
        self.hub = hub
        self.outbound = outbound
        self.cases = cases
        self.streams = streams
        self.windows = windows
        self.conversation_limiter = conversation_limiter
        self.sessions = sessions
        self.desk = desk
        self.desk_events = desk_events
        # the official account, where there is one
        self.wechat: Account | None = None


def _state(request: Request) -> State:
    return request.app.state.wenbu


# async although they wait for nothing: FastAPI runs plain functions in threads, where one sender's messages could
# overtake each other
async def _kb(request: Request) -> policies_kb.KnowledgeBase:
    return _state(request).kb


async def _database(request: Request) -> Database:
    return _state(request).database


async def _chat(request: Request) -> ChatService:
    return _state(request).chat


async def _readiness(request: Request) -> Readiness:
    return _state(request).readiness


async def _metrics(request: Request) -> Metrics:
    return _state(request).metrics


async def _settings(request: Request) -> Settings:
    return _state(request).settings


async def _cases(request: Request) -> Cases:
    return _state(request).cases


async def _windows(request: Request) -> WidgetEvents:
    return _state(request).windows


async def _conversation_limit(request: Request) -> RateLimiter:
    return _state(request).conversation_limiter


async def _wechat(request: Request) -> Account | None:
    return _state(request).wechat


async def _sessions(request: Request) -> StaffSessions:
    return _state(request).sessions


async def _desk(request: Request) -> StaffCases:
    return _state(request).desk


async def _desk_events(request: Request) -> StaffEvents:
    return _state(request).desk_events


async def limit_rate(request: Request) -> None:
    """Refuse a caller (by IP) who sends more than the settings allow: 429 with Retry-After."""
    await _state(request).limiter.check(request.client.host if request.client else "unknown")


KnowledgeBase = Annotated[policies_kb.KnowledgeBase, Depends(_kb)]
Store = Annotated[Database, Depends(_database)]
Chat = Annotated[ChatService, Depends(_chat)]
Ready = Annotated[Readiness, Depends(_readiness)]
Numbers = Annotated[Metrics, Depends(_metrics)]
Config = Annotated[Settings, Depends(_settings)]
Queue = Annotated[Cases, Depends(_cases)]
Windows = Annotated[WidgetEvents, Depends(_windows)]
ConversationLimit = Annotated[RateLimiter, Depends(_conversation_limit)]
Wechat = Annotated[Account | None, Depends(_wechat)]
Sessions = Annotated[StaffSessions, Depends(_sessions)]
Desk = Annotated[StaffCases, Depends(_desk)]
DeskEvents = Annotated[StaffEvents, Depends(_desk_events)]
