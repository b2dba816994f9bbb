"""Which expressions hang on their surroundings for a target: those that end in a `linear` without one, seen through what passes a target on."""

from __future__ import annotations

from symc.algebra.points import directions
from symc.grammar import tree
from symc.passes.elaborate.frame import Frame
from symc.passes.elaborate.maps import has_target
from symc.passes.elaborate.meanings import Layer
from symc.passes.elaborate.sizes import is_number
from symc.passes.elaborate.space import Axes, Fields, Space
from symc.passes.elaborate.vocabulary import OPERATIONS, Word


def needs_target(expr: tree.Expr, frame: Frame) -> bool:
    """Does the expression have no type of its own?"""
    match expr:
        case tree.Paren(inner) | tree.Neg(inner):
            return needs_target(inner, frame)
        case tree.Binary("+" | "-", left, right):
            return needs_target(left, frame) and needs_target(right, frame)
        case tree.Binary("*", left, right):
            return needs_target(left if is_number(right, frame.scope) else right, frame)
        case tree.Binary("/", left, _):
            return needs_target(left, frame)
        case tree.Call(tree.Index(tree.Name(name), options), args) | tree.Call(tree.Name(name) as options, args):
            return _call(name, options if isinstance(options, tuple) else (), args, frame)
        case _:
            return False


def _call(name: str, options: tuple[tree.Expr, ...], args: tuple[tree.Expr, ...], frame: Frame) -> bool:
    layer = frame.scope.find(name) if name not in OPERATIONS else None
    if isinstance(layer, Layer) and isinstance(layer.head, str):
        name, options = layer.head, layer.options
    word = OPERATIONS.get(name, Word())
    if word.maps:
        return not has_target(options)
    return word.passes and bool(args) and needs_target(args[0], frame)


def beside(op: str, known: Space, target: Space | None, *, left: bool) -> Space:
    """What the operand of `+` or `-` beside a known one is asked to be: of its type, or the vectors that move points.

    `left` says whether the known operand is the left one.
    """
    if not affine(known) or (op == "-" and (not left or (target is not None and not affine(target)))):
        return known
    return _vectors(known)


def affine(space: Space) -> bool:
    """Are there points in it?"""
    return any(affine(inner) for _, inner in space.fields) if isinstance(space, Fields) else any(rep.affine for rep in space.reps)


def _vectors(space: Space) -> Space:
    if isinstance(space, Fields):
        return Fields(tuple((name, _vectors(inner)) for name, inner in space.fields))
    return Axes(tuple(map(directions, space.reps)), space.labels)
