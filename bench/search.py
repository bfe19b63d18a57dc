"""``python -m bench.search``: search through the index against a plain scan of the same phrases, in one run.

Both read the question alike and give the same ranking; the scan holds it against every phrase in turn.
"""

from __future__ import annotations

import math
import sys
from typing import Any

import policies_kb
from bench._timing import cuts, in_turns, measured
from policies_kb.search import Index, index

TARGET = 2.0
QUESTIONS = (
    "培训期间一天补多少生活费",
    "残疾人学电工能不能免费",
    "我妈五十了,在农村,想学家政,有没有补贴",
    "厂里新招了二十个人,岗前培训怎么补",
    "以工代训最长补几个月",
    "学徒制的钱什么时候拨",
    "一年最多能领几次培训补贴",
    "证书考下来以后去哪里申请",
    "退役军人培训要不要自己交钱",
    "骗补贴会怎么样",
    "线上学习算不算课时",
    "没工作了想创业,开店前能参加什么培训",
)


class Scan:
    """The phrases of an index as plain vectors."""

    def __init__(self, found: Index) -> None:
        self.index = found
        self.vectors: list[dict[str, float]] = [{} for _ in found.entries]
        for token, postings in found.postings.items():
            for number, value in postings:
                self.vectors[number][token] = value

    def best(self, question: str, limit: int = 5) -> list[float]:
        """The scores of the nearest phrases, best first."""
        query = self.index.features(question)
        weights = {token: weight * self.index.idf.get(token, self.index.unseen) for token, weight in query.items()}
        norm = math.sqrt(sum(weight ** 2 for weight in weights.values())) or 1.0
        scores = [sum(weight * vector.get(token, 0.0) for token, weight in weights.items()) / norm for vector in self.vectors]
        return sorted(scores, reverse=True)[:limit]


def measure(rounds: int) -> list[dict[str, Any]]:
    """Per scope p50 and p99 in milliseconds of the index and of the scan. Exits if they disagree."""
    kb = policies_kb.load_knowledge_base()
    rows = []
    for region in (*kb.regions, None):
        scan = Scan(index(kb, region))
        for question in QUESTIONS:
            hits = policies_kb.search(kb, question, region)
            if hits and abs(hits[0].score - min(1.0, scan.best(question)[0])) > 1e-3:
                sys.exit(f"两种搜索结果不同:{question}")
        times: dict[str, list[float]] = {"index": [], "scan": []}
        for question in QUESTIONS:
            found = in_turns({
                "index": lambda question=question, region=region: policies_kb.search(kb, question, region),
                "scan": lambda question=question, scan=scan: scan.best(question),
            }, rounds)
            for name, values in found.items():
                times[name] += values
        label = kb.regions[region].short_name if region else "全部"
        rows.append({"label": label, "phrases": len(scan.vectors), **{name: cuts(values) for name, values in times.items()}})
    return rows


def main() -> None:
    """Print the table."""
    rows, rounds = measured("bench.search", 30, measure)
    if not rows:
        return
    print(f"搜索一个问句(毫秒),{len(QUESTIONS)} 个问句 × {rounds} 次;目标:p50 不超过 {TARGET:g}")
    print("  p50    p99   逐条比对 p50   快几倍   条数   哪里")
    for row in rows:
        (p50, p99), (scan, _) = row["index"], row["scan"]
        print(f"{p50:6.2f} {p99:6.2f} {scan:14.2f} {scan / p50:8.1f} {row['phrases']:6d}   {row['label']}")


if __name__ == "__main__":
    main()
