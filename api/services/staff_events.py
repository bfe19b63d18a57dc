"""What a member of staff hears live: cases that change, messages in open cases."""

from collections.abc import AsyncIterator

import structlog
from sqlalchemy.exc import SQLAlchemyError

import policies_kb
from api.errors import ApiError
from api.schemas.staff import CaseSummary
from api.services import event_stream, hub
from api.services.event_stream import COMMENT, HEARTBEAT, OpenStreams, event
from api.services.hub import Hub
from api.services.message_view import view
from api.services.staff_cases import StaffCases
from api.services.staff_sessions import StaffSessions
from api.store import cases, messages
from api.store.base import Database

log = structlog.get_logger()


class StaffEvents:
    """Opens streams; one for the whole app."""

    def __init__(self, kb: policies_kb.KnowledgeBase, database: Database, news: Hub, desk: StaffCases,
                 sessions: StaffSessions, streams: OpenStreams) -> None:
        self._kb = kb
        self._database = database
        self._hub = news
        self._desk = desk
        self._sessions = sessions
        self._streams = streams

    def open(self, token: str, staff_id: int, after: int | None,
             heartbeat: float = HEARTBEAT) -> event_stream.EventStream:
        """The stream of this session; without `after` it begins now. Errors: ApiError 429 when too many are open."""
        self._streams.check(f"staff:{staff_id}")
        return event_stream.EventStream(self.events(token, staff_id, after, heartbeat))

    async def events(self, token: str, staff_id: int, after: int | None,
                     heartbeat: float = HEARTBEAT) -> AsyncIterator[bytes]:
        """The events as bytes, until the session ends."""
        with self._streams.hold(f"staff:{staff_id}"), self._hub.subscribe(hub.STAFF) as news:
            told: set[int] = set()
            last = await self._start(after)
            # at once, so that the browser knows that it is heard
            yield COMMENT
            heard = None
            while True:
                if await self._sessions.member(token, touch=False) is None:
                    yield event("signed_out", {})
                    return
                if heard is not None and heard["type"] == "case":
                    async for piece in self._case(heard["id"]):
                        yield piece
                elif heard is not None and heard["type"] == "resync":
                    # cases may have changed unheard: their list is to be read again
                    yield event("resync", {})
                late = heard["id"] if heard is not None and heard["type"] == "message" else None
                while rows := [row for row in await self._messages(last, late) if row[1].id not in told]:
                    for case_id, row in rows:
                        told.add(row.id)
                        last = max(last, row.id)
                        yield event("message", {"case": case_id} | view(self._kb, row), last)
                heard = await news.get(heartbeat)
                if heard is None:
                    yield COMMENT

    async def _start(self, after: int | None) -> int:
        if after is not None:
            return after
        async with self._database.session() as session:
            return await messages.newest_number(session)

    async def _case(self, case_id: int) -> AsyncIterator[bytes]:
        try:
            summary = await self._desk.summary(case_id)
        except ApiError:
            # deleted with its conversation
            return
        yield event("case", CaseSummary(**summary).model_dump(mode="json"))

    async def _messages(self, last: int, late: int | None) -> list[tuple[int, messages.Message]]:
        try:
            async with self._database.session() as session:
                return await cases.messages_in_open(session, last, late)
        except (SQLAlchemyError, OSError):
            # the next event or heartbeat tries again
            log.exception("storage_failed")
            return []
