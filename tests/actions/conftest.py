"""A tracker and a dispatcher, and an action run on them: what it says and what it changes."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher


@dataclass(frozen=True)
class Outcome:
    """What an action did."""

    events: list[dict[str, Any]]
    messages: list[dict[str, Any]]

    @property
    def slots(self) -> dict[str, Any]:
        """The slots that were set, by name."""
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def text(self) -> str:
        """All texts together."""
        return "\n".join(message["text"] for message in self.messages)

    @property
    def buttons(self) -> list[str]:
        """The titles of all buttons."""
        return [button["title"] for message in self.messages for button in message["buttons"]]


def tracker_of(
    text: str = "", intent: str | None = None, slots: dict[str, Any] | None = None, events: Any = (), loop: str | None = None,
) -> Tracker:
    """A tracker as Rasa sends it; ``loop``: the form that is open."""
    message = {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": []}
    return Tracker("某人", dict(slots or {}), message, [{"event": "user", "text": text}, *events], False, None, {"name": loop} if loop else {}, "action_listen")


@pytest.fixture
def act():
    """Runs an action on a tracker."""

    def run(action: Any, **situation: Any) -> Outcome:
        dispatcher = CollectingDispatcher()
        events = asyncio.run(action.run(dispatcher, tracker_of(**situation), {}))
        return Outcome(events, [message["custom"] for message in dispatcher.messages])

    return run


@pytest.fixture(scope="session")
def kb():
    """The knowledge base."""
    from actions.slots import knowledge

    return knowledge()
