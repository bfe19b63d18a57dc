"""Calls to the platform's API."""

from typing import Any

import httpx
import structlog

from api.exact_json import dump
from api.wechat.access_token import AccessToken, NoToken

log = structlog.get_logger()

# the token is not, or no longer, valid; the third says so for one that was never any
_TOKEN_REFUSED = (40001, 42001, 40014)
_BUSY = -1
_TIMEOUT = 5.0

_MEANINGS = {
    40001: "AppSecret 不对,或者 access_token 已失效", 40013: "AppID 不对", 40125: "AppSecret 不对",
    40164: "这台机器的 IP 不在公众号后台的 IP 白名单里", 45009: "今天的调用次数用完了",
    45015: "这位关注者超过 48 小时没有说话,不能主动发消息", 45047: "连发的客服消息太多,要等对方再说话",
    48001: "公众号没有这个接口的权限(多半要认证的服务号)", 50001: "公众号没有授权这个接口",
    43004: "对方已经取消关注", 40003: "没有这个关注者", 43019: "对方已被移进黑名单",
}


class ApiProblem(Exception):
    """The platform refuses, or cannot be reached; `code` is its errcode or one word. The text is Chinese."""

    def __init__(self, code: int | str, message: str = "") -> None:
        meaning = _MEANINGS.get(code) if isinstance(code, int) else {
            "unreachable": "连不上微信的接口", "malformed": "微信的接口应答看不懂"}.get(code)
        super().__init__(f"{meaning or message or '微信接口不答应'}(errcode {code})")
        self.code = code


class WechatApi:
    """What we ask of the platform. One retry with a new token when it calls ours invalid, one when it is busy."""

    def __init__(self, client: httpx.AsyncClient, token: AccessToken, base: str) -> None:
        self._client = client
        self._token = token
        self._base = base

    async def send_text(self, openid: str, text: str) -> None:
        """A custom-service message. Errors: ApiProblem."""
        await self._post("/cgi-bin/message/custom/send",
                         {"touser": openid, "msgtype": "text", "text": {"content": text}})

    async def create_menu(self, menu: dict[str, Any]) -> None:
        """Replace the account's menu. Errors: ApiProblem."""
        await self._post("/cgi-bin/menu/create", menu)

    async def delete_menu(self) -> None:
        """Take the menu away. Errors: ApiProblem."""
        await self._call("GET", "/cgi-bin/menu/delete", None)

    async def create_qr(self, request: dict[str, Any]) -> dict[str, Any]:
        """{"ticket", "url", "expire_seconds" of a temporary one}. Errors: ApiProblem."""
        answer = await self._post("/cgi-bin/qrcode/create", request)
        if not isinstance(answer.get("ticket"), str):
            raise ApiProblem("malformed")
        return answer

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return await self._call("POST", path, body)

    async def _call(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        refused: str | None = None
        busy = False
        while True:
            try:
                token = await self._token.get(refused)
            except NoToken as error:
                raise ApiProblem(error.code, error.message) from None
            answer = await self._ask(method, path, token, body)
            code = answer.get("errcode") or 0
            if code in _TOKEN_REFUSED and refused is None:
                refused = token
            elif code == _BUSY and not busy:
                busy = True
            elif code:
                raise ApiProblem(code, str(answer.get("errmsg", "")))
            else:
                return answer

    async def _ask(self, method: str, path: str, token: str, body: dict[str, Any] | None) -> dict[str, Any]:
        # as UTF-8: the platform shows people the escapes that json makes by default
        content = None if body is None else dump(body)
        try:
            response = await self._client.request(
                method, self._base + path, params={"access_token": token}, content=content,
                headers={"Content-Type": "application/json; charset=utf-8"} if body is not None else None,
                timeout=_TIMEOUT)
            response.raise_for_status()
            answer = response.json()
        except httpx.HTTPError:
            # without the error's own text: the token stands in its address
            raise ApiProblem("unreachable") from None
        except ValueError:
            raise ApiProblem("malformed") from None
        if not isinstance(answer, dict):
            raise ApiProblem("malformed")
        return answer
