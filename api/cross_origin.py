"""Who may call us from a page of another origin: sites that are listed, by key and exact origin. No cookies, ever.

The widget's paths and the public readings of the knowledge base; nothing else answers a foreign page, least of all the
staff's paths. Our own pages need no key: their origin is the one that they call.
"""

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.exact_json import ExactJsonResponse
from api.settings import Settings
from api.store import sites

log = structlog.get_logger()

_WIDGET = "/api/v1/widget/"
_READINGS = ("/api/v1/regions", "/api/v1/documents", "/api/v1/benefits", "/api/v1/facts", "/api/v1/search")
# what a conversation or a case says is nobody's to keep
_PRIVATE = (_WIDGET, "/api/v1/staff")
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Content-Type, X-Wenbu-Conversation, X-Wenbu-Site, Last-Event-ID, X-Request-ID",
    "Access-Control-Max-Age": "600",
}
_EXPOSED = "X-Request-ID, Retry-After"


def own_origins(scope: Scope, settings: Settings) -> set[str]:
    """The origins that are ours, for this request: its own scheme and host, and the public address if one is set."""
    own = {f"{scope['scheme']}://{Headers(scope=scope).get('host', '')}".lower()}
    if settings.public_url:
        own.add(settings.public_url.rstrip("/").lower())
    return own


def _is_open(path: str) -> bool:
    return path.startswith(_WIDGET) or any(path == one or path.startswith(f"{one}/") for one in _READINGS)


class CrossOrigin:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith(_PRIVATE):
            send = _with(send, {"Cache-Control": "no-store"})
        if not _is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        # whether the answer carries the header depends on who asks: no cache may hand it to another
        send = _with(send, {"Vary": "Origin"})
        if origin is None or origin.lower() in own_origins(scope, self._settings):
            await self._app(scope, receive, send)
            return
        try:
            refusal = await self._refusal(scope, headers, origin)
        except (SQLAlchemyError, OSError):
            log.exception("storage_failed")
            await ExactJsonResponse({"detail": "暂时查不到站点,请稍后再试"}, 503)(scope, receive, send)
            return
        if refusal is not None:
            await ExactJsonResponse({"detail": refusal}, 403)(scope, receive, send)
            return
        allowed = {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": _EXPOSED}
        if _is_preflight(scope, headers):
            await Response(status_code=204, headers=allowed | _PREFLIGHT)(scope, receive, send)
            return
        await self._app(scope, receive, _with(send, allowed))

    async def _refusal(self, scope: Scope, headers: Headers, origin: str) -> str | None:
        """Why this page may not call us, or None if it may."""
        async with scope["app"].state.wenbu.database.session() as session:
            if _is_preflight(scope, headers):
                # a preflight cannot carry the key: the request that follows must
                known = any(origin in site.origins for site in await sites.active(session))
                return None if known else "这个网站没有登记,不能使用问补"
            key = headers.get("x-wenbu-site", "")
            if not key:
                return "缺少请求头 X-Wenbu-Site:别的网站使用问补要带站点密钥"
            site = await sites.find(session, key[:64])
        if site is None:
            return "请求头 X-Wenbu-Site 的站点密钥不对,或已停用"
        return None if origin in site.origins else "站点密钥和网页的来源对不上"


def _is_preflight(scope: Scope, headers: Headers) -> bool:
    return scope["method"] == "OPTIONS" and "access-control-request-method" in headers


def _with(send: Send, headers: dict[str, str]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = MutableHeaders(scope=message)
            for name, value in headers.items():
                given.setdefault(name, value)
        await send(message)

    return sending
