"""The only reader of the data files: YAML → a checked :class:`~policies_kb.knowledge.KnowledgeBase`, or all problems at once."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Mapping

from policies_kb import rendering, yaml_files
from policies_kb.amounts import Reduction
from policies_kb.conditions import CATEGORIES
from policies_kb.errors import KnowledgeBaseError, Problem
from policies_kb.knowledge import KnowledgeBase
from policies_kb.model import Answer, Benefit, Calculation, Clause, Document, Fact, Figure, Note, Option, Region, Status
from policies_kb.rules import RuleError, RuleReader

DATA = Path(__file__).parent / "data"
SHARED = ("facts", "vocabulary")


def load_knowledge_base(data: Path | str | None = None) -> KnowledgeBase:
    """The knowledge base of a data folder (default: ours), read once. Raises KnowledgeBaseError with every problem found."""
    return _load(Path(data).resolve() if data is not None else DATA)


@lru_cache(maxsize=8)
def _load(data: Path) -> KnowledgeBase:
    loader = Loader(data)
    kb = loader.load()
    if kb is None or loader.problems:
        raise KnowledgeBaseError(loader.problems)
    return kb


class Loader:
    """One reading of a data folder. ``problems`` collects what is wrong, so that an editor sees everything at once."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.problems: list[Problem] = []
        self.statuses: dict[str, dict[str, Status]] = {}
        self.places: dict[tuple[str, str], tuple[str, int]] = {}

    def load(self) -> KnowledgeBase | None:
        """Read everything; None when not even the vocabulary could be read."""
        facts, unasked = self._facts()
        regions = self._regions()
        if not facts or not regions:
            self._problem("", 0, "没有读到事实或地区:数据目录不完整")
            return None
        documents: dict[str, Document] = {}
        for region in regions.values():
            for path in self._files(f"{region.id}/documents/*/document.yml"):
                document = self._document(region.id, path)
                if document is not None:
                    documents[document.id] = document
        benefits = self._benefits(regions, documents, facts)
        answers = tuple(answer for document in documents.values() for answer in self._answers(document))
        vocabulary = {path.stem: self._read(path) for path in self._files("vocabulary/*.yml")}
        return KnowledgeBase(self._version(), regions, documents, facts, benefits, answers, vocabulary, unasked, self.statuses)

    # ---- helpers ----------------------------------------------------------------------------------------------------
    def _files(self, pattern: str) -> list[Path]:
        return sorted(self.data.glob(pattern))

    def _read(self, path: Path) -> Any:
        return yaml_files.read(path, self.data, self.problems)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.data).as_posix()

    def _problem(self, file: str, line: int, message: str) -> None:
        self.problems.append(Problem(file, line, message))

    def _version(self) -> str:
        digest = hashlib.sha256()
        for path in self._files("**/*.yml"):
            digest.update(self._name(path).encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()[:16]

    # ---- vocabulary -------------------------------------------------------------------------------------------------
    def _facts(self) -> tuple[dict[str, Fact], dict[str, tuple[str, ...]]]:
        codes = tuple(
            Option(item["category"], item["label"], tuple(item.get("words", ())), tuple(item.get("implies", ())), item.get("explain"))
            for item in self._read(self.data / "categories.yml") or ()
        )
        facts: dict[str, Fact] = {}
        unasked: dict[str, tuple[str, ...]] = {}
        for path in self._files("facts/*.yml"):
            for item in self._read(path) or ():
                name = item.get("fact")
                try:
                    fact = _fact(item, codes)
                except (KeyError, ValueError, TypeError) as error:
                    self._problem(self._name(path), item.line, f"事实 {name} 写得不完整:{error}")
                    continue
                if name in facts:
                    self._problem(self._name(path), item.line, f"事实 {name} 写了两次")
                facts[fact.name] = fact
                if "unasked_beside" in item:
                    unasked[fact.name] = tuple(item["unasked_beside"])
        return facts, unasked

    def _regions(self) -> dict[str, Region]:
        regions = {}
        for path in self._files("*/region.yml"):
            item = self._read(path)
            name = path.parent.name
            if item is None:
                continue
            try:
                regions[name] = Region(
                    name, item["name"], item["short_name"], item["full_name"], str(item["code"]), item.get("within"),
                    tuple(item.get("aliases", ())), tuple(item.get("districts", ())), item.get("office", "当地人社局"),
                )
            except KeyError as error:
                self._problem(self._name(path), item.line, f"地区缺少 {error}")
        for region in regions.values():
            if region.within is not None and region.within not in regions:
                self._problem(f"{region.id}/region.yml", 1, f"上级地区 {region.within} 不存在")
        order = sorted(regions.values(), key=lambda r: (r.code, r.id))
        return {region.id: region for region in order}

    # ---- documents --------------------------------------------------------------------------------------------------
    def _document(self, region: str, path: Path) -> Document | None:
        item = self._read(path)
        if item is None:
            return None
        name = path.parent.name
        clauses: dict[str, Clause] = {}
        figures: dict[str, Figure] = {}
        raw = [(p, c) for p in sorted((path.parent / "clauses").glob("*.yml")) for c in self._list(p)]
        for p, c in raw:
            for key, figure in (c.get("figures") or {}).items():
                if key in figures:
                    self._problem(self._name(p), figure.line, f"数字 {key} 在这份文件里写了两次")
                try:
                    figures[key] = Figure(key, Decimal(str(figure["value"])), figure.get("unit", ""), figure.get("means", ""), str(c["clause"]))
                except (KeyError, ArithmeticError) as error:
                    self._problem(self._name(p), getattr(figure, "line", c.line), f"数字 {key} 写得不对:{error}")
        try:
            form, order = item["clause_form"], [str(clause) for clause in item["clauses"]]
            for p, c in raw:
                clause_name = str(c.get("clause"))
                if clause_name in clauses:
                    self._problem(self._name(p), c.line, f"条款 {clause_name} 写了两次")
                if clause_name not in order:
                    self._problem(self._name(p), c.line, f"document.yml 的 clauses 里没有条款 {clause_name}")
                self.places[(name, clause_name)] = (self._name(p), c.line)
                own = {key: figures[key] for key in (c.get("figures") or {}) if key in figures}
                clauses[clause_name] = Clause(
                    name, clause_name, clause_label(clause_name, form), c["title"], self._rendered(p, c, c["text"], figures),
                    c.get("chapter"), tuple(c.get("leads") or ()), tuple(c.get("assists") or ()), own, tuple(c.get("terms") or ()),
                )
            for clause_name in order:
                if clause_name not in clauses:
                    self._problem(self._name(path), item.line, f"缺条款 {clause_name}")
            return Document(
                name, region, item["number"], item["title"], item["short_title"], item["issuer"], item["issued"],
                item["in_force_from"], item["in_force_to"], item["in_force_basis"], item.get("plan"),
                {key: clauses[key] for key in order if key in clauses}, figures, self._calculations(path.parent),
            )
        except KeyError as error:
            self._problem(self._name(path), item.line, f"文件 {name} 缺少 {error}")
            return None

    def _calculations(self, folder: Path) -> tuple[Calculation, ...]:
        path = folder / "calculations.yml"
        if not path.exists():
            return ()
        return tuple(
            Calculation(str(c["clause"]), tuple(c["topics"]), c["cue"], tuple(c["needs"]), c["formula"], c["says"], c.get("none_left"))
            for c in self._list(path)
        )

    def _list(self, path: Path) -> list[Any]:
        items = self._read(path)
        if items is None:
            return []
        if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
            self._problem(self._name(path), 1, "整个文件要是一个列表,每项是映射")
            return []
        return items

    def _rendered(self, path: Path, item: Any, text: str, figures: Mapping[str, Figure]) -> str:
        try:
            return rendering.render(joined(str(text)), figures)
        except rendering.UnknownFigure as error:
            self._problem(self._name(path), item.line, f"文字里引用的数字 {{{error}}} 在条款里没有")
            return str(text)

    def _answers(self, document: Document) -> list[Answer]:
        answers: list[Answer] = []
        seen: set[str] = set()
        for path in self._files(f"{document.region}/documents/{document.id}/answers/*.yml"):
            for item in self._list(path):
                try:
                    answer = self._answer(path, item, document)
                except KeyError as error:
                    self._problem(self._name(path), item.line, f"答案缺少 {error}")
                    continue
                if answer.id in seen:
                    self._problem(self._name(path), item.line, f"答案 {answer.id} 写了两次")
                seen.add(answer.id)
                self.places[(document.id, f"answer:{answer.id}")] = (self._name(path), item.line)
                for clause in answer.clauses:
                    if clause not in document.clauses:
                        self._problem(self._name(path), item.line, f"答案 {answer.id} 引用的条款 {clause} 不存在")
                answers.append(answer)
        return answers

    def _answer(self, path: Path, item: Any, document: Document) -> Answer:
        clauses = item["clause"] if isinstance(item["clause"], list) else [item["clause"]]

        def text(key: str) -> str | None:
            return self._rendered(path, item, item[key], document.figures) if item.get(key) else None

        return Answer(
            item["id"], document.id, document.region, tuple(str(clause) for clause in clauses), item["topic"], item["kind"],
            tuple(str(ask) for ask in item["ask"]), text("answer") or "", text("short"), text("more"),
            tuple(item.get("groups") or ()), tuple(item.get("roles") or ()), item.get("benefit"), bool(item.get("not_stated")),
        )

    # ---- rules ------------------------------------------------------------------------------------------------------
    def _benefits(
        self, regions: Mapping[str, Region], documents: Mapping[str, Document], facts: Mapping[str, Fact]
    ) -> dict[str, Benefit]:
        shared = self._read(self.data / "terms.yml") or {}
        benefits: dict[str, Benefit] = {}
        for region in regions:
            own_terms: Mapping[str, Any] = {}
            reductions: Mapping[str, Any] = {}
            terms_file = self.data / region / "terms.yml"
            if terms_file.exists():
                content = self._read(terms_file) or {}
                own_terms, reductions = content.get("terms") or {}, content.get("reductions") or {}
            self._read_statuses(region, own_terms, {**shared, **own_terms}, documents, facts)
            for path in self._files(f"{region}/benefits/*.yml"):
                item = self._read(path)
                if item is None:
                    continue
                try:
                    benefit = self._benefit(region, path, item, documents, facts, {**shared, **own_terms}, reductions)
                except RuleError as error:
                    self._problem(self._name(path), error.line or item.line, str(error))
                except (KeyError, TypeError, AttributeError) as error:
                    self._problem(self._name(path), item.line, f"规则写得不完整:{error!r}")
                else:
                    benefits[benefit.id] = benefit
        return benefits

    def _read_statuses(
        self, region: str, own: Mapping[str, Any], terms: Mapping[str, Any], documents: Mapping[str, Document], facts: Mapping[str, Fact]
    ) -> None:
        """The groups of people that the region defines itself: conditions with ``group`` and a clause."""
        document = next((doc for doc in documents.values() if doc.region == region), None)
        for name, term in own.items():
            if document is not None and term.get("group") and term.get("clause") in document.clauses:
                reader = RuleReader(facts, document.figures.get, terms, lambda text: rendering.render(text, document.figures))
                try:
                    self.statuses.setdefault(region, {})[name] = Status(reader.condition({"term": name}), document.id, term["clause"])
                except (RuleError, rendering.UnknownFigure) as error:
                    self._problem(f"{region}/terms.yml", getattr(term, "line", 1), str(error))

    def _benefit(
        self, region: str, path: Path, item: Any, documents: Mapping[str, Document], facts: Mapping[str, Fact],
        terms: Mapping[str, Any], reductions: Mapping[str, Any],
    ) -> Benefit:
        document = documents.get(item["document"])
        if document is None:
            raise RuleError(f"没有文件 {item['document']}")

        def figure(name: str) -> Figure | None:
            if "/" in name:
                other, _, key = name.partition("/")
                return documents[other].figures.get(key) if other in documents else None
            return document.figures.get(name)

        def render(text: str) -> str:
            try:
                return rendering.render(text, document.figures)
            except rendering.UnknownFigure as error:
                raise RuleError(f"文字里引用的数字 {{{error}}} 在条款里没有") from error

        reader = RuleReader(facts, figure, terms, render)
        clauses = tuple(str(clause) for clause in item["clauses"])
        cites = tuple((document.id, clause) for clause in clauses) + tuple(
            (cite.split("/")[0], cite.split("/")[1]) for cite in item.get("cites") or ()
        )
        for doc, clause in cites:
            if doc not in documents or clause not in documents[doc].clauses:
                raise RuleError(f"没有条款 {doc}/{clause}")
        payee = item.get("paid_to")
        payee_fact = payee["fact"] if isinstance(payee, Mapping) else None
        if isinstance(payee, str) and facts["role"].option(payee) is None:
            raise RuleError(f"paid_to 不能是 {payee}")
        return Benefit(
            id=f"{region}.{path.stem}", region=region, name=item["name"], topic=item["topic"], document=document.id,
            clauses=clauses, cites=cites, paid_to=None if payee_fact else payee, paid_to_fact=payee_fact,
            when=reader.condition(item["when"]), amount=reader.amount(item["amount"]),
            reduction=self._reduction(reader, item.get("reduction"), reductions, figure),
            notes=tuple(self._note(reader, path, item, note, document) for note in item.get("notes") or ()),
            open_list=item.get("open_list"), in_force_to=item.get("in_force_to"), file=self._name(path),
            assumes=tuple((a["fact"], a["is"], a["beside"]) for a in item.get("assumes") or ()),
        )

    def _reduction(self, reader: RuleReader, data: Any, reductions: Mapping[str, Any], figure: Any) -> Reduction | None:
        if data is None:
            return None
        name = data if isinstance(data, str) else data["use"]
        only = reader.condition(data["when"]) if isinstance(data, Mapping) and "when" in data else None
        if name not in reductions:
            raise RuleError(f"没有名为 {name} 的扣减")
        body = reductions[name]
        share = figure(body["share"])
        if share is None:
            raise RuleError(f"没有数字 {body['share']}")
        return Reduction(reader.condition(body["when"]), share, rendering.render(body["says"], {share.name: share}), only)

    def _note(self, reader: RuleReader, path: Path, item: Any, note: Any, document: Document) -> Note:
        if isinstance(note, str):
            note = {"text": note}
        when = reader.condition(note["when"]) if "when" in note else None
        return Note(
            self._rendered(path, item, note["text"], document.figures), note.get("since"), note.get("until"),
            tuple(note.get("status") or ("eligible", "unknown")), when,
        )


def _fact(item: Mapping[str, Any], codes: tuple[Option, ...]) -> Fact:
    options = tuple(
        Option(str(value), option["label"], tuple(option.get("words", ()))) for value, option in (item.get("options") or {}).items()
    )
    return Fact(
        name=item["fact"], type=item["type"], label=item["label"], question=item["question"], help=item.get("help"),
        options=codes if item["fact"] == CATEGORIES else options,
        minimum=_decimal(item.get("minimum")), maximum=_decimal(item.get("maximum")), unit=item.get("unit", ""),
        presumed=item.get("presumed"), implies=item.get("implies") or {}, cues=tuple(item.get("cues") or ()),
        units=tuple(item.get("units") or ()), true_words=tuple(item.get("true_words") or ()),
        false_words=tuple(item.get("false_words") or ()), unclear_words=tuple(item.get("unclear_words") or ()),
    )


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def clause_label(name: str, form: str) -> str:
    """How a citation names a clause: 第十八条 where the items run through, else chapter and item as the document has them."""
    if name.startswith("附件") or name == "末段" or "(" in name:
        return name
    if name.endswith("、"):
        return f"第{name[:-1]}部分"
    return f"第{name}部分" if form == "chapter" else f"第{name}条"


def joined(text: str) -> str:
    """A text of several lines as one: YAML folds lines with a blank, which Chinese does not want."""
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", " ".join(text.split()))


def today() -> date:  # pragma: no cover - kept out of the pure modules on purpose
    """The day in Beijing, where the documents hold."""
    from datetime import datetime, timedelta, timezone

    return datetime.now(timezone(timedelta(hours=8))).date()
