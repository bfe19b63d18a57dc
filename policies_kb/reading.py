"""A sentence read whole: where, who, what about, which side of it, which figures; nothing is decided yet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from policies_kb import quantities
from policies_kb.conditions import CATEGORIES
from policies_kb.context import Context
from policies_kb.lexicon import Concept, Lexicon, Mention
from policies_kb.quantities import Claim
from policies_kb.sound import SoundIndex
from policies_kb.text import Words, canonical, normalise

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

ELLIPTICAL = re.compile(r"^(那|那么|要是|如果|假如|换成|换|改成|那要是|还有)|呢[?!.]*$|的话[?!.]*$|^(我|他|她)(是|在)|说错|搞错|不对,|更正|应该是")
OTHER_PERSON = re.compile(r"(我|他|她)?(表弟|表哥|表姐|表妹|弟弟|哥哥|妹妹|姐姐|儿子|女儿|孩子|老公|老婆|丈夫|妻子|媳妇|爸|妈|邻居|同学|朋友|亲戚|侄儿|侄子|外甥)")
GROUP_TOPICS = frozenset({"veterans", "disabled", "students", "non_continuing", "hard_to_employ", "migrant_workers", "gig_workers", "older_workers", "domestic_service", "general"})
SHORT_TERMS = frozenset({"残疾", "退伍", "退役", "下岗", "学徒", "岗前", "预拨", "预支", "免费", "低保", "鉴定", "创业", "转岗", "失业", "证书", "补贴"})
GENERIC_WORDS = frozenset({"补贴", "补助", "领补贴", "拿补贴", "享受补贴"})
ASKING = ("转人工", "客服", "人工", "多少", "多少钱", "怎么领", "怎么办", "什么", "能不能", "可以吗", "哪里", "怎么算", "多久", "几次", "有没有")
ELSEWHERE = re.compile(
    r"(?:^|我是|我在|我们|咱|在|到|是|去|来自|,)((?!本|全|各|我|外|县|市|这|那|哪|同|一个|几个|几|每|省|区|该|夜|超|门|城|都|大)[\u4e00-\u9fff]{2}(?:县|州|市))(?!级|场|民|区|里|内|外|政|直|面)"
)
RAMBLING = 36
"""Characters from which on a message is taken for a story with a question in it."""
QUESTION_WORD = re.compile(r"[吗呢?]|什么|谁|哪|几|多少|怎么|为何|不$|没$")
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
    surely_outside: bool
    elliptical: bool
    premise: bool
    other_person: bool
    ours: bool
    generic: bool

    @property
    def kind(self) -> str | None:
        """The leading kind of question, if the words show one."""
        return self.kinds[0] if self.kinds else None

    @property
    def categories(self) -> frozenset[str]:
        """The groups that the message names."""
        return self.facts.get(CATEGORIES, frozenset())

    @property
    def only_place(self) -> bool:
        """Whether the message names a place and nothing more."""
        rest = self.text
        for m in self.mentions:
            if m.concept.family == "region":
                rest = rest.replace(m.word, "")
        return bool(self.regions) and len(re.sub(r"[的呢吗啊吧了是在我们这边那那边里人问改成换成换要是,.?!]", "", rest)) == 0

    @property
    def says_nothing(self) -> bool:
        """Whether there is no word, number or question in it that could be understood (叽里咕噜)."""
        return not (
            self.topics or self.kinds or self.facts or self.claims or self.regions or self.mentions or self.ours or self.premise
            or ELLIPTICAL.search(self.text) or QUESTION_WORD.search(self.text)
        )

    @property
    def about_policy(self) -> bool:
        """Whether the message is about training and subsidies at all."""
        return self.ours or bool(self.topics or self.categories or any(m.concept.family not in ("region", "place", "outside", "gender", "role") for m in self.mentions))


class Reader:
    """Reads sentences with the vocabulary of one knowledge base."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb
        self.words = Words(kb.vocabulary["words"])
        self.lexicon = Lexicon(kb, self.words)
        self.kinds = [(item["kind"], re.compile("|".join(f"(?:{cue})" for cue in item["cues"]))) for item in kb.vocabulary["kinds"]]
        self.topics = {item["topic"]: item for item in kb.vocabulary["topics"]}
        self.districts = frozenset(canonical(name, self.words) for region in kb.regions.values() for name in region.districts)
        self.controls = {
            self._bare(phrase): item["control"] for item in kb.vocabulary["control"] for phrase in item["phrases"]
        }
        self.topic_cues = [(item["topic"], re.compile("|".join(item["cues"]))) for item in kb.vocabulary["topics"] if item.get("cues")]
        self.sounds = self._sounds()
        self.control_cues = [(item["control"], re.compile("|".join(item["cues"]))) for item in kb.vocabulary["control"] if item.get("cues")]
        self.outside = {item["topic"]: item["reply"] for item in kb.vocabulary["outside"]}
        self.outside_always = [(item["topic"], re.compile("|".join(item["always"]))) for item in kb.vocabulary["outside"] if item.get("always")]
        self.outside_cues = [(item["topic"], re.compile("|".join(item["cues"]))) for item in kb.vocabulary["outside"] if item.get("cues")]

    def _sounds(self) -> SoundIndex:
        families = {"region", "topic", CATEGORIES, "certificate", "training_type", "skill_level", "dibao_family", "registered_unemployed"}
        words = {word: {c.family for c in concepts} for word, concepts in self.lexicon.words.items()}
        # 一份签到 sounds like 一分钱: everyday words for money are known by their spelling only
        ours = [word for word, found in words.items() if found & families and "钱" not in word]
        short = [word for word in ours if len(word) <= 3 and ("region" in words[word] or word in SHORT_TERMS)]
        texts = [text for answer in self.kb.answers for text in (*answer.ask, answer.text)]
        names = [word for word in ours if ("region" in words[word]) or (len(word) >= 4 and words[word] & {CATEGORIES, "certificate", "training_type"})]
        return SoundIndex(ours, short, (canonical(text, self.words) for text in texts), (*ASKING, *self.kb.vocabulary.get("places", ())), names,
                          [region.short_name for region in self.kb.regions.values()])

    def canonical(self, message: str) -> str:
        """The message in standard words, digits, and with sound-alike spellings of our words put right."""
        text = canonical(message, self.words)
        known = [(m.start, m.end) for m in self.lexicon.find(text)]
        return self.sounds.corrected(text, known)

    def _bare(self, text: str) -> str:
        text = normalise(str(text))
        return re.sub(r"[\s,.?!:;、]|(?<=..)[吧啊呀哦哈啦嘛呗咯嘞哟]$", "", text)

    def read(self, message: str, hint: str | None = None, before: tuple[str, ...] = ()) -> Reading:
        """Read one message. ``hint`` is the fact that was just asked for, so that a bare number answers it; ``before`` are the
        topics talked about, which tell what a number means when the message names none (学两年 of an apprenticeship)."""
        text = self.canonical(message)
        mentions = self.lexicon.find(text)
        topics = self._topics(text, mentions)
        # 我们带8个高级工 after a word on apprentices still speaks of them
        topics = tuple(topic for topic in topics if not set(self.topics[topic].get("gives_way_to", ())) & set(before))
        facts = self._facts(mentions)
        people = frozenset(m.start for m in mentions if m.concept.family in (CATEGORIES, "hukou"))
        generic = topics == ("training_subsidy",) and {m.word for m in mentions if m.concept.value == "training_subsidy"} <= GENERIC_WORDS
        special = [topic for topic in topics if topic not in GROUP_TOPICS and not generic]
        for topic in topics:
            for name, readings in self.topics[topic].get("reads", {}).items():
                facts.update({name: readings[facts[name]]} if facts.get(name) in readings else {})
        elliptical = bool(ELLIPTICAL.search(self.words.without_fillers(text))) or len(text) <= 6
        numbers, claims = quantities.read(text, topics if special and not elliptical else (*topics, *before), hint, people)
        facts.update(numbers)
        bare = self._bare(message)
        kinds = tuple(kind for kind, cues in self.kinds if cues.search(text))
        if "amount" not in kinds and any(claim.unit in ("元", "%") for claim in claims):
            # 不是说一天发80吗: a sum taken for granted is a question about the sum, unless something else is asked in so many words
            kinds = ("amount", *kinds) if set(kinds) <= {"eligibility", "limit", "comparison", "reason"} else (*kinds, "amount")
        if topics[:1] == ("targets",) and "target" not in kinds and (not kinds or kinds[0] in ("amount", "content", "eligibility")):
            kinds = ("target", *kinds)
        return Reading(
            raw=message, text=text, mentions=tuple(mentions),
            regions=self._regions(text, mentions),
            places=self._places(text, mentions),
            facts=facts,
            excluded=frozenset(m.concept.value for m in mentions if m.concept.family == CATEGORIES and m.negated),
            topics=topics, kinds=kinds, claims=tuple(claims),
            control=self._control(bare, text, topics, facts), outside=self._surely_outside(text) or self._outside(text, mentions),
            surely_outside=self._surely_outside(text) is not None,
            elliptical=elliptical,
            premise=bool(PREMISE.search(text)), other_person=bool(OTHER_PERSON.search(text)),
            generic=generic, ours=any(word in text for word in self.kb.vocabulary["words"]["ours"]),
        )

    @staticmethod
    def _regions(text: str, mentions: list[Mention]) -> tuple[str, ...]:
        """The regions named; 不是潼南的 rules one out, 没有重庆户口 still speaks of it."""
        found = [m for m in mentions if m.concept.family == "region"]
        meant = [m for m in found if not text[:m.start].endswith(("不是", "不问", "不说"))]
        return tuple(dict.fromkeys(m.concept.value for m in meant or found))

    @staticmethod
    def _places(text: str, mentions: list[Mention]) -> tuple[str, ...]:
        """Places that are none of ours: those listed, and names that end in 县 or 州 or 市."""
        listed = [m.concept.value for m in mentions if m.concept.family == "place"]
        ours = [(m.start, m.end) for m in mentions if m.concept.family == "region"]
        named = [
            match.group(1) for match in ELSEWHERE.finditer(text)
            if not any(start < match.end(1) and match.start(1) < end for start, end in ours)
        ]
        return tuple(dict.fromkeys([*listed, *(name for name in named if not any(name.startswith(place) for place in listed))]))

    def _control(self, bare: str, text: str, topics: tuple[str, ...], facts: Mapping[str, Any]) -> str | None:
        """What the message wants of the dialogue itself: a whole phrase, or a cue in a message that is about nothing else."""
        if bare in self.controls:
            return self.controls[bare]
        if len(text) <= 12 and not any(cues.search(text) for _, cues in self.kinds):
            polite = next((name for name, cues in self.control_cues if name in ("thank", "goodbye", "greet") and cues.search(text)), None)
            if polite is not None:
                return polite
        if topics or CATEGORIES in facts:
            return next((name for name, cues in self.control_cues if name in ("handoff", "doubt") and cues.search(text)), None)
        return next((name for name, cues in self.control_cues if cues.search(text)), None)

    def _surely_outside(self, text: str) -> str | None:
        """A matter that is none of ours whatever else is named beside it (失业金一个月领多少)."""
        return next((name for name, cues in self.outside_always if cues.search(text)), None)

    def _outside(self, text: str, mentions: list[Mention]) -> str | None:
        named = {m.concept.value for m in mentions if m.concept.family == "outside"}
        named |= {name for name, cues in self.outside_cues if cues.search(text)}
        return next((name for name in self.outside if name in named), None)

    def _asks(self, part: str) -> bool:
        return QUESTION_WORD.search(part) is not None or any(cues.search(part) for _, cues in self.kinds)

    def asks_outside(self, reading: Reading) -> bool:
        """Whether what is asked is the outside matter, and our topic is named only beside it (彩票开啥号,培训费全靠这把了)."""
        asking = [part for part in re.split(r"[,.;!]|(?<=\?)", reading.text) if part and self._asks(part)]
        found = [(self._outside(part, mentions), self._topics(part, mentions), any(word in part for word in self.kb.vocabulary["words"]["ours"]))
                 for part in asking for mentions in [self.lexicon.find(part)]]
        return bool(found) and all(outside is not None and not topics and not ours for outside, topics, ours in found)

    def _asking_spans(self, text: str) -> list[tuple[int, int]]:
        """Of a rambling message the places of the clauses that ask: a topic named there is meant before one told on the way."""
        if len(text) <= RAMBLING:
            return []
        return [match.span() for match in re.finditer(r"[^,.;!]+", text) if self._asks(match.group(0))]

    def _topics(self, text: str, mentions: list[Mention]) -> tuple[str, ...]:
        """The topics named: special ones before groups of people, long words before short ones."""
        scored: dict[str, tuple[int, int, int]] = {}
        asked = self._asking_spans(text)
        for m in mentions:
            if m.concept.family == "topic":
                topic = m.concept.value
                rank = 0 if topic in GROUP_TOPICS else 2 if any(start <= m.start < end for start, end in asked) else 1
                key = (rank, m.end - m.start, -m.start)
                if topic not in scored or key > scored[topic]:
                    scored[topic] = key
        for topic, cues in self.topic_cues:
            found = [
                (2 if any(start <= match.start() < end for start, end in asked) else 1, match.end() - match.start(), -match.start())
                for match in cues.finditer(text)
            ]
            if found and topic not in scored:
                scored[topic] = max(found)
        if len(scored) > 1 and {m.word for m in mentions if m.concept == Concept("topic", "training_subsidy")} <= GENERIC_WORDS:
            # 补贴 alone means the training subsidy only where nothing else is named
            scored.pop("training_subsidy", None)
        kinds_of_training = [topic for topic in scored if "training_type" in self.topics[topic]]
        for topic in kinds_of_training:
            weak = self.topics[topic].get("weak_words")
            if weak and len(kinds_of_training) > 1 and {m.word for m in mentions if m.concept == Concept("topic", topic)} <= set(weak):
                scored.pop(topic)
        for topic in [topic for topic in scored if set(self.topics[topic].get("gives_way_to", ())) & set(scored)]:
            scored.pop(topic)
        return tuple(sorted(scored, key=lambda topic: scored[topic], reverse=True))

    def _facts(self, mentions: list[Mention]) -> dict[str, Any]:
        facts: dict[str, Any] = {}
        codes: list[str] = []
        denied: dict[str, set[Any]] = {}
        for m in mentions:
            family, value = m.concept.family, m.concept.value
            if family in ("region", "topic", "place", "outside"):
                continue
            if family == CATEGORIES:
                if not m.negated:
                    codes.append(value)
            elif self.kb.facts[family].type == "bool":
                # 居民养老 tells neither yes nor no: which pension bars is the document's to say
                unclear = any(o.concept.family == family and o.concept.value is None for o in mentions)
                if unclear:
                    continue
                facts[family] = (not value) if m.negated and value is True else value
            elif m.negated:
                denied.setdefault(family, set()).add(value)
            elif family not in facts:
                facts[family] = value
        for family, values in denied.items():
            left = [option.value for option in self.kb.facts[family].options if option.value not in values]
            if len(left) == 1:
                # of three kinds two are ruled out: 不属制造和专业技术 is 其他
                facts.setdefault(family, left[0])
        if codes:
            facts[CATEGORIES] = frozenset(codes)
        return facts


@lru_cache(maxsize=4)
def reader(kb: KnowledgeBase) -> Reader:
    """The reader of a knowledge base, made once."""
    return Reader(kb)


def read(kb: KnowledgeBase, message: str, context: Context | None = None, hint: str | None = None) -> Reading:
    """Read one message; of the ``context`` only the topics talked about matter here."""
    return reader(kb).read(message, hint, context.topics if context is not None else ())
