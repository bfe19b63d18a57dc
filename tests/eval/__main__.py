"""``make eval``: our questions through the running assistant, beside stock Rasa and full-text search alone, in one run.

    python -m tests.eval [--side tune|locked | --file PATH] [--direct | --url http://127.0.0.1:8000] [--short] [--worst 20]

Asks the gateway that runs at the usual address with the same knowledge base, or starts the whole house on free ports;
``--direct`` asks the knowledge base without it. The locked side is reported by figures only: neither its questions nor its
clauses are shown, so that nobody tunes on them. Everything that is printed is also written to ``var/eval/*.json``.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path

import policies_kb
from policies_kb import libraries
from tests.eval import report, stock
from tests.eval.baseline import FullText
from tests.eval.diagnosis import Diagnosis
from tests.eval.judging import faults, questions, questions_in
from tests.eval.players import Ask, assistant, short

ROOT = Path(__file__).resolve().parents[2]
OURS, STOCK, SEARCH = "问补", "原版 Rasa(DIET)", "全文检索(jieba + BM25)"


def main() -> int:
    """Play, judge, report. Exit code 0 whatever the figures say: they are a measure, not a test."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended too
    libraries.install()
    kb = policies_kb.load_knowledge_base()
    items = list(questions_in(options.file) if options.file else questions(options.side))
    results: dict[str, list[report.Judged]] = {}
    with ExitStack() as stack:
        players: dict[str, Ask] = {}
        if not options.alone:
            # trained before our house is up: what is measured does not wait for it
            players[STOCK] = stack.enter_context(closing(stock.Stock(kb))).ask
            players[SEARCH] = FullText(kb).ask
        players = {OURS: stack.enter_context(assistant(kb, direct=options.direct, url=options.url)), **players}
        for name, ask in players.items():
            started = time.monotonic()
            results[name] = []
            for item in items:
                text = short(ask(item["turns"])) if options.short else ask(item["turns"])
                results[name].append(report.Judged(item, text, faults(item["expect"], text)))
            print(f"{name}:{len(items)} 题,{time.monotonic() - started:.0f} 秒", flush=True)
    shown = bool(options.file) or options.side == "tune"
    found = report.collect(results, Diagnosis(kb), shown=shown)
    name = options.file.stem if options.file else options.side
    ways = [way for way in ("direct", "short") if getattr(options, way)]
    found |= {"questions": str(options.file or options.side), "ways": ways, "day": date.today().isoformat(), "kb_version": kb.version}
    if not options.alone:
        found["stock_training"] = stock.training(kb)
    path = report.write(found, ROOT / "var" / "eval" / ("-".join([name, *ways]) + ".json"))
    report.show(found, options.worst)
    print(f"\n全部数字:{path.relative_to(ROOT)}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.eval", description="回答质量:对自己的问句计分")
    parser.add_argument("--side", choices=("tune", "locked"), default="locked")
    parser.add_argument("--file", type=Path, help="换成这个文件里的问句(写法同 tests/eval/questions)")
    parser.add_argument("--url", help="正在运行的网关;不写就用平常地址上的,没有就自己启动一套")
    parser.add_argument("--direct", action="store_true", help="不经网关和 Rasa,直接问知识库")
    parser.add_argument("--short", action="store_true", help="像微信那样:只有文字,每条回复最多 2048 字节")
    parser.add_argument("--alone", action="store_true", help="只量问补,不跑对照")
    parser.add_argument("--worst", type=int, default=20, help="列出多少条答错的(锁定的问句不列)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
