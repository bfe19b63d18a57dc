"""Personal numbers out of a text, before it is stored, logged or sent on.

People type numbers in every way: full-width, spaced, dashed, in groups, in Chinese digits. So digits are first
read in one form, groups that only spaces or dashes part are read together, and whatever then reads as an
identity number, a mobile number or a card number is replaced by a word without digits (a masked number must
not be taken for a sum of money further on).
"""

import re
import unicodedata
from datetime import date

ID_NUMBER = "[身份证号]"
MOBILE_NUMBER = "[手机号]"
CARD_NUMBER = "[卡号]"

_CHINESE_DIGITS = dict(zip("零〇一二三四五六七八九幺", "001234567891", strict=True))
# what people put between the groups of one number; invisible characters among it
_SEPARATOR = r"[\s\-‐‑‒–—―－_.·•・,，、/()（）\u200b-\u200d\u2060\ufeff]"
_GROUP = re.compile(r"\d+")
_GAP = re.compile(rf"{_SEPARATOR}{{1,3}}")
_CARD_MIN_RUN = 13


def mask(text: str) -> str:
    """The text with identity, mobile and card numbers replaced; everything else stays as typed.

    >>> mask("我的手机是138 1234 5678,培训了40天")
    '我的手机是[手机号],培训了40天'
    """
    plain = "".join(_digit(character) for character in text)
    pieces: list[str] = []
    done = 0
    for start, end, word in _find(plain):
        pieces += [text[done:start], word]
        done = end
    return "".join([*pieces, text[done:]])


def _digit(character: str) -> str:
    """One character for one character, so that positions in the plain and the typed text agree."""
    if character in _CHINESE_DIGITS:
        return _CHINESE_DIGITS[character]
    if character in "xXｘＸ×":
        return "X"
    value = unicodedata.digit(character, None)
    return str(value) if value is not None else character


def _find(plain: str) -> list[tuple[int, int, str]]:
    groups = [match.span() for match in _GROUP.finditer(plain)]
    found: list[tuple[int, int, str]] = []
    index = 0
    while index < len(groups):
        hit = _longest(plain, groups, index)
        if hit is None:
            index += 1
            continue
        last, end, word = hit
        start = groups[index][0]
        found.append((start - 1 if plain[start - 1:start] == "+" else start, end, word))
        index = last + 1
    return found


def _longest(plain: str, groups: list[tuple[int, int]], first: int) -> tuple[int, int, str] | None:
    """The longest personal number that begins with group `first`: (last group, end, word)."""
    best = None
    digits = ""
    for last in range(first, len(groups)):
        start, end = groups[last]
        if last > first and not _GAP.fullmatch(plain[groups[last - 1][1]:start]):
            break
        digits += plain[start:end]
        if len(digits) > 30 and last > first:
            break
        check = re.match(rf"{_SEPARATOR}?X", plain[end:end + 2])
        if check and _is_identity(digits + "X"):
            best = last, end + check.end(), ID_NUMBER
        elif word := _kind(digits, [plain[a:b] for a, b in groups[first:last + 1]]):
            best = last, end, word
    return best


def _kind(digits: str, parts: list[str]) -> str | None:
    if _is_identity(digits):
        return ID_NUMBER
    if re.fullmatch(r"(?:(?:00)?86)?0?1[3-9]\d{9}", digits):
        return MOBILE_NUMBER
    if len(parts) == 1:
        return CARD_NUMBER if len(digits) >= _CARD_MIN_RUN else None
    return CARD_NUMBER if _is_grouped_card(digits, parts) else None


def _is_identity(number: str) -> bool:
    """18 places with a possible birthday, or the old 15; the check digit is not asked for (typing errors)."""
    if re.fullmatch(r"[1-9]\d{16}[\dX]", number):
        return _is_birthday(number[6:14])
    return bool(re.fullmatch(r"[1-9]\d{14}", number)) and _is_birthday("19" + number[6:12])


def _is_birthday(day: str) -> bool:
    try:
        return 1900 <= date(int(day[:4]), int(day[4:6]), int(day[6:])).year <= 2100
    except ValueError:
        return False


def _is_grouped_card(digits: str, parts: list[str]) -> bool:
    """Groups as on a card (6222 0000 1111 2222 333), and not a row of years (2019-2020 2020-2021)."""
    if not 13 <= len(digits) <= 19:
        return False
    if all(len(part) == 1 for part in parts):
        return True
    on_card = all(len(part) == 4 for part in parts[:-1]) and len(parts[-1]) <= 4
    split = len(parts) <= 3 and max(map(len, parts)) >= 8
    return (on_card or split) and not all(re.fullmatch(r"(19|20)\d\d", part) for part in parts)
