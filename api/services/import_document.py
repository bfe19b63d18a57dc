"""An official text from a file into the database, all or nothing."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy.exc import SQLAlchemyError

import policies_kb
from api.services.official_text import OfficialText, OfficialTextError, read_official_text
from api.settings import Settings
from api.store import migrate, official_texts
from api.store.base import Database


@dataclass(frozen=True)
class ImportResult:
    """What became of the import."""

    document: str
    number: str
    clauses: int
    outcome: Literal["imported", "replaced", "unchanged"]

    def __str__(self) -> str:
        done = {"imported": "已导入", "replaced": "已换成新的原文", "unchanged": "原文没有变化"}
        return f"{self.number}({self.document}):{done[self.outcome]},共 {self.clauses} 条"


class ImportRefused(Exception):
    """The file was not imported, and nothing of it stored; the words say why and where."""


async def store_official_text(path: Path, kb: policies_kb.KnowledgeBase, database: Database) -> ImportResult:
    """Split the file and store its clauses in the place of what the document had.

    The same text again changes nothing. Errors: OfficialTextError (nothing is stored then), OSError.
    """
    text = read_official_text(decode(path.read_bytes()), kb.documents)
    async with database.session() as session:
        stored = await official_texts.find(session, text.document)
        outcome = "imported" if stored is None else "unchanged" if _same(stored, text) else "replaced"
        if outcome != "unchanged":
            await official_texts.replace(session, text.document, text.number, text.checksum,
                                         [(clause.name, clause.line, clause.text) for clause in text.clauses])
    return ImportResult(text.document, text.number, len(text.clauses), outcome)


def import_official_text(path: Path, settings: Settings | None = None) -> ImportResult:
    """The same for a command: opens the database of the settings, migrated, and closes it again.

    Errors: ImportRefused.
    """
    settings = settings or Settings()
    kb = policies_kb.load_knowledge_base()

    async def run() -> ImportResult:
        database = Database(settings.database)
        try:
            return await store_official_text(path, kb, database)
        finally:
            await database.close()

    try:
        migrate.upgrade(settings.database)
        return asyncio.run(run())
    except OfficialTextError as error:
        raise ImportRefused(f"{path.name} 没有导入:\n{error}") from None
    except (OSError, SQLAlchemyError) as error:
        raise ImportRefused(f"{path.name} 没有导入:{error}") from None


def decode(raw: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 (by its mark) or GB18030. Errors: OfficialTextError with the line."""
    encodings = ["utf-16"] if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    line = 1
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            # the encoding that came furthest is the one the file is in
            line = max(line, raw[:error.start].count(b"\n") + 1)
    raise OfficialTextError([(line, "文件不是 UTF-8 或 GB18030 编码的文字")])


def _same(stored: official_texts.OfficialTextRow, text: OfficialText) -> bool:
    """Same file, same split: a knowledge base that names clauses anew splits the same file anew."""
    clauses = [(clause.clause, clause.text) for clause in stored.clauses]
    return stored.checksum == text.checksum and clauses == [(clause.name, clause.text) for clause in text.clauses]
