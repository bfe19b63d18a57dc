"""The answers of a document."""

from __future__ import annotations

from pathlib import Path

from policies_kb.loading.source import Source
from policies_kb.model import Answer, Document
from policies_kb.yaml_files import Mapping_


def answers(source: Source, document: Document, declared: frozenset[str]) -> list[Answer]:
    """All answers of a document; ``declared`` names its clauses, those included that could not be read."""
    found: list[Answer] = []
    seen: set[str] = set()
    for path in source.files(f"{document.region}/documents/{document.id}/answers/*.yml"):
        for item in source.items(path):
            with source.making(path, item.line, "答案"):
                answer = _answer(source, path, item, document)
                if answer.id in seen:
                    source.problem(path, item.line, f"答案 {answer.id} 写了两次")
                seen.add(answer.id)
                for clause in answer.clauses:
                    if clause not in declared:
                        source.problem(path, item.line, f"答案 {answer.id} 引用的条款 {clause} 不存在")
                found.append(answer)
    return found


def _answer(source: Source, path: Path, item: Mapping_, document: Document) -> Answer:
    clauses = item["clause"] if isinstance(item["clause"], list) else [item["clause"]]

    def text(key: str) -> str | None:
        return source.rendered(path, item.line, item[key], document.figures) if item.get(key) else None

    return Answer(
        item["id"], document.id, document.region, tuple(str(clause) for clause in clauses), item["topic"], item["kind"],
        tuple(str(ask) for ask in item["ask"]), text("answer") or "", text("short"), text("more"),
        tuple(item.get("groups") or ()), tuple(item.get("roles") or ()), item.get("benefit"), bool(item.get("not_stated")),
    )
