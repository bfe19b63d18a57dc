"""Tracker ↔ facts. The only place that knows which slot holds what.

Every fact of the knowledge base has a slot of its own name, the region has ``region``; the rest of the conversation's context
(topic, last question, misses …) is one JSON-safe dict in ``conversation``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

import policies_kb
from policies_kb import Context, KnowledgeBase, libraries
from policies_kb.facts import fact_to_json

FORM = "eligibility_form"
REQUESTED = "requested_slot"
CONVERSATION = "conversation"
UNKNOWN = "unknown_facts"
ANSWERED = "answered_facts"

# A fixed offset: China has no summer time, and slim images carry no time zone files.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")

Event = dict[str, Any]


def knowledge() -> KnowledgeBase:
    """The knowledge base, loaded once for the process."""
    libraries.install()
    return policies_kb.load_knowledge_base()


def today() -> date:
    """The day that answers are given for, as it is where the documents hold."""
    return datetime.now(CHINA).date()


def text_of(tracker: Tracker) -> str:
    """What the person wrote."""
    return tracker.latest_message.get("text") or ""


def intent_of(tracker: Tracker) -> str | None:
    """The intent that Rasa settled on."""
    return (tracker.latest_message.get("intent") or {}).get("name")


def region_of(tracker: Tracker) -> str | None:
    """The region that the conversation is about."""
    return tracker.get_slot("region")


def facts_of(tracker: Tracker) -> dict[str, Any]:
    """The facts told so far, as raw values of the vocabulary."""
    return {name: value for name in knowledge().facts if (value := tracker.get_slot(name)) is not None}


def context_of(tracker: Tracker) -> Context:
    """The conversation so far as policies_kb understands it."""
    stored = dict(tracker.get_slot(CONVERSATION) or {})
    return Context.from_dict({**stored, "region": region_of(tracker), "facts": facts_of(tracker)})


def events_for(tracker: Tracker, context: Context) -> list[Event]:
    """The slots that differ after a turn."""
    events = set_facts(tracker, {**dict.fromkeys(facts_of(tracker)), **context.facts})
    if context.region != region_of(tracker):
        events.append(SlotSet("region", context.region))
    return [*events, remember(context)]


def remember(context: Context) -> Event:
    """What was talked about, without region and facts."""
    return SlotSet(CONVERSATION, {name: value for name, value in context.to_dict().items() if name not in ("region", "facts")})


def set_facts(tracker: Tracker, facts: Mapping[str, Any]) -> list[Event]:
    """Slot events for the facts whose value changes; None forgets a fact."""
    known = facts_of(tracker)
    return [SlotSet(name, fact_to_json(value)) for name, value in facts.items() if known.get(name) != fact_to_json(value)]


def names_of(tracker: Tracker, slot: str) -> list[str]:
    """A list slot (unknown or answered facts) as a list."""
    return list(tracker.get_slot(slot) or [])


def handed_over(tracker: Tracker) -> bool:
    """Whether this turn has handed the conversation over already."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "bot" and ((event.get("data") or {}).get("custom") or {}).get("handoff"):
            return True
    return False


def came_back_to_form(tracker: Tracker) -> bool:
    """Whether another action already answered this message, and the form only has to ask its question again."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") not in (FORM, "action_listen", "action_extract_slots"):
            return True
    return False
