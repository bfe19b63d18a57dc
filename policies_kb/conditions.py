"""Conditions over facts with three values: True, False, and None for *not yet known*.

A node answers three questions about a :class:`Situation`: its truth, the facts it still waits for, and its reasons in
Chinese. A decided node waits for nothing; an undecided ``all`` or ``any`` waits for the union of its undecided children.
That is exact while no fact stands twice; where one does, :mod:`policies_kb.exact` settles it by enumeration.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from policies_kb.model import Fact, Option, plain

if TYPE_CHECKING:
    from policies_kb.amounts import Term

CATEGORIES = "categories"


class Situation:
    """The facts given for one person or claim, the day, and the presumptions that were needed on the way."""

    __slots__ = ("facts", "as_of", "presumed", "presuming", "vocabulary", "region_name")

    def __init__(
        self, facts: Mapping[str, Any], as_of: date, vocabulary: Mapping[str, Fact], region_name: str = "", presuming: bool = True
    ) -> None:
        self.facts = facts
        self.presuming = presuming
        self.as_of = as_of
        self.vocabulary = vocabulary
        self.region_name = region_name
        self.presumed: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        """The value of a fact: as given, else as presumed (and noted so), else None."""
        value = self.facts.get(name)
        if value is None and self.presuming:
            value = self.vocabulary[name].presumed
            if value is not None:
                self.presumed[name] = value
        return value

    def known(self, name: str) -> Any:
        """The value of a fact as :meth:`get` has it, without noting a presumption: for looking round, not for a verdict."""
        value = self.facts.get(name)
        return self.vocabulary[name].presumed if value is None else value

    def with_facts(self, **facts: Any) -> Situation:
        """The same situation with further facts, for trying out what an answer would change."""
        return Situation({**self.facts, **facts}, self.as_of, self.vocabulary, self.region_name, self.presuming)

    def as_given(self) -> Situation:
        """The same situation with nothing presumed, for telling whether a verdict rests on a presumption."""
        return Situation(self.facts, self.as_of, self.vocabulary, self.region_name, presuming=False)


@dataclass(frozen=True)
class Reason:
    """One reason of a verdict: a sentence, whether it holds (None: not yet known), and the clause it comes from.

    ``wanted`` names the condition itself, for sentences such as 前提是….
    """

    text: str
    holds: bool | None
    clause: str | None
    wanted: str = ""


class Condition:
    """Base of the nodes; ``clause`` names the clause a node comes from where it is not the benefit's own."""

    clause: str | None

    def truth(self, s: Situation) -> bool | None:
        """True, False, or None while facts are missing."""
        raise NotImplementedError

    def missing(self, s: Situation) -> set[str]:
        """The facts that an undecided node waits for (empty once decided)."""
        raise NotImplementedError

    def reasons(self, s: Situation) -> list[Reason]:
        """Why the node is as it is."""
        raise NotImplementedError

    def leaves(self) -> Iterable[Condition]:
        """The leaves below this node."""
        return (self,)

    def facts(self) -> frozenset[str]:
        """The facts that a leaf reads, presumed ones included."""
        return frozenset()

    def names(self, s: Situation) -> list[str]:
        """How the thing that this node asks for is called, for lists such as 不属于:…。"""
        return []


@dataclass(frozen=True)
class Category(Condition):
    """The person is of a category (the given list is complete)."""

    option: Option
    clause: str | None = None

    def truth(self, s: Situation) -> bool | None:
        given = s.facts.get(CATEGORIES)
        return None if given is None else self.option.value in given

    def missing(self, s: Situation) -> set[str]:
        return {CATEGORIES} if s.facts.get(CATEGORIES) is None else set()

    def reasons(self, s: Situation) -> list[Reason]:
        holds = self.truth(s)
        text = {True: f"属于{self.option.label}", False: f"不属于{self.option.label}", None: f"还要看是不是{self.option.label}"}[holds]
        return [Reason(text, holds, self.clause, f"属于{self.option.label}")]

    def facts(self) -> frozenset[str]:
        return frozenset((CATEGORIES,))

    def names(self, s: Situation) -> list[str]:
        return [self.option.label]


@dataclass(frozen=True)
class Presumption:
    """Where a leaf may take its fact for granted: only while ``when`` is true."""

    when: Condition
    value: Any


@dataclass(frozen=True)
class FactIs(Condition):
    """A yes/no fact or a choice has one of the allowed values."""

    fact: Fact
    values: frozenset[Any]
    presumption: Presumption | None = None
    says: str | None = None
    clause: str | None = None

    def truth(self, s: Situation) -> bool | None:
        value = s.get(self.fact.name)
        if value is None:
            if self.presumption is not None and s.presuming and self.presumption.when.truth(s):
                s.presumed[self.fact.name] = self.presumption.value
                return self.presumption.value in self.values
            return None
        return value in self.values

    def missing(self, s: Situation) -> set[str]:
        return {self.fact.name} if self.truth(s) is None else set()

    def reasons(self, s: Situation) -> list[Reason]:
        holds = self.truth(s)
        want = self._wanted()
        if holds is None:
            return [Reason(f"还要知道:{self.fact.label}", None, self.clause, want)]
        if holds:
            return [Reason(want, True, self.clause)]
        return [Reason(f"要求{want},现在不符合", False, self.clause)]

    def _wanted(self) -> str:
        if self.says:
            return self.says
        if self.fact.type == "bool":
            return self.fact.label if True in self.values else f"没有“{self.fact.label}”的情形"
        labels = [option.label for option in self.fact.options if option.value in self.values]
        others = [option.label for option in self.fact.options if option.value not in self.values]
        if len(others) == 1 and len(labels) > 2:
            return f"{self.fact.label}不是“{others[0]}”"
        return f"{self.fact.label}是{'、'.join(labels)}" + ("之一" if len(labels) > 1 else "")

    def facts(self) -> frozenset[str]:
        return frozenset((self.fact.name,))

    def names(self, s: Situation) -> list[str]:
        return [self._wanted()]


@dataclass(frozen=True)
class FactRange(Condition):
    """A number lies in a range; each bound is inclusive (at_least, at_most) or exclusive (above, below)."""

    fact: Fact
    bounds: tuple[tuple[str, Decimal], ...]
    says: str | None = None
    clause: str | None = None

    TESTS = {"at_least": operator.ge, "at_most": operator.le, "above": operator.gt, "below": operator.lt}
    WORDS = {"at_least": "至少", "at_most": "不超过", "above": "多于", "below": "少于"}

    def truth(self, s: Situation) -> bool | None:
        value = s.get(self.fact.name)
        if value is None:
            return None
        return all(self.TESTS[name](value, bound) for name, bound in self.bounds)

    def missing(self, s: Situation) -> set[str]:
        return {self.fact.name} if s.get(self.fact.name) is None else set()

    def _wanted(self) -> str:
        return self.says or self.fact.label + ",".join(
            f"{self.WORDS[name]}{plain(bound)}{self.fact.unit}" for name, bound in self.bounds
        )

    def reasons(self, s: Situation) -> list[Reason]:
        holds = self.truth(s)
        if holds is None:
            return [Reason(f"还要知道:{self.fact.label}(要求{self._wanted()})", None, self.clause, self._wanted())]
        value = f"{plain(Decimal(s.get(self.fact.name)))}{self.fact.unit}"
        if holds:
            return [Reason(f"{self._wanted()}(现在{value})", True, self.clause)]
        return [Reason(f"要求{self._wanted()},现在是{value}", False, self.clause)]

    def facts(self) -> frozenset[str]:
        return frozenset((self.fact.name,))

    def names(self, s: Situation) -> list[str]:
        return [self._wanted()]


@dataclass(frozen=True)
class Subject(Condition):
    """The rule is about training of this kind: holds when the kind is given so, or not given at all; never asked about."""

    fact: Fact
    value: str
    clause: str | None = None

    def truth(self, s: Situation) -> bool | None:
        given = s.facts.get(self.fact.name)
        return given is None or given == self.value

    def missing(self, s: Situation) -> set[str]:
        return set()

    def reasons(self, s: Situation) -> list[Reason]:
        if s.facts.get(self.fact.name) is None:
            return []
        holds = bool(self.truth(s))
        option = self.fact.option(self.value)
        assert option is not None
        text = f"这一条讲的是{option.label}"
        return [Reason(text if holds else f"{text},不是您说的这种培训", holds, self.clause)]

    def facts(self) -> frozenset[str]:
        return frozenset((self.fact.name,))


@dataclass(frozen=True)
class Compare(Condition):
    """Two small sums over facts compared, such as on-line days against a share of all days."""

    left: Term
    test: str
    right: Term
    says: str
    samples: tuple[Decimal, ...]
    clause: str | None = None

    def truth(self, s: Situation) -> bool | None:
        left, right = self.left.value(s), self.right.value(s)
        if left is None or right is None:
            return None
        return bool(FactRange.TESTS[self.test](left, right))

    def missing(self, s: Situation) -> set[str]:
        return set() if self.truth(s) is not None else self.left.missing(s) | self.right.missing(s)

    def reasons(self, s: Situation) -> list[Reason]:
        holds = self.truth(s)
        if holds is None:
            labels = "、".join(sorted(s.vocabulary[name].label for name in self.missing(s)))
            return [Reason(f"还要知道:{labels}(要求{self.says})", None, self.clause, self.says)]
        return [Reason(self.says if holds else f"要求{self.says},现在不符合", holds, self.clause)]

    def facts(self) -> frozenset[str]:
        return self.left.facts() | self.right.facts()

    def names(self, s: Situation) -> list[str]:
        return [self.says]


@dataclass(frozen=True)
class Given(Condition):
    """Whether a fact was given at all: decided at once, never asked about."""

    fact: Fact
    clause: str | None = None

    def truth(self, s: Situation) -> bool | None:
        return s.facts.get(self.fact.name) is not None

    def missing(self, s: Situation) -> set[str]:
        return set()

    def reasons(self, s: Situation) -> list[Reason]:
        return []


@dataclass(frozen=True)
class All(Condition):
    """Every part holds."""

    parts: tuple[Condition, ...]
    clause: str | None = None

    def truth(self, s: Situation) -> bool | None:
        result: bool | None = True
        for part in self.parts:
            value = part.truth(s)
            if value is False:
                return False
            if value is None:
                result = None
        return result

    def missing(self, s: Situation) -> set[str]:
        waiting = []
        for part in self.parts:
            value = part.truth(s)
            if value is False:
                return set()
            if value is None:
                waiting.append(part)
        return set().union(*(part.missing(s) for part in waiting))

    def reasons(self, s: Situation) -> list[Reason]:
        parts: Sequence[Condition] = self.parts
        if self.truth(s) is False:
            # What bars comes first and alone: the rest would only distract.
            parts = [part for part in parts if part.truth(s) is False]
        return [reason for part in parts for reason in part.reasons(s)]

    def leaves(self) -> Iterable[Condition]:
        return (leaf for part in self.parts for leaf in part.leaves())

    def names(self, s: Situation) -> list[str]:
        return ["且".join(name for part in self.parts for name in part.names(s)[:1])]


@dataclass(frozen=True)
class Any_(Condition):
    """At least one part holds."""

    parts: tuple[Condition, ...]
    says: str | None = None
    clause: str | None = None

    def truth(self, s: Situation) -> bool | None:
        result: bool | None = False
        for part in self.parts:
            value = part.truth(s)
            if value is True:
                return True
            if value is None:
                result = None
        return result

    def missing(self, s: Situation) -> set[str]:
        waiting = []
        for part in self.parts:
            value = part.truth(s)
            if value is True:
                return set()
            if value is None:
                waiting.append(part)
        return set().union(*(part.missing(s) for part in waiting))

    def reasons(self, s: Situation) -> list[Reason]:
        holds = self.truth(s)
        if holds:
            return next(part for part in self.parts if part.truth(s)).reasons(s)
        open_parts = [part for part in self.parts if part.truth(s) is None] if holds is None else list(self.parts)
        begun = [part for part in open_parts if isinstance(part, All) and any(each.truth(s) is True for each in part.parts)]
        if holds is None and len(begun) == 1:
            # of several ways one is half gone (a poor labourer, the employer still unknown): what it lacks is what matters
            return [reason for part in begun[0].parts if part.truth(s) is None for reason in part.reasons(s)]
        names = "、".join(dict.fromkeys(name for part in open_parts for name in part.names(s)))
        if holds is None:
            one_of = names if len(names) < 40 or "、" not in names else f"下面其中一项:{names}"
            wanted = self.says or (f"属于{one_of}" if all(isinstance(part, (Category, Named)) for part in open_parts) else one_of)
            return [Reason(f"还要看是不是符合其中一项:{names}", None, self.clause, wanted + ("之一" if "、" in names else ""))]
        return [Reason(f"下面几项都不符合:{names}", False, self.clause)]

    def leaves(self) -> Iterable[Condition]:
        return (leaf for part in self.parts for leaf in part.leaves())

    def names(self, s: Situation) -> list[str]:
        return [self.says] if self.says else [name for part in self.parts for name in part.names(s)]


@dataclass(frozen=True)
class Not(Condition):
    """The part does not hold."""

    part: Condition
    says: str
    clause: str | None = None

    def truth(self, s: Situation) -> bool | None:
        value = self.part.truth(s)
        return None if value is None else not value

    def missing(self, s: Situation) -> set[str]:
        return self.part.missing(s)

    def reasons(self, s: Situation) -> list[Reason]:
        holds = self.truth(s)
        text = {True: self.says, False: f"要求{self.says},现在不符合", None: f"还要看是不是{self.says}"}[holds]
        return [Reason(text, holds, self.clause, self.says)]

    def leaves(self) -> Iterable[Condition]:
        return self.part.leaves()

    def names(self, s: Situation) -> list[str]:
        return [self.says]


@dataclass(frozen=True)
class Named(Condition):
    """A condition that several rules share, written once under a name (就业困难人员, say)."""

    name: str
    label: str
    part: Condition
    group: bool = False
    clause: str | None = None

    def truth(self, s: Situation) -> bool | None:
        return self.part.truth(s)

    def missing(self, s: Situation) -> set[str]:
        return self.part.missing(s)

    def reasons(self, s: Situation) -> list[Reason]:
        holds = self.truth(s)
        if not self.group:
            if holds is None or not self.label:
                return [self._cited(reason) for reason in self.part.reasons(s)]
            return [Reason(self.label if holds else f"要求{self.label},现在不符合", holds, self.clause)]
        if holds:
            inner = self.part.reasons(s)
            # 下岗失业人员在曲靖属于失业人员: of what is itself derived the ground is enough
            via = [reason.text.removeprefix("属于").split(f"在{s.region_name}属于")[0].rstrip(",") for reason in inner if reason.holds]
            via = [text for text in dict.fromkeys(via) if not any(other != text and other.startswith(text) for other in via)]
            if via and via != [self.label]:
                joint = "、".join(via) + ("," if len(via) > 1 else "")
                return [Reason(f"{joint}在{s.region_name}属于{self.label}", True, self.clause)]
            return [Reason(f"属于{self.label}", True, self.clause)]
        if holds is False:
            return [Reason(f"不属于{self.label}", False, self.clause)]
        return [Reason(f"还要看是不是{self.label}", None, self.clause, f"属于{self.label}")]

    def _cited(self, reason: Reason) -> Reason:
        return Reason(reason.text, reason.holds, reason.clause or self.clause, reason.wanted)

    def leaves(self) -> Iterable[Condition]:
        return self.part.leaves()

    def names(self, s: Situation) -> list[str]:
        return [self.label] if self.label else self.part.names(s)


@dataclass(frozen=True)
class Dated(Condition):
    """A part that holds only from or until a date; outside it, it asks nothing (``all`` passes it over)."""

    part: Condition
    since: date | None
    until: date | None
    clause: str | None = None

    def applies(self, on: date) -> bool:
        """Whether the part counts on the day ``on``."""
        return (self.since is None or on >= self.since) and (self.until is None or on <= self.until)

    def truth(self, s: Situation) -> bool | None:
        return self.part.truth(s) if self.applies(s.as_of) else True

    def missing(self, s: Situation) -> set[str]:
        return self.part.missing(s) if self.applies(s.as_of) else set()

    def reasons(self, s: Situation) -> list[Reason]:
        return self.part.reasons(s) if self.applies(s.as_of) else []

    def leaves(self) -> Iterable[Condition]:
        return self.part.leaves()

    def names(self, s: Situation) -> list[str]:
        return self.part.names(s)


@dataclass(frozen=True)
class Presumed(Condition):
    """Limits told, not asked: the part holds unless a given fact says otherwise; nothing is waited for."""

    part: Condition
    clause: str | None = None

    def truth(self, s: Situation) -> bool | None:
        return self.part.truth(s) is not False

    def missing(self, s: Situation) -> set[str]:
        return set()

    def reasons(self, s: Situation) -> list[Reason]:
        return [reason for reason in self.part.reasons(s) if reason.holds is not None]

    def leaves(self) -> Iterable[Condition]:
        return self.part.leaves()

    def names(self, s: Situation) -> list[str]:
        return self.part.names(s)
