"""Figures taken for granted are set right, and right ones are left alone."""

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
