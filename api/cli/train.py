"""`wenbu train`: the Rasa model. What it is made from, and whether that has changed, is bot.train's to know."""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer

from api.cli.output import fail

BOT_PYTHON = ".venv-bot/bin/python"
# neither Rasa's reports home nor the warnings that its old libraries give at every start
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
         "PYTHONWARNINGS": "ignore::DeprecationWarning"}


class TrainingFailed(Exception):
    """Why there is no new model: one line that says what to do."""


def train(
    force: Annotated[bool, typer.Option("--force", help="即使没有改动也重新训练")] = False,
) -> None:
    """训练对话模型(数据或配置有改动时)。"""
    from api.settings import PROJECT_ROOT

    try:
        train_if_changed(PROJECT_ROOT, force=force)
    except TrainingFailed as problem:
        fail(str(problem))


def train_if_changed(root: Path, *, force: bool = False) -> None:
    """Train in Rasa's environment if the model is missing or out of date; progress goes to the terminal.

    Errors: TrainingFailed. An older model that is still there stays out of use: the next start tries again.
    """
    python = root / BOT_PYTHON
    if not python.exists():
        raise TrainingFailed("没有对话环境 .venv-bot。请先运行 make setup。")
    code = _run([str(python), "-m", "bot.train", *(["--force"] if force else [])], root, {**os.environ, **QUIET})
    if code:
        raise TrainingFailed(f"对话模型训练失败(退出码 {code}),原因见上。改正 config.yml、data/ 或 bot/ 后运行 make train。")


def _run(command: list[str], root: Path, environment: Mapping[str, str]) -> int:
    # SIGTERM would end only this process and leave the training running behind it
    previous = signal.signal(signal.SIGTERM, _terminated)
    try:
        return subprocess.run(command, cwd=root, env=environment, stdin=subprocess.DEVNULL, check=False).returncode
    except KeyboardInterrupt:
        raise TrainingFailed("训练被中断。下次启动时会重新训练。") from None
    finally:
        signal.signal(signal.SIGTERM, previous)


def _terminated(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
