"""The bot for the conversation tests: the trained Rasa model and the real action server, started once for the session."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
RASA_PYTHON = ROOT / ".venv-bot" / "bin" / "python"
TOKEN = "conversation-tests"


class Turn:
    """Everything that one message brought back."""

    def __init__(self, bodies: list[dict[str, Any]]) -> None:
        self.messages = [body["custom"] for body in bodies]
        self.text = "\n".join(message["text"] for message in self.messages)
        self.buttons = [button["title"] for message in self.messages for button in message["buttons"]]
        self.cited = {f"{c['document']}/{c['clause']}" for message in self.messages for c in message["citations"]}
        self.card = next((message["card"] for message in self.messages if message["card"]), None)
        self.handoff = any(message["handoff"] for message in self.messages)


class Bot:
    """The running bot."""

    def __init__(self, url: str) -> None:
        self.url = url

    def say(self, sender: str, text: str) -> Turn:
        """One message; the turn that it brings."""
        body = json.dumps({"sender": sender, "message": text}).encode()
        request = urllib.request.Request(
            f"{self.url}/webhooks/rest/webhook?token={TOKEN}", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            return Turn(json.load(response))


@pytest.fixture(scope="session")
def bot(tmp_path_factory):
    """Rasa with the trained model, and the action server, on free ports."""
    folder = tmp_path_factory.mktemp("bot")
    trained = subprocess.run([RASA_PYTHON, "-m", "bot.train"], cwd=ROOT, capture_output=True, text=True)
    if trained.returncode:
        pytest.fail(trained.stdout[-2000:] + trained.stderr[-2000:])
    actions, rasa = free_ports(2)
    environment = {
        **os.environ, "WENBU_ACTIONS_PORT": str(actions), "WENBU_ACTIONS_URL": f"http://127.0.0.1:{actions}/webhook",
        "WENBU_RASA_PORT": str(rasa), "WENBU_RASA_TOKEN": TOKEN, "WENBU_BOT_STATE": str(folder / "bot.sqlite"),
    }
    commands = {"actions": [sys.executable, "-m", "actions"], "rasa": [str(RASA_PYTHON), "-m", "bot.serve"]}
    processes = {}
    try:
        for name, command in commands.items():
            with (folder / f"{name}.log").open("wb") as log:
                processes[name] = subprocess.Popen(
                    command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
                )
        _wait(f"http://127.0.0.1:{actions}/health", processes["actions"], folder / "actions.log")
        _wait(f"http://127.0.0.1:{rasa}/", processes["rasa"], folder / "rasa.log")
        yield Bot(f"http://127.0.0.1:{rasa}")
    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            process.wait(20)


def _wait(url, process, log, within=180):
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"{url} 没有起来:\n" + log.read_text(encoding="utf-8", errors="replace")[-4000:])
