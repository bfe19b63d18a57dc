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


ASKS_SUM = re.compile(r"(补|给|发|领|拿)(贴|助)?(多少|几百|几千|几个)(钱|元|块)?|多少钱")
TELLS_SUM = re.compile(r"\d(元|%)|免|不要钱|不收|没定|没写|标准")


@lru_cache(maxsize=512)
def _sums(kb: KnowledgeBase, region: str, topic: str) -> bool:
    """Whether any answer of the place on a topic gives a sum."""
    documents = {document.id for document in kb.documents_of(region)}
    return any(answer.topic == topic and answer.document in documents and re.search(r"\d(元|%)", answer.text) for answer in kb.answers)


def said_first(kb: KnowledgeBase, reading: Reading, reply: Reply, region: str, topic: str | None) -> Reply:
    """The reply with 文件没写… before it where the detail that is asked for does not stand in it (几个工作日到账)."""
    body = reply.text.split("依据：")[0]
    if reply.status not in ("answered", "not_stated") or SAID.match(body):
        return reply
    for what, asks, told in _details(kb):
        if asks.search(reading.text) and not told.search(body):
            return reply.but(text=f"文件没写{what}。{reply.text}", status="not_stated")
    if ASKS_SUM.search(reading.text) and not TELLS_SUM.search(body) and topic is not None and not _sums(kb, region, topic):
        return reply.but(text=f"文件没定补多少钱。{reply.text}", status="not_stated")
    return reply
