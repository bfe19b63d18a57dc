"""What ours is measured beside: full-text search alone, the best clause or answer by BM25 over jieba's words."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import jieba
from rank_bm25 import BM25Okapi

from policies_kb import wording

if TYPE_CHECKING:
    from policies_kb import KnowledgeBase

jieba.setLogLevel(logging.WARNING)


class FullText:
    """The same answers and clauses, found by nothing but their words; the region is given, as a search page would have it."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb
        self.indexes = {}
        for region in kb.regions:
            entries = [(answer.text, answer.document, answer.clauses[0], " ".join(answer.ask)) for answer in kb.answers
                       if answer.region in kb.scope(region)]
            self.indexes[region] = entries, BM25Okapi([jieba.lcut(text + " " + asks) for text, _, _, asks in entries])

    def ask(self, turns: list[str]) -> str:
        """The best hit for the last message in the region named last."""
        named = [region.id for turn in turns for region in self.kb.regions.values() if region.short_name in turn]
        region = named[-1] if named else next(iter(self.kb.regions))
        entries, index = self.indexes[region]
        scores = index.get_scores(jieba.lcut(turns[-1]))
        text, document, clause, _ = entries[max(range(len(entries)), key=scores.__getitem__)]
        return text + wording.source(self.kb, [self.kb.documents[document].citation(clause)])
