"""GET and POST /wechat: what the platform of the official account calls."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response

from api.deps import Wechat
from api.errors import ApiError
from api.wechat.account import Account
from api.wechat.gate import Refused
from api.wechat.replies import SUCCESS

router = APIRouter(include_in_schema=False)

_NONE = ("没有配置公众号。要接公众号,请设置 WENBU_WECHAT_TOKEN 和 WENBU_WECHAT_APP_ID,"
         "安全模式还要 WENBU_WECHAT_AES_KEY,再重新启动。")


async def _account(wechat: Wechat) -> Account:
    if wechat is None:
        raise ApiError(404, {"detail": _NONE})
    return wechat


_Account = Annotated[Account, Depends(_account)]


# no limit by address: all followers come from the platform's few addresses
@router.get("/wechat")
async def check(request: Request, account: _Account) -> Response:
    """The platform asks whether this address is ours, when somebody fills in 服务器配置."""
    try:
        return PlainTextResponse(account.echo(request.query_params))
    except Refused as refused:
        return _refusal(refused)


@router.post("/wechat")
async def receive(request: Request, account: _Account) -> Response:
    """One message or event, plain or encrypted."""
    try:
        body = await account.receive(request.query_params, await request.body())
    except Refused as refused:
        return _refusal(refused)
    return PlainTextResponse(body) if body == SUCCESS else Response(body, media_type="application/xml")


def _refusal(refused: Refused) -> Response:
    """To the forger nothing at all; to who runs the account, what is wrong with their settings."""
    if refused.status == 403:
        return Response(status_code=403)
    raise ApiError(refused.status, {"detail": refused.detail})
