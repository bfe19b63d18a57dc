"""Sums that are answers, not benefits: hours into days, a share of wages, how many times are left. Each is data of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from policies_kb import rendering, wording
from policies_kb.model import Calculation, Document, Figure
from policies_kb.reading import Reading
from policies_kb.reply import Reply

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

MONEY = "money"


def calculated(kb: KnowledgeBase, region: str, topics: tuple[str, ...], reading: Reading, facts: Mapping[str, Any]) -> Reply | None:
    """The first calculation of the region whose inputs the question brings and whose cue it shows."""
    for document, calculation in _meant(kb, region, topics, reading):
        inputs = _inputs(calculation, reading, facts)
        if inputs is None:
            continue
        figures: dict[str, Figure] = {
            **document.figures, **{name: Figure(name, value, "", "", calculation.clause) for name, value in inputs.items()}
        }
        try:
            result = rendering.compute(calculation.formula, figures)
        except rendering.UnknownFigure:  # a division by what turned out to be zero
            continue
        if result < 0:
            continue
        figures["result"] = Figure("result", result.quantize(Decimal("0.01")).normalize(), "", "", calculation.clause)
        citation = document.citation(calculation.clause)
        text = rendering.render(calculation.none_left if result == 0 and calculation.none_left else calculation.says, figures)
        return Reply(text + wording.source(kb, (citation,)), citations=(citation,))
    return None


def _meant(
    kb: KnowledgeBase, region: str, topics: tuple[str, ...], reading: Reading
) -> Iterator[tuple[Document, Calculation]]:
    """The calculations that the words ask for; after them those for which a follow-up (90课时呢) brings a new figure."""
    fitting = [
        (document, calculation) for document in kb.documents_of(region) for calculation in document.calculations
        if set(calculation.topics) & set(topics)
    ]
    asked = [(document, calculation) for document, calculation in fitting if re.search(calculation.cue, reading.text)]
    yield from asked
    if reading.elliptical:
        yield from (pair for pair in fitting if pair not in asked and set(pair[1].needs) & set(reading.facts))


def _inputs(calculation: Calculation, reading: Reading, facts: Mapping[str, Any]) -> dict[str, Decimal] | None:
    values: dict[str, Decimal] = {}
    sums = [claim.value for claim in reading.claims if claim.unit == "元"]
    for name in calculation.needs:
        if name == MONEY:
            given = sums[0] if sums else next((facts[k] for k in ("subsidy_total", "monthly_wage") if k in reading.facts), None)
        else:
            given = facts.get(name)
        if given is None:
            return None
        values[name] = Decimal(given)
    return values

