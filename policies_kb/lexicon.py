"""The words of the vocabulary found in a sentence: regions, groups, facts, topics. Longest match wins, per kind of thing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from policies_kb.text import Words, canonical

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

NEGATIONS = ("不是", "不属于", "不属", "不算", "未", "没有按规定", "没按规定", "没认定过", "没认定", "没被认定", "没有认定", "没评上", "未按规定", "没足额", "没有", "并非", "不在", "没办", "没", "非", "不")


@dataclass(frozen=True)
class Concept:
    """A thing that words name: ``family`` is region, topic, place, outside, or a fact's name."""

    family: str
    value: Any


@dataclass(frozen=True)
class Mention:
    """A word found in the text, with its place."""

    concept: Concept
    word: str
    start: int
    end: int
    negated: bool = False


class Lexicon:
    """All words of a knowledge base, ready to be found."""

    def __init__(self, kb: KnowledgeBase, words: Words) -> None:
        self.words: dict[str, list[Concept]] = {}
        self._normalise = lambda word: canonical(word, words)
        self._regions(kb)
        self._facts(kb)
        for topic in kb.vocabulary["topics"]:
            for word in topic["words"]:
                self._add(word, Concept("topic", topic["topic"]))
        for place in kb.vocabulary.get("places") or ():
            self._add(place, Concept("place", place))
        for outside in kb.vocabulary["outside"]:
            for word in outside["words"]:
                self._add(word, Concept("outside", outside["topic"]))
        self.longest = max(map(len, self.words))
        # one turn looks at the same sentence and its clauses several times
        self.find = lru_cache(maxsize=1024)(self._find)

    def _add(self, word: str, concept: Concept) -> None:
        key = self._normalise(str(word))
        if key and concept not in self.words.setdefault(key, []):
            self.words[key].append(concept)

    def _regions(self, kb: KnowledgeBase) -> None:
        for region in kb.regions.values():
            names = {region.name, region.short_name, region.full_name, *region.aliases, *region.districts}
            # 渝人社发2021年12号 names the place as well as its name does
            names |= {document.number.split("〔")[0] for document in kb.documents.values() if document.region == region.id}
            for name in names:
                self._add(name, Concept("region", region.id))

    def _facts(self, kb: KnowledgeBase) -> None:
        for fact in kb.facts.values():
            for option in fact.options:
                for word in {option.label, *option.words}:
                    self._add(word, Concept(fact.name, option.value))
            for value, listed in ((True, fact.true_words), (False, fact.false_words), (None, fact.unclear_words)):
                for word in listed:
                    self._add(word, Concept(fact.name, value))

    def _find(self, text: str) -> list[Mention]:
        """All words of the vocabulary in a canonical text; a word inside a longer one of the vocabulary does not count."""
        found: list[Mention] = []
        size = len(text)
        for start in range(size):
            for end in range(min(size, start + self.longest), start, -1):
                concepts = self.words.get(text[start:end])
                if concepts:
                    negated = _negated(text, start) or _listed_negation(text, start, found)
                    found.extend(Mention(concept, text[start:end], start, end, negated) for concept in concepts)
        return [m for m in found if not any(_swallows(other, m) for other in found)]


# A topic may stand in a group, a kind of training or a certificate (转岗职工 names both); of the rest the longer word counts alone
_BESIDE = frozenset({"topic", "categories", "training_type", "certificate"})


def _swallows(longer: Mention, m: Mention) -> bool:
    inside = longer.start <= m.start and m.end <= longer.end and longer.end - longer.start > m.end - m.start
    if not inside:
        return False
    families = {longer.concept.family, m.concept.family}
    return not (len(families) == 2 and "topic" in families and families <= _BESIDE)


def _listed_negation(text: str, start: int, found: list[Mention]) -> bool:
    """不属制造和专业技术: the denial of the first carries over to what is listed after it."""
    return any(m.negated and m.end == start - 1 and text[m.end] in "和、或与" for m in found)


def _negated(text: str, start: int) -> bool:
    before = text[max(0, start - 5):start]
    if before.endswith(("是不", "能不", "有没", "要不", "可不", "是不是", "有没有", "算不算", "不是说", "能不能")):
        return False
    return before.endswith(NEGATIONS)


__all__ = ["Concept", "Lexicon", "Mention"]
