"""What the routes are given."""

from typing import Annotated

from fastapi import Depends, Request

import policies_kb
from api.metrics import Metrics
from api.services.chat import ChatService
from api.services.rate_limit import RateLimiter
from api.services.readiness import Readiness
from api.settings import Settings
from api.store.base import Database


class State:
    """All that lives as long as the app; made in main.py, put at `app.state.wenbu`."""

    def __init__(self, settings: Settings, kb: policies_kb.KnowledgeBase, database: Database, metrics: Metrics,
                 chat: ChatService, limiter: RateLimiter, readiness: Readiness) -> None:
        self.settings = settings
        self.kb = kb
        self.database = database
        self.metrics = metrics
        self.chat = chat
        self.limiter = limiter
        self.readiness = readiness


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


async def limit_rate(request: Request) -> None:
    """Refuse a caller (by IP) who sends more than the settings allow: 429 with Retry-After."""
    await _state(request).limiter.check(request.client.host if request.client else "unknown")


KnowledgeBase = Annotated[policies_kb.KnowledgeBase, Depends(_kb)]
Store = Annotated[Database, Depends(_database)]
Chat = Annotated[ChatService, Depends(_chat)]
Ready = Annotated[Readiness, Depends(_readiness)]
Numbers = Annotated[Metrics, Depends(_metrics)]
Config = Annotated[Settings, Depends(_settings)]
