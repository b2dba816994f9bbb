"""What each operation of the vocabulary means: a rule reads its arguments and writes the nodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias, cast

from symc.ir.pointwise import FUNCTIONS
from symc.passes.elaborate import attention, layout, maps, operations, products, rearrange, sources
from symc.passes.elaborate.application import Application
from symc.passes.elaborate.arguments import axes_of, keyword, probability
from symc.passes.elaborate.bilinear import bilinear, product_of, weights_space
from symc.passes.elaborate.build import Operand, tensors
from symc.passes.elaborate.concat import concat
from symc.passes.elaborate.gating import asked_of_gates, gated, gated_by, opened, ungated
from symc.passes.elaborate.recurrence import recurrence
from symc.passes.elaborate.space import each_entry, join

Rule: TypeAlias = Callable[[Application], Operand]


def _linear(a: Application) -> Operand:
    read = maps.options(a.options, a.scope)
    inputs = [item for arg in a.arguments() for item in tensors(a.value(arg))]
    return maps.linear(inputs, a.target, read, a.path, a.builder, a.at)


def _bilinear(a: Application) -> Operand:
    read = maps.options(a.options, a.scope, "bilinear")
    left, right = (tuple(tensors(a.value(arg))) for arg in a.arguments(2, ("weights",)))
    product = product_of(left, right, maps.target_of(read, a.target, "bilinear", a.at), read.each, a.at)
    given = keyword(a.call, "weights")
    return bilinear(product, None if given is None else a.single(given, weights_space(product)), a.path, a.builder)


def _pointwise(a: Application) -> Operand:
    return a.plain().entrywise(a.target, lambda x, _: operations.pointwise(a.name, x, a.builder, a.at))


def _norm(a: Application) -> Operand:
    return a.plain().entrywise(None, lambda x, _: operations.norm(x, False, a.builder, a.at))


def norm_squared(a: Application) -> Operand:
    """`norm(x)^2`, which never takes the root."""
    return a.plain().entrywise(None, lambda x, _: operations.norm(x, True, a.builder, a.at))


def _recast(a: Application) -> Operand:
    kind = cast(Literal["complex", "real", "conj"], a.name)
    return a.plain().entrywise(None, lambda x, _: operations.recast(kind, x, a.builder, a.at))


def _pool(a: Application) -> Operand:
    over = axes_of(a.name, a.options, a.call, a.scope)
    weights = keyword(a.call, "weights")
    if weights is not None:
        return products.weighted(a, weights, over)
    target = None if a.target is None else each_entry(a.target, lambda entry: join(over, entry))
    kind = cast(Literal["sum", "mean", "max"], a.name)
    return a.entrywise(target, lambda x, _: operations.pool(kind, x, over, a.builder, a.at))


def _softmax(a: Application) -> Operand:
    along = axes_of(a.name, a.options, a.call, a.scope)
    return a.entrywise(a.target, lambda x, _: operations.softmax(x, along, a.builder, a.at))


def _concat(a: Application) -> Operand:
    return concat([a.single(arg) for arg in a.plain().arguments()], a.builder, a.at)


def _layernorm(a: Application) -> Operand:
    return a.plain().entrywise(a.target, lambda x, path: operations.layernorm(x, path, a.builder, a.at))


def _batchnorm(a: Application) -> Operand:
    return a.plain().entrywise(a.target, lambda x, path: operations.batchnorm(x, path, a.builder, a.at))


def _rmsnorm(a: Application) -> Operand:
    return a.plain().entrywise(a.target, lambda x, path: operations.layernorm(x, path, a.builder, a.at, centred=False))


def _normalize(a: Application) -> Operand:
    return a.plain().entrywise(a.target, lambda x, _: operations.normalize(x, a.builder, a.at))


def _gate(a: Application) -> Operand:
    args = a.plain().arguments()
    if len(args) == 2:
        x = a.value(args[0], ungated(a.target))
        return gated_by(x, a.value(args[1], asked_of_gates(x.space, a.at)), a.builder, a.at)
    return opened(a.one(gated(ungated(a.target), a.at)), a.builder, a.at)


def _dropout(a: Application) -> Operand:
    p = probability(a.options, a.call, a.scope)
    return a.entrywise(a.target, lambda x, _: operations.dropout(x, p, a.builder, a.at))


RULES: dict[str, Rule] = {
    **dict.fromkeys(FUNCTIONS, _pointwise),
    "linear": _linear,
    "bilinear": _bilinear,
    "norm": _norm,
    **dict.fromkeys(("complex", "real", "conj"), _recast),
    "sum": _pool,
    "mean": _pool,
    "max": _pool,
    "softmax": _softmax,
    "concat": _concat,
    "outer": layout.outer,
    "flat": layout.flat,
    "rearrange": rearrange.rearrange,
    "dot": products.dot,
    "attention": attention.attention,
    "layernorm": _layernorm,
    "gate": _gate,
    "normalize": _normalize,
    "rmsnorm": _rmsnorm,
    "batchnorm": _batchnorm,
    "dropout": _dropout,
    "random": sources.random,
    "scan": recurrence,
    "fold": recurrence,
    "zero": sources.zero,
}
