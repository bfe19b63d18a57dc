"""`wenbu site …`: the sites that may show the widget."""

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from api.cli.database import in_session
from api.cli.environment import read_settings
from api.cli.output import fail, say

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from api.store.sites import Site

site = typer.Typer(name="site", help="可以嵌入问补的网站。", no_args_is_help=True)

_DEFAULT_PORTS = {"http": 80, "https": 443}


@site.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="名称", help="网站叫什么")],
    origin: Annotated[list[str], typer.Option("--origin", metavar="来源", help="网页的来源,如 https://a.example,可以写几个")],
) -> None:
    """登记一个网站:给出站点密钥和要贴到网页里的那一行。"""
    import secrets

    if not name.strip() or len(name) > 100:
        fail("名称不能为空,最多 100 个字。")
    origins = list(dict.fromkeys(_origin(each) for each in origin))
    # it names the site in its page, for all to see: long enough not to be mistaken for another
    key = secrets.token_hex(12)

    async def store(session: "AsyncSession") -> None:
        from api.store import sites

        sites.add(session, key, name.strip(), origins)

    in_session(store)
    say(f"站点密钥 {key}")
    say(f"允许的来源 {'、'.join(origins)}")
    say("把下面这一行贴到网页里,网址换成问补对外的网址:")
    say(f'<script src="{_address()}/widget.js" data-site-key="{key}" async></script>')


@site.command("list")
def show() -> None:
    """列出登记了的网站。"""

    async def read(session: "AsyncSession") -> "list[Site]":
        from api.store import sites

        return await sites.active(session)

    found = in_session(read)
    if not found:
        say("还没有登记网站。用 wenbu site add 名称 --origin https://… 登记。")
    for each in found:
        say(f"{each.key}  {each.name}  {'、'.join(each.origins)}")


@site.command("remove")
def remove(key: Annotated[str, typer.Argument(metavar="密钥", help="wenbu site list 列出的密钥")]) -> None:
    """停用一个网站:它的网页马上不能再用问补。"""

    async def drop(session: "AsyncSession") -> bool:
        from api.store import sites

        return await sites.remove(session, key)

    if not in_session(drop):
        fail(f"没有密钥是 {key} 的网站。运行 wenbu site list 可列出全部。")
    say("已停用。")


def _origin(text: str) -> str:
    """The origin as browsers write it: lower case, no path, no default port."""
    wrong = f"“{text}”不是网页的来源,应写成 https://a.example 或 https://a.example:8443,不带路径。"
    try:
        parts = urlsplit(text.strip())
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:
        fail(wrong)
    if parts.scheme not in _DEFAULT_PORTS or not host or "*" in host or parts.username is not None:
        fail(wrong)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        fail(wrong)
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + ("" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}")


def _address() -> str:
    from api.cli.plan import address

    settings = read_settings()
    return (settings.public_url or address(settings)).rstrip("/")
