"""Search: a question → the answers and clauses nearest to it, by what its words mean first and by its letters second.

Every way of asking an answer is turned into features: the concepts it names (a topic, a group, a fact: so 饭钱 meets 生活费),
the kind of question, and pairs of characters of the rest. Weights are inverse frequencies; the score is their cosine.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from policies_kb.model import Answer, Document
from policies_kb.reading import Reader, reader
from policies_kb.text import canonical

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

STOP = re.compile(r"[的了吗呢啊呀吧哦哈是在我你他她它们这那就都也还和跟与把被给让说有没,.?!:;、()（）\s]|一下|一个")
SURFACE_WEIGHT = 0.5
KIND_WEIGHT = 0.6
COMMON = 2000
"""A feature in more entries than this is looked up, not walked through."""


@dataclass(frozen=True)
class Hit:
    """Something found: an answer (with its clause) or a clause alone. ``score`` is between 0 and 1."""

    document: str
    number: str
    clause: str
    title: str
    text: str
    score: float
    answer: Answer | None = None


@dataclass(frozen=True)
class _Entry:
    answer: Answer | None
    document: str
    clause: str


class Index:
    """The searchable phrases of one region's documents."""

    def __init__(self, kb: KnowledgeBase, region: str | None, read: Reader) -> None:
        self.kb = kb
        self.read = read
        documents = kb.documents_of(region) if region else list(kb.documents.values())
        ids = {document.id for document in documents}
        self.entries: list[_Entry] = []
        vectors: list[Counter[str]] = []
        for answer in kb.answers:
            if answer.document in ids:
                for ask in answer.ask:
                    self.entries.append(_Entry(answer, answer.document, answer.clauses[0]))
                    vectors.append(self.features(ask))
        self.first_clause = len(self.entries)
        for document in documents:
            for clause in document.clauses.values():
                self.entries.append(_Entry(None, document.id, clause.name))
                vectors.append(self.features(clause.title + "," + clause.text + "," + ",".join(clause.terms), whole=True))
        frequency: Counter[str] = Counter()
        for vector in vectors:
            frequency.update(vector.keys())
        total = max(1, len(vectors))
        self.idf = {token: math.log(1 + total / count) for token, count in frequency.items()}
        self.unseen = math.log(1 + total)
        self.covered: dict[str, set[str]] = self._covered(documents)
        self._tables: dict[str, dict[int, float]] = {}
        self.postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, vector in enumerate(vectors):
            norm = math.sqrt(sum((weight * self.idf[token]) ** 2 for token, weight in vector.items())) or 1.0
            for token, weight in vector.items():
                self.postings[token].append((number, weight * self.idf[token] / norm))

    def features(self, text: str, extra: Iterable[str] = (), whole: bool = False) -> Counter[str]:
        """The weighted features of a text; ``whole`` keeps every clause of a long one."""
        return features(self.read, canonical(text, self.read.words), extra, whole=whole)

    def _covered(self, documents: Iterable[Document]) -> dict[str, set[str]]:
        """Per feature the answers in which it stands anywhere: in the ways of asking, the text, or the title of the clause."""
        result: dict[str, set[str]] = defaultdict(set)
        titles = {(document.id, clause.name): clause.title for document in documents for clause in document.clauses.values()}
        for answer in self.kb.answers:
            if (answer.document, answer.clauses[0]) not in titles:
                continue
            text = ",".join((*answer.ask, answer.text, answer.more or "", titles[answer.document, answer.clauses[0]]))
            for token in self.features(text, whole=True):
                result[token].add(f"{answer.document}/{answer.id}")
        return result

    def coverage(self, query: Counter[str]) -> dict[str, float]:
        """Which share of the query's weight stands anywhere in each answer."""
        weights = {token: weight * self.idf.get(token, 0.0) for token, weight in query.items() if not token.startswith("kind:")}
        total = sum(weights.values()) or 1.0
        result: dict[str, float] = defaultdict(float)
        for token, weight in weights.items():
            for key in self.covered.get(token, ()):
                result[key] += weight / total
        return result

    def scores(self, query: Counter[str]) -> dict[int, float]:
        """Cosine of the query with every entry that shares a feature."""
        norm = math.sqrt(sum((weight * self.idf.get(token, self.unseen)) ** 2 for token, weight in query.items())) or 1.0
        result: dict[int, float] = defaultdict(float)
        known = sorted((token for token in query if token in self.postings), key=lambda token: len(self.postings[token]))
        for token in known:
            postings = self.postings[token]
            q = query[token] * self.idf[token] / norm
            if len(postings) > COMMON and result:
                # so common a feature tells only between entries that share a rarer one
                table = self._common(token)
                for number in result:
                    result[number] += q * table.get(number, 0.0)
                continue
            for number, value in postings:
                result[number] += q * value
        return result

    def _common(self, token: str) -> dict[int, float]:
        if token not in self._tables:
            self._tables[token] = dict(self.postings[token])
        return self._tables[token]

    def best_answers(self, query: Counter[str], without: int | None = None) -> dict[str, tuple[float, float, Answer]]:
        """The two best likenesses of each answer's ways of asking (by document/id), ``without`` one entry."""
        best: dict[str, tuple[float, float, Answer]] = {}
        for number, score in self.scores(query).items():
            answer = self.entries[number].answer
            if answer is None or number == without:
                continue
            key = f"{answer.document}/{answer.id}"
            first, second, _ = best.get(key, (0.0, 0.0, answer))
            if score > first:
                best[key] = (score, first, answer)
            elif score > second:
                best[key] = (first, score, answer)
        return best


def features(
    read: Reader, text: str, extra: Iterable[str] = (), kind: str | None = None, whole: bool = False
) -> Counter[str]:
    """Features of a canonical text: concepts, kinds, and character pairs of what is left. ``kind`` is set where it is known."""
    text = read.words.without_fillers(text)
    text = text if whole else asking_part(read, CHANGING.sub("", text))
    mentions = read.lexicon.find(text)
    found: Counter[str] = Counter()
    covered = bytearray(len(text))
    for m in mentions:
        covered[m.start:m.end] = b"\1" * (m.end - m.start)
        if m.concept.family in ("region", "place"):
            if m.word in read.districts:
                found[f"district:{m.word}"] = 1
            if m.concept.family == "place":
                found["place:elsewhere"] = 1  # 昆明的培训学校 is one from elsewhere
            continue
        found[f"{m.concept.family}:{m.concept.value}"] = 1
        for pair in _pairs(m.word):
            found[pair] = max(found[pair], SURFACE_WEIGHT)  # type: ignore[assignment]
    if ELSEWHERE.search(text):
        found["place:elsewhere"] = 1
    rest = "".join("," if flag else char for char, flag in zip(text, covered, strict=True))
    for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", rest):
        found[f"year:{year}"] = 1
    for span in re.findall(r"(?<!\d)\d{1,2}年", rest):
        found[f"span:{span}"] = SURFACE_WEIGHT  # type: ignore[assignment]
    rest = re.sub(r"\d+(?:\.\d+)?", "#", rest)
    for segment in filter(None, STOP.sub(",", rest).split(",")):
        for pair in _pairs(segment):
            found[pair] = 1
    kind = kind or next((name for name, cues in read.kinds if cues.search(text)), None)
    if kind is not None:
        found[f"kind:{kind}"] = KIND_WEIGHT  # type: ignore[assignment]
    for token in extra:
        found[token] = 1
    return found


ELSEWHERE = re.compile(r"外地|异地|(市|省|区|县|州)外|外(省|市|区|县|州)|别的(地方|城市)|他乡")
CHANGING = re.compile(r"^(那么|那要是|那|要是|如果|假如|换成|改成|换)")
"""How a follow-up begins (换成攀枝花呢): it says what changes and is no part of what is asked."""
LONG = 36


def asking_part(read: Reader, text: str) -> str:
    """Of a rambling message the clauses that ask or name a topic; a short message whole."""
    if len(text) <= LONG:
        return text
    clauses = [clause for clause in re.split(r"[,.;!]|(?<=\?)", text) if clause]
    telling = [
        clause for clause in clauses
        if any(cues.search(clause) for _, cues in read.kinds) or any(m.concept.family in ("topic", "categories") for m in read.lexicon.find(clause))
    ]
    return ",".join(telling) or text


def _pairs(segment: str) -> list[str]:
    return [segment] if len(segment) == 1 else [segment[i:i + 2] for i in range(len(segment) - 1)]


@lru_cache(maxsize=16)
def index(kb: KnowledgeBase, region: str | None) -> Index:
    """The index of a region (None: of everything), made once."""
    return Index(kb, region, reader(kb))


def search(kb: KnowledgeBase, query: str, region: str | None = None, limit: int = 5) -> list[Hit]:
    """The nearest answers and clauses, best first, each clause text once."""
    found = index(kb, region)
    scores = found.scores(found.features(query))
    hits: list[Hit] = []
    seen: set[str] = set()
    for number, score in sorted(scores.items(), key=lambda item: -item[1]):
        entry = found.entries[number]
        document = kb.documents[entry.document]
        clause = document.clauses[entry.clause]
        text = entry.answer.text if entry.answer is not None else clause.text
        if text in seen:
            continue
        seen.add(text)
        hits.append(Hit(document.id, document.number, clause.name, clause.title, text, round(min(1.0, score), 4), entry.answer))
        if len(hits) == limit:
            break
    return hits
