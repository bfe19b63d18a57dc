"""One follower's phone: sends, waits five seconds, repeats as the platform does, and counts what comes back."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass

import httpx

from api.wechat.simulator.api_base import ApiBase
from api.wechat.simulator.protocol import BadReply, Message, Platform, text

# the platform hangs up after five seconds and tries three more times
PATIENCE = 5.0
REPEATS = 3
# how long a late answer is waited for
LATE = 20.0


@dataclass(frozen=True)
class Outcome:
    """What came for one message: texts in the order of their coming, by which way, after how many seconds the first
    (of the text, and of the platform's own request)."""

    texts: list[str]
    late: bool
    seconds: float
    request_seconds: float
    repeats: int
    problem: str = ""


class Follower:
    """Speaks for one openid. `base` is None when the account has no custom-service messages."""

    def __init__(self, openid: str, url: str, client: httpx.AsyncClient, platform: Platform, base: ApiBase | None) -> None:
        self.openid = openid
        self._url = url
        self._client = client
        self._platform = platform
        self._base = base

    async def send(self, message: Message, expects_answer: bool = True) -> Outcome:
        """Send one message and see what comes, now or late."""
        started = time.monotonic()
        status, body, repeats = await self._deliver(message)
        requested = time.monotonic() - started
        if status != 200:
            return Outcome([], False, requested, requested, repeats, f"网关应答 {status or '超时'}")
        try:
            passive = self._platform.read(message, body)
        except BadReply as problem:
            return Outcome([], False, requested, requested, repeats, str(problem))
        texts, late, seconds = [passive] if passive else [], False, requested
        if not passive and expects_answer and self._base is not None:
            answer = await self._base.late(self.openid, LATE)
            if answer is not None:
                texts, late, seconds = [answer], True, time.monotonic() - started
        elif not passive and expects_answer:
            texts, seconds = await self._ask_again(started)
            late = bool(texts)
        if self._base is not None:
            texts += self._base.more(self.openid)
        return Outcome(texts, late, seconds, requested, repeats)

    async def _ask_again(self, started: float) -> tuple[list[str], float]:
        """Without custom-service messages a late answer comes along with the next one's: ([it], after how many seconds)."""
        for _ in range(round(LATE)):
            await asyncio.sleep(1)
            again, answer = text(self.openid, "在吗"), ""
            status, body, _ = await self._deliver(again)
            with suppress(BadReply):
                answer = self._platform.read(again, body) if status == 200 else ""
            if answer:
                return [answer], time.monotonic() - started
        return [], time.monotonic() - started

    async def _deliver(self, message: Message) -> tuple[int, str, int]:
        """(status, body, how often it had to be repeated); status 0 when the gateway never answered in time."""
        for repeats in range(REPEATS + 1):
            signed = self._platform.request(message)
            try:
                # the whole request within this time, as the platform counts; httpx would give it to each step anew
                async with asyncio.timeout(PATIENCE):
                    response = await self._client.post(
                        self._url, params=signed.query, content=signed.body, headers={"Content-Type": "text/xml"},
                        timeout=PATIENCE)
                return response.status_code, response.text, repeats
            except (TimeoutError, httpx.TimeoutException):
                continue
            except httpx.HTTPError:
                await asyncio.sleep(0.5)
        return 0, "", REPEATS
