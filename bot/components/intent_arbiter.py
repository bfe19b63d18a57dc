"""Who decides what a message wants: exact control words first, then the content of policy, and only then the classifier."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.components.fact_reader import READING
from policies_kb import Reading
from policies_kb.reading import GROUP_TOPICS

COMPARISON = "comparison"
# The least confidence at which the classifier is believed about small talk; a wrong "off topic" turns an asker away.
SMALL_TALK = {
    "greet": 0.5, "goodbye": 0.5, "thank": 0.5, "help": 0.5, "bot_challenge": 0.5, "off_topic": 0.7, "abuse": 0.7,
    "affirm": 0.5, "deny": 0.5, "dont_know": 0.5, "more_detail": 0.5,
}
# … and about steering the dialogue, when the message also speaks of policy (转人工吧,你说的生活费不对).
STEERING = {"cancel": 0.7, "handoff": 0.7, "restart": 0.7, "show_result": 0.7, "start_check": 0.5}
SURE = 0.95
FALLBACK = "nlu_fallback"
# 测算 is a word of this program alone: whoever uses it wants the check, whatever else the sentence tells (but may ask about it).
CHECK = re.compile(r"测算|测一测|资格自测")
WORDS = re.compile(r"[\u4e00-\u9fffa-z]")
QUESTION = re.compile(r"怎么|是什么|为什么|准不准|[吗?]")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class IntentArbiter(GraphComponent):
    """Sets the intent of a message where words or content settle it."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> IntentArbiter:
        """Called by Rasa's graph engine."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Settle the intent of each message."""
        for message in messages:
            reading = message.get(READING)
            if reading is None:
                continue
            guess = message.get(INTENT) or {}
            intent = settled(reading, guess.get(INTENT_NAME_KEY), guess.get(PREDICTED_CONFIDENCE_KEY) or 0.0)
            if intent is not None:
                certain = {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: 1.0}
                message.set(INTENT, certain, add_to_output=True)
                # the fallback classifier also weighs the first two of the ranking
                others = [other for other in message.get(INTENT_RANKING_KEY) or [] if other[INTENT_NAME_KEY] != intent]
                message.set(INTENT_RANKING_KEY, [certain, *others], add_to_output=True)
        return messages


def settled(reading: Reading, guess: str | None, confidence: float) -> str | None:
    """The intent that the reading settles, or None where the classifier's guess stands."""
    if reading.control is not None:
        return reading.control
    speaks_of_policy = bool(
        reading.about_policy or reading.regions or reading.places or reading.facts or reading.claims or reading.outside
    )
    if CHECK.search(reading.text) and not QUESTION.search(reading.text) and guess not in ("cancel", "restart"):
        return "start_check"
    if guess in STEERING:
        if guess == "start_check" and any(topic not in GROUP_TOPICS for topic in reading.topics):
            return asked(reading)
        if confidence >= (STEERING[guess] if speaks_of_policy else 0.5):
            return None
        return asked(reading) if speaks_of_policy else FALLBACK
    if not WORDS.search(reading.text):
        return FALLBACK if not speaks_of_policy else "inform"
    if guess in SMALL_TALK:
        if guess == "greet" and confidence >= SURE and not (reading.kinds or reading.facts or reading.regions):
            return None  # 老师 in a greeting is no question about teachers
        if speaks_of_policy:
            return asked(reading)
        return None if confidence >= SMALL_TALK[guess] else FALLBACK
    if guess == "correct":
        return None
    return asked(reading) if reading.kind is not None and speaks_of_policy else None


def asked(reading: Reading) -> str:
    """The intent of a message about policy: its kind of question, or a fact told."""
    if reading.kind is None:
        return "inform"
    return "compare" if reading.kind == COMPARISON else f"ask_{reading.kind}"
