"""The same question for several places: one line each, with its source; a silent document says so."""

from datetime import date

import pytest

import policies_kb
from policies_kb import libraries
from tests.figures import figure

libraries.install()
KB = policies_kb.load_knowledge_base()
QUJING, PANZHIHUA = "qujing-2019-112", "panzhihua-2020-2"
NAMES = [region.short_name for region in KB.regions.values()]


def lines_of(message, context=None):
    """The lines of a comparison by their place."""
    reply, _ = policies_kb.answer(KB, message, context, date(2020, 6, 1))
    return dict(line.split("：", 1) for line in reply.text.splitlines() if line.split("：", 1)[0] in NAMES)


def headline_of(message):
    """What stands before the lines of the places."""
    reply, _ = policies_kb.answer(KB, message, None, date(2020, 6, 1))
    first = reply.text.splitlines()[0]
    return first if first.split("：", 1)[0] not in NAMES else ""


@pytest.mark.parametrize("message", ["五个地方生活费一天多少钱", "各地新型学徒制补多少", "哪个城市以工代训补得多"])
def test_every_place_has_one_line_with_its_source(message):
    lines = lines_of(message)
    assert sorted(lines) == sorted(NAMES)
    for region in KB.regions.values():
        numbers = [document.number for document in KB.documents_of(region.id)]
        assert any(number in lines[region.short_name] for number in numbers), region.id


@pytest.mark.parametrize("message", ["曲靖和攀枝花生活费哪个高", "曲靖跟攀枝花比生活费一天多少", "生活费攀枝花和曲靖各多少钱"])
def test_two_places(message):
    lines = lines_of(message)
    assert set(lines) == {"曲靖", "攀枝花"}
    for place, document, clause in (("曲靖", QUJING, "十八"), ("攀枝花", PANZHIHUA, "四(六)")):
        assert f"{figure(document, 'living_per_day')}元" in lines[place]
        assert f"{KB.documents[document].number} {KB.documents[document].clauses[clause].label}" in lines[place]


@pytest.mark.parametrize(
    ("message", "silent"),
    [
        ("五个地方生活费一天多少钱", {"聊城", "潼南", "重庆"}), ("潼南和聊城的以工代训补多少", {"潼南", "聊城"}), ("重庆和曲靖以工代训补多少", {"重庆"}),
        ("各地新型学徒制补多少", {"聊城", "重庆"}),
    ],
)
def test_a_document_that_sets_no_sum_says_so(message, silent):
    lines = lines_of(message)
    assert {place for place, line in lines.items() if "没定" in line} == silent


def test_no_place_lends_its_figure_to_another():
    sums = {figure(QUJING, "living_per_day"), figure(PANZHIHUA, "living_per_day")}
    lines = lines_of("五个地方生活费一天多少钱")
    lent = [place for place in ("聊城", "潼南", "重庆") if any(f"{amount}元" in lines[place] for amount in sums)]
    assert lent == []


def test_each_line_is_short():
    reply, _ = policies_kb.answer(KB, "五个地方生活费一天多少钱", None, date(2020, 6, 1))
    assert max(map(len, reply.text.splitlines())) <= 130
    assert {citation["document"] for citation in reply.citations} >= {QUJING, PANZHIHUA}


def test_the_topic_is_kept_for_the_next_message():
    _, context = policies_kb.answer(KB, "曲靖和攀枝花生活费哪个高", None, date(2020, 6, 1))
    reply, _ = policies_kb.answer(KB, "曲靖呢", context, date(2020, 6, 1))
    assert f"{figure(QUJING, 'living_per_day')}元" in reply.text


def test_a_second_place_is_compared_with_the_one_talked_of():
    _, context = policies_kb.answer(KB, "曲靖生活费一天多少钱", None, date(2020, 6, 1))
    assert set(lines_of("跟攀枝花比呢", context)) == {"曲靖", "攀枝花"}


@pytest.mark.parametrize("message", ["曲靖和攀枝花生活费一天差多少", "生活费一天曲靖比攀枝花多多少"])
def test_of_two_exact_figures_the_difference_comes_first(message):
    more, less = (int(figure(document, "living_per_day")) for document in (QUJING, PANZHIHUA))
    assert headline_of(message) == f"曲靖多{more - less}元({more}和{less})。"


def test_who_sets_a_figure_at_all_comes_first():
    assert headline_of("五个地方里头哪些写明了生活费一天多少钱") == "攀枝花、曲靖写明了数，聊城、重庆、潼南没有定。"


def test_open_figures_are_not_subtracted():
    """潼南 sets only a lower bound (4000元以上): no difference can be told."""
    assert headline_of("攀枝花和潼南学徒制各补多少") == ""


def test_after_the_period_it_is_said_once():
    reply, context = policies_kb.answer(KB, "曲靖和攀枝花生活费哪个高", None, date(2026, 6, 1))
    assert reply.text.splitlines()[-1].startswith("提醒：这些文件")
    again, _ = policies_kb.answer(KB, "曲靖和攀枝花岗前培训各补多少", context, date(2026, 6, 1))
    assert "提醒" not in again.text


def test_a_question_without_a_topic_compares_the_training_subsidy():
    assert set(lines_of("我在攀枝花打工,老家曲靖的,在哪边学补得多")) == {"曲靖", "攀枝花"}
