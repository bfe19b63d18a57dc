"""What the tests play with: the platform, its API, a gateway with an account, a bot that answers when it is told to."""

import asyncio
import json
import secrets
import time

import httpx

from api.main import create_app
from api.wechat.settings import WechatSettings, read_settings
from api.wechat.signature import sign
from api.wechat.simulator.protocol import Message, Platform, text

TOKEN = "testtoken"
APP_ID = "wx1234567890abcdef"
SECRET = "not a secret"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OLD_KEY = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"
API = "https://api.wechat.test"
OPENID = "oFollower-of_tests"


class FakePlatformApi:
    """The platform's API: hands out tokens, takes custom-service messages; `sent` is what arrived for whom."""

    def __init__(self):
        self.sent = []
        self.tokens = 0
        self.forced = 0
        self.calls = []
        self.errors = []
        self.expires_in = 7200
        self.valid = set()

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else None
        self.calls.append((request.url.path, body, request.content))
        if request.url.path == "/cgi-bin/stable_token":
            assert body["appid"] == APP_ID
            assert body["secret"] == SECRET
            if body["force_refresh"]:
                self.forced += 1
                self.valid.clear()
            if not self.valid:
                self.tokens += 1
                self.valid.add(f"token-{self.tokens}")
            return httpx.Response(200, json={"access_token": next(iter(self.valid)), "expires_in": self.expires_in})
        if request.url.params["access_token"] not in self.valid:
            return httpx.Response(200, json={"errcode": 40001, "errmsg": "invalid credential"})
        if self.errors:
            error = self.errors.pop(0)
            if isinstance(error, Exception):
                raise error
            return httpx.Response(200, json={"errcode": error, "errmsg": "…"})
        if request.url.path == "/cgi-bin/message/custom/send":
            self.sent.append((body["touser"], body["text"]["content"]))
        if request.url.path == "/cgi-bin/qrcode/create":
            return httpx.Response(200, json={"ticket": "a+ticket/=", "url": "http://weixin.qq.com/q/x", "expire_seconds": 60})
        return httpx.Response(200, json={"errcode": 0, "errmsg": "ok"})


class Wechat:
    """Sends messages as the platform does and reads the answers as it does."""

    def __init__(self, client, settings, encrypted):
        self.client = client
        self.settings = settings
        self.platform = Platform(settings, encrypted)

    async def post(self, message: Message) -> httpx.Response:
        """One request, newly signed."""
        signed = self.platform.request(message)
        return await self.client.post("/wechat", params=signed.query, content=signed.body)

    async def send(self, message: Message) -> str:
        """The text of the passive reply; "" for the empty success."""
        response = await self.post(message)
        assert response.status_code == 200, response.text
        return self.platform.read(message, response.text)

    async def say(self, content: str, openid: str = OPENID) -> str:
        """Send a text."""
        return await self.send(text(openid, content))


class Gateway:
    """Starts apps with an account; `wechat(...)` gives a platform for the one that is running."""

    def __init__(self, settings, neighbours, api):
        self.settings = settings
        self.neighbours = neighbours
        self.api = api
        self._contexts = []
        self.app = None

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """The network of the gateway."""
        return await (self.api if request.url.host == "api.wechat.test" else self.neighbours)(request)

    async def start(self):
        """Start the app; again after `stop` it has the same database."""
        app = create_app(self.settings, client=httpx.AsyncClient(transport=httpx.MockTransport(self)))
        context = app.router.lifespan_context(app)
        await context.__aenter__()
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://wenbu.test")
        self._contexts.append((context, client))
        self.app = app
        return client

    async def stop(self):
        """Stop all that was started."""
        while self._contexts:
            context, client = self._contexts.pop()
            await client.aclose()
            await context.__aexit__(None, None, None)

    def patience(self, seconds=4.9):
        """From now on requests wait so long: what is to be late is late already, and a slow machine is no failure."""
        self.app.state.wenbu.wechat._delivery._seconds = seconds

    async def wechat(self, encrypted=True):
        """A platform in front of a new app."""
        return Wechat(await self.start(), read_settings(), encrypted)


class SlowBot:
    """Rasa that answers when it is told to; counts the turns."""

    def __init__(self, neighbours, answer="这是回答。"):
        self.turns = 0
        self.go = asyncio.Event()
        self.answer = answer
        neighbours.rasa = self._rasa

    async def _rasa(self, request):
        self.turns += 1
        words = json.loads(request.content)["message"]
        await self.go.wait()
        return httpx.Response(200, json=[{"custom": {"text": f"{self.answer}（{words}）"}}])


async def until(condition, seconds=3.0):
    """Wait until this holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        await asyncio.sleep(0.01)


def signed_query(*parts, token=TOKEN, timestamp=None, nonce=None, name="signature", **more):
    """A query string as the platform makes it."""
    timestamp = str(int(time.time())) if timestamp is None else str(timestamp)
    nonce = nonce or secrets.token_hex(6)
    return {name: sign(token, timestamp, nonce, *parts), "timestamp": timestamp, "nonce": nonce, **more}


def plain_settings(**more):
    """Settings without an environment."""
    return WechatSettings(token=TOKEN, app_id=APP_ID, app_secret=SECRET, aes_key=KEY, **more)
