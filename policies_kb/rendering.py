"""Figures in sentences: ``每天{living_per_day}元`` → 每天60元, ``{living_per_day*40}`` → 2400. A figure is written once, in its clause."""

from __future__ import annotations

import ast
import operator
import re
from decimal import Decimal
from typing import Mapping

from policies_kb.model import Figure, plain

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_OPERATIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


class UnknownFigure(ValueError):
    """A text or example refers to a figure that the document does not hold, or to more than simple arithmetic."""


def render(text: str, figures: Mapping[str, Figure]) -> str:
    """The text with its figures put in. Raises UnknownFigure."""
    return PLACEHOLDER.sub(lambda match: plain(compute(match.group(1), figures, percent_as_written=True)), text)


def compute(expression: str, figures: Mapping[str, Figure], percent_as_written: bool = False) -> Decimal:
    """The value of an arithmetic expression over figures and numbers, exactly.

    A percentage alone is rendered as written (50); inside a longer expression, or for calculating, it is its hundredth part.
    Raises UnknownFigure.
    """
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except SyntaxError as error:
        raise UnknownFigure(expression) from error
    if percent_as_written and isinstance(tree, ast.Name):
        return _figure(tree.id, figures).value
    return _value(tree, figures)


def _figure(name: str, figures: Mapping[str, Figure]) -> Figure:
    if name not in figures:
        raise UnknownFigure(name)
    return figures[name]


def _value(node: ast.AST, figures: Mapping[str, Figure]) -> Decimal:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return Decimal(str(node.value))
    if isinstance(node, ast.Name):
        return _figure(node.id, figures).factor
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return Decimal(_OPERATIONS[type(node.op)](_value(node.left, figures), _value(node.right, figures)))
    raise UnknownFigure(ast.unparse(node))
