"""Two nearly equal answers stand side by side, each under its own question; one clear answer stands alone."""

from datetime import date

import policies_kb
from policies_kb import companion, libraries
from tests.figures import figure

libraries.install()
KB = policies_kb.load_knowledge_base()


def text_of(message):
    return policies_kb.answer(KB, message, None, date(2020, 6, 1))[0].text


def test_what_the_first_answer_passes_over_is_told_by_the_second():
    """重庆 四: the first rule is about setting up a centre, the question about its subsidiaries."""
    assert "子公司" in text_of("集团的职工培训中心在重庆,能给下面子公司的人开补贴班吗")


def test_a_second_answer_names_the_question_that_it_answers():
    text = text_of("集团的职工培训中心在重庆,能给下面子公司的人开补贴班吗")
    assert text.count("要是想问“") == 1
    assert text.count("依据：") == 1


def test_one_clear_answer_stands_alone():
    text = text_of("曲靖生活费一天多少钱")
    assert "要是想问" not in text
    assert f"{figure('qujing-2019-112', 'living_per_day')}元" in text


def test_both_fit_on_a_phone():
    for message in ("集团的职工培训中心在重庆,能给下面子公司的人开补贴班吗", "攀枝花公司自己搞的岗前技能培训至少得几天"):
        assert len(text_of(message).split("依据：")[0]) <= companion.MOST + 40
