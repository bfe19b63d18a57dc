"""`wenbu wechat …`: the official account's menu and codes, and a rehearsal without an account."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.environment import read_settings, read_wechat_settings
from api.cli.output import fail, say

if TYPE_CHECKING:
    from api.wechat.client import WechatApi
    from api.wechat.settings import WechatSettings

wechat = typer.Typer(name="wechat", help="微信公众号:菜单、二维码、演练。", no_args_is_help=True)

_REHEARSAL = """演练要有一套编的公众号。网关和这个命令用同样的环境变量,例如先运行:

  export WENBU_WECHAT_TOKEN=rehearsal WENBU_WECHAT_APP_ID=wxrehearsal WENBU_WECHAT_APP_SECRET=rehearsal
  export WENBU_WECHAT_AES_KEY={key}
  export WENBU_WECHAT_CUSTOM_SERVICE=true WENBU_WECHAT_API_BASE=http://127.0.0.1:8100

再在一个终端 make run,另一个终端 wenbu wechat simulate。"""
_QUESTIONS = ("培训期间生活费一天多少", "退役军人能免费学吗", "帮我测算一下", "取消", "企业培训职工能领多少", "补贴去哪里办", "学徒制一年补多少",
              "{place}的残疾人培训40天能领多少生活费")


@wechat.command("menu")
def menu(
    file: Annotated[Path | None, typer.Option("--file", help="菜单文件;不写用 api/wechat/menu.yml")] = None,
    delete: Annotated[bool, typer.Option("--delete", help="删除公众号的菜单")] = False,
    show: Annotated[bool, typer.Option("--show", help="只检查和显示,不发到公众号")] = False,
) -> None:
    """把菜单文件变成公众号的菜单。"""
    import json

    from api.wechat import menu as menus

    if delete:
        _call(lambda api: api.delete_menu())
        say("菜单已删除。")
        return
    try:
        content = menus.load(file or menus.FILE)
    except menus.MenuError as problem:
        fail(str(problem))
    if show:
        say(json.dumps(content, ensure_ascii=False, indent=2))
        return
    _call(lambda api: api.create_menu(content))
    say(f"菜单已更新:{'、'.join(entry['name'] for entry in content['button'])}。已关注的人最迟 5 分钟后看到。")


@wechat.command("qr")
def qr(
    scene: Annotated[str, typer.Argument(metavar="场景", help="挂在哪里、哪次活动,1 到 64 个字,如 fuwuting-1")],
    days: Annotated[float, typer.Option("--days", help="管多少天,最多 30")] = 30,
    permanent: Annotated[bool, typer.Option("--permanent", help="一直有效(一个公众号最多 10 万个)")] = False,
) -> None:
    """做一个带场景的二维码(要认证的服务号):从它关注的人,场景会记下来。"""
    from api.wechat import qr as codes

    try:
        request = codes.request(scene, None if permanent else round(days * 86400))
    except codes.QrError as problem:
        fail(str(problem))
    answer = _call(lambda api: api.create_qr(request))
    say(f"场景:{scene}\n内容:{answer.get('url', '')}\n图片:{codes.picture(answer['ticket'])}")
    say("一直有效。" if permanent else f"有效 {answer.get('expire_seconds', request['expire_seconds'])} 秒。")


@wechat.command("simulate")
def simulate(
    url: Annotated[str | None, typer.Option("--url", help="网关的地址;不写用 WENBU_HOST 和 WENBU_PORT")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="明文模式(有 WENBU_WECHAT_AES_KEY 时默认安全模式)")] = False,
    followers: Annotated[int, typer.Option("--followers", min=1, max=5000, help="多于 1 就是压测:这么多人同时问")] = 1,
    messages: Annotated[int, typer.Option("--messages", min=1, max=1000, help="压测时每人发几条")] = 3,
    name: Annotated[str, typer.Option("--name", help="演练的这个人的 openid")] = "simulated-follower",
) -> None:
    """扮演微信平台和关注的人,对着运行中的网关演练或压测,不要公众号。"""
    import asyncio

    settings = read_wechat_settings()
    if not settings.configured:
        import secrets

        fail(_REHEARSAL.format(key="".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(43))))
    from api.cli.plan import address

    target = (url or address(read_settings())).rstrip("/").removesuffix("/wechat") + "/wechat"
    sealed = bool(settings.aes_key) and not plain
    try:
        if followers == 1:
            asyncio.run(_rehearse(settings, target, sealed, name))
        else:
            lost = asyncio.run(_load(settings, target, sealed, followers, messages))
            if lost:
                raise typer.Exit(1)
    except KeyboardInterrupt:
        say("已停止。")
    except OSError as error:
        fail(f"接口的地址 WENBU_WECHAT_API_BASE={settings.api_base} 监听不了({error})。演练时它应是本机的一个空闲端口。")


async def _rehearse(settings: "WechatSettings", url: str, sealed: bool, name: str) -> None:
    from api.wechat.simulator.phone import Phone

    def read() -> str | None:
        try:
            return input("> ")
        except EOFError:
            return None

    async def run(make: Callable[[str], Any], base: Any) -> None:
        await Phone(make(name), base, read, say).run()

    await _with_followers(settings, url, sealed, run)


async def _load(settings: "WechatSettings", url: str, sealed: bool, followers: int, messages: int) -> int:
    """Messages that were lost, doubled or refused."""
    import secrets

    import policies_kb
    from api.wechat.simulator import load
    from api.wechat.simulator.protocol import event

    place = next(iter(policies_kb.load_knowledge_base().regions.values())).short_name
    questions = [question.format(place=place) for question in _QUESTIONS]
    failures = 0

    async def run(make: Callable[[str], Any], base: Any) -> None:
        nonlocal failures
        batch = secrets.token_hex(4)
        crowd = [make(f"simulated-{batch}-{number}") for number in range(followers)]
        say(f"{followers} 人同时发,每人 {messages} 条,{'安全' if sealed else '明文'}模式:{url}")
        report = await load.run(crowd, questions, messages, lambda: base.all_more() if base is not None else ())
        for line in report.lines():
            say(line)
        for follower in crowd:
            await follower.send(event(follower.openid, "unsubscribe"), expects_answer=False)
        failures = report.lost + report.doubled + sum(report.problems.values())

    await _with_followers(settings, url, sealed, run)
    return failures


async def _with_followers(settings: "WechatSettings", url: str, sealed: bool,
                          run: Callable[[Callable[[str], Any], Any], Awaitable[None]]) -> None:
    """Play the API where the gateway expects it, and give `run` a maker of followers."""
    from contextlib import AsyncExitStack
    from urllib.parse import urlsplit

    import httpx

    from api.wechat.simulator.api_base import ApiBase, serving
    from api.wechat.simulator.follower import Follower
    from api.wechat.simulator.protocol import Platform

    async with AsyncExitStack() as stack:
        base = None
        if settings.custom_service:
            where = urlsplit(settings.api_base)
            if where.hostname not in ("127.0.0.1", "localhost"):
                fail(f"演练时 WENBU_WECHAT_API_BASE 应是本机,如 http://127.0.0.1:8100,现在是 {settings.api_base}。")
            base = ApiBase(settings.app_id, settings.app_secret)
            await stack.enter_async_context(serving(base, where.port or 80))
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        client = await stack.enter_async_context(httpx.AsyncClient(trust_env=False, limits=limits))
        platform = Platform(settings, sealed)
        await run(lambda openid: Follower(openid, url, client, platform, base), base)


def _call[T](what: "Callable[[WechatApi], Awaitable[T]]") -> T:
    """One call of the platform's API with the account of the environment, or the end of the command."""
    import asyncio

    import httpx

    from api.store.base import Database
    from api.store.migrate import upgrade
    from api.wechat.access_token import AccessToken
    from api.wechat.client import ApiProblem, WechatApi

    settings, database_url = read_wechat_settings(), read_settings().database
    if not (settings.app_id and settings.app_secret):
        fail("还没有配置公众号:请设置 WENBU_WECHAT_APP_ID 和 WENBU_WECHAT_APP_SECRET。")

    # the token is shared with the gateway through the database
    upgrade(database_url)

    async def call() -> T:
        database = Database(database_url)
        try:
            async with httpx.AsyncClient() as client:
                token = AccessToken(client, database, settings.api_base, settings.app_id, settings.app_secret)
                return await what(WechatApi(client, token, settings.api_base))
        finally:
            await database.close()

    try:
        return asyncio.run(call())
    except ApiProblem as problem:
        fail(f"微信没有办成:{problem}")
