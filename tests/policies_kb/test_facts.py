"""Raw values from outside: what is taken, and that everything else is a FactError with fact, got and allowed."""

import re
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

import policies_kb
from policies_kb import FactError
from policies_kb.facts import fact_to_json, parse_day
from tests.policies_kb.randomly import repeatedly, some_facts

KB = policies_kb.load_knowledge_base()
BY_TYPE = {}
for _fact in KB.facts.values():
    BY_TYPE.setdefault(_fact.type, []).append(_fact.name)

NEVER = [None, "", "不知道", "nan", [], {}, [1], {"a": 1}, object(), b"40", Fraction(1, 2), 1j]
BAD = {
    "bool": [*NEVER, 0, 1, 1.0, "true", "false", "是", "True"],
    "int": [*NEVER, True, False, "40", "四十", 1.5, Decimal("1.5"), float("nan"), float("inf"), -float("inf"), Decimal("NaN"),
            Decimal("sNaN"), Decimal("Infinity"), -1, -0.5, 10 ** 12, 1e300, 10 ** 400],
    "number": [*NEVER, True, "1.5", "1,5", float("nan"), float("inf"), Decimal("NaN"), Decimal("sNaN"), -1, -0.01, 10 ** 12],
    "money": [*NEVER, True, "3000", "3000元", "¥3000", float("nan"), float("inf"), Decimal("NaN"), -1, -0.01, 10 ** 12],
    "choice": [*NEVER, True, 1, "no_such_value", "Worker", " worker", ["worker"]],
    "set": [None, "", "disabled", True, 1, {"disabled": True}, ["no_such_code"], ["disabled", "Veteran"], [None], [True], [["disabled"]],
            ["残疾人"]],
}
BAD_CASES = [(name, value) for kind, names in BY_TYPE.items() for name in names for value in BAD[kind]]


def test_every_type_of_the_vocabulary_is_tried():
    assert set(BY_TYPE) == set(BAD)


@pytest.mark.parametrize(("name", "value"), BAD_CASES, ids=[f"{name}={value!r:.30}" for name, value in BAD_CASES])
def test_bad_value_names_fact_got_and_allowed(name, value):
    with pytest.raises(FactError) as caught:
        policies_kb.parse_facts(KB, {name: value})
    error = caught.value
    assert error.fact == name
    got = error.got
    assert got is value or (KB.facts[name].type == "set" and any(got is item for item in value))
    assert re.search(r"[\u4e00-\u9fff]", error.allowed)
    assert name in error.message
    assert KB.facts[name].label in error.message
    assert error.allowed in error.message
    assert len(error.message) < 3000


@pytest.mark.parametrize("name", BY_TYPE["choice"])
def test_choice_error_lists_every_value(name):
    with pytest.raises(FactError) as caught:
        policies_kb.parse_facts(KB, {name: "?"})
    for option in KB.facts[name].options:
        assert option.value in caught.value.allowed
        assert option.label in caught.value.allowed


@pytest.mark.parametrize("name", ["ages", "Age", "", " age", "region", "as_of", "__class__", 1, None, ("age",)])
def test_unknown_name_is_refused(name):
    with pytest.raises(FactError) as caught:
        policies_kb.parse_facts(KB, {name: 1})
    assert caught.value.fact == str(name)
    assert "training_days" in caught.value.allowed


@pytest.mark.parametrize("raw", [None, [], "age=3", 3, [("age", 3)], {"age"}])
def test_facts_must_be_a_mapping(raw):
    with pytest.raises(FactError) as caught:
        policies_kb.parse_facts(KB, raw)
    assert caught.value.fact == "facts"


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [("age", 0, 0), ("age", 120, 120), ("age", 40.0, 40), ("age", Decimal(40), 40), ("headcount", 1, 1), ("monthly_wage", 0, Decimal(0)),
     ("monthly_wage", 3333.33, Decimal("3333.33")), ("apprenticeship_years", 1.1, Decimal("1.1")), ("offline_days", 0.1, Decimal("0.1")),
     ("subsidy_total", 999999999999, Decimal(999999999999)), ("role", "worker", "worker"), ("local_tie", False, False),
     ("categories", [], frozenset()), ("categories", ("disabled", "disabled"), frozenset({"disabled"})),
     ("categories", {"veteran"}, frozenset({"veteran"}))],
)
def test_good_value_is_kept_exactly(name, value, kept):
    parsed = policies_kb.parse_facts(KB, {name: value})[name]
    assert parsed == kept
    assert type(parsed) is type(kept)


@pytest.mark.parametrize(("name", "value"), [("age", -1), ("age", 121), ("headcount", 0), ("training_days", -1)])
def test_out_of_range_says_the_range(name, value):
    with pytest.raises(FactError) as caught:
        policies_kb.parse_facts(KB, {name: value})
    assert "不小于" in caught.value.allowed


def test_categories_are_filled_up_with_what_they_imply():
    given = policies_kb.parse_facts(KB, {"categories": ["transferred_worker", "flexible_domestic_worker"]})["categories"]
    assert given == {"transferred_worker", "enterprise_employee", "flexible_domestic_worker", "flexible_worker"}


def test_graduating_this_year_is_within_the_job_choice_period():
    assert policies_kb.parse_facts(KB, {"graduated_this_year": True})["within_job_choice_period"] is True
    assert "within_job_choice_period" not in policies_kb.parse_facts(KB, {"graduated_this_year": False})


def test_beyond_the_job_choice_period_nobody_graduates_this_year():
    assert policies_kb.parse_facts(KB, {"within_job_choice_period": False})["graduated_this_year"] is False
    assert "graduated_this_year" not in policies_kb.parse_facts(KB, {"within_job_choice_period": True})


@pytest.mark.parametrize("order", [1, -1])
def test_facts_that_rule_each_other_out_are_refused(order):
    given = {"graduated_this_year": True, "within_job_choice_period": False}
    with pytest.raises(FactError) as caught:
        policies_kb.parse_facts(KB, dict(list(given.items())[::order]))
    error = caught.value
    assert (error.fact, error.got) == ("within_job_choice_period", False)
    assert KB.facts["graduated_this_year"].label in error.allowed and "true" in error.allowed
    assert policies_kb.parse_facts(KB, {**given, "within_job_choice_period": True}) == {**given, "within_job_choice_period": True}


def test_input_is_left_as_it_was():
    raw = {"categories": ["transferred_worker"], "graduated_this_year": True}
    policies_kb.parse_facts(KB, raw)
    assert raw == {"categories": ["transferred_worker"], "graduated_this_year": True}


@pytest.mark.parametrize("value", [None, "", "2020/06/01", "2020-6-1", "20200601", "2020-13-01", "2021-02-29", "今天", 20200601, 1.5, [], "2020-06-01 "])
def test_bad_day(value):
    with pytest.raises(FactError) as caught:
        parse_day(value)
    assert (caught.value.fact, caught.value.got) == ("as_of", value)


def test_good_day():
    assert parse_day("2020-06-01") == parse_day(date(2020, 6, 1)) == date(2020, 6, 1)


def test_a_moment_is_taken_as_its_day():
    day = parse_day(datetime(2021, 3, 1, 0, 5))
    assert (day.year, day.month, day.day) == (2021, 3, 1)
    assert day >= date(2021, 3, 1)


def test_a_number_of_any_length_is_refused():
    with pytest.raises(FactError):
        policies_kb.parse_facts(KB, {"headcount": 10 ** 5000})
    with pytest.raises(FactError):
        policies_kb.parse_facts(KB, {"headcount": Decimal("1e999999")})
    with pytest.raises(FactError):
        policies_kb.parse_facts(KB, {10 ** 5000: 1})


@repeatedly(100)
def test_facts_survive_the_way_out_and_in_again(rng):
    parsed = policies_kb.parse_facts(KB, some_facts(KB, KB.facts, rng))
    if parsed.get("within_job_choice_period") is False:
        assert parsed.get("graduated_this_year") is not True
    again = policies_kb.parse_facts(KB, {name: fact_to_json(value) for name, value in parsed.items()})
    assert again == parsed
