"""What stock Rasa is trained from is all of our data and is consistent; training itself is not tried here."""

from __future__ import annotations

import pytest

import policies_kb
from tests.eval import stock


@pytest.fixture(scope="module")
def kb():
    return policies_kb.load_knowledge_base()


@pytest.fixture(scope="module")
def made(kb):
    return stock.files(kb)


def examples(made):
    return {item["intent"]: [line.removeprefix("- ") for line in item["examples"].splitlines()]
            for item in made["nlu.yml"]["nlu"] if "intent" in item}


def test_every_way_of_asking_is_there_with_its_region(kb, made):
    said = {text for texts in examples(made).values() for text in texts}
    for answer in kb.answers:
        place = kb.regions[answer.region].short_name
        assert all((ask if place in ask else place + ask) in said for ask in answer.ask)


def test_a_region_has_the_answers_of_the_one_around_it(kb, made):
    inner = next(region for region in kb.regions.values() if region.within)
    count = sum(answer.region in kb.scope(inner.id) for answer in kb.answers)
    own = sum(answer.region == inner.id for answer in kb.answers)
    kept = sum(intent.startswith(f"faq_{inner.id}/") for intent in examples(made))
    assert own < kept <= count


def test_no_example_means_two_things(made):
    by_intent: dict[str, list[str]] = {}
    for intent, texts in examples(made).items():
        by_intent.setdefault(intent.split("/")[0], []).extend(texts)
    for intent, texts in by_intent.items():
        if intent.startswith("faq_"):
            assert len(texts) == len(set(texts)), intent


def test_every_intent_has_a_response_and_a_rule(made):
    responses, intents = made["domain.yml"]["responses"], set(made["domain.yml"]["intents"])
    assert {intent.split("/")[0] for intent in examples(made)} == intents
    assert all(f"utter_{intent}" in responses for intent in examples(made))
    steps = [step for rule in made["rules.yml"]["rules"] for step in rule["steps"]]
    assert {step["intent"] for step in steps if "intent" in step} == intents | {"nlu_fallback"}
    known = {name.split("/")[0] for name in responses}
    assert {step["action"] for step in steps if "action" in step} <= known


def test_responses_carry_the_source(kb, made):
    numbers = [document.number for document in kb.documents.values()]
    faq = [texts[0]["text"] for name, texts in made["domain.yml"]["responses"].items() if name.startswith("utter_faq_")]
    assert all(any(number in text for number in numbers) for text in faq)


def test_the_model_is_one_of_the_data(kb, monkeypatch):
    before = stock.fingerprint(kb)
    assert stock.fingerprint(kb) == before
    monkeypatch.setattr(stock, "DIET_EPOCHS", stock.DIET_EPOCHS + 1)
    assert stock.fingerprint(kb) != before
