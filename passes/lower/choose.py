"""Which factors of a pair of summands are lowered by structure: the choice that costs least."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from symc.algebra import sizes as sz
from symc.algebra.hom import AtomBasis, Diagrams, Kron
from symc.passes import cost
from symc.passes.lower import pair
from symc.passes.lower.axes import Labelled
from symc.passes.lower.builder import Builder, tensor_type
from symc.passes.lower.dense import how_expanded
from symc.passes.lower.setting import Lowering

TRIED = 4  # factors with a choice, beyond which all go by structure: each doubles the number of candidates


def structured(kron: Kron, x: Labelled | None, theta: Labelled, lowering: Lowering = "auto") -> tuple[int, ...]:
    """The positions of the factors to lower by structure; the others become dense weights.

    Diagrams go by structure where their size is free, and densely where there is a determinant. Where both would do, it is as wished, or each is
    lowered for trial.
    """
    able = [i for i, factor in enumerate(kron.factors) if by_structure(factor.basis)]
    open_ = [i for i in able if _may_be_dense(kron, i)]
    if len(open_) > TRIED or not open_ or lowering == "structured":
        return tuple(able)
    forced = [i for i in able if i not in open_]
    if lowering == "dense":
        return tuple(forced)
    candidates = [tuple(sorted([*forced, *chosen])) for count in range(len(open_), -1, -1) for chosen in combinations(open_, count)]
    return min(candidates, key=lambda chosen: _seconds(kron, x, theta, chosen))


def note(b: Builder, kron: Kron, structured: Sequence[int]) -> None:
    """Leave with the builder how each factor is lowered."""
    for index, factor in enumerate(kron.factors):
        b.chose("diagrams by structure" if index in structured else f"dense weights, {how_expanded(factor.basis)}")
    if not kron.factors:
        b.chose("dense weights")


def by_structure(basis: AtomBasis) -> bool:
    """Can maps be lowered by structure?"""
    return isinstance(basis, Diagrams) and basis.plain


def _may_be_dense(kron: Kron, index: int) -> bool:
    """Is a dense weight worth a trial: the size a number, with legs to spend it on, and not too many entries?"""
    factor = kron.factors[index]
    legs = [kron.source[i].dim for i in factor.source_legs] + [kron.target[i].dim for i in factor.target_legs]
    entries = sz.product([factor.basis.dim, *legs])
    return bool(legs) and isinstance(entries, int) and entries <= cost.DENSE_ENTRIES


def _seconds(kron: Kron, x: Labelled | None, theta: Labelled, chosen: tuple[int, ...]) -> float:
    """The estimated time of one choice, lowered into a builder of its own."""
    trial = Builder()
    weights = _stand_in(trial, theta)
    parts = pair.constant(trial, weights, kron, chosen) if x is None else pair.apply(trial, _stand_in(trial, x), weights, kron, chosen)
    sizes = {label: size for y in (theta, *([] if x is None else [x])) for label, size in y.sizes.items() if label[0] == "each"}
    sizes |= {("out", leg): rep.dim for leg, rep in enumerate(kron.target)}
    pair.assemble(trial, parts, sizes)
    return cost.training(trial.nodes).seconds


def _stand_in(b: Builder, x: Labelled) -> Labelled:
    return Labelled(b.value(tensor_type(x.value)), x.labels)
