"""Fit the weights of ``vocabulary/ranking.yml``: which features tell the right answer from the others.

Two sources: every way of asking in the knowledge base, with itself left out (its own answer is right), and the training-side
questions (an answer is right when the judge passes its text). The weights maximise the likelihood that a right one comes
first (softmax over all candidates); the locked questions are never read. The thresholds in ``policies_kb.answering`` are in
the scale that comes out here: look at them after a new fit. Run in the bot environment (it has SciPy):

    .venv-bot/bin/python -m tests.eval.fit_ranking [--write]
"""

from __future__ import annotations

import sys
from datetime import date

import numpy as np
from scipy.optimize import minimize

import policies_kb
from policies_kb import libraries, places, queries, ranking, wording
from policies_kb.context import Context
from policies_kb.loading import DATA
from policies_kb.reading import reader
from tests.eval.judging import faults, questions

DAY = date(2020, 6, 1)
QUESTION_WEIGHT = 3.0
RIDGE = 0.0005
FIXED = {"comparable": 0.8, "benefit_meant": 0.8, "role_other": -1.2}
"""Weights that single questions say little about: places compared, the sum meant, whom an answer is for."""


def main() -> None:
    """Collect the candidates of every question, fit, and print (or write) the weights."""
    libraries.install()
    kb = policies_kb.load_knowledge_base()
    names = [name for name in kb.vocabulary["ranking"] if name not in FIXED]
    cases = []
    for found, right, weight in _questions(kb):
        cases.append((np.array([[features.get(name, 0.0) for name in names] for features, _ in found]), np.array(right), weight))
    total = sum(weight for _, _, weight in cases)

    def loss(w):
        """Weighted mean of -log P(a right one), softmax over all candidates, with its gradient."""
        value, slope = RIDGE * w @ w, 2 * RIDGE * w
        for x, right, weight in cases:
            s = x @ w
            p = np.exp(s - s.max())
            p /= p.sum()
            good = max(p[right].sum(), 1e-12)
            q = np.where(right, p, 0.0) / good
            value -= weight / total * np.log(good)
            slope = slope + weight / total * (x.T @ (p - q))
        return value, slope

    start = np.zeros(len(names))
    start[0] = 5.0
    result = minimize(loss, start, jac=True, method="L-BFGS-B")
    fitted = dict(zip(names, result.x / result.x[names.index("like")], strict=True)) | FIXED
    text = "# 排序时每个特征算多少(由 tests/eval/fit_ranking.py 在训练侧问题和问法上拟合;它的 FIXED 里那几个另定)\n"
    text += "".join(f"{name}: {fitted[name]:.3f}\n" for name in kb.vocabulary["ranking"])
    hits = sum(bool(right[np.argmax(x @ result.x)]) for x, right, _ in cases)
    print(text, f"\n# {len(cases)} questions, loss {result.fun:.3f}, first place right {hits / len(cases):.1%}")
    if "--write" in sys.argv:
        (DATA / "vocabulary" / "ranking.yml").write_text(text, encoding="utf-8")


def _questions(kb):
    """Training-side single questions in one region, judged by text."""
    for item in questions("tune"):
        if len(item["turns"]) != 1:
            continue
        reading = reader(kb).read(item["turns"][0])
        regions = places.regions_asked(kb, reading, Context())
        if reading.control or reading.outside or len(regions) != 1:
            continue
        query = queries.understood(kb, reading, regions[0], Context(region=regions[0]))
        found = ranking.candidates(kb, query)

        def passes(answer, expect=item["expect"]):
            source = wording.source(kb, [kb.documents[answer.document].citation(clause) for clause in answer.clauses])
            return not faults(expect, policies_kb.Reply(answer.text + source).text)

        right = [passes(answer) for _, answer in found]
        if any(right) and not all(right):
            yield found, right, QUESTION_WEIGHT


if __name__ == "__main__":
    main()
