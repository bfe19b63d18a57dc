"""Server-sent events: the form of one, the response around them, and how many may be open."""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from starlette.responses import StreamingResponse

from api.errors import ApiError
from api.store.base import MAX_NUMBER

HEARTBEAT = 15.0
"""Seconds between two signs of life; also how often a reader looks into the database whatever it has heard."""
_PER_READER = 8
_RETRY_AFTER = 15


def event(name: str, data: Any, number: int | None = None) -> bytes:
    """One event; `number` is what the browser asks on from when it comes again."""
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


COMMENT = b":\n\n"


def start_of(after: int | None, last_event_id: str) -> int | None:
    """The number to go on from: the parameter, else the header of a browser that comes again; None without a usable one."""
    if after is not None:
        return after
    number = int(last_event_id) if re.fullmatch(r"[0-9]{1,10}", last_event_id) else None
    return number if number is not None and number <= MAX_NUMBER else None


class EventStream(StreamingResponse):
    """The response; proxies are told not to hold it back."""

    media_type = "text/event-stream"

    # FastAPI reads the status from the signature
    def __init__(self, content: AsyncIterator[bytes], status_code: int = 200) -> None:
        super().__init__(content, status_code,
                         headers={"Cache-Control": "no-cache, no-store", "X-Accel-Buffering": "no"})


class OpenStreams:
    """Counts the open streams: so many for one reader (windows of one conversation), so many for the process."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._of: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._of.total()

    def check(self, reader: str) -> None:
        """Errors: ApiError 429 with Retry-After when one more would be too many."""
        if self._of[reader] >= _PER_READER or len(self) >= self._most:
            raise ApiError(429, {"detail": f"同时打开的窗口太多了,请关掉几个,{_RETRY_AFTER} 秒后再试"},
                           {"Retry-After": str(_RETRY_AFTER)})

    @contextmanager
    def hold(self, reader: str) -> Iterator[None]:
        """One stream of this reader, for as long as it is open."""
        self._of[reader] += 1
        try:
            yield
        finally:
            self._of[reader] -= 1
            if not self._of[reader]:
                del self._of[reader]
