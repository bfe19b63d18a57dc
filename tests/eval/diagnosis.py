"""What a failed reply got wrong: the reason in one word, and where it looked instead (region, clause, topic, kind).

What was expected is read from the citations that an item asks for, and from those of our answers on that clause that the
judge would pass; what was given instead is read from the reply's text alone, so that every player is judged alike.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policies_kb import wording
from policies_kb.reply import Reply
from tests.eval.judging import faults

if TYPE_CHECKING:
    from policies_kb import KnowledgeBase
    from policies_kb.model import Answer

ASKED_BACK = re.compile("没太明白|还是没弄明白|哪个地方|想问的是不是")
TURNED_DOWN = re.compile("答不了|不归.{0,10}管|帮不上|我这里没有|没有弄明白|不能拿别处")
NO_ANSWER = "有答案却没答"
ANSWERED = "没有答案却答了"
REGION, CLAUSE, FIGURE, CONDITION, TOO_MUCH = "地区不对", "条款不对", "数字不对", "条件或结论不全", "说了不该说的"
REASONS = (NO_ANSWER, ANSWERED, REGION, CLAUSE, FIGURE, CONDITION, TOO_MUCH)
NOWHERE, SEVERAL, CALCULATED = "没引文件", "几个地方", "测算"


@dataclass(frozen=True)
class Point:
    """Where a question or a reply is: names fit for a table."""

    region: str
    clause: str
    topic: str
    kind: str


def reason(expect: dict[str, Any], style: str, text: str, found: list[str], regions: Regions) -> str:
    """The reason that explains most of a reply's faults; ``found`` as the judge gives them."""
    documents = {str(parts[0]) for parts in expect.get("cite") or []}
    missing = [fault for fault in found if fault.startswith("没说")]
    cited = regions.named(text)
    if documents:
        if not cited and (ASKED_BACK.search(text) or TURNED_DOWN.search(text)):
            return NO_ANSWER
        if not any(number in text for number in documents):
            return REGION if cited and not cited & regions.of(documents) else CLAUSE if cited else NO_ANSWER
        if style == "silent" and missing:
            return ANSWERED
        if any(fault.startswith("没引") for fault in found):
            return CLAUSE
    elif cited:
        return ANSWERED
    if any(character.isdigit() for fault in missing for character in fault):
        return FIGURE
    return CONDITION if missing else TOO_MUCH


class Regions:
    """Which region a document number speaks of."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.numbers = {document.number: kb.regions[document.region].short_name for document in kb.documents.values()}

    def named(self, text: str) -> set[str]:
        """The regions whose documents a text cites."""
        return {region for number, region in self.numbers.items() if number in text}

    def of(self, numbers: set[str]) -> set[str]:
        """The regions of some document numbers; what is none of ours is left out."""
        return {self.numbers[number] for number in numbers if number in self.numbers}


class Diagnosis:
    """Reads where questions and replies are, with the answers of one knowledge base."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb
        self.regions = Regions(kb)
        self.topics = {item["topic"]: item["label"] for item in kb.vocabulary["topics"]}
        self.kinds = {item["kind"]: item["label"] for item in kb.vocabulary["kinds"]}
        self.clauses: dict[tuple[str, str], str] = {}
        self.answers: dict[tuple[str, str], list[Answer]] = {}
        for document in kb.documents.values():
            for clause in document.clauses.values():
                self.clauses[document.number, bare(clause.label)] = f"{kb.regions[document.region].short_name} {clause.label}"
        for answer in kb.answers:
            document = kb.documents[answer.document]
            for clause in answer.clauses:
                self.answers.setdefault((document.number, bare(document.clauses[clause].label)), []).append(answer)
        self.source = re.compile(f"({'|'.join(map(re.escape, self.regions.numbers))}) ([^;；。\\s]+)")
        self.texts = {Reply(answer.text).text: answer for answer in kb.answers}

    def expected(self, item: dict[str, Any]) -> Point:
        """Where a question's answer stands, as far as its expectation tells."""
        cites = item["expect"].get("cite") or []
        numbers = {str(part) for parts in cites for part in parts} & set(self.regions.numbers)
        region = one(self.regions.of(numbers), NOWHERE)
        if len(numbers) > 1 or not numbers:
            return Point(region, region, region, self.kinds["comparison"] if numbers else NOWHERE)
        number = next(iter(numbers))
        keys = {(number, bare(str(part))) for parts in cites for part in parts[1:]} & set(self.clauses)
        clause = one({self.clauses[key] for key in keys}, f"{region} 任何一条")
        answers = [answer for key in keys for answer in self.answers.get(key, ())]
        right = [answer for answer in answers if not faults(item["expect"], self._said(answer))]
        return Point(region, clause, self._topic(right or answers), self._kind(right) if right else "算或没有现成的回答")

    def got(self, text: str) -> Point:
        """Where a reply comes from."""
        cited = self.source.findall(text.rpartition("依据")[2])
        region = one({self.regions.numbers[number] for number, _ in cited} or self.regions.named(text), NOWHERE)
        answer = next((found for said, found in self.texts.items() if text.startswith(said)), None)
        keys = [(number, bare(label)) for number, labels in cited for label in labels.split("、")]
        clause = one({self.clauses[key] for key in keys[:1] if key in self.clauses}, region)
        if answer is not None:
            return Point(region, clause, self.topics.get(answer.topic, answer.topic), self.kinds.get(answer.kind, answer.kind))
        if not cited:
            kind = "反问" if ASKED_BACK.search(text) else NOWHERE
            return Point(region, kind if region == NOWHERE else clause, kind, kind)
        if region == SEVERAL:
            return Point(region, SEVERAL, SEVERAL, self.kinds["comparison"])
        return Point(region, clause, self._topic([answer for key in keys[:1] for answer in self.answers.get(key, ())]), CALCULATED)

    def reason(self, item: dict[str, Any], text: str, found: list[str]) -> str:
        """``reason`` of an item's reply."""
        return reason(item["expect"], item["style"], text, found, self.regions)

    def _said(self, answer: Answer) -> str:
        document = self.kb.documents[answer.document]
        return Reply(answer.text + wording.source(self.kb, [document.citation(clause) for clause in answer.clauses])).text

    def _topic(self, answers: list[Answer]) -> str:
        return most(self.topics.get(answer.topic, answer.topic) for answer in answers)

    def _kind(self, answers: list[Answer]) -> str:
        return most(self.kinds.get(answer.kind, answer.kind) for answer in answers)


def bare(label: str) -> str:
    """A clause's label without the signs that people write differently: 第十六条 is (十六), 第四部分 is 四、, 附件第22项 is 附件22."""
    name = re.sub(r"[第条项部分()（）、\s]", "", label)
    return f"{name}部分" if "部分" in label or label.strip().endswith("、") else name


def one(names: set[str], none: str) -> str:
    """The name if there is just one, ``none`` if there is none."""
    return next(iter(names)) if len(names) == 1 else SEVERAL if names else none


def most(names: Any) -> str:
    """The most frequent name; the first in order of those equally frequent."""
    counts = Counter(names)
    return min(counts, key=lambda name: (-counts[name], name)) if counts else "—"
