"""The only caller of Rasa."""

from dataclasses import dataclass, field
from typing import Any

import httpx


class BotUnavailable(Exception):
    """Rasa gave no answer that can be used; `reason` is one word for the metrics."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class BotMessage:
    """One message to the person, as api.md describes it."""

    text: str
    citations: list[dict[str, Any]] = field(default_factory=list)
    buttons: list[dict[str, Any]] = field(default_factory=list)
    card: dict[str, Any] | None = None
    handoff: bool = False
    # whether several of the buttons may be chosen
    multiple: bool = False
    # of a hand-off: why (asked, missed), and what the conversation has settled so far
    reason: str | None = None
    state: dict[str, Any] = field(default_factory=dict)
    # of a finished check: the facts that its card was worked out from
    facts: dict[str, Any] | None = None


class BotClient:
    """Sends a person's message through Rasa's REST channel."""

    def __init__(self, client: httpx.AsyncClient, url: str, token: str, timeout: float) -> None:
        self._client = client
        self._url = url
        self._params = {"token": token} if token else {}
        self._timeout = timeout

    async def send(self, conversation: str, text: str) -> list[BotMessage]:
        """Rasa's answer to this message, never empty. Errors: BotUnavailable, whatever went wrong."""
        try:
            response = await self._client.post(
                f"{self._url}/webhooks/rest/webhook", params=self._params, timeout=self._timeout,
                json={"sender": conversation, "message": text})
            response.raise_for_status()
            items = response.json()
        except httpx.TimeoutException:
            raise BotUnavailable("timeout") from None
        except httpx.HTTPStatusError:
            raise BotUnavailable("status") from None
        except httpx.HTTPError:
            raise BotUnavailable("unreachable") from None
        except ValueError:
            raise BotUnavailable("malformed") from None
        if not isinstance(items, list):
            raise BotUnavailable("malformed")
        messages = [message for item in items if (message := _read(item))]
        if not messages:
            # Rasa answers an exception in an action and a rule without action alike: with an empty list
            raise BotUnavailable("empty")
        return messages


def _read(item: Any) -> BotMessage | None:
    """One element of Rasa's answer; None for what carries no words (a picture, say)."""
    if not isinstance(item, dict):
        raise BotUnavailable("malformed")
    content = item.get("custom", item)
    if not isinstance(content, dict):
        raise BotUnavailable("malformed")
    text = content.get("text")
    if not isinstance(text, str) or not text.strip():
        return None
    card, facts, state = content.get("card"), content.get("facts"), content.get("state")
    finished = content.get("finished") is True and isinstance(card, dict) and isinstance(facts, dict)
    return BotMessage(
        text=text,
        citations=[one for one in _objects(content.get("citations")) if {"document", "number", "clause"} <= one.keys()],
        buttons=[{"title": str(button["title"]), "payload": str(button.get("payload") or button["title"])}
                 for button in _objects(content.get("buttons")) if button.get("title")],
        card=card if isinstance(card, dict) else None,
        handoff=content.get("handoff") is True,
        multiple=content.get("multiple") is True,
        reason=content["reason"] if content.get("reason") in ("asked", "missed") else None,
        state=state if isinstance(state, dict) else {},
        facts=facts if finished else None)


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
