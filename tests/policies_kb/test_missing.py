"""``missing`` is exactly what can still change the result: every benefit against completions tried one by one.

The oracle knows nothing of three-valued logic: it fills in every unknown fact with every value that could make a
difference, evaluates the rule on the complete facts, and looks which single change changes the outcome.
"""

from datetime import date
from decimal import Decimal
from itertools import combinations, product

import pytest

import policies_kb
from policies_kb import amounts, conditions
from policies_kb.conditions import CATEGORIES, Situation
from tests.policies_kb.randomly import consistent, repeatedly, some_facts, some_value
from tests.policies_kb.worked_examples import examples

KB = policies_kb.load_knowledge_base()
DAYS = (date(2020, 6, 1), date(2021, 2, 28), date(2021, 3, 1), date(2022, 1, 1))
MOST = 6000
ELIGIBLE = {}
for _example in examples(KB):
    if _example.expected["status"] == "eligible":
        ELIGIBLE.setdefault(_example.benefit, []).append(_example.facts)
SUMS = (Decimal(0), Decimal(1), Decimal(7), Decimal(250))


def parts_of(node):
    """The nodes right below a condition."""
    if isinstance(node, (conditions.All, conditions.Any_)):
        return node.parts
    return (node.part,) if hasattr(node, "part") else ()


def leaves_that_wait(node, on):
    """The leaves whose facts are to be known; told limits, subjects and parts of another date never wait."""
    if isinstance(node, (conditions.Presumed, conditions.Subject, conditions.Given)):
        return []
    if isinstance(node, conditions.Dated) and not node.applies(on):
        return []
    parts = parts_of(node)
    return [leaf for part in parts for leaf in leaves_that_wait(part, on)] if parts else [node]


def values_of(name, leaves):
    """Values of a fact between which these leaves can tell any difference."""
    if name == CATEGORIES:
        codes = sorted({leaf.option.value for leaf in leaves if isinstance(leaf, conditions.Category)})
        sets = [frozenset(chosen) for size in (0, 1, 2) for chosen in combinations(codes, size)]
        return list(dict.fromkeys(KB.with_implied(chosen) for chosen in sets))
    fact = KB.facts[name]
    if fact.type == "bool":
        return [True, False]
    if fact.type == "choice":
        return [option.value for option in fact.options]
    numbers = {Decimal(0), Decimal(1), Decimal(5), Decimal(1000), Decimal(1000000)}
    for leaf in leaves:
        if isinstance(leaf, conditions.FactRange) and leaf.fact.name == name:
            numbers.update(bound + step for _, bound in leaf.bounds for step in (-1, Decimal("-0.5"), 0, Decimal("0.5"), 1))
    if fact.type == "int":
        numbers = {number for number in numbers if number == number.to_integral_value()}
    return sorted(n for n in numbers if n >= (fact.minimum or 0) and (fact.maximum is None or n <= fact.maximum))


def thinned(values, leaves, name):
    """Options that no leaf names are alike: one of them is enough."""
    named = {v for leaf in leaves if isinstance(leaf, conditions.FactIs) and leaf.fact.name == name for v in leaf.values}
    if KB.facts[name].type != "choice":
        return values
    other = [value for value in values if value not in named][:1]
    return [value for value in values if value in named] + other


def outcomes(situation, choices, outcome):
    """The outcome of every completion, and the facts that change it all alone."""
    names = sorted(choices)
    table = {}
    for values in product(*(range(len(choices[name])) for name in names)):
        given = {name: choices[name][k] for name, k in zip(names, values, strict=True)}
        table[values] = outcome(situation.with_facts(**given))
    telling = set()
    for position, name in enumerate(names):
        groups = {}
        for values, result in table.items():
            groups.setdefault(values[:position] + values[position + 1:], set()).add(result)
        if any(len(group) > 1 for group in groups.values()):
            telling.add(name)
    return set(table.values()), telling


def unknown_facts(leaves, situation):
    """The facts of the leaves that are neither given nor presumed."""
    names = {name for leaf in leaves for name in leaf.facts()}
    open_names = {name for name in names if situation.get(name) is None}
    # below 50 the pension is taken as settled (benefits.md, Pension), where a rule says so
    for leaf in leaves:
        presumption = getattr(leaf, "presumption", None)
        if presumption is not None and presumption.when.truth(situation):
            open_names.discard(leaf.fact.name)
    return open_names


def without_not_asked(names):
    """The documented exceptions: age beside the pension, 应届 beside 择业期."""
    names = set(names)
    if "pension_entitled" in names:
        names.discard("age")
    if "within_job_choice_period" in names:
        names.discard("graduated_this_year")
    return names


def sum_of(rule):
    """What a sum is, for comparing: kind and figures."""

    def outcome(situation):
        money = rule.amount.money(situation, rule.reduction)
        return money.kind, money.value, money.minimum, money.maximum

    return outcome


def conditions_in(amount):
    """The conditions that choose between sums, wherever they stand in an amount."""
    if isinstance(amount, amounts.ChosenAmount):
        inner = [amount.otherwise, *(then for _, then in amount.cases)]
        return [when for when, _ in amount.cases] + [c for part in inner for c in conditions_in(part)]
    if isinstance(amount, amounts.Choice):
        inner = [amount.otherwise, *(then for _, then in amount.cases)]
        return [when for when, _ in amount.cases] + [c for part in inner for c in conditions_in(part)]
    below = [getattr(amount, key, None) for key in ("low", "high", "part", "limit")]
    below += list(getattr(amount, "parts", ()))
    return [c for part in below if part is not None for c in conditions_in(part)]


def facts_that_may_matter(rule):
    """Everything that the rule reads anywhere, told limits and presumed facts included."""
    names = {name for leaf in rule.when.leaves() for name in leaf.facts()} | set(rule.amount.facts())
    return names | {"role", "age", "headcount", "education_fund_compliant", "catalogue_standard"}


def oracle(rule, situation):
    """Verdict and missing facts by trying everything; None where there is too much to try."""
    leaves = leaves_that_wait(rule.when, situation.as_of)
    choices = {name: thinned(values_of(name, leaves), leaves, name) for name in unknown_facts(leaves, situation)}
    if size(choices) > MOST:
        return None
    verdicts, telling = outcomes(situation, choices, rule.when.truth)
    assert None not in verdicts, "complete facts settle every rule"
    if len(verdicts) > 1:
        return None, without_not_asked(telling)
    (verdict,) = verdicts
    return verdict, sum_waits_for(rule, situation) if verdict else set()


def sum_waits_for(rule, situation):
    """The facts that can still change the sum."""
    if not rule.amount.facts():
        return set()
    leaves = [leaf for when in conditions_in(rule.amount) for leaf in leaves_that_wait(when, situation.as_of)]
    names = {name for name in rule.amount.facts() if situation.get(name) is None} - {"catalogue_standard"}
    choices = {name: values_of(name, leaves) if KB.facts[name].type in ("bool", "choice", "set") else SUMS for name in names}
    assert size(choices) <= MOST
    return outcomes(situation, choices, sum_of(rule))[1]


def size(choices):
    """How many completions there are."""
    result = 1
    for values in choices.values():
        result *= len(values)
    return result


@pytest.mark.parametrize("benefit", sorted(KB.benefits))
@repeatedly(10)
def test_missing_is_what_can_still_change(benefit, rng):
    assert_missing(benefit, some_facts(KB, facts_that_may_matter(KB.benefits[benefit]), rng), rng.choice(DAYS))


@pytest.mark.parametrize("benefit", sorted(KB.benefits))
@repeatedly(10)
def test_missing_near_what_is_eligible(benefit, rng):
    facts = dict(rng.choice(ELIGIBLE[benefit]))
    if facts and rng.random() < 0.7:
        for name in rng.sample(sorted(facts), rng.choice([1, min(2, len(facts))])):
            del facts[name]
    if rng.random() < 0.4:
        name = rng.choice(sorted(facts_that_may_matter(KB.benefits[benefit])))
        facts[name] = some_value(KB, KB.facts[name], rng)
    assert_missing(benefit, consistent(KB, facts), rng.choice(DAYS))


def assert_missing(benefit, raw, day):
    """Verdict, missing facts and a pending sum are as the oracle has them."""
    rule = KB.benefits[benefit]
    expected = oracle(rule, Situation(policies_kb.parse_facts(KB, raw), day, KB.facts))
    if expected is None:
        return
    verdict, missing = expected
    (result,) = policies_kb.assess(KB, rule.region, raw, day, benefit=benefit).results
    assert (result.status, set(result.missing)) == (
        {True: "eligible", False: "not_eligible", None: "unknown"}[verdict], missing), (raw, day)
    assert len(set(result.missing)) == len(result.missing)
    if verdict is not None:
        assert (result.amount is not None and result.amount.kind == "pending") == bool(missing)


@pytest.mark.parametrize("benefit", sorted(KB.benefits))
def test_nothing_given_waits_for_something(benefit):
    (result,) = policies_kb.assess(KB, KB.benefits[benefit].region, {}, DAYS[0], benefit=benefit).results
    assert result.status == "unknown"
    assert result.missing
