"""Answers ranked for a question: likeness of the words, and whether topic, kind, group and place are the ones asked about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from policies_kb.conditions import CATEGORIES
from policies_kb.model import Answer
from policies_kb.reading import GROUP_TOPICS, reader
from policies_kb.search import features, index

if TYPE_CHECKING:
    from policies_kb.answering import Query
    from policies_kb.knowledge import KnowledgeBase


@dataclass(frozen=True)
class Ranked:
    """An answer with its score (about 0 to 1.5)."""

    score: float
    answer: Answer


def rank(kb: "KnowledgeBase", query: "Query") -> list[Ranked]:
    """The answers of the region for a query, best first."""
    found = index(kb, query.region)
    vector = features(found.read, query.reading.text, query.inherited)
    best = found.best_answers(vector)
    groups = query.facts.get(CATEGORIES, frozenset())
    named = query.reading.categories
    result = [Ranked(score + _fit(kb, query, answer, groups, named), answer) for score, answer in best.values() if score > 0.05]
    result.sort(key=lambda r: -r.score)
    return result


def _fit(kb: "KnowledgeBase", query: "Query", answer: Answer, groups: frozenset[str], named: frozenset[str]) -> float:
    fit = 0.0
    topics = query.topics
    specific = [topic for topic in topics if topic not in GROUP_TOPICS]
    broader = {reader(kb).topics[topic].get("broader") for topic in specific}
    if specific:
        fit += 0.18 if answer.topic == specific[0] else 0.12 if answer.topic in specific else 0.06 if answer.topic in broader else -0.1
    elif answer.topic in topics:
        fit += 0.08
    if query.kind is not None:
        fit += 0.12 if answer.kind == query.kind else 0.04 if answer.kind in query.reading.kinds else -0.04
    if answer.groups:
        if groups & set(answer.groups):
            fit += 0.12
        elif groups:
            fit -= 0.3
        else:
            fit -= 0.08
    elif named:
        fit -= 0.02
    role = query.facts.get("role")
    if answer.roles and role is not None and role not in answer.roles:
        fit -= 0.1
    if answer.region != query.region:
        fit -= 0.04
    return fit
