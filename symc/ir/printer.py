"""A graph as text, at either level: what `symc show` prints and golden tests hold. Two equal graphs print alike on every machine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, assert_never

from symc.algebra import sizes as sz
from symc.algebra.groups import Group
from symc.ir import ops
from symc.ir import tensor as t
from symc.ir.graph import Graph, Node, Value

COMMENT = 78  # the column of comments, where the text before them is shorter


def show(graph: Graph[Any]) -> str:
    """The graph as text, one line a node: `%2: X*64 = relu(%1)`, then the user's name for it and where it was written."""
    with graph.named():
        return _show(graph)


def _show(graph: Graph[Any]) -> str:
    header = f"model {graph.name}: {', '.join(map(_group, graph.groups)) or 'no symmetry'}"
    arguments = ", ".join(f"%{value.id} {value.name}: {value.type}" for value in graph.inputs)
    lines = [header, f"  ({arguments}) -> {graph.signature.result}"]
    for node in graph.nodes:
        lines.append(_line(node))
        lines += _body(node)
    return "\n".join([*lines, f"  return {_values(graph.outputs)}"]) + "\n"


def _body(node: Node[Any]) -> list[str]:
    """The graph inside a recurrence."""
    return [f"    {line}" for line in _show(node.op.body).splitlines()] if isinstance(node.op, ops.Scan | t.Loop) else []


def show_op(op: ops.EquivariantOp | t.TensorOp, inputs: str = "") -> str:
    """An operation applied to inputs already written."""
    return _equivariant(op, inputs) if isinstance(op, ops.EquivariantOp) else _tensor(op, inputs)


def _group(group: Group) -> str:
    return str(group) if group.definition is group else f"{group} = {group.definition}"


def _line(node: Node[Any]) -> str:
    results = ", ".join(f"%{value.id}: {value.type}" for value in node.outputs)
    text = f"  {results} = {show_op(node.op, _values(node.inputs))}"
    notes = [", ".join(value.name for value in node.outputs if value.name)]
    notes += [f"{node.span.source.name}:{node.span.line}"] if node.span is not None else []
    comment = " ".join(note for note in notes if note)
    return f"{text:<{COMMENT}}  # {comment}" if comment else text


def _values(values: Iterable[Value]) -> str:
    return ", ".join(f"%{value.id}" for value in values)


def _equivariant(op: ops.EquivariantOp, inputs: str) -> str:
    match op:
        case ops.Linear(name, bias, each):
            along = f"[each={'*'.join(map(str, each))}]" if each else ""
            solved = f" dim {op.basis.dim}" if op.basis is not None else ""
            solved += f"+{op.bias_basis.dim}" if op.bias_basis is not None else ""
            return f"linear{along}({inputs}) weights {name}{' bias' if bias else ''}{solved}"
        case ops.Bilinear(name, left, right, each, given=given):
            along = f"[each={'*'.join(map(str, each))}]" if each else ""
            operands = f" of {left} and {right}" if (left, right) != (1, 1) else ""
            weights = f"weights {name}" if given is None else "weights given" + (f" along {_places(given)}" if given else "")
            return f"bilinear{along}({inputs}){operands} {weights}{f' dim {op.basis.dim}' if op.basis is not None else ''}"
        case ops.Pointwise(function, argument):
            return f"{function}{_exponent(argument)}({inputs})"
        case ops.Binary(kind, left, right):
            return f"{kind}({inputs}) left {_places(left)} right {_places(right)}"
        case ops.Attention(carried, rows, keys, summed, bias):
            lists = f"carried {list(carried)} rows {_numbers(rows)} keys {keys} over {list(summed)}"
            return f"attention({inputs}) {lists}{f' bias {_places(bias)}' if bias else ''}"
        case ops.Dot(left, right, summed, weighted):
            places = f"left {_places(left)} right {_places(right)} over {', '.join(f'({a}, {b})' for a, b in summed)}"
            return f"{'mean' if weighted else 'dot'}({inputs}) {places}"
        case ops.Constant(value):
            return f"constant {value:g}"
        case ops.Norm(squared, dropped, reduced):
            kept = f" reduced {_numbers(reduced)}" if reduced else ""
            return f"norm{'^2' if squared else ''}({inputs}) dropped {_numbers(dropped)}{kept}"
        case ops.Normalize():
            return f"normalize({inputs})"
        case ops.Pool(kind, axis):
            return f"{kind}({inputs}) axis {axis}"
        case ops.Softmax(axis):
            return f"softmax({inputs}) axis {axis}"
        case ops.Concat(axis):
            return f"concat({inputs}) axis {axis}"
        case ops.Project(axis, term):
            return f"project({inputs}) axis {axis} term {term}"
        case ops.Reinterpret(order):
            return f"reinterpret({inputs}){'' if order is None else f' order {_numbers(order)}'}"
        case ops.Recast(kind):
            return f"{kind}({inputs})"
        case ops.LayerNorm(name, axes, centred):
            return f"{'layernorm' if centred else 'rmsnorm'}({inputs}) axes {_numbers(axes)} weights {name}"
        case ops.BatchNorm(name):
            return f"batchnorm({inputs}) weights {name}"
        case ops.Gate():
            return f"gate({inputs})"
        case ops.Dropout(p, whole):
            return f"dropout[{p:g}]({inputs}){f' whole {_numbers(whole)}' if whole else ''}"
        case ops.Encode():
            return f"encode({inputs})"
        case ops.Scan(body, states, along, last):
            return f"{'fold' if last else 'scan'}[{body.name}]({inputs}) states {states} along {_places(along)}"
        case ops.Noise():
            return "random()"
        case ops.Zero():
            return "zero()"
        case _:
            assert_never(op)


def _tensor(op: t.TensorOp, inputs: str) -> str:
    match op:
        case t.Parameter(name):
            return f"parameter {name}"
        case t.Array(data):
            return f"array {data.ravel().tolist()}" if data.size <= 8 else f"array of {data.size} {data.dtype.name}"
        case t.Einsum(equation):
            return f"einsum[{equation}]({inputs})"
        case t.BilinearForms():
            return f"bilinear_forms({inputs})"
        case t.Permute(order):
            return f"permute({inputs}) order {_numbers(order)}"
        case t.Reshape():
            return f"reshape({inputs})"
        case t.Expand():
            return f"expand({inputs})"
        case t.AsComplex():
            return f"as_complex({inputs})"
        case t.AsReal():
            return f"as_real({inputs})"
        case t.Slice(axis, start, stop):
            return f"slice({inputs}) axis {axis} from {sz.show(start)} to {sz.show(stop)}"
        case t.Concatenate(axis):
            return f"concatenate({inputs}) axis {axis}"
        case t.Take(axis):
            return f"take({inputs}) axis {axis}"
        case t.Diagonal(axes):
            return f"diagonal({inputs}) axes {_numbers(axes)}"
        case t.Assemble(places):
            return f"assemble({inputs}) at {', '.join(map(_along, places))}"
        case t.Reduce(kind, axes, keep):
            return f"{kind}({inputs}) axes {_numbers(axes)}{' keep' if keep else ''}"
        case t.Map(function, argument):
            return f"{function}{_exponent(argument)}({inputs})"
        case t.SafeSqrt():
            return f"safe_sqrt({inputs})"
        case t.BatchNormPart(name, part):
            return f"batchnorm({inputs}) part {part} of {name}"
        case t.SafeReciprocalSqrt():
            return f"safe_reciprocal_sqrt({inputs})"
        case t.Arithmetic(kind):
            return f"{kind}({inputs})"
        case t.FusedAttention():
            return f"attention({inputs})"
        case t.Fourier(axes):
            return f"fourier({inputs}) axes {_numbers(axes)}"
        case t.InverseFourier(axes, sizes):
            return f"inverse_fourier({inputs}) axes {_numbers(axes)} sizes {_numbers(sizes)}"
        case t.SoftmaxAlong(axis):
            return f"softmax({inputs}) axis {axis}"
        case t.DropoutMask(p, shared):
            return f"dropout[{p:g}]({inputs}){f' shared {_numbers(shared)}' if shared else ''}"
        case t.LayerNormLast(axes, eps):
            return f"layernorm({inputs}) last {axes} eps {eps:g}"
        case t.OneHotOf(classes):
            return f"onehot[{classes}]({inputs})"
        case t.Loop(_, sequences, last):
            return f"{'fold' if last else 'scan'}({inputs}) sequences {sequences}"
        case t.Lookup():
            return f"lookup({inputs})"
        case t.Normals(number):
            return f"normals({inputs}) number {number}"
        case t.Mask(axes):
            return f"mask({inputs}) axes ({', '.join(map(str, axes))})"
        case t.Where(otherwise):
            return f"where({inputs})" if otherwise is None else f"where({inputs}) otherwise {otherwise:g}"
        case _:
            assert_never(op)


def _exponent(argument: float | None) -> str:
    return "" if argument is None else f"[{argument:g}]"


def _numbers(numbers: Iterable[int]) -> str:
    return f"({', '.join(map(str, numbers))})"


def _along(axes: Iterable[tuple[int, ...]]) -> str:
    """The axes of a result along which those of an input lie, `0=1` for the diagonal of two."""
    return f"({', '.join('='.join(map(str, along)) for along in axes)})"


def _places(places: Iterable[int | None]) -> str:
    """Where the axes of a result are in an operand, `_` where the operand is stretched."""
    return f"({', '.join('_' if place is None else str(place) for place in places)})"
