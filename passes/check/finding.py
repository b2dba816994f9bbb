"""What a rule finds wrong with a node, and the diagnostic made of it, with its computed witness."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symc.algebra.groups import Cyclic, Dihedral, Orthogonal, SpecialOrthogonal
from symc.algebra.reps import Dual, Perm, Point, Sign, Trivial, Vector, turning
from symc.algebra.summands import Leg, summands
from symc.diagnostics import Diagnostic, Label, Span
from symc.ir.graph import Graph, Node
from symc.ir.ops import EquivariantOp
from symc.ir.types import Type
from symc.passes.check.action import all_multipliers, multipliers, positive
from symc.passes.check.cases import Case, Placed, small
from symc.passes.check.witness import Probe, Witness, search

SHOWN = 12  # numbers written out in a witness


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken: at which generator, along which legs, shown by which probe. `what` is the operation as the title calls it."""

    code: str
    what: str
    label: str
    note: str
    case: Case
    legs: tuple[Placed, ...]
    probe: Probe
    helps: tuple[str, ...] = ()


def reduced(placed: Sequence[Placed], case: Case) -> tuple[Placed, ...]:
    """The legs a witness is about: all that are moved, or one alone, whose coordinates mix, where together they are too many coordinates."""
    legs = tuple(placed)
    if small(tuple(one.leg for one in legs)):
        return legs
    return tuple(sorted(legs, key=lambda one: multipliers(one.leg, case.generator) is not None)[:1])


def diagnose(graph: Graph[EquivariantOp], node: Node[EquivariantOp], finding: Finding) -> Diagnostic:
    group = finding.case.generator.group
    written = [one.written for one in finding.legs]
    named = next((found for leg in written for found in leg.groups if found.at(finding.case.sizes) == group), group)
    title = f"{finding.what} does not commute with {named.definition} on {describe(written)}"
    witness = search(finding.probe, finding.case.generator)
    notes = (finding.note, *((f"witness{_sizes(finding.case)}: {text(finding.probe, witness)}",) if witness else ()))
    primary = Label(_head(node.span, finding.what), finding.label) if node.span is not None else None
    return Diagnostic(finding.code, title, primary, _origins(graph, node, written), notes, finding.helps)


def _head(span: Span, what: str) -> Span:
    """Of a call, the name of what is called."""
    call = re.match(r"\w+(?=[(\[])", span.text)
    return Span(span.source, span.start, span.start + call.end()) if call and call.group() in what else span


def describe(legs: Sequence[Leg]) -> str:
    """In words: `a vector representation`, or as it is written."""
    if len(legs) != 1:
        return f"the tensor product {'*'.join(map(str, legs))}"
    match legs[0]:
        case Point():
            return "points"
        case Dual(Perm() | Vector() as leg):
            return f"the dual of a {type(leg).__name__.lower()} representation"
        case Perm() | Vector() | Sign() as leg:
            return f"a {type(leg).__name__.lower()} representation"
        case leg:
            return f"`{leg}`"


def moved_how(legs: Sequence[Placed], case: Case) -> str:
    """What happens to the coordinates, for the label."""
    if any(isinstance(one.leg, Vector) and isinstance(turning(one.leg.group), Cyclic | Dihedral | Orthogonal | SpecialOrthogonal) for one in legs):
        return "a rotated axis"
    found = all_multipliers((one.leg for one in legs), case.generator)
    if found is None:
        return "an axis whose coordinates mix"
    turned = any(isinstance(m, complex) for m in found)
    return f"an axis whose coordinates {'turn' if turned else 'are scaled' if all(map(positive, found)) else 'change sign'}"


def text(probe: Probe, witness: Witness) -> str:
    """`g = rotation by 45° about z, x = (0, 1, 0): |relu(g x) − g relu(x)| = 0.71`."""
    known = [x for x, given in zip(witness.xs, probe.given, strict=False) if given is None]
    names = [name for name, given in zip("xy", probe.given, strict=False) if given is None]
    values = "".join(f", {name} = {numbers(x)}" for name, x in zip(names, known, strict=False))
    total = probe.infix and " " in probe.shown  # a sum is bracketed as a whole, a product at each factor
    moved = [f"(g {name})" if probe.infix and not total else f"g {name}" for name in names]
    inner, before = probe.shown.format(*names), probe.shown.format(*moved)
    before, after = f"({before})" if total else before, f"g ({inner})" if probe.infix else f"g {inner}"
    if witness.error == np.inf:
        return f"g = {witness.name}{values}: {before} is no number, {after} is"
    return f"g = {witness.name}{values}: |{before} − {after}| = {witness.error:.2g}"


def numbers(x: NDArray[Any]) -> str:
    """Few numbers as they are, many by the places of those that are not 0."""
    if x.size == 1:
        return f"{x.item():.3g}"
    if x.size <= SHOWN:
        return _nested(x + 0.0)  # -0 is written 0
    places = np.argwhere(x)
    if len(places) == 1:
        return f"{x[tuple(places[0])]:.3g} at {_place(places[0])}, 0 elsewhere"
    return f"({', '.join(f'{value:.3g}' for value in x.ravel()[:SHOWN])}, …)"


def _nested(x: NDArray[Any]) -> str:
    return f"({', '.join(_nested(row) if row.ndim else f'{row:.3g}' for row in x)})"


def _place(indices: NDArray[np.intp]) -> str:
    return str(indices.item()) if len(indices) == 1 else str(tuple(indices.tolist()))


def _sizes(case: Case) -> str:
    return f" at {', '.join(f'{name} = {size}' for name, size in case.sizes.items())}" if case.sizes else ""


def _origins(graph: Graph[EquivariantOp], node: Node[EquivariantOp], legs: Sequence[Leg]) -> tuple[Label, ...]:
    """Where the representation enters the model: the first input whose type has it, else nothing."""
    for leg in legs:
        for value in graph.inputs:
            if value.span is not None and value.span != node.span and isinstance(value.type, Type) and leg in _legs(value.type):
                return (Label(value.span, f"the representation {leg} comes from here"),)
    return ()


def _legs(item: Type) -> set[Leg]:
    return {leg for part in summands(item.rep) for leg in part.legs if not isinstance(leg, Trivial)}
