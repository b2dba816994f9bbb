"""`dot[A](x, y)`: a product summed over axes of both operands, the others matched by type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symc.algebra.reps import Trivial
from symc.diagnostics import Span
from symc.grammar import tree
from symc.ir.infer import dual_axes, same_axis
from symc.ir.ops import Dot
from symc.passes.elaborate.application import Application
from symc.passes.elaborate.arguments import axes_of
from symc.passes.elaborate.broadcast import NoAlignment, align
from symc.passes.elaborate.build import Operand, Single, each_tensor
from symc.passes.elaborate.operations import find_axis
from symc.passes.elaborate.real_complex import check_real
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.space import Axes, Space, pick

Places = tuple[int | None, ...]


def dot(a: Application) -> Operand:
    """The axes that only one operand has stand in the order of the annotation; else those of the first come first."""
    x, y = (a.single(arg) for arg in a.arguments(2))
    return _contracted(a, x, y, axes_of("dot", a.options, a.call, a.scope), a.target)


def weighted(a: Application, weights: tree.Expr, over: Axes) -> Operand:
    """`sum[X](x, weights=w)` and `mean[X](x, weights=w)`, of every tensor of a record. Axes that only the weights have come first."""
    if a.name == "max":
        raise fault("E0215", "`max` takes no weights", weights.span, helps=("`sum` and `mean` do",))
    find_axis(over, over, a.at, a.name)
    (argument,) = a.arguments(1, ("weights",))
    x, w = a.value(argument), a.single(weights)
    target = a.target if isinstance(a.target, Axes) else None
    return each_tensor(x, lambda item, _: _contracted(a, w, item, over, target, mean=a.name == "mean"))


def _contracted(a: Application, x: Single, y: Single, over: Axes, target: Space | None, *, mean: bool = False) -> Single:
    for operand in (x, y):
        check_real(a.name, operand.space, a.at)
    summed = _pairs(x.space, y.space, over, a.name, a.at)
    rows, columns = (tuple(i for i in range(len(one.space)) if i not in used) for one, used in zip((x, y), zip(*summed, strict=True), strict=True))
    try:
        found = align(pick(x.space, rows), pick(y.space, columns), target if isinstance(target, Axes) else None, "dot")
    except NoAlignment as error:
        code = "E0313" if error.ambiguous else "E0312"
        title = f"the operands of `{a.name}` {'match in more than one way' if error.ambiguous else 'do not match'}"
        raise fault(code, title, a.at, f"`{x.space}` and `{y.space}`, summed over `{over}`: {error}") from None
    op = Dot(_placed(rows, found.left), _placed(columns, found.right), summed, mean)
    return a.builder.emit(op, [x, y], [found.space], a.at)[0]


def _placed(kept: Sequence[int], places: Places) -> Places:
    return tuple(None if place is None else kept[place] for place in places)


def _pairs(x: Axes, y: Axes, over: Axes, what: str, at: Span) -> tuple[tuple[int, int], ...]:
    """Where each axis summed over stands in both operands: in the second the dual of what stands in the first, which most groups ask for."""
    if not len(over):
        raise fault("E0314", "`dot` sums over an axis", at, "`()` is none", helps=("a product without a sum is `x * y`, or `outer(x, y)`",))
    left, right = list[int](), list[int]()
    for index in range(len(over)):
        wanted = pick(over, (index,))
        left.append(_find(x, wanted, left, what, at))
        (rep,) = wanted.reps
        met = rep if rep.affine or not same_axis(x.reps[left[-1]], rep) else rep.dual()
        right.append(_find(y, replace(wanted, reps=(met,)), right, what, at))
    return tuple(zip(left, right, strict=True))


def _find(space: Axes, wanted: Axes, taken: Sequence[int], what: str, at: Span) -> int:
    """The axis itself, or where there is none its dual; of equal sizes the one that is called so."""
    (rep,), (label,) = wanted.reps, wanted.labels
    free = [i for i in range(len(space)) if i not in taken]
    found = [i for i in free if same_axis(space.reps[i], rep)] or [i for i in free if dual_axes(space.reps[i], rep)]
    named = [i for i in found if isinstance(rep, Trivial) and space.labels[i] == label]
    if not found:
        raise fault("E0314", f"there is no axis `{wanted}` for `{what}`", at, f"an operand is `{space}`")
    if len(found) > 1 and len(named) != 1:
        raise fault("E0313", f"`{what}` could sum over more than one axis", at, f"`{wanted}` occurs {len(found)} times in `{space}`")
    return (named if len(found) > 1 else found)[0]
