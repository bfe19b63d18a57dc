"""A share in advance of a sum that the question itself gives: both are worked out and shown."""

from datetime import date

import policies_kb
from policies_kb import libraries
from tests.figures import figure

libraries.install()
KB = policies_kb.load_knowledge_base()
QUJING = "qujing-2019-112"


def text_of(message):
    return policies_kb.answer(KB, message, None, date(2020, 6, 1))[0].text


def test_the_advance_comes_first_then_the_whole():
    """曲靖 二十 of 十六: half of the sum for so many people."""
    each, share = int(figure(QUJING, "employee_training_per_person")), int(figure(QUJING, "prepay_share"))
    text = text_of("曲靖企业按计划岗前训60个人,补贴先拨一半是多少钱")
    assert text.startswith(f"先拿{each * 60 * share // 100}元({share}% × {each * 60}元)。全部补贴是{each * 60}元({each}元 × 60人)。")
    assert "第二十条、第十六条" in text


def test_without_people_to_count_the_rule_itself_is_told():
    assert not text_of("曲靖企业按计划培训职工能先拨多少").startswith("先拿")
