"""Ours at play: through the gateway as people use it, or the knowledge base without it; and replies as WeChat cuts them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import httpx

import policies_kb
from policies_kb import KnowledgeBase
from tests.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
WECHAT_BYTES = 2048
"""The longest text that WeChat takes for a reply."""
Ask = Callable[[list[str]], str]


def short(text: str) -> str:
    """A reply as WeChat shows it: what does not fit into its bytes is cut off, between two characters."""
    return text.encode()[:WECHAT_BYTES].decode(errors="ignore")


@contextmanager
def assistant(kb: KnowledgeBase, *, direct: bool = False, url: str | None = None) -> Iterator[Ask]:
    """Ours: the knowledge base alone, the gateway at ``url``, the one that runs, or a house of our own for the time being."""
    if direct:
        yield lambda turns: _direct(kb, turns)
        return
    running = url or running_gateway(kb)
    if running:
        print(f"问正在运行的网关:{running}", flush=True)
        yield lambda turns: through(running, turns)
        return
    ports = free_ports(3)
    url = f"http://127.0.0.1:{ports[0]}"
    database = ROOT / "var" / f"eval-{os.getpid()}.db"
    database.parent.mkdir(exist_ok=True)
    environment = {
        **os.environ, "WENBU_PORT": str(ports[0]), "WENBU_RASA_PORT": str(ports[1]), "WENBU_ACTIONS_PORT": str(ports[2]),
        "WENBU_DATABASE_URL": f"sqlite+aiosqlite:///{database}", "WENBU_RATE_LIMIT": "100000/minute",
    }
    house = subprocess.Popen([sys.executable, "-m", "api.cli", "serve"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            if _ready(url):
                break
            if house.poll() is not None:
                sys.exit("评测没有开始:服务没能启动,先用 make run 看看原因。")
            time.sleep(1)
        else:
            sys.exit("评测没有开始:服务五分钟还没就绪,先用 make run 看看原因。")
        yield lambda turns: through(url, turns)
    finally:
        house.terminate()
        house.wait(30)
        for left in database.parent.glob(f"{database.name}*"):
            left.unlink()


def running_gateway(kb: KnowledgeBase) -> str | None:
    """The gateway at the usual address, if one is ready there and answers from the same knowledge base as we judge by."""
    url = f"http://{os.environ.get('WENBU_HOST', '127.0.0.1')}:{os.environ.get('WENBU_PORT', '8000')}"
    if not _ready(url):
        return None
    body = {"region": next(iter(kb.regions)), "facts": {}}
    try:
        version = httpx.post(f"{url}/api/v1/eligibility", json=body, timeout=10).json().get("kb_version")
    except (httpx.HTTPError, ValueError):
        version = None
    if version != kb.version:
        print(f"{url} 上的网关用的不是现在的知识库,另外启动一套来问。", flush=True)
        return None
    return url


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=3).status_code == 200
    except httpx.HTTPError:
        return False


def through(url: str, turns: list[str]) -> str:
    """The reply to the last of the turns, said by a new person to the gateway; the texts of its messages and nothing else."""
    sender, text = uuid.uuid4().hex, ""
    for turn in turns:
        answer = httpx.post(f"{url}/api/v1/chat", json={"sender": sender, "message": turn}, timeout=30)
        answer.raise_for_status()
        text = "\n".join(message["text"] for message in answer.json()["messages"])
    return text


def _direct(kb: KnowledgeBase, turns: list[str]) -> str:
    context, text = policies_kb.Context(), ""
    for turn in turns:
        reply, context = policies_kb.answer(kb, turn, context, date.today())
        text = reply.text
    return text
