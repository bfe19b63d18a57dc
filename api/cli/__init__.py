"""The `wenbu` command for operators. One module per group of commands; what is heavy is imported when it is needed."""

import typer

from api.cli import documents, eligibility, knowledge, serve, site, staff, train, wechat

app = typer.Typer(
    name="wenbu", help="问补:职业技能培训补贴政策问答与资格测算。", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False)

app.command("serve")(serve.serve)
app.command("train")(train.train)
app.add_typer(knowledge.kb)
app.command("ask")(knowledge.ask)
app.command("eligibility")(eligibility.eligibility)
app.command("import-document")(documents.import_document)
app.add_typer(site.site)
app.add_typer(staff.staff)
app.add_typer(wechat.wechat)
