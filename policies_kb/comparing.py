"""The same question for several places: a short list, one line a place, each with its source."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from policies_kb import answering, wording
from policies_kb.context import Context
from policies_kb.facts import fact_to_json
from policies_kb.model import Answer
from policies_kb.queries import understood
from policies_kb.reading import GROUP_TOPICS, Reading, reader
from policies_kb.reply import Reply

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase


def compare(
    kb: KnowledgeBase, reading: Reading, regions: tuple[str, ...], context: Context, as_of: date | None
) -> tuple[Reply, Context]:
    """One line a region. A place whose document is silent says so; no place lends its rule to another."""
    lines: list[str] = []
    citations: list[dict[str, str]] = []
    topics: tuple[str, ...] = ()
    for region in regions:
        query = understood(kb, reading, region, context.but(region=region))
        query = replace(query, kind=_aspect(reading), comparing=True)
        topics = topics or query.topics
        reply, chosen = answering.decide(kb, query, as_of)
        name = kb.regions[region].short_name
        special = [topic for topic in query.topics if topic not in GROUP_TOPICS]
        if reply is None or reply.status == "outside" or (isinstance(chosen, Answer) and special and not _of(kb, chosen, special)):
            lines.append(f"{name}:文件没有写{reader(kb).topics[special[0]]['label'] if special else ''}。")
            continue
        body = reply.text.split("依据:")[0].split("依据：")[0]
        if isinstance(chosen, Answer) and chosen.short and len(body) > LINE:
            body = chosen.short
        source = wording.source(kb, reply.citations).removeprefix("依据:").rstrip("。") if reply.citations else ""
        lines.append(f"{name}:{_brief(body)}" + (f"({source})" if source else ""))
        citations.extend(reply.citations)
    facts = {name: fact_to_json(value) for name, value in reading.facts.items()}
    context = context.but(topics=topics or context.topics, kind=_aspect(reading), facts={**context.facts, **facts}, misses=0, pending=None)
    return Reply("\n".join(lines), citations=tuple(citations)), context


LINE = 64
"""An answer up to this length stands whole in its line; a longer one gives way to its short form."""


def _of(kb: KnowledgeBase, answer: Answer, topics: list[str]) -> bool:
    """Whether an answer speaks of the topics compared, or of the broader ones they belong to."""
    family = {name for topic in topics for name in (topic, reader(kb).topics[topic].get("broader"))}
    return answer.topic in family or reader(kb).topics[answer.topic].get("broader") in family


def _aspect(reading: Reading) -> str:
    """Which side of the topic is compared: the kind that the words show beside 比较, else the sum."""
    plain = [kind for kind in reading.kinds if kind not in ("comparison", "eligibility")]
    if not plain or plain[0] == "limit":
        # 哪里最高 asks for the sums, not for their caps
        return "eligibility" if "eligibility" in reading.kinds and not plain else "amount"
    return plain[0]


def _brief(text: str, most: int = LINE) -> str:
    """The first sentences of a text, up to a length."""
    result = ""
    for sentence in text.replace("\n", "").split("。"):
        if not sentence:
            continue
        if result and len(result) + len(sentence) > most:
            break
        result += sentence + "。"
    return result.rstrip("。")
