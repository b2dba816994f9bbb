"""The invariants that gate a value: one number for each copy of a nontrivial representation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symc.algebra.reps import Rep, Sum, Tensor, Trivial
from symc.algebra.summands import Summand, summands
from symc.ir.coordinates import copies, counts_copies, moduli
from symc.ir.types import Type


class NoProduct(ValueError):
    """The copies to be gated lie along no product of axes: trivial parts stand in sums along two of them."""


def gate_axes(axes: Sequence[Rep]) -> tuple[tuple[int, Rep], ...] | None:
    """The axes of the gates, each with the number of the axis that it counts the copies of; None where there is nothing but trivial parts.

    `X*(16 + 8*v)` has gates `X*8`, `c*v` has `c`, and `v` has `()`. Raises NoProduct for a type such as `(2 + v)*(3 + v)`.
    """
    if all_moved(axes):
        return tuple((i, _copies(axis)) for i, axis in enumerate(axes) if not one_copy(axis))
    mixed = [i for i, axis in enumerate(axes) if not axis.permuted]
    if len(mixed) > 1:
        raise NoProduct(", ".join(str(axes[i]) for i in mixed))
    return tuple((i, axis if axis.permuted else _copies_gated(axis)) for i, axis in enumerate(axes)) if mixed else None


def gate_type(item: Type) -> Type | None:
    """The type of the gates of a value; None where all its parts are trivial. Raises NoProduct."""
    found = gate_axes(item.axes)
    return None if found is None else Type(tuple(rep for _, rep in found))


def gated_parts(item: Type) -> Iterator[tuple[Summand, Summand]]:
    """The nontrivial summands of the product of a type's axes, each with the summand of its gates."""
    gates = gate_type(item)
    if gates is not None:
        moved = [part for part in summands(Tensor(item.axes)) if not all(map(counts_copies, part.legs))]
        yield from zip(moved, summands(Tensor(gates.axes)), strict=True)


def all_moved(axes: Sequence[Rep]) -> bool:
    """Are there no trivial parts?"""
    return any(map(_moved, axes))


def one_copy(rep: Rep) -> bool:
    """Are the coordinates of an axis those of one copy?"""
    return all(map(one_copy, rep.factors)) if isinstance(rep, Tensor) else not counts_copies(rep) and not isinstance(rep, Sum)


def _moved(rep: Rep) -> bool:
    """Is every summand one that the group does more to than permute?"""
    match rep:
        case Sum(terms):
            return all(map(_moved, terms))
        case Tensor(factors):
            return any(map(_moved, factors))
        case _:
            return not rep.permuted


def _copies(rep: Rep) -> Rep:
    return moduli(rep) if rep.permuted else copies(rep)


def _copies_gated(rep: Rep) -> Rep:
    """The copies in the nontrivial summands, of which there is one."""
    if _moved(rep):
        return copies(rep)
    if isinstance(rep, Sum):
        kept = tuple(_copies_gated(term) for term in rep.terms if not term.permuted)
        return kept[0] if len(kept) == 1 else Sum(kept)
    assert isinstance(rep, Tensor)
    found = tuple(inner for _, inner in gate_axes(rep.factors) or ())
    return found[0] if len(found) == 1 else Tensor(found) if found else Trivial(1)
