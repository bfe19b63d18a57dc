"""Rules: the benefits of all regions, the conditions and reductions they share, and the groups that a region defines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from policies_kb import rendering
from policies_kb.amounts import Reduction
from policies_kb.facts import allowed_value
from policies_kb.loading.source import Source, day, joined
from policies_kb.model import Benefit, Document, Fact, Figure, Note, Region, Status
from policies_kb.rules import RuleError, RuleReader


class BenefitReader:
    """Reads the rules of a data folder; ``statuses`` keeps the groups that each region defines itself."""

    def __init__(self, source: Source, documents: Mapping[str, Document], facts: Mapping[str, Fact]) -> None:
        self.source = source
        self.documents = documents
        self.facts = facts
        self.statuses: dict[str, dict[str, Status]] = {}

    def read(self, regions: Mapping[str, Region]) -> dict[str, Benefit]:
        """All benefits by id."""
        shared_file = self.source.root / "terms.yml"
        shared = _named(self.source.mapping(shared_file)) if shared_file.exists() else {}
        benefits: dict[str, Benefit] = {}
        for region in regions:
            path = self.source.root / region / "terms.yml"
            content = (self.source.mapping(path) if path.exists() else None) or {}
            own, reductions = _named(content.get("terms")), _named(content.get("reductions"))
            terms = {**shared, **own}
            self._read_statuses(region, path, own, terms)
            for file in self.source.files(f"{region}/benefits/*.yml"):
                item = self.source.mapping(file)
                if item is not None:
                    with self.source.making(file, 1, "规则"):
                        benefit = self._benefit(region, file, item, terms, reductions)
                        benefits[benefit.id] = benefit
        return benefits

    def _reader(self, document: Document, terms: Mapping[str, Any]) -> RuleReader:
        def render(text: str) -> str:
            try:
                return rendering.render(joined(text), document.figures)
            except rendering.UnknownFigure as error:
                raise RuleError(f"文字里的 {{{error}}} {error.why}") from error

        return RuleReader(self.facts, lambda name: self._figure(document, name), terms, render, document.clauses)

    def _figure(self, document: Document, name: str) -> Figure | None:
        """A figure of the rule's document, or of another one by ``document/name``."""
        if "/" in name:
            other, _, key = name.partition("/")
            return self.documents[other].figures.get(key) if other in self.documents else None
        return document.figures.get(name)

    def _read_statuses(self, region: str, path: Path, own: Mapping[str, Any], terms: Mapping[str, Any]) -> None:
        """The groups of people that the region defines itself: conditions with ``group`` and a clause."""
        document = next((doc for doc in self.documents.values() if doc.region == region), None)
        for name, term in own.items():
            with self.source.making(path, getattr(term, "line", 1), f"共用条件 {name} "):
                if document is not None and term.get("group") and term.get("clause") in document.clauses:
                    condition = self._reader(document, terms).condition({"term": name})
                    self.statuses.setdefault(region, {})[name] = Status(condition, document.id, term["clause"])

    def _benefit(
        self, region: str, path: Path, item: Mapping[str, Any], terms: Mapping[str, Any], reductions: Mapping[str, Any]
    ) -> Benefit:
        document = self.documents.get(item["document"])
        if document is None:
            raise RuleError(f"没有文件 {item['document']}")
        reader = self._reader(document, terms)
        clauses = tuple(item["clauses"])
        payee, payee_fact = self._payee(item.get("paid_to"))
        return Benefit(
            id=f"{region}.{path.stem}", region=region, name=item["name"], topic=item["topic"], document=document.id,
            clauses=clauses, cites=self._cites(document, clauses, item.get("cites") or ()), paid_to=payee, paid_to_fact=payee_fact,
            when=reader.condition(item["when"]), amount=reader.amount(item["amount"]),
            reduction=_reduction(reader, item.get("reduction"), reductions),
            notes=tuple(self._note(reader, path, note, document) for note in item.get("notes") or ()),
            open_list=item.get("open_list"), in_force_to=_day_or_none(item.get("in_force_to")), file=self.source.name(path),
            assumes=tuple(self._assumption(reader, body) for body in item.get("assumes") or ()),
        )

    def _cites(self, document: Document, clauses: tuple[str, ...], others: Any) -> tuple[tuple[str, str], ...]:
        cites = [(document.id, clause) for clause in clauses]
        for cite in others:
            name, _, clause = cite.partition("/")
            cites.append((name, clause))
        for name, clause in cites:
            if name not in self.documents or clause not in self.documents[name].clauses:
                raise RuleError(f"没有条款 {name}/{clause}")
        return tuple(cites)

    def _payee(self, data: Any) -> tuple[str | None, str | None]:
        """Who is paid, and the fact that decides it where the document leaves it to who paid in advance."""
        if isinstance(data, Mapping):
            if data["fact"] not in self.facts:
                raise RuleError(f"没有事实 {data['fact']}")
            return None, data["fact"]
        role = self.facts.get("role")
        if data is not None and (role is None or role.option(data) is None):
            raise RuleError(f"paid_to 不能是 {data}")
        return data, None

    def _note(self, reader: RuleReader, path: Path, note: Any, document: Document) -> Note:
        if isinstance(note, str):
            note = {"text": note}
        return Note(
            self.source.rendered(path, getattr(note, "line", 1), note["text"], document.figures),
            _day_or_none(note.get("since")), _day_or_none(note.get("until")), tuple(note.get("status") or ("eligible", "unknown")),
            reader.condition(note["when"]) if "when" in note else None,
        )

    @staticmethod
    def _assumption(reader: RuleReader, body: Mapping[str, Any]) -> tuple[str, Any, str]:
        for name in (body["fact"], body["beside"]):
            if name not in reader.facts:
                raise RuleError(f"没有事实 {name}", getattr(body, "line", 0))
        allowed_value(reader.facts[body["fact"]], body["is"])
        return body["fact"], body["is"], body["beside"]


def _reduction(reader: RuleReader, data: Any, reductions: Mapping[str, Any]) -> Reduction | None:
    if data is None:
        return None
    name = data if isinstance(data, str) else data["use"]
    only = reader.condition(data["when"]) if isinstance(data, Mapping) and "when" in data else None
    body = reductions.get(name)
    if body is None:
        raise RuleError(f"没有名为 {name} 的扣减")
    share = reader.figures(body["share"])
    if share is None:
        raise RuleError(f"条款里没有名为 {body['share']} 的数字")
    return Reduction(reader.condition(body["when"]), share, reader.render(body["says"]), only)


def _named(content: Any) -> dict[str, Mapping[str, Any]]:
    """The named parts of a file that are mappings (anything else has been noted)."""
    return {name: part for name, part in content.items() if isinstance(part, Mapping)} if isinstance(content, Mapping) else {}


def _day_or_none(value: Any) -> Any:
    return None if value is None else day(value)
