"""转人工: says what happens now; the flag in the message puts the conversation into the staff's queue.

With the flag go the reason and what the conversation has settled, so that nobody has to tell it all again.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

import policies_kb
from actions import slots
from actions.control import control_reply
from actions.reply import send, tells_failure
from policies_kb import wording
from policies_kb.context import Context

ASKED = "asked"
MISSED = "missed"


class Handoff(Action):
    """Hands the conversation over."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_handoff"

    @tells_failure
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[slots.Event]:
        """One message with the hand-off flag."""
        context = slots.context_of(tracker)
        reply, _ = control_reply(slots.knowledge(), "handoff", context)
        hand_over(dispatcher, tracker, reply.text, ASKED, context)
        return []


def hand_over(dispatcher: CollectingDispatcher, tracker: Tracker, text: str, reason: str, context: Context) -> None:
    """One message that hands the conversation over, with ``context`` as what is known."""
    send(dispatcher, text, handoff=True, reason=reason, state=state_of(tracker, context))


def state_of(tracker: Tracker, context: Context) -> dict[str, Any]:
    """What staff are told: region, facts, topic, and how far the check has come (None when there was none)."""
    return {"region": context.region, "facts": dict(context.facts), "topic": context.topic, "check": _check(tracker, context)}


def _check(tracker: Tracker, context: Context) -> dict[str, Any] | None:
    open_now = (tracker.active_loop or {}).get("name") == slots.FORM
    if context.region is None or not (open_now or slots.names_of(tracker, slots.ANSWERED)):
        return None
    card = wording.to_card(policies_kb.assess(slots.knowledge(), context.region, context.facts, slots.today()))
    return {
        "open": open_now,
        "asked": tracker.get_slot(slots.REQUESTED) if open_now else None,
        "unknown": slots.names_of(tracker, slots.UNKNOWN),
        "missing": {result["benefit"]: result["missing"] for result in card["results"] if result["missing"]},
        "next": card["next_question"],
    }
