"""从头再来: forgets region, facts and the conversation. Takes the place of Rasa's own ``action_restart``."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import Restarted
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.control import control_reply
from actions.reply import send, tells_failure


class StartOver(Action):
    """Clears the tracker."""

    def name(self) -> str:
        """Rasa predicts this name for the intent ``restart``, whatever is going on."""
        return "action_restart"

    @tells_failure
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[slots.Event]:
        """One message and a clean start."""
        reply, _ = control_reply(slots.knowledge(), "restart", slots.context_of(tracker))
        send(dispatcher, reply.text, buttons=reply.buttons)
        return [Restarted()]
