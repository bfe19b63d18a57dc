"""One turn of the check: take what the message tells, answer what it asks, and let the calculator name the next question.

Rasa's form calls this after every message while the check is open, at its start, and when it comes back from small talk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

import policies_kb
from actions import next_question, slots
from actions.answer_policy import GIVES_UP, HANDED_OVER
from actions.handoff import MISSED, hand_over
from actions.next_question import REGION
from actions.read_answer import CATEGORIES, Answer, is_pick, read_answer
from actions.reply import send, tells_failure
from actions.slots import ANSWERED, REQUESTED, UNKNOWN, Event
from policies_kb import FactError, KnowledgeBase
from policies_kb.model import Fact

OPENING = "好,我来问几个问题,算一算能领什么。可以点选、打字或回数字;不清楚就说“不知道”,说“看结果”马上出结果,说“取消”就停。"
NOT_UNDERSTOOD = "没听明白,这一题换个说法再答一次,或者说“不知道”。"
CHANGED = "好,改过来了。"
WENT_BACK = "好,上一题重新答。"
# The dialogue rules have their own answer to these; the form steps aside (Rasa: rejects) and comes back where a rule says so.
LEFT_TO_RULES = frozenset({"cancel", "handoff", "greet", "goodbye", "thank", "help", "bot_challenge", "off_topic", "abuse"})
ENDS = frozenset({"cancel", "handoff"})
START = "start_check"


class ValidateEligibilityForm(Action):
    """What a message in the check comes to, as slots."""

    def name(self) -> str:
        """The name by which Rasa's form looks for it."""
        return f"validate_{slots.FORM}"

    @tells_failure
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        """Slot events; the last one names the next slot to ask, or None when the check is over. None at all: a rule answers."""
        return Turn(slots.knowledge(), dispatcher, tracker).events()


class Turn:
    """The working of one message; lives for one call."""

    def __init__(self, kb: KnowledgeBase, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        self.kb = kb
        self.dispatcher = dispatcher
        self.tracker = tracker
        self.asked: str | None = tracker.get_slot(REQUESTED)
        self.facts = slots.facts_of(tracker)
        self.region = slots.region_of(tracker)
        self.unknown = slots.names_of(tracker, UNKNOWN)
        self.answered = slots.names_of(tracker, ANSWERED)
        self.context = slots.context_of(tracker)
        self.remembered: list[Event] = []
        self.over = False

    def events(self) -> list[Event]:
        """What the message changes."""
        if slots.came_back_to_form(self.tracker):
            return [self._next()]
        opening = self.asked is None
        if opening:
            self.unknown, self.answered = [], []
        answer = self._read()
        intent, control = slots.intent_of(self.tracker), answer.reading.control
        told = bool(answer.facts or answer.region)
        if not opening and (control in ENDS or (not told and not answer.asks and not is_pick(slots.text_of(self.tracker)) and (control or intent) in LEFT_TO_RULES)):
            return []
        if intent == "show_result" and not told:
            return [self._kept(), SlotSet(REQUESTED, None)]
        if opening:
            self._take(answer)
            send(self.dispatcher, OPENING)
        elif control == "dont_know" or (intent == "dont_know" and not told and not answer.asks):
            self.unknown.append(self.asked)
        elif told:
            self._take(answer)
            self._acknowledge(answer)
        elif answer.corrects or intent == "correct":
            self._go_back()
        if answer.error is not None:
            send(self.dispatcher, refusal(self.kb, answer.error))
        elif not opening and answer.asks:
            self._reply()
        elif not opening and not told and not answer.corrects and intent != "correct" and self.asked not in self.unknown and (control or intent) != START:
            self._miss()
        if self.context.misses and not self.remembered:
            # something was understood: the misses are no longer in a row
            self.remembered = [slots.remember(self.context.but(misses=0))]
        return [*self._changes(), SlotSet(REQUESTED, None) if self.over else self._next()]

    def _read(self) -> Answer:
        question = None if self.asked is None else next_question.question_for(self.kb, self.asked, self.region)
        text, last = slots.text_of(self.tracker), self.answered[-1] if self.answered else None
        answer = read_answer(self.kb, text, self.asked, question.options if question else (), last)
        if self.asked in self.kb.facts and self.kb.facts[self.asked].type == "bool" and not answer.facts and not answer.asks:
            # 办过的、没去过: the classifier knows more ways of yes and no than a list can hold
            said = {"affirm": True, "deny": False}.get(slots.intent_of(self.tracker) or "")
            if said is not None and answer.reading.control is None:
                return Answer({self.asked: said}, answer.region, answer.corrects, answer.error, answer.reading)
        return answer

    def _take(self, answer: Answer) -> None:
        """Keep what was told. Groups told in passing join those known; the answer to the question itself is the whole list."""
        facts = dict(answer.facts)
        if CATEGORIES in facts and self.asked != CATEGORIES and not answer.corrects:
            facts[CATEGORIES] = sorted({*self.facts.get(CATEGORIES, ()), *facts[CATEGORIES]})
        self.facts.update(facts)
        if answer.region is not None:
            self.region = answer.region
        for name in (*facts, *([REGION] if answer.region else [])):
            self.unknown = [other for other in self.unknown if other != name]
            self.answered = [*(other for other in self.answered if other != name), name]

    def _acknowledge(self, answer: Answer) -> None:
        """A correction, or facts other than the one asked for, are said back; a plain answer needs no echo."""
        others = {name: value for name, value in answer.facts.items() if name != self.asked}
        if answer.corrects:
            send(self.dispatcher, f"{CHANGED}{noted(self.kb, answer.facts)}")
        elif others and self.asked not in answer.facts and not answer.asks:
            send(self.dispatcher, f"记下了。{noted(self.kb, others)}")

    def _go_back(self) -> None:
        """Forget the last answer, so that it is asked again."""
        if not self.answered:
            return
        last = self.answered.pop()
        if last == REGION:
            self.region = None
        else:
            self.facts.pop(last, None)
        send(self.dispatcher, WENT_BACK)

    def _reply(self) -> None:
        """Answer a question in the middle of the check; the check's own question follows."""
        context = self.context.but(region=self.region, facts=self.facts)
        reply, context = policies_kb.answer(self.kb, slots.text_of(self.tracker), context, slots.today())
        if reply.status == "unknown":
            self._miss()
            return
        send(self.dispatcher, reply.text, reply.citations)
        self.remembered = [slots.remember(context)]

    def _miss(self) -> None:
        """Not understood: the question is put again; the second time in a row a person takes over, and the check is over."""
        context = self.context.but(region=self.region, facts=self.facts, misses=self.context.misses + 1)
        if context.misses < GIVES_UP:
            send(self.dispatcher, NOT_UNDERSTOOD)
        else:
            context, self.over = context.but(misses=0), True
            hand_over(self.dispatcher, self.tracker, HANDED_OVER, MISSED, context)
        self.remembered = [slots.remember(context)]

    def _changes(self) -> list[Event]:
        forgotten = dict.fromkeys(name for name in slots.facts_of(self.tracker) if name not in self.facts)
        events = slots.set_facts(self.tracker, {**forgotten, **self.facts})
        if self.region != slots.region_of(self.tracker):
            events.append(SlotSet(REGION, self.region))
        return [*events, *self.remembered, SlotSet(UNKNOWN, self.unknown), self._kept()]

    def _kept(self) -> Event:
        # Rasa takes a turn without any slot event for "nothing was understood" and leaves the form.
        return SlotSet(ANSWERED, self.answered)

    def _next(self) -> Event:
        question = next_question.next_question(self.kb, self.region, self.facts, self.unknown)
        return SlotSet(REQUESTED, None if question is None else question.name)


def noted(kb: KnowledgeBase, facts: Mapping[str, Any]) -> str:
    """Facts said back: 年龄:52岁;户口:农村户口。"""
    return ";".join(f"{kb.facts[name].label}:{shown(kb.facts[name], value)}" for name, value in facts.items()) + ("。" if facts else "")


def shown(fact: Fact, value: Any) -> str:
    """A fact's value in words."""
    if fact.type == "bool":
        return "是" if value else "不是"
    if fact.options:
        values = value if isinstance(value, list) else [value]
        return "、".join(fact.option(item).label for item in values) or "都不是"
    return f"{value}{fact.unit}"


def refusal(kb: KnowledgeBase, error: FactError) -> str:
    """Why a value will not do, in the words of the fact."""
    return f"{kb.facts[error.fact].label}不能是{error.got}。{error.allowed}"
