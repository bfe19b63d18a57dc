"""What is asked, once the conversation has filled in what a message leaves out: place and group, topic, kind and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from policies_kb.conditions import CATEGORIES, Category, FactIs, Subject
from policies_kb.context import Context
from policies_kb.errors import FactError
from policies_kb.facts import fact_to_json, parse_facts
from policies_kb.model import Benefit
from policies_kb.reading import GROUP_TOPICS, QUESTION_WORD, Reading, reader

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

NUMERIC_TYPES = ("int", "number", "money")
PERSONAL = ("categories", "age", "gender", "hukou", "dibao_family", "registered_unemployed", "unemployed_months",
            "unemployment_insurance_recipient", "pension_entitled", "cadre_post", "graduated_this_year", "within_job_choice_period",
            "local_tie", "role", "employer_type", "employer_insured", "employer_in_difficulty")


ACTORS = ("schools", "providers", "training_center", "employee_training")
"""Topics that in a follow-up (要是技工学校呢) only tell who is asking."""


@dataclass(frozen=True, eq=False)
class Query:
    """What is asked, once the conversation has filled in what the message left out."""

    reading: Reading
    region: str
    topics: tuple[str, ...]
    kind: str | None
    facts: Mapping[str, Any]
    inherited: tuple[str, ...]
    comparing: bool = False
    earlier: str | None = None
    """The last full question, where this message leaves to it what is talked about."""


def understood(kb: KnowledgeBase, reading: Reading, region: str, context: Context) -> Query:
    """The question of a message in its conversation: a follow-up changes just what it names, a new topic drops what no longer fits."""
    topics, kind, inherited = reading.topics, reading.kind, []
    # 高级工呢 changes a level of what is talked about, it opens no new topic
    weak = GROUP_TOPICS | ({"skill_level", *ACTORS} if reading.elliptical else set()) | ({"training_subsidy"} if reading.generic else set())
    if "catalogue_standard" in reading.facts and reading.elliptical:
        weak |= {"catalogue"}  # 目录上是2000的话 brings a figure, no other topic
    only_groups = all(topic in weak for topic in topics)
    carry = reading.elliptical or not topics or (reading.generic and bool(reading.claims or reading.facts))
    if carry and only_groups and any(topic not in topics for topic in context.topics):
        before_topics = tuple(topic for topic in context.topics if topic not in GROUP_TOPICS or not topics)
        topics = (*before_topics, *(topic for topic in topics if topic not in before_topics and not (reading.generic and topic == "training_subsidy")))
        inherited.extend(f"topic:{topic}" for topic in context.topics if topic not in GROUP_TOPICS)
    if kind is None and context.kind and carry:
        kind = context.kind
        inherited.append(f"kind:{kind}")
    if not [topic for topic in topics if topic not in GROUP_TOPICS] and kind in ("amount", None):
        # 零就业家庭成员学20天补多少: the figure tells which sum is meant, if only one can
        numbers = {name for name in reading.facts if kb.facts[name].type in NUMERIC_TYPES and name not in ("headcount", "age")}
        meant = {rule.topic for rule in kb.benefits_of(region) if rule.region == region and numbers & rule.amount.facts()}
        if len(meant) == 1:
            topics = (*meant, *topics)
            inherited.extend(f"topic:{topic}" for topic in meant)
    counted = [name for name in reading.facts if kb.facts[name].type in NUMERIC_TYPES]
    if len(counted) > 1 and "amount" in reading.kinds and kind in ("duration", "frequency", "limit", "when", "content", "who"):
        kind = "amount"  # 12个学徒,2年培养期满,补贴共计多少: the figures are there to be worked out
    rule = kb.benefits.get(context.answer or "") or kb.benefits.get(getattr(kb.answers_by_id.get(context.answer or ""), "benefit", None) or "")
    adds = context.answer in kb.benefits and not QUESTION_WORD.search(reading.text)  # 有个事没说,经费没提足: what was worked out is to be looked at again
    if (carry or reading.elliptical or adds) and rule is not None and rule.region == region and rule.topic not in topics and set(reading.facts) & _matters(rule):
        # 目录上是2000的话: the figure belongs to the sum that the last answer spoke of
        topics = (rule.topic, *topics)
        kind = kind or context.kind
    else:
        adds = False
    before = parse_facts(kb, context.facts)
    new_topic = bool(reading.topics) and not only_groups and context.topic is not None and context.topic not in reading.topics
    if new_topic and not reading.elliptical and not adds:
        fitting = {name for rule in benefits_for(kb, region, reading.topics)
                   for name in (*rule.amount.facts(), *(fact for leaf in rule.when.leaves() for fact in leaf.facts()),
                                *(fact for leaf in (rule.reduction.when.leaves() if rule.reduction else ()) for fact in leaf.facts()))}
        before = {name: value for name, value in before.items() if name in PERSONAL or (name in fitting and name != "training_type")}
    facts = {**before, **reading.facts}
    if CATEGORIES in facts:
        facts[CATEGORIES] = kb.with_implied(facts[CATEGORIES])
    told = {topic for topic, item in reader(kb).topics.items() if set(item.get("facts", ())) & set(facts)}
    if told - set(topics):
        # 66岁,没有养老金: what was told makes it a matter of age and pension too
        inherited.extend(f"topic:{topic}" for topic in sorted(told - set(topics)))
        topics = (*topics, *sorted(told - set(topics)))
    if CATEGORIES in before and CATEGORIES not in reading.facts:
        inherited.extend(f"categories:{code}" for code in before[CATEGORIES])
    inherited.extend(
        f"{name}:{value}" for name, value in before.items()
        if name in PERSONAL and isinstance(value, (bool, str)) and name not in ("role", "gender") and name not in reading.facts
    )
    leaves_it = adds or (carry and not [topic for topic in reading.topics if topic not in weak])
    return Query(reading, region, topics, kind, facts, tuple(inherited), earlier=context.asked if leaves_it else None)


def _matters(rule: Benefit) -> frozenset[str]:
    """The facts that a sum or its reduction depends on."""
    of_reduction = {fact for leaf in rule.reduction.when.leaves() for fact in leaf.facts()} if rule.reduction else set()
    return rule.amount.facts() | of_reduction


def benefits_for(kb: KnowledgeBase, region: str, topics: tuple[str, ...]) -> list[Benefit]:
    """The benefits of a region that a topic means: its own, else those of the broader topic, the nearer region first."""
    read = reader(kb)
    result: dict[str, Benefit] = {}
    for topic in topics:
        for name in (topic, read.topics.get(topic, {}).get("broader")):
            found = [rule for rule in kb.benefits_of(region) if name is not None and rule.topic == name]
            own = [rule for rule in found if rule.region == region]
            result.update((rule.id, rule) for rule in own or found)
            if found:
                break
    return list(result.values())


def rules_of_kind(kb: KnowledgeBase, region: str, training_type: str) -> list[Benefit]:
    """The benefits of a region whose condition names this kind of training."""
    return [
        rule for rule in kb.benefits_of(region)
        if any(
            (isinstance(leaf, FactIs) and leaf.fact.name == "training_type" and training_type in leaf.values)
            or (isinstance(leaf, Subject) and leaf.fact.name == "training_type" and leaf.value == training_type)
            for leaf in rule.when.leaves()
        )
    ]


GENERIC = GROUP_TOPICS | {"training_subsidy", "catalogue", "new_industries"}
"""Topics that leave open which sum is meant; a kind of training or a group that was told then says so."""


def rules_meant(kb: KnowledgeBase, query: Query) -> list[Benefit]:
    """The benefits of the topics; before them those of the kind of training or the group told of, where the topics leave it open.

    送了42个人训在岗安全,补贴多少 names no topic but a kind of training; 大三学生目录标准1800 a group that has a sum of its own.
    """
    named = benefits_for(kb, query.region, query.topics)
    if any(topic not in GENERIC for topic in query.topics):
        return named
    told: list[Benefit] = []
    of_this_kind = rules_of_kind(kb, query.region, query.reading.facts.get("training_type", ""))
    for rule in kb.benefits_of(query.region):
        leaves = list(rule.when.leaves())
        of_kind = rule in of_this_kind
        of_group = rule.topic in GROUP_TOPICS and any(
            isinstance(leaf, Category) and leaf.option.value in query.facts.get(CATEGORIES, frozenset()) for leaf in leaves
        )
        if of_kind or of_group:
            told.append(rule)
    return [*told, *(rule for rule in named if rule not in told)]


def assumed(kb: KnowledgeBase, query: Query) -> dict[str, Any]:
    """The facts of the question, with the kind of training that its topic means."""
    facts = dict(query.facts)
    read = reader(kb)
    for topic in query.topics:
        kind = read.topics.get(topic, {}).get("training_type")
        if kind and "training_type" not in facts:
            facts["training_type"] = kind
    raw = {name: fact_to_json(value) for name, value in facts.items()}
    while True:
        try:
            return parse_facts(kb, raw)
        except FactError as error:
            # what was said first gives way to what contradicts it now; nothing else is lost
            raw = {name: value for name, value in raw.items() if name != error.fact}


def brings_figures(kb: KnowledgeBase, rule: Benefit, query: Query) -> bool:
    """Whether the message itself brings a number that the sum of the benefit needs."""
    numbers = [name for name in rule.amount.facts() if kb.facts[name].type in NUMERIC_TYPES]
    return any(name in query.reading.facts for name in numbers) or (
        any(name in query.facts for name in numbers if name != "headcount") and (query.reading.elliptical or query.kind == "amount")
    ) or (
        query.earlier is not None and any(name in query.facts for name in numbers) and bool(query.kind == "amount" or set(query.reading.facts) & _matters(rule))
    )
