"""The maps between one summand of a source and one of a target: a product over channels for each number of strands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from symc.algebra import sizes as sz
from symc.algebra.hom import Kron
from symc.algebra.sizes import Size
from symc.ir.graph import Value
from symc.passes.lower.axes import Label, Labelled, align, contract, order, total
from symc.passes.lower.builder import Builder, shape_of
from symc.passes.lower.dense import COPY, CORE, weight
from symc.passes.lower.diagrams import Block, Contractions, Core, Spread, Stage, embed, stages

# A part of what goes to a target summand: the blocks of target legs on whose diagonal it is to be put, and the tensor, whose axes are labelled
# ("each", j) and ("out", leg), a block by its least leg. Axes that it lacks are broadcast.
Part: TypeAlias = tuple[tuple[Block, ...], Labelled]


def apply(b: Builder, x: Labelled, theta: Labelled, kron: Kron, structured: Sequence[int]) -> Iterator[Part]:
    """The map of the parameters `theta` (see `dense.weight`) applied to x, whose axes are labelled ("each", j) and ("in", leg)."""
    plan = stages([kron.factors[index] for index in structured])
    contractions = Contractions.of(b, x, (core for stage in plan for core in stage.cores))
    for stage in plan:
        w = weight(b, theta, kron, structured, stage)
        core = _cores(b, contractions, stage.cores, [label for label in w.labels if label[0] == "in"])
        if len(stage.cores) > 1:
            w = _fuse(b, w, CORE, "in")
        if len(stage.spreads) == 1:
            core = core.renamed(names(stage.spreads[0]))
            yield part(stage.spreads[0], contract(b, core, w, _result(core, w)))
        else:
            yield from _several(b, core, w, stage)


def _several(b: Builder, core: Labelled, w: Labelled, stage: Stage) -> Iterator[Part]:
    """One product for all spreads, cut into theirs."""
    legs = [(label, size) for label, size in w.sizes.items() if label[0] == "out"]
    fused = _fuse(b, w, COPY, "out")
    each = sorted({label for label in (*core.labels, *w.labels) if label[0] == "each"})
    strands = [label for label in core.labels if label[0] == "strand"]
    y = contract(b, core, fused, (*each, *strands, COPY))
    axis, width = len(y.labels) - 1, sz.product(size for _, size in legs)
    for index, spread in enumerate(stage.spreads):
        piece = b.reshape(b.slice(y.value, axis, index * width, (index + 1) * width), (*shape_of(y.value)[:axis], *(size for _, size in legs)))
        yield part(spread, Labelled(piece, (*y.labels[:axis], *(label for label, _ in legs))).renamed(names(spread)))


def constant(b: Builder, theta: Labelled, kron: Kron, structured: Sequence[int]) -> Iterator[Part]:
    """An invariant: as `apply`, for a source of no legs but trivial ones of size 1, which `theta` lacks."""
    for stage in stages([kron.factors[index] for index in structured]):
        for index, spread in enumerate(stage.spreads):
            yield part(spread, weight(b, theta, kron, structured, Stage(stage.cores, (spread,), stage.table[index : index + 1])))


def _result(core: Labelled, w: Labelled) -> list[Label]:
    """The axes of a product: in order, but for target legs of the weight that would have to be moved for it."""
    each = sorted({label for label in (*core.labels, *w.labels) if label[0] == "each"})
    strands = [label for label in core.labels if label[0] == "out"]
    legs = [label for label in w.labels if label[0] == "out"]
    return [*each, *(sorted([*strands, *legs]) if legs == sorted(legs) else [*strands, *legs])]


def _cores(b: Builder, contractions: Contractions, cores: Sequence[Core], legs: Sequence[Label]) -> Labelled:
    """One core as it is, several side by side along one last axis, with their channels; source legs in the order of `legs`."""
    if len(cores) == 1:
        x = contractions.core(cores[0])
        mixed = [label for label in x.labels if label[0] == "in"]
        return x if mixed == list(legs) else order(b, x, (*(label for label in x.labels if label[0] != "in"), *legs))
    parts = []
    for core in cores:
        x = contractions.core(core)
        kept = sorted((label for label in x.labels if label[0] != "in"), key=lambda label: (label[0] != "each", label[1]))
        x = order(b, x, (*kept, *legs))
        parts.append(b.reshape(x.value, (*shape_of(x.value)[: len(kept)], sz.product(shape_of(x.value)[len(kept) :]))))
    return Labelled(b.concatenate(parts, len(kept)), (*kept, CORE))


def _fuse(b: Builder, w: Labelled, label: Label, role: str) -> Labelled:
    """An axis of the weight and the axes of the role `role` that follow it made one."""
    first = w.labels.index(label)
    last = first + sum(other[0] == role for other in w.labels)
    sizes = shape_of(w.value)
    value = b.reshape(w.value, (*sizes[:first], sz.product(sizes[first : last + 1]), *sizes[last + 1 :]))
    return Labelled(value, (*w.labels[: first + 1], *w.labels[last + 1 :]))


def names(spread: Spread) -> dict[Label, Label]:
    return {("strand", s): ("out", block[0]) for s, block in enumerate(spread.through)}


def part(spread: Spread, x: Labelled) -> Part:
    return tuple(sorted(block for block in (*spread.through, *spread.constant) if len(block) > 1)), x


def assemble(b: Builder, parts: Iterable[Part], sizes: Mapping[Label, Size]) -> Value:
    """The sum of the parts of one target summand, with the axes of `sizes` in order; batched. No part at all is zero."""
    labels = tuple(sizes)
    grouped: dict[tuple[Block, ...], list[Labelled]] = {}
    for blocks, x in parts:
        grouped.setdefault(blocks, []).append(x)
    terms = grouped.pop((), [])
    for blocks, group in grouped.items():
        x = total(b, group, labels)
        for block in blocks:
            x = embed(b, _with(b, x, ("out", block[0]), sizes[("out", block[0])]), block)
        terms.append(x)
    if not terms:
        return b.zeros(tuple(sizes.values()), batched=True)
    return b.expand(align(b, total(b, terms, labels), labels), sizes.values(), batched=True)


def _with(b: Builder, x: Labelled, label: Label, size: Size) -> Labelled:
    """Broadcast along an axis, where the tensor lacks it."""
    if label in x.labels:
        return x
    return Labelled(b.expand(b.reshape(x.value, (*shape_of(x.value), 1)), (*shape_of(x.value), size)), (*x.labels, label))
