"""Buttons as numbers, numbers as buttons."""

import pytest

from api.wechat.choices import offer, pick

FOLLOW_UPS = [{"title": "培训补贴多少", "payload": "培训补贴多少钱"}, {"title": "开始资格测算", "payload": "/start_check"}]
QUESTION = "您是替谁问?\n1. 劳动者本人\n2. 用人单位（公司）\n3. 培训机构"
ROLES = [{"title": title, "payload": title} for title in ("劳动者本人", "用人单位(公司)", "培训机构", "不知道")]


def test_numbers_are_added_where_there_are_none():
    text, choices = offer("每天六十元。", FOLLOW_UPS)
    assert text == "每天六十元。\n\n1. 培训补贴多少\n2. 开始资格测算\n回数字就行。"
    assert [choice.payload for choice in choices] == ["培训补贴多少钱", "/start_check"]


def test_a_text_that_numbers_its_choices_gets_no_second_list():
    text, choices = offer(QUESTION, ROLES)
    assert text.startswith(QUESTION)
    assert text.count("劳动者本人") == 1
    assert text.endswith("不清楚也可以回：不知道")
    assert [choice.title for choice in choices] == ["劳动者本人", "用人单位(公司)", "培训机构"]


def test_words_that_one_types_get_no_number():
    # else 1 would mean "I don't know" where the question asks for how many
    text, choices = offer("培训了多少天?", [{"title": "不知道", "payload": "不知道"}])
    assert choices == []
    assert pick("1", choices) is None
    assert "不知道" in text


def test_without_buttons_nothing_changes():
    assert offer("好。", []) == ("好。", [])


def test_a_title_with_lines_stays_on_one():
    text, choices = offer("选", [{"title": "一\n 二", "payload": "x"}, {"title": "三", "payload": "y"}])
    assert "1. 一 二\n" in text
    assert choices[0].title == "一 二"


@pytest.mark.parametrize("said", ["2", "２", "②", "⑵", "2.", "2、", "（2）", "(2)", "二", "第二个", "第2个", "2号", "选2", "选第二个", "我选2",
                                  "第二项", "要第二个", " 2 ", "2。", "第二条吧", "㈡", "两"])
def test_the_second_is_meant(said):
    _, choices = offer("选", FOLLOW_UPS)
    assert pick(said, choices) == ("/start_check", "开始资格测算")


@pytest.mark.parametrize("said", ["0", "3", "12", "第三个", "2天", "二十元", "2.5", "1 2", "不要", "", "2020", "一天", "百", "1/2", "第", "补贴2"])
def test_no_choice_is_meant(said):
    _, choices = offer("选", FOLLOW_UPS)
    assert pick(said, choices) is None


def test_several_of_the_bots_own_list():
    _, choices = offer(QUESTION, ROLES)
    for said in ("1 3", "1、3", "1和3", "１，３", "① ③", "第一个和第三个"):
        assert pick(said, choices) == ("1 3", "劳动者本人、培训机构"), said


def test_a_number_without_a_list_is_just_a_number():
    assert pick("2", []) is None


def test_ten_and_more():
    buttons = [{"title": f"第{number}项", "payload": f"p{number}"} for number in range(1, 15)]
    _, choices = offer("选", buttons)
    assert pick("12", choices)[0] == "p12"
    assert pick("十二", choices)[0] == "p12"
    assert pick("十", choices)[0] == "p10"
