"""The NLU components: same characters everywhere, facts as entities, and who decides about the intent."""

from __future__ import annotations

import pytest
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.fact_reader import READING, FactReader
from bot.components.intent_arbiter import IntentArbiter, settled
from bot.components.normalise import Normaliser, normalised
from policies_kb import read


@pytest.fixture(scope="module", autouse=True)
def converter():
    """The converter that the component hands to policies_kb."""
    Normaliser.create({}, None, None, None)


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [("我係殘疾人,培訓40天", "我系残疾人,培训40天"), ("曲靖 残疾人", "曲靖残疾人"), ("4 0天", "4,0天"), ("１ ３", "1,3"), ("HELLO", "hello")],
)
def test_text_is_written_one_way(typed, read_as):
    assert normalised(typed) == read_as


def test_training_examples_and_messages_are_normalised_alike():
    message = Message({TEXT: "培訓　補貼"})
    Normaliser().process([message])
    assert message.get(TEXT) == "培训补贴"
    assert message.as_dict(only_output_properties=True)["text"] == "培训补贴"


def read_message(kb, text):
    message = Message({TEXT: normalised(text)})
    message.set(ENTITIES, [{"entity": "categories", "value": "残疾人"}, {"entity": "term", "value": "生活费补贴"}])
    return FactReader(kb).process([message])[0]


def test_facts_become_entities_with_the_values_of_the_vocabulary(kb):
    entities = read_message(kb, "我是曲靖的残疾人,培训四十天").get(ENTITIES)
    pairs = {(entity["entity"], entity["value"]) for entity in entities}
    assert {("region", "qujing"), ("categories", "disabled"), ("training_days", 40)} <= pairs
    assert ("term", "生活费补贴") in pairs, "what the ruler found beside the facts stays"
    assert ("categories", "残疾人") not in pairs, "the reader's value takes the place of the ruler's word"


def test_the_reading_stays_inside_the_pipeline(kb):
    message = read_message(kb, "曲靖")
    assert message.get(READING).regions == ("qujing",)
    assert READING not in message.as_dict(only_output_properties=True)


@pytest.mark.parametrize(
    ("text", "guess", "confidence", "intent"),
    [
        ("取消", "affirm", 0.9, "cancel"),
        ("转人工", "greet", 0.9, "handoff"),
        ("不知道", "inform", 0.9, "dont_know"),
        ("详细", "greet", 0.9, "more_detail"),
        ("帮我测算", "off_topic", 0.9, "start_check"),
        ("你好,残疾人能免费学吗", "greet", 0.99, "ask_eligibility"),
        ("谢谢,那生活费多少钱", "thank", 0.99, "ask_amount"),
        ("曲靖", "off_topic", 0.99, "inform"),
        ("曲靖和攀枝花的生活费哪个高", "ask_amount", 0.9, "compare"),
        ("算一下残疾人40天生活费多少", "start_check", 0.9, "ask_amount"),
        ("帮我们公司测测", "start_check", 0.9, None),
        ("帮我测算,我是曲靖的残疾人,培训40天", "ask_amount", 0.9, "start_check"),
        ("帮我看看我这个残疾人能领啥", "start_check", 0.9, None),
        ("你好老师,在不在哦", "greet", 0.99, None),
        ("123", "goodbye", 0.9, "nlu_fallback"),
        ("搞了以工代训,能领多少,帮我测算", "ask_amount", 0.9, "start_check"),
        ("工人", "handoff", 0.4, "nlu_fallback"),
        ("???", "greet", 0.9, "nlu_fallback"),
        ("不测算了", "cancel", 0.9, None),
        ("机器人说不清,找个人来说", "handoff", 0.9, None),
        ("怎么减肥", "off_topic", 0.95, None),
        ("那个东西", "off_topic", 0.5, "nlu_fallback"),
        ("不对,是50天", "correct", 0.6, None),
    ],
)
def test_words_come_before_content_and_content_before_the_classifier(kb, text, guess, confidence, intent):
    assert settled(read(kb, text), guess, confidence) == intent


def test_a_settled_intent_is_certain(kb):
    message = read_message(kb, "取消")
    message.set(INTENT, {"name": "inform", "confidence": 0.3})
    IntentArbiter().process([message])
    assert message.get(INTENT) == {"name": "cancel", "confidence": 1.0}


def test_what_is_settled_is_not_called_ambiguous_afterwards(kb):
    message = read_message(kb, "帮我测算曲靖的,培训20天")
    ranking = [{"name": "ask_reason", "confidence": 0.27}, {"name": "compare", "confidence": 0.25}]
    message.set(INTENT, ranking[0])
    message.set("intent_ranking", ranking)
    config = {**FallbackClassifier.get_default_config(), "threshold": 0.4, "ambiguity_threshold": 0.05}
    FallbackClassifier(config).process(IntentArbiter().process([message]))
    assert message.get(INTENT)["name"] == "start_check"


def test_a_button_payload_has_no_text_to_read(kb):
    message = Message({INTENT: {"name": "start_check", "confidence": 1.0}})
    IntentArbiter().process(FactReader(kb).process(Normaliser().process([message])))
    assert message.get(INTENT)["name"] == "start_check"
