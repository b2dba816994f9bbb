"""A sum of products and of smaller tensors, laid into one shape a few samples at a time, which stay in the cache.

Its own backward is the same sum turned round, and keeps nothing but the factors. Under a compiler, which fuses better
what it sees, under autocast and in half precision the sum is made as it is written, and so are small ones. This file is
written into modules as it stands: it needs torch alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor, fx

_Axes: TypeAlias = tuple[int, ...]
_Places: TypeAlias = tuple[_Axes, ...]
_Product: TypeAlias = tuple[Tensor, Tensor, _Axes]  # x and W of x W^T, and where the axes of x but the last go
_Term: TypeAlias = tuple[Tensor, _Places]  # x, and along which axes of the result each of its axes lies
_BLOCK = 2**18  # entries of a result that are made at once on a CPU
_SMALL = 2**16  # entries up to which the sum is made as it is written


@dataclass(frozen=True)
class _Plan:
    """`shape` is that of the result; product k multiplies factor `sources[k]`, whose axes but the last go to the axes
    `moves[k]` of the result; axis a of term k lies along `places[k][a]`, on a diagonal where these are several.
    """

    shape: tuple[int, ...]
    sources: _Axes
    moves: tuple[_Axes, ...]
    places: tuple[_Places, ...]

    def parts(self, tensors: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any], Sequence[Any]]:
        """Factors, matrices and terms."""
        factors, matrices = max(self.sources) + 1, len(self.sources)
        return tensors[:factors], tensors[factors : factors + matrices], tensors[factors + matrices :]


def together(shape: Sequence[int], products: Sequence[_Product], terms: Sequence[_Term]) -> Tensor:
    """The sum of all products and terms. Terms are repeated along axes that they lack, and 0 off their diagonals.

    Axis 0 of the result is that of samples. It has all derivatives, backward and forward, of all orders.
    """
    if isinstance(products[0][0], fx.Proxy):  # traced by others it stays one call
        return products[0][0].tracer.create_proxy("call_function", together, (shape, products, terms), {})
    tensors = [*(matrix for _, matrix, _ in products), *(x for x, _ in terms)]
    if torch.compiler.is_compiling() or torch.Size(shape).numel() <= _SMALL or _casts(products[0][0], tensors):
        return _sum(len(shape), products, terms)
    factors = list({id(x): x for x, _, _ in products}.values())
    sources = tuple(next(i for i, factor in enumerate(factors) if factor is x) for x, _, _ in products)
    plan = _Plan(tuple(shape), sources, tuple(axes for _, _, axes in products), tuple(places for _, places in terms))
    result: Tensor = _Together.apply(plan, *factors, *tensors)  # type: ignore[no-untyped-call]
    return result


def _casts(x: Tensor, others: Sequence[Tensor]) -> bool:
    """Is it for autocast, or too imprecise a type, to say in what the sums are made?"""
    return (
        torch.is_autocast_enabled(x.device.type)
        or x.dtype not in (torch.float32, torch.float64)
        or any(y.dtype != x.dtype for y in others)
    )


class _Together(torch.autograd.Function):
    @staticmethod
    def forward(plan: _Plan, *tensors: Tensor) -> Tensor:
        factors, matrices, terms = plan.parts(tensors)
        y = factors[0].new_empty(plan.shape)
        plain = list(_on(terms, plan.places, diagonals=False))
        for rows in _blocks(plan, y):
            out = y[rows]
            begun = _begin(out, [(x[rows] if (0,) in places else x, places) for x, places in plain])
            flat = out.view(-1, plan.shape[-1])
            for source, moves, matrix in zip(plan.sources, plan.moves, matrices, strict=True):
                x = _moved(factors[source][rows], _inverse(moves))
                _, begun = flat.addmm_(x, matrix.t()) if begun else torch.mm(x, matrix.t(), out=flat), True
            for x, places in _on(terms, plan.places, diagonals=True):
                view, axes = _diagonals(out, places)
                view.add_(_aligned(x[rows] if (0,) in places else x, places, axes))
        return y  # type: ignore[no-any-return]

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        plan, *tensors = inputs
        factors, matrices, _ = plan.parts(tensors)
        ctx.plan = plan
        ctx.save_for_backward(*factors, *matrices)
        ctx.save_for_forward(*tensors)

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        plan: _Plan = ctx.plan
        wanted: Sequence[bool] = ctx.needs_input_grad[1:]
        if torch.is_grad_enabled():
            return (None, *_adjoint(plan, grad, ctx.saved_tensors, wanted))
        return (None, *_in_blocks(plan, grad, ctx.saved_tensors, wanted))

    @staticmethod
    def jvp(ctx: Any, _: None, *tangents: Tensor | None) -> Tensor:
        """Linear in all terms, and in both parts of every product."""
        plan: _Plan = ctx.plan
        factors, matrices, _terms = plan.parts(ctx.saved_tensors)
        of_factors, of_matrices, of_terms = plan.parts(tangents)
        products = [
            (of_factors[source], matrix, moves)
            for source, moves, matrix in zip(plan.sources, plan.moves, matrices, strict=True)
        ]
        products += [
            (factors[source], change, moves)
            for source, moves, change in zip(plan.sources, plan.moves, of_matrices, strict=True)
        ]
        met = [(x, matrix, moves) for x, matrix, moves in products if x is not None and matrix is not None]
        terms = [(x, places) for x, places in zip(of_terms, plan.places, strict=True) if x is not None]
        return _sum(len(plan.shape), met, terms).expand(plan.shape)

    @staticmethod
    def vmap(_: Any, in_dims: tuple[int | None, ...], plan: _Plan, *tensors: Tensor) -> tuple[Tensor, int]:
        def whole(*tensors: Tensor) -> Tensor:
            factors, matrices, terms = plan.parts(tensors)
            products = [
                (factors[source], matrix, moves)
                for source, moves, matrix in zip(plan.sources, plan.moves, matrices, strict=True)
            ]
            return _sum(len(plan.shape), products, list(zip(terms, plan.places, strict=True)))

        return torch.vmap(whole, in_dims[1:])(*tensors), 0


def _sum(rank: int, products: Sequence[_Product], terms: Sequence[_Term]) -> Tensor:
    """All of it at once, as it is written."""
    parts = [F.linear(x, matrix).permute(*_inverse(moves), -1) for x, matrix, moves in products]
    parts += [_laid(x, places, rank) for x, places in terms]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _adjoint(plan: _Plan, grad: Tensor, saved: Sequence[Tensor], wanted: Sequence[bool]) -> list[Tensor | None]:
    """What `grad` is for every factor, matrix and term, where it is wanted."""
    factors, matrices, _ = plan.parts(saved)
    found: list[Tensor | None] = [None] * len(wanted)
    for index, (source, moves, matrix) in enumerate(zip(plan.sources, plan.moves, matrices, strict=True)):
        flat = _moved(grad, moves)
        if wanted[source]:
            before = found[source]
            found[source] = flat @ matrix if before is None else torch.addmm(before, flat, matrix)
        if wanted[len(factors) + index]:
            found[len(factors) + index] = flat.t() @ factors[source].reshape(-1, matrix.shape[-1])
    for index, x in enumerate(factors):
        gradient = found[index]
        found[index] = None if gradient is None else gradient.reshape(x.shape)
    for index, places in enumerate(plan.places, start=len(factors) + len(matrices)):
        if wanted[index]:
            found[index] = _gathered(grad, places)
    return found


def _begin(out: Tensor, terms: Sequence[_Term]) -> bool:
    """The sum of terms that lie on no diagonal, written once; False where there are none."""
    axes = [(axis,) for axis in range(out.ndim)]
    parts = [_aligned(x, places, axes) for x, places in terms]
    if len(parts) > 1:
        torch.add(parts[0].expand(out.shape), parts[1], out=out)
    elif parts:
        out.copy_(parts[0])
    for part in parts[2:]:
        out.add_(part)
    return bool(parts)


def _on(terms: Sequence[Tensor], places: Sequence[_Places], *, diagonals: bool) -> Iterator[_Term]:
    """The terms that lie on diagonals, or those that do not."""
    return (term for term in zip(terms, places, strict=True) if any(len(many) > 1 for many in term[1]) == diagonals)


def _in_blocks(plan: _Plan, grad: Tensor, saved: Sequence[Tensor], wanted: Sequence[bool]) -> list[Tensor | None]:
    """As `_adjoint`, some samples at a time, and written where it is to be."""
    factors, matrices, _ = plan.parts(saved)
    found = [
        torch.empty_like(x, memory_format=torch.contiguous_format) if wanted[index] else None
        for index, x in enumerate(factors)
    ]
    found += [torch.zeros_like(x) if wanted[index] else None for index, x in enumerate(matrices, start=len(factors))]
    for index, places in enumerate(plan.places, start=len(found)):
        shape = [plan.shape[many[0]] for many in places]
        found.append((grad.new_empty(shape) if (0,) in places else grad.new_zeros(shape)) if wanted[index] else None)
    for rows in _blocks(plan, grad):
        part, begun = grad[rows], set[int]()
        for index, (source, moves, matrix) in enumerate(
            zip(plan.sources, plan.moves, matrices, strict=True), start=len(factors)
        ):
            flat, of_factor, of_matrix = _moved(part, moves), found[source], found[index]
            if of_factor is not None:
                out = of_factor[rows].view(-1, matrix.shape[-1])
                _ = out.addmm_(flat, matrix) if source in begun else torch.mm(flat, matrix, out=out)
                begun.add(source)
            if of_matrix is not None:
                of_matrix.addmm_(flat.t(), factors[source][rows].reshape(-1, matrix.shape[-1]))
        for index, places in enumerate(plan.places, start=len(factors) + len(matrices)):
            of_term = found[index]
            if of_term is not None:
                x = _gathered(part, places)
                _ = of_term[rows].copy_(x) if (0,) in places else of_term.add_(x)
    return found


def _gathered(grad: Tensor, places: _Places) -> Tensor:
    """What the gradient of a term is: sums along the axes that it lacks, of the diagonals that it is on."""
    view, axes = _diagonals(grad, places)
    missing = [axis for axis, many in enumerate(axes) if many not in places]
    kept = [many for many in axes if many in places]
    return (view.sum(missing) if missing else view).permute(*(kept.index(many) for many in places))


def _blocks(plan: _Plan, like: Tensor) -> Iterator[slice]:
    """Samples that are treated at once."""
    count, entries = plan.shape[0], max(torch.Size(plan.shape[1:]).numel(), 1)
    step = max(_BLOCK // entries, 1) if like.device.type == "cpu" else max(count, 1)
    return (slice(start, min(start + step, count)) for start in range(0, count, step))


def _inverse(moves: _Axes) -> _Axes:
    return tuple(moves.index(axis) for axis in range(len(moves)))


def _moved(x: Tensor, order: _Axes) -> Tensor:
    """Rows: all axes but the last, in another order."""
    return x.permute(*order, -1).reshape(-1, x.shape[-1])


def _diagonals(y: Tensor, places: _Places) -> tuple[Tensor, list[_Axes]]:
    """The view of y where a term lies, and along which axes of y each of its axes runs."""
    axes: list[_Axes] = [(axis,) for axis in range(y.ndim)]
    for many in places:
        for axis in many[1:]:
            first = next(one for one in axes if one[0] == many[0])
            y = y.diagonal(0, axes.index(first), axes.index((axis,)))
            axes = [*(one for one in axes if one not in (first, (axis,))), (*first, axis)]
    return y, axes


def _aligned(x: Tensor, places: _Places, axes: Sequence[_Axes]) -> Tensor:
    """A term with its axes in the order of `axes`, of size 1 where it has none."""
    x = x.permute(*(places.index(many) for many in axes if many in places))
    return x[tuple(slice(None) if many in places else None for many in axes)]


def _laid(x: Tensor, places: _Places, rank: int) -> Tensor:
    """A term with all axes, zeros around its diagonals."""
    axes = list(places)
    for many in places:
        if len(many) > 1:
            x = x.movedim(axes.index(many), -1)
            for _ in many[1:]:  # repeats the last axis; what was diagonal stays so
                x = torch.diag_embed(x)
            axes = [*(one for one in axes if one != many), *((axis,) for axis in many)]
    return _aligned(x, tuple(axes), [(axis,) for axis in range(rank)])
