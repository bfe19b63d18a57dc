"""The JSON Schemas of the data files, and the part of JSON Schema that they use, so that ``kb check`` needs no library.

Editors read the same files; tests hold both against the ``jsonschema`` library.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath
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
    """What is wrong with the content of a file: line (of the key or mapping it stands at) and message."""
    file, _, pointer = name.partition("#")
    yield from _mistakes(_at(load(file), pointer), content, file, getattr(content, "line", 1), "整个文件")


def name_for(path: PurePosixPath) -> str | None:
    """The schema of a data file by its place below the data folder; None for one that has no schema."""
    for pattern, name in FILES.items():
        if len(path.parts) == pattern.count("/") + 1 and path.match(pattern):
            return name
    return None


def _at(schema: Mapping[str, Any], pointer: str) -> Mapping[str, Any]:
    for step in filter(None, pointer.split("/")):
        schema = schema[step]
    return schema


def _mistakes(schema: Mapping[str, Any], value: Any, file: str, line: int, where: str) -> Iterator[tuple[int, str]]:
    if "$ref" in schema:
        other, _, pointer = schema["$ref"].partition("#")
        if other != NAMES:
            target = other or file
            yield from _mistakes(_at(load(target), pointer), value, target, line, where)
        elif not isinstance(value, str):
            yield line, f"{where}要写成名字"
            return
    kinds = _kinds(schema)
    if kinds and not any(_is(kind, value, schema) for kind in kinds):
        if "format" in schema:
            yield line, f"{where}要写成日期,如 2020-01-01,不加引号;现在是 {_shown(value)}"
        else:
            now = "" if isinstance(value, (Mapping, list)) else f",现在是 {_shown(value)}"
            yield line, f"{where}要写成{'或'.join(TYPES[kind] for kind in kinds)}{now}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield line, f"{where}不能是 {_shown(value)},可用的有:{'、'.join(map(str, schema['enum']))}"
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        yield line, f"{where}的写法不对:{value}"
    if isinstance(value, str) and len(value) < schema.get("minLength", 0):
        yield line, f"{where}是空的"
    if isinstance(value, float) and not math.isfinite(value):
        yield line, f"{where}不是数"
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            yield from _of_choice(choice, schema, value, file, line, where)
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
                yield from _mistakes(schema["items"], item, file, getattr(item, "line", line), f"{where}里的一项")


def _of_choice(
    choice: str, schema: Mapping[str, Any], value: Any, file: str, line: int, where: str
) -> Iterator[tuple[int, str]]:
    """``anyOf`` and ``oneOf``. Where just one way is of the value's kind, what is wrong is said in its terms."""
    found = [list(_mistakes(part, value, file, line, where)) for part in schema[choice]]
    fitting = sum(not mistakes for mistakes in found)
    if fitting == 1 or (fitting and choice == "anyOf"):
        return
    meant = [
        mistakes for part, mistakes in zip(schema[choice], found, strict=True)
        if any(_is(kind, value, part) for kind in _kinds(_resolved(part, file)))
    ]
    if not fitting and len(meant) == 1:
        yield from meant[0]
    else:
        yield line, f"{where}的写法不对:{_choices(schema, value)}"


def _of_mapping(schema: Mapping[str, Any], value: Mapping[str, Any], file: str, line: int, where: str) -> Iterator[tuple[int, str]]:
    known, rest = schema.get("properties", {}), schema.get("additionalProperties", True)
    lines = getattr(value, "lines", {})
    for key in schema.get("required", ()):
        if key not in value:
            yield line, f"缺少 {key}"
    for key, needed in schema.get("dependentRequired", {}).items():
        if key in value:
            yield from ((line, f"写了 {key} 就要写 {other}") for other in needed if other not in value)
    if not known and "additionalProperties" not in schema:
        return
    for key, part in value.items():
        at = lines.get(key, line)
        if not isinstance(key, str):
            yield at, f"键 {key} 要写成文字(加引号)"
        elif "propertyNames" in schema:
            yield from _mistakes(schema["propertyNames"], key, file, at, f"名字 {key} ")
        if key in known:
            yield from _mistakes(known[key], part, file, getattr(part, "line", at), str(key))
        elif rest is False:
            yield at, f"不认识的键 {key},可用的有:{'、'.join(known)}"
        elif isinstance(rest, Mapping):
            yield from _mistakes(rest, part, file, getattr(part, "line", at), str(key))


def _kinds(schema: Mapping[str, Any]) -> list[str]:
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else kinds


def _resolved(schema: Mapping[str, Any], file: str) -> Mapping[str, Any]:
    """What a reference within the schemas refers to."""
    if "$ref" not in schema or schema["$ref"].startswith(NAMES):
        return schema
    other, _, pointer = schema["$ref"].partition("#")
    return _resolved(_at(load(other or file), pointer), other or file)


def _is(kind: str, value: Any, schema: Mapping[str, Any]) -> bool:
    if kind == "string":
        # YAML reads a bare day as a date; a day in quotes would be a text that cannot be compared with days
        return type(value) is date if schema.get("format") == "date" else isinstance(value, str)
    if kind in ("integer", "number"):
        return not isinstance(value, bool) and isinstance(value, int if kind == "integer" else (int, float))
    return isinstance(value, _CLASSES[kind])


_CLASSES = {"object": Mapping, "array": list, "boolean": bool, "null": type(None)}


def _shown(value: Any) -> str:
    text = "空值" if value is None else str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _choices(schema: Mapping[str, Any], value: Any) -> str:
    """Which ways there are, for a value that is of none."""
    ways = ["、".join(part["required"]) for choice in ("oneOf", "anyOf") for part in schema.get(choice, ()) if "required" in part]
    if ways:
        return f"要有 {' / '.join(ways)} 其中一种"
    return f"现在是 {_shown(value)}。{schema.get('description', '和说明里的几种都对不上')}"
