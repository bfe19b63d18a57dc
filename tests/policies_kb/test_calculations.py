"""Sums that are answers: hours into days, how often is left, a share of wages."""

from datetime import date

import pytest

import policies_kb
from policies_kb import libraries
from tests.figures import figure

libraries.install()
KB = policies_kb.load_knowledge_base()
CITIES = [("曲靖", "qujing-2019-112"), ("聊城", "liaocheng-2019-10"), ("攀枝花", "panzhihua-2020-2")]


def reply_to(message):
    """The reply to a first message, on a day when every plan was in force."""
    return policies_kb.answer(KB, message, None, date(2021, 6, 1))[0]


@pytest.mark.parametrize("days", [1, 5, 10])
@pytest.mark.parametrize("way", ["重庆培训{hours}课时算几天", "重庆{hours}个学时折多少天"])
def test_hours_into_days(days, way):
    reply = reply_to(way.format(hours=figure("chongqing-2021-12", f"class_hours_per_day*{days}")))
    assert reply.text.startswith(f"折{days}天")
    assert [citation["clause"] for citation in reply.citations] == ["二"]


@pytest.mark.parametrize(("place", "document"), CITIES)
def test_times_left(place, document):
    most = int(figure(document, "times_per_year_max"))
    for had in range(1, most):
        assert reply_to(f"{place}今年已经领了{had}次培训补贴还能领几次").text.startswith(f"还能领{most - had}次")


@pytest.mark.parametrize(("place", "document"), CITIES)
def test_none_left(place, document):
    most = int(figure(document, "times_per_year_max"))
    text = reply_to(f"{place}今年已经领了{most}次培训补贴还能领几次").text
    assert text.startswith("今年不能再领了")
    assert f"{most}次" in text


@pytest.mark.parametrize(("place", "document"), CITIES)
def test_never_less_than_none(place, document):
    over = int(figure(document, "times_per_year_max")) + 1
    assert "还能领-" not in reply_to(f"{place}今年已经领了{over}次培训补贴还能领几次").text


@pytest.mark.parametrize("money", [1000000, 2500000])
@pytest.mark.parametrize(("place", "document"), CITIES)
def test_share_of_wages(place, document, money):
    text = reply_to(f"{place}工资总额{money // 10000}万,职工教育经费税前能扣多少").text
    assert f"{figure(document, f'tax_deduction_share*{money}')}元" in text
    assert f"{figure(document, 'tax_deduction_share')}%" in text
    assert "依据" in text


@pytest.mark.parametrize("message", ["曲靖一年能领几次培训补贴", "重庆几课时算一天", "曲靖职工教育经费税前扣除比例多少"])
def test_without_a_number_nothing_is_worked_out(message):
    text = reply_to(message).text
    assert not text.startswith(("折", "还能领", "今年不能再领", "税前最多扣"))


def test_figures_of_districts_are_added():
    """聊城 附件1."""
    parts = [int(figure("liaocheng-2019-10", name)) for name in ("plan_2019_linqing", "plan_2019_guanxian", "plan_2019_shenxian")]
    assert reply_to("聊城2019年任务,临清、冠县、莘县三个地方加一块是培训多少人").text.startswith(f"一共{sum(parts)}人：")


def test_one_district_is_compared_with_another():
    """聊城 附件1."""
    more, less = (int(figure("liaocheng-2019-10", name)) for name in ("plan_2019_dongchangfu", "plan_2019_chiping"))
    assert reply_to("聊城2019年东昌府区的培训计划比茌平区多多少人").text.startswith(f"东昌府多{more - less}人：")


def test_the_share_of_the_hours_on_line_is_told():
    """重庆 二: at most 30 % of the course hours on line."""
    assert reply_to("重庆一个班总共40课时,网上最多能安排几课时").text.startswith(f"线上最多{40 * int(figure('chongqing-2021-12', 'online_share_max')) // 100}课时")
