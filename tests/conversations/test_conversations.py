"""Dialogues as data: ``<behaviour>/<a sentence that says what happens>.yml`` is a list of steps.

A step has ``user`` and what is expected of all messages of that turn together: ``says`` and ``never_says`` (texts), ``matches``
(regular expressions), ``buttons`` (titles, at least these), ``cites`` (document/clause), ``messages`` (how many), ``card`` and
``handoff`` (yes or no). Figures of a document are written ``{qujing-2019-112/living_per_day*40}``.
"""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from tests.figures import with_figures

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.yml"))
CHECKS = {"user", "says", "never_says", "matches", "buttons", "cites", "messages", "card", "handoff"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_conversation(bot, file):
    sender = uuid.uuid4().hex
    for number, step in enumerate(yaml.safe_load(file.read_text(encoding="utf-8")), 1):
        assert set(step) <= CHECKS, f"第{number}步有不认识的键:{set(step) - CHECKS}"
        turn = bot.say(sender, str(step["user"]))
        wrong = problems(step, turn)
        assert not wrong, f"第{number}步「{step['user']}」:{';'.join(wrong)}\n回答:\n{turn.text}\n按钮:{turn.buttons}"


def problems(step: dict[str, Any], turn: Any) -> list[str]:
    """What of a step's expectations the turn does not meet."""
    wrong = [f"没有说「{text}」" for text in _texts(step, "says") if text not in turn.text]
    wrong += [f"不该说「{text}」" for text in _texts(step, "never_says") if text in turn.text]
    wrong += [f"不合 {pattern}" for pattern in _list(step.get("matches")) if not re.search(pattern, turn.text)]
    wrong += [f"没有按钮「{title}」" for title in _list(step.get("buttons")) if str(title) not in turn.buttons]
    wrong += [f"没有引用 {clause}" for clause in _list(step.get("cites")) if clause not in turn.cited]
    if "messages" in step and len(turn.messages) != step["messages"]:
        wrong.append(f"有 {len(turn.messages)} 条消息")
    if "card" in step and bool(turn.card) != step["card"]:
        wrong.append("卡片不对")
    if "handoff" in step and turn.handoff != step["handoff"]:
        wrong.append("转人工标志不对")
    return wrong if turn.messages else [*wrong, "没有回答"]


def _texts(step: dict[str, Any], key: str) -> list[str]:
    return [with_figures(str(text)) for text in _list(step.get(key))]


def _list(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    "step",
    [{"says": "不在里面"}, {"never_says": "2400元"}, {"matches": "^不"}, {"buttons": ["没有的"]}, {"cites": "qujing-2019-112/四"},
     {"messages": 2}, {"card": True}, {"handoff": True}],
    ids=lambda step: next(iter(step)),
)
def test_the_checker_itself_finds_what_is_wrong(step):
    turn = SimpleNamespace(
        messages=[{}], text="可以领,2400元。", buttons=["开始资格测算"], cited={"qujing-2019-112/十八"}, card=None, handoff=False
    )
    assert len(problems(step, turn)) == 1
