"""A sentence → entities with normalised values: region, facts, topics as policies_kb reads them (三十天 is training_days 30)."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from policies_kb import KnowledgeBase, Reading, load_knowledge_base, read
from policies_kb.facts import fact_to_json

READING = "reading"
"""The message attribute under which the reading is left for the intent arbiter; it does not leave the pipeline."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FactReader(GraphComponent):
    """Reads each message once. What it finds replaces what the spaCy ruler found for the same entity: the ruler knows words,
    not negation, numbers or which of two facts a number belongs to."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> FactReader:
        """Called by Rasa's graph engine."""
        return cls(load_knowledge_base())

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb

    def process(self, messages: list[Message]) -> list[Message]:
        """Add entities to each message."""
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            reading = read(self._kb, text)
            found = entities(reading)
            names = {entity["entity"] for entity in found}
            others = [entity for entity in message.get(ENTITIES, []) if entity["entity"] not in names]
            message.set(READING, reading)
            message.set(ENTITIES, others + found, add_to_output=True)
        return messages


def entities(reading: Reading) -> list[dict[str, Any]]:
    """The regions and facts of a reading in Rasa's form; a set has one entity per code."""
    found = [_entity("region", region) for region in reading.regions]
    for name, value in reading.facts.items():
        plain = fact_to_json(value)
        found += [_entity(name, item) for item in (plain if isinstance(plain, list) else [plain])]
    return found


def _entity(name: str, value: Any) -> dict[str, Any]:
    return {"entity": name, "value": value, "extractor": FactReader.__name__}
