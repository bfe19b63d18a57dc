"""How much of a sum may be had in advance, where the question gives what the sum is worked out from (训60个人,先拨一半是多少)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from policies_kb import wording
from policies_kb.conditions import Situation
from policies_kb.evaluate import evaluate
from policies_kb.queries import Query, assumed, benefits_for, brings_figures, rules_meant
from policies_kb.reply import Reply

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

ADVANCE = "prepayment"


def in_advance(kb: KnowledgeBase, query: Query, as_of: date | None) -> Reply | None:
    """The share of the whole sum that is paid before the training ends, with both formulas; None where either cannot be told."""
    facts = assumed(kb, query)
    if ADVANCE not in query.reading.topics or "subsidy_total" in facts:
        return None
    day, place = as_of or date.max, kb.regions[query.region].short_name
    for whole_rule in rules_meant(kb, query):
        if whole_rule.topic == ADVANCE or not brings_figures(kb, whole_rule, query):
            continue
        whole = whole_rule.amount.money(Situation(facts, day, kb.facts, place), whole_rule.reduction)
        total = whole.value if whole.kind == "exact" else whole.minimum if whole.kind == "at_least" else None
        if total is None:
            continue
        for rule in benefits_for(kb, query.region, (ADVANCE,)):
            result = evaluate(kb, rule, {**facts, "subsidy_total": total}, day, place)
            if result.status == "not_eligible" or rule.paid_to != whole_rule.paid_to:
                continue
            share = rule.amount.money(Situation({**facts, "subsidy_total": total}, day, kb.facts, place), rule.reduction)
            conditions = list(dict.fromkeys(reason.wanted or reason.text for reason in result.reasons if reason.holds is None))
            need = f"前提是{';'.join(conditions)}。" if conditions else ""
            citations = (*result.citations, *(kb.documents[d].citation(c) for d, c in whole_rule.cites if (d, c) not in rule.cites))
            least = "以上" if whole.kind == "at_least" else ""
            return Reply(
                f"先拿{wording.amount_text(share)}{least}。全部补贴是{wording.amount_text(whole)}。{need}{wording.source(kb, citations)}",
                citations=citations,
            )
    return None
