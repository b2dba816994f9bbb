"""Arithmetic at compile time: sizes, exponents and numbers in square brackets."""

from __future__ import annotations

import math
from typing import TypeAlias

import sympy

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size
from symc.diagnostics import Span
from symc.grammar import show, tree
from symc.passes.elaborate.meanings import Scope, describe, look_up, member, wrong_kind
from symc.passes.elaborate.report import fault

LARGEST = 2**53  # sizes and numbers beyond it are mistakes
DEGREE = 16  # of a power of a free size
TERMS = 500  # of a polynomial in free sizes

NOT_A_SIZE = "an axis has at least 1 coordinate, and no size is negative"

Number: TypeAlias = int | float | sympy.Expr


def size(expr: tree.Expr, scope: Scope, least: int = 0) -> Size:
    """A size: a whole number, or a polynomial in free sizes."""
    value = number(expr, scope)
    if isinstance(value, float):
        raise fault("E0223", f"{value:g} is not a whole number", expr.span, "a size is a whole number")
    if isinstance(value, int) and value < least:
        raise fault("E0223", f"{value} is not a size", expr.span, NOT_A_SIZE)
    return value


def integer(expr: tree.Expr, scope: Scope, least: int, what: str) -> int:
    """A whole number that is known now."""
    value = size(expr, scope, least)
    if not isinstance(value, int):
        raise fault("E0223", f"{what} is not a number yet", expr.span, f"`{sz.show(value)}` is free", helps=("give it a number",))
    return value


def real(expr: tree.Expr, scope: Scope) -> float:
    """A number that is known now, not necessarily whole."""
    value = number(expr, scope, whole=False)
    if isinstance(value, sympy.Expr):
        raise fault("E0223", f"`{sz.show(value)}` is not a number yet", expr.span, "a free size is read off the inputs, when the module is called")
    return float(value)


def number(expr: tree.Expr, scope: Scope, whole: bool = True) -> Number:
    """The value of an expression of numbers. With `whole`, integers divide exactly or it is an error."""
    match expr:
        case tree.Int(value):
            return _bounded(value, expr.span)
        case tree.Float(value):
            return _bounded(value, expr.span)
        case tree.Paren(inner):
            return number(inner, scope, whole)
        case tree.Neg(operand):
            return _bounded(-number(operand, scope, whole), expr.span)
        case tree.Binary(operator, left, right):
            return _combine(expr, operator, number(left, scope, whole), number(right, scope, whole), whole)
        case tree.Name():
            meaning = look_up(expr, scope)
            if isinstance(meaning, int | float | sympy.Expr):
                return meaning
            raise wrong_kind(expr, describe(meaning), "a number")
        case tree.Dot() if (found := member(expr, scope)) is not None and isinstance(found, int | float | sympy.Expr):
            return found
        case _:
            raise wrong_kind(expr, f"`{show(expr)}`", "a number")


def string(expr: tree.Expr, scope: Scope) -> str:
    """A text in quotes, or the parameter that stands for one."""
    match expr:
        case tree.String(value):
            return value
        case tree.Name() if isinstance(meaning := look_up(expr, scope), str):
            return meaning
        case _:
            raise wrong_kind(expr, f"`{show(expr)}`", "a string", (f'write it in quotes: `"{show(expr)}"`',))


def is_string(expr: tree.Expr, scope: Scope) -> bool:
    """Is an expression a text in quotes, or a parameter that stands for one?"""
    return isinstance(expr, tree.String) or (isinstance(expr, tree.Name) and isinstance(scope.find(expr.id), str))


def is_number(expr: tree.Expr, scope: Scope) -> bool:
    """Is an expression made of numbers alone, so that it has a value now?"""
    match expr:
        case tree.Int() | tree.Float():
            return True
        case tree.Name(id):
            return isinstance(scope.find(id), int | float | sympy.Expr)
        case tree.Paren(inner) | tree.Neg(inner):
            return is_number(inner, scope)
        case tree.Binary(_, left, right):
            return is_number(left, scope) and is_number(right, scope)
        case _:
            return False


def label(expr: tree.Expr) -> str | None:
    """How a size is written, where names occur in it."""
    return show(expr) if any(isinstance(node, tree.Name) for node, _ in tree.walk(expr)) else None


def _combine(expr: tree.Expr, operator: tree.Operator, left: Number, right: Number, whole: bool) -> Number:
    match operator:
        case "+":
            return _bounded(left + right, expr.span)
        case "-":
            return _bounded(left - right, expr.span)
        case "*":
            return _bounded(left * right, expr.span)
        case "/":
            return _bounded(_quotient(expr, left, right, whole), expr.span)
        case "^":
            return _bounded(_power(expr, left, right, whole), expr.span)


def _quotient(expr: tree.Expr, left: Number, right: Number, whole: bool) -> Number:
    if right == 0:
        raise fault("E0223", "division by zero", expr.span, f"`{show(expr)}`")
    if isinstance(left, int) and isinstance(right, int):
        if left % right == 0:
            return left // right
        if whole:
            raise fault("E0223", f"{left}/{right} is not a whole number", expr.span, "sizes divide exactly", helps=("change one of them",))
    return left / right


def _power(expr: tree.Expr, left: Number, right: Number, whole: bool) -> Number:
    if isinstance(right, sympy.Expr):
        raise fault("E0223", "an exponent must be a number", expr.span, f"`{sz.show(right)}` is free")
    if isinstance(left, sympy.Expr):
        if not isinstance(right, int) or not 0 <= right <= DEGREE or left.count_ops() * right > TERMS:
            raise fault("E0520", "a power of a free size is too large", expr.span, f"an exponent of a free size is a whole number from 0 to {DEGREE}")
        return left**right
    if whole and (isinstance(right, int) and right < 0):
        raise fault("E0223", f"an exponent of {right} gives no whole number", expr.span)
    if abs(left) > 1 and abs(right) * math.log2(abs(left)) > 64:
        raise fault("E0520", "a number is too large", expr.span, f"`{show(expr)}`; at most 2^53 is allowed")
    if left == 0 and right < 0:
        raise fault("E0223", "division by zero", expr.span, f"`{show(expr)}`")
    value = left**right
    if isinstance(value, complex):
        raise fault("E0223", f"`{show(expr)}` is not a real number", expr.span)
    return value


def _bounded(value: Number, at: Span) -> Number:
    if isinstance(value, sympy.Expr):
        value = sz.normal(value)
        if isinstance(value, sympy.Expr) and value.count_ops() > 4 * TERMS:
            raise fault("E0520", "a size is too large", at, "a polynomial with too many terms")
        return value
    if not math.isfinite(value) or (isinstance(value, int) and abs(value) > LARGEST):
        raise fault("E0520", "a number is too large", at, "at most 2^53 is allowed")
    return value
