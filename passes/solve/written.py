"""Legs that are moved by matrices and not by signed permutations: how large these are is asked before one is formed."""

from __future__ import annotations

from symc.algebra import sizes as sz
from symc.algebra.actions import monomial, sufficient
from symc.algebra.groups import Group
from symc.algebra.reps import Functor, Irrep, Rep
from symc.algebra.reps.transferred import Transferred
from symc.algebra.summands import Leg
from symc.passes.solve import limits
from symc.passes.solve.errors import show


def refuse_large(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> None:
    """A strategy that solves nothing: raises SolveError E0501 where those after it would have to hold matrices that are too large."""
    for leg in source + target:
        if written_out(leg):
            limits.check_matrices(sz.number(leg.dim), limit, f"the maps {show(source, target)}", over_c=leg.is_complex, sampled=True)


def written_out(leg: Leg) -> bool:
    """Is some generator moving its coordinates by a matrix? Found from what the leg is made of, so that nothing of its size is formed."""
    inner: Rep = leg
    while isinstance(inner, Functor | Transferred):
        inner = inner.rep
    if isinstance(inner, Irrep):
        return not leg.permuted
    return any(monomial(inner, generator) is None for generator in sufficient(inner.groups))
