"""Groups of people in one sentence: 5个签1年合同的加3个签2年的 → each group worked out by the calculator, and the sum."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from policies_kb import quantities, wording
from policies_kb.amounts import Money
from policies_kb.conditions import Situation
from policies_kb.model import Benefit
from policies_kb.queries import rules_of_kind
from policies_kb.reading import Reader
from policies_kb.reply import Reply

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

BETWEEN = re.compile(r"加上?|另外|还有|以及|其余|剩下|[,、;:和]")
SPANS = ("apprenticeship_years", "training_days", "contract_months", "work_training_months")
TELLING = ("training_type", "contract_months", "skill_level", "training_days", "work_training_months", "apprenticeship_years", "monthly_wage")


def groups(read: Reader, text: str, topics: tuple[str, ...]) -> list[dict[str, Any]]:
    """The groups that a sentence counts: each has a headcount and something that tells it from the others."""
    found: list[dict[str, Any]] = []
    if len(re.findall(r"\d|一个", text)) < 2:
        return []  # nothing to add up
    single = re.findall(r"(?:一|有)(?:个|人|名|位)[^\d,;、]{0,6}(\d+)天", text)
    if len(single) > 1:
        # 一个学15天一个学20天: each is one person
        return [{"headcount": 1, "training_days": int(days)} for days in single]
    levels = _by_level(read, text, topics)
    if len(levels) > 1:
        return levels
    for part in _parts(text):
        facts = dict(read.read(part, before=topics).facts)
        if "headcount" not in facts and (match := re.search(r"(?<!\d)(\d+)个(?!月|学时|课时|年)", part)):
            facts["headcount"] = int(match.group(1))
        told = {name: facts[name] for name in (*TELLING, "headcount") if name in facts}
        if "headcount" in told and len(told) > 1:
            found.append(told)
    if not all("training_type" in group for group in found):
        # a kind of training said once, before the groups, holds for all of them
        found = [{name: value for name, value in group.items() if name != "training_type"} for group in found]
    found = [group for group in found if len(group) > 1]
    if len({frozenset(group) for group in found}) > 1:
        return []  # told of different things: one group, described twice
    if len(found) < 2 or all({k: v for k, v in g.items() if k != "headcount"} == {k: v for k, v in found[0].items() if k != "headcount"} for g in found):
        return []
    return found


COUNT = re.compile(r"(?<![\d.])\d+(?:个|名|人|位)(?!月|学时|课时|工作日|小时|半|等级|级)")


def _parts(text: str) -> list[str]:
    """The pieces of a sentence that may each tell of one group: at commas, and where another count begins (8个签2年5个签1年)."""
    result: list[str] = []
    for piece in BETWEEN.split(text):
        starts = [match.start() for match in COUNT.finditer(piece)][1:]
        result.extend(piece[start:end] for start, end in zip([0, *starts], [*starts, len(piece)], strict=True))
    return result


def _by_level(read: Reader, text: str, topics: tuple[str, ...]) -> list[dict[str, Any]]:
    """2个中级工3个高级工, 初级工4个学一年、中级工6个学两年: how many of each level, and the span told with each."""
    words = {word: option.value for option in read.kb.facts["skill_level"].options for word in (*option.words, option.label)}
    level = "|".join(sorted(words, key=len, reverse=True))
    before = [(m, m[1], m[2]) for m in re.finditer(rf"(?<!\d)(\d+)(?:个|名|人|位)(?:是|学|考|的)?({level})", text)]
    after = [(m, m[2], m[1]) for m in re.finditer(rf"({level})(?:的|学徒|徒弟)?(?:有|是)?(\d+)(?:个|名|人|位)(?!月)", text)]
    pairs = before if len(before) >= len(after) else after
    found = []
    for number, (match, count, word) in enumerate(pairs):
        end = pairs[number + 1][0].start() if number + 1 < len(pairs) else len(text)
        told, _ = quantities.read(read.canonical(text[match.start():end]), topics)
        spans = {name: told[name] for name in SPANS if name in told}
        found.append({**spans, "headcount": int(count), "skill_level": words[word]})
    return found


def total(
    kb: KnowledgeBase, rule: Benefit, facts: Mapping[str, Any], parts: list[dict[str, Any]], as_of: date, place: str
) -> Reply | None:
    """The sum over the groups, with the share of each; None where some group's sum is not settled."""
    shares: list[tuple[Decimal, str]] = []
    for part in parts:
        s = Situation({**facts, **part}, as_of, kb.facts, place)
        if rule.when.truth(s) is False:
            return None
        money = rule.amount.money(s, rule.reduction)
        value = money.value if money.kind == "exact" else money.minimum if money.kind == "at_least" else None
        if value is None:
            return None
        shares.append((value, money.formula or ""))
    whole = sum((value for value, _ in shares), Decimal(0))
    from policies_kb.evaluate import evaluate

    result = evaluate(kb, rule, {**facts, **parts[0]}, as_of, place)
    waiting = [reason.wanted or reason.text for reason in result.reasons if reason.holds is None]
    need = f"前提是{';'.join(dict.fromkeys(waiting))}。" if waiting else ""
    formula = " + ".join(text for _, text in shares)
    return Reply(
        f"一共{wording.yuan(whole)}({formula})。{need}{wording.source(kb, result.citations)}", citations=result.citations,
        buttons=(wording.CHECK_BUTTON,) if waiting else (),
    )


def across(kb: KnowledgeBase, read: Reader, region: str, text: str, as_of: date) -> Reply | None:
    """25人岗前培训,18人在岗安全,4个学徒带2年: each group under the rule of its own training, and the sum; None for fewer than two rules."""
    found: list[tuple[Benefit, Money]] = []
    if len(COUNT.findall(text)) < 2:
        return None
    for part in _parts(text):
        facts = dict(read.read(part).facts)
        if "headcount" not in facts or "training_type" not in facts:
            continue
        situation = Situation(facts, as_of, kb.facts, kb.regions[region].short_name)
        money = next(
            ((rule, amount) for rule in rules_of_kind(kb, region, facts["training_type"])
             if (amount := rule.amount.money(situation, rule.reduction)).kind in ("exact", "at_least")), None,
        )
        if money is None:
            return None
        found.append(money)
    if len(found) < 2 or len({(rule.id, money.formula) for rule, money in found}) < 2:
        return None
    whole = sum((money.value if money.value is not None else money.minimum or Decimal(0) for _, money in found), Decimal(0))
    least = "以上" if any(money.kind == "at_least" for _, money in found) else ""
    citations = tuple({(d, c): kb.documents[d].citation(c) for rule, _ in found for d, c in rule.cites}.values())
    lines = ";".join(f"{rule.name}{wording.amount_text(money)}" for rule, money in found)
    return Reply(f"一共{wording.yuan(whole)}{least}:{lines}。每一项的条件要分别符合。{wording.source(kb, citations)}", citations=citations,
                 buttons=(wording.CHECK_BUTTON,))
