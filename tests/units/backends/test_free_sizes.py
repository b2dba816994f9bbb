"""Reading free sizes off shapes."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symc.algebra.sizes import Size, free, number
from symc.backends.free_sizes import Polynomial, UnreadableSize, evaluate, holds, polynomial, readings, solve

N, M, K = free("n"), free("m"), free("k")


def read(shapes: list[tuple[Size, ...]], **sizes: int) -> dict[str, int]:
    """The sizes, read off shapes made of them."""
    concrete = [[number(size, sizes) for size in shape] for shape in shapes]
    found: dict[str, int] = {}
    for reading in readings(shapes):
        found[reading.name] = int(solve(reading, concrete[reading.input][reading.axis], found))
    return found


@pytest.mark.parametrize(
    "shapes",
    [
        [(N,)], [(3, 2 * N + 1)], [(N**2,)], [(N**2 + N,)], [(2 * N**2 + 3 * N + 4,)], [(N**3,)], [(5 * N**4 + 2,)], [(N * (N + 1) / 2,)],
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("n", [0, 1, 2, 3, 10, 99, 1000])
def test_one_size(shapes: list[tuple[Size, ...]], n: int) -> None:
    assert read(shapes, n=n) == {"n": n}


@pytest.mark.parametrize("shapes", [[(N * M,), (M,)], [(N * M + K,), (K, N)], [(N + M,), (M + K,), (K**2,)], [(N**2 * M + N,), (2 * M,)]], ids=str)
def test_one_size_after_another(shapes: list[tuple[Size, ...]]) -> None:
    sizes = {"n": 3, "m": 4, "k": 5}
    names = {str(symbol) for shape in shapes for size in shape for symbol in size.free_symbols}
    assert read(shapes, **{name: sizes[name] for name in names}) == {name: sizes[name] for name in names}


def test_the_axis_that_is_the_size_itself_is_preferred() -> None:
    (reading,) = readings([(N**2,), (2 * N,), (7, N)])
    assert (reading.input, reading.axis, reading.plain) == (2, 1, True)


@pytest.mark.parametrize("shapes", [[(N * M,)], [(N + M,), (N * M,)], [(N**3 + N,)]], ids=str)
def test_what_cannot_be_read_is_said(shapes: list[tuple[Size, ...]]) -> None:
    with pytest.raises(UnreadableSize, match="cannot be read off an input"):
        readings(shapes)


def test_half_a_size_is_read_back_whole() -> None:
    assert read([(N / 2,)], n=6) == {"n": 6}


@pytest.mark.parametrize("size", [N**2 + 4, N**3 + 4, 2 * N**2 + N + 4, N + 4], ids=str)
def test_where_nothing_fits_some_number_is_read_that_does_not_hold(size: Size) -> None:
    (reading,) = readings([(size,)])
    found = {"n": solve(reading, 2, {})}
    assert found["n"] < 0 or not holds(polynomial(size), 2, found)


def test_holding_is_exact() -> None:
    half = polynomial(N / 2)
    assert holds(half, 2, {"n": 4})
    assert not holds(half, 2, {"n": 5})
    assert holds(half, None, {"n": 0})
    assert not holds(half, None, {"n": 5})
    assert not holds(polynomial(N - 1), None, {"n": 0})


def test_polynomials_are_plain_data() -> None:
    assert polynomial(4) == Polynomial(((4, ()),))
    assert polynomial(N * (N - 1) / 2 + M) == Polynomial(((2, ("m",)), (1, ("n", "n")), (-1, ("n",))), 2)
    for n in range(5):
        assert evaluate(polynomial(-N + 3 * N**2 - 7), {"n": n}) == -n + 3 * n * n - 7
        assert evaluate(polynomial(N * (N + 1) / 2), {"n": n}) == Fraction(n * (n + 1), 2)
