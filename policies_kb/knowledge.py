"""The knowledge base in memory: everything that was loaded, with the look-ups that the other modules need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from policies_kb import exact
from policies_kb.conditions import CATEGORIES
from policies_kb.model import Answer, Benefit, Document, Fact, Region, Status
from policies_kb.questions import Question, trials_of


@dataclass(frozen=True, eq=False)
class KnowledgeBase:
    """Regions, documents, facts, benefits, answers and vocabulary, with one content hash (``version``)."""

    version: str
    regions: Mapping[str, Region]
    documents: Mapping[str, Document]
    facts: Mapping[str, Fact]
    benefits: Mapping[str, Benefit]
    answers: tuple[Answer, ...]
    vocabulary: Mapping[str, Any]
    unasked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    statuses: Mapping[str, Mapping[str, Status]] = field(default_factory=dict)

    def scope(self, region: str) -> tuple[str, ...]:
        """The region and those that contain it: their documents hold there."""
        result = [region]
        while (outer := self.regions[result[-1]].within) is not None:
            result.append(outer)
        return tuple(result)

    def benefits_of(self, region: str) -> list[Benefit]:
        """All benefits that a person in the region may ask for, the region's own first."""
        return self._benefits_by_region[region]

    @cached_property
    def _benefits_by_region(self) -> dict[str, list[Benefit]]:
        return {
            region: [rule for place in self.scope(region) for rule in self.benefits.values() if rule.region == place]
            for region in self.regions
        }

    def documents_of(self, region: str) -> list[Document]:
        """The documents that hold in a region, its own first."""
        return [doc for place in self.scope(region) for doc in self.documents.values() if doc.region == place]

    @cached_property
    def fact_order(self) -> dict[str, int]:
        """The order of the vocabulary, to make every order of facts certain."""
        return {name: index for index, name in enumerate(self.facts)}

    @cached_property
    def implying(self) -> tuple[Fact, ...]:
        """The facts that say something about others."""
        return tuple(fact for fact in self.facts.values() if fact.implies)

    @cached_property
    def repeating(self) -> frozenset[str]:
        """Benefits in whose condition a fact stands twice."""
        return frozenset(rule.id for rule in self.benefits.values() if exact.repeats(rule.when))

    @cached_property
    def repeating_amounts(self) -> frozenset[str]:
        """Benefits whose sum chooses between terms, so that a fact may no longer matter."""
        return frozenset(rule.id for rule in self.benefits.values() if len(rule.amount.variants()) > 1)

    def trials(self, benefit: str, name: str) -> tuple[Any, ...]:
        """Values of a fact that the rule of a benefit tells apart."""
        key = (benefit, name)
        if key not in self._trials:
            self._trials[key] = trials_of(self.facts, self.benefits[benefit].when, name)
        return self._trials[key]

    @cached_property
    def _trials(self) -> dict[tuple[str, str], tuple[Any, ...]]:
        return {}

    def without_unasked(self, waiting: Iterable[str]) -> list[str]:
        """The missing facts without those that another missing fact makes needless to ask (age beside the pension)."""
        names = set(waiting)
        return [name for name in names if not any(other in names for other in self.unasked.get(name, ()))]

    def with_implied(self, codes: Iterable[str]) -> frozenset[str]:
        """Category codes with those that they imply (转岗职工 is 企业职工)."""
        result = set(codes)
        for code in codes:
            option = self.facts[CATEGORIES].option(code)
            if option is not None:
                result.update(option.implies)
        return frozenset(result)

    def question(self, name: str, region: str) -> Question:
        """The question for a fact as it is asked in a region; of the groups only those that its rules tell apart."""
        fact = self.facts[name]
        options = tuple((option.value, option.label) for option in fact.options)
        if name == CATEGORIES:
            used = self.codes_of(region)
            options = tuple(pair for pair in options if pair[0] in used)
        elif fact.type == "bool":
            options = (("true", "是"), ("false", "不是"))
        return Question(fact, fact.question.replace("{region}", self.regions[region].short_name), options)

    def codes_of(self, region: str) -> frozenset[str]:
        """The category codes that the rules of a region tell apart."""
        if region not in self._codes:
            self._codes[region] = frozenset(
                leaf.option.value for rule in self.benefits_of(region) for leaf in rule.when.leaves() if hasattr(leaf, "option")
            )
        return self._codes[region]

    @cached_property
    def _codes(self) -> dict[str, frozenset[str]]:
        return {}

    def topics_of(self, region: str) -> frozenset[str]:
        """The topics that the documents of a region speak of."""
        return self._topics_by_region[region]

    @cached_property
    def _topics_by_region(self) -> dict[str, frozenset[str]]:
        return {
            region: frozenset(answer.topic for answer in self.answers if answer.region in self.scope(region)) for region in self.regions
        }

    @cached_property
    def answers_by_id(self) -> dict[str, Answer]:
        """Answers by document/id."""
        return {f"{answer.document}/{answer.id}": answer for answer in self.answers}
