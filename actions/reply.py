"""Result → one message. The only place that sends: text, citations, buttons, card and hand-off flag travel as one JSON message."""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from policies_kb.text import polished

logger = logging.getLogger(__name__)

FAILED = "抱歉,这一步我这边出了点差错,没能答上来。您可以换个说法再问一次,或者说“转人工”,也可以打12333。"
HANDOFF_BUTTON = {"title": "转人工", "payload": "转人工"}

Run = Callable[..., Awaitable[list[dict[str, Any]]]]


def send(
    dispatcher: CollectingDispatcher,
    text: str,
    citations: Iterable[Mapping[str, Any]] = (),
    buttons: Iterable[Mapping[str, str]] = (),
    card: Mapping[str, Any] | None = None,
    handoff: bool = False,
    **more: Any,
) -> None:
    """Send one message in the shape of the HTTP contract; ``more`` is for the gateway.

    ``reason`` and ``state`` of a hand-off (see :mod:`actions.handoff`), ``finished`` and ``facts`` of a check whose result the
    card tells, ``multiple`` for buttons of which several may be chosen.

    Rasa's own text messages are split at blank lines and lose the citations; a JSON message arrives whole.
    """
    dispatcher.utter_message(
        json_message={
            "text": polished(text),
            "citations": list(citations),
            "buttons": list(buttons),
            "card": card,
            "handoff": handoff,
            **more,
        }
    )


def tells_failure(run: Run) -> Run:
    """Decorator for ``Action.run``: an error is logged and told in plain words, and the conversation goes on."""

    @functools.wraps(run)
    async def wrapped(self: Any, dispatcher: CollectingDispatcher, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        try:
            return await run(self, dispatcher, tracker, domain)
        except Exception:
            logger.exception("action %s failed", self.name())
            dispatcher.messages.clear()  # half an answer beside the apology would puzzle
            send(dispatcher, FAILED, buttons=[HANDOFF_BUTTON])
            return []

    return wrapped
