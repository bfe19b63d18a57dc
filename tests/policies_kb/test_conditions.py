"""Three-valued conditions: truth tables, presumptions, told limits, subjects, dated parts, reasons."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from policies_kb.rules import RuleError
from tests.policies_kb.small import rule, situation

VALUES = (True, False, None)
PAIRS = list(product(VALUES, VALUES))
SUNNY, WINDY = {"fact": "sunny"}, {"fact": "windy"}


def given(**facts):
    """A situation with the facts that are known."""
    return situation(**{name: value for name, value in facts.items() if value is not None})


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_all_is_false_before_unknown_and_unknown_before_true(a, b):
    node, s = rule({"all": [SUNNY, WINDY]}), given(sunny=a, windy=b)
    expected = False if False in (a, b) else None if None in (a, b) else True
    assert node.truth(s) is expected
    waiting = {name for name, value in (("sunny", a), ("windy", b)) if value is None}
    assert node.missing(s) == (waiting if expected is None else set())


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_any_is_true_before_unknown_and_unknown_before_false(a, b):
    node, s = rule({"any": [SUNNY, WINDY]}), given(sunny=a, windy=b)
    expected = True if True in (a, b) else None if None in (a, b) else False
    assert node.truth(s) is expected
    waiting = {name for name, value in (("sunny", a), ("windy", b)) if value is None}
    assert node.missing(s) == (waiting if expected is None else set())


@pytest.mark.parametrize(("a", "expected"), [(True, False), (False, True), (None, None)])
def test_not_keeps_unknown(a, expected):
    node, s = rule({"not": SUNNY, "says": "不晴"}), given(sunny=a)
    assert node.truth(s) is expected
    assert node.missing(s) == ({"sunny"} if a is None else set())


def test_unknown_is_never_false():
    s = situation()
    for data in (SUNNY, {"fact": "sunny", "is": False}, {"category": "red"}, {"fact": "age", "below": 50}):
        assert rule(data).truth(s) is None
        assert [reason.holds for reason in rule(data).reasons(s)] == [None]


@pytest.mark.parametrize(
    ("bound", "value", "expected"),
    [("at_least", 17, False), ("at_least", 18, True), ("at_most", 18, True), ("at_most", 19, False),
     ("above", 18, False), ("above", 19, True), ("below", 18, False), ("below", 17, True)],
)
def test_bounds(bound, value, expected):
    assert rule({"fact": "age", bound: "grown_up"}).truth(situation(age=value)) is expected


def test_a_range_has_both_ends():
    node = rule({"fact": "years", "at_least": 1, "at_most": 2})
    years = [Decimal(text) for text in ("0.9", "1", "1.5", "2", "2.1")]
    assert [node.truth(situation(years=value)) for value in years] == [False, True, True, True, False]


def test_percentages_are_hundredths_as_bounds():
    assert rule({"fact": "years", "at_most": "share"}).truth(situation(years=Decimal("0.2"))) is True
    assert rule({"fact": "years", "at_most": "share"}).truth(situation(years=Decimal("0.21"))) is False


def test_categories_given_are_complete():
    node = rule({"categories": ["red", "blue"]})
    assert node.truth(situation(categories=[])) is False
    assert node.truth(situation(categories=["blue"])) is True
    assert node.truth(situation()) is None
    assert node.missing(situation()) == {"categories"}


def test_choice_with_several_values():
    node = rule({"fact": "training_type", "is": ["a", "b"]})
    assert [node.truth(situation(training_type=value)) for value in "abc"] == [True, True, False]


def test_presumed_fact_is_taken_and_told():
    node, s = rule({"fact": "quiet"}), situation()
    assert node.truth(s) is True
    assert node.missing(s) == set()
    assert s.presumed == {"quiet": True}


def test_given_fact_beats_the_presumption():
    node, s = rule({"fact": "quiet"}), situation(quiet=False)
    assert node.truth(s) is False
    assert s.presumed == {}


PENSION = {"fact": "windy", "is": False, "presumed": {"when": {"fact": "age", "below": 50}, "is": False}}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [({"age": 49}, True), ({"age": 50}, None), ({}, None), ({"age": 49, "windy": True}, False), ({"age": 80, "windy": False}, True)],
)
def test_presumption_only_while_its_condition_holds(facts, expected):
    node, s = rule(PENSION), situation(**facts)
    assert node.truth(s) is expected
    assert node.missing(s) == ({"windy"} if expected is None else set())
    assert s.presumed == ({"windy": False} if facts == {"age": 49} else {})


@pytest.mark.parametrize(("value", "expected"), [(True, False), (False, True), (None, True)])
def test_told_limits_hold_unless_a_fact_says_otherwise(value, expected):
    node, s = rule({"fact": "windy", "is": False, "unless_known": True}), given(windy=value)
    assert node.truth(s) is expected
    assert node.missing(s) == set()
    assert all(reason.holds is not None for reason in node.reasons(s))


@pytest.mark.parametrize(("kind", "expected"), [("a", True), ("b", False), (None, True)])
def test_subject_holds_while_no_other_kind_is_given(kind, expected):
    node, s = rule({"subject": "a"}), given(training_type=kind)
    assert node.truth(s) is expected
    assert node.missing(s) == set()
    assert bool(node.reasons(s)) == (kind is not None)


@pytest.mark.parametrize(
    ("day", "counts"),
    [(date(2021, 2, 28), False), (date(2021, 3, 1), True), (date(2021, 12, 31), True), (date(2022, 1, 1), False)],
)
def test_dated_part_counts_within_its_days(day, counts):
    node = rule({"fact": "sunny", "since": date(2021, 3, 1), "until": date(2021, 12, 31)})
    assert node.truth(situation(on=day, sunny=False)) is not counts
    assert node.missing(situation(on=day)) == ({"sunny"} if counts else set())
    assert bool(node.reasons(situation(on=day))) == counts


SHARE = {
    "compare": {"left": "years", "at_most": {"times": ["share", {"plus": ["years", "days"]}]}}, "says": "不超过两成",
}


@pytest.mark.parametrize(
    ("facts", "expected", "waiting"),
    [({"years": Decimal(2), "days": 8}, True, set()), ({"years": Decimal("2.01"), "days": 8}, False, set()),
     ({"days": 8}, None, {"years"}), ({}, None, {"years", "days"})],
)
def test_compare(facts, expected, waiting):
    node, s = rule(SHARE), situation(**facts)
    assert node.truth(s) is expected
    assert node.missing(s) == waiting


def test_given_is_decided_at_once():
    node = rule({"given": "price"})
    assert node.truth(situation()) is False
    assert node.truth(situation(price=Decimal(0))) is True
    assert node.missing(situation()) == set()


GROUP = {"warm": {"label": "暖色", "group": True, "clause": "四", "when": {"any": [{"category": "red"}, SUNNY]}}}


def test_named_group_says_why_with_its_clause():
    node = rule({"term": "warm"}, GROUP)
    (reason,) = node.reasons(situation(categories=["red"]))
    assert (reason.text, reason.holds, reason.clause) == ("红在某地属于暖色", True, "四")
    (reason,) = node.reasons(situation(categories=[], sunny=False))
    assert (reason.text, reason.holds) == ("不属于暖色", False)
    (reason,) = node.reasons(situation(categories=[]))
    assert reason.holds is None


def test_what_bars_is_told_alone():
    node = rule({"all": [SUNNY, {"fact": "windy", "is": False}, {"fact": "age", "at_least": 18}]})
    reasons = node.reasons(situation(sunny=True, windy=True))
    assert [reason.holds for reason in reasons] == [False]
    assert "刮风" in reasons[0].text


def test_any_tells_the_part_that_holds_or_all_that_fail():
    node = rule({"any": [SUNNY, {"category": "blue"}]})
    assert [r.text for r in node.reasons(situation(categories=["blue"]))] == ["属于蓝"]
    (reason,) = node.reasons(situation(categories=[], sunny=False))
    assert "晴天" in reason.text
    assert "蓝" in reason.text
    (reason,) = node.reasons(situation(categories=[]))
    assert "蓝" not in reason.text


@pytest.mark.parametrize(
    "data",
    [
        [], {}, {"fact": "rainy"}, {"category": "green"}, {"all": []}, {"any": {}}, {"not": SUNNY}, {"term": "nowhere"},
        {"fact": "sunny", "is": "yes"}, {"fact": "training_type", "is": "z"}, {"fact": "age", "at_least": "no_figure"},
        {"fact": "sunny", "all": [WINDY]}, {"subject": "z"}, {"fact": "sunny", "since": "2021"},
        {"compare": {"left": "years"}, "says": "…"},
    ],
)
def test_what_the_language_has_no_word_for_is_refused(data):
    with pytest.raises(RuleError):
        rule(data)


def test_a_term_that_leads_back_to_itself_is_refused():
    with pytest.raises(RuleError, match="绕回"):
        rule({"term": "loop"}, {"loop": {"when": {"all": [{"term": "loop"}]}}})
