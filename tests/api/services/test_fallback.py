"""Answers from the knowledge base alone, without HTTP."""

from datetime import date

from api.services import fallback
from tests.figures import figure

DAY = date(2020, 6, 1)
PER_DAY = figure("qujing-2019-112", "living_per_day") + "元"


def test_the_context_goes_from_one_answer_to_the_next(kb):
    _, context, _ = fallback.answer(kb, "我在曲靖", {}, [], DAY)
    message, _, status = fallback.answer(kb, "培训期间生活费一天多少", context, [], DAY)
    assert PER_DAY in message.text
    assert status == "answered"


def test_what_was_missed_is_heard_first(kb):
    message, _, _ = fallback.answer(kb, "培训期间生活费一天多少", {}, ["你好", "我在曲靖"], DAY)
    assert PER_DAY in message.text


def test_the_check_is_away_by_button_and_in_words(kb):
    for wish in ("/start_check", '/start_check{"region": "qujing"}', "我要测算"):
        message, _, status = fallback.answer(kb, wish, {}, [], DAY)
        assert (message.text, status) == (fallback.CHECK_AWAY, "check")
        assert message.buttons == []


def test_a_context_of_an_earlier_version_is_forgotten_instead_of_failing(kb):
    for broken in ({"region": {"x": 1}, "facts": 3}, {"nothing": "known"}):
        message, _, status = fallback.answer(kb, "曲靖培训期间生活费一天多少", broken, [], DAY)
        assert status == "answered"
        assert PER_DAY in message.text


def test_a_fault_in_an_answer_is_a_sentence_for_the_person(kb, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("x")

    monkeypatch.setattr("policies_kb.answer", fails)
    message, context, status = fallback.answer(kb, "问", {"region": "qujing"}, [], DAY)
    assert (message.text, context, status) == (fallback.NO_ANSWER, {"region": "qujing"}, "failed")


def test_the_second_miss_in_a_row_hands_over_and_counting_begins_anew(kb):
    first, context, _ = fallback.answer(kb, "嘎嘎嘎嘎乌拉拉", {}, [], DAY)
    assert not first.handoff
    second, context, status = fallback.answer(kb, "叽里咕噜哇啦哇啦", context, [], DAY)
    assert (second.handoff, second.reason, status) == (True, "missed", "unknown")
    assert "12333" in second.text
    assert not fallback.answer(kb, "噗噜噗噜咕叽咕叽", context, [], DAY)[0].handoff


def test_who_asks_for_a_person_is_handed_over_with_what_is_known(kb):
    _, context, _ = fallback.answer(kb, "曲靖残疾人培训期间生活费一天多少", {}, [], DAY)
    message, _, _ = fallback.answer(kb, "转人工", context, [], DAY)
    assert (message.handoff, message.reason) == (True, "asked")
    assert message.state == {"region": "qujing", "facts": {"categories": ["disabled"]}, "topic": "living_allowance",
                             "check": None}


def test_after_a_hand_over_the_fallback_knows_what_rasa_knew():
    state = {"region": "qujing", "facts": {"age": 52}, "topic": "living_allowance", "check": None}
    after = fallback.context_after({"misses": 2, "pending": "x", "told": ["qujing-2019-112"]}, state)
    assert (after["region"], after["facts"], after["topics"], after["misses"]) == (
        "qujing", {"age": 52}, ["living_allowance"], 0)
    assert (after["pending"], after["told"]) == (None, ["qujing-2019-112"])
    assert fallback.context_after({}, {})["facts"] == {}
