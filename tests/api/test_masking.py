"""Personal numbers go, everything else stays."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.masking import CARD_NUMBER, ID_NUMBER, MOBILE_NUMBER, mask

MOBILE = "13812345678"
IDENTITY = "51041119900307123X"

FULL_WIDTH = {ord("0") + n: chr(0xFF10 + n) for n in range(10)}
CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")


@pytest.mark.parametrize("written", [
    "13812345678", "138 1234 5678", "138-1234-5678", "138.1234.5678", "138\u30001234\u30005678", "1 3 8 1 2 3 4 5 6 7 8",
    "+8613812345678", "+86 138 1234 5678", "86-13812345678", "１３８１２３４５６７８", "１３８-１２３４-５６７８",
    "一三八一二三四五六七八", "幺三八一二三四五六七八", "138\u200b1234\u200b5678", "138—1234—5678", "138 - 1234 - 5678",
])
def test_a_mobile_number_goes_however_it_is_written(written):
    assert mask(f"电话{written}。") == f"电话{MOBILE_NUMBER}。"


@pytest.mark.parametrize("written", [
    "51041119900307123X", "51041119900307123x", "510411199003071234", "510411 19900307 123X", "510411-19900307-1234",
    "５１０４１１１９９００３０７１２３Ｘ", "５１０４１１１９９００３０７１２３４", "510411900307123", "51041119900307123 X",
])
def test_an_identity_number_goes_however_it_is_written(written):
    assert mask(f"身份证{written},") == f"身份证{ID_NUMBER},"


@pytest.mark.parametrize("written", ["6222021234567890123", "6222 0212 3456 7890 123", "6222-0212-3456-7890", "6217001234567890"])
def test_a_card_number_goes(written):
    assert mask(f"卡号{written}谢谢") == f"卡号{CARD_NUMBER}谢谢"


def test_several_numbers_in_one_sentence():
    assert mask(f"我{MOBILE},证{IDENTITY},卡6222021234567890123") == f"我{MOBILE_NUMBER},证{ID_NUMBER},卡{CARD_NUMBER}"


def test_a_bracket_inside_a_number_hides_nothing():
    assert mask("电话(138)12345678。") == f"电话({MOBILE_NUMBER}。"


def test_two_mobile_numbers_beside_each_other():
    assert mask(f"{MOBILE} 13987654321") == f"{MOBILE_NUMBER} {MOBILE_NUMBER}"


@pytest.mark.parametrize("text", [
    "培训40天,每天60元,一共2400元", "曲政办发〔2019〕112号", "2019-09-06 到 2021-12-31", "2019-2021 2020-2022",
    "打12333问", "0874-3122222 是办公室电话", "我今年1990年3月出生", "工资3500.50元", "100 200 300", "", "一二三四五条",
    "第1、2、3、4、5条", "2019、2020、2021、2022年", "一共1000000元",
])
def test_other_numbers_stay(text):
    assert mask(text) == text


def _spread(digits, separators, style):
    text = "".join(digit + separator for digit, separator in zip(digits, separators, strict=True))
    return text.translate(style)


separators = st.sampled_from(["", "", "", " ", "-", "—", ".", "\u3000", "\u200b", " - "])
styles = st.sampled_from([{}, FULL_WIDTH, CHINESE])


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.lists(separators, min_size=11, max_size=11), styles,
       st.sampled_from(["", "电话", "我的号码是:", "联系 "]), st.sampled_from(["", "。", "谢谢", "培训40天"]))
def test_no_mobile_number_comes_through(digits, between, style, before, after):
    between[-1] = ""
    masked = mask(before + _spread(digits, between, style) + after)
    assert masked == before + MOBILE_NUMBER + after


@given(st.from_regex(r"[1-9][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}[0-9Xx]", fullmatch=True),
       st.sampled_from(["", " ", "-"]), styles)
def test_no_identity_number_comes_through(number, separator, style):
    written = separator.join([number[:6], number[6:14], number[14:]]).translate(style)
    assert ID_NUMBER in mask(f"证件{written}!")
    assert not re.search(r"\d{4}", mask(f"证件{written}!"))


@given(st.text())
def test_masking_twice_is_masking_once(text):
    assert mask(mask(text)) == mask(text)


@given(st.text(alphabet=st.characters(exclude_categories=["Nd", "No", "Nl"], exclude_characters="零〇一二三四五六七八九幺")))
def test_a_text_without_digits_is_left_alone(text):
    assert mask(text) == text
