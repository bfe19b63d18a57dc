"""What the check asks next: first where, then for whom, then whatever the calculator says settles most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import policies_kb
from actions import slots
from policies_kb import KnowledgeBase
from policies_kb.questions import Question

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
    role = facts.get(ROLE)
    if role is None and ROLE not in skipped:
        return question_for(kb, ROLE, region)
    question = policies_kb.assess(kb, region, facts, slots.today(), skip=skipped).next_question
    return None if question is None else _asked(question, role)


def question_for(kb: KnowledgeBase, name: str, region: str | None, role: str | None = None) -> Asked:
    """The question for a slot of the form, as it is put to someone in this role."""
    if name == REGION:
        places = tuple((place.id, place.short_name) for place in kb.regions.values())
        return Asked(REGION, "您问的是哪个地方?", places)
    return _asked(kb.question(name, region or next(iter(kb.regions))), role)


def _asked(question: Question, role: str | None) -> Asked:
    fact, text = question.fact, question.text
    if role in ("employer", "provider") and fact.name != ROLE:
        # who asks for others is asked about them: the questions say 您 to the person who is trained
        text = text.replace("您", "参加培训的人")
    return Asked(fact.name, text, question.options, fact.type == "set", fact.help)
