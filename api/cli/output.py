"""What the command says to the person at the terminal."""

from typing import NoReturn

import typer


def say(text: str) -> None:
    """A line on standard output, at once."""
    print(text, flush=True)


def fail(text: str, code: int = 1) -> NoReturn:
    """End the command with one line on standard error that says what is wrong and what to do."""
    typer.echo(f"错误:{text}", err=True)
    raise typer.Exit(code)
