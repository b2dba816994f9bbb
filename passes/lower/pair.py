"""The maps between one summand of a source and one of a target: a product over channels for each number of strands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from symc.algebra import sizes as sz
from symc.algebra.hom import Kron
from symc.algebra.sizes import Size
from symc.ir.graph import Value
from symc.passes.lower.axes import Label, Labelled, align, contract, order, total
from symc.passes.lower.builder import Builder, shape_of, tensor_type
from symc.passes.lower.dense import COPY, CORE, weight
from symc.passes.lower.diagrams import Block, Contractions, Core, Spread, Stage, stages


@dataclass(frozen=True)
class Product:
    """A product that fills the whole target, made when it is added: no two of them need be there at once."""

    core: Labelled
    weight: Labelled

    @property
    def labels(self) -> tuple[Label, ...]:
        return tuple(_result(self.core, self.weight))

    def made(self, b: Builder) -> Labelled:
        return contract(b, self.core, self.weight, self.labels)


# A part of what goes to a target summand: the blocks of target legs on whose diagonal it is to be put, and the tensor, whose axes are labelled
# ("each", j) and ("out", leg), a block by its least leg. Axes that it lacks are broadcast.
Part: TypeAlias = tuple[tuple[Block, ...], Labelled | Product]


def apply(b: Builder, x: Labelled, theta: Labelled, kron: Kron, structured: Sequence[int]) -> Iterator[Part]:
    """The map of the parameters `theta` (see `dense.weight`) applied to x, whose axes are labelled ("each", j) and ("in", leg)."""
    plan = [stage for joint in stages([kron.factors[index] for index in structured]) for stage in joint.apart()]
    contractions = Contractions.of(b, x, (core for stage in plan for core in stage.cores))
    for stage in plan:
        w = weight(b, theta, kron, structured, stage)
        core = _cores(b, contractions, stage.cores, [label for label in w.labels if label[0] == "in"])
        if len(stage.cores) > 1:
            w = _fuse(b, w, CORE, "in")
        if len(stage.spreads) == 1:
            spread = stage.spreads[0]
            product = Product(core.renamed(names(spread)), w)
            whole = bool(structured) and not spread.constant and max(map(len, spread.through), default=1) == 1
            yield part(spread, product if whole else product.made(b))
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
    """The axes of a product: in order, but for strands that are not, and target legs of the weight, which would have to be moved for it."""
    each = sorted({label for label in (*core.labels, *w.labels) if label[0] == "each"})
    strands = [label for label in core.labels if label[0] == "out"]
    legs = [label for label in w.labels if label[0] == "out"]
    if legs != sorted(legs):
        return [*each, *strands, *legs]
    next_strand = iter(strands)
    return [*each, *(next(next_strand) if label in strands else label for label in sorted([*strands, *legs]))]


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


def part(spread: Spread, x: Labelled | Product) -> Part:
    return tuple(sorted(block for block in (*spread.through, *spread.constant) if len(block) > 1)), x


def assemble(b: Builder, parts: Iterable[Part], sizes: Mapping[Label, Size]) -> Value:
    """The sum of the parts of one target summand, with the axes of `sizes` in order; batched. No part at all is zero."""
    labels, parts = tuple(sizes), list(parts)
    if not parts:
        return b.zeros(tuple(sizes.values()), batched=True)
    if (len(parts) == 1 and not parts[0][0]) or all(_is_plain(part, labels) for part in parts):
        result = total(b, [_made(b, x) for _, x in parts], labels)
        return b.expand(align(b, result, labels), sizes.values(), batched=True)
    grouped, products = dict[tuple[Block, ...], list[Labelled]](), list[Product]()
    bias = []  # of a product, which takes it at no cost
    for blocks, x in parts:
        if isinstance(x, Product):
            products.append(x)
        elif (blocks, x.labels) == ((), labels[-1:]) and not tensor_type(x.value).batched:
            bias.append(x)
        else:
            grouped.setdefault(blocks, []).append(x)
    if not products or len(products) + any(grouped) > 1:  # many large terms are added at once, see `backends.together`, and the bias to a small one
        grouped.setdefault((), []).extend(bias)
        bias = []
    terms = [(blocks, _filled(b, x, blocks, sizes)) for blocks, group in grouped.items() for x in _absorbed(b, group, labels)]
    terms.sort(key=lambda term: (len(term[1].labels) < len(labels), bool(term[0])))
    products.sort(key=lambda x: x.labels != labels)
    whole = [x.made(b) for x in products]
    if whole and bias:
        whole[0] = total(b, [whole[0], *bias], labels)
    result = _laid(b, [*(((), x) for x in whole), *terms], sizes)
    return b.expand(result.value, sizes.values(), batched=True)


def _is_plain(part: Part, labels: tuple[Label, ...]) -> bool:
    """Is it as the target, or a constant?"""
    blocks, x = part
    return not blocks and (x.labels == labels or (isinstance(x, Labelled) and not tensor_type(x.value).batched))


def _made(b: Builder, x: Labelled | Product) -> Labelled:
    return x.made(b) if isinstance(x, Product) else x


def _absorbed(b: Builder, terms: Sequence[Labelled], labels: Sequence[Label]) -> list[Labelled]:
    """Each term added to one that has all its axes and is not whole, where there is one; small ones first."""
    waiting = sorted(terms, key=lambda x: (tensor_type(x.value).batched, len(x.labels)))
    kept = []
    while waiting:
        x, *waiting = waiting
        hosts = [index for index, y in enumerate(waiting) if set(x.labels) <= set(y.labels) and len(y.labels) < len(labels)]
        if hosts:
            waiting[hosts[0]] = total(b, [x, waiting[hosts[0]]], labels)
        else:
            kept.append(x)
    return kept


def _filled(b: Builder, x: Labelled, blocks: Iterable[Block], sizes: Mapping[Label, Size]) -> Labelled:
    """Repeated along the diagonals that it is on, where it lacks their axes."""
    for label in (("out", block[0]) for block in blocks):
        if label not in x.labels:
            shape = shape_of(x.value)
            x = Labelled(b.expand(b.reshape(x.value, (*shape, 1)), (*shape, sizes[label])), (*x.labels, label))
    return x


def _laid(b: Builder, terms: Sequence[tuple[tuple[Block, ...], Labelled]], sizes: Mapping[Label, Size]) -> Labelled:
    """The sum of terms, each laid along the axes of its labels and on the diagonals of its blocks."""
    labels = tuple(sizes)
    places = []
    for blocks, x in terms:
        legs: dict[Label, list[Label]] = {("out", block[0]): [("out", leg) for leg in block] for block in blocks}
        places.append([tuple(labels.index(leg) for leg in legs.get(label, [label])) for label in x.labels])
    return Labelled(b.assemble([x.value for _, x in terms], places, sizes.values()), labels)
