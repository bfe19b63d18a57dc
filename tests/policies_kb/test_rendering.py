"""Figures in sentences and in the expressions of worked examples."""

from decimal import Decimal

import pytest

import policies_kb
from policies_kb.model import Figure, plain
from policies_kb.rendering import UnknownFigure, compute, render
from tests.policies_kb.small import FIGURES


@pytest.mark.parametrize(
    ("text", "shown"),
    [("每天{per_day}元", "每天60元"), ("{per_day*40}元", "2400元"), ("{ per_day }", "60"), ("{low}到{high}", "200到1500"), ("没有数字", "没有数字"),
     ("{share}%", "20%"), ("{high*share}", "300"), ("{high-low}", "1300"), ("{(high+low)/2}", "850"), ("{per_day*0.5}", "30"), ("{3*2}", "6"),
     ("{grown_up-1}岁", "17岁"), ("{share}和{share*low}", "20和40")],
)
def test_render(text, shown):
    assert render(text, FIGURES) == shown


@pytest.mark.parametrize(
    ("expression", "value"),
    [("per_day", 60), ("share", "0.2"), ("share*3000*4*2", 4800), ("per_day*40*2", 4800), ("1500*20", 30000), ("0", 0), ("share*3333.33", "666.666"),
     ("high/8", "187.5"), ("high - low", 1300), ("(low+high)*share", 340)],
)
def test_compute(expression, value):
    assert compute(expression, FIGURES) == Decimal(value)


def test_no_binary_fractions():
    assert compute("0.1+0.2", {}) == Decimal("0.3")
    assert compute("cents*3", {"cents": Figure("cents", Decimal("0.1"), "元", "", "一")}) == Decimal("0.3")


@pytest.mark.parametrize(
    "expression",
    ["no_figure", "per_day*no_figure", "", "per_day*", "per_day**2", "abs(per_day)", "per_day.real", "'60'", "per_day if low else high", "True",
     "__import__('os')", "per_day // 7", "per_day, low", "[per_day]", "lambda: 1", "per_day < low", "1e999*per_day if 0 else 1",
     "per_day/0", "1e999", "per_day*1e999", "low/(per_day-60)", "1e-400000*1e400000", "("*300 + "1" + ")"*300, "9"*5000],
)
def test_anything_but_simple_arithmetic_is_refused(expression):
    with pytest.raises(UnknownFigure):
        compute(expression, FIGURES)
    with pytest.raises(UnknownFigure):
        render("前面{" + (expression or " ") + "}后面", FIGURES)


def test_the_unknown_figure_is_named():
    with pytest.raises(UnknownFigure, match="no_figure"):
        render("每天{no_figure}元", FIGURES)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("60", "60"), ("60.00", "60"), ("4.01", "4.01"), ("0.50", "0.5"), ("1500", "1500"), ("1E+3", "1000"), ("0", "0"), ("0.000", "0"), ("1E-7", "0.0000001"), ("1E+30", "1" + "0" * 30)],
)
def test_plain_numbers(value, shown):
    assert plain(Decimal(value)) == shown


def test_nothing_is_left_unrendered():
    kb = policies_kb.load_knowledge_base()
    for document in kb.documents.values():
        for clause in document.clauses.values():
            assert "{" not in clause.text
    for answer in kb.answers:
        for text in (answer.text, answer.short, answer.more):
            assert "{" not in (text or "")
    for rule in kb.benefits.values():
        assert not any("{" in note.text for note in rule.notes)
