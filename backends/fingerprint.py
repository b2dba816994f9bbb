"""What the coordinates of weights mean, in a form that travels with a state dict and can be compared.

Closed forms and weight sharing are exact and hashed. A basis found numerically is the same up to rounding on every machine, so of it a few
projections on fixed vectors are kept, and compared with a tolerance.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, TypeAlias, assert_never

import numpy as np
import torch
from torch import Tensor

from symc.algebra import sizes as sz
from symc.algebra.hom import Affine, Bent, Combined, Diagrams, Isotypic, Kron, Nested, Nullspace, OrbitList, Orbits, Split
from symc.backends.modules import state_name
from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp
from symc.ir.parameters import spaces

Fingerprint: TypeAlias = dict[str, tuple[str, list[float]]]
TOLERANCE = 1e-6
PROJECTIONS = 4


def fingerprint(graph: Graph[EquivariantOp]) -> Fingerprint:
    """By the name of each parameter of a map: the hash of what is exact in its basis, and projections of what is not. Plain data.

    Weights that the model computes stand under the name that they would have as a parameter.
    """
    found = {state_name(space.name): space.basis for space in spaces(graph) if space.basis.dim}
    return {name: _of_affine(basis) if isinstance(basis, Affine) else _of_split(basis) for name, basis in found.items()}


def pack(own: Fingerprint) -> Tensor:
    """The fingerprint as an entry of a state dict: the bytes of a JSON text, shape (length,). As int64 they survive casts and averages."""
    return torch.frombuffer(bytearray(json.dumps(own, separators=(",", ":")).encode()), dtype=torch.uint8).to(torch.int64)


def unpack(packed: object) -> Fingerprint:
    """Raises ValueError where it is no packed fingerprint."""
    if not isinstance(packed, Tensor) or packed.ndim != 1 or packed.is_complex():
        raise ValueError("no tensor of one axis")
    found = json.loads(bytes(packed.detach().cpu().double().round().to(torch.int64).tolist()))
    return {str(name): (str(exact), [float(number) for number in rounded]) for name, (exact, rounded) in found.items()}


def differing(own: Fingerprint, other: Fingerprint) -> list[str]:
    """The parameters in both that are coordinates in different bases."""
    return [name for name in own.keys() & other.keys() if not _same(own[name], other[name])]


def _same(own: tuple[str, list[float]], other: tuple[str, list[float]]) -> bool:
    return own[0] == other[0] and len(own[1]) == len(other[1]) and bool(np.allclose(own[1], other[1], rtol=TOLERANCE, atol=TOLERANCE))


def _of_affine(affine: Affine) -> tuple[str, list[float]]:
    exact, rounded = _of_split(affine.linear)
    for system in affine.systems:
        directions = system.directions @ np.cos(np.arange(1, len(system.origin) + 1))
        rounded += [float(system.origin.sum()), float(directions @ np.cos(np.arange(1, len(directions) + 1)))]
    return exact, rounded


def _of_split(split: Split) -> tuple[str, list[float]]:
    digest, projections = hashlib.sha256(), list[float]()
    for entry in split.entries:
        _feed(digest, str(entry.target), repr(entry.target_summand.choice), str(entry.source), repr(entry.source_summand.choice))
        for piece in _of_kron(entry.basis):
            if isinstance(piece, str | bytes):
                _feed(digest, piece)
            else:
                projections += piece
    return digest.hexdigest()[:16], projections


def _of_kron(kron: Kron) -> Iterator[str | bytes | list[float]]:
    yield f"{kron.target_channels} {kron.source_channels} {kron.target_trivial} {kron.source_trivial}"
    for factor in kron.factors:
        yield f"{factor.target_legs} {factor.source_legs}"
        match factor.basis:
            case Diagrams(_, n, sources, targets, diagrams) as closed:
                yield f"diagrams {sz.show(n)} {sources} {targets} {' ; '.join(map(str, diagrams))}" + " symplectic" * closed.symplectic
            case Orbits() as orbits:
                yield f"orbits {orbits.label.shape}"
                yield orbits.label.astype("<i4").tobytes()
                yield b"" if orbits.sign is None else orbits.sign.tobytes()
            case OrbitList() as listed:
                yield f"orbit list {listed.target_shape} {listed.source_shape}"
                yield listed.representatives.astype("<i4").tobytes()
            case Nested(_, n, target_inner, source_inner, terms):
                yield f"nested {sz.show(n)} {target_inner} {source_inner}"
                for partition, inside in terms:
                    yield str(partition)
                    for split in inside:
                        exact, rounded = _of_split(split)
                        yield exact
                        yield rounded
            case Isotypic() | Nullspace() | Combined() | Bent() as numeric:
                yield f"numeric {numeric.dim} {numeric.target_shape} {numeric.source_shape}"
                yield _projections(numeric)
            case _:
                assert_never(factor.basis)


def _projections(basis: Isotypic | Nullspace | Combined | Bent) -> list[float]:
    """u' M v for a few fixed vectors with incommensurable entries: any change of a basis vector, also of its sign, moves them."""
    rows = np.arange(1, basis.dim + 1)
    found: list[float] = []
    for k in range(PROJECTIONS):
        flat = basis.combine(np.cos((k + 1) * rows)).ravel()
        value = complex(flat @ np.cos(np.arange(1, flat.size + 1)))
        found += [value.real, value.imag] if basis.is_complex else [value.real]
    return found


def _feed(digest: Any, *pieces: str | bytes) -> None:
    for piece in pieces:
        data = piece.encode() if isinstance(piece, str) else piece
        digest.update(len(data).to_bytes(8, "little") + data)
