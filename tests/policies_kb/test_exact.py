"""Truth tables against brute force, and three-valued truth against both, over random small rules."""

from decimal import Decimal
from itertools import chain, combinations, product

import pytest

from policies_kb import exact
from policies_kb.conditions import CATEGORIES
from tests.policies_kb.randomly import repeatedly
from tests.policies_kb.small import CODES, FACTS, rule, situation

IMPLIED = {option.value: set(option.implies) for option in CODES}
SETS = [
    frozenset(chosen)
    for chosen in chain.from_iterable(combinations(sorted(IMPLIED), n) for n in range(len(IMPLIED) + 1))
    if all(IMPLIED[code] <= set(chosen) for code in chosen)
]
DOMAINS = {
    "sunny": [True, False],
    "windy": [True, False],
    "training_type": ["a", "b", "c"],
    "age": [0, 17, 18, 19, 39, 40, 41, 120],
    CATEGORIES: SETS,
}


def some_leaf(rng):
    """A leaf over the small vocabulary."""
    return rng.choice([
        {"fact": "sunny", "is": rng.choice([True, False])},
        {"fact": "windy", "is": rng.choice([True, False])},
        {"fact": "training_type", "is": rng.sample(["a", "b", "c"], rng.choice([1, 2]))},
        {"fact": "age", rng.choice(["at_least", "at_most", "above", "below"]): rng.choice([18, 40])},
        {"category": rng.choice(sorted(IMPLIED))},
    ])


def some_rule(rng, depth=3):
    """A random rule; facts may stand in it more than once."""
    if depth == 0 or rng.random() < 0.3:
        return some_leaf(rng)
    kind = rng.choice(["all", "any", "not", "dated"])
    if kind == "not":
        return {"not": some_rule(rng, depth - 1), "says": "不是这样"}
    if kind == "dated":
        return {"all": [some_rule(rng, depth - 1)], "since": rng.choice(DAYS)}
    return {kind: [some_rule(rng, depth - 1) for _ in range(rng.choice([1, 2, 3]))]}


DAYS = (situation().as_of, situation().as_of.replace(year=2030))


def some_situation(rng):
    """Random values for some of the facts."""
    return situation(**{name: rng.choice(values) for name, values in DOMAINS.items() if rng.random() < 0.4})


def brute_force(node, s):
    """What every completion agrees on, and the facts that can change the verdict alone."""
    names = sorted({name for leaf in node.leaves() for name in leaf.facts()} - set(s.facts))
    table = {values: node.truth(s.with_facts(**dict(zip(names, values, strict=True)))) for values in product(*(DOMAINS[n] for n in names))}
    telling = set()
    for position, name in enumerate(names):
        groups = {}
        for values, verdict in table.items():
            groups.setdefault(values[:position] + values[position + 1:], set()).add(verdict)
        if any(len(group) > 1 for group in groups.values()):
            telling.add(name)
    verdicts = set(table.values())
    return verdicts.pop() if len(verdicts) == 1 else None, telling


@repeatedly(400)
def test_table_equals_brute_force(rng):
    node, s = rule(some_rule(rng)), some_situation(rng)
    table = exact.Table(node, s)
    verdict, telling = brute_force(node, s)
    assert table.verdict() is verdict
    assert table.relevant() == (telling if verdict is None else set())


@repeatedly(400)
def test_three_values_never_say_more_than_is_known(rng):
    node, s = rule(some_rule(rng)), some_situation(rng)
    verdict, telling = brute_force(node, s)
    truth = node.truth(s)
    assert truth is None or truth is verdict
    if truth is None:
        assert telling <= node.missing(s), "a fact that matters is never passed over"
    else:
        assert node.missing(s) == set()


@repeatedly(400)
def test_three_values_are_exact_where_no_fact_stands_twice(rng):
    node, s = rule(some_rule(rng)), some_situation(rng)
    if exact.repeats(node):
        return
    verdict, telling = brute_force(node, s)
    assert node.truth(s) is verdict
    assert node.missing(s) == (telling if verdict is None else set())


def test_a_fact_that_stands_twice_is_settled():
    node = rule({"any": [{"all": [{"fact": "sunny"}, {"fact": "windy"}]}, {"all": [{"fact": "sunny", "is": False}, {"fact": "windy"}]}]})
    s = situation(windy=True)
    assert node.truth(s) is None
    assert exact.repeats(node)
    assert exact.Table(node, s).verdict() is True
    assert exact.Table(node, situation()).relevant() == {"windy"}


def test_what_one_category_implies_is_not_taken_apart():
    node = rule({"all": [{"category": "crimson"}, {"not": {"category": "red"}, "says": "不是红"}]})
    assert exact.repeats(node)
    assert exact.Table(node, situation()).verdict() is False


@pytest.mark.parametrize(
    ("data", "twice"),
    [
        ({"all": [{"fact": "sunny"}, {"fact": "windy"}]}, False),
        ({"categories": ["red", "blue"]}, False),
        ({"categories": ["red", "crimson"]}, True),
        ({"any": [{"fact": "age", "at_least": 18}, {"fact": "age", "below": 10}]}, True),
    ],
)
def test_repeats(data, twice):
    assert exact.repeats(rule(data)) is twice


def test_completions_count_only_what_a_rule_tells_apart():
    node = rule({"all": [{"fact": "age", "at_least": 18}, {"fact": "training_type", "is": "a"}, {"fact": "sunny"}, {"category": "red"}]})
    assert exact.completions(node, situation()) == 2 * 2 * 2 * 2
    assert exact.completions(node, situation(sunny=True, categories=[])) == 2 * 2
    assert exact.completions(node, situation(age=3, sunny=True, training_type="b", categories=[])) == 1


def test_relevant_for_tries_every_combination():
    choices = {"days": (1, 2), "years": (Decimal(1), Decimal(2)), "sunny": (True, False)}

    def outcome(s):
        return s.get("days") if s.get("sunny") else 0

    assert exact.relevant_for(outcome, choices, choices, situation()) == {"days", "sunny"}
    assert exact.relevant_for(outcome, ("days", "years"), choices, situation(sunny=False)) == set()


def test_vocabulary_of_this_test_is_that_of_small():
    assert set(DOMAINS) <= set(FACTS)
