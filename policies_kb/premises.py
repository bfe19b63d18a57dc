"""Figures that a question takes for granted, set right in the first words of the reply."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from policies_kb.model import plain
from policies_kb.reading import Reading
from policies_kb.reply import Reply

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

NUMBERS = re.compile(r"\d+(?:\.\d+)?")
CHECKED = ("元", "%")
OPENINGS = ("不", "文件没", "没有", "对", "是的", "没")


def corrected(kb: "KnowledgeBase", reading: Reading, reply: Reply, chosen: Any) -> Reply:
    """The reply with 不是…。 before it where the question takes a figure for granted that the answer does not hold."""
    if not reading.claims or reply.status not in ("answered", "not_stated"):
        return reply
    body = reply.text.split("依据")[0]
    figures = {Decimal(number) for number in NUMBERS.findall(body)}
    for claim in reading.claims:
        if claim.unit not in CHECKED and not reading.premise:
            continue
        if claim.value in figures:
            continue
        said = f"{plain(claim.value)}{claim.unit}"
        if reply.status == "not_stated":
            opening = f"文件没有写{said}。"
        elif _same_unit(claim.unit, body):
            opening = f"不是{said}。"
        else:
            continue
        return reply.but(text=opening + reply.text)
    return reply


def _same_unit(unit: str, body: str) -> bool:
    return bool(re.search(r"\d\s*" + re.escape(unit if unit != "个月" else "个月"), body))
