"""`wenbu eligibility`: the calculator from the shell, the same in and out as POST /api/v1/eligibility."""

import json
from pathlib import Path
from typing import Annotated

import typer

from api.cli.knowledge import load
from api.cli.output import fail, say


def eligibility(
    facts: Annotated[Path, typer.Option("--facts", help="JSON 文件,内容同 POST /api/v1/eligibility 的请求正文")],
    benefit: Annotated[str | None, typer.Option("--benefit", help="只算这一项补贴,如 qujing.living_allowance")] = None,
) -> None:
    """测算资格和金额,输出 JSON。"""
    from api.errors import ApiError
    from api.exact_json import dump
    from api.services.eligibility import assess_one

    try:
        raw = facts.read_bytes()
    except OSError as error:
        fail(f"读不了 {facts}:{error.strerror}。")
    try:
        result = assess_one(load(), raw, benefit)
    except ApiError as error:
        fail("\n".join(problem["msg"] for problem in error.body["detail"]))
    # through the writer of the gateway first, so that numbers look the same in both places
    say(json.dumps(json.loads(dump(result)), ensure_ascii=False, indent=2))
