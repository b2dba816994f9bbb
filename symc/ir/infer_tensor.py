"""Type rules of the tensor level: the shape an operation returns, or why its inputs do not fit. Sizes compare as polynomials in the free ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import TypeAlias, assert_never

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size
from symc.ir import tensor as t
from symc.ir.infer import IllTyped
from symc.ir.pointwise import FUNCTIONS
from symc.ir.pointwise import function as pointwise

Types: TypeAlias = Sequence[t.TensorType]


def infer_tensor(op: t.TensorOp, inputs: Types, claimed: Types = ()) -> t.TensorType:
    """The type of the result. What an operation leaves open (a reshape's, a parameter's shape) is `claimed` and looked at here; raises IllTyped."""
    _arity(op, inputs)
    match op:
        case t.Parameter():
            wanted = _claimed(claimed)
            plain = not (wanted.batched or wanted.integer or wanted.complex or wanted.free)
            _require(plain, f"a parameter is {wanted}: it is of floats, unbatched, of known size")
            return wanted
        case t.Array(data):
            return t.TensorType(data.shape, batched=False, integer=data.dtype.kind == "i")
        case t.Einsum(equation):
            return _einsum(equation, inputs)
        case t.BilinearForms():
            return _bilinear_forms(inputs)
        case t.Permute(order):
            _require(sorted(order) == list(range(len(inputs[0].shape))), f"{order} does not order the axes of {inputs[0]}")
            return _shaped(inputs[0], [inputs[0].shape[axis] for axis in order])
        case t.Reshape():
            wanted = _claimed(claimed)
            same = same_shape((sz.product(inputs[0].shape),), (sz.product(wanted.shape),))
            _require(same, f"{inputs[0]} and {wanted} have different numbers of entries")
            return _shaped(inputs[0], wanted.shape)
        case t.Expand():
            wanted = _claimed(claimed)
            pairs = list(zip(inputs[0].shape, wanted.shape, strict=False))
            fits = len(wanted.shape) == len(inputs[0].shape) and all(same_shape((a,), (b,)) or a == 1 for a, b in pairs)
            _require(fits, f"{inputs[0]} does not stretch to {wanted}")
            return replace(inputs[0], shape=wanted.shape, batched=inputs[0].batched or wanted.batched)
        case t.AsComplex():
            _require(inputs[0].shape[-1:] == (2,) and _real(inputs[0]), f"{inputs[0]} does not hold real and imaginary parts along its last axis")
            return replace(inputs[0], shape=inputs[0].shape[:-1], complex=True)
        case t.AsReal():
            _require(inputs[0].complex, f"{inputs[0]} is not complex")
            return replace(inputs[0], shape=(*inputs[0].shape, 2), complex=False)
        case t.Slice(axis, start, stop):
            return _replaced(inputs[0], axis, (sz.normal(stop - start),))
        case t.Concatenate(axis):
            return _concatenate(inputs, axis)
        case t.Take(axis):
            _require(inputs[1].integer and not inputs[1].batched, f"the positions taken are {inputs[1]}, not unbatched integers")
            return _replaced(inputs[0], axis, inputs[1].shape)
        case t.Diagonal(axes):
            return _diagonal(inputs[0], axes)
        case t.Assemble(places):
            return _assemble(inputs, places, _claimed(claimed))
        case t.Reduce(_, axes, keep):
            _axes(inputs[0], axes)
            _masked(inputs, axes)
            return _shaped(inputs[0], [1 if i in axes else size for i, size in enumerate(inputs[0].shape) if keep or i not in axes])
        case t.Map(function, argument):
            _require(function in FUNCTIONS or (function == "pow" and argument is not None), f"there is no function {function}")
            _require(not inputs[0].complex or pointwise(function, argument).holomorphic, f"{function} is not for complex numbers")
            return inputs[0]
        case t.SafeSqrt() | t.SafeReciprocalSqrt():
            _require(not inputs[0].complex, "the root of complex numbers is not safe")
            return inputs[0]
        case t.Arithmetic():
            _require(not any(item.integer or item.boolean for item in inputs), f"arithmetic is of floats, not {inputs[0]} and {inputs[1]}")
            return _aligned(*inputs)
        case t.FusedAttention():
            return _fused_attention(inputs)
        case t.Fourier(axes):
            _axes(inputs[0], axes)
            _require(_real(inputs[0]) and bool(axes), f"{inputs[0]} has no real numbers to transform along {axes}")
            size = inputs[0].shape[axes[-1]]
            _require(isinstance(size, int) and size > 0, f"the axis {axes[-1]} of {inputs[0]} has no known length")
            return replace(_replaced(inputs[0], axes[-1], (sz.number(size) // 2 + 1,)), complex=True)
        case t.InverseFourier(axes, sizes):
            _axes(inputs[0], axes)
            lengths = [*sizes[:-1], sizes[-1] // 2 + 1]
            fits = inputs[0].complex and [inputs[0].shape[axis] for axis in axes] == lengths
            _require(fits, f"{inputs[0]} is no transform of {sizes} numbers along {axes}")
            return replace(_replaced(inputs[0], axes[-1], (sizes[-1],)), complex=False)
        case t.SoftmaxAlong(axis):
            _axes(inputs[0], (axis,))
            _masked(inputs, (axis,))
            return inputs[0]
        case t.DropoutMask(_, shared):
            _axes(inputs[0], shared)
            return inputs[0]
        case t.BatchNormPart(_, part, parts, shape):
            fits = len(shape) == len(inputs[0].shape) and all(size in (1, found) for size, found in zip(shape, inputs[0].shape, strict=True))
            fits = fits and inputs[0].batched and prod(shape) == parts[part][0] and all(item.boolean for item in inputs[1:])
            _require(fits, f"{inputs[0]} has no copies of shape {shape}")
            return inputs[0]
        case t.LayerNormLast(axes):
            last = inputs[0].shape[len(inputs[0].shape) - axes :]
            fits = 0 < axes <= len(inputs[0].shape) and all(same_shape(item.shape, last) and not item.batched for item in inputs[1:])
            _require(fits, f"weight {inputs[1]} and bias {inputs[2]} are not shaped as the last {axes} axes of {inputs[0]}")
            return inputs[0]
        case t.Loop():
            return _loop(op, inputs)
        case t.OneHotOf(classes):
            _require(inputs[0].integer and not inputs[1].integer, f"classes are integers, not {inputs[0]}, and a number says their dtype")
            return t.TensorType((*inputs[0].shape, classes), inputs[0].batched)
        case t.Lookup():
            table, index = inputs
            _require(index.integer and not table.batched and len(table.shape) > 0, f"rows of {table} are not named by {index}")
            return t.TensorType((*index.shape, *table.shape[1:]), index.batched, table.integer)
        case t.Normals():
            _require(inputs[0] == t.TensorType((), batched=False), f"normal numbers are drawn as {inputs[0]} says, which is no number")
            return t.TensorType(_claimed(claimed).shape)
        case t.Mask(axes):
            masks = [t.TensorType((sz.free(name),), boolean=True) for name in op.names]
            _require(list(inputs) == masks, f"masks of {', '.join(op.names) or 'nothing'} are needed, not {', '.join(map(str, inputs))}")
            return t.TensorType(tuple(axis.size for axis in axes), boolean=True)
        case t.Where():
            _require(all(item == inputs[0] for item in inputs[2:]), f"{inputs[-1]} is taken in place of {inputs[0]}")
            _require(inputs[1].boolean and not inputs[0].boolean, f"{inputs[1]} is no mask of {inputs[0]}")
            found = _aligned(inputs[0], inputs[1])
            return replace(inputs[0], shape=found.shape, batched=found.batched)
        case _:
            assert_never(op)


def agree_tensor(left: t.TensorType, right: t.TensorType) -> bool:
    return replace(left, shape=()) == replace(right, shape=()) and same_shape(left.shape, right.shape)


def _arity(op: t.TensorOp, inputs: Types) -> None:
    match op:
        case t.Parameter() | t.Array():
            count: int | None = 0
        case t.Concatenate() | t.FusedAttention() | t.Loop():
            count = None
        case t.Assemble(places):
            count = max(len(places), 1)
        case t.Einsum() | t.Take() | t.Arithmetic() | t.OneHotOf() | t.Lookup() | t.InverseFourier():
            count = 2
        case t.Where(otherwise):
            count = 3 if otherwise is None else 2
        case t.Reduce() | t.SoftmaxAlong() | t.BatchNormPart():
            count = min(max(len(inputs), 1), 2)
        case t.Mask():
            count = len(op.names)
        case t.LayerNormLast():
            count = 3
        case t.BilinearForms():
            count = 5
        case _:
            count = 1
    fits = bool(inputs) if count is None else len(inputs) == count
    _require(fits, f"{type(op).__name__} takes {'some' if count is None else count} inputs, not {len(inputs)}")


def _loop(op: t.Loop, inputs: Types) -> t.TensorType:
    sequences = inputs[1 : 1 + op.sequences]
    _require(0 < len(sequences) == op.sequences and all(item.shape for item in sequences), "a loop runs along a sequence")
    steps = sequences[0].shape[0]
    _require(all(same_shape(item.shape[:1], (steps,)) for item in sequences), "sequences of different lengths")
    given = [inputs[0], *(replace(item, shape=item.shape[1:]) for item in sequences), *inputs[1 + op.sequences :]]
    taken = [value.type for value in (*op.body.inputs, *op.body.outputs)]
    _require([*given, inputs[0]] == taken, f"the body takes and returns {', '.join(map(str, taken))}, not {', '.join(map(str, given))}")
    return inputs[0] if op.last else replace(inputs[0], shape=(steps, *inputs[0].shape))


def _einsum(equation: str, inputs: Types) -> t.TensorType:
    left, arrow, right = equation.partition("->")
    terms = left.split(",")
    _require(bool(arrow) and len(terms) == len(inputs), f"`{equation}` is not for {len(inputs)} inputs")
    sizes: dict[str, Size] = {}
    for term, item in zip(terms, inputs, strict=True):
        _require(len(set(term)) == len(term) == len(item.shape), f"`{term}` does not name the axes of {item}, each once")
        for letter, size in zip(term, item.shape, strict=True):
            other = sizes.setdefault(letter, size)
            _require(same_shape((other,), (size,)), f"`{letter}` of `{equation}` is both {sz.show(other)} and {sz.show(size)}")
    _require(len(set(right)) == len(right) and set(right) <= sizes.keys(), f"`{right}` of `{equation}` is not made of letters on its left, each once")
    _require(len({item.complex for item in inputs}) == 1, f"`{equation}` contracts real with complex numbers")
    return t.TensorType(tuple(sizes[letter] for letter in right), batched=any(item.batched for item in inputs), complex=inputs[0].complex)


def _bilinear_forms(inputs: Types) -> t.TensorType:
    x, y, w, left, right = inputs
    _require(min(len(x.shape), len(y.shape)) > 1 and len(w.shape) == 3 and not w.batched, f"{w} is no weight of bilinear forms of {x} and {y}")
    _require(x.batched == y.batched and x.complex == y.complex == w.complex, f"{x}, {y} and {w} do not multiply")
    fits = same_shape(x.shape[:-2], y.shape[:-2]) and all(item.shape[-2] in (1, w.shape[0]) for item in (x, y))
    _require(fits, f"{x}, {y} and {w} differ in their channels, or before these")
    places = all(item.integer and not item.batched and item.shape == w.shape[2:] for item in (left, right))
    _require(places, f"{left} and {right} do not name pairs for {w}")
    return replace(x, shape=(*x.shape[:-2], *w.shape[:2]))


def _concatenate(inputs: Types, axis: int) -> t.TensorType:
    first = inputs[0]
    for item in inputs:
        _axes(item, (axis,))
        fits = replace(item, shape=()) == replace(first, shape=()) and same_shape(_without(item, axis), _without(first, axis))
        _require(fits, f"{item} and {first} differ outside axis {axis}")
    return _replaced(first, axis, (sz.total(item.shape[axis] for item in inputs),))


def _diagonal(item: t.TensorType, axes: tuple[int, ...]) -> t.TensorType:
    _axes(item, axes)
    _require(len(axes) > 1 and list(axes) == sorted(axes), f"axes {axes} are not two or more in ascending order")
    _require(all(same_shape((item.shape[axis],), (item.shape[axes[0]],)) for axis in axes), f"axes {axes} of {item} are not of one size")
    return _shaped(item, [*(size for i, size in enumerate(item.shape) if i not in axes), item.shape[axes[0]]])


def _assemble(inputs: Types, places: Sequence[tuple[tuple[int, ...], ...]], wanted: t.TensorType) -> t.TensorType:
    for item, axes in zip(inputs, places, strict=True):
        taken = [axis for along in axes for axis in along]
        orderly = len(axes) == len(item.shape) and all(along and list(along) == sorted(along) for along in axes)
        fits = orderly and len(set(taken)) == len(taken) and all(0 <= axis < len(wanted.shape) for axis in taken)
        fits = fits and all(same_shape((size,), (wanted.shape[axis],)) for size, along in zip(item.shape, axes, strict=True) for axis in along)
        _require(fits, f"{item} does not lie along {axes} of {wanted}")
        _require(not (item.integer or item.boolean), f"sums are of floats, not {item}")
    return replace(wanted, batched=any(item.batched for item in inputs), complex=any(item.complex for item in inputs))


def _aligned(left: t.TensorType, right: t.TensorType) -> t.TensorType:
    """numpy's rule: axes meet from the right, those of size 1 stretch."""
    rank = max(len(left.shape), len(right.shape))
    _require(all(len(item.shape) == rank or not item.batched for item in (left, right)), f"{left} and {right}: a batched operand has too few axes")
    padded = [(1,) * (rank - len(item.shape)) + tuple(item.shape) for item in (left, right)]
    shape = []
    for a, b in zip(*padded, strict=True):
        _require(a == 1 or b == 1 or same_shape((a,), (b,)), f"{left} and {right} do not align")
        shape.append(b if a == 1 else a)
    return t.TensorType(tuple(shape), batched=left.batched or right.batched, complex=left.complex or right.complex)


def _fused_attention(inputs: Types) -> t.TensorType:
    _require(len(inputs) in (3, 4, 5) and all(len(item.shape) == 3 for item in inputs), "attention takes three to five inputs of three axes")
    _require(len({item.batched for item in inputs}) == 1 and not any(item.integer for item in inputs), "attention is of floats, all batched or none")
    q, k, v, *others = inputs
    fits = same_shape((q.shape[0], q.shape[2]), (k.shape[0], k.shape[2])) and same_shape(k.shape[:2], v.shape[:2])
    _require(fits, f"queries {q}, keys {k} and values {v} do not fit")
    _require([item.boolean for item in others] in ([], [False], [True], [False, True]), "what follows are a bias, then a mask")
    for item in others:
        shape = (1, 1, k.shape[1]) if item.boolean else (1 if item.shape[0] == 1 else q.shape[0], q.shape[1], k.shape[1])
        _require(same_shape(item.shape, shape), f"the {'mask' if item.boolean else 'bias'} {item} does not fit queries {q} and keys {k}")
    return _shaped(q, (q.shape[0], q.shape[1], v.shape[2]))


def _shaped(item: t.TensorType, shape: Sequence[Size]) -> t.TensorType:
    return replace(item, shape=tuple(shape))


def _masked(inputs: Types, axes: tuple[int, ...]) -> None:
    """Is the second input, where there is one, a mask of these axes of the first?"""
    for mask in inputs[1:]:
        shape = inputs[0].shape
        fits = mask.boolean and len(mask.shape) == len(shape) and (inputs[0].batched or not mask.batched)
        fits = fits and all(size == 1 or (axis in axes and same_shape((size,), (shape[axis],))) for axis, size in enumerate(mask.shape))
        _require(fits, f"{mask} is no mask of axes {axes} of {inputs[0]}")


def _replaced(item: t.TensorType, axis: int, sizes: tuple[Size, ...]) -> t.TensorType:
    _axes(item, (axis,))
    return _shaped(item, (*item.shape[:axis], *sizes, *item.shape[axis + 1 :]))


def _without(item: t.TensorType, axis: int) -> tuple[Size, ...]:
    return (*item.shape[:axis], *item.shape[axis + 1 :])


def same_shape(left: Sequence[Size], right: Sequence[Size]) -> bool:
    return len(left) == len(right) and all(a == b or sz.normal(a - b) == 0 for a, b in zip(left, right, strict=True))


def _axes(item: t.TensorType, positions: tuple[int, ...]) -> None:
    fits = len(set(positions)) == len(positions) and all(0 <= position < len(item.shape) for position in positions)
    _require(fits, f"{item} has no axes {positions}")


def _real(item: t.TensorType) -> bool:
    return not item.complex and not item.integer


def _claimed(claimed: Types) -> t.TensorType:
    _require(len(claimed) == 1, "the shape of the result is given, not inferred")
    return claimed[0]


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise IllTyped(message)
