"""Raw values from outside (HTTP, roster, chat) → facts of the vocabulary, or a FactError that names what is allowed.

Nothing is guessed: a number in quotes is no number, ``1`` is not "yes", an unknown name is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from policies_kb.conditions import CATEGORIES
from policies_kb.errors import FactError
from policies_kb.model import Fact, plain

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

LIMIT = Decimal(10) ** 12
"""No number of the vocabulary is as large as this."""


def parse_facts(kb: KnowledgeBase, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The given facts with exact types: bool, int, Decimal, str, and a frozenset for categories.

    What one fact implies about another (应届 is within 择业期, so beyond 择业期 is not 应届) is filled in. Raises FactError for
    the first fact that is unknown, whose value is not allowed, or that another given fact rules out.
    """
    if not isinstance(raw, Mapping):
        raise FactError("facts", raw, "facts 要写成“事实名: 值”的对象。")
    facts: dict[str, Any] = {}
    for name, value in raw.items():
        fact = kb.facts.get(name) if isinstance(name, str) else None
        if fact is None:
            raise FactError(_name(name), value, "没有这个事实。可用的有:" + "、".join(kb.facts) + "。")
        facts[name] = parse_fact(kb, fact, value)
    for fact in kb.implying:
        _fill_in(kb, fact, facts)
    return facts


def _name(name: Any) -> str:
    """What stands where a fact's name should, as text."""
    try:
        return str(name)
    except ValueError:  # an integer of more than 4300 digits
        return "?"


def _fill_in(kb: KnowledgeBase, fact: Fact, facts: dict[str, Any]) -> None:
    """Add what a fact implies about others while true, and that it is false where they are otherwise. Raises FactError."""
    for name, follows in fact.implies.items():
        if facts.get(fact.name) is True:
            facts.setdefault(name, follows)
        given = facts.get(name)
        if given is None or given == follows:
            continue
        if facts.setdefault(fact.name, False) is True:
            other = kb.facts[name]
            value = {True: "true(是)", False: "false(不是)"}.get(follows, follows)
            raise FactError(name, given, f"已经说了“{fact.label}”({fact.name}),它就只能是 {value}。", other.label)


def parse_fact(kb: KnowledgeBase, fact: Fact, value: Any) -> Any:
    """One value in the fact's own type. Raises FactError."""
    if fact.type == "set":
        return _codes(kb, fact, value)
    return allowed_value(fact, value)


def allowed_value(fact: Fact, value: Any) -> Any:
    """One value of a fact that is no set, in its own type. Raises FactError."""
    if fact.type == "bool":
        if isinstance(value, bool):
            return value
        raise FactError(fact.name, value, "只能是 true(是)或 false(不是)。", fact.label)
    if fact.type == "choice":
        if isinstance(value, str) and fact.option(value) is not None:
            return value
        raise FactError(fact.name, value, "只能是:" + _options(fact) + "。", fact.label)
    return _number(fact, value)


def _codes(kb: KnowledgeBase, fact: Fact, value: Any) -> frozenset[str]:
    if not isinstance(value, (list, tuple, set, frozenset)):
        raise FactError(fact.name, value, "要写成列表,可用的有:" + _options(fact) + "。", fact.label)
    for code in value:
        if not isinstance(code, str) or fact.option(code) is None:
            raise FactError(fact.name, code, "可用的有:" + _options(fact) + "。", fact.label)
    return kb.with_implied(value)


def _number(fact: Fact, value: Any) -> int | Decimal:
    whole = fact.type == "int"
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise FactError(fact.name, value, _allowed(fact), fact.label)
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    # The size comes first: arithmetic with a number of any length could fail.
    if (
        not exact.is_finite()
        or not -LIMIT < exact < LIMIT
        or (fact.minimum is not None and exact < fact.minimum)
        or (fact.maximum is not None and exact > fact.maximum)
        or (whole and exact != exact.to_integral_value())
    ):
        raise FactError(fact.name, value, _allowed(fact), fact.label)
    return int(exact) if whole else exact


def _allowed(fact: Fact) -> str:
    kind = "整数" if fact.type == "int" else "数"
    unit = f"(单位:{fact.unit})" if fact.unit else ""
    low = f",不小于 {plain(fact.minimum)}" if fact.minimum is not None else ""
    high = f",不大于 {plain(fact.maximum)}" if fact.maximum is not None else ",小于一万亿"
    return f"要写{kind}{unit}{low}{high}。"


def _options(fact: Fact) -> str:
    return "、".join(f"{option.value}({option.label})" for option in fact.options)


def parse_day(value: Any) -> date:
    """``as_of`` as a date (YYYY-MM-DD). Raises FactError."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise FactError("as_of", value, "要写成年-月-日,比如 2020-06-01。", "日期")


def fact_to_json(value: Any) -> Any:
    """A fact's value as JSON can hold it: sets as sorted lists, decimals as numbers."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


__all__ = ["CATEGORIES", "fact_to_json", "parse_day", "parse_fact", "parse_facts"]
