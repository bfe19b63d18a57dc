"""Codes read aloud: what is misread is found, what is written differently is not misread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.services import verdict_code
from api.services.verdict_code import ALPHABET, LENGTH, WrongCode

codes = st.builds(lambda body: body + ALPHABET[verdict_code._weighted(body)],
                  st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1))


def test_no_character_looks_like_another():
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set("01IO") & set(ALPHABET)


@given(codes)
def test_a_code_is_read_as_it_was_written(code):
    assert verdict_code.read(verdict_code.shown(code)) == code


def test_made_codes_are_right_and_differ():
    made = {verdict_code.make() for _ in range(500)}
    assert len(made) == 500
    assert all(verdict_code.read(code) == code for code in made)


@given(codes, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_found(code, place, character):
    wrong = code[:place] + character + code[place + 1:]
    if wrong == code:
        return
    with pytest.raises(WrongCode):
        verdict_code.read(wrong)


@given(codes, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_every_swap_is_found_of_neighbours_and_of_others(code, first, second):
    characters = list(code)
    characters[first], characters[second] = characters[second], characters[first]
    wrong = "".join(characters)
    if wrong == code:
        return
    with pytest.raises(WrongCode, match="听错"):
        verdict_code.read(wrong)


@given(codes, st.sampled_from(["{}-{}", "{} {}", "{}—{}", "{}－{}", " {}{}\n", "{}.{}"]), st.booleans(), st.booleans())
def test_how_it_is_typed_does_not_matter(code, form, small, full_width):
    text = form.format(code[:4], code[4:])
    text = text.lower() if small else text
    if full_width:
        text = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in text)
    assert verdict_code.read(text) == code


@given(st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused_in_chinese(text):
    try:
        assert len(verdict_code.read(text)) == LENGTH
    except WrongCode as error:
        assert "查询码" in str(error)


def test_look_alikes_are_named():
    with pytest.raises(WrongCode, match="“0”"):
        verdict_code.read("ABCD-EFG0")
