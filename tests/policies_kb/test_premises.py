"""Figures taken for granted are set right, and right ones are left alone."""

import re
from datetime import date

import pytest

import policies_kb
from policies_kb import libraries
from tests.figures import figure

libraries.install()
KB = policies_kb.load_knowledge_base()
LIVING = [("曲靖", "qujing-2019-112", "living_per_day"), ("攀枝花", "panzhihua-2020-2", "living_per_day")]
WAYS = ("{place}生活费不是每天{figure}元吗", "听说{place}生活费一天{figure}元,对吧", "{place}培训生活费一天发{figure}块")


def text_of(message):
    """The reply to a first message, on a day when every plan was in force."""
    return policies_kb.answer(KB, message, None, date(2020, 6, 1))[0].text


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("place", "document", "name"), LIVING)
def test_a_wrong_figure_is_set_right_first(place, document, name, way):
    wrong, right = figure(document, f"{name}+20"), figure(document, name)
    text = text_of(way.format(place=place, figure=wrong))
    assert text.startswith(f"不是{wrong}元。")
    assert f"{right}元" in text
    assert "依据" in text


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("place", "document", "name"), LIVING)
def test_a_right_figure_is_left_alone(place, document, name, way):
    right = figure(document, name)
    text = text_of(way.format(place=place, figure=right))
    assert f"{right}元" in text
    assert "不是" not in text


@pytest.mark.parametrize(
    ("message", "document", "expression", "unit"),
    [
        ("曲靖以工代训补贴是工资的{figure}%对吧", "qujing-2019-112", "work_training_wage_share", "%"),
        ("曲靖企业培训补贴不是先预拨{figure}%吗", "qujing-2019-112", "prepay_share", "%"),
        ("攀枝花短期岗位技能培训听说每人补{figure}元", "panzhihua-2020-2", "short_post_per_person", "元"),
    ],
)
def test_other_figures(message, document, expression, unit):
    right, wrong = figure(document, expression), str(int(figure(document, expression)) + 11)
    assert text_of(message.format(figure=wrong)).startswith(f"不是{wrong}{unit}")
    assert f"{right}{unit}" in text_of(message.format(figure=wrong))
    assert not text_of(message.format(figure=right)).startswith("不是")


def test_a_question_without_a_figure_is_not_corrected():
    assert "不是" not in text_of("曲靖生活费一天多少钱")


@pytest.mark.parametrize("message", ["曲靖以工代训能连补12个月,我明年预算照一年写了", "潼南以工代训补满一年行吧,12个月"])
def test_a_span_beyond_the_cap_is_set_right_first(message):
    """曲靖 十九, 潼南 九: at most six months."""
    assert re.match(r"补不了12个月，最长6个月。|.{0,30}(最长|最多)", text_of(message))


@pytest.mark.parametrize(
    "message", ["攀枝花爆破工考安全证那1000块是补给考证的人吗,我老公该领到吧", "攀枝花岗前培训的钱发给员工本人吧"],
)
def test_a_payee_taken_for_granted_is_set_right_first(message):
    """攀枝花 四(四), 四(十): the employer is paid."""
    assert text_of(message).startswith("不是发给个人，发给单位。")


def test_who_is_paid_is_no_wrong_premise_when_it_is_asked():
    assert not text_of("攀枝花以工代训的补贴发给谁").startswith("不是")
