"""Cases from the staff's side: list, open, take, answer, end."""

from collections.abc import Iterable
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

import policies_kb
from api.clock import now
from api.errors import ApiError
from api.logs import sender_key
from api.masking import mask
from api.services import case_texts, hub
from api.services.cases import Cases
from api.services.hub import Hub
from api.services.message_view import view
from api.services.outbound import Outbound
from api.services.sender_locks import SenderLocks
from api.services.staff_sessions import Member
from api.store import cases, messages, staff
from api.store.base import Database
from api.store.cases import Case
from api.store.conversations import Conversation
from api.store.messages import Message

log = structlog.get_logger()

_ENDINGS = {cases.SETTLED: case_texts.SETTLED, cases.HANDED_BACK: case_texts.HANDED_BACK}
_EXCERPT = 100


class StaffCases:
    """What members of staff do with cases; one for the whole app. `locks` are those of the chat: order is kept."""

    def __init__(self, kb: policies_kb.KnowledgeBase, database: Database, news: Hub, queue: Cases, outbound: Outbound,
                 locks: SenderLocks, hash_key: bytes) -> None:
        self._kb = kb
        self._database = database
        self._hub = news
        self._cases = queue
        self._outbound = outbound
        self._locks = locks
        self._hash_key = hash_key

    async def listed(self, status: str | None) -> list[dict[str, Any]]:
        """Summaries: of this status, or of all open cases."""
        async with self._database.session() as session:
            return await self._summaries(session, await cases.listed(session, status))

    async def summary(self, case_id: int) -> dict[str, Any]:
        """One case in short. Errors: ApiError 404."""
        async with self._database.session() as session:
            return (await self._summaries(session, [await self._case(session, case_id)]))[0]

    async def opened(self, case_id: int) -> dict[str, Any]:
        """One case with what has been said and what was known when it was opened. Errors: ApiError 404."""
        async with self._database.session() as session:
            case = await self._case(session, case_id)
            (summary,) = await self._summaries(session, [case])
            said = await messages.after(session, case.conversation_id, 0)
        return summary | {"state": case.state, "messages": [view(self._kb, message) for message in said]}

    async def claim(self, case_id: int, member: Member) -> dict[str, Any]:
        """Take a case that waits; taking one's own again changes nothing. Errors: ApiError 404, 409."""
        async with self._database.session() as session:
            taken = await cases.claim(session, case_id, member.id)
            case = await self._case(session, case_id)
            if not taken and not (case.status == cases.CLAIMED and case.claimed_by == member.id):
                raise await self._conflict(session, case)
            conversation = await session.get_one(Conversation, case.conversation_id)
            if taken:
                # read in the widget; channels with few messages to spend (WeChat) need not tell it
                notice = await messages.add(session, self._system(conversation, case_texts.CLAIMED))
        if taken:
            log.info("case_claimed", case=case_id, staff=member.id)
            await self._publish(conversation, case, notice)
            await self._cases.tell(case, conversation.sender_key)
            await self._cases.tell_queue()
        return await self.summary(case_id)

    async def reply(self, case_id: int, member: Member, text: str, client_id: str) -> dict[str, Any]:
        """Say something to the person, once for each `client_id`. Errors: ApiError 404, 409."""
        name = sender_key(f"staff:{case_id}:{client_id}", self._hash_key)
        conversation = await self._conversation(case_id)
        async with self._locks.hold(conversation.sender_key):
            async with self._database.session() as session:
                case = await self._case(session, case_id)
                known = await messages.find_by_client_id(session, conversation.id, name)
                if known is not None:
                    return view(self._kb, known)
                if case.status != cases.CLAIMED or case.claimed_by != member.id:
                    raise await self._conflict(session, case)
                try:
                    async with session.begin_nested():
                        message = await messages.add(session, messages.new(
                            conversation.id, messages.STAFF, mask(text), client_id=name, source="staff",
                            delivered=self._outbound.reaches(conversation.channel)))
                except IntegrityError:
                    # another gateway process stored the same reply between our look and our write
                    return view(self._kb, await messages.find_by_client_id(session, conversation.id, name))
            await self._publish(conversation, case, message)
            await self._deliver(conversation, message)
        return view(self._kb, message)

    async def end(self, case_id: int, member: Member, how: str) -> dict[str, Any]:
        """Close a case (`how`: settled, or handed back to the bot): one's own, or one that nobody has taken.

        Ending what has ended changes nothing. Errors: ApiError 404, 409.
        """
        conversation = await self._conversation(case_id)
        async with self._locks.hold(conversation.sender_key):
            async with self._database.session() as session:
                case = await self._case(session, case_id)
                if case.status == cases.CLAIMED and case.claimed_by != member.id:
                    raise await self._conflict(session, case)
                closed = await cases.close(session, case_id, how)
                if closed:
                    notice = await messages.add(session, self._system(
                        conversation, _ENDINGS[how], delivered=self._outbound.reaches(conversation.channel)))
            if closed:
                log.info("case_closed", case=case_id, staff=member.id, how=how)
                await self._publish(conversation, case, notice)
                await self._deliver(conversation, notice)
        if closed:
            await self._cases.tell(case, conversation.sender_key)
            await self._cases.tell_queue()
        return await self.summary(case_id)

    async def typing(self, case_id: int, member: Member, on: bool) -> None:
        """The person sees that somebody writes. Errors: ApiError 404, 409."""
        async with self._database.session() as session:
            case = await self._case(session, case_id)
            if case.status != cases.CLAIMED or case.claimed_by != member.id:
                raise await self._conflict(session, case)
            conversation = await session.get_one(Conversation, case.conversation_id)
        await self._hub.publish(hub.conversation(conversation.sender_key), {"type": "typing", "who": "staff", "on": on})

    async def _conversation(self, case_id: int) -> Conversation:
        async with self._database.session() as session:
            case = await self._case(session, case_id)
            return await session.get_one(Conversation, case.conversation_id)

    async def _case(self, session: AsyncSession, case_id: int) -> Case:
        # populate_existing: an UPDATE of this session must be seen
        case = await session.get(Case, case_id, populate_existing=True)
        if case is None:
            raise ApiError(404, {"detail": "没有这个会话"})
        return case

    async def _conflict(self, session: AsyncSession, case: Case) -> ApiError:
        if case.status == cases.CLOSED:
            return ApiError(409, {"detail": "这个会话已经结束了"})
        if case.status == cases.WAITING:
            return ApiError(409, {"detail": "这个会话还没有人接,请先接下来"})
        name = (await staff.names(session)).get(case.claimed_by, "别人")
        return ApiError(409, {"detail": f"这个会话是{name}在接", "claimed_by": name})

    async def _summaries(self, session: AsyncSession, found: Iterable[Case]) -> list[dict[str, Any]]:
        found, moment = list(found), now()
        names = await staff.names(session)
        last = await messages.newest_of(session, [case.conversation_id for case in found])
        return [{
            "id": case.id, "conversation": case.conversation_id, "channel": case.channel, "reason": case.reason,
            "status": case.status, "opened_at": case.opened_at, "claimed_at": case.claimed_at,
            "closed_at": case.closed_at, "claimed_by": names.get(case.claimed_by), "closed_how": case.closed_how,
            "waiting_seconds": int(((case.claimed_at or case.closed_at or moment) - case.opened_at).total_seconds()),
            "last_message": _excerpt(last.get(case.conversation_id)),
        } for case in found]

    def _system(self, conversation: Conversation, text: str, *, delivered: bool = True) -> Message:
        return messages.new(conversation.id, messages.SYSTEM, text, delivered=delivered)

    async def _publish(self, conversation: Conversation, case: Case, message: Message) -> None:
        await self._hub.publish(hub.conversation(conversation.sender_key), {"type": "message", "id": message.id})
        await self._hub.publish(hub.STAFF, {"type": "message", "id": message.id, "case": case.id})

    async def _deliver(self, conversation: Conversation, message: Message) -> None:
        """Send it, where that can be done. It is stored as delivered until that fails: the person's next turn, in another
        process, must not say it as well."""
        if message.delivered_at is not None and not await self._outbound.deliver(conversation, message):
            async with self._database.session() as session:
                await messages.set_delivered(session, [message.id], None)


def _excerpt(message: Message | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {"author": message.author, "text": message.text[:_EXCERPT], "created_at": message.created_at}
