"""Figures in sentences: ``每天{living_per_day}元`` → 每天60元, ``{living_per_day*40}`` → 2400. A figure is written once, in its clause."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Mapping
from decimal import Decimal

from policies_kb.model import Figure, plain

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_OPERATIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


class UnknownFigure(ValueError):
    """A text or example refers to a figure that the document does not hold, or to more than arithmetic can answer.

    The error's text is the name or expression; ``why`` says in Chinese what is wrong with it.
    """

    def __init__(self, expression: str, why: str = "不是条款里的数字") -> None:
        self.why = why
        super().__init__(expression)


def render(text: str, figures: Mapping[str, Figure]) -> str:
    """The text with its figures put in. Raises UnknownFigure."""
    return PLACEHOLDER.sub(lambda match: plain(compute(match.group(1), figures, percent_as_written=True)), text)


def compute(expression: str, figures: Mapping[str, Figure], percent_as_written: bool = False) -> Decimal:
    """The value of an arithmetic expression over figures and numbers, exactly.

    A percentage alone is rendered as written (50); inside a longer expression, or for calculating, it is its hundredth part.
    Raises UnknownFigure.
    """
    tree = parse(expression)
    if percent_as_written and isinstance(tree, ast.Name):
        return _figure(tree.id, figures).value
    try:
        return _value(tree, figures)
    except ArithmeticError as error:  # a division by zero, or a number beyond all bounds
        raise UnknownFigure(expression, "算不出来") from error


def parse(expression: str) -> ast.expr:
    """The tree of an expression, names not yet looked up. Raises UnknownFigure where it cannot be read."""
    try:
        return ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UnknownFigure(expression, "不是算式") from error


def referred(text: str) -> list[str]:
    """The names in the braces of a text, whatever they stand for."""
    names: list[str] = []
    for match in PLACEHOLDER.finditer(text):
        try:
            names += [node.id for node in ast.walk(parse(match.group(1))) if isinstance(node, ast.Name)]
        except UnknownFigure:
            continue  # the loader refuses such a text
    return names


def _figure(name: str, figures: Mapping[str, Figure]) -> Figure:
    if name not in figures:
        raise UnknownFigure(name)
    return figures[name]


def _value(node: ast.AST, figures: Mapping[str, Figure]) -> Decimal:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        number = Decimal(str(node.value))
        if not number.is_finite():
            raise UnknownFigure(ast.unparse(node), "算不出来")
        return number
    if isinstance(node, ast.Name):
        return _figure(node.id, figures).factor
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return Decimal(_OPERATIONS[type(node.op)](_value(node.left, figures), _value(node.right, figures)))
    raise UnknownFigure(ast.unparse(node), "不是加减乘除的算式")
