"""A small vocabulary and a rule reader over it, so that tests of the machinery do not depend on any document."""

from datetime import date
from decimal import Decimal

from policies_kb.conditions import CATEGORIES, Situation
from policies_kb.model import Fact, Figure, Option
from policies_kb.rules import RuleReader

DAY = date(2020, 6, 1)
CODES = (Option("red", "红"), Option("blue", "蓝"), Option("crimson", "深红", implies=("red",)))
FACTS = {
    fact.name: fact
    for fact in (
        Fact("sunny", "bool", "晴天", "晴吗?"),
        Fact("windy", "bool", "刮风", "刮风吗?"),
        Fact("quiet", "bool", "安静", "安静吗?", presumed=True),
        Fact("training_type", "choice", "种类", "哪种?", options=(Option("a", "甲"), Option("b", "乙"), Option("c", "丙"))),
        Fact(CATEGORIES, "set", "类别", "哪类?", options=CODES),
        Fact("age", "int", "年龄", "几岁?", minimum=Decimal(0), maximum=Decimal(120), unit="岁"),
        Fact("years", "number", "年数", "几年?", minimum=Decimal(0), unit="年"),
        Fact("days", "int", "天数", "几天?", minimum=Decimal(0), unit="天"),
        Fact("price", "money", "价钱", "多少元?", minimum=Decimal(0), unit="元"),
        Fact("headcount", "int", "人数", "几人?", minimum=Decimal(1), presumed=1, unit="人"),
    )
}
FIGURES = {
    figure.name: figure
    for figure in (
        Figure("per_day", Decimal(60), "元/人/天", "每天", "一"),
        Figure("share", Decimal(20), "%", "比例", "一"),
        Figure("eighty", Decimal(80), "%", "打折", "一"),
        Figure("most", Decimal(6), "天", "封顶", "一"),
        Figure("low", Decimal(200), "元", "下限", "一"),
        Figure("high", Decimal(1500), "元", "上限", "一"),
        Figure("grown_up", Decimal(18), "岁", "成年", "一"),
    )
}


def reader(terms=None):
    """A reader of rules over the small vocabulary."""
    return RuleReader(FACTS, FIGURES.get, terms or {})


def rule(data, terms=None):
    """A condition from its data."""
    return reader(terms).condition(data)


def situation(on=DAY, **facts):
    """A situation of the small vocabulary; categories may be given as a list."""
    if facts.get(CATEGORIES) is not None:
        facts[CATEGORIES] = frozenset(facts[CATEGORIES])
    return Situation(facts, on, FACTS, "某地")
