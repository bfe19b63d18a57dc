"""What a window with the widget hears of its conversation, live, and from where it left off when it comes again."""

from collections.abc import AsyncIterator

import structlog
from sqlalchemy.exc import SQLAlchemyError

import policies_kb
from api.services import event_stream, hub
from api.services.cases import Cases, CaseView
from api.services.event_stream import COMMENT, HEARTBEAT, OpenStreams, event
from api.services.hub import Event, Hub
from api.services.message_view import view
from api.store import cases, conversations, feedback, messages
from api.store.base import Database
from api.store.messages import Message

log = structlog.get_logger()

_NOTHING = object()


class WidgetEvents:
    """Opens streams; one for the whole app."""

    def __init__(self, kb: policies_kb.KnowledgeBase, database: Database, news: Hub, queue: Cases,
                 streams: OpenStreams) -> None:
        self._kb = kb
        self._database = database
        self._hub = news
        self._cases = queue
        self._streams = streams

    def open(self, sender_key: str, after: int, heartbeat: float = HEARTBEAT) -> event_stream.EventStream:
        """The stream of this sender's conversation: first what came after number `after`, then what comes.

        Errors: ApiError 429 when too many are open.
        """
        self._streams.check(sender_key)
        return event_stream.EventStream(self.events(sender_key, after, heartbeat))

    async def events(self, sender_key: str, after: int, heartbeat: float = HEARTBEAT) -> AsyncIterator[bytes]:
        """The events as bytes, without end."""
        reader = _Reader(self, sender_key, after)
        # listen first, then read: what comes in between is heard twice and told once
        with self._streams.hold(sender_key), self._hub.subscribe(hub.conversation(sender_key)) as news:
            async for piece in reader.catch_up():
                yield piece
            while True:
                heard = await news.get(heartbeat)
                if heard is None:
                    # an event may have been lost on its way: look, whatever was heard
                    yield COMMENT
                async for piece in reader.pieces(heard):
                    yield piece


class _Reader:
    """One window: what it has had."""

    def __init__(self, parts: WidgetEvents, sender_key: str, after: int) -> None:
        self._parts = parts
        self._key = sender_key
        self._conversation: str | None = None
        self._last = after
        self._told: set[int] = set()
        self._case: CaseView | None | object = _NOTHING

    async def pieces(self, heard: Event | None) -> AsyncIterator[bytes]:
        """What one event comes to; None: nothing was heard for a while."""
        kind = heard["type"] if heard is not None else None
        if kind == "typing":
            yield event("typing", {"who": heard["who"], "on": heard["on"]})
            return
        if kind == "message" and heard["id"] in self._told:
            return
        async for piece in self.catch_up(heard["id"] if kind == "message" else None):
            yield piece

    async def catch_up(self, number: int | None = None) -> AsyncIterator[bytes]:
        """Everything that is new in the database. `number`: a message was heard of, maybe one below the last; then
        the case is not looked at, which has events of its own."""
        try:
            rows, thumbs, case = await self._read(number)
        except (SQLAlchemyError, OSError):
            # the next heartbeat tries again
            log.exception("storage_failed")
            return
        for row in rows:
            self._told.add(row.id)
            self._last = max(self._last, row.id)
            yield event("message", view(self._parts._kb, row, thumbs.get(row.id)), self._last)
        if case != self._case:
            self._case = case
            yield event("case", case)

    async def _read(self, number: int | None) -> tuple[list[Message], dict[int, str], CaseView | None | object]:
        async with self._parts._database.session() as session:
            if self._conversation is None or number is None:
                conversation = await conversations.find(session, self._key)
                if conversation is None:
                    return [], {}, None
                self._conversation = conversation.id
            rows = await messages.after(session, self._conversation, self._last)
            if number is not None and number < self._last:
                late = await messages.get(session, self._conversation, number)
                rows = [*([late] if late else []), *rows]
            rows = [row for row in rows if row.id not in self._told]
            if number is not None:
                # live: too new for anybody to have thought about it
                return rows, {}, self._case
            thumbs = await feedback.values(session, [row.id for row in rows])
            latest = await cases.latest_case_of(session, self._conversation)
            if self._case in (_NOTHING, None) and latest is not None and latest.status == cases.CLOSED:
                # a case of long ago is no news
                latest = None
            return rows, thumbs, await self._parts._cases.view(session, latest)
