"""Reads the worked examples of tests/cases: facts, and what the documents make of them.

A case file is ``tests/cases/<region>/<benefit>.yml``, a list of mappings. ``name`` says the clause and the point in
Chinese (figures by their names in braces); ``facts``, ``as_of`` (optional); then what is expected: ``status``,
``missing`` (the exact set), and, where they are given, ``paid_to``, ``amount`` (null: none at all), ``presumed``,
``in_force``, ``notes`` and ``without_notes`` (words that some note holds, or none does; figures by their
names here too). Sums are expressions over the
figures of the document, and so are facts that lie at a limit (``age: "{elder_male_age-1}"``), so that a changed figure
moves the example along.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import yaml

import policies_kb
from policies_kb import rendering

FOLDER = Path(__file__).resolve().parent.parent / "cases"
KEYS = {
    "name", "as_of", "facts", "status", "paid_to", "amount", "missing", "presumed", "in_force", "notes", "without_notes",
}
PARTS = ("value", "min", "max")


@dataclass(frozen=True)
class Example:
    """One worked example of a benefit."""

    benefit: str
    name: str
    as_of: date
    facts: dict
    expected: dict = field(hash=False)

    @property
    def region(self):
        """The region that the benefit belongs to."""
        return self.benefit.split(".")[0]


class _Strict(yaml.SafeLoader):
    """A key that stands twice in one mapping is an error; an anchor may still be overridden."""


def _mapping(loader, node):
    keys = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
    doubled = {key for key in keys if keys.count(key) > 1}
    if doubled:
        raise yaml.constructor.ConstructorError(None, None, f"写了两次:{'、'.join(doubled)}", node.start_mark)
    loader.flatten_mapping(node)
    return {loader.construct_object(k, deep=True): loader.construct_object(v, deep=True) for k, v in node.value}


_Strict.add_constructor("tag:yaml.org,2002:map", _mapping)


def benefit_of(path):
    """The benefit that a case file is about: its path is the id."""
    return f"{path.parent.name}.{path.stem}"


def case_files(folder=FOLDER):
    """All case files, in order."""
    return sorted(folder.glob("*/*.yml"))


def examples(kb, folder=FOLDER):
    """Every worked example, in the order of the files. Raises ValueError where one is not written as it should be."""
    found = []
    for path in case_files(folder):
        for item in yaml.load(path.read_text(encoding="utf-8"), Loader=_Strict):  # noqa: S506 - a safe loader
            found.append(_example(kb, path, item))
    return found


def _example(kb, path, item):
    lacking = {"name", "facts", "status", "missing"} - set(item)
    if lacking or set(item) - KEYS:
        raise ValueError(f"{path}: {item.get('name')} 缺 {lacking or '无'},多 {set(item) - KEYS or '无'}")
    benefit = benefit_of(path)
    rule = kb.benefits.get(benefit)
    document = kb.documents[rule.document] if rule else None
    figures = document.figures if document else {}
    item = {**item, **{key: [rendering.render(words, figures) for words in item.get(key, ())] for key in ("notes", "without_notes")}}
    usual = max(document.in_force_from, date(2020, 6, 1)) if document else date(2020, 6, 1)
    return Example(benefit, rendering.render(item["name"], figures), item.get("as_of", usual), _facts(item["facts"], figures), item)


def _facts(facts, figures):
    """The facts, with a number that stands beside a limit of the document worked out: ``age: "{elder_male_age-1}"``."""
    return {name: _number(value, figures) if str(value).startswith("{") else value for name, value in facts.items()}


def _number(text, figures):
    value = rendering.compute(text.strip("{}"), figures)
    return int(value) if value == value.to_integral_value() else value


def money(expression, figures):
    """What an expression over the figures comes to, as the contract shows money: half up to the fen."""
    return str(rendering.compute(str(expression), figures).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def assert_holds(kb, example):
    """The calculator comes to what an example expects."""
    assessment = policies_kb.assess(kb, example.region, example.facts, example.as_of, benefit=example.benefit)
    (result,) = assessment.to_dict()["results"]
    expected = example.expected
    assert result["status"] == expected["status"]
    assert set(result["missing"]) == set(expected["missing"])
    assert len(result["missing"]) == len(expected["missing"])
    _assert_amount(result, expected, kb.documents[kb.benefits[example.benefit].document].figures)
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
