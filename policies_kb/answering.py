"""A message in its conversation → one reply. The order of the steps is the order in which the code stands.

Every figure and verdict in a reply comes from a clause or from the calculator; texts are the knowledge base's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Mapping

from policies_kb import calculations, premises, sums, wording
from policies_kb.conditions import CATEGORIES, Situation
from policies_kb.context import Context
from policies_kb.errors import FactError
from policies_kb.evaluate import Result, evaluate
from policies_kb.facts import fact_to_json, parse_facts
from policies_kb.model import Answer, Benefit
from policies_kb.ranking import Ranked, rank
from policies_kb.reading import GROUP_TOPICS, Reading, reader
from policies_kb.reply import Reply, button
from policies_kb.search import LONG, features, index

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

LIKELY = 1.2
"""From this score on (see ranking) the best answer is given; below it the likeliest readings are offered."""
LIKELY_LONG = 0.6
"""The same for a rambling message, in which much has nothing to do with the question."""
PLAIN_NO = 3.0
"""From this score on an answer that begins with a refusal is preferred to the calculator's bare one."""
LIKELY_OUTSIDE = 1.8
"""What a message without a single word of our vocabulary must reach: most such are about something else."""
OURS = 0.42
"""How like some way of asking a message without a word of our vocabulary must be to be taken for one of ours."""
CALCULATED_KINDS = ("amount", "eligibility", "limit", "conditions", "payee")
NUMERIC_TYPES = ("int", "number", "money")
PERSONAL = ("categories", "age", "gender", "hukou", "dibao_family", "registered_unemployed", "unemployed_months",
            "unemployment_insurance_recipient", "pension_entitled", "cadre_post", "graduated_this_year", "within_job_choice_period",
            "local_tie", "role", "employer_type", "employer_insured", "employer_in_difficulty")


@dataclass(frozen=True)
class Query:
    """What is asked, once the conversation has filled in what the message left out."""

    reading: Reading
    region: str
    topics: tuple[str, ...]
    kind: str | None
    facts: Mapping[str, Any]
    inherited: tuple[str, ...]
    comparing: bool = False


def answer(kb: "KnowledgeBase", message: str, context: Context | None = None, as_of: date | None = None) -> tuple[Reply, Context]:
    """The reply to a message and the context for the next one. ``as_of`` is the day the question is asked."""
    context = context or Context()
    read = reader(kb)
    reading = read.read(message, before=context.topics)
    if reading.control is not None:
        return _control(kb, reading, context)
    outside = _outside(kb, reading, context)
    if outside is not None:
        return outside, context.but(misses=0)
    regions = _regions(kb, reading, context)
    if not regions and reading.places:
        return _unknown_place(kb, reading), context
    if not regions:
        return _ask_region(kb, reading, context)
    if len(regions) > 1:
        from policies_kb.comparing import compare

        return compare(kb, reading, regions, context, as_of)
    return _in_region(kb, reading, regions[0], context, as_of)


# ---- where -----------------------------------------------------------------------------------------------------------
EVERYWHERE = re.compile(r"(哪个|哪些|几个|[2-9]个|五个|各个|每个|所有)(城市|地方|地区|区市)|[2-9]个(里头|里面|地)|(哪个|各)(市|地)(?!方)|哪里(最|更)|各地")


ALIKE = re.compile(r"一样|一个样|同样|差不多")


def _regions(kb: "KnowledgeBase", reading: Reading, context: Context) -> tuple[str, ...]:
    named = reading.regions
    if len(named) == 2 and reading.premise and ALIKE.search(reading.text):
        # 聊城不是跟曲靖一样吗: asked about the first, the second is only what it is likened to
        named = tuple(r for r in named if not re.search(rf"(跟|和|同|像|照|比)[^,.]{{0,2}}{kb.regions[r].short_name}", reading.text)) or named[:1]
    if EVERYWHERE.search(reading.text) and not named:
        return tuple(kb.regions)
    if len(named) > 1 and "comparison" not in reading.kinds:
        # 重庆潼南: the smaller place is meant
        inner = [r for r in named if kb.regions[r].within in named and _as_one(kb, reading.text, r)]
        if inner:
            named = tuple(r for r in named if r not in {kb.regions[i].within for i in inner})
    if len(named) == 1 and "comparison" in reading.kinds and context.region and context.region != named[0] and (reading.elliptical or len(reading.text) < 12):
        return (context.region, named[0])
    if named:
        return named
    if reading.places:
        return ()
    return (context.region,) if context.region else ()


def _as_one(kb: "KnowledgeBase", text: str, region: str) -> bool:
    """Whether a place is named with the one around it (重庆潼南), not beside it (潼南和重庆)."""
    outer = kb.regions[kb.regions[region].within or region].short_name
    return re.search(rf"{outer}市?(的|那边|这边)?{kb.regions[region].short_name}", text) is not None


def _unknown_place(kb: "KnowledgeBase", reading: Reading) -> Reply:
    place = "、".join(reading.places)
    have = "、".join(region.short_name for region in kb.regions.values())
    return Reply(
        f"{place}的文件我这里没有,不能拿别处的规定来答。我有的是{have}这几个地方的。{place}的请打当地12333问人社部门。",
        buttons=tuple(button(region.short_name) for region in kb.regions.values()), status="outside",
    )


def _ask_region(kb: "KnowledgeBase", reading: Reading, context: Context) -> tuple[Reply, Context]:
    buttons = tuple(button(region.short_name) for region in kb.regions.values())
    if not reading.about_policy and not context.topics:
        if not reading.kinds:
            return _missed(kb, reading, context, ())
        if not _like_ours(kb, reading):
            return _not_ours(), context.but(misses=0)
    facts = {name: fact_to_json(value) for name, value in reading.facts.items()}
    return (
        Reply("各地规定不一样。您问的是哪个地方?", buttons=buttons, status="clarify"),
        context.but(pending=reading.raw, facts={**context.facts, **facts}),
    )


def _like_ours(kb: "KnowledgeBase", reading: Reading) -> bool:
    everything = index(kb, None)
    best = everything.best_answers(features(everything.read, reading.text))
    return any(first > OURS for first, _, _ in best.values())


def _not_ours() -> Reply:
    return Reply(
        "这个我答不了,不归职业技能培训补贴管。我能答的是:谁能免费培训、生活费补多少、企业能领多少、去哪办。别的事请打12345或12333。",
        buttons=(wording.CHECK_BUTTON, button("转人工")), status="outside",
    )


# ---- what ------------------------------------------------------------------------------------------------------------
def _in_region(kb: "KnowledgeBase", reading: Reading, region: str, context: Context, as_of: date | None) -> tuple[Reply, Context]:
    if reading.only_place and context.pending:
        resumed = reader(kb).read(context.pending)
        return _in_region(kb, resumed, region, context.but(pending=None, region=region), as_of)
    if reading.only_place and not context.topic:
        return _welcome(kb, region), context.but(region=region)
    query = _query(kb, reading, region, context)
    context = context.but(region=region, pending=None)
    reply, chosen = _decide(kb, query, as_of)
    if isinstance(chosen, Answer):
        reply = _both(kb, query, reply, chosen, context, as_of)
    if reply is None:
        return _missed(kb, reading, context, rank(kb, query)[:3])
    if reading.claims:
        reply = premises.corrected(kb, reading, reply, rank(kb, query, most=8))
    reply, context = _with_period(kb, reply, context, as_of)
    facts = {name: fact_to_json(value) for name, value in query.facts.items()}
    topics = query.topics
    if isinstance(chosen, Answer) and all(topic in GROUP_TOPICS for topic in topics):
        topics = (chosen.topic, *(topic for topic in topics if topic != chosen.topic))
    return reply, context.but(
        topics=topics or context.topics, kind=query.kind or context.kind, facts=facts, misses=0,
        answer=f"{chosen.document}/{chosen.id}" if isinstance(chosen, Answer) else chosen.benefit.id if isinstance(chosen, Result) else None,
    )


PARTS = re.compile(r"[?!;.,]|(?:还有|另外|顺便问)")


def _both(kb: "KnowledgeBase", query: Query, reply: Reply | None, chosen: Answer, context: Context, as_of: date | None) -> Reply | None:
    """Two questions in one message (几课时算一天,一课时多少分钟) get both answers, if each part is clearly one."""
    read = reader(kb)
    parts = [
        part for part in PARTS.split(query.reading.text)
        if len(part) >= 4 and (any(cues.search(part) for kind, cues in read.kinds if kind != "eligibility") or re.search("(吗|不|没|没有)$", part))
    ]
    if reply is None or len(parts) != 2 or len(query.reading.text) > 60:
        return reply
    texts, citations = [], []
    whole = context.but(topics=query.topics, facts={name: fact_to_json(value) for name, value in query.facts.items()})
    seen: list[Answer] = []
    for part in parts:
        reading = read.read(part, before=query.topics)
        partial = _query(kb, reading, query.region, whole)
        found, answer = _decide(kb, partial, as_of)
        if found is None or not isinstance(answer, Answer) or not (reading.topics or reading.claims or reading.kind not in (None, "eligibility")):
            return reply
        if answer in seen:
            return found
        seen.append(answer)
        texts.append(found.text.split("依据：")[0])
        citations.extend(c for c in found.citations if c not in citations)
    return reply.but(text="".join(texts) + wording.source(kb, citations), citations=tuple(citations))


def _query(kb: "KnowledgeBase", reading: Reading, region: str, context: Context) -> Query:
    topics, kind, inherited = reading.topics, reading.kind, []
    # 高级工呢 changes a level of what is talked about, it opens no new topic
    weak = GROUP_TOPICS | ({"skill_level"} if reading.elliptical else set()) | ({"training_subsidy"} if reading.generic else set())
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
    before = parse_facts(kb, context.facts)
    new_topic = bool(reading.topics) and not only_groups and context.topic is not None and context.topic not in reading.topics
    if new_topic and not reading.elliptical:
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
    return Query(reading, region, topics, kind, facts, tuple(inherited))


def _decide(kb: "KnowledgeBase", query: Query, as_of: date | None) -> tuple[Reply | None, Answer | Result | None]:
    """Worked out by the calculator where the question brings figures; else the nearest answer; else a verdict."""
    status = _status(kb, query, as_of)
    if status is not None:
        return status, None
    worked_out = calculations.calculated(kb, query.region, query.topics, query.reading, query.facts)
    if worked_out is not None:
        return worked_out, None
    calculated = _calculate(kb, query, as_of)
    if calculated is not None and (summed := _summed(kb, query, calculated[0].benefit, as_of)) is not None:
        return summed, calculated[0]
    if calculated is not None and calculated[2]:
        return calculated[1], calculated[0]
    barred = _barred(kb, query, as_of)
    if barred is not None:
        return barred[1], barred[0]
    ranked = rank(kb, query)
    if calculated is not None and calculated[0].status == "eligible" and _by_person(kb, calculated[0], query):
        return calculated[1], calculated[0]
    unsaid = _unsaid(kb, query)
    if unsaid is not None and (not ranked or ranked[0].answer.topic not in query.topics):
        return unsaid, None
    ours = query.reading.about_policy or bool(query.inherited)
    if ranked and calculated is not None and calculated[0].status == "unknown" and ranked[0].answer.topic in query.topics:
        enough = LIKELY_LONG
    else:
        enough = LIKELY_LONG if len(query.reading.text) > LONG else LIKELY
    if ranked and ranked[0].score >= (enough if ours else LIKELY_OUTSIDE) and (ours or ranked[0].like >= OURS):
        return _given(kb, ranked[0]), ranked[0].answer
    if not ours and not query.reading.claims:
        return _not_ours(), None
    if calculated is not None and (calculated[0].status != "unknown" or query.topics):
        return calculated[1], calculated[0]
    if query.facts.get(CATEGORIES) and not query.topics:
        return _overview(kb, query, as_of), None
    return None, None


def _by_person(kb: "KnowledgeBase", result: Result, query: Query) -> bool:
    """Whether what was told of the person beside the group (age, hukou, registration) is what makes them eligible."""
    told = {name for name in query.facts if name in PERSONAL and name not in (CATEGORIES, "role", "gender", "employer_type")}
    if not told or query.kind not in ("eligibility", "amount", None):
        return False
    without = {name: value for name, value in query.facts.items() if name not in told}
    return evaluate(kb, result.benefit, without, date.max, "").status != "eligible"


def _unsaid(kb: "KnowledgeBase", query: Query) -> Reply | None:
    """Where no document of the place says a word on the topic asked about, that is the answer; no other topic's sum is lent to it."""
    read = reader(kb)
    asked = [topic for topic in query.topics if topic not in GROUP_TOPICS]
    if not asked:
        return None
    family = {name for topic in asked for name in (topic, read.topics[topic].get("broader")) if name}
    if family & kb.topics_of(query.region):
        return None
    documents = kb.documents_of(query.region)
    place = kb.regions[query.region]
    numbers = "、".join(document.number for document in documents)
    return Reply(
        f"{place.short_name}的文件({numbers})没有写{read.topics[asked[0]]['label']}。请问{place.office}(12333)。", status="not_stated",
    )


def _given(kb: "KnowledgeBase", ranked: Ranked) -> Reply:
    answer = ranked.answer
    document = kb.documents[answer.document]
    citations = tuple(document.citation(clause) for clause in answer.clauses)
    buttons = (button("详细", "详细"),) if answer.more else ()
    if answer.kind in ("eligibility", "amount", "conditions", "who") and answer.benefit:
        buttons += (wording.CHECK_BUTTON,)
    return Reply(
        answer.text + wording.source(kb, citations), citations=citations, buttons=buttons,
        status="not_stated" if answer.not_stated else "answered",
    )


# ---- the calculator --------------------------------------------------------------------------------------------------
def benefits_for(kb: "KnowledgeBase", region: str, topics: tuple[str, ...]) -> list[Benefit]:
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


def _calculate(kb: "KnowledgeBase", query: Query, as_of: date | None) -> tuple[Result, Reply, bool] | None:
    """The benefit asked about, what to say of it, and whether the figures of the question settled it."""
    if query.kind is not None and query.kind not in CALCULATED_KINDS and not query.reading.claims:
        if not any(name in query.reading.facts for name in ("training_days", "monthly_wage", "subsidy_total", "work_training_months")):
            return None
    rules = benefits_for(kb, query.region, query.topics)
    if not rules:
        return None
    day = as_of or date.max
    facts = _assumed(kb, query)
    if len(rules) > 1 and "training_type" in facts:
        of_kind = {"training_type": facts["training_type"]}
        rules = [rule for rule in rules if evaluate(kb, rule, of_kind, day, "").status != "not_eligible"] or rules
    results = [evaluate(kb, rule, _with_assumptions(rule, facts), day, kb.regions[query.region].short_name) for rule in rules]
    order = {"eligible": 0, "unknown": 1, "not_eligible": 2}
    place = {rule.id: (query.topics.index(rule.topic) if rule.topic in query.topics else len(query.topics)) for rule in rules}
    results.sort(key=lambda r: (not _brings_figures(kb, r.benefit, query), place[r.benefit.id], order[r.status]))
    result = results[0]
    text = wording.result_text(kb, result)
    figures = _brings_figures(kb, result.benefit, query)
    settled = figures and result.status != "unknown"
    if result.status == "unknown":
        s = Situation(_with_assumptions(result.benefit, facts), day, kb.facts, kb.regions[query.region].short_name)
        money = result.benefit.amount.money(s, result.benefit.reduction)
        if money.kind not in ("pending", "not_stated", "free") and figures:
            text = wording.conditional_text(kb, result, money)
            settled = True
    if settled and (note := _assumption_note(kb, result.benefit, facts)):
        text = text.replace("依据:", note + "依据:", 1)
    buttons = (wording.CHECK_BUTTON,) if result.status == "unknown" else ()
    status = "not_stated" if result.amount is not None and result.amount.kind == "not_stated" else "answered"
    return result, Reply(text, citations=result.citations, buttons=buttons, status=status), settled


def _status(kb: "KnowledgeBase", query: Query, as_of: date | None) -> Reply | None:
    """Whether a person of the told age, hukou and so on counts as one of a named group (算不算就业困难人员)."""
    read = reader(kb)
    told = {name: value for name, value in query.reading.facts.items() if name not in ("role", "training_type", CATEGORIES)}
    name = next((read.topics[topic]["term"] for topic in query.reading.topics if "term" in read.topics[topic]), None)
    if name is None or not told or query.kind != "eligibility" or any(topic not in GROUP_TOPICS for topic in query.reading.topics):
        return None
    status = kb.statuses.get(query.region, {}).get(name)
    if status is None:
        return None
    facts = _assumed(kb, query)
    named = {option.value for option in kb.facts[CATEGORIES].options if option.label == status.condition.label}
    # 算不算就业困难人员 names the group without saying that the person is in it
    facts[CATEGORIES] = facts.get(CATEGORIES, frozenset()) - named
    if not facts[CATEGORIES]:
        del facts[CATEGORIES]
    place = kb.regions[query.region].short_name
    s = Situation(facts, as_of or date.max, kb.facts, place)
    holds = status.condition.truth(s)
    # People tell what they think matters: what they leave out does not make them one of the group
    closed = holds if holds is not None else status.condition.truth(
        Situation({**_closed(kb, status.condition), **facts}, s.as_of, kb.facts, place)
    )
    if closed is None:
        return None
    citation = kb.documents[status.document].citation(status.clause)
    text = kb.documents[status.document].clauses[status.clause].text
    if closed:
        reasons = "。".join(reason.text for reason in status.condition.reasons(s)) if holds else ""
        opening = f"算。{reasons}。" if reasons else "算。"
        opening += "具体由人社部门认定。"
    else:
        opening = f"照您说的情况,不算{status.condition.label}。{text}"
    return Reply(opening + wording.source(kb, (citation,)), citations=(citation,), buttons=(wording.CHECK_BUTTON,))


def _closed(kb: "KnowledgeBase", condition: Any) -> dict[str, Any]:
    names = {name for leaf in condition.leaves() for name in leaf.facts()}
    closed: dict[str, Any] = {CATEGORIES: frozenset({"laid_off"})}
    closed.update({name: False for name in names if kb.facts[name].type == "bool"})
    return closed


UNBARRED_KINDS = ("definition", "responsible", "target", "penalty", "validity", "content", "who", "reason", "comparison")


def _barred(kb: "KnowledgeBase", query: Query, as_of: date | None) -> tuple[Result, Reply] | None:
    """What the message itself tells may bar the benefit it asks for (合同签了11个月): then that is said first, whatever else is asked."""
    if query.kind in UNBARRED_KINDS or query.comparing:
        return None
    told = {name: value for name, value in query.reading.facts.items() if name not in (CATEGORIES, "role", "training_type", "advance_payer")}
    if not told:
        return None
    rules: list[Benefit] = []
    for topic in query.topics:
        if topic not in GROUP_TOPICS and not rules:
            rules = [rule for rule in benefits_for(kb, query.region, (topic,)) if rule.region == query.region]
    day, place = as_of or date.max, kb.regions[query.region].short_name
    results = [evaluate(kb, rule, told, day, place) for rule in rules]
    named = query.reading.facts.get(CATEGORIES)
    if named and results and not any(result.status == "not_eligible" for result in results):
        # 毕业生签半年合同: group and figure bar together what neither bars alone
        alone = [evaluate(kb, rule, {CATEGORIES: kb.with_implied(named)}, day, place) for rule in rules]
        if not any(result.status == "not_eligible" for result in alone):
            results = [evaluate(kb, rule, {**told, CATEGORIES: kb.with_implied(named)}, day, place) for rule in rules]
    if results and all(result.status == "not_eligible" for result in results):
        ranked = rank(kb, query, most=1)
        if ranked and ranked[0].score > PLAIN_NO and ranked[0].answer.text.startswith(("不", "没")):
            return None  # an answer of the knowledge base says it better
        rule = results[0].benefit
        s = Situation({**told, **({CATEGORIES: kb.with_implied(named)} if named else {})}, day, kb.facts, place)
        failing = [leaf for leaf in rule.when.leaves() if leaf.facts() & set(told) and leaf.truth(s) is False]
        reasons = dict.fromkeys(reason.text for leaf in failing for reason in leaf.reasons(s))
        text = f"不能领{rule.name}。{'。'.join(reasons)}。" if reasons else ""
        return results[0], Reply(
            text + wording.source(kb, results[0].citations) if text else wording.result_text(kb, results[0]), citations=results[0].citations
        )
    return None


def _summed(kb: "KnowledgeBase", query: Query, rule: Benefit, as_of: date | None) -> Reply | None:
    parts = sums.groups(reader(kb), query.reading.text, query.topics)
    if not parts:
        return None
    return sums.total(kb, rule, _assumed(kb, query), parts, as_of or date.max, kb.regions[query.region].short_name)


def _assumed(kb: "KnowledgeBase", query: Query) -> dict[str, Any]:
    """The facts of the question, with the kind of training that its topic means."""
    facts = dict(query.facts)
    read = reader(kb)
    for topic in query.topics:
        kind = read.topics.get(topic, {}).get("training_type")
        if kind and "training_type" not in facts:
            facts["training_type"] = kind
    try:
        return parse_facts(kb, {name: fact_to_json(value) for name, value in facts.items()})
    except FactError:
        return {}


def _with_assumptions(rule: Benefit, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts with what a conversation takes as meant (a course told of by its days on site has no on-line days)."""
    assumed = {name: value for name, value, beside in rule.assumes if facts.get(beside) and facts.get(name) is None}
    return {**facts, **assumed}


def _assumption_note(kb: "KnowledgeBase", rule: Benefit, facts: Mapping[str, Any]) -> str:
    """What was taken as meant, told with the sum."""
    texts = []
    for name, value, beside in rule.assumes:
        if facts.get(beside) and facts.get(name) is None:
            fact = kb.facts[name]
            option = fact.option(value) if isinstance(value, str) else None
            texts.append(option.label if option else f"{fact.label}{'是' if value is True else '否' if value is False else value}")
    return f"(没说的按{'、'.join(texts)}算。)" if texts else ""


def _brings_figures(kb: "KnowledgeBase", rule: Benefit, query: Query) -> bool:
    """Whether the message itself brings a number that the sum of the benefit needs."""
    numbers = [name for name in rule.amount.facts() if kb.facts[name].type in NUMERIC_TYPES]
    return any(name in query.reading.facts for name in numbers) or (
        any(name in query.facts for name in numbers if name != "headcount") and (query.reading.elliptical or query.kind == "amount")
    )


def _overview(kb: "KnowledgeBase", query: Query, as_of: date | None) -> Reply:
    """What a group of people may have in a region, when nothing more is asked."""
    day = as_of or date.max
    facts = {**_assumed(kb, query), "role": query.facts.get("role", "worker")}
    results = [evaluate(kb, rule, facts, day, kb.regions[query.region].short_name) for rule in kb.benefits_of(query.region)
               if rule.paid_to in (None, facts["role"]) and rule.paid_to_fact is None]
    good = [r for r in results if r.status == "eligible"]
    codes = "、".join(option.label for option in kb.facts[CATEGORIES].options if option.value in query.facts[CATEGORIES])
    place = kb.regions[query.region].short_name
    if not good:
        return Reply(f"光凭{codes}这一点还定不了,要看别的情况。回“帮我测算”,我一步步问您。", buttons=(wording.CHECK_BUTTON,), status="clarify")
    lines = [f"{codes}在{place}可以享受:", *(wording.line(kb, r) for r in good)]
    citations = tuple({c["clause"]: c for r in good for c in r.citations}.values())
    return Reply("\n".join(lines) + "\n" + wording.source(kb, citations), citations=citations, buttons=(wording.CHECK_BUTTON,))


# ---- the rest --------------------------------------------------------------------------------------------------------
def _with_period(kb: "KnowledgeBase", reply: Reply, context: Context, as_of: date | None) -> tuple[Reply, Context]:
    """After the plan's period it is said once in a conversation."""
    if as_of is None:
        return reply, context
    for citation in reply.citations:
        document = kb.documents[citation["document"]]
        if not document.in_force(as_of) and document.in_force_to is not None and as_of > document.in_force_to:
            if document.id in context.told:
                return reply, context
            return reply.but(text=reply.text + wording.period_note(document)), context.but(told=(*context.told, document.id))
    return reply, context


def _missed(kb: "KnowledgeBase", reading: Reading, context: Context, likely: Any) -> tuple[Reply, Context]:
    context = context.but(misses=context.misses + 1)
    if context.misses >= 2:
        return Reply(
            "这个我还是没弄明白。要不要找人帮您?回“转人工”就行,也可以打12333。", buttons=(button("转人工"),), status="unknown",
        ), context
    options = [ranked.answer.ask[0] for ranked in likely]
    if options:
        return Reply(
            "没太明白您的意思。您想问的是不是下面哪一个?\n" + "\n".join(f"{n}. {text}" for n, text in enumerate(options, 1)),
            buttons=tuple(button(text) for text in options), status="clarify",
        ), context
    return Reply(
        "没太明白。我能回答职业技能培训补贴的事:能不能免费学、生活费补多少、企业能领多少、去哪办。您可以说说在哪个地方、是什么人、想问什么。",
        buttons=(wording.CHECK_BUTTON, button("转人工")), status="unknown",
    ), context


def _welcome(kb: "KnowledgeBase", region: str) -> Reply:
    place = kb.regions[region].short_name
    return Reply(
        f"好的,{place}。您想问什么?比如:能不能免费学、生活费补多少、企业培训补多少。也可以一步步测算。",
        buttons=(button(f"{place}哪些人能免费培训"), button(f"{place}生活费补贴多少钱"), wording.CHECK_BUTTON), status="clarify",
    )


STEERING = frozenset({"forge", "prompt_injection", "promise"})


def _outside(kb: "KnowledgeBase", reading: Reading, context: Context) -> Reply | None:
    if reading.outside is None:
        return None
    reply = reader(kb).outside[reading.outside]
    if reading.outside in STEERING and not {"penalty", "responsible"} & set(reading.kinds):
        return Reply(reply, status="outside")
    if reading.topics or reading.categories or (reading.outside == "social_insurance_rate" and (reading.ours or context.topics)):
        return None
    return Reply(reply, status="outside", buttons=(button("转人工"),) if reading.outside == "abuse" else ())


def _control(kb: "KnowledgeBase", reading: Reading, context: Context) -> tuple[Reply, Context]:
    control = reading.control
    have = "、".join(region.short_name for region in kb.regions.values())
    if control == "more_detail":
        return _more(kb, context), context
    if control == "handoff":
        return Reply("好的,给您转人工。请稍等,也可以打12333。", status="control", control=control, handoff=True), context
    if control == "restart":
        return Reply("好的,重新开始。您想问哪个地方的?", buttons=tuple(button(r.short_name) for r in kb.regions.values()),
                     status="control", control=control), Context()
    texts = {
        "greet": f"您好,我是问补,回答{have}的职业技能培训补贴问题。您可以直接问,比如“残疾人培训40天能领多少生活费”;也可以说“帮我测算”。",
        "help": f"我是问补,一个查政策的程序,不是真人。我能答{have}的职业技能培训补贴:谁能免费学、生活费补多少、企业能领多少、去哪办。说“帮我测算”一步步算,说“转人工”找人。",
        "thank": "不客气。还有要问的随时说。",
        "goodbye": "好的,再见。有事随时来问。",
        "cancel": "好的,不测了。您还可以接着问别的。",
        "dont_know": "没关系。您可以先说说在哪个地方、是什么人、想问什么。",
        "affirm": "好的。您接着说,想问什么?",
        "deny": "好的。您接着说,想问什么?",
        "start_check": "好的,开始测算。",
    }
    return Reply(texts[control or "help"], status="control", control=control), context


def _more(kb: "KnowledgeBase", context: Context) -> Reply:
    chosen = kb.answers_by_id.get(context.answer or "")
    if chosen is not None:
        document = kb.documents[chosen.document]
        clause = document.clauses[chosen.clauses[0]]
        citations = tuple(document.citation(name) for name in chosen.clauses)
        return Reply((chosen.more or "") + f"{clause.label}({clause.title})讲的是:{clause.text}" + wording.source(kb, citations), citations=citations)
    rule = kb.benefits.get(context.answer or "")
    if rule is not None:
        document = kb.documents[rule.document]
        citations = tuple(kb.documents[d].citation(c) for d, c in rule.cites)
        text = "".join(f"{document.clauses[c].label}({document.clauses[c].title}):{document.clauses[c].text}" for c in rule.clauses)
        return Reply(text + wording.source(kb, citations), citations=citations)
    return Reply("您想详细了解哪一件事?请先问一个问题。", status="clarify")
