"""Messages on their own way out, without a question before them: staff's replies, in the first place.

A channel that can reach people by itself registers how. What it cannot deliver stays marked as undelivered and goes
along with the person's next turn.
"""

from collections.abc import Awaitable, Callable

import structlog

from api.store.conversations import Conversation
from api.store.messages import Message

log = structlog.get_logger()

Deliver = Callable[[Conversation, Message], Awaitable[bool]]


class Outbound:
    """Who delivers for which channel."""

    def __init__(self) -> None:
        self._deliver: dict[str, Deliver] = {}

    def register(self, channel: str, deliver: Deliver) -> None:
        """`deliver(conversation, message)` says whether the message has reached (or will surely reach) the person."""
        self._deliver[channel] = deliver

    def reaches(self, channel: str) -> bool:
        """Whether this channel can reach people by itself at all."""
        return channel in self._deliver

    async def deliver(self, conversation: Conversation, message: Message) -> bool:
        """Whether the message is delivered. Never fails: a channel's error means no."""
        deliver = self._deliver.get(conversation.channel)
        if deliver is None:
            return False
        try:
            return await deliver(conversation, message)
        except Exception:
            log.exception("delivery_failed", channel=conversation.channel, message=message.id)
            return False


async def read_by_itself(conversation: Conversation, message: Message) -> bool:
    """For channels whose client reads the conversation from us, and so misses nothing (the widget)."""
    return True
