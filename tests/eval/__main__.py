"""``make eval``: our own questions through the running assistant, beside full-text search alone, in one run.

    python -m tests.eval [--side tune|locked] [--url http://127.0.0.1:8000] [--worst 20] [--direct]

Starts the whole house on free ports unless ``--url`` names a running gateway; ``--direct`` asks the knowledge base without it.
The locked side is reported by figures only: its questions are not shown, so that nobody tunes on them.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx

import policies_kb
from policies_kb import libraries
from tests.eval.baseline import FullText
from tests.eval.judging import faults, questions
from tests.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]
Ask = Callable[[list[str]], str]


def main() -> int:
    """Play, judge, report. Exit code 0 whatever the figures say: they are a measure, not a test."""
    options = _options()
    libraries.install()
    kb = policies_kb.load_knowledge_base()
    items = list(questions(options.side))
    with _assistant(options) as ours:
        results = {"问补": _play(items, ours), "全文检索(jieba + BM25)": _play(items, FullText(kb).ask)}
    _table("按问法", results, lambda item: item["style"])
    _table("按地区", results, lambda item: item["file"])
    _reasons(results["问补"])
    if options.side == "tune":
        _worst(results["问补"], options.worst)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description="回答质量:对自己的问句计分")
    parser.add_argument("--side", choices=("tune", "locked"), default="locked")
    parser.add_argument("--url", help="正在运行的网关;不写就自己启动一套")
    parser.add_argument("--direct", action="store_true", help="不经网关和 Rasa,直接问知识库")
    parser.add_argument("--worst", type=int, default=20, help="列出多少条答错的(只限训练侧)")
    return parser.parse_args()


@contextmanager
def _assistant(options: argparse.Namespace) -> Iterator[Ask]:
    if options.direct:
        yield _direct
        return
    if options.url:
        yield lambda turns: _through(options.url, turns)
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
            try:
                if httpx.get(f"{url}/readyz", timeout=2).status_code == 200:
                    break
            except httpx.HTTPError:
                pass
            if house.poll() is not None:
                sys.exit("评测没有开始:服务没能启动,先用 make run 看看原因。")
            time.sleep(1)
        yield lambda turns: _through(url, turns)
    finally:
        house.terminate()
        house.wait(30)
        database.unlink(missing_ok=True)


def _through(url: str, turns: list[str]) -> str:
    sender, text = uuid.uuid4().hex, ""
    for turn in turns:
        answer = httpx.post(f"{url}/api/v1/chat", json={"sender": sender, "message": turn}, timeout=30)
        answer.raise_for_status()
        text = "\n".join(message["text"] for message in answer.json()["messages"])
    return text


def _direct(turns: list[str]) -> str:
    kb, context, text = policies_kb.load_knowledge_base(), policies_kb.Context(), ""
    for turn in turns:
        reply, context = policies_kb.answer(kb, turn, context, date.today())
        text = reply.text
    return text


Judged = list[tuple[dict[str, Any], str, list[str]]]


def _play(items: list[dict[str, Any]], ask: Ask) -> Judged:
    judged = []
    for item in items:
        text = ask(item["turns"])
        judged.append((item, text, faults(item["expect"], text)))
    return judged


def _table(title: str, results: dict[str, Judged], key: Callable[[dict[str, Any]], str]) -> None:
    print(f"\n{title}")
    names = list(results)
    rows: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for name, judged in results.items():
        for item, _, found in judged:
            rows[key(item)][name].append(not found)
            rows["合计"][name].append(not found)
    print(f"{'':16}{'题数':>6}" + "".join(f"{name:>24}" for name in names))
    for row in sorted(rows, key=lambda r: (r == "合计", r)):
        counts = [rows[row][name] for name in names]
        print(f"{row:16}{len(counts[0]):6}" + "".join(f"{sum(c) / len(c):24.1%}" for c in counts))


def _reasons(judged: Judged) -> None:
    """Why replies failed: the kind of the first fault that explains most."""
    counts: Counter[str] = Counter(_reason(item, text, found) for item, text, found in judged if found)
    print("\n失分原因")
    for reason, count in counts.most_common():
        print(f"{reason:16}{count:6}")


def _reason(item: dict[str, Any], text: str, found: list[str]) -> str:
    expect = item["expect"]
    documents = {str(parts[0]) for parts in expect.get("cite") or []}
    if "没太明白" in text or "哪个地方" in text or "答不了" in text:
        return "有答案却没答"
    if documents and not any(number in text for number in documents):
        return "地区或文件不对"
    if any(fault.startswith("没引") for fault in found):
        return "条款不对"
    missing = [fault for fault in found if fault.startswith("没说")]
    if item["style"] == "silent" and missing:
        return "文件没写却答了"
    if any(character.isdigit() for fault in missing for character in fault):
        return "数字不对"
    return "说了不该说的" if not missing else "条件或结论不全"


def _worst(judged: Judged, most: int) -> None:
    failed = sorted((entry for entry in judged if entry[2]), key=lambda entry: -len(entry[2]))
    print(f"\n答错的(前 {most} 条)")
    for item, text, found in failed[:most]:
        print(f"- {item['id']} {' / '.join(item['turns'])}\n    答:{text[:120]}\n    错:{';'.join(found)[:160]}")


if __name__ == "__main__":
    sys.exit(main())
