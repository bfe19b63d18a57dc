"""Sums: a small arithmetic tree over figures and facts, and the kinds of amount that a document may set.

An amount that a document does not set is never made up: its kind is ``not_stated`` with what the document says instead.
Money is exact :class:`~decimal.Decimal`, rounded half up to the fen once, at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from policies_kb.conditions import Condition, Situation
from policies_kb.model import Fact, Figure, plain

FEN = Decimal("0.01")
ZERO = Decimal(0)


class Term:
    """A node of the arithmetic tree: a number, or None while a fact is missing."""

    def value(self, s: Situation) -> Decimal | None:
        """The number, or None while facts are missing."""
        raise NotImplementedError

    def missing(self, s: Situation) -> set[str]:
        """The facts the number waits for (empty once it is known)."""
        raise NotImplementedError

    def facts(self) -> frozenset[str]:
        """All facts that stand in the tree."""
        raise NotImplementedError

    def formula(self, s: Situation) -> str:
        """How the number comes about; a missing fact stands by its name."""
        raise NotImplementedError


@dataclass(frozen=True)
class FigureTerm(Term):
    """A figure of a clause; percentages count as their hundredth part."""

    figure: Figure

    def value(self, s: Situation) -> Decimal | None:
        return self.figure.factor

    def missing(self, s: Situation) -> set[str]:
        return set()

    def facts(self) -> frozenset[str]:
        return frozenset()

    def formula(self, s: Situation) -> str:
        return self.figure.shown + self.figure.unit.replace("/人", "")


@dataclass(frozen=True)
class FactTerm(Term):
    """The value of a fact."""

    fact: Fact

    def value(self, s: Situation) -> Decimal | None:
        given = s.get(self.fact.name)
        return None if given is None else Decimal(given)

    def missing(self, s: Situation) -> set[str]:
        return {self.fact.name} if s.get(self.fact.name) is None else set()

    def facts(self) -> frozenset[str]:
        return frozenset((self.fact.name,))

    def formula(self, s: Situation) -> str:
        given = s.get(self.fact.name)
        return self.fact.label if given is None else plain(Decimal(given)) + self.fact.unit.replace("/人", "")


@dataclass(frozen=True)
class Product(Term):
    """Factors multiplied. A factor that is known to be zero settles the product."""

    parts: tuple[Term, ...]

    def value(self, s: Situation) -> Decimal | None:
        result: Decimal | None = Decimal(1)
        for part in self.parts:
            factor = part.value(s)
            if factor == 0 and factor is not None:
                return ZERO
            result = None if factor is None or result is None else result * factor
        return result

    def missing(self, s: Situation) -> set[str]:
        if self.value(s) is not None:
            return set()
        return set().union(*(part.missing(s) for part in self.parts))

    def facts(self) -> frozenset[str]:
        return frozenset().union(*(part.facts() for part in self.parts))

    def formula(self, s: Situation) -> str:
        texts = [part.formula(s) for part in self.parts]
        return " × ".join(f"({text})" if " + " in text else text for text in texts)


@dataclass(frozen=True)
class Sum(Term):
    """Parts added."""

    parts: tuple[Term, ...]

    def value(self, s: Situation) -> Decimal | None:
        values = [part.value(s) for part in self.parts]
        return None if any(value is None for value in values) else sum((v for v in values if v is not None), ZERO)

    def missing(self, s: Situation) -> set[str]:
        return set().union(*(part.missing(s) for part in self.parts))

    def facts(self) -> frozenset[str]:
        return frozenset().union(*(part.facts() for part in self.parts))

    def formula(self, s: Situation) -> str:
        return " + ".join(part.formula(s) for part in self.parts)


@dataclass(frozen=True)
class AtMost(Term):
    """A term that counts only up to a limit. With ``optional`` a limit that was not given does not bind."""

    part: Term
    limit: Term
    optional: bool = False

    def value(self, s: Situation) -> Decimal | None:
        part, limit = self.part.value(s), self.limit.value(s)
        if limit is None and self.optional:
            return part
        if part is None or limit is None:
            return None
        return min(part, limit)

    def missing(self, s: Situation) -> set[str]:
        if self.value(s) is not None:
            return set()
        return self.part.missing(s) if self.optional else self.part.missing(s) | self.limit.missing(s)

    def facts(self) -> frozenset[str]:
        return self.part.facts() | self.limit.facts()

    def formula(self, s: Situation) -> str:
        part, limit = self.part.value(s), self.limit.value(s)
        if limit is None and self.optional:
            return self.part.formula(s)
        if part is not None and limit is not None:
            if isinstance(self.part, FactTerm):
                return f"{self.part.formula(s)}" if part <= limit else f"{self.limit.formula(s)}(封顶,超出部分不算)"
            return self.part.formula(s) if part <= limit else f"{self.limit.formula(s)}(目录标准封顶)"
        return f"{self.part.formula(s)}(最多{self.limit.formula(s)})"


@dataclass(frozen=True)
class Choice(Term):
    """The first case whose condition is true; while a condition is undecided, so is the number."""

    cases: tuple[tuple[Condition, Term], ...]
    otherwise: Term

    def _chosen(self, s: Situation) -> Term | None:
        for condition, term in self.cases:
            holds = condition.truth(s)
            if holds:
                return term
            if holds is None:
                return None
        return self.otherwise

    def value(self, s: Situation) -> Decimal | None:
        chosen = self._chosen(s)
        return None if chosen is None else chosen.value(s)

    def missing(self, s: Situation) -> set[str]:
        chosen = self._chosen(s)
        if chosen is not None:
            return chosen.missing(s)
        result: set[str] = set()
        for condition, term in self.cases:
            holds = condition.truth(s)
            if holds is False:
                continue
            result |= condition.missing(s) | term.missing(s)
            if holds:
                return result
        return result | self.otherwise.missing(s)

    def facts(self) -> frozenset[str]:
        own = [leaf.facts() for condition, _ in self.cases for leaf in condition.leaves()]
        return frozenset().union(*own, *(term.facts() for _, term in self.cases), self.otherwise.facts())

    def formula(self, s: Situation) -> str:
        chosen = self._chosen(s)
        if chosen is not None:
            return chosen.formula(s)
        waiting = "、".join(s.vocabulary[name].label for name in sorted(self.missing(s), key=list(s.vocabulary).index))
        return f"标准(看{waiting})"


@dataclass(frozen=True)
class Reduction:
    """What an employer gets when a condition holds: a share of every sum, written once and named (攀枝花 五(二))."""

    when: Condition
    share: Figure
    says: str
    only: Condition | None = None

    def applies(self, s: Situation) -> bool:
        """Whether the share is to be taken; an unknown limit (``only``) does not bring it about.

        The limit is looked at first: outside it nothing is presumed about the rest.
        """
        return (self.only is None or bool(self.only.truth(s))) and bool(self.when.truth(s))


@dataclass(frozen=True)
class Money:
    """A settled or pending amount. Bounds and value are CNY, rounded to the fen."""

    kind: str
    value: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    formula: str | None = None
    says: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """As the HTTP contract shows it: decimal strings with two places."""
        return {
            "kind": self.kind,
            "value": _fen(self.value),
            "min": _fen(self.minimum),
            "max": _fen(self.maximum),
            "currency": "CNY",
            "formula": self.formula,
            "says": self.says,
        }


def _fen(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


class Amount:
    """What a benefit pays: one of the kinds, or a choice between amounts."""

    def money(self, s: Situation, reduction: Reduction | None) -> Money:
        """The amount for a situation; kind ``pending`` while facts are missing."""
        raise NotImplementedError

    def missing(self, s: Situation) -> set[str]:
        """The facts the amount waits for."""
        raise NotImplementedError

    def facts(self) -> frozenset[str]:
        """All facts that the amount may read."""
        raise NotImplementedError

    def variants(self) -> Sequence[Stated | Unstated]:
        """The amounts that it may come to, for checks and wording."""
        raise NotImplementedError


@dataclass(frozen=True)
class Unstated(Amount):
    """``free`` or ``not_stated``: no sum, but what the document says instead."""

    kind: str
    says: str

    def money(self, s: Situation, reduction: Reduction | None) -> Money:
        return Money(self.kind, says=self.says)

    def missing(self, s: Situation) -> set[str]:
        return set()

    def facts(self) -> frozenset[str]:
        return frozenset()

    def variants(self) -> Sequence[Stated | Unstated]:
        return (self,)


@dataclass(frozen=True)
class Stated(Amount):
    """``exact``, ``at_least``, ``at_most`` (one term) or ``range`` (two)."""

    kind: str
    low: Term
    high: Term | None = None
    says: str | None = None

    def money(self, s: Situation, reduction: Reduction | None) -> Money:
        reduced = reduction is not None and reduction.applies(s)
        low, high = self._sum(self.low, s, reduction if reduced else None), None
        formula = self._formula(self.low, s, reduction if reduced else None)
        if self.high is not None:
            high = self._sum(self.high, s, reduction if reduced else None)
            formula = f"{formula} 至 {self._formula(self.high, s, reduction if reduced else None)}"
        if low is None or (self.high is not None and high is None):
            return Money("pending", formula=formula, says=self.says)
        if self.kind == "exact":
            return Money("exact", value=low, formula=formula, says=self.says)
        if self.kind == "at_least":
            return Money("at_least", minimum=low, formula=formula, says=self.says)
        if self.kind == "at_most":
            return Money("at_most", maximum=low, formula=formula, says=self.says)
        return Money("range", minimum=low, maximum=high, formula=formula, says=self.says)

    @staticmethod
    def _sum(term: Term, s: Situation, reduction: Reduction | None) -> Decimal | None:
        value = term.value(s)
        if value is None:
            return None
        if reduction is not None:
            value *= reduction.share.factor
        return value.quantize(FEN, rounding=ROUND_HALF_UP)

    @staticmethod
    def _formula(term: Term, s: Situation, reduction: Reduction | None) -> str:
        text = term.formula(s)
        return f"{text} × {reduction.share.shown}%" if reduction is not None else text

    def missing(self, s: Situation) -> set[str]:
        return self.low.missing(s) | (self.high.missing(s) if self.high is not None else set())

    def facts(self) -> frozenset[str]:
        return self.low.facts() | (self.high.facts() if self.high is not None else frozenset())

    def variants(self) -> Sequence[Stated | Unstated]:
        return (self,)


@dataclass(frozen=True)
class ChosenAmount(Amount):
    """Amounts of different kinds under conditions; undecided conditions keep the amount pending."""

    cases: tuple[tuple[Condition, Amount], ...]
    otherwise: Amount

    def _chosen(self, s: Situation) -> Amount | None:
        for condition, amount in self.cases:
            holds = condition.truth(s)
            if holds:
                return amount
            if holds is None:
                return None
        return self.otherwise

    def money(self, s: Situation, reduction: Reduction | None) -> Money:
        chosen = self._chosen(s)
        if chosen is not None:
            return chosen.money(s, reduction)
        labels = "、".join(s.vocabulary[name].label for name in sorted(self.missing(s)))
        return Money("pending", formula=f"看{labels}而定")

    def missing(self, s: Situation) -> set[str]:
        chosen = self._chosen(s)
        if chosen is not None:
            return chosen.missing(s)
        result: set[str] = set()
        for condition, amount in self.cases:
            if condition.truth(s) is not False:
                result |= condition.missing(s) | amount.missing(s)
        return result | self.otherwise.missing(s)

    def facts(self) -> frozenset[str]:
        own = [leaf.facts() for condition, _ in self.cases for leaf in condition.leaves()]
        return frozenset().union(*own, *(amount.facts() for _, amount in self.cases), self.otherwise.facts())

    def variants(self) -> Sequence[Stated | Unstated]:
        return [v for _, amount in self.cases for v in amount.variants()] + list(self.otherwise.variants())
