"""The ways to lower a linear map, and the choice of the one that costs least."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, TypeAlias

from symc.algebra.hom import Split
from symc.algebra.summands import Choice
from symc.ir.graph import Node, Value
from symc.ir.tensor import TensorOp
from symc.passes import cost
from symc.passes.lower import fourier, matrix, matrix_lookup, pair
from symc.passes.lower.axes import Labelled
from symc.passes.lower.blocks import Blocks, blocks
from symc.passes.lower.builder import Builder, tensor_type
from symc.passes.lower.call import Call
from symc.passes.lower.choose import by_structure, note, structured
from symc.passes.lower.isotypic import Isotypic
from symc.passes.lower.isotypic_weights import LookedUp, Pieces, Weights, mixed_at_once
from symc.passes.lower.parts import assembled
from symc.passes.lower.setting import MARGIN, Lowering, Setting

BY_PAIRS, BY_IRREDUCIBLES = "pair by pair", "irreducible by irreducible"

Kind: TypeAlias = Literal["dense", "structured", "mixed"]


@dataclass(frozen=True)
class Way:
    """How a map is lowered: in words, as one of three kinds, and the function that does it."""

    name: str
    kind: Kind
    apply: Callable[[Builder, Call, Sequence[Value]], list[Value]]


def ways(call: Call, setting: Setting) -> list[Way]:
    """All that are possible, at least one, and of these what is wished for, if any is."""
    op = call.op
    found = [Way(BY_PAIRS, _kind(call, setting.lowering), partial(by_pairs, setting.lowering))]
    if isinstance(op.basis, Split) and not op.basis.is_complex and op.basis.entries:
        known = blocks(op.basis, op.bias_basis if call.biases else None, setting.irreducibles)
        if known is not None:
            found.append(Way(BY_IRREDUCIBLES, "structured", partial(by_irreducibles, known, in_pieces)))
            if call.all_weights is not None and mixed_at_once(known):
                found.append(Way(f"{BY_IRREDUCIBLES}, weights looked up", "structured", partial(by_irreducibles, known, looked_up)))
        if all(fourier.possible(entry.basis) for entry in op.basis.entries):
            found.append(Way("Fourier transforms", "structured", by_fourier))
        alone = len(op.basis.entries) == 1 and not op.basis.entries[0].basis.factors  # one dense matrix as it is
        if not alone and matrix.possible(call):
            found.insert(0, Way("one dense matrix", "dense", matrix.apply))
            if call.all_weights is not None and matrix_lookup.possible(call):
                found.insert(0, Way("one dense matrix, looked up", "dense", matrix_lookup.apply))
    return [way for way in found if setting.lowering in ("auto", way.kind)] or found


def _kind(call: Call, lowering: Lowering) -> Kind:
    """What going pair by pair is: by structure for diagrams alone."""
    if lowering == "structured" and not any(by_structure(factor.basis) for entry in call.entries for factor in entry.basis.factors):
        return "dense"
    return "mixed" if lowering == "auto" else lowering


def cheapest(b: Builder, call: Call, inputs: Sequence[Value], setting: Setting) -> Way:
    """The way that is estimated to take least, or one dense matrix within `MARGIN` of it; each is lowered for trial. The builder is left with the
    others' costs."""
    found = ways(call, setting)
    if len(found) == 1:
        return found[0]
    trials = [trial(way, call, inputs) for way in found]
    seconds = [setting.seconds(nodes) for nodes in trials]
    dense = [time for way, time in zip(found, seconds, strict=True) if way.kind == "dense" and time <= MARGIN * min(seconds)]
    best = seconds.index(min(dense or seconds))
    b.others |= {way.name: cost.estimate(nodes) for index, (way, nodes) in enumerate(zip(found, trials, strict=True)) if index != best}
    return found[best]


def trial(way: Way, call: Call, inputs: Sequence[Value]) -> list[Node[TensorOp]]:
    """The nodes of one way, lowered into a builder of its own."""
    b = Builder()
    known = [_stand_in(b, x) for x in (*call.weights, *call.biases)]
    count = len(call.weights)
    weights, biases = (None if x is None else _stand_in(b, x) for x in (call.all_weights, call.all_biases))
    again = replace(call, weights=tuple(known[:count]), biases=tuple(known[count:]), all_weights=weights, all_biases=biases)
    way.apply(b, again, [b.value(tensor_type(x)) for x in inputs])
    return b.nodes


def _stand_in(b: Builder, x: Labelled) -> Labelled:
    return Labelled(b.value(tensor_type(x.value)), x.labels)


def by_pairs(lowering: Lowering, b: Builder, call: Call, inputs: Sequence[Value]) -> list[Value]:
    """Each pair of summands by itself: diagrams by structure or densely, everything else densely."""
    parts: dict[tuple[int, Choice], list[pair.Part]] = {}
    for entry, theta in zip(call.entries, call.weights, strict=True):
        x = call.source(b, inputs, entry)
        chosen = structured(entry.basis, x, theta, lowering)
        note(b, entry.basis, chosen)
        parts.setdefault((entry.target, entry.target_summand.choice), []).extend(pair.apply(b, x, theta, entry.basis, chosen))
    _add_biases(b, call, parts, lowering)
    return assembled(b, call.op, parts, call.results)


def by_fourier(b: Builder, call: Call, inputs: Sequence[Value]) -> list[Value]:
    """Each pair of summands by Fourier transforms: see `fourier`."""
    parts: dict[tuple[int, Choice], list[pair.Part]] = {}
    for entry, theta in zip(call.entries, call.weights, strict=True):
        found = fourier.apply(b, call.source(b, inputs, entry), theta, entry.basis)
        parts.setdefault((entry.target, entry.target_summand.choice), []).extend(found)
    _add_biases(b, call, parts)
    return assembled(b, call.op, parts, call.results)


def _add_biases(b: Builder, call: Call, parts: dict[tuple[int, Choice], list[pair.Part]], lowering: Lowering = "auto") -> None:
    """To the parts of every summand of a target."""
    for entry, theta in zip(call.op.bias_basis.entries if call.op.bias_basis is not None else (), call.biases, strict=True):
        found = pair.constant(b, theta, entry.basis, structured(entry.basis, None, theta, lowering))
        parts.setdefault((entry.target, entry.target_summand.choice), []).extend(found)


def by_irreducibles(
    known: Blocks, weights: Callable[[Builder, Blocks, Call], Weights], b: Builder, call: Call, inputs: Sequence[Value]
) -> list[Value]:
    """In the coordinates of irreducibles: see `isotypic`."""
    sources = {maps.source: call.source(b, inputs, maps.entry) for maps in known.maps}
    return assembled(b, call.op, Isotypic(b, known, sources, weights(b, known, call)).run(), call.results)


def in_pieces(b: Builder, known: Blocks, call: Call) -> Weights:
    return Pieces(b, known, call.weights, call.biases)


def looked_up(b: Builder, known: Blocks, call: Call) -> Weights:
    assert isinstance(call.op.basis, Split)
    assert call.all_weights is not None
    return LookedUp(b, known, call.op.basis, call.op.bias_basis, call.all_weights, call.all_biases)
