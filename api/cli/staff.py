"""`wenbu staff …`: who may read and answer cases."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.database import in_session
from api.cli.output import fail, say

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from api.store.staff import Staff

staff = typer.Typer(name="staff", help="工作人员:接转人工的会话。", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="名字", help="登录用的名字")]


@staff.command("add")
def add(
    name: Name,
    from_stdin: Annotated[bool, typer.Option("--password-stdin", help="从标准输入读密码(一行)")] = False,
) -> None:
    """加一位工作人员;密码至少 10 个字符,不会显示出来。已停用的名字再加一次就重新启用,密码换成新的。"""
    from api.services import passwords

    name = name.strip()
    if not name or len(name) > 64 or not name.isprintable():
        fail("名字不能为空,最多 64 个字。")
    password = sys.stdin.readline().rstrip("\r\n") if from_stdin else _asked()
    weak = passwords.weakness(password, name)
    if weak:
        fail(f"{weak}。")

    async def store(session: "AsyncSession") -> bool:
        from api.store import staff as members

        found = await members.by_name(session, name)
        if found is None:
            await members.add(session, name, passwords.hashed(password))
            return True
        if found.active:
            return False
        found.active, found.password_hash = True, passwords.hashed(password)
        return True

    if not in_session(store):
        fail(f"已经有名字是 {name} 的工作人员了。要换密码,先 wenbu staff disable {name},再加一次。")
    say(f"已加 {name}。")


@staff.command("list")
def show() -> None:
    """列出工作人员。"""

    async def read(session: "AsyncSession") -> "list[Staff]":
        from api.store import staff as members

        return await members.everyone(session)

    found = in_session(read)
    if not found:
        say("还没有工作人员。用 wenbu staff add 名字 来加。")
    for each in found:
        say(f"{each.name}  {'在用' if each.active else '已停用'}")


@staff.command("disable")
def disable(name: Name) -> None:
    """停用一位工作人员:马上退出登录,手上的会话回到等候的队里。"""

    async def stop(session: "AsyncSession") -> int | None:
        from api.store import cases
        from api.store import staff as members

        found = await members.by_name(session, name.strip())
        if found is None or not found.active:
            return None
        found.active = False
        await members.end_all_of(session, found.id)
        return len(await cases.release(session, found.id))

    released = in_session(stop)
    if released is None:
        fail(f"没有在用的工作人员叫 {name}。运行 wenbu staff list 可列出全部。")
    say(f"已停用 {name}。" + (f"{released} 个会话回到等候的队里。" if released else ""))


def _asked() -> str:
    return typer.prompt("密码", hide_input=True, confirmation_prompt="再输一遍")
