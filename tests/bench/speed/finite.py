"""Linear layers of finite groups: sums of regular representations, irreducible ones, tensor powers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

import symc

from .case import Case, Inputs, Peer
from .peers import library

A5 = 'permutations("(0 1 2 3 4)", "(0 1 2)")'  # the rotations of an icosahedron
Matrix: TypeAlias = NDArray[np.float64]
PHI = (1 + 5**0.5) / 2


def cases() -> Iterator[Case]:
    for fields in (16, 24, 32, 64):
        yield regular("D4", "D(4)", 8, fields)
    yield regular("icosahedral", A5, 60, 16)
    yield isotypic(16)
    yield tensors("S_5: 20 T0 + 10 T1 + 4 T2", 20, 10, 4)
    yield tensors("S_5: 100 T0 + 50 T1 + 10 T2", 100, 50, 10)


def against_plain(width: int, least: float | None = None) -> Peer:
    return Peer("nn.Linear", lambda ours: nn.Linear(width, width), {"fwd+bwd": least or (0.7 if width < 240 else 1.0), "frozen": 0.95}, enter=flat)


def flat(inputs: Inputs) -> Inputs:
    return tuple(x.flatten(1) for x in inputs)


def regular(name: str, group: str, order: int, fields: int, batch: int = 256) -> Case:
    """Copies of the regular representation. Least flops: in irreducible coordinates, changes of basis left out."""

    def make() -> nn.Module:
        return symc.linear(f"{fields}*regular(G) -> {fields}*regular(G)", groups={"G": group})

    degrees = {"D4": (1, 1, 1, 1, 2), "icosahedral": (1, 3, 3, 4, 5)}[name]
    return Case(
        f"linear {name} x {fields} ({order * fields}), batch {batch}",
        make,
        lambda: (torch.randn(batch, fields, order),),
        [
            against_plain(order * fields),
            Peer("escnn", lambda ours: Escnn(name, fields), {"fwd+bwd": 1.5}, flat, "dimensions"),
            Peer("symm-learning", lambda ours: symm(name, fields), {"fwd+bwd": 5.0}, flat, "dimensions"),
        ],
        flops=2 * batch * fields**2 * sum(degree**3 for degree in degrees),
    )


def isotypic(fields: int, batch: int = 256) -> Case:
    """Features of the icosahedral group that stay in irreducible coordinates: copies of those of degree 1, 3, 3 and 5, as many as in regular ones."""
    turns = [fifth(PHI), np.roll(np.eye(3), 1, 1)]
    others = [fifth(1 - PHI), turns[1]]  # the same with the other root of x^2 = x + 1
    text = f"""\
group I = matrices({written(turns)})
rep   a = vector(I)
rep   b = rep(I, {written(others)})
rep   d = rep(I, {written([quadratic(turn) for turn in turns])})
rep   T = {fields}*1 + {3 * fields}*a + {3 * fields}*b + {5 * fields}*d
model M(x: T) -> T:
    return linear(x)
"""
    width = fields * (1 + 9 + 9 + 25)
    return Case(
        f"linear icosahedral x {fields}, irreducible ({width}), batch {batch}",
        lambda: symc.compile(text=text),
        lambda: (torch.randn(batch, width),),
        [against_plain(width, 3.0)],
        flops=2 * batch * fields**2 * sum(degree**3 for degree in (1, 3, 3, 5)),
    )


def fifth(phi: float) -> Matrix:
    """A fifth of a turn about an axis through two opposite corners of an icosahedron whose coordinate planes are mirrors."""
    return np.array([[1, -phi, phi - 1], [phi, phi - 1, -1], [phi - 1, 1, phi]]) / 2


def quadratic(turn: Matrix) -> Matrix:
    """What a rotation does to quadratic forms without trace, in orthonormal coordinates."""
    upper = [(0, 1), (0, 2), (1, 2)]
    forms = [np.diag([1.0, -1, 0]) / 2**0.5, np.diag([1.0, 1, -2]) / 6**0.5, *(np.eye(3)[[i]].T @ np.eye(3)[[j]] for i, j in upper)]
    basis = np.array([(form + form.T) / np.linalg.norm(form + form.T) for form in forms]).reshape(5, 9)
    result: Matrix = basis @ np.kron(turn, turn) @ basis.T
    return result


def written(several: list[Matrix]) -> str:
    return ", ".join(str(matrix.round(15).tolist()) for matrix in several)


def tensors(name: str, scalars: int, vectors: int, matrices: int, batch: int = 256) -> Case:
    width = scalars + 5 * vectors + 25 * matrices
    signature = f"{scalars} + {vectors}*V + {matrices}*(V^2)"
    text = f"rep V = perm(S(5))\nrep U = {signature}\nmodel M(x: U) -> U:\n    return linear(x)\n"
    copies = (scalars + vectors + 2 * matrices, vectors + 3 * matrices, matrices, matrices)  # of [5], [4,1], [3,2] and [3,1,1]
    return Case(
        f"linear {name} ({width}), batch {batch}",
        lambda: symc.compile(text=text),
        lambda: (torch.randn(batch, width),),
        [against_plain(width)],
        flops=2 * batch * sum(degree * copy**2 for degree, copy in zip((1, 4, 5, 6), copies, strict=True)),
    )


class Escnn(nn.Module):
    """escnn's layer, with plain tensors outside."""

    def __init__(self, name: str, fields: int) -> None:
        super().__init__()
        group, layers, spaces = library("escnn.group"), library("escnn.nn"), library("escnn.gspaces")
        found = group.dihedral_group(4) if name == "D4" else group.ico_group()
        self.type = layers.FieldType(spaces.no_base_space(found), fields * [found.regular_representation])
        self.layer = layers.Linear(self.type, self.type)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.layer(self.type(x)).tensor
        return result


def symm(name: str, fields: int) -> nn.Module:
    layers, theory = library("symm_learning.nn"), library("symm_learning.representation_theory")
    group = library("escnn.group")
    found = group.dihedral_group(4) if name == "D4" else group.ico_group()
    rep = theory.direct_sum(fields * [found.regular_representation])
    result: nn.Module = layers.eLinear(rep, rep)
    return result

