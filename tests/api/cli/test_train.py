"""Training is started in Rasa's environment, and its failure is one line."""

import os
import signal
import stat
import threading

import pytest

from api.cli.train import TrainingFailed, train_if_changed
from tests.api.cli.programs import is_alive, wait_for


@pytest.fixture
def root(tmp_path):
    """A folder in place of the checkout, where `bot_python(script)` sets what the bot's Python does."""

    def bot_python(script: str):
        python = tmp_path / ".venv-bot/bin/python"
        python.parent.mkdir(parents=True)
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(python.stat().st_mode | stat.S_IXUSR)
        return tmp_path

    return bot_python


def test_runs_the_training_program_quietly(root):
    folder = root('echo "$@ telemetry=$RASA_TELEMETRY_ENABLED" > called')
    train_if_changed(folder)
    assert (folder / "called").read_text() == "-m bot.train telemetry=false\n"
    train_if_changed(folder, force=True)
    assert (folder / "called").read_text().startswith("-m bot.train --force")


def test_failure_says_what_to_do(root):
    with pytest.raises(TrainingFailed, match="退出码 3.*make train"):
        train_if_changed(root("exit 3"))


def test_without_the_environment(tmp_path):
    with pytest.raises(TrainingFailed, match="make setup"):
        train_if_changed(tmp_path)


def test_sigterm_ends_the_training_too(root):
    folder = root('echo $$ > pid; exec sleep 60')
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM)).start()
    with pytest.raises(TrainingFailed, match="中断"):
        train_if_changed(folder)
    assert wait_for(lambda: not is_alive(int((folder / "pid").read_text())))
