"""转人工: says what happens now; the flag in the message puts the conversation into the staff's queue."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.control import control_reply
from actions.reply import send, tells_failure


class Handoff(Action):
    """Hands the conversation over."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_handoff"

    @tells_failure
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[slots.Event]:
        """One message with the hand-off flag."""
        reply, _ = control_reply(slots.knowledge(), "handoff", slots.context_of(tracker))
        send(dispatcher, reply.text, handoff=True)
        return []
