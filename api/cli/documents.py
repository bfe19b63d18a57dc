"""`wenbu import-document`: an official text into the database."""

from pathlib import Path
from typing import Annotated

import typer

from api.cli.knowledge import load
from api.cli.output import fail, say


def import_document(
    file: Annotated[Path, typer.Argument(metavar="文件.txt", help="官方文件的纯文本,原样即可")],
) -> None:
    """导入一份官方文件原文:切分成条款,连同校验值存入数据库;有一处切不开就全部不导入。"""
    if not file.is_file():
        fail(f"没有文件 {file}。")
    # says where the knowledge base is wrong, if it is
    load()
    from api.services.import_document import ImportRefused, import_official_text

    try:
        summary = import_official_text(file)
    except ImportRefused as problem:
        fail(str(problem))
    say(str(summary))
