"""How axes are laid out, through products, sums, and back."""

from __future__ import annotations

import pytest

from symc.algebra.groups import Symmetric
from symc.algebra.reps import Perm, Sum, Tensor, Trivial
from symc.algebra.sizes import Size, free
from symc.ir.layout import Chain, Elements, Layout, Plain, Product, Unknown, cut, is_known, joined, layouts_of, merged, met, names_of, split
from symc.ir.types import Type

n, m = free("n"), free("m")
N, M = Elements("n"), Elements("m")
X, Y = Perm(Symmetric(n)), Perm(Symmetric(m))
BOTH = Chain((Product((N, Plain(3))), Product((N, N)), Plain(2)))


@pytest.mark.parametrize(
    ("axes", "names", "expected"),
    [
        ((X, Trivial(3)), "n", (N, Plain(3))),
        ((X, Y), "n", (N, Plain(m))),
        ((Tensor((X, Trivial(3))),), "n", (Product((N, Plain(3))),)),
        ((Tensor((Trivial(2), Trivial(3))),), "n", (Plain(6),)),
        ((Sum((Tensor((X, Trivial(3))), Tensor((X, X)), Trivial(2))),), "n", (BOTH,)),
        ((Sum((X, Y)),), "m", (Chain((Plain(n), M)),)),
        ((Perm(Symmetric(2 * n)), X), "n", (Unknown(2 * n), N)),
        ((Perm(Symmetric(2 * n)), X), "", (Plain(2 * n), Plain(n))),
    ],
)
def test_of_types(axes: tuple[object, ...], names: str, expected: tuple[Layout, ...]) -> None:
    assert layouts_of(Type(axes), frozenset(names)) == expected  # type: ignore[arg-type]
    assert all(is_known(layout) for layout in expected) == (Unknown(2 * n) not in expected)


@pytest.mark.parametrize(
    ("axes", "shape", "expected"),
    [
        ((N, Plain(3)), (3 * n,), (Product((N, Plain(3))),)),
        ((Product((N, Plain(3))),), (n, 3), (N, Plain(3))),
        ((Plain(6), N), (2, 3 * n), (Plain(2), Product((Plain(3), N)))),
        ((N, Plain(4), Plain(3)), (n, 6, 2), (N, Plain(6), Plain(2))),
        ((N, N), (n**2,), (Product((N, N)),)),
        ((Product((N, Plain(m))),), (n, m), (N, Plain(m))),
        ((N, M), (n, 1, m), (N, Plain(1), M)),
        ((BOTH, Plain(6)), (BOTH.size, 2, 3), (BOTH, Plain(2), Plain(3))),
        ((Plain(2), BOTH), (2 * BOTH.size,), (Product((Plain(2), BOTH)),)),
        ((N, Plain(0)), (0, n), (Plain(0), Plain(n))),
        ((Unknown(2 * n),), (2, n), (Unknown(2), Unknown(n))),
    ],
)
def test_shown_anew(axes: tuple[Layout, ...], shape: tuple[Size, ...], expected: tuple[Layout, ...]) -> None:
    assert split(axes, shape) == expected


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [
        (0, 3 * n, Product((N, Plain(3)))),
        (3 * n, 3 * n + n**2, Product((N, N))),
        (3 * n + n**2, BOTH.size, Plain(2)),
        (3 * n + n**2 + 1, BOTH.size, Plain(1)),
        (3 * n, BOTH.size, Chain((Product((N, N)), Plain(2)))),
        (0, BOTH.size, BOTH),
        (0, n, Unknown(n)),
    ],
)
def test_cut(start: Size, stop: Size, expected: Layout) -> None:
    assert cut(BOTH, start, stop) == expected


def test_put_together() -> None:
    assert joined([BOTH, N]) == Chain((*BOTH.terms, N))
    assert merged([Product((N, Plain(2))), Plain(3)]) == Product((N, Plain(6)))
    assert (joined([N]), merged([Plain(1), N]), merged([])) == (N, N, Plain(1))
    assert (met(Plain(1), N), met(N, Plain(1)), met(Unknown(3 * n), Product((N, Plain(3))))) == (N, N, Product((N, Plain(3))))
    assert names_of(joined([BOTH, M])) == {"n", "m"}
    assert str(Product((BOTH, M))) == "(n*3 + n*n + 2)*m"
