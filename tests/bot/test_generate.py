"""What Rasa is given follows from the knowledge base, wholly."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml

from bot import generate


def read(root, name):
    return yaml.safe_load((root / name).read_text(encoding="utf-8"))


def examples(block):
    return [line.removeprefix("- ") for line in block["examples"].splitlines()]


def test_every_fact_and_the_region_have_a_slot_a_question_and_a_place_in_the_form(kb, generated):
    domain = read(generated, "bot/domain/generated/facts.yml")
    names = {"region", *kb.facts}
    assert set(domain["slots"]) == names
    assert set(domain["forms"]["eligibility_form"]["required_slots"]) == names
    assert set(domain["actions"]) == {f"action_ask_eligibility_form_{name}" for name in names}


def test_no_slot_is_filled_by_rasa_itself(generated):
    slots = read(generated, "bot/domain/generated/facts.yml")["slots"].values()
    assert all(slot["mappings"] == [{"type": "custom"}] and slot["influence_conversation"] is False for slot in slots)


def test_the_form_asks_where_and_for_whom_before_anything_else(generated):
    asked = read(generated, "bot/domain/generated/facts.yml")["forms"]["eligibility_form"]["required_slots"]
    assert asked[:2] == ["region", "role"]


def test_every_kind_of_question_has_an_intent_a_rule_and_the_phrases_of_its_answers(kb, generated):
    intents = {name for item in read(generated, "bot/domain/generated/questions.yml")["intents"] for name in item}
    rules = {rule["steps"][0]["intent"] for rule in read(generated, "bot/rules/generated/questions.yml")["rules"]}
    trained = {block["intent"]: examples(block) for block in read(generated, "data/nlu/generated/questions.yml")["nlu"]}
    assert intents == rules == {f"ask_{item['kind']}" for item in kb.vocabulary["kinds"] if item["kind"] != "comparison"}
    phrases = {phrase for block in trained.values() for phrase in block}
    assert all(set(answer.ask) <= phrases for answer in kb.answers if f"ask_{answer.kind}" in intents)


def test_no_phrase_is_an_example_of_two_kinds(generated):
    blocks = read(generated, "data/nlu/generated/questions.yml")["nlu"]
    phrases = [phrase for block in blocks for phrase in examples(block)]
    assert len(phrases) == len(set(phrases))


def test_every_name_of_a_region_is_a_synonym_of_its_code(kb, generated):
    tables = {block["synonym"]: examples(block) for block in read(generated, "data/nlu/generated/synonyms.yml")["nlu"]}
    for region in kb.regions.values():
        assert {region.name, region.short_name, *region.aliases} <= set(tables[region.id])


def test_a_new_city_reaches_lookups_dictionary_and_synonyms_without_code(kb, tmp_path):
    city = replace(kb.regions["qujing"], id="newtown", name="新城市", short_name="新城", full_name="某省新城市", aliases=("新城新区",))
    wider = replace(kb, regions={**kb.regions, "newtown": city})
    words = {word.text: word for word in generate.words(wider)}
    assert words["新城新区"].value == "newtown"
    assert "新城新区" in generate.jieba_dictionary(wider).split()


@pytest.mark.parametrize("word", ["以工代训", "职业技能等级证书", "企业新型学徒制", "就业困难人员", "生活费补贴", "两后生"])
def test_jieba_keeps_the_terms_of_the_documents_whole(generated, word):
    import jieba

    from bot.components.normalise import normalised

    jieba.load_userdict(str(generated / "bot/generated/jieba/wenbu.txt"))
    assert word in jieba.lcut(normalised(f"曲靖 {word} 怎么办理"))


def test_the_spacy_pipeline_loads_from_its_folder_and_finds_words_and_numbers(generated):
    import spacy

    nlp = spacy.load(generated / "bot/generated/spacy")
    found = {(ent.label_, ent.text) for ent in nlp("曲靖的残疾人培训40天").ents}
    assert {("region", "曲靖"), ("categories", "残疾人"), ("training_days", "40天")} <= found


def test_generating_twice_leaves_nothing_stale(kb, tmp_path):
    generate.write_all(kb, tmp_path)
    stale = tmp_path / "bot/rules/generated/old.yml"
    stale.write_text("rules: []")
    generate.write_all(kb, tmp_path)
    assert not stale.exists()
