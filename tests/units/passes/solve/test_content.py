"""Keys of content: equal descriptions share one, different ones never do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import namedtuple
from dataclasses import dataclass, field, make_dataclass
from enum import IntEnum
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from symc.algebra import sizes as sz
from symc.algebra.groups import Cyclic, Group, Matrices, Named, Orthogonal, Permutations, Product, SpecialOrthogonal, Symmetric
from symc.algebra.reps import Dual, Perm, Pixels, Regular, Sum, Tensor, Trivial, Vector
from symc.passes.solve import content
from symc.passes.solve.content import content_key

ROOT = Path(__file__).parents[4]
N, M = sz.free("n"), sz.free("m")


@dataclass(frozen=True, slots=True)
class Pair:
    a: object
    b: object = None


@dataclass(frozen=True)
class Other:
    a: object
    b: object = None
    note: str = field(default="", compare=False)


@dataclass
class Changing:
    a: int = 0


class Plain(Other):
    """Adds what no field says."""


@dataclass(frozen=True)
class Fleeting:
    """Makes its content anew for whoever asks."""

    a: tuple[object, ...]

    def __getattribute__(self, name: str) -> Any:
        value = object.__getattribute__(self, name)
        return (*value, 0) if name == "a" else value


class Texts(str):
    __slots__ = ()


class Level(IntEnum):
    ONE = 1


Point = namedtuple("Point", "x y")

DISTINCT: list[object] = [
    None, False, True, 0, 1, -1, 128, -128, 2**64, -(2**64), 10**5000, 0.0, -0.0, 1.0, float("inf"), float("nan"), 5e-324,
    "", "0", "1", "None", "\0", "é", "e\u0301", "\ud800",
    (), (1,), (1, 2), ((1,), 2), (1, (2,)), ((1, 2),), ("ab",), ("a", "b"), ("", "ab"), ((), ()), ((),), (None,), (1.0,), (True,),
    Pair(1), Other(1), Pair(1, 2), Pair(2, 1), Pair((1, 2)), Pair(None, 1), Pair(Pair(1)),
    np.array(1), np.array(1.0), np.array(True), np.array([1]), np.array([1.0]), np.array([-0.0]), np.array([0.0]), np.array([[1]]),
    np.array([1], np.int32), np.array([1], np.uint64), np.array([1], np.float32), np.array([1], np.complex128), np.array([]),
    np.zeros((0, 3)), np.zeros((3, 0)), np.zeros((2, 3)), np.zeros((3, 2)), np.arange(6).reshape(2, 3), np.arange(6).reshape(3, 2),
    N, M, sympy.Symbol("n"), sympy.Symbol("n", positive=True), N + 1, N + 2, N - 1, 2 * N, N**2, N * M, N + M, N / 2, -N, N ** sympy.Rational(1, 2),
    sympy.Integer(0), sympy.Integer(1), sympy.Integer(2), sympy.Rational(1, 2), sympy.Rational(2, 3), sympy.Rational(3, 2),
    sympy.Float(1), sympy.Float(1, 30), sympy.pi, sympy.E, sympy.oo, sympy.nan, sympy.factorial(N), sympy.binomial(N, 2), sympy.binomial(N, M),
    Symmetric(3), Cyclic(3), Orthogonal(3), SpecialOrthogonal(3), Symmetric(N), Symmetric(M), Named("G", Symmetric(3)), Named("G", Cyclic(3)),
    Named("G", Cyclic(3), "a.sym"), Named("H", Cyclic(3)), Product((Symmetric(3), Cyclic(3))), Product((Cyclic(3), Symmetric(3))),
    Permutations(3, ((1, 2, 0),)), Permutations(3, ((1, 0, 2),)), Matrices((((1, 0), (0, 1)),)), Matrices((((1.0, 0), (0, 1)),)),
    Matrices((((1.0, -0.0), (0, 1)),)), Perm(Symmetric(3)), Vector(Cyclic(3)), Perm(Named("G", Symmetric(3))), Perm(Named("G", Cyclic(3))),
    Regular(Cyclic(3), 3), Trivial(3), Trivial(N), Pixels(Cyclic(4), 2, 3), Pixels(Cyclic(4), 3, 2), Dual(Vector(Matrices((((2,),),)))),
    Sum((Trivial(1), Trivial(2))), Tensor((Trivial(1), Trivial(2))), Tensor((Tensor((Trivial(1),)), Trivial(2))), Tensor(()), Sum(()),
]  # fmt: skip


def test_what_differs_has_another_key() -> None:
    keys = [content_key(item) for item in DISTINCT]
    assert [(DISTINCT[i], DISTINCT[j]) for i, j in combinations(range(len(keys)), 2) if keys[i] == keys[j]] == []
    assert all(len(key) == 64 and set(key) <= set("0123456789abcdef") for key in keys)


def test_parts_are_no_tuple() -> None:
    assert len({content_key(), content_key(()), content_key(1), content_key((1,)), content_key(1, 2), content_key((1, 2))}) == 6


LEAVES = st.sampled_from([None, False, True, 0, 1, 2, 0.0, -0.0, 1.0, "", "a", "1", N, N + 1, sympy.Integer(1), Symmetric(1), Cyclic(1), Cyclic(N)])
WIDE = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
ITEMS = st.recursive(
    LEAVES | WIDE | st.builds(np.array, st.lists(st.sampled_from([0, 1]) | st.sampled_from([0.0, -0.0, 1.0]), max_size=3)),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.builds(Pair, inner, inner) | st.builds(Other, inner),
    max_leaves=6,
)


def described(item: object) -> object:
    """What counts of an item, such that `==` says whether it is the same."""
    if isinstance(item, tuple):
        return ("tuple", *map(described, item))
    if isinstance(item, Pair | Other):
        return type(item), described(item.a), described(item.b)
    if isinstance(item, np.ndarray):
        return "array", str(item.dtype), item.shape, item.tobytes()
    return type(item), item.hex() if isinstance(item, float) else item


def rebuilt(item: Any) -> Any:
    """An equal item, with nothing shared."""
    if isinstance(item, tuple):
        return tuple([rebuilt(part) for part in item])
    if isinstance(item, Pair | Other):
        return type(item)(rebuilt(item.a), rebuilt(item.b))
    if isinstance(item, np.ndarray):
        return np.asfortranarray(item.copy())
    return item


@given(ITEMS, ITEMS)
def test_keys_are_equal_where_the_items_are(first: object, second: object) -> None:
    assert content_key(first) == content_key(rebuilt(first))
    assert (content_key(first) == content_key(second)) == (described(first) == described(second))


def test_equal_items_share_a_key() -> None:
    for first, second in (
        (N + M, M + N),
        ((N + 1) * M, M * (1 + N)),
        (sympy.Rational(2, 4), sympy.Rational(1, 2)),
        (Other(1, note="here"), Other(1, note="there")),
        (np.arange(6.0).reshape(2, 3), np.asfortranarray(np.arange(6.0).reshape(2, 3))),
        (np.arange(6.0), np.arange(12.0)[::2] / 2),
        (np.arange(3.0), np.arange(3.0).astype(">f8")),
        (Perm(Named("P", Symmetric(N))), Perm(Named("P", Symmetric(sympy.Symbol("n", integer=True, nonnegative=True))))),
    ):
        assert content_key(first) == content_key(second)


def test_what_is_known_of_a_symbol_by_now_does_not_count() -> None:
    symbol = sympy.Symbol("fresh", integer=True, nonnegative=True)
    key = content_key(symbol)
    assert (symbol + 1).is_positive
    assert not any((symbol.is_zero, symbol.is_prime, symbol.is_negative))
    assert content_key(symbol) == key


@pytest.mark.parametrize("depth", [100, 5000])
def test_deep_nesting(depth: int) -> None:
    def nested(innermost: object) -> object:
        item = innermost
        for level in range(depth):
            item = Pair(item) if level % 2 else (item,)
        return item

    assert content_key(nested(0)) == content_key(nested(0))
    assert content_key(nested(0)) != content_key(nested(1))


def test_what_is_shared_is_hashed_once() -> None:
    item: object = N + 1
    for _ in range(200):
        item = Pair(item, (item, item))
    assert content_key(item) == content_key(item)


def test_nothing_is_taken_for_something_gone() -> None:
    """What is made for the moment may lie where something else lay a moment before."""
    keys = {content_key(*(Fleeting((index == one,)) for index in range(50))) for one in range(50)}
    assert len(keys) == 50


def local() -> object:
    return make_dataclass("Pair", ["a", "b"], frozen=True)(1, None)


def itself() -> object:
    pair = Pair(1)
    object.__setattr__(pair, "a", (1, pair))
    return pair


@pytest.mark.parametrize(
    "item",
    [
        [], {}, set(), frozenset(), b"", 1j, object(), Pair, len, range(3), Texts("a"), Level.ONE, Point(1, 2), Changing(), Plain(1), local(),
        itself(), np.float64(1), np.int64(1), np.bool_(True), np.array(["a"]), np.array([None]), np.array([1], np.longdouble),
        np.ma.masked_array([1.0]), np.zeros(1, [("a", "f8")]), np.array(["2020"], "M8[Y]"), sympy.Dummy("n"), sympy.Function("f")(N), sympy.Wild("w"),
        sympy.Poly(N), N < 1, sympy.S.true, sympy.FiniteSet(1), sympy.Matrix([1]), sympy.Sum(N, (N, 1, 3)), sympy.Piecewise((N, N > 1), (1, True)),
    ],
    ids=lambda item: type(item).__name__,
)  # fmt: skip
@pytest.mark.parametrize("wrap", [lambda item: item, lambda item: (1, Pair(0, item))], ids=["alone", "inside"])
def test_anything_else_is_refused(item: object, wrap: Any) -> None:
    with pytest.raises(TypeError, match="has no key"):
        content_key(wrap(item))


def test_classes_of_a_script_are_refused() -> None:
    script = """
from dataclasses import dataclass
from symc.passes.solve import content
from symc.passes.solve.content import content_key
@dataclass(frozen=True)
class Symmetric:
    n: int
content_key(Symmetric(3))
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "not known by its name" in done.stderr.splitlines()[-1]


def test_keys_are_the_same_in_every_process() -> None:
    items = ["1", Tensor((Perm(Named("P", Symmetric(N * M + N))), Vector(Orthogonal(3)))), N + M + sympy.factorial(N), (1, 0.5, None)]
    script = (
        "import sympy\nfrom symc.algebra import sizes as sz\nfrom symc.algebra.groups import *\nfrom symc.algebra.reps import *\n"
        "from symc.passes.solve.content import content_key\nM, N = sz.free('m'), sz.free('n')\n"
        "items = ['1', Tensor((Perm(Named('P', Symmetric(M * N + N))), Vector(Orthogonal(3)))), M + N + sympy.factorial(N), (1, 0.5, None)]\n"
        "print(content_key(*items))"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == content_key(*items)


def test_two_groups_that_look_alike() -> None:
    """A key made of their text would take one for the other."""
    first, second = (Named("G", Matrices((((value,),),))) for value in (2.0, 3.0))
    assert str(first) == str(second)
    assert str(Perm(first)) == str(Perm(second))
    assert content_key(first) != content_key(second)
    groups: list[Group] = [Matrices((((1.0 + step * 2**-52,),),)) for step in range(3)]
    assert len({content_key(Vector(group)) for group in groups}) == 3


def test_long_tuples_of_numbers_go_in_pieces_that_do_not_show() -> None:
    numbers = (0, 1, 127, 128, 255, 256, 32767, 32768, 2**23 - 1, 2**23, 2**24, 2**31 - 1, 5, 6)
    for one in (numbers, (*numbers, -1), (*numbers, True), (*numbers, 2**31), (*numbers, 0.5), (numbers, *numbers)):
        whole = content_key(one)
        for piece in (1, 2, 7, len(one)):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(content, "PIECE", piece)
                assert content_key(one) == whole
