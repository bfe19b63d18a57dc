"""Results in Chinese as one would say them on the phone: verdict or figure first, then the condition, then the source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from policies_kb.amounts import Money
from policies_kb.evaluate import Assessment, Result
from policies_kb.model import Document, plain

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

CHECK_BUTTON = {"title": "开始资格测算", "payload": "/start_check"}


def yuan(value: Decimal | None) -> str:
    """A sum as it is said: 2400元, 7201.2元."""
    return f"{plain(value)}元" if value is not None else ""


def source(kb: KnowledgeBase, citations: Iterable[dict[str, str]]) -> str:
    """依据:number and clauses, document by document."""
    by_number: dict[str, list[str]] = {}
    for citation in citations:
        label = kb.documents[citation["document"]].clauses[citation["clause"]].label
        labels = by_number.setdefault(citation["number"], [])
        if label not in labels:
            labels.append(label)
    return "依据:" + ";".join(f"{number} {'、'.join(labels)}" for number, labels in by_number.items()) + "。"


def amount_text(money: Money, result: Result | None = None) -> str:
    """A settled sum with its formula; ``1人`` that was only presumed is left out."""
    formula = money.formula or ""
    formula = re.sub(r" × 1人(?!\d)", "", formula)
    inside = f"({formula})" if "×" in formula or "%" in formula else ""
    if money.kind == "exact":
        return f"{yuan(money.value)}{inside}"
    if money.kind == "at_least":
        return f"{yuan(money.minimum)}以上{inside}"
    if money.kind == "at_most":
        return f"最多{yuan(money.maximum)}{inside}"
    if money.kind == "range":
        return f"{yuan(money.minimum)}到{yuan(money.maximum)}{inside}"
    return money.says or ""


def result_text(kb: KnowledgeBase, result: Result) -> str:
    """One benefit: verdict, sum, why, conditions, source."""
    money = result.amount
    reasons = "。".join(dict.fromkeys(reason.text for reason in result.reasons if reason.holds is not None))
    parts: list[str] = []
    if result.status == "eligible":
        assert money is not None
        if money.kind == "free":
            parts.append(f"可以。{money.says}。")
        elif money.kind == "not_stated":
            parts.append(f"可以,有{result.benefit.name}。{money.says}。")
        elif money.kind == "pending":
            need = "、".join(kb.facts[name].label for name in result.missing)
            parts.append(f"可以领。算出数额还要知道{need}({_bare_formula(money, result)})。")
        else:
            parts.append(f"可以领,{amount_text(money, result)}。" + (f"{money.says}。" if money.says else ""))
        if reasons:
            parts.append(f"因为{reasons}。")
    elif result.status == "not_eligible":
        parts.append(f"不能领{result.benefit.name}。{reasons}。" if reasons else f"不能领{result.benefit.name}。")
    else:
        need = "、".join(kb.facts[name].label for name in result.missing)
        parts.append(f"现在还定不了,要看:{need}。")
        if money is not None and money.formula and "×" in money.formula:
            parts.append(f"符合的话这样算:{_bare_formula(money, result)}。")
    parts.extend(note if note.endswith("。") else note + "。" for note in result.notes)
    parts.append(source(kb, result.citations))
    return "".join(parts)


def _bare_formula(money: Money, result: Result) -> str:
    return re.sub(r" × 1人(?!\d)", "", money.formula or "")


def conditional_text(kb: KnowledgeBase, result: Result, money: Money) -> str:
    """A sum that can be worked out although the verdict still waits for something: the sum first, then what it takes."""
    conditions = [reason.wanted or reason.text for reason in result.reasons if reason.holds is None]
    need = ";".join(dict.fromkeys(conditions))
    notes = "".join(note if note.endswith("。") else note + "。" for note in result.notes)
    says = f"{money.says}。" if money.says else ""
    return f"{amount_text(money, result)}。{says}前提是{need}。{notes}{source(kb, result.citations)}"


def period_note(document: Document) -> str:
    """Said once in a conversation after the plan's period."""
    end = document.in_force_to
    assert end is not None
    return f"提醒:这份文件执行到{end.year}年{end.month}月{end.day}日,现在怎么办理请问当地人社局(12333)。"


def periods_note(documents: Sequence[Document]) -> str:
    """The same for several documents at once, as in a comparison."""
    if len(documents) == 1:
        return period_note(documents[0]).replace("这份文件", documents[0].number)
    ends = {document.in_force_to for document in documents if document.in_force_to is not None}
    end = max(ends)
    until = f"都执行到{end.year}年{end.month}月{end.day}日" if len(ends) == 1 else "都过了执行期"
    return f"提醒:这些文件{until},现在怎么办理请问当地人社局(12333)。"


def summary_text(kb: KnowledgeBase, assessment: Assessment) -> str:
    """The end of a check: what can be claimed and how much, what can't and why, what is open, what to bring up."""
    region = kb.regions[assessment.region]
    yes = [r for r in assessment.results if r.status == "eligible"]
    no = [r for r in assessment.results if r.status == "not_eligible"]
    still = [r for r in assessment.results if r.status == "unknown"]
    lines: list[str] = []
    if yes:
        lines.append(f"您在{region.short_name}能享受{len(yes)}项:")
        lines.extend(f"✓ {line(kb, r)}" for r in yes)
    else:
        lines.append(f"照您说的情况,在{region.short_name}还没有一项能确定可以享受。")
    if still:
        lines.append("还定不了的:")
        lines.extend(f"? {r.benefit.name}:要看{'、'.join(kb.facts[name].label for name in r.missing)}" for r in still)
    if no:
        lines.append("不能享受的:")
        lines.extend(f"✗ {r.benefit.name}:{first_reason(r)}" for r in no)
    sources = source(kb, [c for r in yes + still for c in r.citations]) if yes or still else ""
    lines.append(f"去{region.office}办时,请带上能证明身份类别和证书的材料,问清现在的办法和数额(12333)。测算仅供参考,以人社部门审核为准。")
    if sources:
        lines.append(sources)
    expired = {r.benefit.document for r in assessment.results if not r.in_force}
    for document in expired:
        if kb.documents[document].in_force_to is not None and assessment.as_of > kb.documents[document].in_force_to:
            lines.append(period_note(kb.documents[document]))
            break
    return "\n".join(lines)


def line(kb: KnowledgeBase, result: Result) -> str:
    """One benefit in one line, for lists and cards."""
    money = result.amount
    if result.status == "not_eligible" or money is None:
        return f"{result.benefit.name}:不能({first_reason(result)})"
    if money.kind == "pending" and result.status == "eligible":
        need = "、".join(kb.facts[name].label for name in result.missing)
        return f"{result.benefit.name}:能领,数额看{need}({_bare_formula(money, result)})"
    return f"{result.benefit.name}:{amount_text(money, result)}"


def first_reason(result: Result) -> str:
    """The first thing that bars or is open."""
    wanted = False if result.status == "not_eligible" else None
    return next((reason.text for reason in result.reasons if reason.holds is wanted), "条件不符合")


def joined(items: Sequence[str]) -> str:
    """A Chinese list."""
    return "、".join(items)


def to_card(assessment: Assessment) -> dict[str, Any]:
    """The card of a finished check: the contract's eligibility result."""
    return assessment.to_dict()
