"""Facts, categories and regions: the words in which rules and people speak."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from policies_kb.conditions import CATEGORIES
from policies_kb.facts import allowed_value
from policies_kb.loading.source import Source
from policies_kb.model import Fact, Option, Region


def facts(source: Source) -> tuple[dict[str, Fact], dict[str, tuple[str, ...]]]:
    """All facts by name, and per fact those beside which it need not be asked."""
    codes = _categories(source)
    found: dict[str, Fact] = {}
    unasked: dict[str, tuple[str, ...]] = {}
    implied: list[tuple[Path, int, Fact]] = []
    for path in source.files("facts/*.yml"):
        for item in source.items(path):
            with source.making(path, item.line, f"事实 {item.get('fact')} "):
                fact = _fact(item, codes)
                if fact.name in found:
                    source.problem(path, item.line, f"事实 {fact.name} 写了两次")
                found[fact.name] = fact
                implied.append((path, item.line, fact))
                if "unasked_beside" in item:
                    unasked[fact.name] = tuple(item["unasked_beside"])
    for path, line, fact in implied:
        for other, value in fact.implies.items():
            if other not in found:
                source.problem(path, line, f"事实 {fact.name} 提到的事实 {other} 不存在")
            else:
                with source.making(path, line, f"事实 {fact.name} 的 implies "):
                    allowed_value(found[other], value)
    return found, unasked


def _categories(source: Source) -> tuple[Option, ...]:
    options: list[Option] = []
    path = source.root / "categories.yml"
    for item in source.items(path):
        with source.making(path, item.line, f"类别 {item.get('category')} "):
            options.append(Option(
                item["category"], item["label"], tuple(item.get("words", ())), tuple(item.get("implies", ())), item.get("explain"),
            ))
    return tuple(options)


def _fact(item: Mapping[str, Any], codes: tuple[Option, ...]) -> Fact:
    options = tuple(
        Option(str(value), option["label"], tuple(option.get("words", ()))) for value, option in (item.get("options") or {}).items()
    )
    fact = Fact(
        name=item["fact"], type=item["type"], label=item["label"], question=item["question"], help=item.get("help"),
        options=codes if item["fact"] == CATEGORIES else options,
        minimum=_decimal(item.get("minimum")), maximum=_decimal(item.get("maximum")), unit=item.get("unit", ""),
        presumed=item.get("presumed"), implies=dict(item.get("implies") or {}), cues=tuple(item.get("cues") or ()),
        units=tuple(item.get("units") or ()), true_words=tuple(item.get("true_words") or ()),
        false_words=tuple(item.get("false_words") or ()), unclear_words=tuple(item.get("unclear_words") or ()),
    )
    if fact.presumed is not None:
        allowed_value(fact, fact.presumed)
    return fact


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def regions(source: Source) -> dict[str, Region]:
    """All regions by id, in the order of their codes."""
    found: dict[str, Region] = {}
    places: dict[str, tuple[Path, int]] = {}
    for path in source.files("*/region.yml"):
        item = source.mapping(path)
        if item is None:
            continue
        with source.making(path, 1, "地区"):
            name = path.parent.name
            found[name] = Region(
                name, item["name"], item["short_name"], item["full_name"], str(item["code"]), item.get("within"),
                tuple(item.get("aliases", ())), tuple(item.get("districts", ())), item.get("office", "当地人社局"),
            )
            places[name] = path, item.lines.get("within", 1)
    for region in found.values():
        if region.within is not None and region.within not in found:
            source.problem(*places[region.id], f"上级地区 {region.within} 不存在")
        elif _in_a_circle(region, found):
            source.problem(*places[region.id], f"上级地区绕回了 {region.id} 自己")
    order = sorted(found.values(), key=lambda region: (region.code, region.id))
    return {region.id: region for region in order}


def _in_a_circle(region: Region, regions: Mapping[str, Region]) -> bool:
    outer, seen = region.within, set()
    while outer in regions and outer not in seen:
        seen.add(outer)
        outer = regions[outer].within
    return region.id in seen
