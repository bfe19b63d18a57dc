"""The messages of one turn as one WeChat text."""

from collections.abc import Sequence
from typing import Any, Protocol

from api.wechat.choices import Choice, offer
from api.wechat.text import clean


class Said(Protocol):
    """What a turn's message needs to have here."""

    text: str
    buttons: list[dict[str, Any]]


def render(messages: Sequence[Said]) -> tuple[str, list[Choice]]:
    """(the whole text, the choices that a number stands for after it).

    Only the last message that has buttons offers them: earlier ones were about something that is over, and two lists
    would each have a 1.
    """
    last = max((index for index, message in enumerate(messages) if message.buttons), default=-1)
    parts: list[str] = []
    choices: list[Choice] = []
    for index, message in enumerate(messages):
        text = clean(message.text).strip()
        if index == last:
            text, choices = offer(text, message.buttons)
        if text:
            parts.append(clean(text))
    return "\n\n".join(parts), choices
