"""The calculator in a conversation: what the told facts settle, bar or leave open, and how to say it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from policies_kb import sums, wording
from policies_kb.conditions import CATEGORIES, Category, Situation
from policies_kb.evaluate import Result, evaluate
from policies_kb.model import Benefit
from policies_kb.queries import PERSONAL, Query, assumed, benefits_for, brings_figures, rules_meant
from policies_kb.ranking import rank
from policies_kb.reading import GROUP_TOPICS, reader
from policies_kb.reply import Reply

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

CALCULATED_KINDS = ("amount", "eligibility", "limit", "conditions", "payee")
UNBARRED_KINDS = ("definition", "responsible", "target", "penalty", "validity", "content", "who", "reason", "comparison")
PLAIN_NO = 3.0
"""From this score on an answer that begins with a refusal is preferred to the calculator's bare one."""


def calculate(kb: KnowledgeBase, query: Query, as_of: date | None) -> tuple[Result, Reply, bool] | None:
    """The benefit asked about, what to say of it, and whether the figures of the question settled it."""
    rules = rules_meant(kb, query)
    if query.kind in UNBARRED_KINDS and not query.reading.claims:
        return None
    about_sums = query.kind is None or query.kind in CALCULATED_KINDS or bool(query.reading.claims)
    if not about_sums and not any(brings_figures(kb, rule, query) for rule in rules):
        return None
    if not rules:
        return None
    day = as_of or date.max
    facts = assumed(kb, query)
    if len(rules) > 1 and "training_type" in facts:
        of_kind = {"training_type": facts["training_type"]}
        rules = [rule for rule in rules if evaluate(kb, rule, of_kind, day, "").status != "not_eligible"] or rules
    results = [evaluate(kb, rule, _with_assumptions(rule, facts), day, kb.regions[query.region].short_name) for rule in rules]
    order = {"eligible": 0, "unknown": 1, "not_eligible": 2}
    named = benefits_for(kb, query.region, query.topics)
    place = {
        rule.id: -1 if rule not in named or _of_the_group(rule, query) else query.topics.index(rule.topic) if rule.topic in query.topics else len(query.topics) for rule in rules
    }
    results.sort(key=lambda r: (not brings_figures(kb, r.benefit, query), place[r.benefit.id], order[r.status]))
    result = results[0]
    text = wording.result_text(kb, result)
    figures = brings_figures(kb, result.benefit, query)
    settled = figures and result.status != "unknown"
    if result.status == "unknown":
        s = Situation(_with_assumptions(result.benefit, facts), day, kb.facts, kb.regions[query.region].short_name)
        money = result.benefit.amount.money(s, result.benefit.reduction)
        if money.kind not in ("pending", "not_stated", "free") and figures:
            text = wording.conditional_text(kb, result, money)
            settled = True
    if settled and (note := _assumption_note(kb, result.benefit, facts)):
        text = text.replace("依据:", note + "依据:", 1)
    buttons = (wording.CHECK_BUTTON,) if result.status == "unknown" else ()
    status = "not_stated" if result.amount is not None and result.amount.kind == "not_stated" else "answered"
    return result, Reply(text, citations=result.citations, buttons=buttons, status=status), settled


def counted_as(kb: KnowledgeBase, query: Query, as_of: date | None) -> Reply | None:
    """Whether a person of the told age, hukou and so on counts as one of a named group (算不算就业困难人员)."""
    read = reader(kb)
    name = next((read.topics[topic]["term"] for topic in query.reading.topics if "term" in read.topics[topic]), None)
    if name is None or query.kind != "eligibility" or any(topic not in GROUP_TOPICS for topic in query.reading.topics):
        return None
    status = kb.statuses.get(query.region, {}).get(name)
    if status is None:
        return None
    matters = {fact for leaf in status.condition.leaves() for fact in leaf.facts()} - {CATEGORIES}
    if not matters & set(query.reading.facts):
        # where the document draws no line by age or hukou, what was told of them decides nothing
        return None
    facts = assumed(kb, query)
    named = {option.value for option in kb.facts[CATEGORIES].options if option.label == status.condition.label}
    # 算不算就业困难人员 names the group without saying that the person is in it
    facts[CATEGORIES] = facts.get(CATEGORIES, frozenset()) - named
    if not facts[CATEGORIES]:
        del facts[CATEGORIES]
    place = kb.regions[query.region].short_name
    s = Situation(facts, as_of or date.max, kb.facts, place)
    holds = status.condition.truth(s)
    # People tell what they think matters: what they leave out does not make them one of the group
    counted = holds if holds is not None else status.condition.truth(
        Situation({**closed(kb, status.condition), **facts}, s.as_of, kb.facts, place)
    )
    if counted is None:
        return None
    citation = kb.documents[status.document].citation(status.clause)
    text = kb.documents[status.document].clauses[status.clause].text
    if counted:
        reasons = "。".join(reason.text for reason in status.condition.reasons(s)) if holds else ""
        opening = f"算。{reasons}。" if reasons else "算。"
        opening += "具体由人社部门认定。" + _brings(kb, query.region, named, as_of)
    else:
        opening = f"照您说的情况,不算{status.condition.label}。{text}"
    return Reply(opening + wording.source(kb, (citation,)), citations=(citation,), buttons=(wording.CHECK_BUTTON,))


def _brings(kb: KnowledgeBase, region: str, group: set[str], as_of: date | None) -> str:
    """What being one of the group is enough for there: the benefits that nobody has for nothing else."""
    day, place = as_of or date.max, kb.regions[region].short_name
    lines = []
    for rule in kb.benefits_of(region):
        if rule.region == region and rule.paid_to in (None, "worker") and rule.paid_to_fact is None:
            alone = evaluate(kb, rule, {CATEGORIES: frozenset(group)}, day, place)
            if alone.status == "eligible" and evaluate(kb, rule, {CATEGORIES: frozenset()}, day, place).status != "eligible":
                lines.append(wording.line(kb, alone))
    return f"在{place}可以享受:{'、'.join(lines)}。" if lines else ""


def _of_the_group(rule: Benefit, query: Query) -> bool:
    """Whether a benefit is for a group that was told of by name (在校大学生): it goes before what is for everybody."""
    told = query.facts.get(CATEGORIES, frozenset())
    return rule.topic in GROUP_TOPICS and any(isinstance(leaf, Category) and leaf.option.value in told for leaf in rule.when.leaves())


def closed(kb: KnowledgeBase, condition: Any) -> dict[str, Any]:
    """What holds of somebody who is out of work and tells of nothing else that the condition asks for."""
    names = {name for leaf in condition.leaves() for name in leaf.facts()}
    facts: dict[str, Any] = {CATEGORIES: frozenset({"laid_off"})}
    facts.update({name: False for name in names if kb.facts[name].type == "bool"})
    return facts


def barred(kb: KnowledgeBase, query: Query, as_of: date | None) -> tuple[Result, Reply] | None:
    """What the message itself tells may bar the benefit it asks for (合同签了11个月): then that is said first, whatever else is asked."""
    if query.kind in UNBARRED_KINDS or query.comparing:
        return None
    told = {name: value for name, value in query.reading.facts.items() if name not in (CATEGORIES, "role", "training_type", "advance_payer")}
    if not told:
        return None
    rules: list[Benefit] = []
    for topic in query.topics:
        if topic not in GROUP_TOPICS and not rules:
            rules = [rule for rule in benefits_for(kb, query.region, (topic,)) if rule.region == query.region]
    day, place = as_of or date.max, kb.regions[query.region].short_name
    results = [evaluate(kb, rule, told, day, place) for rule in rules]
    named = query.reading.facts.get(CATEGORIES)
    if named and results and not any(result.status == "not_eligible" for result in results):
        # 毕业生签半年合同: group and figure bar together what neither bars alone
        alone = [evaluate(kb, rule, {CATEGORIES: kb.with_implied(named)}, day, place) for rule in rules]
        if not any(result.status == "not_eligible" for result in alone):
            results = [evaluate(kb, rule, {**told, CATEGORIES: kb.with_implied(named)}, day, place) for rule in rules]
    if results and all(result.status == "not_eligible" for result in results):
        ranked = rank(kb, query, most=1)
        rule = results[0].benefit
        s = Situation({**told, **({CATEGORIES: kb.with_implied(named)} if named else {})}, day, kb.facts, place)
        failing = [leaf for leaf in rule.when.leaves() if leaf.facts() & set(told) and leaf.truth(s) is False]
        reasons = dict.fromkeys(reason.text for leaf in failing for reason in leaf.reasons(s))
        figures = set(re.findall(r"\d+", "".join(reasons)))
        if ranked and ranked[0].score > PLAIN_NO and ranked[0].answer.text.startswith(("不", "没")) and (
            not figures or figures & set(re.findall(r"\d+", ranked[0].answer.text))
        ):
            return None  # an answer of the knowledge base says it better
        text = f"不能领{rule.name}。{'。'.join(reasons)}。" if reasons else ""
        return results[0], Reply(
            text + wording.source(kb, results[0].citations) if text else wording.result_text(kb, results[0]), citations=results[0].citations
        )
    return None


def summed(kb: KnowledgeBase, query: Query, rule: Benefit, as_of: date | None) -> Reply | None:
    """The sum over the groups of people that the message counts (5个签1年的加3个签2年的); None where it counts none."""
    parts = sums.groups(reader(kb), query.reading.text, query.topics)
    if not parts:
        return None
    return sums.total(kb, rule, assumed(kb, query), parts, as_of or date.max, kb.regions[query.region].short_name)


def _with_assumptions(rule: Benefit, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts with what a conversation takes as meant (a course told of by its days on site has no on-line days)."""
    meant = {name: value for name, value, beside in rule.assumes if facts.get(beside) and facts.get(name) is None}
    return {**facts, **meant}


def _assumption_note(kb: KnowledgeBase, rule: Benefit, facts: Mapping[str, Any]) -> str:
    """What was taken as meant, told with the sum."""
    texts = []
    for name, value, beside in rule.assumes:
        if facts.get(beside) and facts.get(name) is None:
            fact = kb.facts[name]
            option = fact.option(value) if isinstance(value, str) else None
            texts.append(option.label if option else f"{fact.label}{'是' if value is True else '否' if value is False else value}")
    return f"(没说的按{'、'.join(texts)}算。)" if texts else ""


def by_person(kb: KnowledgeBase, result: Result, query: Query) -> bool:
    """Whether what was told of the person beside the group (age, hukou, registration) is what makes them eligible."""
    told = {name for name in query.facts if name in PERSONAL and name not in (CATEGORIES, "role", "gender", "employer_type")}
    if not told or query.kind not in ("eligibility", "amount", None):
        return False
    without = {name: value for name, value in query.facts.items() if name not in told}
    return evaluate(kb, result.benefit, without, date.max, "").status != "eligible"


def overview(kb: KnowledgeBase, query: Query, as_of: date | None) -> Reply:
    """What a group of people may have in a region, when nothing more is asked."""
    day = as_of or date.max
    facts = {**assumed(kb, query), "role": query.facts.get("role", "worker")}
    results = [evaluate(kb, rule, facts, day, kb.regions[query.region].short_name) for rule in kb.benefits_of(query.region)
               if rule.paid_to in (None, facts["role"]) and rule.paid_to_fact is None]
    good = [r for r in results if r.status == "eligible"]
    codes = "、".join(option.label for option in kb.facts[CATEGORIES].options if option.value in query.facts[CATEGORIES])
    place = kb.regions[query.region].short_name
    if not good:
        return Reply(f"光凭{codes}这一点还定不了,要看别的情况。回“帮我测算”,我一步步问您。", buttons=(wording.CHECK_BUTTON,), status="clarify")
    lines = [f"{codes}在{place}可以享受:", *(wording.line(kb, r) for r in good)]
    citations = tuple({c["clause"]: c for r in good for c in r.citations}.values())
    return Reply("\n".join(lines) + "\n" + wording.source(kb, citations), citations=citations, buttons=(wording.CHECK_BUTTON,))
