"""Buttons as numbered choices, and a number as the choice it means."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from policies_kb.numerals import chinese_number

# answers that one types as they are; a number for them could be taken for an answer in figures ("how many days?" – 1)
_WORDS = ("不知道", "都不是")
_MOST = 20
_NUMBER = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_PICK = re.compile(
    rf"[(（【\[]?(?:我?(?:要|选|回)?)第?(?P<number>{_NUMBER})(?:个|项|条|号|种|位)?[)）】\]]?(?:吧|的|呀|啊)?[。.!！,，、]?")
_SEVERAL = re.compile(r"[\s,，、.。;；和跟与及\-]+")


@dataclass(frozen=True)
class Choice:
    """What is shown and what is sent for it; `numbered`: the bot's own text gives it its number."""

    title: str
    payload: str
    numbered: bool


def offer(text: str, buttons: Sequence[Mapping[str, str]]) -> tuple[str, list[Choice]]:
    """(the text with its choices written out, the choices in the order of their numbers).

    Numbers are added only where the text does not number the choices already; then only those that it numbers count.
    """
    pairs = [(" ".join(str(one["title"]).split()), str(one["payload"])) for one in buttons][:_MOST]
    if not pairs:
        return text, []
    # the bot's text is polished, its buttons are not: （） and () are the same here
    plain = unicodedata.normalize("NFKC", text)
    numbered: list[Choice] = []
    for number, (title, payload) in enumerate(pairs, 1):
        if not re.search(rf"(?m)^\s*{number}\s*[.、):]\s*{re.escape(unicodedata.normalize('NFKC', title))}\s*$", plain):
            break
        numbered.append(Choice(title, payload, numbered=True))
    rest = pairs[len(numbered):]
    words = [title for title, payload in rest if title == payload and title in _WORDS]
    if numbered:
        missing = [word for word in words if word not in text]
        return text + (f"\n不清楚也可以回：{'、'.join(missing)}" if missing else ""), numbered
    added = [Choice(title, payload, numbered=False) for title, payload in rest if title not in words]
    lines = [f"{number}. {choice.title}" for number, choice in enumerate(added, 1)]
    if lines:
        text += "\n\n" + "\n".join(lines) + ("\n回数字就行。" if len(lines) > 1 else "\n要的话回 1。")
    if words:
        text += f"\n不清楚也可以回：{'、'.join(words)}"
    return text, added


def pick(text: str, choices: Sequence[Choice]) -> tuple[str, str] | None:
    """(what to send, what to show as the person's words) for a number out of the choices; None when it is none of them."""
    if not choices:
        return None
    numbers = _numbers(text)
    if not numbers or any(not 1 <= number <= len(choices) for number in numbers):
        return None
    picked = [choices[number - 1] for number in numbers]
    shown = "、".join(choice.title for choice in picked)
    if len(picked) == 1:
        return picked[0].payload, shown
    if all(choice.numbered for choice in picked):
        # a list to choose several from is the bot's own: it reads the numbers of its list
        return " ".join(str(number) for number in numbers), shown
    return None


def _numbers(text: str) -> list[int]:
    """The numbers that a message consists of: 2, ２, ②, 二, 第二个, 选2; also several: 1、3. Empty for anything else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if (whole := _number(plain)) is not None:
        return [whole]
    parts = [part for part in _SEVERAL.split(plain) if part]
    numbers = [_number(part) for part in parts]
    return list(dict.fromkeys(numbers)) if len(parts) > 1 and None not in numbers else []


def _number(word: str) -> int | None:
    match = _PICK.fullmatch(word)
    if match is None:
        return None
    digits = match["number"]
    return int(digits) if digits.isascii() else chinese_number(digits)
