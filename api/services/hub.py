"""News for whoever is listening now: a message has come, somebody types, a case has changed.

Events are hints, the database is the truth: they carry numbers of messages, and a reader who missed one reads on from
the last number that it has. In memory for one process; over Redis when several gateways serve together.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Protocol

import structlog
from redis import asyncio as redis
from redis.exceptions import RedisError

log = structlog.get_logger()

Event = dict[str, Any]

RESYNC: Event = {"type": "resync"}
"""Some events were left out: read the database."""

STAFF = "staff"
_WAITING = 200
_PREFIX = "wenbu:"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0


def conversation(sender_key: str) -> str:
    """The channel of one sender's conversation; it exists before the conversation does."""
    return f"conversation:{sender_key}"


class Subscription:
    """The events of one channel from now on. Use it as a context manager, or close it; iterate or `get`."""

    def __init__(self, rooms: dict[str, set["Subscription"]], channel: str) -> None:
        self._rooms = rooms
        self._channel = channel
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        rooms.setdefault(channel, set()).add(self)

    def __enter__(self) -> "Subscription":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __aiter__(self) -> AsyncIterator[Event]:
        return self

    async def __anext__(self) -> Event:
        return await self._events.get()

    async def get(self, timeout: float) -> Event | None:
        """The next event, or None after this many seconds."""
        try:
            async with asyncio.timeout(timeout):
                return await self._events.get()
        except TimeoutError:
            return None

    def put(self, event: Event) -> None:
        """Called by the hub. A reader that is far behind gets one word to read the database instead of a heap."""
        if self._events.qsize() >= _WAITING:
            while not self._events.empty():
                self._events.get_nowait()
            event = RESYNC
        self._events.put_nowait(event)

    def close(self) -> None:
        """No more events."""
        room = self._rooms.get(self._channel)
        if room is not None:
            room.discard(self)
            if not room:
                del self._rooms[self._channel]


class Hub(Protocol):
    """Both kinds of hub."""

    async def publish(self, channel: str, event: Event) -> None:
        """Tell everybody who listens to this channel. Never fails."""

    def subscribe(self, channel: str) -> Subscription:
        """Listen from now on."""

    async def close(self) -> None:
        """Give connections back."""


class MemoryHub:
    """For one process."""

    def __init__(self) -> None:
        self._rooms: dict[str, set[Subscription]] = {}

    def __len__(self) -> int:
        return sum(len(room) for room in self._rooms.values())

    async def publish(self, channel: str, event: Event) -> None:
        """Tell everybody who listens to this channel."""
        self.hand_out(channel, event)

    def hand_out(self, channel: str, event: Event) -> None:
        """Tell the listeners of this process."""
        for subscription in list(self._rooms.get(channel, ())):
            subscription.put(event)

    def hand_out_to_all(self, event: Event) -> None:
        """Tell every listener, whatever the channel."""
        for channel in list(self._rooms):
            self.hand_out(channel, event)

    def subscribe(self, channel: str) -> Subscription:
        """Listen from now on."""
        return Subscription(self._rooms, channel)

    async def close(self) -> None:
        """Nothing to give back."""


class RedisHub:
    """For several processes: what one publishes, all hand out to their own listeners.

    One connection listens for the whole process. While Redis is away events reach this process's listeners only; when
    it is back everybody is told to read the database.
    """

    def __init__(self, url: str) -> None:
        self._here = MemoryHub()
        self._redis = redis.from_url(url, socket_connect_timeout=2, socket_timeout=2, health_check_interval=15)
        # a listener waits without end: its connection has no time limit for reading
        self._listening = redis.from_url(url, socket_connect_timeout=2, socket_timeout=None, health_check_interval=15)
        self._task: asyncio.Task[None] | None = None
        self.ready = asyncio.Event()

    def __len__(self) -> int:
        return len(self._here)

    def start(self) -> None:
        """Begin to listen (in a running loop)."""
        self._task = asyncio.create_task(self._listen())

    async def publish(self, channel: str, event: Event) -> None:
        """Tell everybody who listens to this channel, in every process."""
        if self.ready.is_set():
            try:
                await self._redis.publish(_PREFIX + channel, json.dumps(event))
                return
            except (RedisError, OSError):
                log.warning("hub_publish_failed")
        self._here.hand_out(channel, event)

    def subscribe(self, channel: str) -> Subscription:
        """Listen from now on."""
        return self._here.subscribe(channel)

    async def close(self) -> None:
        """Stop listening, give the connections back."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._redis.aclose()
        await self._listening.aclose()

    async def _listen(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                async with self._listening.pubsub() as pubsub:
                    await pubsub.psubscribe(_PREFIX + "*")
                    async for message in pubsub.listen():
                        if message["type"] == "psubscribe":
                            self.ready.set()
                            pause = _FIRST_PAUSE
                            self._here.hand_out_to_all(RESYNC)
                        elif message["type"] == "pmessage":
                            self._receive(message)
            except (RedisError, OSError):
                log.warning("hub_connection_lost")
            self.ready.clear()
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _receive(self, message: dict[str, Any]) -> None:
        try:
            event = json.loads(message["data"])
        except ValueError:
            log.warning("hub_event_unreadable")
            return
        self._here.hand_out(message["channel"].decode().removeprefix(_PREFIX), event)


def make(redis_url: str | None) -> MemoryHub | RedisHub:
    """The hub for these settings; call it in a running loop."""
    if not redis_url:
        return MemoryHub()
    hub = RedisHub(redis_url)
    hub.start()
    return hub
