"""The platform's API, played: stable_token and custom-service messages, so that late answers are seen."""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


class ApiBase:
    """What custom-service messages came for whom; wait for them with `late`."""

    def __init__(self, app_id: str, secret: str) -> None:
        self._app_id = app_id
        self._secret = secret
        self._token = secrets.token_urlsafe(24)
        self.sent: dict[str, asyncio.Queue[str]] = defaultdict(asyncio.Queue)
        self.app = Starlette(routes=[
            Route("/cgi-bin/stable_token", self._stable_token, methods=["POST"]),
            Route("/cgi-bin/message/custom/send", self._send, methods=["POST"])])

    async def late(self, openid: str, seconds: float) -> str | None:
        """The next custom-service message to this follower; None when none comes in this time."""
        try:
            async with asyncio.timeout(seconds):
                return await self.sent[openid].get()
        except TimeoutError:
            return None

    def more(self, openid: str) -> list[str]:
        """Messages to this follower that nobody has asked for."""
        queue = self.sent[openid]
        return [queue.get_nowait() for _ in range(queue.qsize())]

    def all_more(self) -> list[str]:
        """Messages to anybody that nobody has asked for."""
        return [text for openid in list(self.sent) for text in self.more(openid)]

    async def _stable_token(self, request: Request) -> JSONResponse:
        body = await request.json()
        if body.get("appid") != self._app_id or body.get("secret") != self._secret:
            return JSONResponse({"errcode": 40125, "errmsg": "invalid appsecret"})
        return JSONResponse({"access_token": self._token, "expires_in": 7200})

    async def _send(self, request: Request) -> JSONResponse:
        if request.query_params.get("access_token") != self._token:
            return JSONResponse({"errcode": 40001, "errmsg": "invalid credential"})
        body = await request.json()
        content = body["text"]["content"]
        if len(content.encode()) > 2048:
            return JSONResponse({"errcode": 45002, "errmsg": "content size out of limit"})
        self.sent[body["touser"]].put_nowait(content)
        return JSONResponse({"errcode": 0, "errmsg": "ok"})


@asynccontextmanager
async def serving(base: ApiBase, port: int) -> AsyncIterator[None]:
    """Listen on this port of the loopback address meanwhile."""
    server = uvicorn.Server(uvicorn.Config(base.app, host="127.0.0.1", port=port, log_level="critical", lifespan="off"))
    # the command has its own way with Ctrl-C
    server.capture_signals = _no_signals
    task = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if task.done():
                raise OSError(f"port {port}")
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await task


class _no_signals:
    def __enter__(self) -> None:
        """Leave the signals alone."""

    def __exit__(self, *_: object) -> None:
        """Nothing to put back."""
