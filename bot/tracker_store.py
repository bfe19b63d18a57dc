"""Where Rasa keeps conversations between turns: one row per conversation, slots and the last turn only.

Rasa's stores keep every event since the conversation began and replay them all on each turn, and send them all to the action
server. Nothing here ever looks at older turns: facts are in slots, the form's state is one event. So a conversation costs the
same on its hundredth turn as on its first, and survives a restart of Rasa.
"""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker

SCHEMA = """
CREATE TABLE IF NOT EXISTS conversation (sender TEXT PRIMARY KEY, changed REAL NOT NULL, events TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS conversation_changed ON conversation (changed);
"""
DAY = 86400.0
PURGE_EVERY = 3600.0


def snapshot(tracker: DialogueStateTracker) -> list[Event]:
    """The fewest events that bring a tracker back to where it is: session start, slots, open form, last turn."""
    events = tracker.events_after_latest_restart()
    last = max((index for index, event in enumerate(events) if isinstance(event, UserUttered)), default=None)
    if last is None:
        return events
    loop = next((event for event in reversed(events[:last]) if isinstance(event, ActiveLoop)), None)
    start = events[last].timestamp
    return [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=start),
        SessionStarted(timestamp=start),
        *(SlotSet(name, slot.value, timestamp=start) for name, slot in tracker.slots.items() if slot.value is not None),
        *([loop] if loop is not None and loop.name else []),
        ActionExecuted(ACTION_LISTEN_NAME, timestamp=start),
        # What the bot said is stored by the gateway; Rasa has no use for it.
        *(event for event in events[last:] if not isinstance(event, BotUttered)),
    ]


class SnapshotStore(TrackerStore):
    """SQLite file (``path``), rows older than ``keep_days`` days are deleted."""

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        path: str = ":memory:",
        keep_days: Any = 7,
        **kwargs: dict[str, Any],
    ) -> None:
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA journal_mode=WAL")
        # A power cut may lose the last turns, never the file; and a turn does not wait for the disk.
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(SCHEMA)
        self._keep = float(keep_days) * DAY
        self._purged = 0.0
        super().__init__(domain, event_broker, **kwargs)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the conversation's snapshot."""
        await self.stream_events(tracker)
        now = time.time()
        events = json.dumps([event.as_dict() for event in snapshot(tracker)], ensure_ascii=False, separators=(",", ":"))
        self._connection.execute("INSERT OR REPLACE INTO conversation VALUES (?, ?, ?)", (tracker.sender_id, now, events))
        if now - self._purged > PURGE_EVERY:
            self._purged = now
            self._connection.execute("DELETE FROM conversation WHERE changed < ?", (now - self._keep,))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as it was after its last turn, or None."""
        row = self._connection.execute("SELECT events FROM conversation WHERE sender = ?", (sender_id,)).fetchone()
        if row is None:
            return None
        events = deserialise_events(json.loads(row[0]))
        return DialogueStateTracker.from_events(sender_id, events, self.domain.slots)

    async def keys(self) -> list[str]:
        """All conversations that are kept."""
        return [sender for (sender,) in self._connection.execute("SELECT sender FROM conversation")]
