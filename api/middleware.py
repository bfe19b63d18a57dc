"""What happens to every request: its id, its log line, the headers of its answer, and a last word if all fails."""

import re
import time
import uuid

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.exact_json import ExactJsonResponse, dump
from api.metrics import Metrics

log = structlog.get_logger()

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_CSP = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'")
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
_TOO_LARGE = dump({"detail": "请求正文太大"})
# asked every few seconds by supervisors: no line in the log for each
_QUIET = {"/healthz", "/readyz", "/metrics"}


class Observe:
    """Request id, structured log, request counter, security headers; an unexpected error becomes a plain 500.

    Errors end here and not in an exception handler of the app: that one would answer outside of this middleware,
    without the headers.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.body" and status == 413:
                message = {**message, "body": _TOO_LARGE}
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                if status == 413:
                    # the framework refuses large bodies itself, in English and as plain text
                    headers.update({"Content-Type": "application/json", "Content-Length": str(len(_TOO_LARGE))})
                headers["X-Request-ID"] = request_id
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            # the trace goes to the log with the request id; the caller gets the id to quote, never the trace
            log.exception("unexpected_error")
            if not status:
                body = {"detail": "服务出错了,请稍后再试", "request_id": request_id}
                await ExactJsonResponse(body, 500)(scope, receive, send_with_headers)
        finally:
            self._record(scope, status, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int, seconds: float) -> None:
        # the pattern, not the path: a path could be anything, and there must be few labels
        route = getattr(scope.get("route"), "path", None) or "unknown"
        self._metrics.requests.labels(route, scope["method"], str(status)).inc()
        if route not in _QUIET:
            log.info("request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000, 1))
