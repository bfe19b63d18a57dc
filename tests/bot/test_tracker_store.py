"""A conversation costs the same on its hundredth turn as on its first, and loses nothing that a later turn needs."""

from __future__ import annotations

import asyncio
import time

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker_store import SnapshotStore, snapshot

DOMAIN = Domain.from_yaml("""
version: "3.1"
intents: [a]
slots:
  region: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  categories: {type: list, influence_conversation: false, mappings: [{type: custom}]}
""")
START = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


def turn(number, *inside):
    return [UserUttered(f"第{number}句", {"name": "a"}), *inside, BotUttered("答"), ActionExecuted("action_listen")]


def tracker(*events):
    return DialogueStateTracker.from_events("某人", [*START, *events], DOMAIN.slots)


def restored(original, path=":memory:"):
    store = SnapshotStore(DOMAIN, path=str(path))
    asyncio.run(store.save(original))
    return asyncio.run(store.retrieve("某人"))


def test_slots_open_form_and_last_message_come_back():
    original = tracker(
        *turn(1, SlotSet("region", "qujing"), ActiveLoop("eligibility_form")), *turn(2, SlotSet("categories", ["disabled"])), *turn(3)
    )
    back = restored(original)
    assert back.current_slot_values() == original.current_slot_values()
    assert back.active_loop_name == "eligibility_form"
    assert back.latest_message.text == "第3句"
    assert back.latest_action_name == "action_listen"


def test_a_form_that_was_left_stays_left():
    original = tracker(*turn(1, ActiveLoop("eligibility_form")), *turn(2, ActiveLoop(None)), *turn(3))
    assert restored(original).active_loop_name is None


def test_a_restart_forgets_all_before_it():
    original = tracker(*turn(1, SlotSet("region", "qujing")), *turn(2, Restarted()), *START, *turn(3))
    assert restored(original).get_slot("region") is None


def test_a_hundred_turns_take_no_more_room_than_three():
    def size(turns):
        return len(snapshot(tracker(*(event for number in range(turns) for event in turn(number, SlotSet("region", "qujing"))))))

    assert size(100) == size(3)


def test_the_time_of_the_last_message_is_kept_so_that_sessions_end():
    original = tracker(*turn(1))
    assert restored(original).get_last_event_for(UserUttered).timestamp == original.get_last_event_for(UserUttered).timestamp


def test_conversations_outlive_a_restart_of_rasa_and_unknown_ones_are_none(tmp_path):
    path = tmp_path / "deep" / "bot.sqlite"
    restored(tracker(*turn(1, SlotSet("region", "qujing"))), path)
    fresh = SnapshotStore(DOMAIN, path=str(path))
    assert asyncio.run(fresh.retrieve("某人")).get_slot("region") == "qujing"
    assert asyncio.run(fresh.retrieve("别人")) is None
    assert asyncio.run(fresh.keys()) == ["某人"]


@pytest.mark.parametrize(("days", "kept"), [(6, True), (8, False)])
def test_what_lay_untouched_for_a_week_is_deleted(tmp_path, monkeypatch, days, kept):
    path = tmp_path / "bot.sqlite"
    restored(tracker(*turn(1)), path)
    now = time.time()
    monkeypatch.setattr("bot.tracker_store.time.time", lambda: now + days * 86400)
    store = SnapshotStore(DOMAIN, path=str(path), keep_days="7")
    other = DialogueStateTracker.from_events("别人", [*START, *turn(1)], DOMAIN.slots)
    asyncio.run(store.save(other))
    assert (asyncio.run(store.retrieve("某人")) is not None) == kept
