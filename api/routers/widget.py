"""/api/v1/widget: the conversation of one browser, named by a token of its own making; no cookies."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Response
from sqlalchemy.exc import SQLAlchemyError

from api.deps import Chat, ConversationLimit, KnowledgeBase, Queue, Store, Windows, limit_rate
from api.errors import ApiError, invalid, problem
from api.masking import mask
from api.schemas import widget as shapes
from api.services import case_texts, widget_settings
from api.services.chat import Turn
from api.services.event_stream import EventStream, start_of
from api.services.message_view import view
from api.store import conversations, feedback, messages
from api.store.base import MAX_NUMBER

router = APIRouter(prefix="/api/v1/widget", tags=["网页组件"], dependencies=[Depends(limit_rate)])

_TOKEN = re.compile(r"[A-Za-z0-9_-]{22,128}")


async def _token(x_wenbu_conversation: Annotated[str, Header(description="客户端自己生成,至少22个字符")] = "") -> str:
    # it is all that opens the conversation: too short could be guessed
    if not _TOKEN.fullmatch(x_wenbu_conversation):
        raise invalid([problem(["header", "X-Wenbu-Conversation"], "请求头 X-Wenbu-Conversation 应是 22 至 128 个字母、数字、- 或 _",
                               allowed="[A-Za-z0-9_-]{22,128}")])
    return x_wenbu_conversation


Token = Annotated[str, Depends(_token)]


def _sender(token: str) -> str:
    return f"web:{token}"


@router.post("/messages", summary="说一句")
async def say(request: shapes.Says, token: Token, service: Chat, kb: KnowledgeBase,
              limit: ConversationLimit) -> shapes.Exchange:
    """同一 `client_id` 再发一次,得到同样的应答,不会答两遍。"""
    await limit.check(service.key_of(_sender(token), conversations.WEB))
    turn = await service.turn(_sender(token), request.text, channel=conversations.WEB, client_id=request.client_id,
                              shown=request.shown)
    return _exchange(kb, turn)


@router.post("/handoff", summary="转人工")
async def hand_off(token: Token, service: Chat, kb: KnowledgeBase, limit: ConversationLimit, store: Store, queue: Queue,
                   request: shapes.Step | None = None) -> shapes.Exchange:
    """已经在转人工时,只说到哪一步了。"""
    key = service.key_of(_sender(token), conversations.WEB)
    await limit.check(key)
    try:
        async with store.session() as session:
            conversation = await conversations.find(session, key)
            case = await queue.open_view(session, conversation.id) if conversation else None
    except (SQLAlchemyError, OSError):
        # the turn below counts and logs it, and answers without the database
        case = None
    if case is not None:
        return shapes.Exchange(person=None, messages=[], case=case)
    turn = await service.turn(_sender(token), case_texts.HANDOFF_WORDS, channel=conversations.WEB,
                              client_id=request.client_id if request else None, by_button=True)
    return _exchange(kb, turn)


@router.post("/resume", summary="不用人工了,接着问问补")
async def resume(token: Token, service: Chat, kb: KnowledgeBase, limit: ConversationLimit,
                 request: shapes.Step | None = None) -> shapes.Exchange:
    """结束人工服务,机器人接着答。"""
    await limit.check(service.key_of(_sender(token), conversations.WEB))
    turn = await service.turn(_sender(token), case_texts.RESUME_PAYLOAD, channel=conversations.WEB,
                              client_id=request.client_id if request else None,
                              shown=case_texts.RESUME_BUTTON["title"])
    return _exchange(kb, turn)


@router.get("/messages", summary="说过的话")
async def history(token: Token, service: Chat, kb: KnowledgeBase, store: Store, queue: Queue,
                  after: Annotated[int, Query(ge=0, le=MAX_NUMBER, description="只要编号比它大的")] = 0) -> shapes.History:
    """最近 200 条以内,先说的在前。还没说过话就是空的。"""
    async with store.session() as session:
        conversation = await conversations.find(session, service.key_of(_sender(token), conversations.WEB))
        if conversation is None:
            return shapes.History(messages=[], case=None)
        rows = await messages.after(session, conversation.id, after)
        thumbs = await feedback.values(session, [row.id for row in rows])
        case = await queue.open_view(session, conversation.id)
    return shapes.History(messages=[view(kb, row, thumbs.get(row.id)) for row in rows], case=case)


@router.get("/events", summary="新消息,随到随发", response_class=EventStream)
async def events(token: Token, service: Chat, windows: Windows,
                 after: Annotated[int | None, Query(ge=0, le=MAX_NUMBER, description="先补发编号比它大的")] = None,
                 last_event_id: Annotated[str, Header()] = "") -> EventStream:
    """Server-sent events:`message`(编号即事件 id)、`typing`、`case`;每 15 秒一个空行保持连接。"""
    return windows.open(service.key_of(_sender(token), conversations.WEB), start_of(after, last_event_id) or 0)


@router.post("/messages/{message_id}/feedback", summary="这个回答好不好", status_code=204)
async def rate(message_id: Annotated[int, Path(ge=1, le=MAX_NUMBER)], thumb: shapes.Thumb, token: Token, service: Chat, store: Store) -> Response:
    """再评一次就换掉上一次的。"""
    async with store.session() as session:
        conversation = await conversations.find(session, service.key_of(_sender(token), conversations.WEB))
        message = await messages.get(session, conversation.id, message_id) if conversation else None
        if message is None or message.author != messages.BOT:
            raise ApiError(404, {"detail": "这个对话里没有这条回答"})
        await feedback.put(session, message_id, thumb.value, thumb.reason if thumb.value == "down" else None,
                           mask(thumb.comment) if thumb.comment else None)
    return Response(status_code=204)


@router.get("/settings", summary="开场白、例子、告知")
async def settings(kb: KnowledgeBase) -> shapes.WidgetSettings:
    """组件打开时显示的内容。"""
    return shapes.WidgetSettings(**widget_settings.view(kb))


def _exchange(kb: Any, turn: Turn) -> shapes.Exchange:
    return shapes.Exchange(
        person=view(kb, turn.person) if turn.person else None,
        messages=[view(kb, message) for message in turn.messages],
        case=turn.case)
