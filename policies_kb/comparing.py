"""The same question for several places: a short list, one line a place, each with its source."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from policies_kb import answering, wording
from policies_kb.context import Context
from policies_kb.facts import fact_to_json
from policies_kb.model import Answer, Document, plain
from policies_kb.queries import understood
from policies_kb.ranking import rank
from policies_kb.reading import GROUP_TOPICS, Reader, Reading, reader
from policies_kb.reply import Reply

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase


ANY_SUBSIDY = ("training_subsidy",)
"""What is compared when the question names no topic (在哪边学补得多)."""


def compare(
    kb: KnowledgeBase, reading: Reading, regions: tuple[str, ...], context: Context, as_of: date | None
) -> tuple[Reply, Context]:
    """One line a region. A place whose document is silent says so; no place lends its rule to another."""
    lines: list[str] = []
    citations: list[dict[str, str]] = []
    topics: tuple[str, ...] = ()
    told: dict[str, str | None] = {}
    for region in regions:
        query = understood(kb, reading, region, context.but(region=region))
        query = replace(query, kind=_aspect(reader(kb), reading), comparing=True, topics=query.topics or ANY_SUBSIDY)
        topics = topics or query.topics
        reply, chosen = answering.decide(kb, query, as_of)
        name = kb.regions[region].short_name
        special = [topic for topic in query.topics if topic not in GROUP_TOPICS]
        if reply is None or reply.status == "outside" or (isinstance(chosen, Answer) and special and not _of(kb, chosen, special)):
            # beside another place there is no doubt that an answer is wanted, and the topic tells which
            nearest = next((r for r in rank(kb, query, most=20) if special and _of(kb, r.answer, special)), None)
            reply, chosen = (answering.given(kb, nearest), nearest.answer) if nearest is not None else (None, None)
        if reply is None:
            lines.append(f"{name}:文件没有写{reader(kb).topics[special[0]]['label'] if special else '这一点'}。")
            told[name] = None
            continue
        body = reply.text.split("依据:")[0].split("依据：")[0]
        if isinstance(chosen, Answer) and chosen.short and len(body) > LINE:
            body = chosen.short
        told[name] = None if reply.status == "not_stated" else body
        source = wording.source(kb, reply.citations).removeprefix("依据:").rstrip("。") if reply.citations else ""
        lines.append(f"{name}:{_brief(body)}" + (f"({source})" if source else ""))
        citations.extend(reply.citations)
    facts = {name: fact_to_json(value) for name, value in reading.facts.items()}
    over = [kb.documents[id] for id in dict.fromkeys(c["document"] for c in citations) if _over(kb.documents[id], as_of)]
    if over and not all(document.id in context.told for document in over):
        lines.append(wording.periods_note(over))
        context = context.but(told=tuple(dict.fromkeys((*context.told, *(document.id for document in over)))))
    context = context.but(topics=topics or context.topics, kind=_aspect(reader(kb), reading), facts={**context.facts, **facts}, misses=0, pending=None)
    return Reply("\n".join([*_headline(told), *lines]), citations=tuple(citations)), context


FIGURE = re.compile(r"(每人每天|每人每月|每人每年|每人)?[^\d,。;(]{0,4}?(?<![\d.])(\d+(?:\.\d+)?)(万元|万人次|元|%|人次|个月|次)(以上|以内|左右|到)?")
OPEN = re.compile(r"至少|最少|最多|不低于|不超过|不少于|以上|以内|到\d")


def _headline(told: dict[str, str | None]) -> list[str]:
    """What the lines below come to: who has more and by how much, or which documents set a figure at all."""
    figures = {name: _only_figure(body) for name, body in told.items() if body is not None}
    exact = {name: figure for name, figure in figures.items() if figure is not None}
    silent = [name for name, body in told.items() if body is None]
    if silent and exact and len(silent) + len(exact) == len(told):
        return [f"{'、'.join(exact)}写明了数,{'、'.join(silent)}没有定。"]
    if len(exact) < 2 or len(exact) < len(told) or len({unit for _, unit in exact.values()}) > 1:
        return []
    order = sorted(exact, key=lambda name: exact[name][0], reverse=True)
    (most, unit), (least, _) = exact[order[0]], exact[order[-1]]
    if most == least:
        return [f"一样,都是{plain(most)}{unit}。"]
    more = f"{order[0]}多" if len(order) == 2 else f"{order[0]}最多,比{order[-1]}多"
    return [f"{more}{plain(most - least)}{unit}({plain(most)}和{plain(least)})。"]


def _only_figure(body: str) -> tuple[Decimal, str] | None:
    """The one figure of the first sentence, if it is exact, with its unit."""
    first = body.replace(":", ",").split("。")[0]
    found = FIGURE.findall(first)
    if len(found) != 1 or OPEN.search(first):
        return None
    return Decimal(found[0][1]), found[0][2]


def _over(document: Document, as_of: date | None) -> bool:
    return as_of is not None and document.in_force_to is not None and as_of > document.in_force_to


LINE = 64
"""An answer up to this length stands whole in its line; a longer one gives way to its short form."""


def _of(kb: KnowledgeBase, answer: Answer, topics: list[str]) -> bool:
    """Whether an answer speaks of the topics compared, or of the broader ones they belong to."""
    family = {name for topic in topics for name in (topic, reader(kb).topics[topic].get("broader"))}
    return answer.topic in family or reader(kb).topics[answer.topic].get("broader") in family


ONLY_COMPARING = re.compile(r"有?(没有)?(什么|啥)?(不同|不一样|区别|差别|两样)|(一样|相同|同样|差不多)(吗|不|么)?|各是什么|两边|分别")
"""What only says that places are compared, and asks for no yes or no."""


def _aspect(read: Reader, reading: Reading) -> str:
    """Which side of the topic is compared: the kind that the words show beside 比较, else the sum."""
    text = ONLY_COMPARING.sub("", reading.text)
    kinds = [kind for kind in reading.kinds if kind != "eligibility" or any(name == kind and cues.search(text) for name, cues in read.kinds)]
    plain = [kind for kind in kinds if kind not in ("comparison", "eligibility")]
    if reading.topics[:1] == ("targets",) and not plain:
        return "target"
    if plain[:1] == ["frequency"] and reading.topics[:1] == ("free_training",):
        return "eligibility"  # 都免费吗,几次: who may learn for nothing, and the answer tells how often
    if not plain or plain[0] == "limit":
        # 哪里最高 asks for the sums, not for their caps
        return "eligibility" if "eligibility" in kinds and not plain else "amount"
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
