"""The dimensions of the classical families for every small size and every small number of legs, by formulas written down here again.

Each basis is also formed, at sizes where that is fast: as many independent maps as it says, which random elements commute with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from math import prod

import numpy as np
import pytest

from symc.algebra import construct as c
from symc.algebra import sizes as sz
from symc.algebra.actions import matrix
from symc.algebra.elements import sample
from symc.algebra.groups import Group
from symc.algebra.hom import Split
from symc.algebra.reps import Rep, Tensor
from symc.passes.solve import solve

SIZES, LEGS = range(1, 6), range(7)
FORMED = 5000  # entries of a map up to which bases are formed


def set_partitions(m: int) -> Iterator[list[list[int]]]:
    """Of 0 ... m - 1, one element after another: into a block that is there, or a new one."""
    if m == 0:
        yield []
        return
    for partition in set_partitions(m - 1):
        for index in range(len(partition)):
            yield [[*block, m - 1] if i == index else block for i, block in enumerate(partition)]
        yield [*partition, [m - 1]]


def stirling(m: int, t: int) -> int:
    return sum(len(partition) == t for partition in set_partitions(m))


def partitions(m: int, largest: int | None = None) -> Iterator[tuple[int, ...]]:
    if m == 0:
        yield ()
    for part in range(min(m, largest if largest is not None else m), 0, -1):
        for rest in partitions(m - part, part):
            yield (part, *rest)


@cache
def tableaux(shape: tuple[int, ...]) -> int:
    """Standard Young tableaux: the last box is in a corner."""
    if sum(shape) == 0:
        return 1
    corners = [i for i, row in enumerate(shape) if row and (i + 1 == len(shape) or shape[i + 1] < row)]
    return sum(tableaux((*shape[:i], shape[i] - 1, *shape[i + 1 :])) for i in corners)


def columns(shape: tuple[int, ...]) -> list[int]:
    return [sum(row > column for row in shape) for column in range(max(shape, default=0))]


def symmetric(n: int, m: int) -> int:
    return sum(stirling(m, t) for t in range(min(n, m) + 1))


def alternating(n: int, m: int) -> int:
    """Orbits of S(n) on tuples with at least n - 1 distinct points fall in two; there is nothing to fall for n < 2."""
    return symmetric(n, m) + (stirling(m, n - 1) + stirling(m, n) if n >= 2 else 0)


def signed(n: int, m: int) -> int:
    return sum(len(p) <= n and all(len(block) % 2 == 0 for block in p) for p in set_partitions(m))


def nested(q: int) -> Callable[[int, int], int]:
    return lambda n, m: sum(prod(symmetric(q, len(block)) for block in p) for p in set_partitions(m) if len(p) <= n)


def orthogonal(n: int, m: int) -> int:
    return sum(tableaux(shape) for shape in partitions(m) if len(shape) <= n and all(row % 2 == 0 for row in shape))


def special_orthogonal(n: int, m: int) -> int:
    return orthogonal(n, m) + sum(tableaux(shape) for shape in partitions(m) if len(shape) == n and all(row % 2 for row in shape))


def symplectic(n: int, m: int) -> int:
    return sum(tableaux(shape) for shape in partitions(m) if len(shape) <= n and all(column % 2 == 0 for column in columns(shape)))


def general_linear(n: int, m: int) -> int:
    """Between m // 2 vectors and m - m // 2."""
    return sum(tableaux(shape) ** 2 for shape in partitions(m // 2) if len(shape) <= n) if m % 2 == 0 else 0


FAMILIES: dict[str, tuple[Callable[[int], Group], Callable[[Group], Rep], Callable[[int, int], int]]] = {
    "S(n)": (c.symmetric, c.perm, symmetric),
    "A(n)": (c.alternating, c.perm, alternating),
    "signed permutations": (lambda n: c.wreath(c.cyclic(2), c.symmetric(n)), c.vector, signed),
    "S(2) wr S(n)": (lambda n: c.wreath(c.symmetric(2), c.symmetric(n)), c.perm, nested(2)),
    "S(3) wr S(n)": (lambda n: c.wreath(c.symmetric(3), c.symmetric(n)), c.perm, nested(3)),
    "O(n)": (c.orthogonal, c.vector, orthogonal),
    "SO(n)": (c.special_orthogonal, c.vector, special_orthogonal),
    "Sp(n)": (lambda n: c.symplectic(2 * n), c.vector, lambda n, m: symplectic(2 * n, m)),
    "GL(n)": (c.general_linear, c.vector, general_linear),
    "U(n)": (c.unitary, c.vector, general_linear),
}


def hom(group: Group, leg: Rep, m: int) -> Split:
    found = solve((Tensor((leg,) * (m // 2)),), (Tensor((leg,) * (m - m // 2)),))
    assert isinstance(found, Split)
    return found


@pytest.mark.parametrize("m", LEGS)
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("family", FAMILIES)
def test_dimension(family: str, n: int, m: int) -> None:
    make, leg, expected = FAMILIES[family]
    group = make(n)
    found = hom(group, leg(group), m)
    assert found.dim == expected(n, m)
    assert found.certificate.expected == found.dim
    d = sz.number(leg(group).dim)
    if found.dim * d**m <= 20 * FORMED and d**m <= FORMED:
        check_formed(found, group)


def check_formed(found: Split, group: Group) -> None:
    """Independent, and equivariant under random elements, which the solver never met."""
    (source,), (target,) = found.sources, found.targets
    stack = found.dense()
    if found.dim:
        assert np.linalg.matrix_rank(stack.reshape(found.dim, -1)) == found.dim
    rng = np.random.default_rng(0)
    for _ in range(3):
        element = sample((group,), rng)
        out, into = matrix(target, element), matrix(source, element)
        left, right = out @ stack, stack @ into
        assert np.abs(left - right).max(initial=0.0) <= 1e-9 * max(1.0, np.abs(left).max(initial=0.0))


@pytest.mark.parametrize("family", FAMILIES)
def test_n_free_is_n_large(family: str) -> None:
    """With n free there are as many maps as at any n that is large."""
    make, leg, expected = FAMILIES[family]
    free = sz.free("n")
    group = make(free)  # type: ignore[arg-type]
    for m in range(5):
        assert hom(group, leg(group), m).dim == expected(8, m)
