"""The half of ``stock`` that runs in Rasa's environment: trains a folder of files, or talks over stdin and stdout.

    .venv-bot/bin/python -m tests.eval.stock_rasa train FOLDER OUTPUT NAME
    .venv-bot/bin/python -m tests.eval.stock_rasa talk MODEL       # {"sender": …, "text": …} a line → {"text": …} a line
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from pathlib import Path

import yaml


def train(folder: Path, output: Path, name: str) -> int:
    """Train; 0 when a model came out."""
    from rasa.model_training import train as rasa_train

    result = rasa_train(
        domain=str(folder / "domain.yml"), config=str(folder / "config.yml"),
        training_files=[str(folder / "nlu.yml"), str(folder / "rules.yml")], output=str(output), force_training=True,
        fixed_model_name=name,
    )
    return result.code or int(not result.model)


async def talk(model: Path) -> None:
    """Answer line by line until stdin ends; stdout carries nothing else.

    The region slot is the place named last, by lookup; a message without that name gets it in front, as every example has it.
    """
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    from rasa.core.agent import load_agent
    from rasa.shared.core.events import SlotSet
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    said = yaml.safe_load((model.parent / model.name.removesuffix(".tar.gz") / "places.yml").read_text(encoding="utf-8"))
    agent = await load_agent(model_path=str(model))
    for line in sys.stdin:
        turn = json.loads(line)
        text, tracker = turn["text"], await agent.tracker_store.get_or_create_tracker(turn["sender"])
        named = [(text.rindex(word) + len(word), region) for word, region in said["places"].items() if word in text]
        if any(region for _, region in named):
            tracker.update(SlotSet("region", max((end, region) for end, region in named if region)[1]))
            await agent.tracker_store.save(tracker)
        place = tracker.get_slot("region")
        if place and said["names"][place] not in text and all(region for _, region in named):
            text = said["names"][place] + text
        replies = await agent.handle_text(text, sender_id=turn["sender"])
        answers.write(json.dumps({"text": "\n".join(one.get("text") or "" for one in replies or [])}) + "\n")
        answers.flush()


if __name__ == "__main__":
    if sys.argv[1] == "train":
        sys.exit(train(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]))
    asyncio.run(talk(Path(sys.argv[2])))
