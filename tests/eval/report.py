"""The figures of a run: counted once into one plain dictionary, which is printed as tables and written as JSON."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.eval.diagnosis import REASONS, Diagnosis

ALL = "合计"
COARSE, FINE = ("region", "kind"), ("topic", "clause")
TITLES = {"region": "地区", "kind": "问的哪一方面", "topic": "话题", "clause": "条款"}
MOST = 15
"""How many confusions of one sort are printed; the JSON has them all."""


@dataclass(frozen=True)
class Judged:
    """One item, a player's reply to it, and what is wrong with that."""

    item: dict[str, Any]
    text: str
    found: list[str]


def collect(results: dict[str, list[Judged]], diagnosis: Diagnosis, *, shown: bool) -> dict[str, Any]:
    """Everything that is reported. ``shown``: whether questions and clauses may be seen; the first player is ours."""
    ours = next(iter(results))
    points = [(diagnosis.expected(one.item), diagnosis.got(one.text)) for one in results[ours]]
    places = {id(one.item): expected.region for one, (expected, _) in zip(results[ours], points, strict=True)}
    reasons = {name: [(one, diagnosis.reason(one.item, one.text, one.found)) for one in judged if one.found]
               for name, judged in results.items()}
    found: dict[str, Any] = {
        "players": list(results),
        "by_style": shares(results, lambda item: item["style"]),
        "by_region": shares(results, lambda item: places[id(item)]),
        "by_file": shares(results, lambda item: item["file"]),
        "reasons": {name: dict(Counter(why for _, why in failed).most_common()) for name, failed in reasons.items()},
        "reasons_by_style": counted((one.item["style"], why) for one, why in reasons[ours]),
        "regions": counted((expected.region, got.region) for expected, got in points),
        "confusions": {
            part: confusions((getattr(expected, part), getattr(got, part))
                             for one, (expected, got) in zip(results[ours], points, strict=True) if one.found)
            for part in (*COARSE, *FINE) if shown or part in COARSE
        },
    }
    if shown:
        failed = sorted(reasons[ours], key=lambda entry: -len(entry[0].found))
        found["failed"] = [
            {"id": one.item["id"], "style": one.item["style"], "turns": one.item["turns"], "reply": one.text, "faults": one.found, "reason": why}
            for one, why in failed
        ]
        found["right"] = {name: [one.item["id"] for one in judged if not one.found] for name, judged in results.items()}
    return found


def shares(results: dict[str, list[Judged]], key: Callable[[dict[str, Any]], str]) -> dict[str, dict[str, list[int]]]:
    """Row → player → [right, all], with a row for all of them."""
    rows: dict[str, dict[str, list[int]]] = defaultdict(lambda: {name: [0, 0] for name in results})
    for name, judged in results.items():
        for one in judged:
            for row in (key(one.item), ALL):
                rows[row][name][0] += not one.found
                rows[row][name][1] += 1
    return {row: rows[row] for row in sorted(rows, key=lambda row: (row == ALL, row))}


def counted(pairs: Iterable[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Row → column → how often."""
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    for row, column in pairs:
        rows[row][column] += 1
    return {row: dict(counts) for row, counts in rows.items()}


def confusions(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """What was taken for what, and how often; the most frequent first, what agrees left out."""
    counts = Counter(pair for pair in pairs if pair[0] != pair[1])
    return [(*pair, count) for pair, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))]


def show(found: dict[str, Any], worst: int) -> None:
    """Print the tables; the worst first wherever there is a worst."""
    for title, rows in (("按问法", found["by_style"]), ("按地区(依据所在的)", found["by_region"]), ("按题目的文件", found["by_file"])):
        print(f"\n{title}")
        ours = found["players"][0]
        order = sorted(rows, key=lambda row: (row == ALL, share(rows[row][ours]), row))
        table(["", "题数", *found["players"]], [
            [row, str(rows[row][ours][1]), *(f"{share(rows[row][name]):.1%}" for name in found["players"])] for row in order])
    why = [reason for reason in REASONS if any(reason in counts for counts in found["reasons"].values())]
    print("\n失分原因")
    table(["", *found["players"]], [[reason, *(str(found["reasons"][name].get(reason, 0)) for name in found["players"])] for reason in why])
    styles = sorted(found["reasons_by_style"].items(), key=lambda entry: (-sum(entry[1].values()), entry[0]))
    if styles:
        print(f"\n{found['players'][0]}的失分原因,按问法")
        table(["", "失分", *why], [[style, str(sum(counts.values())), *(str(counts.get(reason, "")) for reason in why)] for style, counts in styles])
    columns = sorted({column for counts in found["regions"].values() for column in counts})
    print("\n该答的地区(行)和答的地区(列)")
    table(["", *columns], [[row, *(str(counts.get(column, "")) for column in columns)] for row, counts in sorted(found["regions"].items())])
    for part, pairs in found["confusions"].items():
        if pairs:
            print(f"\n答错的里面,{TITLES[part]}认成了别的(前 {MOST})")
            table(["该答", "答成", "次数"], [[expected, got, str(count)] for expected, got, count in pairs[:MOST]])
    for entry in found.get("failed", ())[:worst]:
        if entry is found["failed"][0]:
            print(f"\n答错的(错处多的在前,共 {len(found['failed'])} 条)")
        reply = " ".join(entry["reply"].split())
        print(f"- {entry['id']} [{entry['style']},{entry['reason']}] {' / '.join(entry['turns'])}\n    答:{reply[:120]}\n    错:{';'.join(entry['faults'])[:160]}")


def write(found: dict[str, Any], path: Path) -> Path:
    """Write the figures as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def share(right: Sequence[int]) -> float:
    """Right of all."""
    return right[0] / right[1] if right[1] else 0.0


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns aligned by what they take on a screen, on which a Chinese character is two wide; figures to the right."""
    sizes = [max(width(row[number]) for row in (heads, *rows)) for number in range(len(heads))]
    figures = [all(not row[number] or row[number][0].isdigit() for row in rows) for number in range(len(heads))]
    for row in (heads, *rows):
        cells = [" " * (size - width(cell)) + cell if right else cell + " " * (size - width(cell))
                 for cell, size, right in zip(row, sizes, figures, strict=True)]
        print("  ".join(cells).rstrip())


def width(text: str) -> int:
    """Columns on a screen."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
