"""`+ - * /` on tensors that are there: operands met by type, records entry by entry."""

from __future__ import annotations

from typing import Literal

from symc.grammar import tree
from symc.ir import ops
from symc.passes.elaborate.broadcast import NoAlignment, align
from symc.passes.elaborate.build import Builder, Bundle, Operand, Single
from symc.passes.elaborate.gating import VALUE, parted, ungated, with_gates
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.space import Axes, Fields, Space

_KINDS: dict[str, Literal["add", "sub", "mul", "div"]] = {"+": "add", "-": "sub", "*": "mul", "/": "div"}


def combined(expr: tree.Binary, x: Operand, y: Operand, builder: Builder, target: Space | None) -> Operand:
    """Two operands met by type; a record with a record of the same names entry by entry, a record with a tensor entry by entry too."""
    target = ungated(target)
    both = parted(x if isinstance(y, Single) else y)
    if expr.op in ("+", "-") and isinstance(x, Single) != isinstance(y, Single) and both is not None:  # what is added has no gates
        value, gates = both
        return with_gates(combined(expr, *((x, value) if isinstance(x, Single) else (value, y)), builder, target), gates)
    match x, y:
        case Single(), Single():
            return _met(expr, x, y, builder, target if isinstance(target, Axes) else None)
        case Bundle(left), Bundle(right):
            if [name for name, _ in left] != [name for name, _ in right]:
                message = f"`{x.space}` and `{y.space}`"
                raise fault("E0312", "the operands are records with different entries", expr.span, message)
            pairs = zip(left, right, strict=True)
            return Bundle(tuple((name, combined(expr, a, b, builder, _entry(target, name))) for (name, a), (_, b) in pairs))
        case Bundle(left), Single():
            return Bundle(tuple((name, combined(expr, a, y, builder, _entry(target, name))) for name, a in left))
        case Single(), Bundle(right):
            return Bundle(tuple((name, combined(expr, x, b, builder, _entry(target, name))) for name, b in right))
    raise TypeError(f"not operands: {x!r}, {y!r}")


def _entry(target: Space | None, name: str) -> Space | None:
    return dict(target.fields).get(name) if isinstance(target, Fields) else target if name == VALUE else None


def _met(expr: tree.Binary, x: Single, y: Single, builder: Builder, target: Axes | None) -> Single:
    try:
        found = align(x.space, y.space, target, _KINDS[expr.op])
    except NoAlignment as error:
        code = "E0313" if error.ambiguous else "E0312"
        types_shown = f"`{x.space}` {expr.op} `{y.space}`"
        helps = ("annotate the statement with the order of the axes: `r: A*B = ...`",) if error.order else ()
        title = "the operands match in more than one way" if error.ambiguous else "the operands do not match"
        raise fault(code, title, expr.span, f"{types_shown}: {error}", helps=helps) from None
    return builder.emit(ops.Binary(_KINDS[expr.op], found.left, found.right), [x, y], [found.space], expr.span)[0]
