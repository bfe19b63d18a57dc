"""One chat turn: masked, in order, once; answered by Rasa or else by the knowledge base, or left to staff; stored."""

import asyncio
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

import policies_kb
from api.bot_client import BotClient, BotMessage, BotUnavailable
from api.clock import now, today
from api.logs import sender_key
from api.masking import mask
from api.metrics import Metrics
from api.services import case_texts, fallback, hub, verdict_code
from api.services.cases import Cases, CaseView
from api.services.hub import Hub
from api.services.sender_locks import SenderLocks
from api.store import cases, conversations, messages, verdicts
from api.store.base import Database
from api.store.cases import Case
from api.store.conversations import Conversation
from api.store.messages import Message

log = structlog.get_logger()

RASA = "rasa"
KNOWLEDGE_BASE = "knowledge_base"
STAFF = "staff"
STORE = "store"
GATEWAY = "gateway"
# how far back the fallback listens for what was said to Rasa
_REPLAYED = 10
# two random codes of 35 bits hardly ever meet; five tries never all do
_CODE_TRIES = 5
_POLL = 0.1
# names that the channels give their senders: whoever calls the plain API must not get into their conversations
_RESERVED = ("web:", "wechat:", "api:")
_CODE_LINE = "查询码：{code}，打热线时念出来，工作人员就能看到这次测算。"


@dataclass(frozen=True)
class Turn:
    """What the person gets: the messages (stored, unless the database is away), and how their case stands, if any."""

    conversation: str
    person: Message | None = None
    messages: list[Message] = field(default_factory=list)
    handoff: bool = False
    case: CaseView | None = None

    @property
    def person_id(self) -> int:
        """The number of the person's own message; 0 when it could not be stored."""
        return (self.person.id if self.person else 0) or 0


@dataclass(frozen=True)
class _Said:
    """A message on its way through."""

    key: str
    channel: str
    # for the bot, and as people read it; both masked
    text: str
    shown: str
    client_id: str | None
    by_button: bool


@dataclass(frozen=True)
class _Opened:
    """The conversation as it stands when the message has come in; `row` is None when the database is away."""

    conversation: str
    row: Conversation | None = None
    message: Message | None = None
    case: Case | None = None
    repeated: bool = False


class ChatService:
    """Takes turns; one for the whole app. `locks` keep each sender's messages in order, staff's replies among them.

    `patience`: how many seconds to wait for another gateway process that is answering the same message.
    """

    def __init__(self, kb: policies_kb.KnowledgeBase, database: Database, bot: BotClient, metrics: Metrics,
                 hash_key: bytes, news: Hub, queue: Cases, locks: SenderLocks, patience: float = 0.0) -> None:
        self._kb = kb
        self._database = database
        self._bot = bot
        self._metrics = metrics
        self._hash_key = hash_key
        self._hub = news
        self._cases = queue
        self._locks = locks
        self._patience = patience

    def key_of(self, sender: str, channel: str = conversations.API) -> str:
        """The hash under which this sender's conversation is stored."""
        if channel == conversations.API and sender.startswith(_RESERVED):
            sender = f"api:{sender}"
        return sender_key(sender, self._hash_key)

    async def turn(self, sender: str, text: str, *, channel: str = conversations.API, client_id: str | None = None,
                   shown: str | None = None, by_button: bool = False) -> Turn:
        """Answer one message. Never fails because Rasa, the database or one answer does.

        The same `client_id` again, also while the first is still being answered, gives the same answer and no second
        turn. While a case is open the bot is silent: the message goes to staff. `shown`: what people read in the place
        of a payload. `by_button`: the person pressed 转人工; a case is opened whatever the bot makes of `text`.
        """
        started = time.perf_counter()
        key = self.key_of(sender, channel)
        safe = mask(text)
        said = _Said(key, channel, safe, mask(shown) if shown else safe,
                     sender_key(client_id, self._hash_key) if client_id else None, by_button)
        async with self._locks.hold(key):
            source, turn = await self._take(said)
        seconds = time.perf_counter() - started
        self._metrics.chat_seconds.labels(source).observe(seconds)
        log.info("chat_turn", sender=key[:16], conversation=turn.conversation, source=source,
                 messages=len(turn.messages), ms=round(seconds * 1000, 1))
        return turn

    async def _take(self, said: _Said) -> tuple[str, Turn]:
        opened = await self._open(said)
        leaves = case_texts.wants_bot(said.text)
        if opened.repeated:
            again = await self._again(opened, leaves)
            if again is not None:
                return STORE, again
        elif opened.message is not None:
            await self._hub.publish(hub.conversation(said.key), {"type": "message", "id": opened.message.id})
        if opened.case is not None and not leaves:
            return STAFF, await self._to_staff(said, opened)
        if leaves:
            return GATEWAY, await self._resume(said, opened)
        await self._typing(said, True)
        try:
            source, replies = await self._reply(opened, said)
        finally:
            await self._typing(said, False)
        return source, await self._store(said, opened, replies, source)

    async def _open(self, said: _Said) -> _Opened:
        try:
            async with self._database.session() as session:
                row = await conversations.find_or_start(session, said.key, said.channel)
                await session.flush()
                case = await cases.open_case_of(session, row.id)
                known = await self._known(session, row, said)
                if known is not None:
                    return _Opened(row.id, row, known, case, repeated=True)
                # nothing that the bot will hear: to staff, or the word that ends their part
                apart = case is not None or case_texts.wants_bot(said.text)
                message = messages.new(row.id, messages.PERSON, said.shown, handoff=apart, client_id=said.client_id,
                                       kb_version=self._kb.version)
                try:
                    # a name may turn out to be taken; without one there is nothing to fall back from
                    async with session.begin_nested() if said.client_id else nullcontext():
                        await messages.add(session, message)
                except IntegrityError:
                    # another gateway process stored the same message between our look and our write
                    return _Opened(row.id, row, await self._known(session, row, said), case, repeated=True)
                return _Opened(row.id, row, message, case)
        except (SQLAlchemyError, OSError):
            self._storage_failed()
            # a conversation still needs a name for Rasa: the hash names it as well as the row would
            return _Opened(said.key[:32])

    async def _known(self, session: AsyncSession, row: Conversation, said: _Said) -> Message | None:
        if said.client_id is None:
            return None
        return await messages.find_by_client_id(session, row.id, said.client_id)

    async def _again(self, opened: _Opened, leaves: bool) -> Turn | None:
        """The answer that this message has had; None when it never got one (the process died over it)."""
        age = (now() - opened.message.created_at).total_seconds()
        deadline = time.monotonic() + max(0.0, self._patience - age)
        while True:
            try:
                async with self._database.session() as session:
                    replies = await messages.replies_to(session, opened.conversation, opened.message.id)
                    case = await self._cases.open_view(session, opened.conversation)
            except (SQLAlchemyError, OSError):
                self._storage_failed()
                return None
            if replies or (opened.message.handoff and not leaves):
                return Turn(opened.conversation, opened.message, replies, case is not None, case)
            if time.monotonic() >= deadline:
                return None
            await asyncio.sleep(_POLL)

    async def _to_staff(self, said: _Said, opened: _Opened) -> Turn:
        await self._hub.publish(hub.STAFF, {"type": "message", "id": opened.message.id, "case": opened.case.id})
        try:
            async with self._database.session() as session:
                waiting = await self._undelivered(session, opened)
                case = await self._cases.view(session, opened.case)
        except (SQLAlchemyError, OSError):
            self._storage_failed()
            waiting, case = [], None
        return Turn(opened.conversation, opened.message, waiting, True, case)

    async def _resume(self, said: _Said, opened: _Opened) -> Turn:
        if opened.row is None or opened.case is None:
            reply = BotMessage(case_texts.NOTHING_TO_RESUME)
            return await self._store(said, opened, [reply], GATEWAY)
        try:
            async with self._database.session() as session:
                await cases.close(session, opened.case.id, cases.BY_PERSON)
        except (SQLAlchemyError, OSError):
            self._storage_failed()
        turn = await self._store(said, opened, [BotMessage(case_texts.RESUMED)], GATEWAY)
        await self._cases.tell(opened.case, said.key)
        await self._cases.tell_queue()
        return turn

    async def _typing(self, said: _Said, on: bool) -> None:
        await self._hub.publish(hub.conversation(said.key), {"type": "typing", "who": "bot", "on": on})

    async def _reply(self, opened: _Opened, said: _Said) -> tuple[str, list[BotMessage]]:
        try:
            return RASA, await self._bot.send(opened.conversation, said.text)
        except BotUnavailable as error:
            self._metrics.rasa_failures.labels(error.reason).inc()
            log.warning("rasa_unavailable", reason=error.reason)
        return KNOWLEDGE_BASE, [await self._answer_alone(opened, said.text)]

    async def _answer_alone(self, opened: _Opened, text: str) -> BotMessage:
        missed: list[str] = []
        context: dict[str, Any] = opened.row.context if opened.row else {}
        try:
            if opened.row:
                async with self._database.session() as session:
                    missed = await messages.person_texts(
                        session, opened.conversation, opened.row.context_heard, opened.message.id, _REPLAYED)
            message, after, status = fallback.answer(self._kb, text, context, missed, today())
            if opened.row:
                async with self._database.session() as session:
                    await conversations.keep_context(session, opened.conversation, after, opened.message.id)
        except (SQLAlchemyError, OSError):
            self._storage_failed()
            message, _, status = fallback.answer(self._kb, text, context, missed, today())
        self._metrics.fallback_answers.labels(status).inc()
        return message

    async def _store(self, said: _Said, opened: _Opened, replies: list[BotMessage], source: str) -> Turn:
        """Store the replies with what they bring about (a verdict code, a case), and tell whoever listens."""
        if opened.row is not None:
            try:
                async with self._database.session() as session:
                    earlier = await self._undelivered(session, opened)
                    stored = [await self._stored(session, opened, reply, source) for reply in replies]
                    case = await self._opened_case(session, said, opened, replies, stored)
                    view = await self._cases.view(session, case)
                    if view is None and opened.case is not None:
                        view = await self._cases.view(session, await cases.latest_case_of(session, opened.conversation))
                for message in stored:
                    await self._hub.publish(hub.conversation(said.key), {"type": "message", "id": message.id})
                if case is not None:
                    await self._cases.tell(case, said.key)
                return Turn(opened.conversation, opened.message, [*earlier, *stored], case is not None, view)
            except (SQLAlchemyError, OSError):
                self._storage_failed()
        told = [self._message(opened.conversation, reply, source, reply.text) for reply in replies]
        return Turn(opened.conversation, opened.message, told, any(reply.handoff for reply in replies))

    async def _stored(self, session: AsyncSession, opened: _Opened, reply: BotMessage, source: str) -> Message:
        code, text = None, reply.text
        if reply.facts is not None:
            code = await _keep_verdict(session, reply)
            if code is not None:
                text = f"{text}\n{_CODE_LINE.format(code=verdict_code.shown(code))}"
        message = self._message(opened.conversation, reply, source, text)
        message.code, message.reply_to = code, opened.message.id
        return await messages.add(session, message)

    async def _opened_case(self, session: AsyncSession, said: _Said, opened: _Opened, replies: list[BotMessage],
                           stored: list[Message]) -> Case | None:
        """The case that the last of these replies opens, if one does; that reply then says how the queue stands."""
        index = next((number for number in reversed(range(len(replies))) if replies[number].handoff), None)
        if index is None and not said.by_button:
            return None
        reply = replies[-1 if index is None else index]
        reason = cases.BUTTON if said.by_button else reply.reason or cases.ASKED
        state = reply.state or fallback.state_of(opened.row.context)
        if reply.state:
            # what came to this is dealt with: should Rasa go away later, the fallback must not count the misses again
            await conversations.keep_context(session, opened.conversation,
                                             fallback.context_after(opened.row.context, state), opened.message.id)
        case, text = await self._cases.open(session, opened.row, reason, state)
        message = stored[-1 if index is None else index]
        message.text, message.handoff, message.buttons = text, True, [case_texts.RESUME_BUTTON]
        await session.flush()
        return case

    async def _undelivered(self, session: AsyncSession, opened: _Opened) -> list[Message]:
        """What could not be delivered before; with this turn it is, and with every repeat of it."""
        waiting = await messages.undelivered(session, opened.conversation)
        if waiting:
            await messages.deliver_with(session, [message.id for message in waiting], opened.message.id)
        return waiting

    def _message(self, conversation: str, reply: BotMessage, source: str, text: str) -> Message:
        return messages.new(conversation, messages.BOT, text, citations=reply.citations, buttons=reply.buttons,
                            multiple=reply.multiple, card=reply.card, handoff=reply.handoff, source=source,
                            kb_version=self._kb.version)

    def _storage_failed(self) -> None:
        self._metrics.storage_failures.inc()
        log.exception("storage_failed")


async def _keep_verdict(session: AsyncSession, reply: BotMessage) -> str | None:
    """The code under which this finished check is stored; None when its card is not of the contract's form."""
    if not {"region", "as_of", "results", "kb_version"} <= reply.card.keys():
        return None
    for _ in range(_CODE_TRIES):
        code = verdict_code.make()
        try:
            if await verdicts.add(session, code, reply.facts, reply.card):
                return code
        except ValueError:
            # as_of is no date
            return None
    return None
