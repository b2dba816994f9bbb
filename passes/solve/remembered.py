"""What took long to solve is kept on disk, and taken from there the next time: here, in another process, on another day.

An entry is named by what was solved: the groups by their definitions, so that the names a text gives them do not matter, and the legs. SOLVER is part
of it: entries that another solver made are never met.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from time import perf_counter
from typing import Any

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.groups import Group, Named
from symc.algebra.hom import Array, AtomBasis, Bent, Certificate, Combined, Frames, Isotypic, IsotypicBlock, Nullspace, Orbits
from symc.algebra.summands import Leg
from symc.passes.solve.content import content_key
from symc.passes.solve.entry import JSON, Stored
from symc.passes.solve.store import default_store

SOLVER = 3  # one more whenever a solution, or what is kept of it, becomes another
LONG = 0.1  # seconds: what is faster is solved again


def remembered(solve: Callable[[], AtomBasis], group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...]) -> AtomBasis:
    """What `solve` returns, which may be read from the store instead; where it took long it is put there."""
    store = default_store()
    key = _key(source, target) if store else None
    found = store.get(key) if store and key else None
    basis = _read(found, group, source, target) if found else None
    if basis is not None:
        return basis
    start = perf_counter()
    basis = solve()
    if store and key and perf_counter() - start >= LONG:
        arrays: dict[str, Array] = {}
        facts = _written(basis, arrays, "")
        if facts is not None:
            store.put(key, arrays, facts)
    return basis


def _key(source: tuple[Leg, ...], target: tuple[Leg, ...]) -> str | None:
    """None where something has no description, such as a class of the user's own."""
    groups = list(dict.fromkeys(group for leg in source + target for group in leg.groups))
    unnamed = {group: Named(str(index), group.definition, "") for index, group in enumerate(groups)}
    legs = [tuple(leg.mapped(lambda group: unnamed.get(group, group), lambda size: size) for leg in side) for side in (source, target)]
    try:
        return content_key("solved", SOLVER, *legs)
    except TypeError:
        return None


def _written(basis: AtomBasis, arrays: dict[str, Array], prefix: str) -> dict[str, JSON] | None:
    """The facts of a basis, its arrays put among `arrays` under names that begin with `prefix`; None for kinds that are never slow to find."""
    facts: dict[str, JSON] = {"kind": type(basis).__name__, "method": basis.method, "certificate": asdict(basis.certificate)}
    match basis:
        case Orbits():
            arrays[f"{prefix}label"] = basis.label
            if basis.sign is not None:
                arrays[f"{prefix}sign"] = basis.sign
            return facts | {"count": basis.count}
        case Isotypic():
            for index, block in enumerate(basis.blocks):
                arrays[f"{prefix}target{index}"] = block.target.array
                arrays[f"{prefix}source{index}"] = block.source.array
            if basis.mix is not None:
                arrays[f"{prefix}mix"] = basis.mix
            return facts | {"kinds": [block.kind for block in basis.blocks], "over_c": basis.over_c}
        case Nullspace():
            arrays[f"{prefix}tensor"] = basis.tensor
            return facts
        case Bent():
            base = _written(basis.base, arrays, f"{prefix}base.") if isinstance(basis.base, AtomBasis) else None
            return None if base is None else facts | {"base": base, "axes": basis.axes, "targets": basis.targets, "cut": len(basis.base.target_shape)}
        case Combined():
            arrays[f"{prefix}matrix"] = basis.matrix
            base = _written(basis.base, arrays, f"{prefix}base.") if isinstance(basis.base, AtomBasis) else None
            return None if base is None else facts | {"base": base}
        case _:
            return None


def _read(found: Stored, group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...]) -> AtomBasis | None:
    """The basis again; None where the entry does not fit the legs, whoever wrote it."""
    dims = tuple(tuple(sz.number(leg.dim) for leg in legs) for legs in (target, source))
    try:
        basis = _rebuilt(found.facts, found.arrays, "", group, *dims)
    except (KeyError, TypeError, ValueError):
        return None
    return basis if (basis.target_shape, basis.source_shape) == dims else None


def _rebuilt(
    facts: Mapping[str, Any], arrays: Mapping[str, Array], prefix: str, group: Group, target: tuple[int, ...], source: tuple[int, ...]
) -> AtomBasis:
    certificate, method = Certificate(**facts["certificate"]), facts["method"]
    rows, columns = (int(np.prod(dims, dtype=object)) for dims in (target, source))
    match facts["kind"]:
        case "Orbits":
            label, sign = arrays[f"{prefix}label"], arrays.get(f"{prefix}sign")
            _require(label.shape == (rows, columns) and (sign is None or sign.shape == label.shape))
            return Orbits(group, target, source, facts["count"], label, sign, certificate, method)
        case "Isotypic":
            blocks = []
            for index, kind in enumerate(facts["kinds"]):
                into, out = arrays[f"{prefix}source{index}"], arrays[f"{prefix}target{index}"]
                _require((len(out), len(into)) == (rows, columns) and out.shape[1] == into.shape[1])
                blocks.append(IsotypicBlock(kind, _frames(out), _frames(into)))
            mix = arrays.get(f"{prefix}mix")
            return Isotypic(group, target, source, tuple(blocks), certificate, facts["over_c"], mix, method)
        case "Nullspace":
            return Nullspace(group, arrays[f"{prefix}tensor"], len(source), certificate, method)
        case "Bent":
            dims, axes = target + source, facts["axes"]
            _require(sorted(axes) == list(range(len(dims))) and facts["targets"] == len(target))
            own = tuple(dims[axes.index(place)] for place in range(len(dims)))
            base = _rebuilt(facts["base"], arrays, f"{prefix}base.", group, own[: facts["cut"]], own[facts["cut"] :])
            return Bent(group, base, tuple(axes), len(target), certificate, method)
        case "Combined":
            base = _rebuilt(facts["base"], arrays, f"{prefix}base.", group, target, source)
            matrix = arrays[f"{prefix}matrix"]
            _require(matrix.shape[1] == base.dim)
            return Combined(group, base, matrix, certificate, method)
        case other:
            raise ValueError(f"no kind of basis: {other}")


def _frames(array: Array) -> Frames:
    d, size, copies = array.shape
    return Frames((d, size, copies), lambda: array)


def _require(fits: bool) -> None:
    if not fits:
        raise ValueError("an array of another shape")
