"""The one way into Rasa: ``POST /webhooks/rest/webhook`` with the gateway's token. Same bodies as Rasa's REST channel."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

logger = logging.getLogger(__name__)


class LoopbackRest(InputChannel):
    """Rasa's own REST channel asks for no token; this one refuses whoever has none.

    The token comes as ``Authorization: Bearer …`` or, as elsewhere in Rasa, as ``?token=…``.
    """

    @classmethod
    def name(cls) -> str:
        """The name in the address."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> LoopbackRest:
        """Called by Rasa with this channel's part of credentials.yml."""
        token = (credentials or {}).get("token")
        if not token:
            cls.raise_missing_credentials_exception()
        return cls(str(token))

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two routes: is it there, and one message in, messages out."""
        routes = Blueprint("loopback_rest", "loopback_rest")

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            if not self._is_allowed(request):
                return response.json({"error": "token"}, status=401)
            body = request.json
            if not isinstance(body, dict) or not isinstance(body.get("message"), str) or not isinstance(body.get("sender"), str):
                return response.json({"error": "sender and message must be strings"}, status=400)
            collector = CollectingOutputChannel()
            try:
                await on_new_message(
                    UserMessage(body["message"], collector, body["sender"], input_channel=self.name(), metadata=body.get("metadata"))
                )
            except Exception:
                # The gateway then answers from the knowledge base; an empty list would look like silence.
                logger.exception("message could not be handled")
                return response.json({"error": "failed"}, status=500)
            return response.json(collector.messages)

        return routes

    def _is_allowed(self, request: Request) -> bool:
        given = request.token or request.args.get("token") or ""
        return hmac.compare_digest(given.encode(), self._token)
