"""What is no question of policy: words that steer the dialogue, other matters, and messages not understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from policies_kb import wording
from policies_kb.context import Context
from policies_kb.reading import Reading, reader
from policies_kb.reply import Reply, button
from policies_kb.search import features, index

if TYPE_CHECKING:
    from policies_kb.knowledge import KnowledgeBase
    from policies_kb.ranking import Ranked

OURS = 0.42
"""How like some way of asking a message without a word of our vocabulary must be to be taken for one of ours."""
OURS_PLACED = 0.25
"""The same for a message that names one of our places: few ask for the weather with the name of the city before it."""
STEERING = frozenset({"forge", "prompt_injection", "promise"})


def like_ours(kb: KnowledgeBase, reading: Reading) -> bool:
    """Whether a message that names neither place nor topic is worded like anything people ask us."""
    everything = index(kb, None)
    best = everything.best_answers(features(everything.read, reading.text))
    return any(first > OURS for first, _, _ in best.values())


def not_ours() -> Reply:
    """What is said to a question that is none of training subsidies."""
    return Reply(
        "这个我答不了,不归职业技能培训补贴管。我能答的是:谁能免费培训、生活费补多少、企业能领多少、去哪办。别的事请打12345或12333。",
        buttons=(wording.CHECK_BUTTON, button("转人工")), status="outside",
    )


def missed(kb: KnowledgeBase, reading: Reading, context: Context, likely: Sequence[Ranked]) -> tuple[Reply, Context]:
    """A message not understood: the likeliest readings as buttons, after a second miss a person."""
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


def outside(kb: KnowledgeBase, reading: Reading, context: Context) -> Reply | None:
    """The reply to a matter that is not ours, or None; forging, orders and promises are refused even beside a policy question."""
    if reading.outside is None:
        return None
    reply = reader(kb).outside[reading.outside]
    if reading.outside in STEERING and not {"penalty", "responsible"} & set(reading.kinds):
        return Reply(reply, status="outside")
    if reading.surely_outside or ((reading.topics or reading.ours) and reader(kb).asks_outside(reading)):
        return Reply(reply, status="outside")
    if reading.topics or reading.categories:
        return None
    asks_to_learn = "eligibility" in reading.kinds and re.search("领|补|学|培训|参加|报名", reading.text)
    if reading.outside == "social_insurance_rate" and (asks_to_learn or reading.ours or context.topics):
        return None  # 没交社保能领不 asks for the subsidy, not for the insurance
    return Reply(reply, status="outside", buttons=(button("转人工"),) if reading.outside == "abuse" else ())


def control(kb: KnowledgeBase, reading: Reading, context: Context) -> tuple[Reply, Context]:
    """The reply to words that steer the dialogue (转人工, 详细, 重新开始 …) or are mere courtesy."""
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


def _more(kb: KnowledgeBase, context: Context) -> Reply:
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
