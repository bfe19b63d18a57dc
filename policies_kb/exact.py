"""Exact verdicts where a fact stands twice in a rule: enumeration of what the unknown facts could still be.

Three-valued evaluation is exact while each fact stands once. Where one stands twice, "unknown" may already be settled and
a fact may be asked for in vain. Here the rule becomes a truth table over all completions of the unknown facts, held as
one big integer (a bit a completion), so that ``and``/``or``/``not`` are single operations. A number counts only by the
side of each threshold it lies on, so the tables stay small; ``kb check`` guards the bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from policies_kb.conditions import (
    CATEGORIES,
    All,
    Any_,
    Category,
    Compare,
    Condition,
    Dated,
    FactIs,
    FactRange,
    Named,
    Not,
    Presumed,
    Situation,
)
from policies_kb.model import Fact

MAX_COMPLETIONS = 1 << 18
"""More completions than this and a rule is refused by ``kb check``: split it, or name fewer groups."""


@dataclass(frozen=True)
class Axis:
    """An unknown fact and the values that a rule can tell apart (for categories: one axis a code)."""

    fact: str
    values: tuple[Any, ...]
    code: str | None = None


def repeats(condition: Condition) -> bool:
    """Whether some fact (or category code) stands in more than one leaf, so that enumeration is needed."""
    seen: Counter[tuple[str, str | None]] = Counter()
    for leaf in condition.leaves():
        if isinstance(leaf, Category):
            seen[(CATEGORIES, leaf.option.value)] += 1
        else:
            for fact in leaf.facts():
                seen[(fact, None)] += 1
    codes = {leaf.option.value for leaf in condition.leaves() if isinstance(leaf, Category)}
    implied = any(code in codes for leaf in condition.leaves() if isinstance(leaf, Category) for code in leaf.option.implies)
    return implied or any(count > 1 for count in seen.values())


def axes(condition: Condition, s: Situation) -> list[Axis]:
    """The unknown facts of a rule with the values worth trying; presumed facts are not unknown."""
    cuts: dict[str, set[Decimal]] = {}
    choices: dict[str, set[Any]] = {}
    codes: dict[str, None] = {}
    samples: dict[str, set[Decimal]] = {}
    facts: dict[str, Fact] = {}
    for leaf in condition.leaves():
        if isinstance(leaf, Category):
            if s.facts.get(CATEGORIES) is None:
                codes[leaf.option.value] = None
            continue
        for name in leaf.facts():
            if s.known(name) is None:
                facts[name] = s.vocabulary[name]
        if isinstance(leaf, FactRange):
            for test, bound in leaf.bounds:
                step = Decimal(1) if leaf.fact.type == "int" else Decimal("0.01")
                cuts.setdefault(leaf.fact.name, set()).add(bound if test in ("at_least", "below") else bound + step)
        elif isinstance(leaf, Compare):
            for name in leaf.facts():
                samples.setdefault(name, set()).update(leaf.samples)
        elif isinstance(leaf, FactIs):
            choices.setdefault(leaf.fact.name, set()).update(leaf.values)
    result = [Axis(CATEGORIES, (False, True), code) for code in codes]
    for name in sorted(facts):
        result.append(Axis(name, _values(facts[name], cuts.get(name, set()), choices.get(name, set()), samples.get(name, set()))))
    return result


def _values(fact: Fact, cuts: set[Decimal], named: set[Any], samples: set[Decimal]) -> tuple[Any, ...]:
    if fact.type == "bool":
        return (False, True)
    if fact.type == "choice":
        others = [option.value for option in fact.options if option.value not in named]
        return tuple(sorted(named)) + tuple(others[:1])
    lowest = fact.minimum if fact.minimum is not None else Decimal(0)
    inside = {cut for cut in cuts if cut >= lowest and (fact.maximum is None or cut <= fact.maximum)}
    return tuple(sorted({lowest, *inside, *samples}))


def completions(condition: Condition, s: Situation) -> int:
    """How many completions a truth table of this rule would have."""
    total = 1
    for axis in axes(condition, s):
        total *= len(axis.values)
    return total


class Table:
    """The truth table of a rule in a situation."""

    def __init__(self, condition: Condition, s: Situation) -> None:
        self.axes = axes(condition, s)
        self.strides: list[int] = []
        self.size = 1
        for axis in self.axes:
            self.strides.append(self.size)
            self.size *= len(axis.values)
        self.full = (1 << self.size) - 1
        self.possible = self._possible(condition)
        self.true = self._mask(condition, s) & self.possible

    def verdict(self) -> bool | None:
        """What all completions agree on, or None."""
        if self.true == self.possible:
            return True
        return False if self.true == 0 else None

    def relevant(self) -> set[str]:
        """The facts that can still change the verdict."""
        return {axis.fact for index, axis in enumerate(self.axes) if self._matters(index)}

    def _matters(self, index: int) -> bool:
        stride, count = self.strides[index], len(self.axes[index].values)
        zero = self._where(index, 0)
        for i in range(count):
            for j in range(i + 1, count):
                differ = (self.true >> i * stride) ^ (self.true >> j * stride)
                both = (self.possible >> i * stride) & (self.possible >> j * stride)
                if differ & both & zero:
                    return True
        return False

    def _where(self, index: int, chosen: int) -> int:
        """The completions in which axis ``index`` takes the value at ``chosen``: a run of bits that comes round each period."""
        stride = self.strides[index]
        mask, length = ((1 << stride) - 1) << chosen * stride, stride * len(self.axes[index].values)
        while length < self.size:
            mask |= mask << length
            length *= 2
        return mask & self.full

    def _possible(self, condition: Condition) -> int:
        """Completions that the vocabulary allows: a category implies others (转岗职工 is 企业职工)."""
        mask = self.full
        by_code = {axis.code: index for index, axis in enumerate(self.axes) if axis.code}
        for leaf in condition.leaves():
            if isinstance(leaf, Category) and leaf.option.value in by_code:
                for implied in leaf.option.implies:
                    if implied in by_code:
                        mask &= ~self._where(by_code[leaf.option.value], 1) | self._where(by_code[implied], 1)
        return mask & self.full

    def _mask(self, node: Condition, s: Situation) -> int:
        known = node.truth(s)
        if known is not None:
            return self.full if known else 0
        if isinstance(node, All):
            mask = self.full
            for part in node.parts:
                mask &= self._mask(part, s)
            return mask
        if isinstance(node, Any_):
            mask = 0
            for part in node.parts:
                mask |= self._mask(part, s)
            return mask
        if isinstance(node, Not):
            return self.full & ~self._mask(node.part, s)
        if isinstance(node, (Named, Dated, Presumed)):
            return self._mask(node.part, s)
        return self._leaf(node, s)

    def _leaf(self, leaf: Condition, s: Situation) -> int:
        if isinstance(leaf, Category):
            index = next(i for i, axis in enumerate(self.axes) if axis.code == leaf.option.value)
            return self._where(index, 1)
        indexes = [i for i, axis in enumerate(self.axes) if axis.fact in leaf.facts()]
        mask = 0
        for combination in product(*(range(len(self.axes[i].values)) for i in indexes)):
            given = {self.axes[i].fact: self.axes[i].values[k] for i, k in zip(indexes, combination, strict=True)}
            if leaf.truth(s.with_facts(**given)):
                where = self.full
                for i, k in zip(indexes, combination, strict=True):
                    where &= self._where(i, k)
                mask |= where
        return mask


def relevant_for(outcome: Any, names: Iterable[str], choices: Mapping[str, tuple[Any, ...]], s: Situation) -> set[str]:
    """The facts among ``names`` that can still change ``outcome(situation)``, by trying every combination of values."""
    order = sorted(names)
    results: dict[tuple[int, ...], Any] = {}
    for combination in product(*(range(len(choices[name])) for name in order)):
        given = {name: choices[name][k] for name, k in zip(order, combination, strict=True)}
        results[combination] = outcome(s.with_facts(**given))
    found = set()
    for position, name in enumerate(order):
        seen: dict[tuple[int, ...], Any] = {}
        for combination, result in results.items():
            rest = combination[:position] + combination[position + 1:]
            if rest in seen and seen[rest] != result:
                found.add(name)
                break
            seen.setdefault(rest, result)
    return found
