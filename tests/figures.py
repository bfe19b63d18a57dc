"""Figures of the knowledge base, for what tests expect: a figure stands once, in its clause, and a changed one moves them along."""

from __future__ import annotations

import re
from collections.abc import Mapping

import policies_kb
from policies_kb import rendering
from policies_kb.knowledge import KnowledgeBase
from policies_kb.model import Figure
from tests.policies_kb import worked_examples

PLACEHOLDER = re.compile(r"\{([^{}/\s]+)/([^{}]+)\}")


def figure(document: str, expression: str, kb: KnowledgeBase | None = None) -> str:
    """A figure of a document or a sum over its figures, as sentences show it: ``living_per_day*40`` → 2400."""
    return rendering.render(f"{{{expression}}}", _figures(document, kb))


def money(document: str, expression: str, kb: KnowledgeBase | None = None) -> str:
    """The same as the calculator shows it, half up to the fen: 2400.00."""
    return worked_examples.money(expression, _figures(document, kb))


def with_figures(text: str) -> str:
    """The text with ``{document/expression}`` worked out: ``{qujing-2019-112/living_per_day*40}元`` → 2400元."""
    return PLACEHOLDER.sub(lambda match: figure(match[1], match[2]), text)


def _figures(document: str, kb: KnowledgeBase | None) -> Mapping[str, Figure]:
    return (kb or policies_kb.load_knowledge_base()).documents[document].figures
