"""GET paths of the knowledge base."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

import policies_kb
from api.deps import KnowledgeBase, Store, limit_rate
from api.errors import not_found
from api.schemas import knowledge as shapes
from api.store import official_texts
from policies_kb.model import Document

router = APIRouter(prefix="/api/v1", tags=["知识库"], dependencies=[Depends(limit_rate)])


@router.get("/regions", summary="地区")
async def regions(kb: KnowledgeBase) -> shapes.Regions:
    """本系统有政策的地区。"""
    return shapes.Regions(kb_version=kb.version, regions=[
        shapes.Region(id=region.id, name=region.name, short_name=region.short_name, code=region.code,
                      within=region.within) for region in kb.regions.values()])


@router.get("/documents", summary="文件")
async def documents(kb: KnowledgeBase) -> shapes.Documents:
    """所有文件,不含条款。"""
    return shapes.Documents(kb_version=kb.version,
                            documents=[shapes.Document(**_document(document)) for document in kb.documents.values()])


@router.get("/documents/{document_id}", summary="一份文件和它的条款")
async def document(document_id: str, kb: KnowledgeBase, store: Store) -> shapes.DocumentWithClauses:
    """每条有我们的说法 `text`;导入过原文的,`original` 是文件原话。"""
    found = kb.documents.get(document_id)
    if found is None:
        raise not_found("文件", document_id, kb.documents)
    async with store.session() as session:
        row = await official_texts.find(session, document_id)
    originals = {clause.clause: clause.text for clause in row.clauses} if row else {}
    return shapes.DocumentWithClauses(
        **_document(found), kb_version=kb.version,
        official_text=shapes.OfficialTextInfo(checksum=row.checksum, imported_at=row.imported_at) if row else None,
        clauses=[shapes.Clause(
            clause=clause.name, label=clause.label, title=clause.title, chapter=clause.chapter, text=clause.text,
            leads=list(clause.leads), assists=list(clause.assists), terms=list(clause.terms),
            original=originals.get(clause.name)) for clause in found.clauses.values()])


@router.get("/benefits", summary="补贴")
async def benefits(kb: KnowledgeBase, region: str | None = None) -> shapes.Benefits:
    """一个地区的补贴,上级地区的一并列出;不给地区则列全部。"""
    scope = None if region is None else _scope(kb, region)
    return shapes.Benefits(kb_version=kb.version, benefits=[
        shapes.Benefit(id=benefit.id, region=benefit.region, name=benefit.name, topic=benefit.topic,
                       paid_to=benefit.paid_to,
                       document=benefit.document, number=kb.documents[benefit.document].number,
                       clauses=list(benefit.clauses))
        for benefit in kb.benefits.values() if scope is None or benefit.region in scope])


@router.get("/facts", summary="测算用到的情况")
async def facts(kb: KnowledgeBase) -> shapes.Facts:
    """测算会问到的每一种情况:名称、取值、问法。"""
    return shapes.Facts(kb_version=kb.version, facts=[
        shapes.Fact(name=fact.name, type=fact.type, label=fact.label, question=fact.question, help=fact.help,
                    options=[shapes.Option(value=option.value, label=option.label) for option in fact.options],
                    minimum=fact.minimum, maximum=fact.maximum, unit=fact.unit or None, presumed=fact.presumed)
        for fact in kb.facts.values()])


@router.get("/search", summary="查条款")
async def search(kb: KnowledgeBase, q: Annotated[str, Query(min_length=1, max_length=500)],
                 region: str | None = None, limit: Annotated[int, Query(ge=1, le=50)] = 5) -> shapes.Hits:
    """按意思最接近的先列。"""
    if region is not None:
        _scope(kb, region)
    return shapes.Hits(kb_version=kb.version, hits=[
        shapes.Hit(document=hit.document, number=hit.number, clause=hit.clause, title=hit.title, text=hit.text,
                   score=hit.score) for hit in policies_kb.search(kb, q, region=region, limit=limit)])


def _document(document: Document) -> dict[str, object]:
    return {name: getattr(document, name) for name in shapes.Document.model_fields}


def _scope(kb: policies_kb.KnowledgeBase, region: str) -> tuple[str, ...]:
    """The region and those that contain it. Errors: ApiError 404."""
    if region not in kb.regions:
        raise not_found("地区", region, kb.regions)
    return kb.scope(region)
