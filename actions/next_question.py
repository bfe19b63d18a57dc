"""What the check asks next: first where, then for whom, then whatever the calculator says settles most."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple

import policies_kb
from policies_kb import KnowledgeBase
from policies_kb.questions import Question

from actions import slots

REGION = "region"
ROLE = "role"


class Asked(NamedTuple):
    """A question as it is put to the person: the slot it fills, the words, the choices (value, label), and how many may be chosen."""

    name: str
    text: str
    options: tuple[tuple[str, str], ...]
    several: bool = False
    help: str | None = None


def next_question(kb: KnowledgeBase, region: str | None, facts: Mapping[str, Any], unknown: Iterable[str]) -> Asked | None:
    """The next question of the check, or None when nothing is open any more (or nothing can be found out without a region)."""
    skipped = frozenset(unknown)
    if region is None:
        return None if REGION in skipped else question_for(kb, REGION, None)
    if ROLE not in facts and ROLE not in skipped:
        return question_for(kb, ROLE, region)
    question = policies_kb.assess(kb, region, facts, slots.today(), skip=skipped).next_question
    return None if question is None else _asked(question)


def question_for(kb: KnowledgeBase, name: str, region: str | None) -> Asked:
    """The question for a slot of the form."""
    if name == REGION:
        places = tuple((place.id, place.short_name) for place in kb.regions.values())
        return Asked(REGION, "您问的是哪个地方?", places)
    return _asked(kb.question(name, region or next(iter(kb.regions))))


def _asked(question: Question) -> Asked:
    fact = question.fact
    return Asked(fact.name, question.text, question.options, fact.type == "set", fact.help)
