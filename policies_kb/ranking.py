"""Answers ranked for a question: likeness of the words, and whether topic, kind, group and place are the ones asked about.

Each candidate gets a handful of named features; what each counts for stands in ``vocabulary/ranking.yml``, fitted on the ways
of asking in the knowledge base and the training side of our own questions (``tests/eval/fit_ranking.py``).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from policies_kb.conditions import CATEGORIES
from policies_kb.model import Answer, plain
from policies_kb.queries import Query, benefits_for, rules_meant
from policies_kb.reading import GROUP_TOPICS, reader
from policies_kb.search import features, index

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase


EARLIER, EARLIER_WHOLE = 0.4, 1.0
"""How much the words of the last full question count beside a message that leaves the subject to it (那几年呢; whole: 聊城呢)."""


@dataclass(frozen=True)
class Ranked:
    """An answer with its score (right ones mostly above 2), and how like the nearest way of asking is (0 to 1)."""

    score: float
    answer: Answer
    like: float = 0.0


_ranked: WeakKeyDictionary[Query, list[Ranked]] = WeakKeyDictionary()  # one question is ranked once, however many ask for it


def rank(kb: KnowledgeBase, query: Query, most: int = 5) -> list[Ranked]:
    """The answers of the region for a query, best first."""
    if query in _ranked:
        return _ranked[query][:most]
    weights = kb.vocabulary["ranking"]
    result = [
        Ranked(sum(weights[name] * value for name, value in found.items()), answer, found["like"]) for found, answer in candidates(kb, query)
    ]
    result.sort(key=lambda r: -r.score)
    _ranked[query] = result
    return result[:most]


def candidates(kb: KnowledgeBase, query: Query, without: int | None = None) -> list[tuple[dict[str, float], Answer]]:
    """Every answer that shares a word with the question, with its features. ``without`` leaves out one way of asking (for fitting)."""
    found = index(kb, query.region)
    vector = features(found.read, query.reading.text, query.inherited, query.kind)
    if query.earlier is not None:
        weight = EARLIER_WHOLE if query.reading.only_place else EARLIER
        for token, value in features(found.read, found.read.canonical(query.earlier)).items():
            if not token.startswith("kind:"):
                vector[token] = max(vector[token], weight * value)  # type: ignore[assignment]
    rest = Counter({token: weight for token, weight in vector.items() if ":" not in token})
    best = found.best_answers(vector, without)
    covered, covered_rest = found.coverage(vector), found.coverage(rest)
    named = {rule.id for rule in benefits_for(kb, query.region, query.topics)}
    meant = frozenset(rule.id for rule in rules_meant(kb, query) if rule.id not in named)
    result = []
    for key, (first, second, answer) in best.items():
        if first > 0.04 or covered[key] > 0.4:
            result.append(({"like": first, "like_again": second, "covered": covered[key], "covered_rest": covered_rest[key],
                            **_fit(kb, query, answer, meant)}, answer))
    return result


def _fit(kb: KnowledgeBase, query: Query, answer: Answer, meant: frozenset[str]) -> dict[str, float]:
    """Features of topic, kind, groups, role, place and figures; absent ones count nothing."""
    fit: dict[str, float] = {}
    specific = [topic for topic in query.topics if topic not in GROUP_TOPICS]
    if specific:
        broader = {reader(kb).topics[topic].get("broader") for topic in specific}
        name = (
            "topic_first" if answer.topic == specific[0] else "topic_named" if answer.topic in specific
            else "topic_broader" if answer.topic in broader else "topic_other"
        )
        fit[name] = 1.0
    elif answer.topic in query.topics:
        fit["topic_group"] = 1.0
    if query.kind is not None:
        name = "kind_first" if answer.kind == query.kind else "kind_named" if answer.kind in query.reading.kinds else "kind_other"
        fit[name] = 1.0
    elif answer.kind == "amount":
        fit["headline"] = 1.0
    groups = query.facts.get(CATEGORIES, frozenset())
    if answer.groups:
        fit["group_same" if groups & set(answer.groups) else "group_other" if groups else "group_unasked"] = 1.0
    elif query.reading.categories:
        fit["group_missing"] = 1.0
    role = query.facts.get("role")
    if answer.roles and role is not None and role not in answer.roles:
        fit["role_other"] = 1.0
    if answer.region != query.region:
        fit["outer_silent" if answer.not_stated else "outer"] = 1.0
    elif answer.not_stated:
        fit["silent"] = 1.0
    if query.comparing and answer.short and answer.kind == query.kind and not answer.groups:
        fit["comparable"] = 1.0
    if answer.benefit is not None and answer.benefit in meant:
        fit["benefit_meant"] = 1.0
    for claim in query.reading.claims:
        if re.search(rf"\d{re.escape(claim.unit)}", answer.text):
            fit["claim_unit"] = 1.0
            if re.search(rf"(?<![\d.]){re.escape(plain(claim.value))}(?![\d.])", answer.text):
                fit["claim_value"] = 1.0
    return fit
