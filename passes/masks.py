"""Masks: the same graph for samples padded to one size, with a mask of each padded free size as one more input.

What mixes entries along a padded axis is told which are real; what does not is left as it is, and computes something at the padding too.
No such thing reaches a real entry or a gradient, even where it is NaN or infinite: `where` stops both, the value on its way forth and the gradient,
which is 0 there, on its way back. That takes two things besides. Where a function may be infinite, it is given a 1 at the padding, since 0 times its
derivative need not be 0. And what may be infinite and belongs to the whole sample, as one over a sum, does not meet the padding.

The body of a recurrence is a graph as well, whose masks come from outside, one more sequence or one more constant each. At a step that is padding
the whole body is: what it computes there is thrown away, and the state stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.diagnostics import Diagnostic, DiagnosticError, Label
from symc.ir import tensor as t
from symc.ir.graph import Graph, Node, Value
from symc.ir.layout import Elements, Layout, Plain, is_known, is_padded, layouts_of, met
from symc.ir.pointwise import function
from symc.ir.types import leaves
from symc.passes.layouts import Axes, aligned, result_layouts
from symc.passes.lower.builder import Builder, tensor_type


@dataclass(frozen=True, slots=True)
class Padded:
    """A value of the new graph and the layouts of its axes.

    zero: is it 0 at the padding? wild: may it be infinite or NaN at a real entry, and so wherever that is repeated? At the padding it never is.
    """

    value: Value
    axes: Axes
    zero: bool
    wild: bool = False

    @property
    def batched(self) -> bool:
        return tensor_type(self.value).batched

    def lacks(self, axes: Axes) -> bool:
        """Is it repeated along some padded axis, where it meets a tensor with these?"""
        return any(is_padded(there) and not is_padded(here) for here, there in zip(aligned(self.axes, len(axes)), axes, strict=True))


def masked(graph: Graph[t.TensorOp], names: Iterable[str]) -> Graph[t.TensorOp]:
    """Samples of one size → samples padded along the free sizes `names`, whose masks, called mask_n and so on, follow the inputs by name.

    Exact: at the real entries the outputs are those of each sample alone, up to rounding, at the others 0; so are the gradients. Raises
    DiagnosticError (E0612) where some size follows from a padded one in another way than as a product or a sum of the numbers of elements.
    """
    b, masks = Builder(), dict[str, Value]()

    def made(axes: Axes) -> Value:
        op = t.Mask(axes)
        inputs = [masks[name] for name in op.names]
        return inputs[0] if axes == (Elements(op.names[0]),) else b.emit(op, inputs)

    m = Masking(frozenset(names), b, made)
    given: list[Padded] = []
    for value, (_, item) in zip(graph.inputs, leaves(graph.signature.inputs), strict=True):
        b.name, b.span = value.name, value.span
        given.append(Padded(b.value(tensor_type(value)), layouts_of(item, m.names), zero=False))
    for name in sorted(m.names):
        b.name, b.span = f"mask_{name}", None
        masks[name] = b.value(t.TensorType((sz.free(name),), boolean=True))
    inputs = (*(x.value for x in given), *masks.values())
    for index, value in enumerate(graph.inputs):
        b.name, b.span = value.name, value.span
        given[index] = m.clean(given[index])
    items = (item for _, item in leaves(graph.signature.result))
    results = [m.clean(replace(x, axes=layouts_of(item, m.names))) for x, item in zip(m.run(graph, given), items, strict=True)]
    return replace(graph, inputs=inputs, nodes=tuple(b.nodes), outputs=tuple(x.value for x in results))


@dataclass
class Masking:
    """The new graph as it grows, or the new body of a recurrence."""

    names: frozenset[str]
    b: Builder
    made: Callable[[Axes], Value]  # a mask, of size 1 along axes without padding
    throughout: bool = False  # may all entries be padding, as at a step that is? Masks know it
    _made: dict[Axes, Value] = field(default_factory=dict)  # masks by the layouts of their axes
    _clean: dict[int, Padded] = field(default_factory=dict)  # by the value cleaned

    def run(self, graph: Graph[t.TensorOp], inputs: Sequence[Padded]) -> list[Padded]:
        """All operations of a graph; what it returns."""
        values = dict(zip((value.id for value in graph.inputs), inputs, strict=True))
        for node in graph.nodes:
            self.b.name, self.b.span = node.outputs[0].name, node.span
            values[node.outputs[0].id] = self.step(node, [values[value.id] for value in node.inputs])
        return [values[value.id] for value in graph.outputs]

    def step(self, node: Node[t.TensorOp], xs: Sequence[Padded]) -> Padded:
        """One operation, done to samples of which a part may be padding."""
        type_ = tensor_type(node.outputs[0])
        axes = result_layouts(node.op, [x.axes for x in xs], type_, self.names)
        match node.op:
            case t.Parameter() | t.Array():
                return Padded(self.b.emit(node.op, shape=type_.shape), axes, zero=True)
            case t.Normals():
                return self.emit(node.op, xs, axes, zero=False, batched=True)
            case t.Expand():
                repeated = xs[0].lacks(axes)
                result = self.emit(node.op, xs, axes, zero=xs[0].zero and not repeated, batched=type_.batched)
                return self.clean(result) if repeated and result.wild else result
            case (
                t.Permute()
                | t.Reshape()
                | t.Slice()
                | t.Diagonal()
                | t.AsComplex()
                | t.AsReal()
                | t.SafeSqrt()
                | t.SafeReciprocalSqrt()
                | t.DropoutMask()
                | t.Fourier()
                | t.InverseFourier()
            ):
                return self.emit(node.op, xs, axes, zero=xs[0].zero)
            case t.Concatenate():
                return self.concatenate(node.op, xs, axes)
            case t.Assemble():
                return self.assemble(node.op, xs, axes)
            case t.Map(name, argument):
                return self.map(name, argument, xs[0])
            case t.Arithmetic():
                return self.arithmetic(node.op, xs, axes)
            case t.Einsum():
                return self.einsum(node.op, xs, axes)
            case t.Reduce(_, along, _):
                return self.reduce(node.op, xs[0], along, axes)
            case t.SoftmaxAlong(axis):
                along = (axis,)
                xs = [self.clean(xs[0])] if is_padded(axes[axis]) else xs
                return self.emit(node.op, [*xs, *self.mask_along(axes, along)], axes, zero=False)
            case t.BatchNormPart(_, _, _, shape):
                along = tuple(axis for axis, size in enumerate(shape) if size == 1)
                return self.emit(node.op, [self.clean(xs[0]), *self.mask_along(axes, along)], axes, zero=False)
            case t.FusedAttention():
                return self.attention(node.op, xs, axes)
            case t.BilinearForms():
                return self.emit(node.op, xs, axes, zero=xs[0].zero or xs[1].zero)
            case t.Take(axis):
                self.demand(not is_padded(xs[0].axes[axis]), xs[0].axes[axis])
                return self.emit(node.op, xs, axes, zero=xs[0].zero)
            case t.LayerNormLast(last):
                for layout in axes[len(axes) - last :]:
                    self.demand(not is_padded(layout), layout)
                return self.emit(node.op, xs, axes, zero=False)
            case t.Loop():
                return self.loop(node.op, xs)
            case t.OneHotOf() | t.Lookup():
                return self.emit(node.op, xs, axes, zero=False)
            case t.Mask() | t.Where():
                raise ValueError("the graph has masks already")
            case _:
                assert_never(node.op)

    # operations

    def concatenate(self, op: t.Concatenate, xs: Sequence[Padded], axes: Axes) -> Padded:
        """Terms that are batched now make batched what stands beside them."""
        value = self.b.concatenate([x.value for x in xs], op.axis)
        return Padded(value, axes, zero=all(x.zero for x in xs), wild=any(x.wild for x in xs))

    def assemble(self, op: t.Assemble, xs: Sequence[Padded], axes: Axes) -> Padded:
        """What is not 0, or wild, must not be repeated where there is padding; a wild term is laid out alone and cleaned."""
        places, zeros = list(op.places), []
        whole = tuple((axis,) for axis in range(len(axes)))
        terms = list(xs)
        for index, (x, along) in enumerate(zip(xs, op.places, strict=True)):
            taken = {axis for many in along for axis in many}
            repeated = any(is_padded(layout) for axis, layout in enumerate(axes) if axis not in taken)
            if x.wild and repeated:
                alone = self.emit(t.Assemble((along,)), [x], axes, zero=False)
                x = terms[index] = self.clean(alone)
                places[index], repeated = whole, False
            zeros.append(x.zero and not repeated)
        return self.emit(t.Assemble(tuple(places)), terms, axes, zero=all(zeros))

    def map(self, name: str, argument: float | None, x: Padded) -> Padded:
        at = _values(name, argument)
        singular = x.batched and not np.isfinite(at).all()
        x = self.filled(x, x.axes, 1.0) if singular else x
        return self.emit(t.Map(name, argument), [x], x.axes, zero=x.zero and at[0] == 0, wild=singular)

    def arithmetic(self, op: t.Arithmetic, xs: Sequence[Padded], axes: Axes) -> Padded:
        x, y = (self.filled(one, axes, 0.0) if one.wild and one.lacks(axes) else one for one in xs)
        singular = op.kind == "div" and y.batched
        y = self.filled(y, axes, 1.0) if singular else y
        zeros = [one.zero and not one.lacks(axes) for one in (x, y)]
        zero = {"add": all(zeros), "sub": all(zeros), "mul": any(zeros), "div": zeros[0]}[op.kind]
        return self.emit(op, [self.ranked(x, len(axes)), self.ranked(y, len(axes))], axes, zero=zero, wild=singular)

    def einsum(self, op: t.Einsum, xs: Sequence[Padded], axes: Axes) -> Padded:
        """Contracted entries are 0 at the padding."""
        left, _, right = op.equation.partition("->")
        terms = left.split(",")
        padded = {letter for x, term in zip(xs, terms, strict=True) for letter, layout in zip(term, x.axes, strict=True) if is_padded(layout)}
        contracted, kept = padded - set(right), padded & set(right)
        repeated = any(x.wild and not kept <= set(term) for x, term in zip(xs, terms, strict=True))
        xs = [self.clean(x) if repeated or contracted & set(term) else x for x, term in zip(xs, terms, strict=True)]
        zero = kept <= {letter for x, term in zip(xs, terms, strict=True) for letter in term if x.zero}
        result = self.emit(op, xs, axes, zero=zero and not repeated)
        return self.clean(result) if repeated else result

    def attention(self, op: t.FusedAttention, xs: Sequence[Padded], axes: Axes) -> Padded:
        """Keys at the padding are left out; rows there are computed, from zeros."""
        self.demand(not is_padded(xs[0].axes[2]), xs[0].axes[2])
        keys = (Plain(1), Plain(1), xs[1].axes[1])
        masks = [Padded(self.mask(keys), keys, zero=True)] if is_padded(keys[2]) else []
        result = self.emit(op, [*map(self.clean, xs), *masks], axes, zero=False)
        return self.clean(result) if result.wild else result

    def reduce(self, op: t.Reduce, x: Padded, along: Sequence[int], axes: Axes) -> Padded:
        if not any(is_padded(x.axes[axis]) for axis in along):
            return self.emit(op, [x], axes, zero=x.zero)
        x = self.clean(x)
        return self.emit(op, [x, *(self.mask_along(x.axes, along) if op.kind != "sum" else [])], axes, zero=True)

    def loop(self, op: t.Loop, xs: Sequence[Padded]) -> Padded:
        """The state is 0 at its padding, before and after every step. That it becomes wild is known after the body, which is then written anew."""
        start = self.clean(xs[0])
        time = reduce(met, (x.axes[0] for x in xs[1 : 1 + op.sequences]))
        loop, inputs, wild = self.body(op, time, [start, *xs[1:]])
        if wild and not start.wild:
            loop, inputs, _ = self.body(op, time, [replace(start, wild=True), *xs[1:]])
        value = self.b.emit(loop, inputs)
        if op.last:
            return Padded(value, start.axes, zero=True, wild=wild)
        result = Padded(value, (time, *start.axes), zero=not is_padded(time), wild=wild)
        return self.clean(result) if wild else result

    def body(self, op: t.Loop, time: Layout, xs: Sequence[Padded]) -> tuple[t.Loop, list[Value], bool]:
        """The loop for padded samples, its inputs, and whether the state may be wild after a step."""
        skips, b, masks = is_padded(time), Builder(), list[tuple[Value, Value]]()  # outside, inside

        def made(axes: Axes) -> Value:
            mask = self.mask((time, *axes) if skips else axes)
            type_ = tensor_type(mask)
            masks.append((mask, b.value(replace(type_, shape=type_.shape[1:]) if skips else type_)))
            return masks[-1][1]

        inside = Masking(self.names, b, made, self.throughout or skips)
        given = [replace(x, value=b.value(tensor_type(value))) for x, value in zip(xs, op.body.inputs, strict=True)]
        for index in range(1, 1 + op.sequences):
            given[index] = replace(given[index], axes=given[index].axes[1:])
        (new,) = inside.run(op.body, [inside.filled(x, x.axes, 0.0) if skips and x.wild else x for x in given])
        old = given[0]
        new = inside.clean(replace(new, axes=old.axes))
        state = b.emit(t.Where(None), [new.value, inside.mask((Plain(1),) * len(old.axes)), old.value]) if skips else new.value
        pairs = [(x.value, inner.value) for x, inner in zip(xs, given, strict=True)]
        place = 1 + op.sequences if skips else len(pairs)
        pairs[place:place] = masks
        body = replace(op.body, inputs=tuple(inner for _, inner in pairs), nodes=tuple(b.nodes), outputs=(state,))
        sequences = op.sequences + (len(masks) if skips else 0)
        return replace(op, body=body, sequences=sequences), [x for x, _ in pairs], old.wild or new.wild

    def emit(self, op: t.TensorOp, xs: Sequence[Padded], axes: Axes, *, zero: bool, wild: bool = False, batched: bool = False) -> Padded:
        """The operation as it is; what is wild stays so."""
        value = self.b.emit(op, [x.value for x in xs], [layout.size for layout in axes], batched=batched)
        return Padded(value, axes, zero, wild or any(x.wild for x in xs))

    # masks

    def clean(self, x: Padded) -> Padded:
        """0 at the padding."""
        if x.zero or not any(map(is_padded, x.axes)):
            return replace(x, zero=True)
        return self._clean.setdefault(x.value.id, self.filled(x, x.axes, 0.0))

    def filled(self, x: Padded, axes: Axes, number: float) -> Padded:
        """A number at the padding of a tensor with these axes, which x is stretched to."""
        if not (self.throughout or any(map(is_padded, axes))):
            return x
        x = self.ranked(x, len(axes))
        found = tuple(there if is_padded(there) else here for here, there in zip(aligned(x.axes, len(axes)), axes, strict=True))
        return Padded(self.b.emit(t.Where(number), [x.value, self.mask(axes)]), found, zero=number == 0, wild=x.wild)

    def mask_along(self, axes: Axes, along: Sequence[int]) -> list[Padded]:
        """The mask of some of the axes, where one of them is padded."""
        shown = tuple(layout if axis in along else Plain(1) for axis, layout in enumerate(axes))
        return [Padded(self.mask(shown), shown, zero=True)] if any(map(is_padded, shown)) else []

    def mask(self, axes: Axes) -> Value:
        """Which entries are real, of size 1 along axes without padding."""
        shown = tuple(layout if is_padded(layout) else Plain(1) for layout in axes)
        for layout in shown:
            self.demand(is_known(layout), layout)
        if shown not in self._made:
            self._made[shown] = self.made(shown)
        return self._made[shown]

    def ranked(self, x: Padded, rank: int) -> Padded:
        """With axes of size 1 in front, as a batched tensor needs where it meets one of that rank."""
        axes = aligned(x.axes, rank)
        return Padded(self.b.reshape(x.value, (layout.size for layout in axes)), axes, x.zero, x.wild) if x.batched else x

    def demand(self, met: bool, layout: Layout) -> None:
        if not met:
            title = f"padding cannot be told along an axis of size {layout}"
            notes = ("a mask of n elements says it for axes of size n, and for products and sums made of such",)
            helps = ("put samples of one size together, which need no mask",)
            raise DiagnosticError(Diagnostic("E0612", title, Label(self.b.span) if self.b.span is not None else None, notes=notes, helps=helps))


def _values(name: str, argument: float | None) -> NDArray[np.float64]:
    """A function at 0, and at places where it is infinite, or no number, unless it can be taken anywhere; `exp` soon is too large."""
    with np.errstate(all="ignore"):
        return np.asarray(function(name, argument).numpy(np.array([0.0, -1.0, 1.0, -1e3, 1e3])))
