"""``wenbu kb check``: everything in the data files that an editor should mend, each with file and line.

:class:`~policies_kb.loading.Loader` refuses what cannot be read as a knowledge base. Here comes what can be read and is
wrong all the same: a clause that nobody answers for, a figure typed instead of referred to, a figure without its clause.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from policies_kb import exact, rendering, schema, yaml_files
from policies_kb.conditions import Situation
from policies_kb.errors import Problem
from policies_kb.knowledge import KnowledgeBase
from policies_kb.loading import DATA, Loader
from policies_kb.model import Answer, Benefit, Document, Figure
from policies_kb.text import normalise

TEXTS_OF_ANSWER = ("answer", "short", "more")
TEXTS_OF_RULE = ("says", "text", "label", "free", "not_stated", "open_list")
MONEY = "money"
NEEDED = ("categories", "role", "training_type")
TERM_KEYS = frozenset({
    "exact", "at_least", "at_most", "above", "below", "range", "times", "plus", "limit", "to", "then", "else", "left", "share",
})
UNITS = (
    "人次|万人次|万人|人(?!员)|万元|亿元|元|%|％|天|个月|个工作日|工作日|年|次|周岁|岁|个学时|个课时|个小时|学时|课时|小时|分钟|"
    "个百分点|个|名|家|所|项|类|种|倍|期|门|场|批|万|亿"
)
BRACED = "□"
TYPED = re.compile(
    rf"(?<![\d.])(\d+(?:\.\d+)?)\s*(?:({UNITS})|(?=[到至—–~-]\s*[\d.{BRACED}]+\s*({UNITS})))"
)
"""A number typed with its unit (also the first number of 130到200元); 〔2019〕124号 and 12333 have none."""
ORDINAL = re.compile(r"(?:第|附件)\s*\d+(?:[、到至—–~-]\d+)*")
"""第3项, 第1、4项, 附件5: which one, not how many."""


def run(data: Path | None = None) -> list[Problem]:
    """All problems of a data folder (default: ours) by file and line; an empty list means that there is nothing to mend."""
    return _Check(Path(data).resolve() if data is not None else DATA).run()


class _Check:
    """One look through a data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.problems: list[Problem] = []
        self._lines: dict[str, list[str]] = {}

    def run(self) -> list[Problem]:
        shapes = [*self._shapes(), *self._needed()]
        loader = Loader(self.data)
        try:
            kb = loader.load()
            if kb is not None:
                self._vocabulary(kb)
                self._regions(kb)
                self._documents(kb, loader)
                self._answers(kb)
                self._benefits(kb)
                self._calculations(kb)
        except (AttributeError, KeyError, TypeError, ValueError):
            # A file of another shape than its readers expect; the shapes say which. Anything else is ours to mend.
            if not shapes:
                raise
        self.problems += [*shapes, *loader.problems]
        return sorted(dict.fromkeys(self.problems), key=lambda p: (p.file, p.line))

    # ---- reading ----------------------------------------------------------------------------------------------------
    def _files(self, pattern: str) -> Iterator[tuple[str, Any]]:
        """Name and content of the files of a pattern; what cannot be read has been reported by the loader."""
        for path in sorted(self.data.glob(pattern)):
            content = yaml_files.read(path, self.data, [])
            if content is not None:
                yield path.relative_to(self.data).as_posix(), content

    def _items(self, pattern: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The mappings of files that are lists."""
        for name, content in self._files(pattern):
            for item in content if isinstance(content, list) else ():
                if isinstance(item, Mapping):
                    yield name, item

    def _problem(self, file: str, line: int, message: str) -> None:
        self.problems.append(Problem(file, line, message))

    def _line_of(self, file: str, start: int, text: str) -> int:
        """The line at or after ``start`` on which a piece of text stands; ``start`` where it is broken over lines."""
        if file not in self._lines:
            self._lines[file] = (self.data / file).read_text(encoding="utf-8").splitlines()
        lines = self._lines[file]
        return next((number for number in range(max(start, 1), len(lines) + 1) if text in lines[number - 1]), start)

    # ---- shapes -----------------------------------------------------------------------------------------------------
    def _shapes(self) -> list[Problem]:
        found: list[Problem] = []
        for pattern, name in schema.FILES.items():
            for file, content in self._files(pattern):
                found.extend(Problem(file, line, message) for line, message in schema.mistakes(name, content))
        return found

    def _needed(self) -> list[Problem]:
        """The facts that the code itself speaks of, where they are missing."""
        given = {item.get("fact") for _, item in self._items("facts/*.yml")}
        return [Problem("facts", 0, f"缺少事实 {name}:程序要用它") for name in NEEDED if name not in given]

    # ---- vocabulary and regions -------------------------------------------------------------------------------------
    def _vocabulary(self, kb: KnowledgeBase) -> None:
        for file, item in self._items("facts/*.yml"):
            fact = kb.facts.get(str(item.get("fact")))
            if fact is None:
                continue
            for other in [*(item.get("unasked_beside") or ()), *(item.get("implies") or ())]:
                if other not in kb.facts:
                    self._problem(file, item.line, f"事实 {fact.name} 提到的事实 {other} 不存在")
            if fact.type == "bool":
                claims = [("true_words", fact.true_words), ("false_words", fact.false_words)]
            else:
                claims = [(value, (option["label"], *(option.get("words") or ()))) for value, option in (item.get("options") or {}).items()]
            self._twice(file, item.line, claims, f"事实 {fact.name} 里")
        categories = list(self._items("categories.yml"))
        codes = {str(item.get("category")) for _, item in categories}
        for file, item in categories:
            for implied in item.get("implies") or ():
                if implied not in codes:
                    self._problem(file, item.line, f"类别 {item.get('category')} 的 implies 里没有类别 {implied}")
        claims = [(str(item.get("category")), (item.get("label", ""), *(item.get("words") or ()))) for _, item in categories]
        if categories:
            self._twice(categories[0][0], 1, claims, "人员类别里")
        topics = {item.get("topic") for _, item in self._items("vocabulary/topics.yml")}
        terms = {name for _, content in self._files("terms.yml") if isinstance(content, Mapping) for name in content}
        for file, item in self._items("vocabulary/topics.yml"):
            if item.get("broader") is not None and item["broader"] not in topics:
                self._problem(file, item.line, f"话题 {item.get('topic')} 的上一级话题 {item['broader']} 不存在")
            kind = item.get("training_type")
            if kind is not None and kb.facts["training_type"].option(kind) is None:
                self._problem(file, item.line, f"话题 {item.get('topic')} 的培训类型 {kind} 不存在")
            for name in item.get("facts") or ():
                if name not in kb.facts:
                    self._problem(file, item.line, f"话题 {item.get('topic')} 提到的事实 {name} 不存在")
            if item.get("term") is not None and item["term"] not in terms:
                self._problem(file, item.line, f"话题 {item.get('topic')} 的共用条件 {item['term']} 不在 terms.yml 里")

    def _twice(self, file: str, start: int, claims: Iterable[tuple[str, Iterable[str]]], where: str) -> None:
        """Report words that two choices claim: a person who says the word would mean both."""
        owners: dict[str, str] = {}
        for owner, words in claims:
            for word in words:
                first = owners.setdefault(normalise(str(word)), owner)
                if first != owner:
                    self._problem(file, self._line_of(file, start, str(word)), f"{where}“{word}”同时归 {first} 和 {owner},只能归一个")

    def _regions(self, kb: KnowledgeBase) -> None:
        codes: dict[str, str] = {}
        names: dict[str, set[str]] = defaultdict(set)
        for region in kb.regions.values():
            file = f"{region.id}/region.yml"
            if not re.fullmatch(r"[0-9]{6}", region.code):
                self._problem(file, self._line_of(file, 1, "code"), f"行政区划代码要六位数字(GB/T 2260),现在是 {region.code}")
            first = codes.setdefault(region.code, region.id)
            if first != region.id:
                self._problem(file, self._line_of(file, 1, "code"), f"行政区划代码 {region.code} 已经是 {first} 的")
            if region.id in _outside_of(kb, region.id):
                self._problem(file, self._line_of(file, 1, "within"), f"上级地区绕回了 {region.id} 自己")
            for name in {region.name, region.short_name, region.full_name, *region.aliases, *region.districts}:
                names[normalise(name)].add(region.id)
        for name, owners in names.items():
            order = [region for region in kb.regions if region in owners]
            for later, region in enumerate(order):
                for other in order[:later]:
                    if region not in _outside_of(kb, other) and other not in _outside_of(kb, region):
                        file = f"{region}/region.yml"
                        self._problem(file, self._line_of(file, 1, name), f"地名“{name}”同时归 {other} 和 {region},分不清说的是哪里")

    # ---- documents and answers --------------------------------------------------------------------------------------
    def _documents(self, kb: KnowledgeBase, loader: Loader) -> None:
        answered = {(answer.document, clause) for answer in kb.answers for clause in answer.clauses}
        for document in kb.documents.values():
            for clause in document.clauses:
                if (document.id, clause) not in answered:
                    file, line = loader.places[(document.id, clause)]
                    self._problem(file, line, f"条款 {clause} 没有一条回答引用它")
            for file, item in self._items(f"{document.region}/documents/{document.id}/clauses/*.yml"):
                own = document.clauses.get(str(item.get("clause")))
                self._typed(file, item.line, str(item.get("text", "")), document.figures.values(), own.figures.values() if own else ())

    def _answers(self, kb: KnowledgeBase) -> None:
        topics = {str(item.get("topic")) for _, item in self._items("vocabulary/topics.yml")}
        kinds = {str(item.get("kind")) for _, item in self._items("vocabulary/kinds.yml")}
        known = {f"{answer.document}/{answer.id}": answer for answer in kb.answers}
        for document in kb.documents.values():
            asked: dict[str, str] = {}
            for file, item in self._items(f"{document.region}/documents/{document.id}/answers/*.yml"):
                answer = known.get(f"{document.id}/{item.get('id')}")
                if answer is None:
                    continue
                self._names_of(kb, answer, file, item, topics, kinds)
                self._asked_twice(answer, file, item, asked)
                self._figures_of(document, answer, file, item)

    def _names_of(
        self, kb: KnowledgeBase, answer: Answer, file: str, item: Mapping[str, Any], topics: set[str], kinds: set[str]
    ) -> None:
        """Names that an answer uses and the vocabulary lacks."""
        unknown = [("话题", answer.topic)] if answer.topic not in topics else []
        unknown += [("问法 kind", answer.kind)] if answer.kind not in kinds else []
        unknown += [("人员类别", code) for code in answer.groups if kb.facts["categories"].option(code) is None]
        unknown += [("身份 role", role) for role in answer.roles if kb.facts["role"].option(role) is None]
        for what, name in unknown:
            self._problem(file, self._line_of(file, item.line, str(name)), f"答案 {answer.id} 的{what} {name} 不存在")
        if answer.benefit is not None:
            line = self._line_of(file, item.line, answer.benefit)
            if answer.benefit not in kb.benefits:
                self._problem(file, line, f"答案 {answer.id} 的补贴项目 {answer.benefit} 不存在")
            elif kb.benefits[answer.benefit].region != answer.region:
                self._problem(file, line, f"答案 {answer.id} 的补贴项目 {answer.benefit} 是别的地区的")
        if not answer.text.strip():
            self._problem(file, item.line, f"答案 {answer.id} 没有 answer")

    def _asked_twice(self, answer: Answer, file: str, item: Mapping[str, Any], asked: dict[str, str]) -> None:
        for phrase in answer.ask:
            first = asked.setdefault(re.sub(r"[\s,.?!:;、]", "", normalise(phrase)), answer.id)
            if first != answer.id:
                line = self._line_of(file, item.line, phrase)
                self._problem(file, line, f"问法“{phrase}”在答案 {first} 和 {answer.id} 里都有,不知道答哪一个")

    def _figures_of(self, document: Document, answer: Answer, file: str, item: Mapping[str, Any]) -> None:
        near = [figure for figure in document.figures.values() if figure.clause in answer.clauses]
        for key in TEXTS_OF_ANSWER:
            text = str(item.get(key) or "")
            self._typed(file, item.line, text, document.figures.values(), near)
            for name in rendering.referred(text):
                figure = document.figures.get(name)
                if figure is not None and figure.clause not in answer.clauses:
                    line = self._line_of(file, item.line, f"{{{name}")
                    self._problem(file, line, f"答案 {answer.id} 用了条款 {figure.clause} 的数字 {{{name}}},clause 里却没有引用这一条")

    def _typed(self, file: str, start: int, text: str, figures: Iterable[Figure], near: Iterable[Figure] = ()) -> None:
        """Report figures that stand in a text as digits, with the name to put there instead."""
        for value, unit, written in typed_figures(text):
            named = _named(value, unit, near) or _named(value, unit, figures)
            line = self._line_of(file, start, written)
            if named is not None:
                self._problem(file, line, f"“{written}”是直接写的数字,要引用条款 {named.clause} 的 {{{named.name}}}")
            else:
                self._problem(file, line, f"“{written}”是直接写的数字,条款的 figures 里没有它:先写进条款,再用名字引用")

    # ---- rules ------------------------------------------------------------------------------------------------------
    def _benefits(self, kb: KnowledgeBase) -> None:
        topics = {str(item.get("topic")) for _, item in self._items("vocabulary/topics.yml")}
        shared = dict(next(iter(self._files("terms.yml")), ("", {}))[1])
        everywhere = [figure for document in kb.documents.values() for figure in document.figures.values()]
        self._texts("terms.yml", shared, everywhere)
        for region in kb.regions:
            file, own = next(iter(self._files(f"{region}/terms.yml")), ("", {}))
            here = [figure for document in kb.documents.values() if document.region == region for figure in document.figures.values()]
            self._texts(file, own, here)
            for rule in [rule for rule in kb.benefits.values() if rule.region == region]:
                item = next(self._files(rule.file))[1]
                if rule.topic not in topics:
                    self._problem(rule.file, self._line_of(rule.file, 1, "topic"), f"补贴项目 {rule.id} 的话题 {rule.topic} 不存在")
                self._texts(rule.file, item, kb.documents[rule.document].figures.values())
                self._uncited(kb, rule, item, {**shared, **(own.get("terms") or {})}, own.get("reductions") or {})
                self._too_many(kb, rule)

    def _texts(self, file: str, content: Any, figures: Iterable[Figure]) -> None:
        """Typed figures in the sentences of rules."""
        for line, text in _sentences(content, 1):
            self._typed(file, line, text, figures)

    def _uncited(
        self, kb: KnowledgeBase, rule: Benefit, item: Any, terms: Mapping[str, Any], reductions: Mapping[str, Any]
    ) -> None:
        """Figures of clauses that neither the rule cites, nor the condition they stand in, nor the sentence itself."""
        figures = kb.documents[rule.document].figures
        cited = {clause for document, clause in rule.cites if document == rule.document}
        reduction = item.get("reduction")
        name = reduction.get("use") if isinstance(reduction, Mapping) else reduction
        parts = [item, reductions[name]] if name in reductions else [item]
        reported: set[str] = set()
        for part in parts:
            for use in _uses(part, frozenset(), terms, ""):
                figure = figures.get(use.name)
                if figure is None or figure.clause in cited | use.clauses or figure.name in reported:
                    continue
                label = kb.documents[rule.document].clauses[figure.clause].label
                if label in use.text or f"({figure.clause})" in use.text:
                    continue
                reported.add(figure.name)
                line = self._line_of(rule.file, 1, use.name)
                self._problem(rule.file, line, f"补贴项目 {rule.id} 用了条款 {figure.clause} 的数字 {{{use.name}}},却没有引用这一条(clauses、cites 或条件的 clause)")

    def _too_many(self, kb: KnowledgeBase, rule: Benefit) -> None:
        if rule.id not in kb.repeating:
            return
        count = exact.completions(rule.when, Situation({}, date.min, kb.facts))
        if count > exact.MAX_COMPLETIONS:
            self._problem(rule.file, self._line_of(rule.file, 1, "when"), f"补贴项目 {rule.id} 的条件有 {count} 种组合,超过 {exact.MAX_COMPLETIONS}:拆成几项,或少写几类人")

    # ---- sums that are answers ----------------------------------------------------------------------------------------
    def _calculations(self, kb: KnowledgeBase) -> None:
        topics = {str(item.get("topic")) for _, item in self._items("vocabulary/topics.yml")}
        for document in kb.documents.values():
            for file, item in self._items(f"{document.region}/documents/{document.id}/calculations.yml"):
                clause, needs = str(item.get("clause")), set(item.get("needs") or ())
                for topic in item.get("topics") or ():
                    if topic not in topics:
                        self._problem(file, item.line, f"换算的话题 {topic} 不存在")
                for name in needs - {MONEY, *kb.facts}:
                    self._problem(file, item.line, f"换算要的事实 {name} 不存在")
                texts = [str(item.get(key) or "") for key in ("says", "none_left")]
                for text in texts:
                    self._typed(file, item.line, text, document.figures.values())
                used = [name for text in (f"{{{item.get('formula')}}}", *texts) for name in rendering.referred(text)]
                for name in dict.fromkeys(used):
                    figure = document.figures.get(name)
                    if figure is not None and figure.clause != clause:
                        self._problem(file, self._line_of(file, item.line, name), f"换算用了条款 {figure.clause} 的数字 {name},clause 写的却是 {clause}")


# ---- figures in texts ------------------------------------------------------------------------------------------------
def typed_figures(text: str) -> Iterator[tuple[Decimal, str, str]]:
    """Figures typed as digits with a unit: value, unit, and how they are written. Years and what stands in {…} are none."""
    bare = ORDINAL.sub("", rendering.PLACEHOLDER.sub(BRACED, text))
    for match in TYPED.finditer(bare):
        value, unit = Decimal(match.group(1)), match.group(2) or match.group(3)
        if unit == "年" and 1900 <= value <= 2100:
            continue
        yield value, unit, match.group(0)


def _named(value: Decimal, unit: str, figures: Iterable[Figure]) -> Figure | None:
    """The figure with this value and unit."""
    return next((f for f in figures if f.value == value and _unit(f.unit) == _unit(unit)), None)


def _unit(unit: str) -> str:
    """A unit to compare by: 元/人/天 → 元, 个月 → 月."""
    first = unit.split("/")[0].replace("％", "%")
    return first[1:] if first.startswith("个") and len(first) > 1 else first


# ---- the YAML of rules -----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Use:
    """A figure used by a rule: in which sentence (if in one), and the clauses that the conditions around it name."""

    name: str
    text: str
    clauses: frozenset[str]


def _sentences(node: Any, line: int) -> Iterator[tuple[int, str]]:
    """The sentences below a node, with the line of the mapping they stand in."""
    if isinstance(node, Mapping):
        line = getattr(node, "line", line)
        for key, value in node.items():
            if key in TEXTS_OF_RULE and isinstance(value, str):
                yield line, value
            elif key == "notes" and isinstance(value, list):
                yield from ((line, note) for note in value if isinstance(note, str))
                yield from _sentences([note for note in value if not isinstance(note, str)], line)
            else:
                yield from _sentences(value, line)
    elif isinstance(node, list):
        for child in node:
            yield from _sentences(child, line)


def _uses(node: Any, clauses: frozenset[str], terms: Mapping[str, Any], key: str) -> Iterator[_Use]:
    """The figures that a rule uses, followed into the shared conditions it names. (The loader has refused circles.)"""
    if isinstance(node, Mapping):
        if isinstance(node.get("clause"), str):
            clauses = clauses | {node["clause"]}
        for inner, value in node.items():
            if inner == "term" and value in terms:
                yield from _uses(terms[value], clauses, terms, "")
            else:
                yield from _uses(value, clauses, terms, inner)
    elif isinstance(node, list):
        for child in node:
            yield from _uses(child, clauses, terms, key)
    elif isinstance(node, str) and (key in TEXTS_OF_RULE or key == "notes"):
        yield from (_Use(name, node, clauses) for name in rendering.referred(node))
    elif isinstance(node, str) and key in TERM_KEYS:
        yield _Use(node, "", clauses)


def _outside_of(kb: KnowledgeBase, region: str) -> list[str]:
    """The regions that contain a region; ends also where they run in a circle."""
    found: list[str] = []
    outer = kb.regions[region].within
    while outer is not None and outer in kb.regions and outer not in found:
        found.append(outer)
        outer = kb.regions[outer].within
    return found


__all__ = ["run", "typed_figures"]
