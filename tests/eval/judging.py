"""Whether a reply is right: what it must say, must not say, and must cite (the form of ``questions/*.yml``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

QUESTIONS = Path(__file__).parent / "questions"


def faults(expect: dict[str, Any], text: str) -> list[str]:
    """What is wrong with a reply, in words; empty when it is right."""
    found = [f"没说 {'/'.join(map(str, group))}" for group in expect.get("say") or [] if not any(str(word) in text for word in group)]
    found += [f"说了 {word}" for word in expect.get("not_say") or [] if str(word) in text]
    cites = expect.get("cite") or []
    if cites and not any(all(str(part) in text for part in parts) for parts in cites):
        found.append(f"没引 {' 或 '.join(' '.join(map(str, parts)) for parts in cites[:2])}")
    return found


def questions(side: str) -> Iterator[dict[str, Any]]:
    """The questions of one side (``tune`` or ``locked``), each with the file that it stands in."""
    for path in sorted(QUESTIONS.glob(f"*-{side}.yml")):
        for item in questions_in(path):
            yield {**item, "file": path.stem.rsplit("-", 1)[0]}


def questions_in(path: Path) -> Iterator[dict[str, Any]]:
    """The questions of any file of that form, with the file's name; a style or number left out is made up."""
    for number, item in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")) or [], 1):
        yield {"id": f"{path.stem}-{number:04}", "style": "—", "expect": {}, "file": path.stem, **item}
