"""`concat`: the direct sum along the one axis that differs."""

from __future__ import annotations

from collections.abc import Sequence

from symc.algebra.reps import Carried, Rep, Sum, Trivial
from symc.diagnostics import Span
from symc.ir.infer import same_axis
from symc.ir.ops import Concat
from symc.passes.elaborate.build import Builder, Single
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.space import Axes


def concat(parts: Sequence[Single], builder: Builder, at: Span) -> Single:
    """The operands one after another along the axis that differs; where none does, along the only one that is trivial or a sum."""
    if not parts:
        raise fault("E0215", "`concat` takes at least one tensor", at)
    first = parts[0].space
    shown = ", ".join(f"`{part.space}`" for part in parts)
    if any(len(part.space) != len(first) for part in parts):
        raise fault("E0319", "`concat` takes tensors with equally many axes", at, shown)
    position = _position([part.space for part in parts], shown, at)
    if isinstance(first.reps[position], Carried):
        raise fault("E0319", f"`concat` leaves the axis `{first.shown(position)}` as it is", at, shown)
    terms = tuple(term for part in parts for term in _terms(part.space.reps[position]))
    joined = terms[0] if len(terms) == 1 else Sum(terms)
    reps = (*first.reps[:position], joined, *first.reps[position + 1 :])
    labels = (*first.labels[:position], first.labels[position] if len(terms) == 1 else None, *first.labels[position + 1 :])
    return builder.emit(Concat(position), parts, [Axes(reps, labels)], at)[0]


def _position(spaces: Sequence[Axes], shown: str, at: Span) -> int:
    first = spaces[0]
    differing = [i for i, rep in enumerate(first.reps) if not all(same_axis(rep, other.reps[i]) for other in spaces)]
    channels = [i for i, rep in enumerate(first.reps) if isinstance(rep, Trivial | Sum)]
    found = differing or channels
    if len(found) == 1:
        return found[0]
    if len(differing) > 1:
        raise fault("E0319", "`concat` takes tensors that differ in one axis", at, f"{shown} differ in {len(differing)}")
    raise fault("E0319", "nothing says along which axis to `concat`", at, f"{shown}: no axis differs, and {len(channels) or 'none'} are trivial")


def _terms(rep: Rep) -> tuple[Rep, ...]:
    return rep.terms if isinstance(rep, Sum) else (rep,)
