"""/api/v1/staff: cases and verdict codes, for members of staff who are signed in."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response

from api.deps import Config, Desk, DeskEvents, Sessions, Store, limit_rate
from api.errors import ApiError, invalid, problem
from api.schemas import staff as shapes
from api.schemas.widget import Message
from api.services import verdict_code
from api.services.event_stream import EventStream, start_of
from api.staff_guard import SignedIn, Token, give_cookie, own_page, signed_in, take_cookie
from api.store import cases, verdicts
from api.store.base import MAX_NUMBER

_PREFIX = "/api/v1/staff"

CaseId = Annotated[int, Path(ge=1, le=MAX_NUMBER)]

# the only path that is open without a session
entrance = APIRouter(prefix=_PREFIX, tags=["工作人员"], dependencies=[Depends(limit_rate), Depends(own_page)])
# denied by default: the guard stands before the router, not before each path
router = APIRouter(prefix=_PREFIX, tags=["工作人员"], dependencies=[Depends(limit_rate), Depends(signed_in)])


@entrance.post("/login", summary="登录")
async def sign_in(request: Request, response: Response, body: shapes.SignIn, sessions: Sessions, settings: Config,
                  old: Token) -> shapes.Me:
    """会话放在 Cookie 里:30 分钟没动作或满 12 小时就要重新登录。试错太多次要等。"""
    address = request.client.host if request.client else "unknown"
    token, member = await sessions.sign_in(body.name, body.password, address, old or None)
    give_cookie(request, settings, response, token)
    return shapes.Me(name=member.name)


@router.post("/logout", summary="退出", status_code=204)
async def sign_out(request: Request, sessions: Sessions, settings: Config, token: Token) -> Response:
    """会话当场作废。"""
    await sessions.sign_out(token)
    response = Response(status_code=204)
    take_cookie(request, settings, response)
    return response


@router.get("/me", summary="我是谁")
async def me(member: SignedIn) -> shapes.Me:
    """登录着的是谁。"""
    return shapes.Me(name=member.name)


@router.get("/cases", summary="转人工的会话")
async def listed(desk: Desk,
                 status: Annotated[Literal["waiting", "claimed", "closed"] | None, Query()] = None) -> shapes.CaseList:
    """不给 `status` 就列没结束的。没结束的先来的在前,结束了的后结束的在前,最多 200 个。"""
    return shapes.CaseList(cases=await desk.listed(status))


@router.get("/cases/{case_id}", summary="一个会话")
async def opened(case_id: CaseId, desk: Desk) -> shapes.CaseDetail:
    """说过的话,和转人工时已知的情况。"""
    return shapes.CaseDetail(**await desk.opened(case_id))


@router.post("/cases/{case_id}/claim", summary="接下来")
async def claim(case_id: CaseId, desk: Desk, member: SignedIn) -> shapes.CaseSummary:
    """别人接了就是 409。"""
    return shapes.CaseSummary(**await desk.claim(case_id, member))


@router.post("/cases/{case_id}/reply", summary="回话")
async def reply(case_id: CaseId, body: shapes.Answer, desk: Desk, member: SignedIn) -> Message:
    """接了的人才能回。同一 `client_id` 再发一次不会说两遍。身份证号、手机号、卡号会被遮住。"""
    return Message(**await desk.reply(case_id, member, body.text, body.client_id))


@router.post("/cases/{case_id}/typing", summary="正在写", status_code=204)
async def typing(case_id: CaseId, body: shapes.Typing, desk: Desk, member: SignedIn) -> Response:
    """让对方看到有人在写。"""
    await desk.typing(case_id, member, body.on)
    return Response(status_code=204)


@router.post("/cases/{case_id}/close", summary="办完了")
async def close(case_id: CaseId, desk: Desk, member: SignedIn) -> shapes.CaseSummary:
    """结束会话,之后由机器人接着答。"""
    return shapes.CaseSummary(**await desk.end(case_id, member, cases.SETTLED))


@router.post("/cases/{case_id}/handback", summary="交还机器人")
async def hand_back(case_id: CaseId, desk: Desk, member: SignedIn) -> shapes.CaseSummary:
    """不用人工也能答的,交还给机器人。"""
    return shapes.CaseSummary(**await desk.end(case_id, member, cases.HANDED_BACK))


@router.get("/events", summary="新会话和新消息,随到随发", response_class=EventStream)
async def events(member: SignedIn, token: Token, desk_events: DeskEvents,
                 after: Annotated[int | None, Query(ge=0, le=MAX_NUMBER, description="先补发编号比它大的消息")] = None,
                 last_event_id: Annotated[str, Header()] = "") -> EventStream:
    """Server-sent events:`case`(会话摘要)、`message`(消息,外加 case 编号)、`resync`(请重读列表)、`signed_out`。"""
    return desk_events.open(token, member.id, start_of(after, last_event_id))


@router.get("/verdicts/{code}", summary="凭查询码看测算")
async def verdict(code: Annotated[str, Path(max_length=64)], store: Store) -> shapes.VerdictView:
    """大小写、空格、横线、全角都认。听错一位或相邻两位写反,会指出来。"""
    try:
        plain = verdict_code.read(code)
    except verdict_code.WrongCode as error:
        raise invalid([problem(["path", "code"], str(error), got=code,
                               allowed=f"8 位,只用 {verdict_code.ALPHABET}")]) from None
    async with store.session() as session:
        row = await verdicts.find(session, plain)
    if row is None:
        raise ApiError(404, {"detail": "没有这个查询码的测算"})
    return shapes.VerdictView(code=verdict_code.shown(row.code), region=row.region, as_of=row.as_of, facts=row.facts,
                              result=row.result, kb_version=row.kb_version, created_at=row.created_at)
