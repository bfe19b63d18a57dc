"""Codes that are read aloud: eight characters without look-alikes, the last one a checksum.

The alphabet has 32 characters, so each is an element of the field GF(32), and a code is right when the sum of its
characters, each weighted by its place, is zero. All weights differ and none is zero: hence every single wrong
character, and every two that changed places, are found.
"""

import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 8
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
# hyphens of all lands, spaces, and the dots that people put in
_IGNORED = frozenset(" \t-‐‑‒–—―－_.·、,，:：")
# x^5 + x^2 + 1: the powers of x run through all 31 elements that are not zero
_POLYNOMIAL = 0b100101


class WrongCode(ValueError):
    """This is no code of ours; the text says why, in Chinese."""


def make() -> str:
    """A new code, at random (35 bits)."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + ALPHABET[_weighted(body)]


def shown(code: str) -> str:
    """As it is written: ABCD-EFGH."""
    return f"{code[:4]}-{code[4:]}"


def read(text: str) -> str:
    """The code in what somebody typed: small letters, spaces, hyphens and full-width characters do not matter.

    Errors: WrongCode.
    """
    plain = unicodedata.normalize("NFKC", text)
    code = "".join(character for character in plain if character not in _IGNORED and not character.isspace()).upper()
    strange = sorted({character for character in code if character not in _VALUES})
    if len(code) != LENGTH:
        raise WrongCode(f"查询码是 {LENGTH} 位,这里有 {len(code)} 位,请再核对一遍")
    if strange:
        raise WrongCode(f"查询码里没有“{'”“'.join(strange)}”这样的字符(数字 0、1 和字母 I、O 都不用),请再核对一遍")
    if _weighted(code[:-1]) != _VALUES[code[-1]]:
        raise WrongCode("查询码有一位听错或写错了(或相邻两位写反了),请对方再念一遍")
    return code


def _weighted(body: str) -> int:
    """What the last character must be: it has the weight 1, those before it x, x², … from right to left."""
    total = 0
    for character in body:
        total = _times_x(total ^ _VALUES[character])
    return total


def _times_x(value: int) -> int:
    value <<= 1
    return value ^ _POLYNOMIAL if value & 0b100000 else value
