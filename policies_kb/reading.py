"""A sentence read whole: where, who, what about, which side of it, which figures; nothing is decided yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Mapping

from policies_kb import quantities
from policies_kb.conditions import CATEGORIES
from policies_kb.context import Context
from policies_kb.lexicon import Lexicon, Mention
from policies_kb.quantities import Claim
from policies_kb.text import Words, canonical, normalise

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

ELLIPTICAL = re.compile(r"^(那|那么|要是|如果|假如|换成|换|改成|那要是|还有)|呢[?!.]*$|^(我|他|她)(是|在)")
OTHER_PERSON = re.compile(r"(我|他|她)?(表弟|表哥|表姐|表妹|弟弟|哥哥|妹妹|姐姐|儿子|女儿|孩子|老公|老婆|丈夫|妻子|媳妇|爸|妈|邻居|同学|朋友|亲戚|侄儿|侄子|外甥)")
GROUP_TOPICS = frozenset({"veterans", "disabled", "students", "non_continuing", "hard_to_employ", "migrant_workers", "gig_workers", "older_workers", "domestic_service", "general"})
PREMISE = re.compile(r"不是(说|讲|写|有|给|补|发|每)|听说|说是|说好的|对吧|对不对|不是吗|难道|应该是|明明|都说|人家说|网上说|告诉我|承诺|规定的是|就是.{0,12}吧|是吧|没错吧|凭什么|说的|是不是")


@dataclass(frozen=True)
class Reading:
    """What a message says, before any context."""

    raw: str
    text: str
    mentions: tuple[Mention, ...]
    regions: tuple[str, ...]
    places: tuple[str, ...]
    facts: Mapping[str, Any]
    excluded: frozenset[str]
    topics: tuple[str, ...]
    kinds: tuple[str, ...]
    claims: tuple[Claim, ...]
    control: str | None
    outside: str | None
    elliptical: bool
    premise: bool
    other_person: bool

    @property
    def kind(self) -> str | None:
        """The leading kind of question, if the words show one."""
        return self.kinds[0] if self.kinds else None

    @property
    def categories(self) -> frozenset[str]:
        """The groups that the message names."""
        return self.facts.get(CATEGORIES, frozenset())

    @property
    def about_policy(self) -> bool:
        """Whether the message is about training and subsidies at all."""
        return bool(self.topics or self.categories or any(m.concept.family not in ("region", "place", "outside", "gender", "role") for m in self.mentions))


class Reader:
    """Reads sentences with the vocabulary of one knowledge base."""

    def __init__(self, kb: "KnowledgeBase") -> None:
        self.kb = kb
        self.words = Words(kb.vocabulary["words"])
        self.lexicon = Lexicon(kb, self.words)
        self.kinds = [(item["kind"], re.compile("|".join(f"(?:{cue})" for cue in item["cues"]))) for item in kb.vocabulary["kinds"]]
        self.topics = {item["topic"]: item for item in kb.vocabulary["topics"]}
        self.controls = {
            self._bare(phrase): item["control"] for item in kb.vocabulary["control"] for phrase in item["phrases"]
        }
        self.outside = {item["topic"]: item["reply"] for item in kb.vocabulary["outside"]}

    def _bare(self, text: str) -> str:
        text = normalise(str(text))
        return re.sub(r"[\s,.?!:;、]|(?<=..)[吧啊呀哦哈啦嘛呗咯嘞哟]$", "", text)

    def read(self, message: str, hint: str | None = None) -> Reading:
        """Read one message. ``hint`` is the fact that was just asked for, so that a bare number or yes/no answers it."""
        text = canonical(message, self.words)
        mentions = self.lexicon.find(text)
        topics = self._topics(mentions)
        facts = self._facts(mentions)
        numbers, claims = quantities.read(text, topics, hint)
        facts.update(numbers)
        bare = self._bare(message)
        return Reading(
            raw=message, text=text, mentions=tuple(mentions),
            regions=tuple(dict.fromkeys(m.concept.value for m in mentions if m.concept.family == "region" and not m.negated)),
            places=tuple(dict.fromkeys(m.concept.value for m in mentions if m.concept.family == "place")),
            facts=facts,
            excluded=frozenset(m.concept.value for m in mentions if m.concept.family == CATEGORIES and m.negated),
            topics=topics, kinds=tuple(kind for kind, cues in self.kinds if cues.search(text)), claims=tuple(claims),
            control=self.controls.get(bare), outside=next((m.concept.value for m in mentions if m.concept.family == "outside"), None),
            elliptical=bool(ELLIPTICAL.search(self.words.without_fillers(text))) or len(text) <= 6,
            premise=bool(PREMISE.search(text)), other_person=bool(OTHER_PERSON.search(text)),
        )

    def _topics(self, mentions: list[Mention]) -> tuple[str, ...]:
        """The topics named: special ones before groups of people, long words before short ones."""
        scored: dict[str, tuple[int, int, int]] = {}
        for m in mentions:
            if m.concept.family == "topic":
                topic = m.concept.value
                key = (0 if topic in GROUP_TOPICS else 1, m.end - m.start, -m.start)
                if topic not in scored or key > scored[topic]:
                    scored[topic] = key
        return tuple(sorted(scored, key=lambda topic: scored[topic], reverse=True))

    def _facts(self, mentions: list[Mention]) -> dict[str, Any]:
        facts: dict[str, Any] = {}
        codes: list[str] = []
        for m in mentions:
            family, value = m.concept.family, m.concept.value
            if family in ("region", "topic", "place", "outside"):
                continue
            if family == CATEGORIES:
                if not m.negated:
                    codes.append(value)
            elif self.kb.facts[family].type == "bool":
                facts[family] = (not value) if m.negated and value is True else value
            elif not m.negated and family not in facts:
                facts[family] = value
        if codes:
            facts[CATEGORIES] = frozenset(codes)
        return facts


@lru_cache(maxsize=4)
def reader(kb: "KnowledgeBase") -> Reader:
    """The reader of a knowledge base, made once."""
    return Reader(kb)


def read(kb: "KnowledgeBase", message: str, context: Context | None = None, hint: str | None = None) -> Reading:
    """Read one message (``context`` is not needed for reading; it is applied when answering)."""
    return reader(kb).read(message, hint)
