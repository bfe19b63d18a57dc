"""Timing for the benchmarks that run in one process: the competitors take turns, so that whatever else the machine does meets all alike."""

from __future__ import annotations

import argparse
import gc
import json
import time
from collections.abc import Callable, Mapping
from statistics import quantiles
from typing import Any


def in_turns(tasks: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each run of each task. Garbage of the caller's is collected before, not in between."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for task in tasks.values():
        task()  # warm up
    gc.collect()
    for _ in range(rounds):
        for name, task in tasks.items():
            started = time.perf_counter()
            task()
            times[name].append((time.perf_counter() - started) * 1000)
    return times


def cuts(times: list[float]) -> tuple[float, float]:
    """p50 and p99."""
    found = quantiles(times, n=100, method="inclusive")
    return found[49], found[98]


def measured(prog: str, rounds: int, measure: Callable[[int], list[dict[str, Any]]]) -> tuple[list[dict[str, Any]], int]:
    """The rows of a benchmark and how many rounds they took, as its command line asks; with --json they are printed and none is left."""
    parser = argparse.ArgumentParser(prog=f"python -m {prog}")
    parser.add_argument("--rounds", type=int, default=rounds)
    parser.add_argument("--json", action="store_true", help="只输出 JSON")
    options = parser.parse_args()
    rows = measure(options.rounds)
    if options.json:
        print(json.dumps(rows, ensure_ascii=False))
        return [], options.rounds
    return rows, options.rounds
