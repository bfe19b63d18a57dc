"""One chat turn: masked, in order, answered by Rasa or else by the knowledge base, stored."""

import time
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

import policies_kb
from api.bot_client import BotClient, BotMessage, BotUnavailable
from api.clock import today
from api.logs import sender_key
from api.masking import mask
from api.metrics import Metrics
from api.services import fallback
from api.services.sender_locks import SenderLocks
from api.store import conversations, messages
from api.store.base import Database

log = structlog.get_logger()

RASA = "rasa"
KNOWLEDGE_BASE = "knowledge_base"
# how far back the fallback listens for what was said to Rasa
_REPLAYED = 10


@dataclass(frozen=True)
class Turn:
    """What the person gets."""

    conversation: str
    messages: list[BotMessage]


@dataclass(frozen=True)
class _Opened:
    """The conversation as it stands when the message has come in."""

    conversation: str
    message: int
    context: dict[str, Any]
    heard: int


class ChatService:
    """Takes turns; one for the whole app."""

    def __init__(self, kb: policies_kb.KnowledgeBase, database: Database, bot: BotClient, metrics: Metrics,
                 hash_key: bytes) -> None:
        self._kb = kb
        self._database = database
        self._bot = bot
        self._metrics = metrics
        self._hash_key = hash_key
        self._locks = SenderLocks()

    async def turn(self, sender: str, text: str) -> Turn:
        """Answer one message. Never fails because Rasa, the database or one answer does."""
        started = time.perf_counter()
        key = sender_key(sender, self._hash_key)
        safe = mask(text)
        async with self._locks.hold(key):
            opened = await self._open(key, safe)
            source, replies = await self._reply(opened, safe)
            await self._store(opened, replies, source)
        seconds = time.perf_counter() - started
        self._metrics.chat_seconds.labels(source).observe(seconds)
        log.info("chat_turn", sender=key[:16], conversation=opened.conversation, source=source,
                 messages=len(replies), ms=round(seconds * 1000, 1))
        return Turn(opened.conversation, replies)

    async def _open(self, key: str, text: str) -> _Opened:
        try:
            async with self._database.session() as session:
                row = await conversations.find_or_start(session, key)
                await session.flush()
                message = await messages.add_from_person(session, row.id, text, self._kb.version)
                return _Opened(row.id, message.id, row.context, row.context_heard)
        except (SQLAlchemyError, OSError):
            self._storage_failed()
            # a conversation still needs a name for Rasa: the hash names it as well as the row would
            return _Opened(key[:32], 0, {}, 0)

    async def _reply(self, opened: _Opened, text: str) -> tuple[str, list[BotMessage]]:
        try:
            return RASA, await self._bot.send(opened.conversation, text)
        except BotUnavailable as error:
            self._metrics.rasa_failures.labels(error.reason).inc()
            log.warning("rasa_unavailable", reason=error.reason)
        return KNOWLEDGE_BASE, [await self._answer_alone(opened, text)]

    async def _answer_alone(self, opened: _Opened, text: str) -> BotMessage:
        missed: list[str] = []
        try:
            if opened.message:
                async with self._database.session() as session:
                    missed = await messages.person_texts(
                        session, opened.conversation, opened.heard, opened.message, _REPLAYED)
            message, context, status = fallback.answer(self._kb, text, opened.context, missed, today())
            if opened.message:
                async with self._database.session() as session:
                    await conversations.keep_context(session, opened.conversation, context, opened.message)
        except (SQLAlchemyError, OSError):
            self._storage_failed()
            message, _, status = fallback.answer(self._kb, text, opened.context, missed, today())
        self._metrics.fallback_answers.labels(status).inc()
        return message

    async def _store(self, opened: _Opened, replies: list[BotMessage], source: str) -> None:
        if not opened.message:
            return
        try:
            async with self._database.session() as session:
                for reply in replies:
                    messages.add_from_bot(
                        session, opened.conversation, text=reply.text, citations=reply.citations,
                        buttons=reply.buttons, card=reply.card, handoff=reply.handoff, source=source,
                        kb_version=self._kb.version)
        except (SQLAlchemyError, OSError):
            self._storage_failed()

    def _storage_failed(self) -> None:
        self._metrics.storage_failures.inc()
        log.exception("storage_failed")
