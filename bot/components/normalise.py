"""First step of the pipeline: what people type → one width, one spelling, simplified characters."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from policies_kb import libraries
from policies_kb.text import normalise


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class Normaliser(GraphComponent):
    """Rewrites the text of every message, in training and in use alike, so that both see the same characters.

    The rewritten text is also what the actions find in the tracker's latest message.
    """

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> Normaliser:
        """Called by Rasa's graph engine."""
        libraries.install()
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Normalise the training examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Normalise messages in place."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                message.set(TEXT, normalised(text), add_to_output=True)
        return messages


def normalised(text: str) -> str:
    """The text as policies_kb writes it; numbers set apart by blanks ("1 3", picked from a list) stay apart."""
    return normalise(re.sub(r"(?<=\d)\s+(?=\d)", ",", text))
