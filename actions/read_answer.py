"""An answer given in the check → facts: by number, by label, in words, yes or no, several facts at once, or a correction.

What sentences mean is policies_kb's to know (:func:`policies_kb.read`); here it only meets the question that was asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from policies_kb import FactError, KnowledgeBase, Reading, read
from policies_kb.facts import fact_to_json, parse_fact
from policies_kb.model import Fact
from policies_kb.numerals import chinese_number
from policies_kb.text import normalise

CATEGORIES = "categories"
NUMERIC = ("int", "number", "money")
# 不对,是50天 · 说错了,应该是女的 · 改成30天 · 不是40天,是50天
CORRECTION = re.compile(
    r"^(?:不对|不是的|错了|(?:我|刚才|刚刚|上一?个|前面)?(?:那个)?(?:说|写|打|填|选|点|按|答|讲|弄|搞)错了?|更正|纠正|改成|改为|改一下|应该是)"
    r"[,,.。!!::;;\s]*"
)
INSTEAD = re.compile(r"^不是.{1,15}?[,,.。\s]+(?:而)?是")
ASKS = re.compile(r"[??]|[吗呢么嘛]$|多少|什么|啥|怎么|咋|哪|谁|为何|几(?:次|天|个|年|回)[^,,.]{0,6}$|能不能|可不可以|是不是|算不算|有没有|行不行|要不要")
NONE_OF_THEM = re.compile(r"^(?:以上)?(?:都|一个都|哪个都|全都?)(?:不是|没有|不属于|不算|没得)|^(?:没有|不是|无|都没|没得|没)$")
BARE_NUMERAL = re.compile(r"^(?:大概|大约|差不多)?([〇零一二两三四五六七八九十百千万]+)(?:了|吧|左右)?[.]?$")
LISTED = re.compile(r"^(?:选|第)?\s*\d{1,2}(?:\s*[,,、.和跟与及号个\s]+\s*(?:选|第)?\d{1,2})*\s*(?:号|个|项|条)?[.。]?$")


@dataclass(frozen=True)
class Answer:
    """What a message answered: facts (raw values), the region if it named one, whether it corrected something, and the error
    of a value that is not allowed."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    region: str | None = None
    corrects: bool = False
    error: FactError | None = None
    reading: Reading | None = None

    @property
    def asks(self) -> bool:
        """Whether the message (also) asks something: of policy, or of what is none of our business."""
        reading = self.reading
        if reading is None or reading.control is not None:
            return False
        if self.facts or self.region or self.error:
            return bool(ASKS.search(reading.text)) and bool(reading.topics or reading.kinds)
        return bool(reading.kinds or reading.about_policy or reading.outside)


def read_answer(
    kb: KnowledgeBase, text: str, asked: str | None, options: tuple[tuple[str, str], ...] = (), last: str | None = None
) -> Answer:
    """Read a message given while ``asked`` (a fact, or ``region``) stood in question.

    ``options`` are the choices as they were shown, in order: a number picks one. ``last`` is the fact answered before, to
    which a correction without a unit belongs.
    """
    text = normalise(text)
    rest, corrects = _without_correction(text)
    fact = kb.facts.get(last if corrects and last else asked or "")
    hint = fact.name if fact is not None and fact.type in NUMERIC else None
    reading = read(kb, _in_digits(rest) if hint else rest, hint=hint)
    facts = {name: fact_to_json(value) for name, value in reading.facts.items()}
    region = reading.regions[0] if reading.regions else None
    if asked == "region" and region is None:
        picked = _picked(rest, options)
        region = picked[0] if picked else None
    direct = None
    if fact is not None:
        direct = _direct(fact, rest, reading, options if fact.name == asked else ())
        if direct is not None:
            facts[fact.name] = direct
    facts, error = _checked(kb, facts)
    return Answer(facts, region, corrects, error, reading)


def _without_correction(text: str) -> tuple[str, bool]:
    match = INSTEAD.match(text) or CORRECTION.match(text)
    if match is None or (match.end() == len(text) and text in ("不对", "不是的")):
        # 不对 alone answers a yes/no question; whether it means "go back" is for the caller to see
        return text, False
    return re.sub(r"^(?:应该)?是", "", text[match.end():]), True


def _in_digits(text: str) -> str:
    """五十二 as 52. In a sentence a numeral without a unit may be part of a word; as the answer to "how many" it is the number."""
    match = BARE_NUMERAL.match(text)
    number = chinese_number(match.group(1)) if match else None
    return text if number is None else str(number)


def _direct(fact: Fact, text: str, reading: Reading, options: tuple[tuple[str, str], ...]) -> Any:
    """The answer to the very question: a pick from the list, yes or no, or none of them. None when it is neither."""
    picked = _picked(text, options)
    if fact.type == "set":
        if picked:
            return picked
        return [] if NONE_OF_THEM.match(text) and not reading.categories else None
    if fact.type == "bool":
        if picked:
            return picked[0] == "true"
        if fact.name not in reading.facts and reading.control in ("affirm", "deny"):
            return reading.control == "affirm"
        return None
    if fact.type == "choice" and picked:
        return picked[0]
    return None


def _picked(text: str, options: tuple[tuple[str, str], ...]) -> list[str]:
    """The values picked by their numbers in the list, or by a label typed as it stands."""
    if LISTED.match(text):
        numbers = [int(number) for number in re.findall(r"\d+", text)]
        if all(1 <= number <= len(options) for number in numbers):
            return list(dict.fromkeys(options[number - 1][0] for number in numbers))
        return []
    return [value for value, label in options if normalise(label) == text]


def is_pick(text: str) -> bool:
    """Whether a message is nothing but a number or numbers from a list."""
    return bool(LISTED.match(text))


def _checked(kb: KnowledgeBase, facts: Mapping[str, Any]) -> tuple[dict[str, Any], FactError | None]:
    """The facts whose values are allowed, and the error of the first that is not."""
    good: dict[str, Any] = {}
    first: FactError | None = None
    for name, value in facts.items():
        try:
            good[name] = fact_to_json(parse_fact(kb, kb.facts[name], value))
        except FactError as error:
            first = first or error
    return good, first
