"""Cases from the conversation's side: opened, looked at, left again; and who is told of it."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.clock import now
from api.services import case_texts, hub
from api.services.hub import Hub
from api.services.office_hours import OfficeHours
from api.store import cases
from api.store.base import Database
from api.store.cases import Case
from api.store.conversations import Conversation

CaseView = dict[str, Any]
"""{"status": waiting | claimed | closed, "ahead": how many wait before it, "text": one line in words}"""


class Cases:
    """The queue."""

    def __init__(self, database: Database, news: Hub, hours: OfficeHours) -> None:
        self._database = database
        self._hub = news
        self._hours = hours

    async def open(self, session: AsyncSession, conversation: Conversation, reason: str,
                   state: dict[str, Any]) -> tuple[Case, str]:
        """A new case, and what the person hears. Tell staff with `tell` once the session is committed."""
        case = await cases.open_one(session, conversation, reason, state)
        ahead = await cases.ahead_of(session, case)
        return case, case_texts.opened(reason, ahead, self._hours, now())

    async def view(self, session: AsyncSession, case: Case | None) -> CaseView | None:
        """The case as the person sees it."""
        if case is None:
            return None
        ahead = await cases.ahead_of(session, case)
        return {"status": case.status, "ahead": ahead, "text": case_texts.status(case.status, ahead, self._hours, now())}

    async def open_view(self, session: AsyncSession, conversation_id: str) -> CaseView | None:
        """The conversation's open case as the person sees it, or None."""
        return await self.view(session, await cases.open_case_of(session, conversation_id))

    async def tell(self, case: Case, sender_key: str) -> None:
        """Staff and the person's own windows hear that the case has changed."""
        await self._hub.publish(hub.conversation(sender_key), {"type": "case"})
        await self._hub.publish(hub.STAFF, {"type": "case", "id": case.id})

    async def tell_queue(self) -> None:
        """Everybody who waits hears that the queue has moved on."""
        async with self._database.session() as session:
            waiting = await cases.listed(session, cases.WAITING)
            keys = await cases.sender_keys(session, [case.conversation_id for case in waiting])
        for key in keys.values():
            await self._hub.publish(hub.conversation(key), {"type": "case"})
