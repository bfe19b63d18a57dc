"""Which missing fact settles most: the order of ``missing``, and the next question of a check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policies_kb.conditions import CATEGORIES, Category, Condition, FactIs, FactRange, Situation
from policies_kb.model import Benefit, Fact

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase


@dataclass(frozen=True)
class Question:
    """A fact to ask for, with the wording and the choices of the vocabulary."""

    fact: Fact
    text: str
    options: tuple[tuple[str, str], ...]

    def to_dict(self) -> dict[str, Any]:
        """As the HTTP contract shows it."""
        return {
            "fact": self.fact.name,
            "text": self.text,
            "type": self.fact.type,
            "help": self.fact.help,
            "unit": self.fact.unit or None,
            "options": [{"value": value, "label": label} for value, label in self.options],
        }


def order_missing(kb: KnowledgeBase, rule: Benefit, s: Situation, waiting: Iterable[str], truth: bool | None) -> dict[str, float]:
    """The missing facts of a benefit, the most telling first, each with the share of its answers that would settle it."""
    names = sorted(waiting, key=kb.fact_order.__getitem__)
    if len(names) < 2:
        return {name: 1.0 for name in names}
    if truth:
        return {name: 1.0 / len(names) for name in names}
    weights = {name: _settled_share(rule.when, s, name, kb.trials(rule.id, name)) for name in names}
    return dict(sorted(weights.items(), key=lambda item: -item[1]))


def _settled_share(condition: Condition, s: Situation, name: str, trials: tuple[Any, ...]) -> float:
    """Which share of the values a rule can tell apart would decide it (by three-valued evaluation)."""
    decided = sum(condition.truth(s.with_facts(**{name: value})) is not None for value in trials)
    return decided / len(trials)


def trials_of(kb_facts: Mapping[str, Fact], condition: Condition, name: str) -> tuple[Any, ...]:
    """Values of a fact that a rule tells apart: each named code or option, one outside, both sides of each threshold."""
    if name == CATEGORIES:
        codes = dict.fromkeys(leaf.option.value for leaf in condition.leaves() if isinstance(leaf, Category))
        return (frozenset(), *(frozenset((code,)) for code in codes))
    fact = kb_facts[name]
    if fact.type == "bool":
        return (True, False)
    if fact.type == "choice":
        named = {v for leaf in condition.leaves() if isinstance(leaf, FactIs) and leaf.fact.name == name for v in leaf.values}
        others = [option.value for option in fact.options if option.value not in named]
        return (*sorted(named), *others[:1])
    values = {fact.minimum or 0}
    for leaf in condition.leaves():
        if isinstance(leaf, FactRange) and leaf.fact.name == name:
            values.update(bound + 1 for _, bound in leaf.bounds)
            values.update(bound for test, bound in leaf.bounds if test == "at_least")
    return tuple(sorted(values)) if len(values) > 1 else (1, 2)


def next_question(
    kb: KnowledgeBase, region: str, weights: Iterable[Mapping[str, float]], skip: frozenset[str] = frozenset()
) -> Question | None:
    """The fact that settles most over all results; None when nothing is open (or only what was skipped)."""
    totals: dict[str, float] = {}
    for result in weights:
        for name, weight in result.items():
            # The small constant makes a fact that many rules wait for win over one that a single rule waits for.
            totals[name] = totals.get(name, 0.0) + weight + 0.05
    open_names = [name for name in totals if name not in skip]
    if not open_names:
        return None
    best = max(open_names, key=lambda name: (totals[name], -kb.fact_order[name]))
    return kb.question(best, region)
