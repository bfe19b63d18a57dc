"""The JSON Schemas of the data files, and the part of JSON Schema that they use, so that ``kb check`` needs no library.

Editors read the same files; tests hold both against the ``jsonschema`` library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NAMES = "names.schema.json"
"""Holds the names of the vocabulary for editors. ``kb check`` passes it over: it asks the vocabulary of the data at hand."""
FILES = {
    "facts/*.yml": "facts.schema.json",
    "categories.yml": "categories.schema.json",
    "vocabulary/topics.yml": "topics.schema.json",
    "vocabulary/kinds.yml": "kinds.schema.json",
    "terms.yml": "terms.schema.json#/$defs/shared",
    "*/terms.yml": "terms.schema.json#/$defs/region",
    "*/region.yml": "region.schema.json",
    "*/benefits/*.yml": "benefit.schema.json",
    "*/documents/*/document.yml": "document.schema.json",
    "*/documents/*/calculations.yml": "calculations.schema.json",
    "*/documents/*/clauses/*.yml": "clauses.schema.json",
    "*/documents/*/answers/*.yml": "answers.schema.json",
}
"""Which schema a data file has, by its place."""
TYPES = {"object": "映射", "array": "列表", "string": "文字", "boolean": "true 或 false", "integer": "整数", "number": "数", "null": "空"}


@cache
def load(name: str) -> Mapping[str, Any]:
    """A schema by the name of its file."""
    content: Mapping[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return content


def mistakes(name: str, content: Any) -> Iterator[tuple[int, str]]:
    """What is wrong with the content of a file: line (of the mapping it stands in) and message."""
    file, _, pointer = name.partition("#")
    yield from _mistakes(_at(load(file), pointer), content, file, 1, "整个文件")


def _at(schema: Mapping[str, Any], pointer: str) -> Mapping[str, Any]:
    for step in filter(None, pointer.split("/")):
        schema = schema[step]
    return schema


def _mistakes(schema: Mapping[str, Any], value: Any, file: str, line: int, where: str) -> Iterator[tuple[int, str]]:
    line = getattr(value, "line", line)
    if "$ref" in schema:
        other, _, pointer = schema["$ref"].partition("#")
        if other != NAMES:
            target = other or file
            yield from _mistakes(_at(load(target), pointer), value, target, line, where)
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_is(kind, value, schema) for kind in kinds):
        yield line, f"{where}要写成{'或'.join(TYPES[kind] for kind in kinds)}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield line, f"{where}不能是 {value},可用的有:{'、'.join(map(str, schema['enum']))}"
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        yield line, f"{where}的写法不对:{value}"
    if isinstance(value, str) and len(value) < schema.get("minLength", 0):
        yield line, f"{where}是空的"
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            fitting = [part for part in schema[choice] if not any(_mistakes(part, value, file, line, where))]
            if not fitting or (choice == "oneOf" and len(fitting) > 1):
                yield line, f"{where}的写法不对:{_choices(schema[choice])}"
    if isinstance(value, Mapping):
        yield from _of_mapping(schema, value, file, line, where)
    elif isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield line, f"{where}至少要有 {schema['minItems']} 项"
        if len(value) > schema.get("maxItems", len(value)):
            yield line, f"{where}最多 {schema['maxItems']} 项"
        if schema.get("uniqueItems") and any(item in value[:index] for index, item in enumerate(value)):
            yield line, f"{where}里有重复"
        if "items" in schema:
            for item in value:
                yield from _mistakes(schema["items"], item, file, line, where)


def _of_mapping(schema: Mapping[str, Any], value: Mapping[str, Any], file: str, line: int, where: str) -> Iterator[tuple[int, str]]:
    known, rest = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key in schema.get("required", ()):
        if key not in value:
            yield line, f"缺少 {key}"
    for key, needed in schema.get("dependentRequired", {}).items():
        if key in value:
            yield from ((line, f"写了 {key} 就要写 {other}") for other in needed if other not in value)
    for key, part in value.items():
        if "propertyNames" in schema:
            yield from _mistakes(schema["propertyNames"], key, file, line, f"名字 {key} ")
        if key in known:
            yield from _mistakes(known[key], part, file, line, str(key))
        elif rest is False:
            yield line, f"不认识的键 {key},可用的有:{'、'.join(known)}"
        elif isinstance(rest, Mapping):
            yield from _mistakes(rest, part, file, line, str(key))


def _is(kind: str, value: Any, schema: Mapping[str, Any]) -> bool:
    if kind == "string":
        # YAML reads a bare day as a date
        return isinstance(value, str) or (schema.get("format") == "date" and type(value) is date)
    if kind in ("integer", "number"):
        return not isinstance(value, bool) and isinstance(value, int if kind == "integer" else (int, float))
    return isinstance(value, {"object": Mapping, "array": list, "boolean": bool, "null": type(None)}[kind])


def _choices(parts: list[Mapping[str, Any]]) -> str:
    names = ["、".join(part["required"]) for part in parts if "required" in part]
    return f"要有 {' / '.join(names)} 其中一种" if names else "和说明里的几种都对不上"
