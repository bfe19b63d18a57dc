"""The figures of a run and their tables."""

from __future__ import annotations

import json

import pytest

import policies_kb
from tests.eval import report
from tests.eval.diagnosis import NO_ANSWER, Diagnosis
from tests.eval.judging import faults
from tests.eval.report import Judged


@pytest.fixture(scope="module")
def read():
    return Diagnosis(policies_kb.load_knowledge_base())


@pytest.fixture
def results(read):
    number = next(iter(read.regions.numbers))
    items = [
        {"id": "a", "style": "fact", "file": "x", "turns": ["机密问句"], "expect": {"say": [["60"]], "cite": [[number]]}},
        {"id": "b", "style": "fact", "file": "x", "turns": ["二"], "expect": {"say": [["60"]]}},
        {"id": "c", "style": "amount", "file": "y", "turns": ["三"], "expect": {"say": [["60"], ["可以"]], "cite": [[number]]}},
    ]

    def play(*texts):
        return [Judged(item, text, faults(item["expect"], text)) for item, text in zip(items, texts, strict=True)]

    return {"甲": play(f"60元 {number}", "60", "没太明白"), "乙": play("", "", "")}


def test_shares(results):
    rows = report.shares(results, lambda item: item["style"])
    assert list(rows) == ["amount", "fact", "合计"]
    assert rows["fact"] == {"甲": [2, 2], "乙": [0, 2]}
    assert rows["合计"] == {"甲": [2, 3], "乙": [0, 3]}


def test_confusions_most_frequent_first_without_what_agrees():
    assert report.confusions([("a", "b"), ("c", "c"), ("d", "a"), ("d", "a")]) == [("d", "a", 2), ("a", "b", 1)]


def test_collected_and_written(results, read, tmp_path):
    found = report.collect(results, read, shown=True)
    assert found["reasons_by_style"] == {"amount": {NO_ANSWER: 1}}
    assert found["failed"][0]["id"] == "c"
    assert found["right"] == {"甲": ["a", "b"], "乙": []}
    path = report.write(found, tmp_path / "deep" / "found.json")
    assert json.loads(path.read_text(encoding="utf-8"))["by_style"]["fact"]["甲"] == [2, 2]


def test_the_locked_side_shows_no_question_and_no_clause(results, read, capsys):
    found = report.collect(results, read, shown=False)
    report.show(found, 20)
    assert not {"failed", "right"} & set(found)
    assert set(found["confusions"]) == set(report.COARSE)
    assert "机密问句" not in json.dumps(found, ensure_ascii=False) + capsys.readouterr().out


def test_printed_worst_first(results, read, capsys):
    report.show(report.collect(results, read, shown=True), 1)
    out = capsys.readouterr().out
    assert out.index("amount") < out.index("fact")
    assert "- c [amount,有答案却没答] 三" in out
    capsys.readouterr()
    report.show(report.collect(results, read, shown=True), 0)
    assert "- c [" not in capsys.readouterr().out


def test_columns_stand_under_each_other(capsys):
    report.table(["", "题数"], [["生活费", "5"], ["x", "100"]])
    assert capsys.readouterr().out.splitlines() == ["        题数", "生活费     5", "x        100"]


def test_nothing_failed_and_nothing_asked(read, capsys):
    report.show(report.collect({"甲": []}, read, shown=True), 5)
    assert "100" not in capsys.readouterr().out
