"""`wenbu kb …` and `wenbu ask`: the knowledge base from the shell, without any service running."""

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.output import fail, say
from api.clock import today

if TYPE_CHECKING:
    from policies_kb import KnowledgeBase

kb = typer.Typer(name="kb", help="知识库:检查、查看。", no_args_is_help=True)


@kb.command("check")
def check() -> None:
    """检查知识库:缺条款、未知事实、重复、数字不符、无人回答的条款等,逐个给出文件和行号。"""
    import policies_kb
    from api.settings import PROJECT_ROOT
    from policies_kb.check import run

    problems = run(PROJECT_ROOT / "policies_kb" / "data")
    for problem in problems:
        typer.echo(f"{problem.file}:{problem.line}: {problem.message}")
    if problems:
        fail(f"知识库有 {len(problems)} 处问题,见上。")
    base = policies_kb.load_knowledge_base()
    say(f"知识库没有问题:{len(base.documents)} 份文件,{len(base.benefits)} 项补贴,"
        f"{len(base.answers)} 条回答,版本 {base.version}。")


@kb.command("show")
def show(
    name: Annotated[str | None, typer.Argument(metavar="[ID]", help="地区、文件、补贴、回答或事实的编号;不写则列出全部")] = None,
    clause: Annotated[str | None, typer.Argument(metavar="[条款]", help="文件的某一条,如 十八")] = None,
) -> None:
    """查看知识库里的内容。"""
    from api.cli import listing

    base = load()
    try:
        say(listing.overview(base) if name is None else listing.describe(base, name, clause))
    except LookupError as problem:
        fail(str(problem.args[0]))


def ask(
    question: Annotated[str, typer.Argument(metavar="问题")],
    region: Annotated[str | None, typer.Option("--region", help="地区编号,如 qujing")] = None,
) -> None:
    """问一句话,只用知识库回答。"""
    import policies_kb

    base = load()
    if region is not None and region not in base.regions:
        fail(f"没有地区“{region}”。现有:{'、'.join(base.regions)}")
    context = policies_kb.Context(region=region) if region else policies_kb.Context()
    reply, _ = policies_kb.answer(base, question, context, as_of=today())
    say(reply.text)
    if reply.buttons:
        say("可以接着问:" + " / ".join(button["title"] for button in reply.buttons))


def load() -> "KnowledgeBase":
    """The knowledge base, or the end of the command with file and line of what is wrong in it."""
    import policies_kb
    from policies_kb import libraries

    libraries.install()
    try:
        return policies_kb.load_knowledge_base()
    except policies_kb.KnowledgeBaseError as error:
        typer.echo(str(error), err=True)
        fail("知识库读不了,请先改正上面所列之处。")
