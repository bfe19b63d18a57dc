"""``python -m bench.rules``: all benefits of a city for one person, worked out and explained, against the bare verdicts.

The bare verdicts are what any rules cost: conditions true, false or open, with no sums, reasons, open questions or notes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import policies_kb
from bench._timing import cuts, in_turns, measured
from policies_kb.conditions import Situation

TARGET = 1.0
PEOPLE: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("潼南,什么也没说", "tongnan", {}),
    ("潼南,残疾人", "tongnan", {"categories": ["disabled"]}),
    ("潼南,残疾人学 40 天", "tongnan", {"categories": ["disabled"], "training_days": 40, "role": "worker"}),
    ("潼南,45 岁农村妇女", "tongnan", {"hukou": "rural", "age": 45, "gender": "female", "pension_entitled": False}),
    ("潼南,企业以工代训", "tongnan", {
        "role": "employer", "training_type": "work_training", "employer_type": "enterprise", "categories": ["poor_labourer"],
    }),
    ("曲靖,什么也没说(真值表)", "qujing", {}),
)


def measure(rounds: int) -> list[dict[str, Any]]:
    """Per person p50 and p99 in milliseconds, of the whole assessment and of the bare verdicts."""
    kb = policies_kb.load_knowledge_base()
    day = date(2021, 6, 1)
    rows = []
    for label, region, facts in PEOPLE:
        tasks: dict[str, Callable[[], Any]] = {
            "explained": lambda region=region, facts=facts: policies_kb.assess(kb, region, facts, day).to_dict(),
            "bare": lambda region=region, facts=facts: _verdicts(kb, region, facts, day),
        }
        times = in_turns(tasks, rounds)
        shown = policies_kb.assess(kb, region, facts, day)
        rows.append({"label": label, "benefits": len(shown.results), **{name: cuts(values) for name, values in times.items()}})
    return rows


def _verdicts(kb: policies_kb.KnowledgeBase, region: str, facts: Mapping[str, Any], day: date) -> list[bool | None]:
    s = Situation(policies_kb.parse_facts(kb, facts), day, kb.facts)
    return [rule.when.truth(s) for rule in kb.benefits_of(region)]


def main() -> None:
    """Print the table."""
    rows, rounds = measured("bench.rules", 1000, measure)
    if not rows:
        return
    print(f"一个人在一地的全部补贴项目(毫秒),每行 {rounds} 次;目标:潼南不超过 {TARGET:g}")
    print("  p50    p99   只判条件 p50   倍数   项目   谁")
    for row in rows:
        (p50, p99), (bare, _) = row["explained"], row["bare"]
        print(f"{p50:6.2f} {p99:6.2f} {bare:14.3f} {p50 / bare:6.1f} {row['benefits']:6d}   {row['label']}")


if __name__ == "__main__":
    main()
