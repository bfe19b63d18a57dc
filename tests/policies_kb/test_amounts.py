"""Sums: kinds, caps, zero, choices, reductions; exact decimals, rounded half up once, at the end."""

from decimal import Decimal

import pytest

from policies_kb.amounts import Reduction
from policies_kb.rules import RuleError
from tests.policies_kb.randomly import repeatedly
from tests.policies_kb.small import FIGURES, reader, rule, situation


def amount(data):
    """An amount from its data."""
    return reader().amount(data)


def money(data, reduction=None, **facts):
    """What an amount comes to, as the contract shows it."""
    shown = amount(data).money(situation(**facts), reduction).to_dict()
    return {key: shown[key] for key in ("kind", "value", "min", "max")}


def exactly(value):
    """An exact sum."""
    return {"kind": "exact", "value": value, "min": None, "max": None}


PER_DAY = {"exact": {"times": ["per_day", "days", "headcount"]}}
CAPPED = {"exact": {"times": ["price", {"limit": "days", "to": "most"}]}}
REDUCTION = Reduction(rule({"fact": "quiet", "is": False}), FIGURES["eighty"], "打八折")


def test_every_amount_is_for_each_person():
    assert money(PER_DAY, days=40) == exactly("2400.00")
    assert money(PER_DAY, days=40, headcount=3) == exactly("7200.00")


def test_presumed_headcount_is_told():
    s = situation(days=1)
    amount(PER_DAY).money(s, None)
    assert s.presumed == {"headcount": 1}


def test_a_missing_fact_keeps_the_sum_pending():
    assert money(PER_DAY) == {"kind": "pending", "value": None, "min": None, "max": None}
    assert amount(PER_DAY).missing(situation()) == {"days"}


def test_zero_settles_a_product():
    data = {"exact": {"times": ["price", "days"]}}
    assert money(data, price=Decimal(0)) == exactly("0.00")
    assert amount(data).missing(situation(price=Decimal(0))) == set()
    assert amount(data).missing(situation(price=Decimal(1))) == {"days"}


@pytest.mark.parametrize(("days", "counted"), [(5, 5), (6, 6), (7, 6), (600, 6)])
def test_cap(days, counted):
    assert money(CAPPED, price=Decimal(100), days=days) == exactly(f"{100 * counted}.00")


def test_an_unknown_is_not_the_cap():
    assert money(CAPPED, price=Decimal(100))["kind"] == "pending"
    assert amount(CAPPED).missing(situation(price=Decimal(100))) == {"days"}


def test_an_optional_limit_that_was_not_given_does_not_bind():
    data = {"exact": {"limit": {"times": ["per_day", "days"]}, "to": "price", "optional": True}}
    assert money(data, days=10) == exactly("600.00")
    assert money(data, days=10, price=Decimal(500)) == exactly("500.00")
    assert money(data, days=10, price=Decimal(700)) == exactly("600.00")
    assert amount(data).missing(situation()) == {"days"}


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("exact", {"value": "600.00", "min": None, "max": None}), ("at_least", {"value": None, "min": "600.00", "max": None}),
     ("at_most", {"value": None, "min": None, "max": "600.00"})],
)
def test_a_lower_or_upper_bound_is_no_exact_sum(kind, shown):
    assert money({kind: {"times": ["per_day", "days"]}}, days=10) == {"kind": kind, **shown}


def test_range_has_both_ends():
    data = {"range": [{"times": ["low", "headcount"]}, {"times": ["high", "headcount"]}]}
    assert money(data, headcount=2) == {"kind": "range", "value": None, "min": "400.00", "max": "3000.00"}


@pytest.mark.parametrize("kind", ["free", "not_stated"])
def test_what_is_not_set_is_never_made_up(kind):
    shown = amount({kind: "按规定"}).money(situation(days=3), None).to_dict()
    assert (shown["kind"], shown["value"], shown["min"], shown["max"], shown["says"]) == (kind, None, None, None, "按规定")


SHARE_OF_PRICE = {"exact": {"times": ["share", "price"]}}


@pytest.mark.parametrize(
    ("price", "shown"),
    [("0.02", "0.00"), ("0.024", "0.00"), ("0.025", "0.01"), ("1000.025", "200.01"), ("1000.075", "200.02"), ("3333.33", "666.67")],
)
def test_half_up_to_the_fen(price, shown):
    assert money(SHARE_OF_PRICE, price=Decimal(price)) == exactly(shown)


def test_rounded_once_at_the_end():
    data = {"exact": {"times": ["share", "price", "headcount"]}}
    # a person alone comes to 666.666; three are 1999.998, not three times 666.67
    assert money(data, price=Decimal("3333.33"), headcount=3) == exactly("2000.00")


def test_reduction_is_taken_before_rounding():
    data = {"exact": {"times": ["share", "price"]}}
    assert money(data, REDUCTION, price=Decimal("0.04"), quiet=False) == exactly("0.01")
    assert money(data, REDUCTION, price=Decimal("0.03"), quiet=False) == exactly("0.00")


def test_reduction_of_both_ends_and_only_when_it_applies():
    data = {"range": ["low", "high"]}
    assert money(data, REDUCTION, quiet=False) == {"kind": "range", "value": None, "min": "160.00", "max": "1200.00"}
    assert money(data, REDUCTION, quiet=True)["max"] == "1500.00"
    assert money(data, REDUCTION)["max"] == "1500.00"


def test_reduction_leaves_what_is_no_sum_alone():
    assert money({"not_stated": "按目录"}, REDUCTION, quiet=False)["kind"] == "not_stated"


CHOICE = {"exact": {"times": [{"choose": [{"when": {"fact": "age", "below": 18}, "then": "low"}, {"else": "high"}]}, "headcount"]}}


@pytest.mark.parametrize(("age", "shown"), [(17, "200.00"), (18, "1500.00")])
def test_choice_between_terms(age, shown):
    assert money(CHOICE, age=age) == exactly(shown)


def test_an_undecided_choice_is_never_the_last_case():
    assert money(CHOICE)["kind"] == "pending"
    assert amount(CHOICE).missing(situation()) == {"age"}


KINDS = {
    "choose": [
        {"when": {"given": "price"}, "then": {"exact": "price"}},
        {"when": {"fact": "sunny"}, "then": {"exact": {"times": ["per_day", "days"]}}},
        {"else": {"not_stated": "没写"}},
    ]
}


def test_choice_between_kinds():
    assert money(KINDS, price=Decimal("9.5")) == exactly("9.50")
    assert money(KINDS, sunny=True, days=1) == exactly("60.00")
    assert money(KINDS, sunny=False)["kind"] == "not_stated"
    assert money(KINDS)["kind"] == "pending"
    assert amount(KINDS).missing(situation()) == {"sunny", "days"}
    assert {variant.kind for variant in amount(KINDS).variants()} == {"exact", "not_stated"}


def test_formula_shows_how_the_sum_comes_about():
    assert amount(PER_DAY).money(situation(days=40), None).formula == "60元/天 × 40天 × 1人"
    assert "封顶" in amount(CAPPED).money(situation(price=Decimal(1), days=9), None).formula
    assert "80%" in amount(PER_DAY).money(situation(days=40, quiet=False), REDUCTION).formula
    assert "天数" in amount(PER_DAY).money(situation(), None).formula


@pytest.mark.parametrize(
    "data",
    [{}, {"exact": 60}, {"exact": "no_such_name"}, {"exact": "per_day", "free": "…"}, {"choose": [{"when": {"fact": "sunny"}, "then": {"free": "…"}}]},
     {"exact": {"minus": ["low", "high"]}}, "free"],
)
def test_what_the_language_has_no_word_for_is_refused(data):
    with pytest.raises(RuleError):
        amount(data)


@repeatedly(200)
def test_exact_to_the_fen_for_any_price(rng):
    fen, days, people = rng.randrange(10 ** 9), rng.randrange(20), rng.randrange(1, 1000)
    data = {"exact": {"times": ["share", "price", {"limit": "days", "to": "most"}, "headcount"]}}
    shown = money(data, price=Decimal(fen) / 100, days=days, headcount=people)["value"]
    # the same in whole fen: twenty hundredths, half a fen and more is a fen
    exact_hundredths = 20 * fen * min(days, 6) * people
    assert Decimal(shown) * 100 == (exact_hundredths + 50) // 100
