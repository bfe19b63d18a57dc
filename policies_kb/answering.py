"""A message in its conversation → one reply. The order of the steps is the order in which the code stands.

Every figure and verdict in a reply comes from a clause or from the calculator; texts are the knowledge base's own.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from policies_kb import advances, calculations, companion, premises, silences, sums, wording
from policies_kb.asides import OURS, OURS_PLACED, control, like_ours, missed, not_ours, outside
from policies_kb.conditions import CATEGORIES
from policies_kb.context import Context
from policies_kb.evaluate import Result, evaluate
from policies_kb.facts import fact_to_json
from policies_kb.model import Answer, Benefit
from policies_kb.places import beside_ours, no_document, regions_asked, unknown_place, welcome
from policies_kb.queries import Query, benefits_for, understood
from policies_kb.ranking import Ranked, rank
from policies_kb.reading import GROUP_TOPICS, Reading, reader
from policies_kb.reply import Reply, button
from policies_kb.search import LONG
from policies_kb.verdicts import barred, by_person, calculate, closed, counted_as, overview, summed

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase

LIKELY = 1.2
"""From this score on (see ranking) the best answer is given; below it the likeliest readings are offered."""
LIKELY_LONG = 0.6
"""The same for a rambling message, in which much has nothing to do with the question."""
LIKELY_OUTSIDE = 1.8
"""What a message without a single word of our vocabulary must reach: most such are about something else."""
SOURCES = ("providers", "organisation", "publicity", "schools", "general")
"""Topics that in a doubt only tell where somebody has it from (培训学校的广告上写的)."""
AGAINST = re.compile(r"说|写|讲|传|发的|念|都|随便|不可能|不信|骗|领了|拿了")
PARTS = re.compile(r"[?!;.,]|(?:还有|另外|顺便问)")


def answer(kb: KnowledgeBase, message: str, context: Context | None = None, as_of: date | None = None) -> tuple[Reply, Context]:
    """The reply to a message and the context for the next one. ``as_of`` is the day the question is asked."""
    context = context or Context()
    read = reader(kb)
    reading = read.read(message, before=context.topics)
    if reading.control == "doubt" and (said := _said_again(kb, reading, context, as_of)) is not None:
        return said, context.but(misses=0)
    if reading.control not in (None, "doubt"):
        return control(kb, reading, context)
    aside = outside(kb, reading, context)
    if aside is not None:
        named = reading.regions[0] if len(reading.regions) == 1 else context.region
        return aside, context.but(misses=0, region=named)
    regions = regions_asked(kb, reading, context)
    if not regions and reading.places:
        return unknown_place(kb, reading), context
    if not regions:
        return _ask_region(kb, reading, context)
    if regions and beside_ours(kb, reading):
        context = context.but(region=regions[0])
        reply, context = _in_region(kb, reading, regions[0], context, as_of) if len(regions) == 1 else _compared(kb, reading, regions, context, as_of)
        return reply.but(text=no_document(reading.places) + reply.text), context
    if len(regions) > 1:
        return _compared(kb, reading, regions, context, as_of)
    return _in_region(kb, reading, regions[0], context, as_of)


def _compared(
    kb: KnowledgeBase, reading: Reading, regions: tuple[str, ...], context: Context, as_of: date | None
) -> tuple[Reply, Context]:
    from policies_kb.comparing import compare

    return compare(kb, reading, regions, context, as_of)


def _ask_region(kb: KnowledgeBase, reading: Reading, context: Context) -> tuple[Reply, Context]:
    buttons = tuple(button(region.short_name) for region in kb.regions.values())
    if not reading.about_policy and not context.topics:
        if not reading.kinds:
            return missed(kb, reading, context, ())
        if not like_ours(kb, reading):
            return not_ours(), context.but(misses=0)
    facts = {name: fact_to_json(value) for name, value in reading.facts.items()}
    return (
        Reply("各地规定不一样。您问的是哪个地方?", buttons=buttons, status="clarify"),
        context.but(pending=reading.raw, facts={**context.facts, **facts}),
    )


def _in_region(kb: KnowledgeBase, reading: Reading, region: str, context: Context, as_of: date | None) -> tuple[Reply, Context]:
    if reading.only_place and context.pending:
        resumed = reader(kb).read(context.pending)
        return _in_region(kb, resumed, region, context.but(pending=None, region=region), as_of)
    if reading.only_place and not context.topic:
        return welcome(kb, region), context.but(region=region)
    if reading.says_nothing:
        # what was talked about before does not make gibberish a question about it
        return missed(kb, reading, context, ())
    query = understood(kb, reading, region, context)
    context = context.but(region=region, pending=None)
    reply, chosen = decide(kb, query, as_of)
    if chosen is not None:
        reply = _both(kb, query, reply, chosen, context, as_of)
    if reply is None:
        return missed(kb, reading, context, rank(kb, query)[:3])
    if reading.claims:
        reply = premises.corrected(kb, reading, reply, rank(kb, query, most=8))
    reply = premises.payee(_rule_of(kb, chosen), reading, reply)
    reply = premises.over_the_cap(benefits_for(kb, region, query.topics), reading, reply)
    if isinstance(chosen, Answer):
        reply = silences.said_first(kb, reading, reply, region, chosen.topic)
    if isinstance(chosen, Answer) and reply.citations == _citations(kb, chosen):
        reply = companion.beside(kb, query, chosen, reply)
    reply, context = _with_period(kb, reply, context, as_of)
    facts = {name: fact_to_json(value) for name, value in query.facts.items()}
    topics = query.topics
    if isinstance(chosen, Answer) and all(topic in GROUP_TOPICS for topic in topics):
        topics = (chosen.topic, *(topic for topic in topics if topic != chosen.topic))
    leaves_it = reading.only_place or (not reading.topics and (reading.elliptical or not reading.kinds))
    return reply, context.but(
        asked=context.asked if leaves_it and context.asked else reading.raw,
        topics=topics or context.topics, kind=query.kind or context.kind, facts=facts, misses=0,
        answer=f"{chosen.document}/{chosen.id}" if isinstance(chosen, Answer) else chosen.benefit.id if isinstance(chosen, Result) else None,
    )


def _said_again(kb: KnowledgeBase, reading: Reading, context: Context, as_of: date | None) -> Reply | None:
    """To somebody who doubts the last answer it is said once more, a figure insisted on set right first; None where there was none."""
    told_anew = {name for name, value in reading.facts.items() if name != "role" and context.facts.get(name) != fact_to_json(value)}
    if set(reading.topics) - {*context.topics, *SOURCES} or (reading.topics and not reading.claims) or reading.places:
        return None
    if context.region is None or told_anew or (reading.regions and reading.regions != (context.region,)):
        return None
    query = understood(kb, reading, context.region, context)
    if context.answer in kb.answers_by_id:
        reply = given(kb, Ranked(0.0, kb.answers_by_id[context.answer]))
    elif context.answer in kb.benefits:
        calculated = calculate(kb, query, as_of)
        if calculated is None:
            return None
        reply = calculated[1]
    else:
        return None
    alike = [ranked for ranked in rank(kb, query, most=20) if ranked.answer.topic in query.topics]
    put_right = premises.corrected(kb, reading, reply, alike)
    if put_right is not reply:
        return put_right
    return reply.but(text=("不是那样,文件是这么定的。" if AGAINST.search(reading.text) else "没有弄错,文件就是这么定的。") + reply.text)


def _both(kb: KnowledgeBase, query: Query, reply: Reply | None, chosen: Answer | Result, context: Context, as_of: date | None) -> Reply | None:
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
    seen: list[Answer | str] = []
    for part in parts:
        reading = read.read(part, before=query.topics)
        partial = understood(kb, reading, query.region, whole)
        found, answer = decide(kb, partial, as_of)
        if found is None or answer is None or not (reading.topics or reading.claims or reading.kind not in (None, "eligibility")):
            return reply
        what = answer if isinstance(answer, Answer) else answer.benefit.id
        if what in seen:
            return found if isinstance(answer, Answer) else reply
        seen.append(what)
        texts.append(found.text.split("依据：")[0])
        citations.extend(c for c in found.citations if c not in citations)
    return reply.but(text="".join(texts) + wording.source(kb, citations), citations=tuple(citations))


def decide(kb: KnowledgeBase, query: Query, as_of: date | None) -> tuple[Reply | None, Answer | Result | None]:
    """Worked out by the calculator where the question brings figures; else the nearest answer; else a verdict."""
    status = counted_as(kb, query, as_of)
    if status is not None:
        return status, None
    of_districts = calculations.of_districts(kb, query.region, query.reading)
    if of_districts is not None:
        return of_districts, None
    worked_out = calculations.calculated(kb, query.region, query.topics, query.reading, query.facts)
    if worked_out is not None:
        return worked_out, None
    if not query.comparing and (total := sums.across(kb, reader(kb), query.region, query.reading.text, as_of or date.max)) is not None:
        return total, None
    advance = advances.in_advance(kb, query, as_of)
    if advance is not None:
        return advance, None
    calculated = calculate(kb, query, as_of)
    if calculated is not None and (total := summed(kb, query, calculated[0].benefit, as_of)) is not None:
        return total, calculated[0]
    if calculated is not None and calculated[2]:
        refusal = _said_of_the_group(kb, query, calculated[0])
        return (given(kb, refusal), refusal.answer) if refusal is not None else (calculated[1], calculated[0])
    refused = barred(kb, query, as_of)
    if refused is not None:
        return refused[1], refused[0]
    ranked = rank(kb, query)
    if calculated is not None and calculated[0].status == "eligible" and by_person(kb, calculated[0], query):
        return calculated[1], calculated[0]
    if calculated is not None and calculated[0].status == "eligible" and ranked and _refuses_wrongly(kb, calculated[0], ranked[0].answer, query):
        return calculated[1], calculated[0]
    unsaid = _unsaid(kb, query)
    if unsaid is not None and (not ranked or ranked[0].answer.topic not in query.topics):
        return unsaid, None
    ours = query.reading.about_policy or bool(query.inherited)
    if ranked and calculated is not None and calculated[0].status == "unknown" and ranked[0].answer.topic in query.topics:
        enough = LIKELY_LONG
    else:
        enough = LIKELY_LONG if len(query.reading.text) > LONG else LIKELY
    if ranked and ranked[0].score >= (enough if ours else LIKELY_OUTSIDE) and (
        ours or ranked[0].like >= (OURS_PLACED if query.reading.regions else OURS)
    ):
        return given(kb, ranked[0]), ranked[0].answer
    if not ours and not query.reading.claims:
        return not_ours(), None
    if calculated is not None and (calculated[0].status != "unknown" or query.topics):
        return calculated[1], calculated[0]
    if query.facts.get(CATEGORIES) and not query.topics:
        return overview(kb, query, as_of), None
    return None, None


def _unsaid(kb: KnowledgeBase, query: Query) -> Reply | None:
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


def _refuses_wrongly(kb: KnowledgeBase, result: Result, answer: Answer, query: Query) -> bool:
    """Whether an answer turns somebody away (超过3年不行) whom the calculator, knowing what was told, finds eligible."""
    told = {fact for leaf in result.benefit.when.leaves() for fact in leaf.facts()} & set(query.reading.facts) - {"role", "training_type"}
    return answer.benefit == result.benefit.id and bool(told) and companion.REFUSES.match(answer.text) is not None


def _said_of_the_group(kb: KnowledgeBase, query: Query, result: Result) -> Ranked | None:
    """Where what was told of the person is not enough for the sum (城镇户口的两后生), the answer that tells their group so."""
    told = query.reading.categories
    if result.status != "unknown" or not told or result.benefit.paid_to == "employer":
        return None
    if evaluate(kb, result.benefit, {**closed(kb, result.benefit.when), **query.facts}, date.max, "").status != "not_eligible":
        return None
    return next(
        (ranked for ranked in rank(kb, query) if set(ranked.answer.groups) & told and ranked.answer.benefit == result.benefit.id), None,
    )


def _rule_of(kb: KnowledgeBase, chosen: Answer | Result | None) -> Benefit | None:
    return chosen.benefit if isinstance(chosen, Result) else kb.benefits.get(chosen.benefit or "") if chosen is not None else None


def _citations(kb: KnowledgeBase, answer: Answer) -> tuple[dict[str, str], ...]:
    return tuple(kb.documents[answer.document].citation(clause) for clause in answer.clauses)


def given(kb: KnowledgeBase, ranked: Ranked) -> Reply:
    """An answer of the knowledge base as a reply, with its sources."""
    answer = ranked.answer
    citations = _citations(kb, answer)
    buttons = (button("详细", "详细"),) if answer.more else ()
    if answer.kind in ("eligibility", "amount", "conditions", "who") and answer.benefit:
        buttons += (wording.CHECK_BUTTON,)
    return Reply(
        answer.text + wording.source(kb, citations), citations=citations, buttons=buttons,
        status="not_stated" if answer.not_stated else "answered",
    )


def _with_period(kb: KnowledgeBase, reply: Reply, context: Context, as_of: date | None) -> tuple[Reply, Context]:
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
