"""Figures that a question takes for granted, set right in the first words of the reply."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from policies_kb import wording
from policies_kb.amounts import AtMost, FactTerm, FigureTerm
from policies_kb.model import Benefit, Fact, plain
from policies_kb.ranking import Ranked
from policies_kb.reading import Reading
from policies_kb.reply import Reply

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

NUMBERS = re.compile(r"(\d+(?:\.\d+)?)(万)?")
RANGE = re.compile(r"(\d+(?:\.\d+)?)元?到(\d+(?:\.\d+)?)元")
FIXED = re.compile(r"统一|一律|固定|都是|都|吗|吧|是不是|就是|对不")
ALWAYS = ("元", "%")
"""Units of figures that are corrected however they are said; others only where the question takes them for granted."""
WITH_PREMISE = ("人次", "次", "个月", "天")


def corrected(kb: KnowledgeBase, reading: Reading, reply: Reply, ranked: Sequence[Ranked]) -> Reply:
    """The reply with 不是…。 before it where the question takes a figure for granted that the answer does not hold.

    Where the reply is about another side of the matter (how to apply for the supposed 6000元), the answer among ``ranked`` that
    holds the true figure comes first.
    """
    if reply.status not in ("answered", "not_stated") or not reading.claims:
        return reply
    body = reply.text.split("依据")[0]
    figures = _figures(body)
    for claim in reading.claims:
        if claim.unit not in ALWAYS and not (reading.premise and claim.unit in WITH_PREMISE):
            continue
        if claim.value in figures:
            if claim.unit == "元" and _end_of_range(claim.value, body) and FIXED.search(reading.text):
                return reply.but(text=f"不是一律{plain(claim.value)}元。{reply.text}")
            continue
        said = f"{plain(claim.value)}{claim.unit}"
        if _holds_unit(claim.unit, body):
            return reply.but(text=f"不是{said}。{reply.text}")
        true = next((r.answer for r in ranked if _holds_unit(claim.unit, r.answer.text) and r.score > ranked[0].score - 2), None) if ranked else None
        if true is not None and claim.value in _figures(true.text):
            continue
        if true is not None and true.region == ranked[0].answer.region:
            document = kb.documents[true.document]
            citations = tuple(document.citation(clause) for clause in true.clauses)
            citations += tuple(c for c in reply.citations if c not in citations)
            return reply.but(
                text=f"不是{said}。{true.text}{wording.source(kb, citations)}", citations=citations, status="answered",
            )
        if reply.status == "answered" and claim.unit == "元" and _holds_unit("%", body):
            return reply.but(text=f"不是{said}。{reply.text}")
        if reply.status == "not_stated" and claim.unit in ALWAYS:
            return reply.but(text=f"文件没有写{said}。{reply.text}")
    return reply


def _figures(text: str) -> set[Decimal]:
    """All numbers of a text, 万 counted out."""
    return {Decimal(number) * (10000 if wan else 1) for number, wan in NUMBERS.findall(text)}


def _end_of_range(value: Decimal, body: str) -> bool:
    """Whether a figure is only the one or the other end of what the answer gives (200元到1500元)."""
    return any(value in (Decimal(low), Decimal(high)) for low, high in RANGE.findall(body))


def over_the_cap(rules: Sequence[Benefit], reading: Reading, reply: Reply) -> Reply:
    """能连补12个月: a span told as if it were paid in full, beyond what the rule pays, is set right first."""
    body = reply.text.split("依据")[0]
    for rule in rules:
        for fact, most in _caps(rule.amount):
            told = reading.facts.get(fact.name)
            if told is not None and told > most and not _said(most, fact.unit, body) and reply.status == "answered":
                return reply.but(text=f"补不了{plain(Decimal(told))}{fact.unit},最长{plain(most)}{fact.unit}。{reply.text}")
    return reply


def _said(value: Decimal, unit: str, body: str) -> bool:
    return re.search(rf"(最长|最多|不超过|至多)[^。\d]{{0,8}}{re.escape(plain(value))}{re.escape(unit)}|封顶", body) is not None


def _caps(term: object) -> Iterator[tuple[Fact, Decimal]]:
    """The facts that an amount counts only up to a figure, with that figure."""
    if isinstance(term, AtMost) and isinstance(term.part, FactTerm) and isinstance(term.limit, FigureTerm):
        yield term.part.fact, term.limit.figure.factor
    if is_dataclass(term):
        for each in fields(term):
            value = getattr(term, each.name)
            for inner in value if isinstance(value, tuple) else (value,):
                if is_dataclass(inner) and not isinstance(inner, (Fact, type)):
                    yield from _caps(inner)


OWN_ADVANCE = re.compile(r"(自己|我|学员|本人|个人)[^,.?]{0,4}垫")
"""That the trainee advances the money is taken for granted or asked with yes or no."""
TO_WORKER = re.compile(
    r"(发|补|打|归|给)(给|到)?[^,.?还多少几\d]{0,4}(本人|(?<![一1每])个人|员工|工人|自己|考证的人|徒弟|我)[^,.?还]{0,6}(吗|吧|哈|是不|对不|对吧|$|[,?])|(该|是)(我|本人|个人|员工|工人|徒弟)(来)?(领|拿|得)"
)
"""That the money goes to the person is taken for granted or asked with yes or no."""


def payee(rule: Benefit | None, reading: Reading, reply: Reply) -> Reply:
    """该我领哈: who gets the money was taken for granted otherwise than the rule has it."""
    body = reply.text.split("依据")[0]
    advances = OWN_ADVANCE.search(reading.text) is not None and (reading.premise or "eligibility" in reading.kinds)
    if advances and reply.status == "answered" and "培训机构先垫" in body:
        return reply.but(text=f"不用您垫。{reply.text}")
    if rule is None or reply.status != "answered" or re.match(r"不|没", body):  # refused or set right already
        return reply
    if rule.paid_to == "employer" and TO_WORKER.search(reading.text) and re.search("企业|单位|用人", body):
        return reply.but(text=f"不是发给个人,发给单位。{reply.text}")
    return reply


def _holds_unit(unit: str, body: str) -> bool:
    return bool(re.search(r"[\d万]\s*" + re.escape(unit), body))
