"""One turn of the check: situation and message → what is kept, what is said, what is asked next."""

from __future__ import annotations

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions import eligibility_form
from actions.ask_fact import ACTIONS, buttons, wording
from actions.check_eligibility import CheckEligibility
from actions.eligibility_form import NOT_UNDERSTOOD, OPENING, ValidateEligibilityForm
from actions.next_question import question_for
from policies_kb import Reply
from policies_kb.text import polished
from tests.figures import figure

PER_DAY = figure("qujing-2019-112", "living_per_day") + "元"
IN_CHECK = {"region": "qujing", "role": "worker"}


@pytest.fixture
def turn(act):
    def play(text, asked=None, intent=None, events=(), **slots):
        return act(ValidateEligibilityForm(), text=text, intent=intent, slots={"requested_slot": asked, **slots}, events=events)

    return play


def test_the_check_opens_with_the_region_when_it_is_not_known(turn):
    outcome = turn("帮我测算")
    assert outcome.slots["requested_slot"] == "region" and outcome.text == polished(OPENING)


def test_what_the_first_message_tells_is_not_asked_again(turn):
    outcome = turn("帮我测算曲靖的,我是残疾人")
    assert outcome.slots["region"] == "qujing" and "disabled" in outcome.slots["categories"]
    assert outcome.slots["requested_slot"] == "role"


def test_a_new_check_asks_again_what_was_unknown_in_the_last_one(turn):
    outcome = turn("帮我测算", unknown_facts=["region", "role"], **IN_CHECK)
    assert outcome.slots["unknown_facts"] == []


def test_after_the_role_the_calculator_chooses(turn):
    outcome = turn("我自己", "role", region="qujing", categories=["disabled"])
    assert outcome.slots["role"] == "worker"
    assert outcome.slots["requested_slot"] not in ("region", "role", "categories", None)


def test_dont_know_is_kept_as_unknown_and_not_asked_again(turn):
    first = turn("培训", "training_days", "dont_know", **IN_CHECK)  # the classifier's word for it
    outcome = turn("不知道", "categories", "dont_know", unknown_facts=["hukou"], **IN_CHECK)
    assert outcome.slots["unknown_facts"] == ["hukou", "categories"]
    assert outcome.slots["requested_slot"] not in ("hukou", "categories")
    assert "categories" not in outcome.slots and first.slots["requested_slot"]


def test_an_unknown_fact_that_is_told_later_is_taken(turn):
    outcome = turn("对了,我是残疾人", "age", unknown_facts=["categories"], **IN_CHECK)
    assert outcome.slots["categories"] == ["disabled"] and outcome.slots["unknown_facts"] == []
    assert "记下了" in outcome.text and "残疾人" in outcome.text


def test_a_question_in_the_middle_is_answered_with_its_source_and_the_check_goes_on(turn):
    outcome = turn("生活费一天多少钱", "hukou", "ask_amount", **IN_CHECK)
    assert PER_DAY in outcome.text and outcome.messages[0]["citations"]
    assert outcome.slots["requested_slot"] is not None and "hukou" not in outcome.slots


def test_a_fact_and_a_question_in_one_sentence_are_both_heard(turn):
    outcome = turn("农村户口,生活费多少钱一天", "hukou", "ask_amount", **IN_CHECK)
    assert outcome.slots["hukou"] == "rural" and PER_DAY in outcome.text


def test_a_correction_changes_the_earlier_fact(turn):
    outcome = turn("不对,是50天", "hukou", "correct", training_days=40, answered_facts=["training_days"], **IN_CHECK)
    assert outcome.slots["training_days"] == 50 and "改过来了" in outcome.text and "50天" in outcome.text


def test_wrong_without_more_goes_back_one_question(turn):
    outcome = turn("说错了", "pension_entitled", "correct", hukou="rural", answered_facts=["age", "hukou"], **IN_CHECK)
    assert outcome.slots["hukou"] is None and outcome.slots["answered_facts"] == ["age"]


def test_a_value_that_is_not_allowed_is_told_in_chinese_and_asked_again(turn):
    outcome = turn("300岁", "age", "inform", categories=[], **IN_CHECK)
    assert "年龄不能是300" in outcome.text and "age)" not in outcome.text and "age" not in outcome.slots


def test_what_is_not_understood_is_said_and_asked_again(turn):
    outcome = turn("嗯哼哼", "role", "nlu_fallback", region="qujing")
    assert outcome.text == polished(NOT_UNDERSTOOD) and outcome.slots["requested_slot"] == "role"


@pytest.mark.parametrize(("intent", "text", "value"), [("affirm", "办过的", True), ("deny", "没去办过", False)])
def test_yes_and_no_in_words_only_the_classifier_knows(turn, intent, text, value):
    assert turn(text, "registered_unemployed", intent, **IN_CHECK).slots["registered_unemployed"] is value


@pytest.mark.parametrize(("text", "intent"), [("取消", "cancel"), ("转人工", "handoff"), ("谢谢", "thank"), ("你是谁", "help")])
def test_the_form_steps_aside_for_what_the_rules_answer(turn, text, intent):
    outcome = turn(text, "hukou", intent, **IN_CHECK)
    assert outcome.events == [] and outcome.messages == []


def test_coming_back_from_small_talk_it_only_asks_again(turn):
    events = [{"event": "action", "name": "action_small_talk"}]
    outcome = turn("谢谢", "hukou", "thank", events, **IN_CHECK)
    assert outcome.messages == [] and list(outcome.slots) == ["requested_slot"]


def test_show_result_ends_the_check(turn):
    assert turn("看结果", "hukou", "show_result", **IN_CHECK).slots["requested_slot"] is None


def test_without_a_region_nothing_can_be_asked(turn):
    assert turn("不知道", "region", "dont_know").slots["requested_slot"] is None


def test_groups_told_in_passing_join_those_known(turn):
    outcome = turn("我还是退役军人", "hukou", "inform", categories=["disabled"], **IN_CHECK)
    assert outcome.slots["categories"] == ["disabled", "veteran"]


def test_the_check_comes_to_an_end_whatever_is_answered(turn, kb):
    """Fed with 不知道 alone it ends in every region, for every role; and never asks a thing twice."""
    for region in kb.regions:
        for role in ("worker", "employer", "provider"):
            unknown, asked, seen = [], "hukou", []
            while asked is not None:
                outcome = turn("不知道", asked, "dont_know", region=region, role=role, unknown_facts=unknown)
                unknown, asked = outcome.slots["unknown_facts"], outcome.slots["requested_slot"]
                assert asked not in seen
                seen.append(asked)


def test_an_error_inside_is_told_in_plain_words(act, monkeypatch):
    monkeypatch.setattr(eligibility_form.Turn, "events", lambda self: 1 / 0)
    outcome = act(ValidateEligibilityForm(), text="是")
    assert "出了点差错" in outcome.text and outcome.events == [] and outcome.buttons == ["转人工"]


def test_every_fact_has_an_ask_action_that_words_it(act, kb):
    actions = {action().name(): action() for action in ACTIONS}
    assert set(actions) == {f"action_ask_eligibility_form_{name}" for name in ("region", *kb.facts)}
    for name in kb.facts:
        outcome = act(actions[f"action_ask_eligibility_form_{name}"], slots={"region": "qujing"})
        assert polished(question_for(kb, name, "qujing").text) in outcome.text
        assert outcome.buttons[-1] == "不知道" and "{region}" not in outcome.text


def test_who_asks_for_others_is_asked_about_them(act, kb):
    ask = next(action() for action in ACTIONS if action.slot == "pension_entitled")
    assert "参加培训的人" in act(ask, slots={"region": "qujing", "role": "employer"}).text
    assert "参加培训的人" not in act(ask, slots={"region": "qujing", "role": "worker"}).text
    assert "您" in act(next(action() for action in ACTIONS if action.slot == "role"), slots={"role": "employer"}).text


def test_choices_are_numbered_in_the_text_and_buttons_send_what_could_be_typed(kb):
    question = question_for(kb, "role", "qujing")
    assert "1. 劳动者本人" in wording(question)
    assert buttons(question)[0] == {"title": "劳动者本人", "payload": "劳动者本人"}
    assert "都不是" in [button["title"] for button in buttons(question_for(kb, "categories", "qujing"))]


def test_nothing_is_kept_between_two_conversations():
    assert not vars(ValidateEligibilityForm()) and CollectingDispatcher().messages == []


@pytest.mark.parametrize(("fact", "several"), [("categories", True), ("role", False)])
def test_of_a_question_with_several_answers_the_buttons_may_be_chosen_together(act, fact, several):
    action = next(each for each in ACTIONS if each().slot == fact)()
    assert act(action, slots=IN_CHECK).messages[0]["multiple"] is several


def missed_once(turn):
    return turn("嗯哼哼", "role", "nlu_fallback", region="qujing").slots["conversation"]


def test_the_second_miss_in_a_row_hands_over_and_ends_the_check(turn, act):
    outcome = turn("呜啦啦", "role", "nlu_fallback", region="qujing", conversation=missed_once(turn))
    (message,) = outcome.messages
    assert message["handoff"] is True and message["reason"] == "missed" and "给您转人工" in outcome.text
    assert message["state"]["region"] == "qujing"
    assert outcome.slots["requested_slot"] is None and outcome.slots["conversation"]["misses"] == 0
    said = [{"event": "bot", "data": {"custom": message}}]
    assert act(CheckEligibility(), text="呜啦啦", slots=IN_CHECK, events=said).messages == []


def test_a_question_that_has_no_answer_is_a_miss_too(turn, monkeypatch):
    monkeypatch.setattr(eligibility_form.policies_kb, "answer", lambda kb, text, context, day: (Reply("?", status="unknown"), context))
    outcome = turn("生活费一天多少钱", "role", "ask_amount", region="qujing", conversation=missed_once(turn))
    assert [message["handoff"] for message in outcome.messages] == [True]


@pytest.mark.parametrize(("text", "intent"), [("我自己", "inform"), ("不知道", "dont_know"), ("生活费一天多少钱", "ask_amount")])
def test_what_is_understood_in_between_starts_the_count_anew(turn, text, intent):
    outcome = turn(text, "role", intent, region="qujing", conversation=missed_once(turn))
    assert outcome.slots["conversation"]["misses"] == 0 and not any(message["handoff"] for message in outcome.messages)


@pytest.mark.parametrize("text", ["帮我测算", "/start_check"])
def test_to_start_what_has_begun_is_no_miss(turn, text):
    outcome = turn(text, "role", "start_check", region="qujing")
    assert outcome.messages == [] and outcome.slots["requested_slot"] == "role"
