"""What a conversation has settled so far: carried from turn to turn by the channel, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Context:
    """The region, facts, topic and kind of earlier turns, and what the person has been told or offered already."""

    region: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    kind: str | None = None
    answer: str | None = None
    pending: str | None = None
    misses: int = 0
    told: tuple[str, ...] = ()
    asked: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe form."""
        data = asdict(self)
        data["facts"] = dict(self.facts)
        data["told"] = list(self.told)
        data["topics"] = list(self.topics)
        return data

    @property
    def topic(self) -> str | None:
        """The leading topic of the last question."""
        return self.topics[0] if self.topics else None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any] | None) -> Context:
        """The context that :meth:`to_dict` gave; unknown keys are passed over, so that older records stay readable."""
        known = {key: value for key, value in (data or {}).items() if key in cls.__dataclass_fields__}
        known["facts"] = dict(known.get("facts") or {})
        known["told"] = tuple(known.get("told") or ())
        known["topics"] = tuple(known.get("topics") or ())
        return cls(**known)

    def but(self, **changes: Any) -> Context:
        """A copy with some fields changed."""
        return replace(self, **changes)
