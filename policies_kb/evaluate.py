"""Benefits × facts → results. Pure: the same facts, day and kb_version give the same result; no clock, file or network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from policies_kb import exact
from policies_kb.amounts import Money
from policies_kb.conditions import Reason, Situation
from policies_kb.errors import FactError
from policies_kb.facts import fact_to_json, parse_facts
from policies_kb.model import Benefit
from policies_kb.questions import Question, next_question, order_missing

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

STATUS = {True: "eligible", False: "not_eligible", None: "unknown"}


@dataclass(frozen=True)
class Result:
    """What one benefit comes to for the given facts."""

    benefit: Benefit
    status: str
    in_force: bool
    paid_to: str | None
    amount: Money | None
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    presumed: Mapping[str, Any]
    citations: tuple[dict[str, str], ...]
    notes: tuple[str, ...]
    weights: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """As the HTTP contract shows it."""
        return {
            "benefit": self.benefit.id,
            "name": self.benefit.name,
            "status": self.status,
            "in_force": self.in_force,
            "paid_to": self.paid_to,
            "amount": None if self.amount is None else self.amount.to_dict(),
            "reasons": [{"text": r.text, "holds": r.holds, "clause": r.clause} for r in self.reasons],
            "missing": list(self.missing),
            "presumed": {name: fact_to_json(value) for name, value in self.presumed.items()},
            "citations": list(self.citations),
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class Assessment:
    """All results of a region for one set of facts, and the question that settles most."""

    region: str
    as_of: date
    results: tuple[Result, ...]
    next_question: Question | None
    kb_version: str

    def to_dict(self) -> dict[str, Any]:
        """Exactly the body of ``POST /api/v1/eligibility``."""
        return {
            "region": self.region,
            "as_of": self.as_of.isoformat(),
            "results": [result.to_dict() for result in self.results],
            "next_question": None if self.next_question is None else self.next_question.to_dict(),
            "kb_version": self.kb_version,
        }


def assess(
    kb: KnowledgeBase,
    region: str,
    facts: Mapping[str, Any],
    as_of: date,
    benefit: str | None = None,
    skip: frozenset[str] = frozenset(),
) -> Assessment:
    """Work out every benefit of a region (and of the region that contains it), or just the one named.

    ``facts`` are raw values as they come from outside. ``skip`` names facts that the person could not answer, so that they
    are not asked again. Raises FactError for an unknown region, benefit or fact, or a value that is not allowed.
    """
    if region not in kb.regions:
        raise FactError("region", region, "可用的有:" + "、".join(f"{r.id}({r.short_name})" for r in kb.regions.values()) + "。", "地区")
    given = parse_facts(kb, facts)
    if benefit is None:
        chosen = [rule for rule in kb.benefits_of(region) if _in_question(kb, rule, given, as_of)]
    else:
        allowed = {rule.id: rule for rule in kb.benefits_of(region)}
        if benefit not in allowed:
            raise FactError("benefit", benefit, f"{kb.regions[region].short_name}可用的有:" + "、".join(allowed) + "。", "补贴项目")
        chosen = [allowed[benefit]]
    results = tuple(evaluate(kb, rule, given, as_of, kb.regions[region].short_name) for rule in chosen)
    question = next_question(kb, region, [result.weights for result in results], skip)
    return Assessment(region, as_of, results, question, kb.version)


def _in_question(kb: KnowledgeBase, rule: Benefit, given: Mapping[str, Any], as_of: date) -> bool:
    """Whether role and training type, where given, leave the benefit in question at all."""
    role = given.get("role")
    if role is not None:
        payee = _paid_to(rule, given)
        if payee is not None and payee != role:
            return False
    kind = given.get("training_type")
    if kind is None:
        return True
    only_kind = Situation({"training_type": kind}, as_of, kb.facts)
    return rule.when.truth(only_kind) is not False


def _paid_to(rule: Benefit, given: Mapping[str, Any]) -> str | None:
    """The payee: as the document names it, or whoever paid in advance (谁垫付谁申领) where that decides."""
    if rule.paid_to_fact is None:
        return rule.paid_to
    payee = given.get(rule.paid_to_fact)
    return payee if payee in ("worker", "employer") else None


def evaluate(kb: KnowledgeBase, rule: Benefit, given: Mapping[str, Any], as_of: date, region_name: str) -> Result:
    """One benefit for parsed facts."""
    s = Situation(given, as_of, kb.facts, region_name)
    truth, waiting = verdict(kb, rule, s)
    if truth is not None and s.presumed and rule.when.truth(s.as_given()) is truth:
        s.presumed.clear()  # looked at on the way, but the verdict does not rest on it
    money, amount_waiting = _amount(kb, rule, s, truth)
    status = STATUS[truth]
    notes = [note.text for note in rule.notes if note.holds(as_of, status) and (note.when is None or note.when.truth(s))]
    if rule.reduction is not None and truth is not False and rule.reduction.applies(s):
        notes.insert(0, rule.reduction.says)
    if truth is False and rule.open_list:
        notes.append(rule.open_list)
    presumed = dict(s.presumed)  # before the reasons, which look at everything
    weights = order_missing(kb, rule, s, kb.without_unasked(amount_waiting if truth else waiting), truth)
    document = kb.documents[rule.document]
    in_force = document.in_force(as_of) and (rule.in_force_to is None or as_of <= rule.in_force_to)
    return Result(
        benefit=rule, status=status, in_force=in_force, paid_to=_paid_to(rule, given), amount=money,
        reasons=_reasons(rule, s, truth), missing=tuple(weights), presumed=presumed,
        citations=tuple(kb.documents[doc].citation(clause) for doc, clause in rule.cites), notes=tuple(notes), weights=weights,
    )


def _reasons(rule: Benefit, s: Situation, truth: bool | None) -> tuple[Reason, ...]:
    """Why the verdict is as it is; a clause that a reason does not name is the rule's own."""
    clause = rule.clauses[0]
    if truth is not None and rule.when.truth(s) is None:
        return (Reason("其余情况怎样都不影响结果", truth, clause),)
    return tuple(Reason(r.text, r.holds, r.clause or clause, r.wanted) for r in rule.when.reasons(s))


def _amount(kb: KnowledgeBase, rule: Benefit, s: Situation, truth: bool | None) -> tuple[Money | None, set[str]]:
    """The sum for a verdict, and the facts that it still waits for."""
    if truth is False:
        return None, set()
    money = rule.amount.money(s, rule.reduction)
    if truth is None:
        return Money("pending", formula=money.formula), set()
    if money.kind != "pending":
        return money, set()
    waiting = _amount_missing(kb, rule, s)
    return (money, waiting) if waiting else (_settled(kb, rule, s), waiting)


def verdict(kb: KnowledgeBase, rule: Benefit, s: Situation) -> tuple[bool | None, set[str]]:
    """Verdict and the facts that can still change it; exact also where a fact stands twice."""
    truth = rule.when.truth(s)
    if truth is not None:
        return truth, set()
    if rule.id in kb.repeating:
        table = exact.Table(rule.when, s)
        truth = table.verdict()
        return truth, set() if truth is not None else table.relevant()
    return None, rule.when.missing(s)


def _amount_missing(kb: KnowledgeBase, rule: Benefit, s: Situation) -> set[str]:
    waiting = rule.amount.missing(s)
    if rule.id in kb.repeating_amounts:
        choices = {name: _trials(kb, name) for name in waiting}
        return exact.relevant_for(lambda t: _core(rule.amount.money(t, rule.reduction)), waiting, choices, s)
    return waiting


def _core(money: Money) -> tuple[Any, ...]:
    return (money.kind, money.value, money.minimum, money.maximum)


def _trials(kb: KnowledgeBase, name: str) -> tuple[Any, ...]:
    fact = kb.facts[name]
    if fact.type == "bool":
        return (False, True)
    if fact.type == "choice":
        return tuple(option.value for option in fact.options)
    return (1, 2, 3)


def _settled(kb: KnowledgeBase, rule: Benefit, s: Situation) -> Money:
    """A sum that every completion settles alike: any completion gives it."""
    waiting = rule.amount.missing(s)
    return rule.amount.money(s.with_facts(**{name: _trials(kb, name)[0] for name in waiting}), rule.reduction)


__all__ = ["Assessment", "Result", "assess", "evaluate", "verdict"]
