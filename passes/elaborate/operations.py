"""Operations on one tensor: pointwise functions, norms, pooling, softmax, normalisation, dropout, projection.

Each takes a tensor that is there already; on a record they act entry by entry (see `values`).
"""

from __future__ import annotations

from typing import Literal

from symc.algebra.reps import Rep, Sum, Tensor, Trivial
from symc.algebra.summands import summands
from symc.diagnostics import Span
from symc.ir.coordinates import copies, counts_copies, moduli
from symc.ir.gates import one_copy
from symc.ir.infer import recast as recast_type
from symc.ir.infer import same_axis
from symc.ir.ops import BatchNorm, Dropout, LayerNorm, Norm, Normalize, Pointwise, Pool, Project, Recast, Reinterpret, Softmax
from symc.ir.pointwise import function as row
from symc.passes.elaborate.build import Builder, Single
from symc.passes.elaborate.real_complex import check_real
from symc.passes.elaborate.report import explained, fault
from symc.passes.elaborate.space import Axes, axis, join, pick, term_axes


def pointwise(function: str, x: Single, builder: Builder, at: Span, argument: float | None = None) -> Single:
    """f(x), coordinate by coordinate."""
    if not row(function, argument).holomorphic:
        check_real(function, x.space, at)
    return builder.emit(Pointwise(function, argument), [x], [x.space], at)[0]


def norm(x: Single, squared: bool, builder: Builder, at: Span) -> Single:
    """One number per copy: the axes of representations are dropped, an axis of several parts keeps one coordinate for each copy in each of them."""
    space = x.space
    dropped = tuple(i for i, rep in enumerate(space.reps) if one_copy(rep))
    reduced = tuple(i for i, rep in enumerate(space.reps) if i not in dropped and not rep.permuted)
    result = Axes()
    for i, rep in enumerate(space.reps):
        if i not in dropped:
            result = join(result, axis(copies(rep)) if i in reduced else axis(moduli(rep)) if rep.is_complex else pick(space, (i,)))
    return builder.emit(Norm(squared, dropped, reduced), [x], [result], at)[0]


def recast(kind: Literal["complex", "real", "conj"], x: Single, builder: Builder, at: Span) -> Single:
    """As complex numbers, as their real and imaginary parts, or conjugated; itself where that changes nothing."""
    if kind != "complex" and not x.space.type.is_complex:
        if kind == "conj":
            return x
        raise fault("E0340", "`real` takes complex numbers apart", at, f"`{x.space}` is real already")
    with explained(at):
        reps = recast_type(kind, x.space.type).axes
    if reps == x.space.reps:
        return x if kind == "complex" else builder.emit(Recast(kind), [x], [x.space], at)[0]
    before = x.space.labels if len(reps) == len(x.space) else (None,) * len(reps)
    labels = tuple(label if old == new else None for old, new, label in zip(x.space.reps or reps, reps, before, strict=True))
    return builder.emit(Recast(kind), [x], [Axes(reps, labels)], at)[0]


def pool(kind: Literal["sum", "mean", "max"], x: Single, over: Axes, builder: Builder, at: Span) -> Single:
    """The sum, mean or max over the axes in `over`, one after another."""
    if kind == "max":
        check_real(kind, x.space, at)
    for index in range(len(over)):
        position = find_axis(x.space, pick(over, (index,)), at, kind)
        rest = tuple(i for i in range(len(x.space)) if i != position)
        x = builder.emit(Pool(kind, position), [x], [pick(x.space, rest)], at)[0]
    return x


def softmax(x: Single, over: Axes, builder: Builder, at: Span) -> Single:
    """Softmax along one axis."""
    check_real("softmax", x.space, at)
    return builder.emit(Softmax(find_axis(x.space, over, at, "softmax")), [x], [x.space], at)[0]


def normalize(x: Single, builder: Builder, at: Span) -> Single:
    """Every copy divided by its norm."""
    return builder.emit(Normalize(), [x], [x.space], at)[0]


def layernorm(x: Single, name: str, builder: Builder, at: Span, *, centred: bool = True) -> Single:
    """Normalisation over the channels and the representations they carry; sets are kept apart."""
    called = "layernorm" if centred else "rmsnorm"
    if centred:
        check_real(called, x.space, at)
    whole = split(x, builder, at)
    legs = [leg for rep in whole.space.reps for summand in summands(rep) for leg in summand.legs]
    if not any(isinstance(leg, Trivial) for leg in legs):
        helps = ("give it channels: `c*v` instead of `v`",)
        raise fault("E0317", f"`{called}` needs an axis of channels", at, f"`{x.space}` has none", helps=helps)
    for rep in whole.space.reps:
        if isinstance(rep, Sum) and any(counts_copies(leg) and not isinstance(leg, Trivial) for s in summands(rep) for leg in s.legs):
            helps = ("normalise the parts before the `concat`",)
            raise fault("E0317", f"`{called}` cannot take a sum that contains a set", at, f"`{rep}`", helps=helps)
    axes = tuple(i for i, rep in enumerate(whole.space.reps) if isinstance(rep, Trivial | Sum) or not counts_copies(rep))
    return _laid_out(builder.emit(LayerNorm(name, axes, centred), [whole], [whole.space], at)[0], x.space, builder, at)


def batchnorm(x: Single, name: str, builder: Builder, at: Span) -> Single:
    """Normalisation over the batch and all that is permuted."""
    check_real("batchnorm", x.space, at)
    return builder.emit(BatchNorm(name), [x], [x.space], at)[0]


def dropout(x: Single, p: float, builder: Builder, at: Span) -> Single:
    """In training, zero with probability p: single coordinates where they are permuted, whole copies elsewhere."""
    whole = split(x, builder, at)
    axes = tuple(i for i, rep in enumerate(whole.space.reps) if not all(counts_copies(leg) for summand in summands(rep) for leg in summand.legs))
    return _laid_out(builder.emit(Dropout(p, axes), [whole], [whole.space], at)[0], x.space, builder, at)


def project(x: Single, index: int, builder: Builder, at: Span) -> Single:
    """Term `index` of the axis that is a sum; the term regains its axes."""
    sums = [(i, rep) for i, rep in enumerate(x.space.reps) if isinstance(rep, Sum)]
    if len(sums) != 1:
        reason = "no axis is a sum" if not sums else "more than one axis is a sum"
        raise fault("E0318", f"`.{index}` takes a summand of a sum", at, f"the type is `{x.space}`: {reason}")
    position, found = sums[0]
    if index >= len(found.terms):
        raise fault("E0318", f"there is no summand {index}", at, f"`{found}` has {len(found.terms)}, numbered from 0")
    before, after = tuple(range(position)), tuple(range(position + 1, len(x.space)))
    space = join(join(pick(x.space, before), term_axes(found.terms[index])), pick(x.space, after))
    return builder.emit(Project(position, index), [x], [space], at)[0]


def split(x: Single, builder: Builder, at: Span) -> Single:
    """The tensor with its merged axes taken apart, so that every axis is a leg or a sum."""
    space = Axes()
    for position, rep in enumerate(x.space.reps):
        space = join(space, _apart(rep) if isinstance(rep, Tensor) else pick(x.space, (position,)))
    return _laid_out(x, space, builder, at)


def _apart(rep: Rep) -> Axes:
    space = Axes()
    for factor in rep.factors if isinstance(rep, Tensor) else (rep,):
        space = join(space, _apart(factor) if isinstance(factor, Tensor) else axis(factor))
    return space


def _laid_out(x: Single, space: Axes, builder: Builder, at: Span) -> Single:
    """The same coordinates under other axes."""
    return x if x.space.reps == space.reps else builder.emit(Reinterpret(), [x], [space], at)[0]


def find_axis(space: Axes, wanted: Axes, at: Span, operation: str) -> int:
    """Where a permuted axis stands in a type. Complains where it is not there, is there more than once, or is not permuted."""
    if len(wanted) != 1:
        raise fault("E0314", f"`{operation}` runs over one axis", at, f"`{wanted}` is {len(wanted)} axes")
    rep = wanted.reps[0]
    if not rep.permuted:
        message = f"`{wanted}` is no set: its coordinates are mixed by the group"
        raise fault("E0315", f"`{operation}` runs over a permuted axis", at, message, helps=(f"`norm` drops the axis `{wanted}`",))
    found = [i for i, other in enumerate(space.reps) if same_axis(other, rep)]
    by_name = [i for i in found if isinstance(rep, Trivial) and space.labels[i] == wanted.labels[0]]
    if len(found) > 1 and len(by_name) == 1:
        found = by_name
    if not found:
        raise fault("E0314", f"there is no axis `{wanted}` for `{operation}`", at, f"the type is `{space}`")
    if len(found) > 1:
        raise fault("E0313", f"`{operation}` could run over more than one axis", at, f"`{wanted}` occurs {len(found)} times in `{space}`")
    return found[0]
