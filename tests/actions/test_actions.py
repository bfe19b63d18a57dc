"""The other actions, as a table: situation → message and events."""

from __future__ import annotations

import pytest

import policies_kb
from actions import answer_policy
from actions.answer_policy import AnswerPolicy
from actions.check_eligibility import CancelCheck, CheckEligibility
from actions.control import LIKE_CONTROL, LIKE_OUTSIDE, control_reply, phrase_for
from actions.fallback import DefaultFallback
from actions.handoff import Handoff
from actions.small_talk import SmallTalk
from actions.start_over import StartOver
from tests.figures import figure

QUJING = "qujing-2019-112"
PER_DAY = figure(QUJING, "living_per_day")
FORTY_DAYS = figure(QUJING, "living_per_day*40")


def test_the_worked_example_of_the_brief(act):
    outcome = act(AnswerPolicy(), text="我是曲靖的残疾人,培训40天能领多少生活费", intent="ask_amount")
    assert f"{FORTY_DAYS}元" in outcome.text and "第十八条" in outcome.text
    assert outcome.messages[0]["citations"][0]["clause"] == "十八"
    assert outcome.slots["region"] == "qujing" and outcome.slots["training_days"] == 40 and outcome.slots["categories"] == ["disabled"]


def test_region_and_facts_of_earlier_turns_count(act):
    first = act(AnswerPolicy(), text="我是曲靖的残疾人,培训40天能领多少生活费")
    second = act(AnswerPolicy(), text="那50天呢", slots=first.slots)
    assert figure(QUJING, "living_per_day*50") + "元" in second.text and second.slots["training_days"] == 50 and "region" not in second.slots


def test_what_is_told_once_in_a_conversation_is_remembered(act):
    first = act(AnswerPolicy(), text="曲靖生活费多少钱一天")
    second = act(AnswerPolicy(), text="生活费多少钱一天", slots=first.slots)
    assert "提醒" in first.text and "提醒" not in second.text


def test_the_words_of_the_classifier_are_turned_into_those_of_the_knowledge_base(act):
    first = act(AnswerPolicy(), text="曲靖生活费多少钱一天")
    detail = act(AnswerPolicy(), text="说细一点嘛", intent="more_detail", slots=first.slots)
    assert "讲的是" in detail.text and "第十八条" in detail.text


def test_the_last_resort_is_the_knowledge_base_too(act):
    outcome = act(DefaultFallback(), text="曲靖生活费多少钱一天")
    assert f"{PER_DAY}元" in outcome.text and DefaultFallback().name() == "action_default_fallback"


def test_handoff_sets_the_flag_and_tells_what_is_known(act):
    first = act(AnswerPolicy(), text="曲靖残疾人培训期间生活费一天多少")
    outcome = act(Handoff(), text="转人工", intent="handoff", slots=first.slots)
    (message,) = outcome.messages
    assert message["handoff"] is True and message["reason"] == "asked" and "12333" in outcome.text
    assert message["state"] == {"region": "qujing", "facts": {"categories": ["disabled"]}, "topic": "living_allowance", "check": None}


def test_a_hand_off_out_of_the_check_tells_how_far_it_has_come(act):
    slots = {"region": "qujing", "role": "worker", "answered_facts": ["region", "role"], "unknown_facts": ["hukou"], "requested_slot": "categories"}
    check = act(Handoff(), text="转人工", intent="handoff", slots=slots, loop="eligibility_form").messages[0]["state"]["check"]
    assert check["open"] is True and check["asked"] == "categories" and check["unknown"] == ["hukou"]
    assert check["missing"] and all(check["missing"].values()) and check["next"]["text"]
    done = act(Handoff(), text="转人工", intent="handoff", slots=slots).messages[0]["state"]["check"]
    assert done["open"] is False and done["asked"] is None


@pytest.mark.parametrize("action", [AnswerPolicy(), DefaultFallback()], ids=lambda action: action.name())
def test_the_second_miss_in_a_row_hands_over_and_counting_begins_anew(act, action):
    first = act(action, text="嘎嘎嘎嘎乌拉拉")
    second = act(action, text="叽里咕噜哇啦哇啦", slots=first.slots)
    third = act(action, text="噗噜噗噜咕叽咕叽", slots={**first.slots, **second.slots})
    assert [outcome.messages[0]["handoff"] for outcome in (first, second, third)] == [False, True, False]
    assert second.messages[0]["reason"] == "missed" and "给您转人工" in second.text


@pytest.mark.parametrize("intent", ["greet", "goodbye", "thank", "help", "bot_challenge", "off_topic", "abuse"])
def test_small_talk_has_an_answer_and_changes_nothing(act, intent):
    outcome = act(SmallTalk(), text="……", intent=intent)
    assert outcome.text and outcome.events == []


def test_small_talk_on_a_topic_that_is_none_of_ours_gets_its_own_answer(act):
    assert "天气" in act(SmallTalk(), text="今天天气怎么样", intent="off_topic").text


def test_the_cities_in_the_greeting_come_from_the_data(act, kb):
    text = act(SmallTalk(), text="你好", intent="greet").text
    assert all(region.short_name in text for region in kb.regions.values())


def test_start_over_forgets_everything(act):
    outcome = act(StartOver(), text="重新开始", intent="restart", slots={"region": "qujing"})
    assert [event["event"] for event in outcome.events] == ["restart"] and outcome.text


def test_the_end_of_the_check_says_what_and_why_and_brings_the_card(act):
    facts = {"region": "qujing", "role": "worker", "categories": ["disabled"], "training_days": 40, "unknown_facts": ["hukou"]}
    outcome = act(CheckEligibility(), slots=facts)
    assert f"{FORTY_DAYS}元" in outcome.text and "人社" in outcome.text
    (message,) = outcome.messages
    assert message["card"]["region"] == "qujing" and message["citations"]
    assert message["finished"] is True and message["facts"] == {"role": "worker", "categories": ["disabled"], "training_days": 40}


def test_without_a_region_the_check_says_so(act):
    outcome = act(CheckEligibility(), slots={})
    assert "哪个地方" in outcome.text and outcome.messages[0]["card"] is None and "finished" not in outcome.messages[0]


def test_cancel_keeps_what_was_told(act):
    outcome = act(CancelCheck(), text="取消", intent="cancel", slots={"region": "qujing"})
    assert outcome.events == [] and outcome.text


def test_an_action_that_fails_says_so_and_the_conversation_goes_on(act, monkeypatch):
    def broken(*arguments):
        raise RuntimeError("boom")

    monkeypatch.setattr(answer_policy.policies_kb, "answer", broken)
    outcome = act(AnswerPolicy(), text="生活费多少")
    assert "出了点差错" in outcome.text and "boom" not in outcome.text and outcome.events == []


@pytest.mark.parametrize("control", ["cancel", "handoff", "restart", "greet", "goodbye", "thank", "help", "more_detail", "affirm", "deny", "dont_know"])
def test_every_control_intent_has_a_phrase_that_the_knowledge_base_takes_for_it(kb, control):
    assert policies_kb.read(kb, phrase_for(kb, control)).control == control


def test_every_stand_in_exists_in_the_vocabulary(kb):
    assert all(phrase_for(kb, intent) for intent in LIKE_CONTROL)
    assert set(LIKE_OUTSIDE.values()) <= {item["topic"] for item in kb.vocabulary["outside"]}
    assert phrase_for(kb, "ask_amount") is None and phrase_for(kb, None) is None
    assert control_reply(kb, "abuse", policies_kb.Context())[0].text
