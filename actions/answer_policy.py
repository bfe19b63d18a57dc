"""A question of policy, a fact told outside the check, a "tell me more": one call into the knowledge base."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

import policies_kb
from actions import slots
from actions.control import phrase_for
from actions.handoff import ASKED, MISSED, hand_over
from actions.reply import send, tells_failure

# so many messages in a row not understood, and a person takes over
GIVES_UP = 2
HANDED_OVER = "这个我还是没弄明白,给您转人工了。也可以打12333。"


class AnswerPolicy(Action):
    """Answers from the knowledge base and keeps what the conversation has settled; hands over after two misses in a row."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_answer_policy"

    @tells_failure
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[slots.Event]:
        """One message, and the slots that changed."""
        kb = slots.knowledge()
        # 说细一点 is 详细 to the classifier, no control word to the knowledge base; questions are no control to either
        text = phrase_for(kb, slots.intent_of(tracker)) or slots.text_of(tracker)
        reply, context = policies_kb.answer(kb, text, slots.context_of(tracker), slots.today())
        if reply.status == "unknown" and context.misses >= GIVES_UP:
            context = context.but(misses=0)
            hand_over(dispatcher, tracker, HANDED_OVER, MISSED, context)
        elif reply.handoff:
            hand_over(dispatcher, tracker, reply.text, ASKED, context)
        else:
            send(dispatcher, reply.text, reply.citations, reply.buttons, reply.card)
        return slots.events_for(tracker, context)
