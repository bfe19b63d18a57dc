"""Documents with their clauses, figures and calculations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from policies_kb import rendering
from policies_kb.loading.source import Source, day
from policies_kb.model import Calculation, Clause, Document, Figure

RESULT = "result"
"""What the texts of a calculation call its outcome."""
Raw = list[tuple[Path, Any]]


class DocumentReader:
    """Reads the documents of a data folder.

    ``places`` keeps where each clause (by document and name) is written, ``declared`` the clauses that each document lists.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.places: dict[tuple[str, str], tuple[str, int]] = {}
        self.declared: dict[str, frozenset[str]] = {}

    def read(self, region: str, path: Path) -> Document | None:
        """The document of a ``document.yml``; None, with a problem noted, where it cannot be made."""
        item = self.source.mapping(path)
        if item is None:
            return None
        name = path.parent.name
        raw: Raw = [(p, c) for p in sorted((path.parent / "clauses").glob("*.yml")) for c in self.source.items(p)]
        figures = self._figures(raw)
        with self.source.making(path, 1, f"文件 {name} "):
            order = [str(clause) for clause in item["clauses"]]
            self.declared[name] = frozenset(order)
            clauses = self._clauses(name, item["clause_form"], order, raw, figures)
            written = {str(c.get("clause")) for _, c in raw}
            for clause in order:
                if clause not in written:
                    self.source.problem(path, 1, f"缺条款 {clause}")
            until = item["in_force_to"]
            return Document(
                name, region, item["number"], item["title"], item["short_title"], item["issuer"], day(item["issued"]),
                day(item["in_force_from"]), None if until is None else day(until), item["in_force_basis"], item.get("plan"),
                {key: clauses[key] for key in order if key in clauses}, figures, self._calculations(path.parent, frozenset(order), figures),
            )
        return None

    def _figures(self, raw: Raw) -> dict[str, Figure]:
        figures: dict[str, Figure] = {}
        for path, clause in raw:
            own = clause.get("figures")
            for key, figure in own.items() if isinstance(own, Mapping) else ():
                line = getattr(figure, "line", clause.line)
                if key in figures:
                    self.source.problem(path, line, f"数字 {key} 在这份文件里写了两次")
                with self.source.making(path, line, f"数字 {key} "):
                    value = figure["value"]
                    if isinstance(value, bool) or not isinstance(value, (int, float)):
                        raise TypeError(value)
                    figures[key] = Figure(key, Decimal(str(value)), figure["unit"], figure["means"], str(clause["clause"]))
        return figures

    def _clauses(
        self, document: str, form: str, order: list[str], raw: Raw, figures: Mapping[str, Figure]
    ) -> dict[str, Clause]:
        clauses: dict[str, Clause] = {}
        for path, item in raw:
            with self.source.making(path, item.line, "条款"):
                name = str(item["clause"])
                if name in clauses:
                    self.source.problem(path, item.line, f"条款 {name} 写了两次")
                if name not in order:
                    self.source.problem(path, item.line, f"document.yml 的 clauses 里没有条款 {name}")
                self.places[(document, name)] = (self.source.name(path), item.line)
                own = {key: figures[key] for key in (item.get("figures") or {}) if key in figures}
                clauses[name] = Clause(
                    document, name, clause_label(name, form), item["title"],
                    self.source.rendered(path, item.line, item["text"], figures), item.get("chapter"),
                    tuple(item.get("leads") or ()), tuple(item.get("assists") or ()), own, tuple(item.get("terms") or ()),
                )
        return clauses

    def _calculations(
        self, folder: Path, clauses: frozenset[str], figures: Mapping[str, Figure]
    ) -> tuple[Calculation, ...]:
        path = folder / "calculations.yml"
        found: list[Calculation] = []
        for item in self.source.items(path) if path.exists() else ():
            with self.source.making(path, item.line, "换算"):
                if not isinstance(item["needs"], list):
                    raise TypeError(item["needs"])
                made = Calculation(
                    item["clause"], tuple(item["topics"]), _pattern(item["cue"]), tuple(item["needs"]),
                    _expression(item["formula"]), item["says"], item.get("none_left"),
                )
                if made.clause not in clauses:
                    self.source.problem(path, item.line, f"换算引用的条款 {made.clause} 不存在")
                for key, text in (("formula", f"{{{made.formula}}}"), ("says", made.says), ("none_left", made.none_left or "")):
                    known = {*figures, *made.needs, *(() if key == "formula" else (RESULT,))}
                    for name in dict.fromkeys(rendering.referred(text)):
                        if name not in known:
                            line = item.lines.get(key, item.line)
                            self.source.problem(path, line, f"换算用的 {name} 不是条款里的数字,needs 里也没有")
                found.append(made)
        return tuple(found)


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"cue 不是正则表达式:{error}") from error
    return text


def _expression(text: str) -> str:
    try:
        rendering.parse(text)
    except rendering.UnknownFigure as error:
        raise ValueError(f"formula {error.why}:{text}") from error
    return text


def clause_label(name: str, form: str) -> str:
    """How a citation names a clause: 第十八条 where the items run through, else chapter and item as the document has them."""
    if name.startswith("附件") or name == "末段" or "(" in name:
        return name
    if name.endswith("、"):
        return f"第{name[:-1]}部分"
    return f"第{name}部分" if form == "chapter" else f"第{name}条"
