"""Puts the parts together: one reading of a data folder."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from policies_kb.errors import KnowledgeBaseError, Problem
from policies_kb.knowledge import KnowledgeBase
from policies_kb.loading import vocabulary
from policies_kb.loading.answers import answers
from policies_kb.loading.benefits import BenefitReader
from policies_kb.loading.documents import DocumentReader
from policies_kb.loading.source import Source
from policies_kb.model import Answer, Document

DATA = Path(__file__).parent.parent / "data"


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
    """One reading of a data folder. ``problems`` holds what is wrong, ``places`` the file and line of each clause."""

    def __init__(self, data: Path) -> None:
        self._source = Source(data)
        self._documents = DocumentReader(self._source)

    @property
    def problems(self) -> list[Problem]:
        """Everything that is wrong, in the order of reading."""
        return self._source.problems

    @property
    def places(self) -> dict[tuple[str, str], tuple[str, int]]:
        """By document and clause: the file and line where the clause is written."""
        return self._documents.places

    def load(self) -> KnowledgeBase | None:
        """Read everything; None when not even the vocabulary could be read."""
        source = self._source
        facts, unasked = vocabulary.facts(source)
        regions = vocabulary.regions(source)
        if not facts or not regions:
            source.problems.append(Problem("", 0, "没有读到事实或地区:数据目录不完整"))
            return None
        documents: dict[str, Document] = {}
        found: list[Answer] = []
        for region in regions:
            for path in source.files(f"{region}/documents/*/document.yml"):
                document = self._documents.read(region, path)
                if document is None:
                    continue
                if document.id in documents:
                    source.problem(path, 1, f"文件编号 {document.id} 在别的地区已经有了")
                documents[document.id] = document
        benefits = BenefitReader(source, documents, facts)
        rules = benefits.read(regions)
        for document in documents.values():
            found += answers(source, document, self._documents.declared[document.id])
        words = {path.stem: source.words(path) for path in source.files("vocabulary/*.yml")}
        return KnowledgeBase(
            source.version(), regions, documents, facts, rules, tuple(found), words, unasked, benefits.statuses,
        )
