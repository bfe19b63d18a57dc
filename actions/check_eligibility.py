"""The end of the check: what can be claimed and how much, what not and why, what is open. And 取消 before the end."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

import policies_kb
from actions import slots
from actions.control import control_reply
from actions.reply import send, tells_failure
from policies_kb import wording

NO_REGION = "各地规定不一样,不知道是哪个地方就没法算。等知道了再说“帮我测算”,或者打12333问当地人社部门。"


class CheckEligibility(Action):
    """Tells the result of the check."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_check_eligibility"

    @tells_failure
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[slots.Event]:
        """One message: the summary in words, the whole assessment as card, and the facts behind it (the gateway gives it a code).

        None when the check has just ended in a hand-over: what was found so far goes to staff with that.
        """
        if slots.handed_over(tracker):
            return []
        kb, region = slots.knowledge(), slots.region_of(tracker)
        if region is None:
            send(dispatcher, NO_REGION, buttons=[wording.CHECK_BUTTON])
            return []
        facts = slots.facts_of(tracker)
        assessment = policies_kb.assess(kb, region, facts, slots.today())
        citations = list({(c["document"], c["clause"]): c for r in assessment.results if r.status != "not_eligible" for c in r.citations}.values())
        send(dispatcher, wording.summary_text(kb, assessment), citations, card=wording.to_card(assessment), finished=True, facts=facts)
        return []


class CancelCheck(Action):
    """Says that the check is over."""

    def name(self) -> str:
        """The name in the domain."""
        return "action_cancel_check"

    @tells_failure
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[slots.Event]:
        """One message; what was told stays known."""
        reply, _ = control_reply(slots.knowledge(), "cancel", slots.context_of(tracker))
        send(dispatcher, reply.text)
        return []
