"""Groups of people in one sentence: each worked out, and the sum."""

from datetime import date

import pytest

import policies_kb
from policies_kb import libraries, sums
from policies_kb.reading import reader
from tests.figures import figure

libraries.install()
KB = policies_kb.load_knowledge_base()
PANZHIHUA, QUJING = "panzhihua-2020-2", "qujing-2019-112"
SHORT, LONG = figure(PANZHIHUA, "onboarding_contract_months_min"), figure(PANZHIHUA, "onboarding_long_contract_months")


def text_of(*messages):
    """The last reply of a conversation."""
    context = policies_kb.Context()
    for message in messages:
        reply, context = policies_kb.answer(KB, message, context, date(2020, 6, 1))
    return reply.text


@pytest.mark.parametrize(
    ("messages", "document", "whole"),
    [
        (("攀枝花岗前培训,5个签{short}个月合同的加3个签{long}个月的,一共多少",), PANZHIHUA, "onboarding_per_person*5+onboarding_per_person_long*3"),
        (("攀枝花岗前培训补多少", "5个签{short_years}年合同的加3个签{long_years}年的"), PANZHIHUA, "onboarding_per_person*5+onboarding_per_person_long*3"),
        (("攀枝花岗前培训补多少", "7个签{short_years}年的,2个签{long_years}年的"), PANZHIHUA, "onboarding_per_person*7+onboarding_per_person_long*2"),
        (("曲靖两个残疾人一个学15天一个学20天生活费一共多少",), QUJING, "living_per_day*35"),
    ],
)
def test_sum(messages, document, whole):
    years = {"short_years": int(SHORT) // 12, "long_years": int(LONG) // 12}
    text = text_of(*(message.format(short=SHORT, long=LONG, **years) for message in messages))
    assert f"一共{figure(document, whole)}元" in text
    assert " + " in text
    assert "依据" in text


def test_conditions_stand_beside_the_sum():
    assert "前提是" in text_of(f"攀枝花岗前培训,5个签{SHORT}个月合同的加3个签{LONG}个月的,一共多少")


@pytest.mark.parametrize(
    ("text", "topics", "wanted"),
    [
        ("5个签1年合同的加3个签2年的", ("onboarding",), [{"headcount": 5, "contract_months": 12}, {"headcount": 3, "contract_months": 24}]),
        ("4个人学10天,6个人学20天", ("living_allowance",), [{"headcount": 4, "training_days": 10}, {"headcount": 6, "training_days": 20}]),
        ("一个学15天一个学20天", ("living_allowance",), [{"headcount": 1, "training_days": 15}, {"headcount": 1, "training_days": 20}]),
        ("3个中级工学1年,还有5个高级工学2年", ("apprenticeship",), [
            {"headcount": 3, "skill_level": "intermediate", "apprenticeship_years": 1},
            {"headcount": 5, "skill_level": "senior", "apprenticeship_years": 2}]),
        ("5个签1年合同的", ("onboarding",), []),
        ("5个签1年合同的加3个签1年合同的", ("onboarding",), []),
        ("8个人", ("onboarding",), []),
        ("学15天", ("living_allowance",), []),
    ],
)
def test_groups(text, topics, wanted):
    assert sums.groups(reader(KB), text, topics) == wanted


def test_no_sum_where_one_group_is_barred():
    rule = KB.benefits["panzhihua.onboarding"]
    facts = {"training_type": "onboarding"}
    good = [{"headcount": 5, "contract_months": int(SHORT)}, {"headcount": 3, "contract_months": int(LONG)}]
    barred = [good[0], {"headcount": 3, "contract_months": int(SHORT) - 1}]
    assert sums.total(KB, rule, facts, good, date(2020, 6, 1), "攀枝花") is not None
    assert sums.total(KB, rule, facts, barred, date(2020, 6, 1), "攀枝花") is None


def test_groups_in_different_training_each_follow_their_own_rule():
    """曲靖 十六: 800 a head for induction and for safety, at least 4000 a year for apprentices."""
    each, apprentice = int(figure("qujing-2019-112", "employee_training_per_person")), int(figure("qujing-2019-112", "apprentice_per_year_min"))
    text = text_of("曲靖今年25人岗前培训,18人在岗安全技能培训,还有4个新型学徒带两年,一共能补多少")
    assert text.startswith(f"一共{43 * each + 4 * 2 * apprentice}元以上：")
    assert f"{25 * each}元({each}元 × 25人)" in text


def test_one_kind_of_training_is_no_sum_across_rules():
    assert sums.across(KB, reader(KB), "qujing", "25人岗前培训一共多少", date(2020, 6, 1)) is None
