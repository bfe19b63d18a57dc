"""The simulator, against a real gateway on a real port: what it sees is what a follower sees."""

import asyncio
import contextlib

import httpx
import pytest
import uvicorn

from api.wechat.settings import read_settings
from api.wechat.simulator import load
from api.wechat.simulator.api_base import ApiBase, _no_signals, serving
from api.wechat.simulator.follower import Follower
from api.wechat.simulator.phone import Phone
from api.wechat.simulator.protocol import BadReply, Platform, text
from tests.api.wechat.playing import APP_ID, SECRET


@contextlib.asynccontextmanager
async def listening(app, port):
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", lifespan="off"))
    server.capture_signals = _no_signals
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{port}/wechat"
    server.should_exit = True
    await task


@pytest.fixture
async def stage(gateway, account, free_port, request):
    """(maker of followers, the played API or None) before a gateway; parametrise with (encrypted, custom service, seconds)."""
    encrypted, custom, seconds = getattr(request, "param", (True, True, "4"))
    port = free_port()
    account(CUSTOM_SERVICE=str(custom).lower(), API_BASE=f"http://127.0.0.1:{port}", PASSIVE_SECONDS=seconds)
    base = ApiBase(APP_ID, SECRET)

    async def network(http):
        """Rasa as the test wants it; the played API over its socket."""
        if http.url.port == port:
            async with httpx.AsyncClient(trust_env=False) as real:
                return await real.post(str(http.url), content=http.content)
        return await gateway.neighbours(http)

    gateway.__class__.__call__, before = lambda self, http: network(http), gateway.__class__.__call__
    try:
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(serving(base, port))
            await gateway.start()
            url = await stack.enter_async_context(listening(gateway.app, free_port()))
            client = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
            shown = base if custom else None
            platform = Platform(read_settings(), encrypted)
            yield (lambda openid: Follower(openid, url, client, platform, shown)), shown
    finally:
        gateway.__class__.__call__ = before


@pytest.mark.parametrize("stage", [(True, True, "4"), (False, True, "4"), (True, False, "4")], indirect=True)
async def test_a_load_of_quick_answers(stage, slow_bot):
    make, base = stage
    slow_bot.go.set()
    report = await load.run([make(f"o{number}") for number in range(20)], ["一", "二"], 3, lambda: base.all_more() if base else ())
    assert (report.messages, report.passive, report.late, report.lost, report.doubled) == (60, 60, 0, 0, 0)
    assert not report.problems
    assert "60" in report.lines()[0]


@pytest.mark.parametrize("stage", [(True, True, "0.3"), (True, False, "0.3")], indirect=True)
async def test_late_answers_are_seen(stage, slow_bot):
    make, base = stage
    asyncio.get_running_loop().call_later(0.6, slow_bot.go.set)
    report = await load.run([make(f"o{number}") for number in range(5)], ["一"], 1, lambda: base.all_more() if base else ())
    assert (report.late, report.lost, report.doubled) == (5, 0, 0)
    assert min(report.seconds) > 0.3 >= min(report.request) - 0.3


async def test_the_keyboard(stage, slow_bot):
    make, base = stage
    slow_bot.go.set()
    lines = iter(["生活费", ":关注 街道-1", ":语音", ":重发", ":菜单", ":菜单 1", ":图片", ":位置 火星", ":表情", ":扫码 2", ":什么", ":取关", "", ":退出"])
    shown = []
    await Phone(make("oKeyboard"), base, lambda: next(lines), shown.append).run()
    everything = "\n".join(shown)
    for part in ("这是回答。（生活费）", "您好，我是问补", "语音我这边没听出来", "1. 算补贴", "这是回答。（帮我测算一下）", "图片我看不了", "哪个城市",
                 "表情收到了", "没有话", "当场"):
        assert part in everything, part


@pytest.mark.parametrize("body", ["<xml>", "hello", "<xml><MsgType>text</MsgType></xml>"])
def test_the_simulator_refuses_what_the_platform_would(account, body):
    for encrypted in (True, False):
        with pytest.raises(BadReply):
            Platform(account(), encrypted).read(text("oA", "x"), body)
