"""The access token: fetched by `stable_token`, kept in the database for all processes, renewed before it expires."""

import asyncio
import time
from datetime import datetime, timedelta

import httpx
import structlog
from sqlalchemy.exc import SQLAlchemyError

from api.clock import now
from api.store import wechat_tokens
from api.store.base import Database

log = structlog.get_logger()

# the platform gives a new token five minutes before the end of the old one; both work meanwhile
_AHEAD = timedelta(minutes=5)
_LEASE = 10.0
_POLL = 0.1
_TIMEOUT = 5.0


class NoToken(Exception):
    """The platform gives no token; `code` is its errcode, or a word for what went wrong on the way."""

    def __init__(self, code: int | str, message: str = "") -> None:
        super().__init__(f"{code} {message}".strip())
        self.code = code
        self.message = message


class AccessToken:
    """The token of one account. Each process has it in memory, and the database has it for all of them."""

    def __init__(self, client: httpx.AsyncClient, database: Database, base: str, app_id: str, secret: str) -> None:
        self._client = client
        self._database = database
        self._url = f"{base}/cgi-bin/stable_token"
        self._app_id = app_id
        self._secret = secret
        self._token = ""
        self._renew_at = now()
        self._lock = asyncio.Lock()

    async def get(self, refused: str | None = None) -> str:
        """A token that works. `refused`: the one that the platform has just called invalid. Errors: NoToken."""
        async with self._lock:
            if self._token and self._token != refused and now() < self._renew_at:
                return self._token
            try:
                return await self._shared(refused)
            except (SQLAlchemyError, OSError):
                # without the database this process asks for itself: the platform gives everybody the same token
                log.exception("wechat_token_store_failed")
                return await self._fetch(refused)

    async def _shared(self, refused: str | None) -> str:
        """The token of the database; fetched if it has none that is good, by one process only."""
        deadline = time.monotonic() + _LEASE
        mine = False
        while True:
            async with self._database.session() as session:
                row = await wechat_tokens.find(session, self._app_id)
                if row is not None and row.token and row.token != refused and now() < row.expires_at - _AHEAD:
                    if mine:
                        # somebody stored it between our look and our lease
                        await wechat_tokens.give_up(session, self._app_id)
                    return self._remember(row.token, row.expires_at - _AHEAD)
            if mine or time.monotonic() >= deadline:
                return await self._renewed(refused)
            async with self._database.session() as session:
                mine = await wechat_tokens.lease(session, self._app_id, _LEASE)
            if not mine:
                await asyncio.sleep(_POLL)

    async def _renewed(self, refused: str | None) -> str:
        try:
            token = await self._fetch(refused)
        except NoToken:
            async with self._database.session() as session:
                await wechat_tokens.give_up(session, self._app_id)
            raise
        async with self._database.session() as session:
            await wechat_tokens.store(session, self._app_id, token, self._renew_at + _AHEAD)
        return token

    async def _fetch(self, refused: str | None) -> str:
        token, seconds = await self._ask(force=False)
        if token == refused:
            # the platform still holds what it refuses: only now is it to make a new one (twenty times a day at most)
            token, seconds = await self._ask(force=True)
        return self._remember(token, now() + timedelta(seconds=seconds) - _AHEAD)

    async def _ask(self, force: bool) -> tuple[str, float]:
        body = {"grant_type": "client_credential", "appid": self._app_id, "secret": self._secret, "force_refresh": force}
        try:
            response = await self._client.post(self._url, json=body, timeout=_TIMEOUT)
            response.raise_for_status()
            answer = response.json()
            if answer.get("errcode"):
                raise NoToken(int(answer["errcode"]), str(answer.get("errmsg", "")))
            log.info("wechat_token_fetched", forced=force)
            return str(answer["access_token"]), float(answer["expires_in"])
        except httpx.HTTPError as error:
            # never the error itself: it may quote the request, and the secret stands in that
            raise NoToken("unreachable", type(error).__name__) from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NoToken("malformed") from None

    def _remember(self, token: str, renew_at: datetime) -> str:
        self._token, self._renew_at = token, renew_at
        return token
