"""The family of errors of the knowledge base.

WenBuError
├── KnowledgeBaseError   the data files are wrong (an editor has to mend them); carries every problem with file and line
└── FactError            what a person or program told us is no value of the vocabulary; carries fact, got and allowed
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class WenBuError(Exception):
    """Base of all errors that this package raises on purpose."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong in a data file: where, and what to do about it (Chinese)."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class KnowledgeBaseError(WenBuError):
    """The data files cannot be read as a knowledge base; ``problems`` names each place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class FactError(WenBuError):
    """A given fact, region, date or benefit is not allowed.

    ``fact`` names it as the HTTP contract does, ``got`` is the value as it came, ``allowed`` says in Chinese what would do.
    """

    def __init__(self, fact: str, got: Any, allowed: str, label: str | None = None) -> None:
        self.fact = fact
        self.got = got
        self.allowed = allowed
        name = f"{label}({fact})" if label else fact
        self.message = f"{name}不能是 {_shown(got)}。{allowed}"
        super().__init__(self.message)


def _shown(value: Any) -> str:
    """The offending value, short enough for a reply."""
    if value is None:
        return "空值"
    try:
        text = repr(value) if isinstance(value, str) else str(value)
    except ValueError:  # Python refuses to write out an integer of more than 4300 digits
        return "位数太多的数"
    return text if len(text) <= 60 else text[:57] + "…"
