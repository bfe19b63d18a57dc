"""What the knowledge base is made of: frozen records, nothing computed.

Rules (conditions and amounts) are in :mod:`policies_kb.conditions` and :mod:`policies_kb.amounts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from policies_kb.amounts import Amount, Reduction
    from policies_kb.conditions import Condition


@dataclass(frozen=True)
class Region:
    """A city or district. ``code`` is its GB/T 2260 code; ``within`` the region whose documents hold here too."""

    id: str
    name: str
    short_name: str
    full_name: str
    code: str
    within: str | None
    aliases: tuple[str, ...]
    districts: tuple[str, ...]
    office: str


@dataclass(frozen=True)
class Figure:
    """One figure of a clause. ``value`` is exact; a percentage is kept as written (50) with the unit ``%``."""

    name: str
    value: Decimal
    unit: str
    means: str
    clause: str

    @property
    def factor(self) -> Decimal:
        """The figure as a number to calculate with: 50 % is 0.5."""
        return self.value / 100 if self.unit == "%" else self.value

    @property
    def shown(self) -> str:
        """The bare number as it is written in a sentence: 60, 4.01."""
        return plain(self.value)


@dataclass(frozen=True)
class Clause:
    """One clause of a document in our own words; ``label`` is how a citation names it (第十八条, 四(六), 附件5)."""

    document: str
    name: str
    label: str
    title: str
    text: str
    chapter: str | None
    leads: tuple[str, ...]
    assists: tuple[str, ...]
    figures: Mapping[str, Figure]
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Calculation:
    """A sum over facts of the question and figures of a clause that is an answer by itself (hours → days).

    ``needs`` names facts, or ``money`` for a sum of the question; ``cue`` is a pattern the question must show; ``says`` tells
    the ``{result}``; ``none_left`` is said instead when the result is 0.
    """

    clause: str
    topics: tuple[str, ...]
    cue: str
    needs: tuple[str, ...]
    formula: str
    says: str
    none_left: str | None = None


@dataclass(frozen=True)
class Document:
    """An official document. ``in_force_to`` is None where it states no end."""

    id: str
    region: str
    number: str
    title: str
    short_title: str
    issuer: str
    issued: date
    in_force_from: date
    in_force_to: date | None
    in_force_basis: str
    plan: str | None
    clauses: Mapping[str, Clause]
    figures: Mapping[str, Figure]
    calculations: tuple[Calculation, ...] = ()

    def in_force(self, on: date) -> bool:
        """Whether the document's period covers the day ``on``."""
        return self.in_force_from <= on and (self.in_force_to is None or on <= self.in_force_to)

    def citation(self, clause: str) -> dict[str, str]:
        """A citation as the HTTP contract shows it."""
        return {"document": self.id, "number": self.number, "clause": clause, "title": self.clauses[clause].title}


@dataclass(frozen=True)
class Answer:
    """One thing that people ask of a document, and what to say. Texts are rendered: figures stand in them."""

    id: str
    document: str
    region: str
    clauses: tuple[str, ...]
    topic: str
    kind: str
    ask: tuple[str, ...]
    text: str
    short: str | None
    more: str | None
    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    benefit: str | None = None
    not_stated: bool = False


@dataclass(frozen=True)
class Option:
    """A value of a choice, or a code of a set: what it is called and how people say it."""

    value: str
    label: str
    words: tuple[str, ...] = ()
    implies: tuple[str, ...] = ()
    explain: str | None = None


@dataclass(frozen=True)
class Fact:
    """A fact that rules speak of. ``type`` is bool, int, number, money, choice or set; ``presumed`` is data of the rules."""

    name: str
    type: str
    label: str
    question: str
    help: str | None = None
    options: tuple[Option, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    unit: str = ""
    presumed: Any = None
    implies: Mapping[str, Any] = field(default_factory=dict)
    cues: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    true_words: tuple[str, ...] = ()
    false_words: tuple[str, ...] = ()
    unclear_words: tuple[str, ...] = ()

    @property
    def is_presumed(self) -> bool:
        """Whether the rules take a value for granted when nobody gave one."""
        return self.presumed is not None

    def option(self, value: str) -> Option | None:
        """The option with this value, if there is one."""
        return next((option for option in self.options if option.value == value), None)


@dataclass(frozen=True)
class Benefit:
    """A rule: who may claim what under which clause. ``paid_to`` is None where the document names no payee."""

    id: str
    region: str
    name: str
    topic: str
    document: str
    clauses: tuple[str, ...]
    cites: tuple[tuple[str, str], ...]
    paid_to: str | None
    paid_to_fact: str | None
    when: Condition
    amount: Amount
    reduction: Reduction | None
    notes: tuple[Note, ...]
    open_list: str | None
    in_force_to: date | None
    file: str
    assumes: tuple[tuple[str, Any, str], ...] = ()
    """What a conversation takes as meant: (fact, value, the fact whose being given makes it so). Not for the HTTP calculator."""


@dataclass(frozen=True)
class Status:
    """A named group of people that a region's document defines (就业困难人员 in 曲靖 四)."""

    condition: Any
    document: str
    clause: str


@dataclass(frozen=True)
class Note:
    """Something the result says beside verdict and sum; ``since`` / ``status`` bind it to dates and verdicts."""

    text: str
    since: date | None = None
    until: date | None = None
    status: tuple[str, ...] = ("eligible", "unknown")
    when: Condition | None = None

    def holds(self, on: date, status: str) -> bool:
        """Whether the note is to be told for a verdict ``status`` on the day ``on``."""
        return status in self.status and (self.since is None or on >= self.since) and (self.until is None or on <= self.until)


def plain(value: Decimal) -> str:
    """A number without needless zeros and without exponent: 1500, 4.01, 0.5."""
    whole = value.to_integral_value()
    return format(whole if value == whole else value.normalize(), "f")
