"""Irreducibles by their labels: between two that are not equivalent there is no map but zero (Schur 1905), and nothing needs to be computed."""

from __future__ import annotations

from symc.algebra import sizes as sz
from symc.algebra.groups import Group
from symc.algebra.hom import Certificate, Isotypic
from symc.algebra.reps import Irrep
from symc.algebra.summands import Leg
from symc.passes.solve.counting import expected


def schur(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Isotypic | None:
    """The strategy: None for all but two labelled irreducibles of one kind with different labels. The certificate counts characters all the same."""
    if len(source) != 1 or len(target) != 1:
        return None
    into, out = source[0], target[0]
    if not isinstance(into, Irrep) or not isinstance(out, Irrep) or type(into) is not type(out) or into.isomorphism_class == out.isomorphism_class:
        return None
    certificate = Certificate(0.0, *expected(source, target), "no maps")
    return Isotypic(group, (sz.number(out.dim),), (sz.number(into.dim),), (), certificate, into.is_complex, method="Schur's lemma")
