"""YAML with the line of every mapping, and no key twice: the raw material of :mod:`policies_kb.loading`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from policies_kb.errors import Problem

_Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Mapping_(dict):  # noqa: N801 - a dict with a place
    """A mapping that remembers its line in the file (counted from 1), and the line of each key."""

    line = 0

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[Any, int] = {}


class DuplicateKey(Exception):
    """A key stands twice in one mapping; YAML would silently keep the last."""

    def __init__(self, key: str, line: int) -> None:
        self.key, self.line = key, line
        super().__init__(key)


class BrokenText(Exception):
    """A Chinese text in {…} was cut at a comma: what follows the comma became a key without a value."""

    def __init__(self, key: str, line: int) -> None:
        self.key, self.line = key, line
        super().__init__(key)


class _Loader(_Base):  # type: ignore[misc, valid-type]
    """Safe loader that keeps lines and refuses duplicate keys."""


def _mapping(loader: Any, node: yaml.MappingNode) -> Mapping_:
    _refuse_twice(loader, [key for key, _ in node.value if key.tag != _MERGE])
    # Puts what << brings before the mapping's own keys, which therefore win.
    loader.flatten_mapping(node)
    result = Mapping_()
    result.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        value = loader.construct_object(value_node, deep=True)
        if value is None and not str(key).isascii():
            raise BrokenText(str(key), key_node.start_mark.line + 1)
        result[key] = value
        result.lines[key] = key_node.start_mark.line + 1
    return result


def _refuse_twice(loader: Any, nodes: list[yaml.Node]) -> None:
    seen = set()
    for node in nodes:
        key = loader.construct_object(node, deep=True)
        try:
            twice = key in seen
            seen.add(key)
        except TypeError as error:
            raise yaml.constructor.ConstructorError(None, None, "列表和映射不能当键", node.start_mark) from error
        if twice:
            raise DuplicateKey(str(key), node.start_mark.line + 1)


def _scalar(tag: str, what: str) -> Any:
    """The usual constructor of a kind of scalar; what looks like one and is none (2020-13-01) is an error with a place."""
    usual = _Base.yaml_constructors[tag]

    def construct(loader: Any, node: yaml.ScalarNode) -> Any:
        try:
            return usual(loader, node)
        except (ValueError, OverflowError, KeyError, AttributeError) as error:
            raise yaml.constructor.ConstructorError(None, None, f"{node.value[:40]} 不是{what}", node.start_mark) from error

    return construct


_MERGE = "tag:yaml.org,2002:merge"
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
for _tag, _what in (("timestamp", "日期"), ("int", "整数"), ("float", "数"), ("bool", "true 或 false")):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _scalar(f"tag:yaml.org,2002:{_tag}", _what))


def read(path: Path, root: Path, problems: list[Problem]) -> Any:
    """The content of a YAML file; None, with a problem noted, when it cannot be read."""
    name = path.relative_to(root).as_posix()
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except DuplicateKey as error:
        problems.append(Problem(name, error.line, f"键“{error.key}”写了两次"))
    except BrokenText as error:
        problems.append(Problem(name, error.line, f"“{error.key}”没有值:花括号里的文字含逗号时要加引号"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problems.append(Problem(name, mark.line + 1 if mark else 1, f"不是正确的 YAML:{getattr(error, 'problem', error)}"))
    except RecursionError:
        problems.append(Problem(name, 1, "一层套一层,太深了"))
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(name, 1, f"读不了:{error}"))
    return None
