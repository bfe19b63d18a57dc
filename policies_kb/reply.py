"""A reply as every channel gets it: plain text complete in itself, with citations, buttons and a card beside it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from policies_kb.text import polished


@dataclass(frozen=True)
class Reply:
    """``status``: answered, not_stated, clarify (asked back), outside, unknown, or control (steers the dialogue)."""

    text: str
    citations: tuple[dict[str, str], ...] = ()
    buttons: tuple[dict[str, str], ...] = ()
    card: dict[str, Any] | None = None
    status: str = "answered"
    control: str | None = None
    handoff: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", polished(self.text))

    def but(self, **changes: Any) -> Reply:
        """A copy with some fields changed."""
        return replace(self, **changes)

    def to_message(self) -> dict[str, Any]:
        """The message of the HTTP contract (also what Rasa hands on as one json_message)."""
        return {
            "text": self.text, "citations": list(self.citations), "buttons": list(self.buttons), "card": self.card,
            "handoff": self.handoff,
        }


def button(title: str, payload: str | None = None) -> dict[str, str]:
    """A quick reply; typing its title works as well."""
    return {"title": title, "payload": payload or title}
