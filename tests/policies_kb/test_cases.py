"""The worked examples of tests/cases against the calculator, and that no benefit is without them."""

from collections import Counter

import pytest

import policies_kb
from tests.policies_kb.worked_examples import assert_holds, benefit_of, case_files, examples

KB = policies_kb.load_knowledge_base()
EXAMPLES = examples(KB)

# verdicts that the rule of a benefit cannot come to (none so far: every rule has a condition that can fail and be open)
IMPOSSIBLE = {}


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{e.benefit}: {e.name}" for e in EXAMPLES])
def test_example(example):
    assert_holds(KB, example)


def test_every_benefit_has_examples():
    assert {benefit_of(path) for path in case_files()} == set(KB.benefits)


@pytest.mark.parametrize("benefit", sorted(KB.benefits))
def test_examples_show_every_verdict(benefit):
    statuses = Counter(example.expected["status"] for example in EXAMPLES if example.benefit == benefit)
    wanted = {"eligible", "not_eligible", "unknown"} - IMPOSSIBLE.get(benefit, set())
    assert wanted <= set(statuses)
    assert sum(statuses.values()) >= 5


@pytest.mark.parametrize("benefit", sorted(KB.benefits))
def test_examples_are_told_apart(benefit):
    own = [example for example in EXAMPLES if example.benefit == benefit]
    assert [name for name, count in Counter(example.name for example in own).items() if count > 1] == []
    inputs = [(example.as_of, policies_kb.parse_facts(KB, example.facts)) for example in own]
    assert all(inputs.count(given) == 1 for given in inputs)


@pytest.mark.parametrize("benefit", sorted(KB.benefits))
def test_every_kind_of_amount_is_shown(benefit):
    kinds = {variant.kind for variant in KB.benefits[benefit].amount.variants()}
    shown = {(example.expected.get("amount") or {}).get("kind") for example in EXAMPLES if example.benefit == benefit}
    assert kinds <= shown
