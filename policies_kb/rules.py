"""Rules as data: the YAML of a condition or an amount → nodes of :mod:`~policies_kb.conditions` and :mod:`~policies_kb.amounts`.

The words of the rule language are the keys handled in ``CONDITIONS`` and ``TERMS`` below; README and the JSON Schema list them.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from policies_kb import amounts, conditions
from policies_kb.conditions import Condition
from policies_kb.model import Fact, Figure

NUMERIC = ("int", "number", "money")
BOUNDS = ("at_least", "at_most", "above", "below")
WRAPPERS = ("since", "until", "unless_known", "clause", "says")


class RuleError(ValueError):
    """A rule's YAML says something the language has no word for; ``line`` is where."""

    def __init__(self, message: str, line: int = 0) -> None:
        self.line = line
        super().__init__(message)


class RuleReader:
    """Reads the rules of one document: knows its figures and clauses, the vocabulary, and the named conditions in reach."""

    def __init__(
        self,
        facts: Mapping[str, Fact],
        figures: Callable[[str], Figure | None],
        terms: Mapping[str, Mapping[str, Any]],
        render: Callable[[str], str] = str,
        clauses: Container[str] | None = None,
    ) -> None:
        self.facts = facts
        self.figures = figures
        self.terms = terms
        self.render = render
        self.clauses = clauses
        self._open_terms: list[str] = []

    # ---- conditions -------------------------------------------------------------------------------------------------
    def condition(self, data: Any) -> Condition:
        """A condition node. Raises RuleError with the line of what is wrong."""
        if not isinstance(data, Mapping):
            raise RuleError(f"条件要写成映射,现在是 {data!r}")
        line = getattr(data, "line", 0)
        kinds = [key for key in CONDITIONS if key in data]
        if len(kinds) != 1:
            raise RuleError(f"一个条件只能有 {'/'.join(CONDITIONS)} 其中一个,现在有 {'、'.join(map(str, data)) or '空'}", line)
        self._known_clause(data, line)
        try:
            node = CONDITIONS[kinds[0]](self, data)
        except RuleError as error:
            raise error if error.line else RuleError(str(error), line) from error
        if data.get("unless_known"):
            node = conditions.Presumed(node)
        if "since" in data or "until" in data:
            node = conditions.Dated(node, _day(data.get("since")), _day(data.get("until")))
        return node

    def _known_clause(self, data: Mapping[str, Any], line: int) -> None:
        clause = data.get("clause")
        if clause is not None and self.clauses is not None and clause not in self.clauses:
            raise RuleError(f"没有条款 {clause}", line)

    def _says(self, data: Mapping[str, Any]) -> str | None:
        """How a node is put in words, with the figures of the clause put in."""
        return self.render(data["says"]) if data.get("says") else None

    def _children(self, items: Any) -> tuple[Condition, ...]:
        if not isinstance(items, list) or not items:
            raise RuleError("all / any 下面要有至少一个条件")
        return tuple(self.condition(item) for item in items)

    def _all(self, data: Mapping[str, Any]) -> Condition:
        return conditions.All(self._children(data["all"]), data.get("clause"))

    def _any(self, data: Mapping[str, Any]) -> Condition:
        return conditions.Any_(self._children(data["any"]), self._says(data), data.get("clause"))

    def _not(self, data: Mapping[str, Any]) -> Condition:
        if "says" not in data:
            raise RuleError("not 要写 says:它成立时怎么说")
        return conditions.Not(self.condition(data["not"]), self.render(data["says"]), data.get("clause"))

    def _category(self, data: Mapping[str, Any]) -> Condition:
        option = self._fact(conditions.CATEGORIES).option(data["category"])
        if option is None:
            raise RuleError(f"没有类别 {data['category']}")
        return conditions.Category(option, data.get("clause"))

    def _categories(self, data: Mapping[str, Any]) -> Condition:
        parts = tuple(self._category({"category": code}) for code in data["categories"])
        return conditions.Any_(parts, self._says(data), data.get("clause"))

    def _fact_leaf(self, data: Mapping[str, Any]) -> Condition:
        fact = self._fact(data["fact"])
        bounds = tuple((name, self._number(data[name])) for name in BOUNDS if name in data)
        if bounds:
            if fact.type not in NUMERIC:
                raise RuleError(f"事实 {fact.name} 不是数,不能比大小")
            if "is" in data or "presumed" in data:
                raise RuleError("界限({})旁边不能写 is 和 presumed".format("/".join(BOUNDS)))
            return conditions.FactRange(fact, bounds, self._says(data), data.get("clause"))
        values = data.get("is", True)
        chosen = frozenset(self._value(fact, value) for value in (values if isinstance(values, list) else [values]))
        presumption = None
        if "presumed" in data:
            body = data["presumed"]
            presumption = conditions.Presumption(self.condition(body["when"]), self._value(fact, body["is"]))
        return conditions.FactIs(fact, chosen, presumption, self._says(data), data.get("clause"))

    @staticmethod
    def _value(fact: Fact, value: Any) -> Any:
        """A value that ``is`` may name: yes or no, or an option of a choice."""
        if fact.type not in ("bool", "choice"):
            raise RuleError(f"事实 {fact.name} 既不是“是或不是”也不是选一个,不能写 is:用 {'/'.join(BOUNDS)} 或 category")
        if (fact.type == "bool") != isinstance(value, bool) or (fact.type == "choice" and fact.option(value) is None):
            allowed = "true、false" if fact.type == "bool" else "、".join(option.value for option in fact.options)
            raise RuleError(f"事实 {fact.name} 不会是 {value!r},可用的有:{allowed}")
        return value

    def _subject(self, data: Mapping[str, Any]) -> Condition:
        fact = self._fact("training_type")
        if fact.option(data["subject"]) is None:
            raise RuleError(f"没有培训类型 {data['subject']}")
        return conditions.Subject(fact, data["subject"], data.get("clause"))

    def _term(self, data: Mapping[str, Any]) -> Condition:
        name = data["term"]
        term = self.terms.get(name)
        if term is None:
            raise RuleError(f"没有名为 {name} 的共用条件")
        if name in self._open_terms:
            raise RuleError(f"共用条件 {name} 绕回了自己")
        self._open_terms.append(name)
        try:
            self._known_clause(term, getattr(term, "line", 0))
            part = self.condition(term["when"])
        except RuleError as error:
            # The line in the file of the shared conditions goes into the message: the problem is told where the name is used.
            at = f"(terms.yml 第 {error.line} 行)" if error.line else ""
            raise RuleError(f"共用条件 {name}{at}:{error}") from error
        finally:
            self._open_terms.pop()
        return conditions.Named(name, term.get("label", ""), part, bool(term.get("group")), data.get("clause") or term.get("clause"))

    def _given(self, data: Mapping[str, Any]) -> Condition:
        return conditions.Given(self._fact(data["given"]), data.get("clause"))

    def _compare(self, data: Mapping[str, Any]) -> Condition:
        body = data["compare"]
        tests = [name for name in BOUNDS if name in body]
        if "left" not in body or len(tests) != 1 or "says" not in data:
            raise RuleError("compare 要有 left、一个界限(at_least/at_most/above/below)和 says")
        samples = tuple(Decimal(str(n)) for n in data.get("samples", (0, 1, 1000000)))
        return conditions.Compare(
            self.term(body["left"]), tests[0], self.term(body[tests[0]]), self.render(data["says"]), samples, data.get("clause")
        )

    # ---- amounts ----------------------------------------------------------------------------------------------------
    def amount(self, data: Any) -> amounts.Amount:
        """What a benefit pays. Raises RuleError."""
        if not isinstance(data, Mapping):
            raise RuleError(f"金额要写成映射,现在是 {data!r}")
        line = getattr(data, "line", 0)
        kinds = [key for key in ("free", "not_stated", "exact", "at_least", "at_most", "range", "choose") if key in data]
        if len(kinds) != 1:
            raise RuleError("金额只能是 free/not_stated/exact/at_least/at_most/range/choose 其中一种", line)
        try:
            return self._amount_of(kinds[0], data, line)
        except RuleError as error:
            raise error if error.line else RuleError(str(error), line) from error

    def _amount_of(self, kind: str, data: Mapping[str, Any], line: int) -> amounts.Amount:
        says = self._says(data)
        if kind in ("free", "not_stated"):
            return amounts.Unstated(kind, self.render(str(data[kind])))
        if kind == "choose":
            *cases, last = data["choose"]
            if "else" not in last:
                raise RuleError("choose 最后要有 else", line)
            return amounts.ChosenAmount(
                tuple((self.condition(case["when"]), self.amount(case["then"])) for case in cases), self.amount(last["else"])
            )
        if kind == "range":
            if not isinstance(data["range"], list) or len(data["range"]) != 2:
                raise RuleError("range 要写两项:从多少到多少", line)
            low, high = (self.term(item) for item in data["range"])
            return amounts.Stated("range", low, high, says)
        return amounts.Stated(kind, self.term(data[kind]), None, says)

    def term(self, data: Any) -> amounts.Term:
        """A node of the arithmetic tree: a name (figure first, then fact), or a mapping. Raises RuleError."""
        if isinstance(data, str):
            figure = self.figures(data)
            if figure is not None:
                return amounts.FigureTerm(figure)
            fact = self._fact(data)
            if fact.type not in NUMERIC:
                raise RuleError(f"事实 {data} 不是数,不能放在算式里")
            return amounts.FactTerm(fact)
        if not isinstance(data, Mapping):
            raise RuleError(f"算式里不能直接写 {data!r}:数字要写在条款里,这里写它的名字")
        if "times" in data:
            return amounts.Product(tuple(self.term(item) for item in data["times"]))
        if "plus" in data:
            return amounts.Sum(tuple(self.term(item) for item in data["plus"]))
        if "limit" in data:
            return amounts.AtMost(self.term(data["limit"]), self.term(data["to"]), bool(data.get("optional")))
        if "choose" in data:
            *cases, last = data["choose"]
            if "else" not in last:
                raise RuleError("choose 最后要有 else", getattr(data, "line", 0))
            return amounts.Choice(
                tuple((self.condition(case["when"]), self.term(case["then"])) for case in cases), self.term(last["else"])
            )
        raise RuleError(f"算式里没有 {'、'.join(map(str, data))} 这种写法", getattr(data, "line", 0))

    def _number(self, data: Any) -> Decimal:
        if isinstance(data, str):
            figure = self.figures(data)
            if figure is None:
                raise RuleError(f"条款里没有名为 {data} 的数字")
            return figure.factor
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            raise RuleError(f"界限要写成数或条款里数字的名字,现在是 {data!r}")
        return Decimal(str(data))

    def _fact(self, name: Any) -> Fact:
        fact = self.facts.get(name) if isinstance(name, str) else None
        if fact is None:
            raise RuleError(f"没有事实 {name}")
        return fact


CONDITIONS: dict[str, Callable[[RuleReader, Mapping[str, Any]], Condition]] = {
    "all": RuleReader._all,
    "any": RuleReader._any,
    "not": RuleReader._not,
    "category": RuleReader._category,
    "categories": RuleReader._categories,
    "fact": RuleReader._fact_leaf,
    "subject": RuleReader._subject,
    "term": RuleReader._term,
    "given": RuleReader._given,
    "compare": RuleReader._compare,
}


def _day(value: Any) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise RuleError(f"日期要写成 年-月-日,现在是 {value!r}")
