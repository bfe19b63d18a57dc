"""Numbers in and out as they were written."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.exact_json import ExactJsonError, dump, parse


def test_a_fraction_arrives_as_it_was_written():
    assert parse(b'{"days": 0.1}') == {"days": Decimal("0.1")}
    assert str(parse(b"[1.10]")[0]) == "1.10"


def test_a_whole_number_stays_whole():
    assert parse(b"[3]") == [3]
    assert isinstance(parse(b"[3]")[0], int)


def test_what_is_no_number_comes_as_a_decimal_that_is_not_finite():
    assert not parse(b"[NaN]")[0].is_finite()
    assert not parse(b"[-Infinity]")[0].is_finite()


def test_a_number_of_thousands_of_digits_is_read_without_trouble():
    assert parse(b"[" + b"9" * 6000 + b"]")[0] > 0


@pytest.mark.parametrize(("raw", "words"), [
    (b"{", "第 1 行"), (b"", "不是有效的 JSON"), (b"\xff\xfe", "UTF-8"), (b"[" * 100_000, "嵌套太深"),
])
def test_what_is_no_json_is_refused_in_words(raw, words):
    with pytest.raises(ExactJsonError, match=words):
        parse(raw)


def test_a_key_that_stands_twice_is_refused_by_its_name():
    with pytest.raises(ExactJsonError, match="age") as refused:
        parse(b'{"facts": {"age": 20, "age": 60}}')
    assert refused.value.name == "age"


def test_decimals_go_out_as_numbers_and_what_no_number_can_hold_as_text():
    assert dump([Decimal("1.5"), Decimal("2"), Decimal("NaN"), Decimal("1E+400")]) == b'[1.5,2,"NaN","1E+400"]'


def test_a_lone_surrogate_goes_out_as_the_escape_it_came_as():
    assert json.loads(dump(json.loads(r'"\ud800"'))) == "\ud800"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(json_values)
def test_in_and_out_again_is_the_same(value):
    assert parse(dump(value)) == value
