"""Messages → canonical text: one width, no stray blanks, colloquial words as the standard ones, numerals as digits.

Traditional characters and sound-alike spellings need libraries that this package must not import; channels hand in
converters through :func:`use_converter` at start-up.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from policies_kb.numerals import to_digits

_CJK = "\u3400-\u4dbf\u4e00-\u9fff"
_BLANK = re.compile(rf"(?<=[{_CJK}0-9%,.?!:;])\s+|\s+(?=[{_CJK}0-9%,.?!:;])")
_DROPPED = re.compile(r"[\u200b-\u200f\u2060\ufeff\ufe0f\U0001f000-\U0001faff\u2600-\u27bf]")
_PUNCTUATION = str.maketrans({"。": ".", "、": "、", "“": "", "”": "", '"': "", "'": "", "‘": "", "’": "", "~": "", "…": ".", "·": "", "|": ","})

_converters: list[Callable[[str], str]] = []


def use_converter(convert: Callable[[str], str]) -> None:
    """Add a step before all others (Traditional → Simplified, say). Order of adding is order of use."""
    if convert not in _converters:
        _converters.append(convert)
        normalise.cache_clear()


class Words:
    """The replacements of colloquial words, longest first; words that only contain one are kept."""

    def __init__(self, vocabulary: Mapping[str, Any]) -> None:
        self.dialect = dict(vocabulary["dialect"])
        self.kept = frozenset(vocabulary["keep"])
        choices = sorted({*self.dialect, *self.kept}, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, choices)))
        fillers = sorted(vocabulary["fillers"], key=len, reverse=True)
        self.fillers = re.compile("|".join(map(re.escape, fillers)))

    def standard(self, text: str) -> str:
        """The text with colloquial words replaced."""
        return self.pattern.sub(lambda m: m.group(0) if m.group(0) in self.kept else self.dialect[m.group(0)], text)

    def without_fillers(self, text: str) -> str:
        """The text without 请问, 我想问一下 and the like."""
        return self.fillers.sub("", text)


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """One width, simplified, lower case, no blanks between Chinese characters, no emoji, plain punctuation."""
    text = unicodedata.normalize("NFKC", text)
    for convert in _converters:
        text = convert(text)
    text = _DROPPED.sub("", text.lower()).translate(_PUNCTUATION)
    return _BLANK.sub("", _clauses(text.split()))


CLAUSE = 5
"""From this length on what stands between blanks is a clause, and the blank a comma; a shorter piece may be part of a word (生活 费)."""
_ENDS_CJK = re.compile(rf"[{_CJK}0-9%]$")
_BEGINS_CJK = re.compile(rf"^[{_CJK}0-9]")


def _clauses(pieces: list[str]) -> str:
    """The pieces between blanks put together: many people type a blank for a comma."""
    result = pieces[0] if pieces else ""
    for piece in pieces[1:]:
        apart = len(re.split(r"[,.?!;: ]", result)[-1]) >= CLAUSE and len(re.split(r"[,.?!;:]", piece)[0]) >= CLAUSE
        result += ("," if apart and _ENDS_CJK.search(result) and _BEGINS_CJK.search(piece) else " ") + piece
    return result


def canonical(text: str, words: Words) -> str:
    """Normalised text in standard words with digits: what all reading starts from."""
    return to_digits(words.standard(normalise(text)))


def polished(text: str) -> str:
    """A reply with Chinese punctuation: half-width marks beside Chinese characters become full-width ones."""
    marks = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！"}
    return re.sub(rf"(?<=[{_CJK}”》」』）)〕%])([,:;?!])|([,:;?!])(?=[{_CJK}“《「『（])", lambda m: marks[m.group(1) or m.group(2)], text)
