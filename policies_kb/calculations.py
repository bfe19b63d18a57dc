"""Sums that are answers, not benefits: hours into days, a share of wages, how many times are left. Each is data of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from policies_kb import rendering, wording
from policies_kb.model import Calculation, Document, Figure, plain
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


def of_districts(kb: KnowledgeBase, region: str, reading: Reading) -> Reply | None:
    """临清、冠县、莘县加一块多少人: the figures that a document gives district by district, added, or one taken from another."""
    together, apart = TOGETHER.search(reading.text), APART.search(reading.text)
    named = sorted(
        (reading.text.find(word), name) for name in kb.regions[region].districts for word in (name, name[:-1] if len(name) > 2 else name)
        if word in reading.text
    )
    places = list(dict.fromkeys(name for _, name in named))
    if len(places) < 2 or not (together or apart):
        return None
    year = next(iter(re.findall(r"(?<!\d)(20\d\d)(?!\d)", reading.text)), "")
    for document in kb.documents_of(region):
        values = []
        for place in places:
            figure = next((f for f in document.figures.values() if f.means.startswith(place[:2]) and place[:2] in f.means and year in f.means), None)
            if figure is None:
                break
            values.append((place, figure))
        if len(values) == len(places) and len({figure.unit for _, figure in values}) == 1:
            citation = document.citation(values[0][1].clause)
            unit = values[0][1].unit
            shown = "、".join(f"{place}{plain(figure.value)}{unit}" for place, figure in values)
            if together:
                head = f"一共{plain(sum(figure.value for _, figure in values))}{unit}"
            else:
                most, least = sorted(values, key=lambda pair: -pair[1].value)[:2]
                head = f"{most[0]}多{plain(most[1].value - least[1].value)}{unit}"
            return Reply(f"{head}:{shown}。{wording.source(kb, (citation,))}", citations=(citation,))
    return None


TOGETHER = re.compile(r"加(在|到|一)?(一块|起来|一起|总)|一共|合计|总共|共(是)?(多少|几)|总数")
APART = re.compile(r"比[^,.]{1,8}(多|少)|差(多少|几)|(多|少)(多少|几)")


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

