"""Greetings, thanks, "who are you", what is none of our business: one friendly sentence."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

import policies_kb
from actions import slots
from actions.control import control_reply
from actions.reply import send, tells_failure


class SmallTalk(Action):
    """Answers small talk, in the check and outside it."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_small_talk"

    @tells_failure
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[slots.Event]:
        """One message; nothing is remembered of it."""
        kb, text, context = slots.knowledge(), slots.text_of(tracker), slots.context_of(tracker)
        if policies_kb.read(kb, text).outside is not None:
            reply, _ = policies_kb.answer(kb, text, context, slots.today())
        else:
            reply, _ = control_reply(kb, slots.intent_of(tracker) or "help", context)
        send(dispatcher, reply.text, reply.citations, reply.buttons)
        return []
