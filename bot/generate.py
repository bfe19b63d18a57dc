"""Knowledge base → everything Rasa needs a copy of: slots, form, rules, questions, lookups, jieba dictionary, spaCy pipeline.

Run by :mod:`bot.train` before every training; nothing that it writes is committed. A fact, city or kind of question that is
added to the knowledge base reaches Rasa by this module alone.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

import policies_kb
from policies_kb import KnowledgeBase
from policies_kb.model import Fact

ROOT = Path(__file__).resolve().parent.parent
FORM = "eligibility_form"
ANSWER = "action_answer_policy"
SLOT_TYPES = {"bool": "bool", "int": "float", "number": "float", "money": "float", "choice": "text", "set": "list"}
NUMERAL = r"^[0-9〇零一二两三四五六七八九十百千万半.]+$"
LOOKED_UP = ("region", "categories", "training_type", "certificate", "term")
# Facts that narrow the whole check down; asked before the calculator's own choice.
ASKED_FIRST = ("region", "role")


class Word(NamedTuple):
    """A way of saying something: the words, the fact (or region, term) they speak of, and the value they stand for."""

    text: str
    entity: str
    value: str


def words(kb: KnowledgeBase) -> Iterator[Word]:
    """Every way of naming a region, an option of a fact or a term of the documents; the first owner of a word keeps it."""
    seen: set[str] = set()
    for word in _all_words(kb):
        text = word.text.strip()
        if len(text) >= 2 and text not in seen and not re.search(r"[\s,，。?？!！/]", text):
            seen.add(text)
            yield word._replace(text=text)


def _all_words(kb: KnowledgeBase) -> Iterator[Word]:
    for region in kb.regions.values():
        for text in (region.name, region.short_name, region.full_name, *region.aliases, *region.districts):
            yield Word(text, "region", region.id)
    for fact in sorted(kb.facts.values(), key=lambda fact: fact.type != "set"):
        for option in fact.options:
            for text in (option.label, *option.words):
                yield Word(text, fact.name, option.value)
    for fact in kb.facts.values():
        for value, texts in (("true", fact.true_words), ("false", fact.false_words)):
            for text in texts:
                yield Word(text, fact.name, value)
    for benefit in kb.benefits.values():
        yield Word(benefit.name, "term", benefit.name)
    for document in kb.documents.values():
        for clause in document.clauses.values():
            for text in clause.terms:
                yield Word(text, "term", text)


def kinds(kb: KnowledgeBase) -> list[str]:
    """The kinds of question, in a certain order. Comparing has its own intent and its own examples."""
    return [item["kind"] for item in kb.vocabulary["kinds"] if item["kind"] != "comparison"]


def asked_facts(kb: KnowledgeBase) -> list[str]:
    """What the form may ask: the region and every fact."""
    return [*ASKED_FIRST, *(name for name in kb.facts if name not in ASKED_FIRST)]


def facts_domain(kb: KnowledgeBase) -> dict[str, Any]:
    """Slots, entities, form and ask actions. Only actions fill the slots: their mapping is custom."""
    slots = {"region": _slot("text"), **{fact.name: _slot(SLOT_TYPES[fact.type]) for fact in kb.facts.values()}}
    return {
        "version": "3.1",
        "entities": ["region", *kb.facts, "term"],
        "slots": slots,
        "forms": {FORM: {"required_slots": asked_facts(kb)}},
        "actions": [ask_action(name) for name in asked_facts(kb)],
    }


def ask_action(name: str) -> str:
    """The action by which Rasa's form asks for a slot."""
    return f"action_ask_{FORM}_{name}"


def _slot(kind: str) -> dict[str, Any]:
    return {"type": kind, "influence_conversation": False, "mappings": [{"type": "custom"}]}


def questions_domain(kb: KnowledgeBase) -> dict[str, Any]:
    """One intent per kind of question."""
    return {"version": "3.1", "intents": [{f"ask_{kind}": {"use_entities": []}} for kind in kinds(kb)]}


def question_rules(kb: KnowledgeBase) -> dict[str, Any]:
    """Every kind of question goes to the knowledge base."""
    return {
        "version": "3.1",
        "rules": [
            {"rule": f"问政策:{kind}", "steps": [{"intent": f"ask_{kind}"}, {"action": ANSWER}]} for kind in kinds(kb)
        ],
    }


def question_examples(kb: KnowledgeBase) -> dict[str, Any]:
    """The ways of asking of all answers as examples of their intents, each third one with a city before it as people do."""
    examples: dict[str, list[str]] = {kind: [] for kind in kinds(kb)}
    seen: set[str] = set()
    for answer in kb.answers:
        place = kb.regions[answer.region].short_name
        for number, ask in enumerate(answer.ask):
            for text in (ask, place + ask) if number % 3 == 0 else (ask,):
                if text not in seen and answer.kind in examples:
                    seen.add(text)
                    examples[answer.kind].append(text)
    return {
        "version": "3.1",
        "nlu": [{"intent": f"ask_{kind}", "examples": _examples(texts)} for kind, texts in examples.items() if texts],
    }


def lookups(kb: KnowledgeBase) -> dict[str, Any]:
    """Lookup tables: the words of the entities that tell the classifier most. One search of the sentence for each table."""
    tables: dict[str, list[str]] = {name: [] for name in LOOKED_UP}
    for word in words(kb):
        if word.entity in tables:
            tables[word.entity].append(word.text)
    return {"version": "3.1", "nlu": [{"lookup": name, "examples": _examples(texts)} for name, texts in tables.items()]}


def synonyms(kb: KnowledgeBase) -> dict[str, Any]:
    """Synonym maps: a region's or an option's words → its code (terms and yes/no words stand for themselves)."""
    tables: dict[str, list[str]] = {}
    for word in words(kb):
        if word.entity == "region" or (word.entity in kb.facts and kb.facts[word.entity].options):
            tables.setdefault(word.value, []).append(word.text)
    return {"version": "3.1", "nlu": [{"synonym": value, "examples": _examples(texts)} for value, texts in tables.items()]}


def _examples(texts: list[str]) -> str:
    return "".join(f"- {text}\n" for text in texts)


def jieba_dictionary(kb: KnowledgeBase) -> str:
    """One word a line; jieba works out the frequency that keeps it whole."""
    return "".join(f"{word.text}\n" for word in words(kb) if re.fullmatch(r"[\u4e00-\u9fff]{2,12}", word.text))


def write_spacy(kb: KnowledgeBase, folder: Path, dictionary: Path) -> None:
    """A blank Chinese pipeline: jieba segmenter, ruler with our words, patterns for "number + unit" of each fact."""
    import jieba
    import spacy

    jieba.load_userdict(str(dictionary))
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    ruler = nlp.add_pipe("entity_ruler")
    # Token patterns, not phrases: Rasa loads the pipeline before it loads jieba's dictionary, and phrases would be cut anew.
    ruler.add_patterns(
        [{"label": w.entity, "id": w.value, "pattern": [{"TEXT": token} for token in jieba.cut(w.text)]} for w in words(kb)]
    )
    ruler.add_patterns([pattern for fact in kb.facts.values() for pattern in _unit_patterns(fact)])
    nlp.to_disk(folder)


def _unit_patterns(fact: Fact) -> list[dict[str, Any]]:
    """"40 天": only units that a single fact uses are told here; the others need the sentence (policies_kb.read)."""
    if fact.cues or not fact.units:
        return []
    return [{"label": fact.name, "pattern": [{"TEXT": {"REGEX": NUMERAL}}, {"TEXT": unit}]} for unit in fact.units]


def write_all(kb: KnowledgeBase, root: Path = ROOT) -> list[Path]:
    """Write every generated file below ``root``; old ones are removed first, so that nothing stale is trained on."""
    made = {
        "bot/domain/generated/facts.yml": facts_domain(kb),
        "bot/domain/generated/questions.yml": questions_domain(kb),
        "bot/rules/generated/questions.yml": question_rules(kb),
        "data/nlu/generated/questions.yml": question_examples(kb),
        "data/nlu/generated/lookups.yml": lookups(kb),
        "data/nlu/generated/synonyms.yml": synonyms(kb),
    }
    dictionary = root / "bot/generated/jieba/wenbu.txt"
    pipeline = root / "bot/generated/spacy"
    for folder in {(root / name).parent for name in made} | {dictionary.parent, pipeline}:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    for name, content in made.items():
        text = yaml.dump(content, allow_unicode=True, sort_keys=False, width=1000, Dumper=_BlockDumper)
        (root / name).write_text("# 由 bot/generate.py 从知识库生成,改了会被覆盖\n" + text, encoding="utf-8")
    dictionary.write_text(jieba_dictionary(kb), encoding="utf-8")
    write_spacy(kb, pipeline, dictionary)
    return [root / name for name in made] + [dictionary, pipeline]


class _BlockDumper(yaml.SafeDumper):
    """Several lines as a block, as a person would write them: the files are there to be read when training puzzles."""


def _block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_BlockDumper.add_representer(str, _block)


if __name__ == "__main__":
    for path in write_all(policies_kb.load_knowledge_base()):
        print(path.relative_to(ROOT))
