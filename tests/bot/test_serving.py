"""Training and serving say in one line what is missing; the channel lets in who has the token."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import train
from bot.channel import LoopbackRest

ROOT = Path(__file__).resolve().parents[2]


def serve(**environment):
    base = {name: value for name, value in os.environ.items() if not name.startswith("WENBU_")}
    return subprocess.run(
        [sys.executable, "-m", "bot.serve"], cwd=ROOT, env={**base, **environment}, capture_output=True, text=True, timeout=60
    )


def test_without_a_token_the_server_does_not_start():
    done = serve()
    assert done.returncode != 0 and "WENBU_RASA_TOKEN" in done.stderr


def test_without_a_model_the_server_says_what_to_do():
    done = serve(WENBU_RASA_TOKEN="x", WENBU_MODEL="no/such/model.tar.gz")
    assert done.returncode != 0 and "make train" in done.stderr


def test_a_changed_input_makes_the_model_stale(tmp_path):
    (tmp_path / "bot/rules").mkdir(parents=True)
    rules = tmp_path / "bot/rules/a.yml"
    rules.write_text("rules: []")
    before = train.fingerprint(tmp_path)
    assert train.fingerprint(tmp_path) == before
    rules.write_text("rules: [1]")
    assert train.fingerprint(tmp_path) != before


def test_a_current_model_is_not_trained_again(monkeypatch, capsys):
    monkeypatch.setattr(train, "is_current", lambda: True)
    monkeypatch.setattr(train, "train", lambda: pytest.fail("trained"))
    assert train.main([]) == 0
    assert "不用再训练" in capsys.readouterr().out


def test_a_failed_training_is_one_line_and_an_exit_code(monkeypatch, capsys):
    def fail():
        raise train.TrainingFailed("没有空间")

    monkeypatch.setattr(train, "train", fail)
    assert train.main(["--force"]) == 1
    assert capsys.readouterr().err == "[训练] 失败:没有空间\n"


@pytest.mark.parametrize(
    ("header", "argument", "allowed"), [("secret", None, True), (None, "secret", True), ("x", None, False), (None, None, False), ("", "", False)]
)
def test_only_who_has_the_token_is_let_in(header, argument, allowed):
    request = SimpleNamespace(token=header, args={"token": argument} if argument is not None else {})
    assert LoopbackRest("secret")._is_allowed(request) is allowed


def test_a_channel_without_a_token_is_refused():
    with pytest.raises(Exception, match="credentials"):
        LoopbackRest.from_credentials({"token": ""})
