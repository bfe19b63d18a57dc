"""The questions of the check: one action per slot that Rasa's form may ask, all worded by the knowledge base."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import next_question, slots
from actions.next_question import Asked
from actions.reply import send, tells_failure

DONT_KNOW = {"title": "不知道", "payload": "不知道"}


def wording(asked: Asked) -> str:
    """The question with its choices numbered, so that it works without buttons too (WeChat, voice)."""
    lines = [asked.text]
    if asked.help:
        lines.append(f"({asked.help})")
    lines += [f"{number}. {label}" for number, (_, label) in enumerate(asked.options, 1)]
    if asked.several:
        lines.append("可以选几个,比如回“1 3”;都不是就回“都不是”。")
    return "\n".join(lines)


def buttons(asked: Asked) -> list[dict[str, str]]:
    """The choices as buttons. What a button sends is what a person could have typed."""
    choices = [{"title": label, "payload": label} for _, label in asked.options]
    if asked.several:
        choices.append({"title": "都不是", "payload": "都不是"})
    return [*choices, DONT_KNOW]


class AskFact(Action, ABC):
    """Asks the slot that the form wants now."""

    @property
    @abstractmethod
    def slot(self) -> str:
        """The slot that is asked."""

    def name(self) -> str:
        """Rasa finds the action by form and slot."""
        return f"action_ask_{slots.FORM}_{self.slot}"

    @tells_failure
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Send the question."""
        role = tracker.get_slot(next_question.ROLE)
        asked = next_question.question_for(slots.knowledge(), self.slot, slots.region_of(tracker), role)
        send(dispatcher, wording(asked), buttons=buttons(asked), multiple=asked.several)
        return []


# rasa-sdk registers the subclasses of Action that it finds; the facts are data, so their actions are made from it.
ACTIONS = tuple(
    type(f"Ask_{name}", (AskFact,), {"slot": name, "__module__": __name__}) for name in (next_question.REGION, *slots.knowledge().facts)
)
