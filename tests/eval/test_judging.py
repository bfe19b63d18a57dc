"""The judge: what a reply must say, must not say, must cite; and reading question files."""

from __future__ import annotations

import pytest

from tests.eval.judging import QUESTIONS, faults, questions, questions_in

EXPECT = {"say": [["2400"], ["可以", "能领"]], "not_say": ["2000元"], "cite": [["A号", "第一条"], ["A号", "(一)"]]}


@pytest.mark.parametrize(("text", "wrong"), [
    ("可以，2400元。依据：A号 第一条。", []),
    ("能领2400元。依据：A号 (一)。", []),
    ("2400元。依据：A号 第一条。", ["没说 可以/能领"]),
    ("可以，2400元，不是2000元。依据：A号 第一条。", ["说了 2000元"]),
    ("可以，2400元。依据：B号 第一条。", ["没引 A号 第一条 或 A号 (一)"]),
    ("", ["没说 2400", "没说 可以/能领", "没引 A号 第一条 或 A号 (一)"]),
])
def test_every_fault_is_named(text, wrong):
    assert faults(EXPECT, text) == wrong


def test_without_expectations_everything_is_right():
    assert faults({}, "随便什么") == []


def test_figures_in_a_question_file_need_no_quotes():
    assert faults({"say": [[2400]], "not_say": [50]}, "2400元") == []


def test_any_file_of_the_form_can_be_played(tmp_path):
    path = tmp_path / "mine.yml"
    path.write_text("- turns: [曲靖生活费多少]\n  expect: {say: [['60']]}\n- {id: b, style: short, turns: [你好]}\n", encoding="utf-8")
    first, second = questions_in(path)
    assert (first["id"], first["style"], first["file"]) == ("mine-0001", "—", "mine")
    assert (second["id"], second["style"], second["expect"]) == ("b", "short", {})
    (tmp_path / "empty.yml").write_text("", encoding="utf-8")
    assert list(questions_in(tmp_path / "empty.yml")) == []


def test_no_question_is_on_both_sides_and_no_id_comes_twice():
    tune, locked = list(questions("tune")), list(questions("locked"))
    ids = [item["id"] for item in (*tune, *locked)]
    assert len(ids) == len(set(ids))
    assert not {tuple(map(str, item["turns"])) for item in tune} & {tuple(map(str, item["turns"])) for item in locked}
    assert len(ids) >= 800


def test_every_item_can_be_judged():
    for path in sorted(QUESTIONS.glob("*.yml")):
        for item in questions_in(path):
            expect = item["expect"]
            # by number only: the text of a locked item is not to be seen, not even when a test fails
            assert item["turns"] and all(str(turn).strip() for turn in item["turns"]), item["id"]
            assert any(expect.get(part) for part in ("say", "not_say", "cite")), item["id"]
            assert all(isinstance(group, list) and group for part in ("say", "cite") for group in expect.get(part) or []), item["id"]
