"""Shapes of the knowledge base."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel


class Region(BaseModel):
    """A region; `code` is GB/T 2260."""

    id: str
    name: str
    short_name: str
    code: str
    within: str | None


class Document(BaseModel):
    """A document without its clauses."""

    id: str
    region: str
    number: str
    title: str
    issuer: str
    issued: date
    in_force_from: date
    in_force_to: date | None
    plan: str | None


class Clause(BaseModel):
    """A clause in our words, and in the official ones where the text was imported."""

    clause: str
    label: str
    title: str
    chapter: str | None
    text: str
    leads: list[str]
    assists: list[str]
    terms: list[str]
    original: str | None


class OfficialTextInfo(BaseModel):
    """Which official text the clauses' `original` comes from."""

    checksum: str
    imported_at: datetime


class DocumentWithClauses(Document):
    """A document with all its clauses."""

    clauses: list[Clause]
    official_text: OfficialTextInfo | None
    kb_version: str


class Benefit(BaseModel):
    """A benefit that the calculator decides."""

    id: str
    region: str
    name: str
    topic: str | None
    paid_to: str | None
    document: str
    number: str
    clauses: list[str]


class Option(BaseModel):
    """A value that may be chosen."""

    value: Any
    label: str


class Fact(BaseModel):
    """A fact that the rules ask about."""

    name: str
    type: str
    label: str
    question: str
    help: str | None
    options: list[Option]
    minimum: float | None
    maximum: float | None
    unit: str | None
    presumed: Any = None


class Hit(BaseModel):
    """A clause that a search found."""

    document: str
    number: str
    clause: str
    title: str
    text: str
    score: float


class Regions(BaseModel):
    """All regions."""

    regions: list[Region]
    kb_version: str


class Documents(BaseModel):
    """All documents."""

    documents: list[Document]
    kb_version: str


class Benefits(BaseModel):
    """Benefits of one region or of all."""

    benefits: list[Benefit]
    kb_version: str


class Facts(BaseModel):
    """The vocabulary of facts."""

    facts: list[Fact]
    kb_version: str


class Hits(BaseModel):
    """What a search found, best first."""

    hits: list[Hit]
    kb_version: str
