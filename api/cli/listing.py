"""Plain-text views of what is in the knowledge base."""

from collections.abc import Iterable
from typing import Any

from policies_kb import KnowledgeBase


def overview(kb: KnowledgeBase) -> str:
    """All regions with their documents and benefits."""
    lines = [f"知识库版本 {kb.version}"]
    for region in kb.regions.values():
        lines.append(f"\n{region.id}  {region.name}({region.code})")
        lines += [f"  文件 {doc.id}  {doc.number}" for doc in kb.documents.values() if doc.region == region.id]
        lines += [f"  补贴 {rule.id}  {rule.name}" for rule in kb.benefits.values() if rule.region == region.id]
    return "\n".join(lines)


def describe(kb: KnowledgeBase, name: str, clause: str | None) -> str:
    """One region, document (or one clause of it), benefit, answer or fact. Errors: LookupError, in Chinese."""
    if name in kb.documents:
        return _document(kb, name) if clause is None else _clause(kb, name, clause)
    if clause is not None:
        raise LookupError(f"只有文件才分条款,“{name}”不是文件编号。")
    for found, view in ((kb.regions, _region), (kb.benefits, _benefit), (kb.facts, _fact),
                        (kb.answers_by_id, _answer)):
        if name in found:
            return view(kb, name)
    raise LookupError(f"知识库里没有“{name}”。运行 wenbu kb show 可列出全部编号。")


def _region(kb: KnowledgeBase, name: str) -> str:
    region = kb.regions[name]
    within = kb.regions[region.within].name if region.within else None
    documents = [f"{doc.id}  {doc.number}" for doc in kb.documents_of(name)]
    return _table(region.name, [("代码", region.code), ("上级", within), ("别名", region.aliases),
                                ("区县", region.districts), ("适用文件", documents)])


def _document(kb: KnowledgeBase, name: str) -> str:
    doc = kb.documents[name]
    period = f"{doc.in_force_from} 至 {doc.in_force_to or '未写明止期'}"
    clauses = [f"{each.name}  {each.title}" for each in doc.clauses.values()]
    return _table(f"{doc.title}({doc.number})", [("发文", f"{doc.issuer},{doc.issued}"), ("有效期", period), ("条款", clauses)])


def _clause(kb: KnowledgeBase, document: str, name: str) -> str:
    doc = kb.documents[document]
    if name not in doc.clauses:
        raise LookupError(f"{doc.number} 里没有条款“{name}”。现有:{'、'.join(doc.clauses)}")
    clause = doc.clauses[name]
    figures = [f"{each.name} = {each.shown}{each.unit}  {each.means}" for each in clause.figures.values()]
    answers = [f"{document}/{each.id}" for each in kb.answers if each.document == document and name in each.clauses]
    return _table(f"{doc.number} {clause.label} {clause.title}",
                  [("内容", clause.text), ("牵头", clause.leads), ("责任", clause.assists), ("数字", figures),
                   ("回答", answers)])


def _benefit(kb: KnowledgeBase, name: str) -> str:
    rule = kb.benefits[name]
    return _table(rule.name, [("地区", kb.regions[rule.region].name), ("依据", kb.documents[rule.document].number),
                              ("条款", rule.clauses), ("发给", rule.paid_to), ("规则文件", rule.file)])


def _fact(kb: KnowledgeBase, name: str) -> str:
    fact = kb.facts[name]
    return _table(f"{fact.label}({fact.name})",
                  [("类型", fact.type), ("单位", fact.unit), ("怎么问", fact.question),
                   ("可选", [f"{option.value}  {option.label}" for option in fact.options])])


def _answer(kb: KnowledgeBase, name: str) -> str:
    answer = kb.answers_by_id[name]
    return _table(answer.text, [("依据", f"{kb.documents[answer.document].number} {'、'.join(answer.clauses)}"),
                                ("问法", list(answer.ask)), ("详细", answer.more)])


def _table(heading: str, rows: Iterable[tuple[str, Any]]) -> str:
    """A heading and named rows; a tuple stands in one line, a list has a line for each, what is empty is left out."""
    lines = [heading]
    for label, value in rows:
        if not value:
            continue
        if isinstance(value, list):
            lines.append(f"{label}:")
            lines += [f"  {each}" for each in value]
        else:
            lines.append(f"{label}:{'、'.join(value) if isinstance(value, tuple) else value}")
    return "\n".join(lines)
