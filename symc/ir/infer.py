"""Type rules of the equivariant level: the types an operation returns, or why its inputs do not fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, assert_never

from symc.algebra import sizes as sz
from symc.algebra.construct import axes
from symc.algebra.hom import Affine, Split
from symc.algebra.points import directions
from symc.algebra.reps import OneHot, Rep, Sum, Tensor, Trivial
from symc.ir import ops
from symc.ir.coordinates import canonical, copies, moduli, same_coordinates
from symc.ir.gates import NoProduct, gate_type
from symc.ir.pointwise import FUNCTIONS
from symc.ir.pointwise import function as pointwise
from symc.ir.recurrence import result_types, step_types
from symc.ir.types import Type

Types: TypeAlias = Sequence[Type]


class IllTyped(ValueError):
    """An operation does not fit its inputs; the message says why, in terms of the types."""


def infer(op: ops.EquivariantOp, inputs: Types, claimed: Types = ()) -> tuple[Type, ...]:
    """The types of the results; raises IllTyped.

    `Linear`, `Bilinear`, `Reinterpret`, `Noise` and `Zero` may have many types, so theirs are `claimed` and looked at here.
    """
    match op:
        case ops.Linear():
            return _linear(op, inputs, claimed)
        case ops.Bilinear():
            return _bilinear(op, inputs, claimed)
        case ops.Pointwise(function, argument):
            _require(function in FUNCTIONS or function == "pow", f"there is no function {function}")
            _require(not _one(inputs).is_complex or pointwise(function, argument).holomorphic, f"{function} is not for complex numbers")
            _require((function == "pow") == (argument is not None), f"{function} takes {'an' if function == 'pow' else 'no'} exponent")
            return (_one(inputs),)
        case ops.Binary():
            return (_binary(op, inputs),)
        case ops.Attention():
            return (_attention(op, inputs),)
        case ops.Dot():
            return (_dot(op, inputs),)
        case ops.Constant():
            _require(not inputs, "a constant has no inputs")
            return (Type(),)
        case ops.Norm(_, dropped, reduced):
            return (_norm(_one(inputs), dropped, reduced),)
        case ops.Normalize() | ops.BatchNorm():
            return (_one(inputs),)
        case ops.Pool(_, axis):
            _axes(_one(inputs), (axis,))
            _require(op.kind != "max" or not inputs[0].is_complex, "complex numbers have no maximum")
            return (inputs[0].without(axis),)
        case ops.Softmax(axis):
            _axes(_one(inputs), (axis,))
            _require(not inputs[0].is_complex, "softmax is not for complex numbers")
            return (inputs[0],)
        case ops.Concat(axis):
            return (_concat(inputs, axis),)
        case ops.Project(axis, term):
            return (_project(_one(inputs), axis, term),)
        case ops.Recast(kind):
            return (recast(kind, _one(inputs)),)
        case ops.Reinterpret(order):
            return (_reinterpret(_one(inputs), order, claimed),)
        case ops.LayerNorm(_, axes, _) | ops.Dropout(_, axes):
            _axes(_one(inputs), axes)
            return (inputs[0],)
        case ops.Encode():
            _require(_one(inputs).classes is not None, f"{inputs[0]} holds no indices")
            return (Type(tuple(map(encoded, inputs[0].axes))),)
        case ops.Scan(body):
            steps = step_types(op, inputs)
            fits = len(steps) == len(body.inputs) and all(a == b.type for a, b in zip(steps, body.inputs, strict=True))
            _require(fits, f"a step takes {', '.join(str(value.type) for value in body.inputs)}, not {', '.join(map(str, steps))}")
            _require([value.type for value in body.outputs] == [value.type for value in body.inputs[: op.states]], "a step returns other states")
            return result_types(op, inputs)
        case ops.Noise() | ops.Zero():
            _require(not inputs and len(claimed) == 1, "what is made of nothing has one type, which is given")
            return tuple(claimed)
        case ops.Gate():
            return (_gate(inputs),)
        case _:
            assert_never(op)


def recast(kind: str, item: Type) -> Type:
    """The type whose numbers are read as complex or real ones, or conjugated. Raises AlgebraError where several axes are complex."""
    return Type({"complex": axes.complexified, "real": axes.realified, "conj": axes.conj}[kind](item.axes))


def encoded(axis: Rep) -> Rep:
    """What is computed with where an axis is stored as an index."""
    return Trivial(axis.k) if isinstance(axis, OneHot) else axis


def agree(left: Type, right: Type) -> bool:
    """Are the axes one by one the same coordinates? A sum written `3 + 4` agrees with the axis `7`."""
    return len(left.axes) == len(right.axes) and all(same_axis(a, b) for a, b in zip(left.axes, right.axes, strict=True))


def same_axis(left: Rep, right: Rep) -> bool:
    return left == right or canonical(left) == canonical(right)


def _linear(op: ops.Linear, inputs: Types, claimed: Types) -> tuple[Type, ...]:
    _require(bool(claimed), "the target of a linear map is given, not inferred")
    _each(op, inputs, claimed)
    _solved(op.basis, [rest.rep for rest in remaining(op, inputs)], [rest.rep for rest in remaining(op, claimed, out=True)])
    return tuple(claimed)


def _bilinear(op: ops.Bilinear, inputs: Types, claimed: Types) -> tuple[Type, ...]:
    _require(bool(claimed), "the target of a bilinear map is given, not inferred")
    count = op.left + op.right
    _require(op.left > 0 and op.right > 0 and len(inputs) == count + (op.given is not None), f"{len(inputs)} inputs are not {op.left} and {op.right}")
    _each(op, inputs[:count], claimed)
    _solved(op.basis, products(op, inputs), [rest.rep for rest in remaining(op, claimed, out=True)])
    if op.given is not None:
        _places(op.each, inputs[count], op.given)
        index = [axis for i, axis in enumerate(inputs[count].axes) if i not in op.given]
        fits = all(isinstance(moduli(axis), Trivial) for axis in index)
        _require(fits, f"the weights {inputs[count]} have axes that are neither trivial nor in `each`")
        if op.basis is not None:
            wanted = sz.product([*(axis.k for axis in op.each if isinstance(axis, Trivial)), op.basis.dim])
            _require(sz.product(axis.dim for axis in index) == wanted, f"{inputs[count]} are not {sz.show(wanted)} weights")
    return tuple(claimed)


def products(op: ops.Bilinear, inputs: Types) -> tuple[Rep, ...]:
    """What the basis of a bilinear map goes from, without `each` axes: each first input times each of the others, the first outermost."""
    rests = [rest.rep for rest in remaining(op, inputs[: op.left + op.right])]
    return tuple(Tensor((x, y)) for x in rests[: op.left] for y in rests[op.left :])


def _each(op: ops.Linear | ops.Bilinear, inputs: Types, claimed: Types) -> None:
    _require(len(op.input_each) == (len(inputs) if op.each else len(op.input_each)), "`each` does not place its axes in every input")
    _require(len(op.output_each) == (len(claimed) if op.each else len(op.output_each)), "`each` does not place its axes in every output")
    for types, places in ((inputs, op.input_each), (claimed, op.output_each)):
        for item, row in zip(types, places, strict=False):
            _places(op.each, item, row)


def _places(each: Sequence[Rep], item: Type, row: tuple[int | None, ...]) -> None:
    _require(len(row) == len(each), f"`each` has {len(each)} axes, {len(row)} are placed in {item}")
    for wanted, position in zip(each, row, strict=True):
        if position is not None:
            _axes(item, (position,))
            _require(same_axis(item.axes[position], wanted), f"axis {position} of {item} is not {wanted}")


def _solved(basis: Split | Affine | None, sources: Sequence[Rep], targets: Sequence[Rep]) -> None:
    if basis is not None:
        solved, asked = ((tuple(map(canonical, a)), tuple(map(canonical, b))) for a, b in ((basis.sources, basis.targets), (sources, targets)))
        _require(solved == asked, f"the basis solves {_list(basis.sources)} -> {_list(basis.targets)}")


def remaining(op: ops.Linear | ops.Bilinear, types: Types, *, out: bool = False) -> tuple[Type, ...]:
    """The types without their `each` axes: what the basis of a map goes between."""
    places: Sequence[Sequence[int | None]] = (op.output_each if out else op.input_each) or ((),) * len(types)
    return tuple(Type(tuple(axis for i, axis in enumerate(item.axes) if i not in row)) for item, row in zip(types, places, strict=True))


def _binary(op: ops.Binary, inputs: Types) -> Type:
    _require(len(inputs) == 2 and len(op.left) == len(op.right), f"{op.kind} takes two operands, placed along the same axes")
    x, y = inputs
    _placed(x, op.left)
    _placed(y, op.right)
    return _joined(op, x, y)


def _dot(op: ops.Dot, inputs: Types) -> Type:
    _require(len(inputs) == 2 and len(op.left) == len(op.right), "dot takes two operands, placed along the same axes")
    x, y = inputs
    _placed(x, (*op.left, *(a for a, _ in op.summed)))
    _placed(y, (*op.right, *(b for _, b in op.summed)))
    for a, b in op.summed:
        _require(paired(x.axes[a], y.axes[b]), f"axis {a} of {x} and axis {b} of {y} are summed over, and are neither equal nor dual")
    return _joined(op, x, y)


def _attention(op: ops.Attention, inputs: Types) -> Type:
    _require(len(inputs) == (4 if op.bias else 3), "attention takes queries, keys and values, and a bias where its axes are placed")
    q, k, v = inputs[:3]
    _placed(q, op.of_queries())
    _placed(k, op.of_keys())
    _placed(v, op.of_values(len(v.axes)))
    for i, j, h in op.carried:
        _require(same_axis(q.axes[i], k.axes[j]) and same_axis(q.axes[i], v.axes[h]), f"axis {i} of {q} is carried along, and differs in {k} or {v}")
    _require(same_axis(k.axes[op.keys[0]], v.axes[op.keys[1]]), f"{k} and {v} have different keys")
    for a, b in op.summed:
        _require(paired(q.axes[a], k.axes[b]), f"axis {a} of {q} and axis {b} of {k} are summed over, and are neither equal nor dual")
    if op.bias:
        scores = [*(q.axes[place] for place in op.of_queries()[: len(op.carried) + len(op.rows)]), k.axes[op.keys[0]]]
        _placed(inputs[3], op.bias)
        fits = len(op.bias) == len(scores) and all(
            place is None or same_axis(inputs[3].axes[place], axis) for place, axis in zip(op.bias, scores, strict=True)
        )
        _require(fits and op.bias[-1] is not None, f"the bias {inputs[3]} is not placed along the scores")
    rows = tuple(q.axes[place] for place in op.rows)
    return Type((*v.axes[: op.keys[1]], *rows, *v.axes[op.keys[1] + 1 :]))


def _joined(op: ops.Binary | ops.Dot, x: Type, y: Type) -> Type:
    """The axes of the result, in the order placed."""
    axes = []
    for a, b in zip(op.left, op.right, strict=True):
        if a is not None and b is not None:
            met = met_axis(op.kind if isinstance(op, ops.Binary) else "mul", x.axes[a], y.axes[b])
            if met is None:
                raise IllTyped(f"axis {a} of {x} and axis {b} of {y} are met, and differ")
            axes.append(met)
        else:
            _require(a is not None or b is not None, "an axis of the result comes from neither operand")
            axes.append(x.axes[a] if a is not None else y.axes[b if b is not None else 0])
    return Type(tuple(axes))


def paired(left: Rep, right: Rep) -> bool:
    """May two axes be summed over together: is one the other, or its dual?"""
    return same_axis(left, right) or dual_axes(left, right)


def dual_axes(left: Rep, right: Rep) -> bool:
    return not (left.affine or right.affine) and same_axis(left.dual(), right)


def met_axis(kind: str, left: Rep, right: Rep) -> Rep | None:
    """The axis of the result where two axes are met; None where they cannot be. Points less points are vectors, and vectors move points.

    Real numbers multiply complex ones along an axis that both count.
    """
    if kind in ("mul", "div") and left.is_complex != right.is_complex:
        return (left if left.is_complex else right) if same_axis(moduli(left), moduli(right)) else None
    if kind not in ("add", "sub") or not (left.affine or right.affine):
        return left if same_axis(left, right) else None
    if left.affine and right.affine:
        return (directions(left) if kind == "sub" else left) if same_axis(left, right) else None
    return (left if left.affine else right) if same_axis(directions(left), directions(right)) else None


def _placed(operand: Type, places: tuple[int | None, ...]) -> None:
    """Every axis of the operand stands once in the result, but for axes of one trivial coordinate, which may be dropped."""
    used = [place for place in places if place is not None]
    _axes(operand, tuple(used))
    lost = [i for i, axis in enumerate(operand.axes) if i not in used and axis != Trivial(1)]
    _require(not lost, f"axes {lost} of {operand} do not occur in the result")


def _norm(item: Type, dropped: tuple[int, ...], reduced: tuple[int, ...]) -> Type:
    _axes(item, (*dropped, *reduced))
    return Type(tuple(copies(axis) if i in reduced else moduli(axis) for i, axis in enumerate(item.axes) if i not in dropped))


def _gate(inputs: Types) -> Type:
    _require(len(inputs) == 2, "a gate takes a value and its gates")
    x, s = inputs
    try:
        wanted = gate_type(x)
    except NoProduct:
        raise IllTyped(f"trivial parts of {x} stand in sums along two axes") from None
    _require(wanted is not None and agree(s, wanted), f"{s} are not the gates of {x}")
    return x


def _concat(inputs: Types, axis: int) -> Type:
    _require(bool(inputs), "concat needs an operand")
    for item in inputs:
        _axes(item, (axis,))
        _require(agree(item.without(axis), inputs[0].without(axis)), f"{item} and {inputs[0]} differ outside axis {axis}")
    terms = [part for item in inputs for part in _parts(item.axes[axis])]
    joined = terms[0] if len(terms) == 1 else Sum(tuple(terms))
    return Type((*inputs[0].axes[:axis], joined, *inputs[0].axes[axis + 1 :]))


def _parts(axis: Rep) -> tuple[Rep, ...]:
    return axis.terms if isinstance(axis, Sum) else (axis,)


def _project(item: Type, axis: int, term: int) -> Type:
    _axes(item, (axis,))
    terms = _parts(item.axes[axis])
    _require(0 <= term < len(terms), f"axis {axis} of {item} has {len(terms)} terms, none is number {term}")
    chosen = terms[term]
    return Type((*item.axes[:axis], *(chosen.factors if isinstance(chosen, Tensor) else (chosen,)), *item.axes[axis + 1 :]))


def _reinterpret(item: Type, order: tuple[int, ...] | None, claimed: Types) -> Type:
    _require(len(claimed) == 1, "the type a value is read as is given, not inferred")
    if order is not None:
        _require(sorted(order) == list(range(len(item.axes))), f"{order} does not order the {len(item.axes)} axes of {item}")
        item = Type(tuple(item.axes[position] for position in order))
    _require(same_coordinates(item, claimed[0]), f"{item} and {claimed[0]} do not lay out the same coordinates")
    return claimed[0]


def _one(inputs: Types) -> Type:
    _require(len(inputs) == 1, f"one operand is taken, {len(inputs)} are given")
    return inputs[0]


def _axes(item: Type, positions: tuple[int, ...]) -> None:
    _require(len(set(positions)) == len(positions), f"axes {positions} name an axis twice")
    for position in positions:
        _require(0 <= position < len(item.axes), f"{item} has no axis {position}")


def _list(reps: Sequence[Rep]) -> str:
    return ", ".join(map(str, reps)) or "()"


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise IllTyped(message)
