"""Fixtures for all tests; the module loads in both environments (Python 3.10 and 3.13)."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.ports import free_ports

# read by several test modules: failures in it are to be explained as in a test
pytest.register_assert_rewrite("tests.policies_kb.worked_examples")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def project_root():
    """The checkout under test."""
    return ROOT


@pytest.fixture(scope="session")
def official_texts():
    """The folder with the five official texts; tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("WENBU_OFFICIAL_TEXTS", ROOT.parent / "shared" / "seeds"))
    if not list(folder.glob("*.txt")):
        pytest.skip("官方文件原文不在这台机器上")
    return folder


@pytest.fixture
def free_port():
    """Gives ports that nobody listens on, a different one at each call."""
    held = []

    def give():
        probe = socket.socket()
        probe.bind(("127.0.0.1", 0))
        # kept bound, without listening, until the test ends: the system hands it to nobody else meanwhile
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.append(probe)
        return probe.getsockname()[1]

    yield give
    for probe in held:
        probe.close()


@pytest.fixture(scope="session")
def wenbu_url(tmp_path_factory):
    """The address of a real 问补 (gateway, Rasa with the trained model, action server), started once for the session."""
    folder = tmp_path_factory.mktemp("wenbu")
    gateway, rasa, actions = free_ports(3)
    environment = {
        **os.environ, "WENBU_PORT": str(gateway), "WENBU_RASA_PORT": str(rasa), "WENBU_ACTIONS_PORT": str(actions),
        "WENBU_DATA_DIR": str(folder), "WENBU_HOST": "127.0.0.1",
    }
    log = folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve"], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL,
            stdout=output, stderr=subprocess.STDOUT)
    url = f"http://127.0.0.1:{gateway}"
    try:
        _wait_until_ready(url, process, log)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        finally:
            process.kill()


def _wait_until_ready(url, process, log, within=240):
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    pytest.fail("问补没有启动起来:\n" + log.read_text(encoding="utf-8", errors="replace")[-5000:])
