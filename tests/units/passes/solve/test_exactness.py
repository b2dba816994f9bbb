"""Generators typed with too few digits are refused by name, whatever shows that they were rounded; exact ones never are."""

from __future__ import annotations

import json

import numpy as np
import pytest

import symc
from symc.algebra.hom import Array
from symc.diagnostics import Diagnostic, DiagnosticError

SKEW2 = np.array([[2.0, 1.0], [-1.0, 3.0]])
SKEW3 = np.array([[2.0, 1.0, 0.0], [-1.0, 3.0, 1.0], [0.5, 0.0, 1.5]])
TURNED = np.linalg.qr(SKEW3)[0]
THIRD = [[-0.5, -(0.75**0.5)], [0.75**0.5, -0.5]]
CUBE = ([[0, -1, 0], [1, 0, 0], [0, 0, 1]], [[0, 0, 1], [1, 0, 0], [0, 1, 0]])
MIRRORS = ([[1, 0], [0, -1]], [[np.cos(np.pi / 4), np.sin(np.pi / 4)], [np.sin(np.pi / 4), -np.cos(np.pi / 4)]])
SO3 = ([[0, -1, 0], [1, 0, 0], [0, 0, 0]], [[0, 0, -1], [0, 0, 0], [1, 0, 0]], [[0, 0, 0], [0, 0, -1], [0, 1, 0]])
BOOSTS = ([[0, 1, 0], [1, 0, 0], [0, 0, 0]], [[0, 0, 1], [0, 0, 0], [1, 0, 0]])  # of space-time with two dimensions of space
HEISENBERG = ([[0, 1, 0], [0, 0, 0], [0, 0, 0]], [[0, 0, 0], [0, 0, 1], [0, 0, 0]])


def written(word: str, matrices: tuple[object, ...], change: Array, digits: int) -> str:
    """The group in other coordinates, its entries rounded."""
    moved = [np.round(change @ np.array(m, float) @ np.linalg.inv(change), digits).tolist() for m in matrices]
    return f"{word}({', '.join(map(json.dumps, moved))})"


CASES: dict[str, tuple[str, tuple[object, ...], Array, str]] = {
    "a rotation": ("matrices", (THIRD,), np.eye(2), "generator 1 misses being orthogonal"),
    "two generators": ("matrices", CUBE, TURNED, "generator 1 misses being orthogonal"),
    "a power": ("matrices", (THIRD,), SKEW2, "generator 1 to the power 3 misses the identity"),
    "a mirror": ("matrices", MIRRORS, SKEW2, "generator 1 to the power 2 misses the identity"),
    "brackets of rotations": ("lie", SO3, SKEW3, "a bracket of algebra generators misses the span"),
    "brackets of boosts": ("lie", BOOSTS, SKEW3, "a bracket of algebra generators misses the span"),
    "a nilpotent algebra": ("lie", HEISENBERG, SKEW3, "a bracket of algebra generators misses the span"),
}


def refused(group: str, signature: str = "vector(G)^2 -> vector(G)") -> Diagnostic:
    with pytest.raises(DiagnosticError) as caught:
        symc.solve(signature, groups={"G": group})
    (found,) = caught.value.diagnostics
    return found


@pytest.mark.parametrize("digits", [6, 7, 8])
@pytest.mark.parametrize("name", CASES)
def test_rounded_generators_are_refused_by_name(name: str, digits: int) -> None:
    word, matrices, change, says = CASES[name]
    found = refused(written(word, matrices, change, digits))
    assert found.code == "E0403"
    assert found.title.startswith(f"G is given by inexact matrices: {says}")
    assert found.helps == ("give the generators exactly: integers, or all 16 digits",)


@pytest.mark.parametrize("name", CASES)
def test_all_digits_are_enough(name: str) -> None:
    """There are as many maps as in the coordinates in which the generators are simple."""
    word, matrices, change, _ = CASES[name]
    for signature in ("vector(G) -> vector(G)", "vector(G)^2 -> vector(G)", "vector(G)^2 -> 1"):
        plain, moved = (symc.solve(signature, groups={"G": written(word, matrices, by, 17)}) for by in (np.eye(len(change)), change))
        assert moved.dim == plain.dim
        assert moved.certificate.residual <= 1e-12 * np.linalg.cond(change) ** 2


@pytest.mark.parametrize("off", [1e-10, 1e-8, 1e-6, 9e-5])
def test_an_algebra_generator_that_is_nearly_antisymmetric(off: float) -> None:
    assert "algebra generator 1 misses being antisymmetric" in refused(f"lie([[0, -1], [{1 + off}, 0]])").title


@pytest.mark.parametrize("digits", [6, 8])
def test_images_of_a_generated_group_count_too(digits: int) -> None:
    c, s = np.round(THIRD[1], digits).tolist()
    with pytest.raises(DiagnosticError, match=r"rep\(G.* is given by inexact matrices") as caught:
        symc.solve(f"rep(G, [[{s}, {-c}], [{c}, {s}]]) -> rep(G, [1, 2, 0])", groups={"G": "generated(1)"})
    assert caught.value.diagnostics[0].code == "E0403"


@pytest.mark.parametrize(
    ("group", "dim"),
    [
        ("matrices([[0.6, -0.8], [0.8, 0.6]])", 2),  # orthogonal to all digits, of infinite order
        ("matrices([[-1, -1], [1, 0]])", 2),  # of order 3, far from orthogonal
        ("matrices([[1.5, 0.5], [-0.5, 0.5]])", 2),  # unipotent, with fractions
        ("matrices([[2, 0], [0, 0.5]])", 2),
        ("matrices([[0.5, 0.001], [0, 0.5]])", 2),
        ("lie([[0, -1], [1, 0]])", 2),
        ("lie([[0, 1], [0, 0]], [[1, 0], [0, -1]])", 1),
        ("lie([[0, 1, 0], [0, 0, 0], [0, 0, 0]], [[0, 0, 0], [0, 0, 1], [0, 0, 0]])", 2),
    ],
)
def test_exact_generators_pass(group: str, dim: int) -> None:
    assert symc.solve("vector(G) -> vector(G)", groups={"G": group}).dim == dim
