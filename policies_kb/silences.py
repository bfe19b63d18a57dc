"""What a document most likely does not set and people ask all the same: said first, before what it does say of the matter."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from policies_kb.reading import Reading
from policies_kb.reply import Reply

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

SAID = re.compile(r"^(这份|市里这份)?(文件|通知|方案)?(没|不)(有)?(定|写|设|列|提|说)")


@lru_cache(maxsize=4)
def _details(kb: KnowledgeBase) -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((item["what"], re.compile(item["asks"]), re.compile(item["told"])) for item in kb.vocabulary["silences"])


def said_first(kb: KnowledgeBase, reading: Reading, reply: Reply) -> Reply:
    """The reply with 文件没写… before it where the detail that is asked for does not stand in it (几个工作日到账)."""
    body = reply.text.split("依据：")[0]
    if reply.status not in ("answered", "not_stated") or SAID.match(body):
        return reply
    for what, asks, told in _details(kb):
        if asks.search(reading.text) and not told.search(body):
            return reply.but(text=f"文件没写{what}。{reply.text}", status="not_stated")
    return reply
