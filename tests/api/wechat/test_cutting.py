"""Cutting: nothing lost, nothing too long, at the end of a sentence where there is one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.wechat.cutting import HINT, MAX_BYTES, cut, size

SENTENCES = st.lists(st.sampled_from(["培训生活费每天六十元。", "能领吗？能！", "第一，", "abc def; ", "\n\n", "1. 残疾人\n", "“好。”",
                                      "😀", "👨‍👩‍👧", "e\u0301", "没有标点" * 30, "x" * 500]), max_size=300).map("".join)


def pieces(text):
    found = []
    while True:
        piece, rest = cut(text)
        found.append(piece)
        if not rest:
            return found
        assert len(rest) < len(text)
        text = rest


def without_hint(piece):
    return piece.removesuffix(f"\n\n{HINT}")


@settings(max_examples=300, deadline=None)
@given(SENTENCES | st.text(max_size=3000))
def test_pieces_joined_are_the_whole(text):
    text = text.encode(errors="ignore").decode()
    found = pieces(text)
    assert "".join(without_hint(piece) for piece in found[:-1]) + found[-1] == text
    assert all(size(piece) <= MAX_BYTES for piece in found)
    assert all(piece.endswith(HINT) for piece in found[:-1])
    assert not found[-1].endswith(HINT) or text.endswith(HINT)


def test_what_fits_is_left_alone():
    text = "好" * (MAX_BYTES // 3) + "ab"
    assert size(text) == MAX_BYTES
    assert cut(text) == (text, "")
    assert cut("") == ("", "")


def test_the_cut_is_at_the_end_of_a_sentence():
    sentence = "参加培训的人每天有生活费，最多领三十天。"
    for piece in pieces(sentence * 100)[:-1]:
        assert without_hint(piece).endswith("。")


def test_closing_marks_stay_with_their_sentence():
    for piece in pieces("他说：“能领。”" * 200)[:-1]:
        assert without_hint(piece).endswith("。”")


def test_without_sentences_at_a_comma_and_without_commas_anywhere():
    assert without_hint(cut("有户口的、有证的，" * 200)[0])[-1] in "，、"
    assert size(cut("字" * 3000)[0]) > MAX_BYTES - 6


@pytest.mark.parametrize("unit", ["👨‍👩‍👧", "e\u0301\u0301", "1️⃣"])
def test_what_belongs_together_is_not_parted(unit):
    first, rest = cut(unit * 700)
    assert without_hint(first) == unit * (len(without_hint(first)) // len(unit))
    assert rest.startswith(unit)


def test_a_row_of_joiners_alone_is_cut_all_the_same():
    assert len(pieces("\u0301" * 5000)) > 1


def test_a_smaller_limit():
    first, rest = cut("一句。" * 20, limit=60)
    assert size(first) <= 60
    assert without_hint(first) + rest == "一句。" * 20
