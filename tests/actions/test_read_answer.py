"""Answers as people give them: by number, word, yes and no, several at once, corrected, out of range."""

from __future__ import annotations

import pytest

from actions.next_question import question_for
from actions.read_answer import is_pick, read_answer


def answered(kb, asked, text, last=None, region="qujing"):
    return read_answer(kb, text, asked, question_for(kb, asked, region).options, last)


@pytest.mark.parametrize(
    ("asked", "text", "value"),
    [
        ("role", "2", "employer"), ("role", "第2个", "employer"), ("role", "选1", "worker"), ("role", "培训机构", "provider"),
        ("role", "我们公司", "employer"), ("role", "劳动者本人", "worker"), ("hukou", "农村的", "rural"), ("hukou", "2", "urban"),
        ("pension_entitled", "是", True), ("pension_entitled", "不是", False), ("pension_entitled", "没得", False),
        ("pension_entitled", "2", False), ("pension_entitled", "没有退休金", False), ("dibao_family", "没有低保", False),
        ("training_days", "40", 40), ("training_days", "四十天", 40), ("training_days", "培训了40天", 40), ("age", "五十二", 52),
        ("age", "52岁", 52), ("subsidies_this_year", "两次", 2), ("subsidies_this_year", "0", 0), ("contract_months", "2年", 24),
        ("monthly_wage", "3000块", 3000), ("categories", "残疾人", ["disabled"]), ("categories", "都不是", []),
        ("categories", "一个都不是", []), ("categories", "没有", []), ("certificate", "没拿到证", "none"),
        ("certificate", "职业技能等级证书", "skill_level"),
    ],
)
def test_the_answer_to_the_question(kb, asked, text, value):
    answer = answered(kb, asked, text)
    assert answer.facts.get(asked) == value and answer.error is None and not answer.asks


@pytest.mark.parametrize("text", ["1,3", "1、3", "1,3,", "选1和3"])
def test_several_numbers_pick_several_groups(kb, text):
    options = question_for(kb, "categories", "qujing").options
    answer = answered(kb, "categories", text.rstrip(","))
    assert set(answer.facts["categories"]) >= {options[0][0], options[2][0]}


def test_a_label_with_its_blank_or_width_typed_otherwise_counts(kb):
    assert answered(kb, "role", "劳动者本人 ").facts["role"] == "worker"


@pytest.mark.parametrize(("asked", "text"), [("role", "7"), ("role", "1,2,9"), ("role", "嗯哼"), ("training_days", "很多"), ("categories", "99")])
def test_what_answers_nothing_gives_no_fact(kb, asked, text):
    answer = answered(kb, asked, text)
    assert asked not in answer.facts and answer.error is None


def test_several_facts_in_one_sentence_are_all_taken(kb):
    facts = answered(kb, "hukou", "我52岁,农村户口,没有养老金,培训了30天").facts
    assert {"age": 52, "hukou": "rural", "pension_entitled": False, "training_days": 30}.items() <= facts.items()


def test_the_region_is_picked_by_number_or_name(kb):
    options = question_for(kb, "region", None).options
    assert read_answer(kb, "2", "region", options).region == options[1][0]
    assert read_answer(kb, "我在曲靖打工", "region", options).region == "qujing"


@pytest.mark.parametrize(
    ("text", "last", "facts"),
    [
        ("不对,是50天", "training_days", {"training_days": 50}), ("说错了,是50", "training_days", {"training_days": 50}),
        ("不是40天,是50天", "training_days", {"training_days": 50}), ("改成30天", "training_days", {"training_days": 30}),
        ("刚才说错了,我是女的", "age", {"gender": "female"}), ("错了,城镇户口", "hukou", {"hukou": "urban"}),
        ("更正:20个人", "headcount", {"headcount": 20}),
    ],
)
def test_a_correction_is_taken_for_the_fact_it_names_or_the_last_one(kb, text, last, facts):
    answer = answered(kb, "subsidies_this_year", text, last)
    assert answer.corrects and facts.items() <= answer.facts.items() and "subsidies_this_year" not in answer.facts


def test_not_right_alone_answers_a_yes_or_no_question(kb):
    answer = answered(kb, "dibao_family", "不对")
    assert answer.facts == {"dibao_family": False} and not answer.corrects


@pytest.mark.parametrize(("asked", "text"), [("age", "300岁"), ("age", "121")])
def test_a_value_that_is_not_allowed_is_an_error_that_names_the_fact(kb, asked, text):
    answer = answered(kb, asked, text)
    assert answer.error.fact == asked and asked not in answer.facts


@pytest.mark.parametrize(
    ("asked", "text", "asks"),
    [
        ("role", "生活费什么时候发", True), ("subsidies_this_year", "两次", False), ("hukou", "农村户口,能免费学吗", True),
        ("categories", "两后生是什么意思", True), ("dibao_family", "有", False), ("training_days", "40天", False), ("role", "取消", False),
    ],
)
def test_questions_are_told_from_answers(kb, asked, text, asks):
    assert answered(kb, asked, text).asks is asks


def test_numbers_from_a_list_are_a_pick():
    assert is_pick("1,3") and is_pick("第2个") and not is_pick("40天") and not is_pick("你好")
