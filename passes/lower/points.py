"""The weights of affine maps between points: from the free parameters to those of the linear maps, which sum to one where they must."""

from __future__ import annotations

import numpy as np

from symc.algebra.hom import Affine
from symc.algebra.reps import Trivial
from symc.algebra.sizes import Size
from symc.ir import tensor as t
from symc.ir.ops import Linear
from symc.ir.parameters import own_weights
from symc.passes.lower.axes import Label, Labelled
from symc.passes.lower.builder import Builder


def affine_weights(b: Builder, op: Linear, basis: Affine, initial: t.Initial) -> list[Labelled]:
    """For every entry of the linear maps its weights: axes each..., target channels, one for each basis, source channels."""
    lead = own_weights(op)
    each: list[Label] = [("each", j) for j, rep in enumerate(op.each) if isinstance(rep, Trivial)]
    parameter = b.parameter(f"{op.name}.weight", (*lead, basis.dim), initial) if basis.dim else None
    result: dict[int, Labelled] = {}
    start = 0
    for system in basis.systems:
        values = b.array(np.broadcast_to(system.origin, (system.channels, len(system.origin))).copy())
        labels: tuple[Label, ...] = ()
        if parameter is not None and system.dim:
            piece = b.reshape(b.slice(parameter, len(lead), start, start + system.dim), (*lead, system.channels, len(system.directions)))
            letters = "".join("abg"[i] for i in range(len(lead)))
            values = b.arithmetic("add", b.einsum(f"{letters}of,fu->{letters}ou", piece, b.array(system.directions)), values)
            labels = tuple(each)
        start += system.dim
        column = 0
        for index in system.entries:
            kron = basis.linear.entries[index].basis
            axes: list[tuple[Label, Size]] = [(("out", leg), kron.target[leg].dim) for leg in kron.target_trivial]
            axes += [(("basis", number), factor.basis.dim) for number, factor in enumerate(kron.factors)]
            axes += [(("in", leg), kron.source[leg].dim) for leg in kron.source_trivial]
            width = kron.diagram_dim * kron.source_channels
            cut = b.slice(values, len(labels) + 1, column, column + width)
            sizes = lead if labels else ()
            result[index] = Labelled(b.reshape(cut, (*sizes, *(size for _, size in axes))), (*labels, *(label for label, _ in axes)))
            column += width
    return [result[index] for index in range(len(basis.linear.entries))]
