"""The JSON Schemas for editors: sound, strict, true of every data file, and with the names of the vocabulary."""

import json
from datetime import date

import pytest
import yaml

import policies_kb
from policies_kb import schema, yaml_files
from policies_kb.loading import DATA

# the libraries are in the development environment; the bot's has an older jsonschema without registries
pytest.importorskip("referencing")
from jsonschema import Draft202012Validator  # noqa: E402
from referencing import Registry, Resource  # noqa: E402

SCHEMAS = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(schema.FOLDER.glob("*.schema.json"))}
REGISTRY = Registry().with_resources((name, Resource.from_contents(content)) for name, content in SCHEMAS.items())
DATA_FILES = [(path, name) for pattern, name in schema.FILES.items() for path in sorted(DATA.glob(pattern))]


def as_json(value):
    """YAML's days as JSON would hold them."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def validator(name):
    file, _, pointer = name.partition("#")
    return Draft202012Validator({"$ref": f"{file}#{pointer}" if pointer else file}, registry=REGISTRY)


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_is_a_schema(name):
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMAS[name]["$id"] == name


@pytest.mark.parametrize(("path", "name"), DATA_FILES, ids=[path.relative_to(DATA).as_posix() for path, _ in DATA_FILES])
def test_the_data_fit(path, name):
    content = as_json(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert [error.message for error in validator(name).iter_errors(content)] == []


def mappings(node, where):
    """Every part of a schema that describes mappings or values, with its place."""
    if isinstance(node, dict):
        yield where, node
        for key, value in node.items():
            if key in ("properties", "$defs"):
                for name, part in value.items():
                    yield from mappings(part, f"{where}/{key}/{name}")
            elif key in ("items", "additionalProperties", "anyOf", "oneOf"):
                yield from mappings(value, f"{where}/{key}")
    elif isinstance(node, list):
        for index, part in enumerate(node):
            yield from mappings(part, f"{where}/{index}")


@pytest.mark.parametrize("name", SCHEMAS)
def test_it_is_strict_and_says_what_each_key_means(name):
    for where, part in mappings(SCHEMAS[name], name):
        if part.get("type") == "object":
            assert "additionalProperties" in part, where
        for key, value in part.get("properties", {}).items():
            if where.endswith("/items") and key in ("when", "then", "else"):
                continue  # the cases of choose, described above them
            if key in ("left", "at_least", "at_most", "above", "below") and where.endswith("/compare"):
                continue
            text = value.get("description") or described(value)
            assert text and any("\u4e00" <= char <= "\u9fff" for char in text), f"{where}: {key}"


def described(part):
    if "$ref" not in part:
        return None
    file, _, pointer = part["$ref"].partition("#")
    target = SCHEMAS[file] if file else {}
    for step in filter(None, pointer.split("/")):
        target = target[step]
    return target.get("description")


def test_the_names_are_those_of_the_vocabulary():
    kb = policies_kb.load_knowledge_base()
    names = {name: part["enum"] for name, part in SCHEMAS["names.schema.json"]["$defs"].items()}
    assert names == {
        "topic": [item["topic"] for item in kb.vocabulary["topics"]],
        "kind": [item["kind"] for item in kb.vocabulary["kinds"]],
        "category": [option.value for option in kb.facts["categories"].options],
        "fact": list(kb.facts),
        "role": [option.value for option in kb.facts["role"].options],
        "training_type": [option.value for option in kb.facts["training_type"].options],
    }


def test_the_types_of_facts_are_those_in_use():
    kb = policies_kb.load_knowledge_base()
    types = SCHEMAS["facts.schema.json"]["$defs"]["fact"]["properties"]["type"]["enum"]
    assert set(types) == {fact.type for fact in kb.facts.values()}


def test_the_words_of_the_rule_language_are_those_of_the_reader():
    from policies_kb import rules

    condition = SCHEMAS["rules.schema.json"]["$defs"]["condition"]
    assert [part["required"] for part in condition["oneOf"]] == [[word] for word in rules.CONDITIONS]
    assert {*rules.BOUNDS, *rules.WRAPPERS} <= set(condition["properties"])


# ---- kb check reads them without a library: both must agree -----------------------------------------------------------
SPOILT = [
    ("region.schema.json", "name: 甲市\nshort_name: 甲\nfull_name: 甲市\ncode: 530300\n"),
    ("region.schema.json", "name: 甲市\nshort_name: 甲\nfull_name: 甲市\ncode: '53030'\n"),
    ("region.schema.json", "name: 甲市\nfull_name: 甲市\ncode: '530300'\n"),
    ("region.schema.json", "- 甲市\n"),
    ("answers.schema.json", "- {id: a, clause: 一, topic: funds, kind: who, ask: [], answer: 有。}\n"),
    ("answers.schema.json", "- {id: A_b, clause: 一, topic: funds, kind: who, ask: [甲乙], answer: 有。}\n"),
    ("answers.schema.json", "- {id: a, clause: [], topic: funds, kind: who, ask: [甲乙], answer: 有。}\n"),
    ("answers.schema.json", "- {id: a, clause: 一, topic: funds, kind: who, ask: [甲乙, 甲乙], answer: 有。}\n"),
    ("answers.schema.json", "- {id: a, clause: 一, topic: funds, kind: who, ask: [甲乙], answer: 有。, anwser: 有。}\n"),
    ("clauses.schema.json", "- {clause: 一, title: 甲, text: 乙, figures: {a: {value: '6', unit: 元, means: 丙}}}\n"),
    ("facts.schema.json", "- {fact: a, type: boolean, label: 甲, question: 乙}\n"),
    ("terms.schema.json#/$defs/shared", "a: {when: {fact: age, category: disabled}}\n"),
    ("terms.schema.json#/$defs/shared", "a: {when: {at_least: 3, category: disabled}}\n"),
    ("terms.schema.json#/$defs/shared", "a: {when: {not: {category: disabled}}}\n"),
    ("terms.schema.json#/$defs/shared", "a: {when: {all: []}}\n"),
    ("terms.schema.json#/$defs/shared", "Some-Name: {when: {category: disabled}}\n"),
    ("rules.schema.json#/$defs/amount", "range: [a, b, c]\n"),
    ("rules.schema.json#/$defs/amount", "{exact: a, free: 甲}\n"),
    ("rules.schema.json#/$defs/term", "60\n"),
    ("terms.schema.json#/$defs/region", "terms: {}\nreductions: {a: {when: {fact: age}, share: 50, says: 甲}}\n"),
]


@pytest.mark.parametrize(("name", "text"), SPOILT)
def test_the_small_reader_finds_what_the_library_finds(name, text, tmp_path):
    (tmp_path / "file.yml").write_text(text, encoding="utf-8")
    content = yaml_files.read(tmp_path / "file.yml", tmp_path, [])
    assert list(validator(name).iter_errors(as_json(content)))
    assert list(schema.mistakes(name, content))


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_small_reader_knows_every_word_that_the_schemas_use(name):
    known = {
        "$schema", "$id", "$defs", "$ref", "title", "description", "type", "enum", "pattern", "format", "minLength", "minItems",
        "maxItems", "uniqueItems", "items", "properties", "required", "additionalProperties", "propertyNames", "oneOf", "anyOf",
        "dependentRequired",
    }
    assert {key for _, part in mappings(SCHEMAS[name], name) for key in part} <= known
