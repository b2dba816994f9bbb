"""From the parameters of one pair of summands to the weight of one product over channels.

What differs between the kinds of basis is here. Lowered by structure, a diagram picks its row of the parameters; lowered densely, the axis of a
basis becomes axes for its legs: a gather for orbits, a product with the basis tensor for the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.hom import Array, AtomBasis, Bent, Combined, Diagrams, Factor, Isotypic, Kron, Nested, Nullspace, OrbitList, Orbits
from symc.passes.cost import DENSE_ENTRIES
from symc.passes.lower.axes import Label, Labelled, contract, order, split, total
from symc.passes.lower.builder import Builder, shape_of
from symc.passes.lower.diagrams import Stage

COPY: Label = ("copy", 0)  # the spreads of a stage
CORE: Label = ("core", 0)  # its cores
LEGS: Label = ("strand", 0)  # all legs of a basis tensor, for a moment
ROWS: Label = ("strand", 1)  # coordinates of the target,
COLUMNS: Label = ("strand", 2)  # of the source,
INNER: Label = ("strand", 3)  # of an irreducible
TO: Label = ("basis", 1000)  # its copies in the target,
FROM: Label = ("basis", 1001)  # in the source
MIXED: Label = ("basis", 1002)  # the maps of the blocks, made orthonormal


def weight(b: Builder, theta: Labelled, kron: Kron, structured: Sequence[int], stage: Stage) -> Labelled:
    """The weight of a stage: axes each..., copy, target legs..., core, source legs..., without legs on strands; copy and core only where there are
    several. `theta` has axes each..., a basis axis for every factor, then trivial target and source legs.

    Legs are in the order in which the expanded weight needs no copy to become a matrix: trivial ones outside, as in (o, T, S, i).
    """
    w = rows(b, theta, structured, stage.table) if structured else theta
    dense = [index for index in range(len(kron.factors)) if index not in structured]
    for index in dense:
        w = expand(b, _by_role(b, w, ("basis", index)), ("basis", index), kron.factors[index])
    return _by_role(b, w)


def _by_role(b: Builder, w: Labelled, basis: Label | None = None) -> Labelled:
    """Axes in the order of their roles, `basis` between those of target and source; within a role the order stays."""
    roles = ("each", "copy", "out", basis, "basis", "core", "in")
    return order(b, w, sorted(w.labels, key=lambda label: roles.index(label if label == basis else label[0])))


def rows(b: Builder, theta: Labelled, structured: Sequence[int], table: NDArray[np.int64]) -> Labelled:
    """The rows of the parameters that belong to each spread and core."""
    bases: list[Label] = [("basis", index) for index in structured]
    each = [label for label in theta.labels if label[0] == "each"]
    rest = [label for label in theta.labels if label not in bases and label not in each]
    x = order(b, theta, (*each, *bases, *rest))
    sizes = x.sizes
    rows = sz.product(sizes[label] for label in bases)
    value = b.reshape(x.value, (*(sizes[label] for label in each), rows, *(sizes[label] for label in rest)))
    several = [(label, size) for label, size in zip((COPY, CORE), table.shape, strict=True) if size > 1]
    index = table.reshape([size for _, size in several])
    return gather(b, Labelled(value, (*each, bases[0], *rest)), bases[0], index, None, [label for label, _ in several])


def expand(b: Builder, w: Labelled, basis: Label, factor: Factor) -> Labelled:
    """The axis of one basis replaced by its legs."""
    legs: list[Label] = [*(("out", leg) for leg in factor.target_legs), *(("in", leg) for leg in factor.source_legs)]
    match factor.basis:
        case Orbits() as orbits:
            shape = orbits.target_shape + orbits.source_shape
            sign = None if orbits.sign is None else orbits.sign.reshape(shape)
            return gather(b, w, basis, orbits.label.astype(np.int64).reshape(shape), sign, legs)
        case OrbitList() as listed:
            return expand(b, w, basis, replace(factor, basis=listed.labelled))
        case Isotypic() as isotypic if _is_large(isotypic):
            return blocks(b, w, basis, isotypic, legs)
        case Bent(_, Isotypic() as inner, axes):
            bent = [legs[axes.index(place)] for place in range(len(axes))]
            return blocks(b, w, basis, inner, bent) if _is_large(inner) else _mix(b, w, basis, inner.dense(), bent)
        case Isotypic() | Nullspace() | Combined() | Bent() | Nested() as numeric:
            return _mix(b, w, basis, numeric.dense(), legs)
        case Diagrams() as diagrams:
            return _mix(b, w, basis, averaging(diagrams), legs)
        case _:
            assert_never(factor.basis)


def how_expanded(basis: AtomBasis) -> str:
    """What `expand` does, in words."""
    match basis:
        case Orbits() | OrbitList():
            return "gathered by orbit"
        case (Isotypic() as inner) | Bent(_, Isotypic() as inner) if _is_large(inner):
            return "block by block"
        case _:
            return "from the basis"


def _is_large(basis: Isotypic) -> bool:
    return basis.dim * prod(basis.target_dims + basis.source_dims) > DENSE_ENTRIES


def blocks(b: Builder, w: Labelled, basis: Label, isotypic: Isotypic, legs: Sequence[Label]) -> Labelled:
    """The axis of an isotypic basis replaced by its legs, irreducible by irreducible: copies of the source, then of the target, in two products."""
    if isotypic.mix is not None:
        w = contract(b, w, Labelled(b.array(isotypic.mix), (basis, MIXED)), tuple(MIXED if label == basis else label for label in w.labels))
        basis = MIXED
    terms, start = [], 0
    rest = [label for label in w.labels if label != basis]
    for block in isotypic.blocks:
        axis, sizes = w.labels.index(basis), shape_of(w.value)
        (m_out, m_in), size = (block.target.shape[2], block.source.shape[2]), block.target.shape[1]
        piece = b.slice(w.value, axis, start, start + block.dim)
        phi = b.reshape(piece, (*sizes[:axis], m_out, m_in * block.kind, *sizes[axis + 1 :]))
        x = Labelled(phi, (*w.labels[:axis], TO, FROM, *w.labels[axis + 1 :]))
        read = Labelled(b.array(block.reading()), (FROM, INNER, COLUMNS))
        write = Labelled(b.array(np.ascontiguousarray(block.target.array / np.sqrt(size))), (ROWS, INNER, TO))
        inner = contract(b, read, x, (TO, INNER, COLUMNS, *rest))
        terms.append(contract(b, write, inner, (ROWS, COLUMNS, *rest)))
        start += block.dim
    place = w.labels.index(basis)
    y = order(b, total(b, terms, (ROWS, COLUMNS, *rest)), (*rest[:place], ROWS, COLUMNS, *rest[place:]))
    count = len(isotypic.target_dims)
    y = split(b, y, ROWS, list(zip(legs[:count], isotypic.target_dims, strict=True)))
    return split(b, y, COLUMNS, list(zip(legs[count:], isotypic.source_dims, strict=True)))


def averaging(basis: Diagrams) -> Array:
    """The diagrams as arrays, normalised as in modules: means where `dense` has sums."""
    n = sz.number(basis.n)
    means = np.array([float(max(n, 1)) ** -diagram.summed(basis.sources) for diagram in basis.diagrams])
    stack = basis.dense()
    return np.asarray(stack * means.reshape(-1, *[1] * (stack.ndim - 1)))


def _mix(b: Builder, w: Labelled, basis: Label, tensor: Array, legs: Sequence[Label]) -> Labelled:
    """The product with a basis tensor (dim, legs...), as one of matrices."""
    axis, merged = w.labels.index(basis), LEGS
    matrix = b.array(np.ascontiguousarray(tensor.reshape(len(tensor), -1).T))
    y = contract(b, Labelled(matrix, (merged, basis)), w, (*w.labels[:axis], merged, *w.labels[axis + 1 :]))
    return split(b, y, merged, list(zip(legs, tensor.shape[1:], strict=True)))


def gather(
    b: Builder, w: Labelled, label: Label, index: NDArray[np.int64], sign: NDArray[np.int8] | None, into: Sequence[Label]
) -> Labelled:
    """Along one axis the entries named by `index`, times `sign`, and zero where the index is -1; the axes of the index take its place."""
    axis, sizes = w.labels.index(label), shape_of(w.value)
    labels = (*w.labels[:axis], *into, *w.labels[axis + 1 :])
    shape = (*sizes[:axis], *index.shape, *sizes[axis + 1 :])
    flat = index.ravel()
    if sign is None and len(flat) and (flat == flat[0] + np.arange(len(flat))).all() and flat[0] >= 0:  # rows that stand together
        return Labelled(b.reshape(b.slice(w.value, axis, int(flat[0]), int(flat[0]) + len(flat)), shape), labels)
    value = b.take(w.value, axis, np.maximum(index, 0))
    if sign is not None or (index < 0).any():
        factor = np.where(index < 0, 0.0, 1.0 if sign is None else sign)
        value = b.arithmetic("mul", value, b.array(factor.reshape(*index.shape, *[1] * (len(sizes) - axis - 1))))
    return Labelled(value, labels)
