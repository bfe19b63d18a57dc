"""The worked examples of tests/cases against the calculator, and that no benefit is without them."""

from collections import Counter

import pytest

import policies_kb
from tests.policies_kb.worked_examples import PARTS, benefit_of, case_files, examples, money

KB = policies_kb.load_knowledge_base()
EXAMPLES = examples(KB)

# verdicts that the rule of a benefit cannot come to (none so far: every rule has a condition that can fail and be open)
IMPOSSIBLE = {}


@pytest.mark.parametrize("example", EXAMPLES, ids=[f"{e.benefit}: {e.name}" for e in EXAMPLES])
def test_example(example):
    assessment = policies_kb.assess(KB, example.region, example.facts, example.as_of, benefit=example.benefit)
    (result,) = assessment.to_dict()["results"]
    expected = example.expected
    assert result["status"] == expected["status"]
    assert set(result["missing"]) == set(expected["missing"])
    assert len(result["missing"]) == len(expected["missing"])
    _assert_amount(result, expected, KB.documents[KB.benefits[example.benefit].document].figures)
    for key in ("paid_to", "in_force"):
        if key in expected:
            assert result[key] == expected[key]
    if "presumed" in expected:
        assert result["presumed"] == expected["presumed"]
    for words in expected.get("notes", ()):
        assert any(words in note for note in result["notes"]), result["notes"]
    for words in expected.get("without_notes", ()):
        assert not any(words in note for note in result["notes"]), result["notes"]


def _assert_amount(result, expected, figures):
    if result["status"] == "not_eligible":
        assert result["amount"] is None
        return
    amount = result["amount"]
    if result["status"] == "unknown":
        assert amount["kind"] == "pending"
    if amount["kind"] == "pending":
        assert result["missing"], "an amount that waits says for what"
        assert [amount[part] for part in PARTS] == [None, None, None]
    if expected.get("amount") is not None:
        wanted = expected["amount"]
        assert amount["kind"] == wanted["kind"]
        for part in PARTS:
            assert amount[part] == (money(wanted[part], figures) if part in wanted else None), part
        assert amount["currency"] == "CNY"


def test_every_benefit_has_examples():
    assert {benefit_of(path) for path in case_files()} == set(KB.benefits)
    assert len(KB.benefits) == 47


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
