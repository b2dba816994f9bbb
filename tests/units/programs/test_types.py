"""Types are shapes, and types say how many weights a `linear` has: the answers are worked out by hand or by a classical count."""

from __future__ import annotations

from collections.abc import Callable
from math import comb
from typing import Any

import pytest
from torch import Tensor

from symc.algebra.sizes import free, number
from symc.backends import Net

n, m = free("n"), free("m")
AT = {"n": 5, "m": 2}
BELL = [1, 1, 2, 5, 15, 52, 203]  # set partitions: Hom between powers of perm(S_n), n large (Maron et al. 2019)
RIORDAN = [1, 0, 1, 1, 3, 6, 15, 36, 91]  # invariants in powers of the vector of SO(3)


def at(shape: tuple[Any, ...]) -> tuple[int, ...]:
    return tuple(number(size, AT) for size in shape)


def counts(net: Net) -> dict[str, int]:
    return {name: parameter.numel() for name, parameter in net.named_parameters()}


@pytest.mark.parametrize(
    ("written", "shape", "weights", "biases"),
    [
        ("()", (), 1, 1),
        ("1", (1,), 1, 1),
        ("10", (10,), 100, 10),
        ("2*3", (2, 3), 36, 6),
        ("(2*3)", (6,), 36, 6),
        ("2^3", (2, 2, 2), 64, 8),
        ("7 - 4", (3,), 9, 3),
        ("6/2*v", (3, 3), 9, 0),
        ("X", (n,), 2, 1),
        ("X*1", (n, 1), 2, 1),
        ("X*()", (n,), 2, 1),
        ("()*X", (n,), 2, 1),
        ("X*3", (n, 3), 2 * 9, 3),
        ("3*X", (3, n), 2 * 9, 3),
        ("(3*X)", (3 * n,), 2 * 9, 3),
        ("X^2", (n, n), BELL[4], BELL[2]),
        ("X^2*2", (n, n, 2), BELL[4] * 4, BELL[2] * 2),
        ("(X^2)", (n * n,), BELL[4], BELL[2]),
        ("X*2*X", (n, 2, n), BELL[4] * 4, BELL[2] * 2),
        ("X^0", (), 1, 1),
        ("X^3", (n, n, n), BELL[6], BELL[3]),
        ("X*Y", (n, m), 2 * 2, 1),  # Hartford et al. 2018
        ("X*Y*X", (n, m, n), BELL[4] * 2, BELL[2]),
        ("X + 3", (n + 3,), 2 + 3 + 3 + 9, 1 + 3),
        ("X*(X + 3)", (n * 1, n + 3), BELL[4] + 2 * 3 * BELL[3] + 9 * BELL[2], BELL[2] + 3),
        ("8*v", (8, 3), 64, 0),
        ("2*v^2", (2, 3, 3), 3 * 4, 2),
        ("2*(v^2)", (2, 9), 3 * 4, 2),
        ("v^3", (3, 3, 3), 15, 0),
        ("u^3", (3, 3, 3), RIORDAN[6], RIORDAN[3]),
        ("u^2", (3, 3), RIORDAN[4], RIORDAN[2]),
        ("u^4", (3, 3, 3, 3), RIORDAN[8], RIORDAN[4]),
        ("u + 1", (4,), 1 + 1, 1),
        ("u + u^2", (12,), RIORDAN[2] + 2 * RIORDAN[3] + RIORDAN[4], RIORDAN[1] + RIORDAN[2]),
        ("16 + 8*v", (40,), 16**2 + 8**2, 16),
        ("X*(16 + 8*v)", (n, 40), 2 * 16**2 + 2 * 8**2, 16),
        ("X*T", (n, 2, 3), 2 * 4, 0),
        ("X*(T)", (n, 6), 2 * 4, 0),
        ("X*(T + 1)", (n, 7), 2 * 4 + 2, 1),
        ("H[3]", (n, 3, 2), 2 * 36, 6),
        ("H[1, d=3]", (n, 1, 3), 2 * 9, 3),
        ("v*X*2*Y", (3, n, 2, m), 4 * 4, 0),
        ("dual(v)", (3,), 1, 0),
        ("trivial(R)", (1,), 1, 1),
        ("q", (8,), 8, 1),
        ("q^2", (8, 8), 8**4 // 8, 8),
        ("2*q + 3", (19,), 4 * 8 + 2 * 3 * 2 + 9, 2 + 3),
        ("g", (3, 3), (81 + 1 + 1 + 1 + 4 * 9) // 8, (9 + 1 + 1 + 1 + 4 * 3) // 8),  # Burnside
        ("pixels(D, 8, 8)", (8, 8), (64**2 + 2 * 8**2) // 8, (64 + 2 * 8) // 8),
        ("pixels(D(2), 2, 4)", (2, 4), 64 // 4, 2),
        ("pixels(C(4), 4, 4)*2", (4, 4, 2), 256 // 4 * 4, 4 * 2),
        ("(2*z)*g", (4, 3, 3), (4 * 81 + 4 * 1) // 8 * 4, (2 * 9 - 2) // 8 * 2),
        ("(1*q)*g", (8, 3, 3), 72**2 // 8, 72 // 8),
        ("(2*g)", (18,), 15 * 4, 3 * 2),
        ("g + 3", (12,), 15 + 2 * 3 * 3 + 9, 3 + 3),
        ("z", (2,), 1, 0),
        ("z^2", (2, 2), (2**4 + 2**4) // 8, 1),
        ("perm(D)", (4,), 3, 1),
        ("perm(D)*s", (4, 1), 3, 0),  # orbits of (i, j) under signs: the sign of a reflection that fixes the pair cancels
        ("s", (1,), 1, 0),
        ("s + 2", (3,), 1 + 4, 2),
        ("s^2", (1, 1), 1, 1),
        ("vector(C(4))", (2,), 2, 0),
        ("perm(C(5))", (5,), 5, 1),
        ("regular(C(6))", (6,), 6, 1),
        ("regular(S(3))", (6,), 6, 1),
        ("perm(S(3))^2", (3, 3), BELL[4] - 1, 2),
        ("perm(S(2))^2", (2, 2), 8, 2),
        ("perm(S(1))^2", (1, 1), 1, 1),
        ("vector(S(4))", (4,), 2, 1),
        ("sign(S(4))*2", (1, 2), 4, 0),
        ("vector(O(2))^2", (2, 2), 3, 1),
        ("vector(O(2))^3", (2, 2, 2), comb(6, 3) // 2, 0),  # not the 15 diagrams
        ("vector(SO(2))^2", (2, 2), comb(4, 2), 2),
        ("vector(SO(2))", (2,), 2, 0),
        ("vector(O(1))", (1,), 1, 0),
        ("vector(SO(1))", (1,), 1, 1),
        ("sign(R)", (1,), 1, 0),
        ('perm(permutations("(0 1 2)(3 4)"))', (5,), (25 + 0 + 4 + 9 + 4 + 0) // 6, 2),
        ("perm(permutations([1, 0, 2, 3]))", (4,), (16 + 4) // 2, 3),
        ("vector(matrices([[0, -1], [1, 0]]))", (2,), 2, 0),
        ("vector(matrices([[2, 0], [0, 1]]))", (2,), 2, 1),
        ("vector(matrices([[1, 1], [0, 1]]))", (2,), 2, 1),
        ("vector(matrices([[2, 0], [0, 1]])) + dual(vector(matrices([[2, 0], [0, 1]])))", (4,), 2 + 2 + 1 + 1, 2),
    ],
)
def test_from_a_type_to_itself(
    examine: Callable[..., Net], inputs: Callable[..., list[Tensor]], written: str, shape: tuple[Any, ...], weights: int, biases: int
) -> None:
    net = examine(f"model M(x: {written}) -> {written}:\n    return linear(x)\n")
    (x,) = inputs(net, AT)
    assert tuple(x.shape) == at(shape)
    assert tuple(net(x).shape) == at(shape)
    assert counts(net) == {"out.0.weight": weights} | ({"out.0.bias": biases} if biases else {})


@pytest.mark.parametrize(
    ("source", "target", "weights", "biases"),
    [
        ("X*3", "4", 3 * 4, 4),
        ("4", "perm(S(5))*3", 3 * 4, 3),
        ("X^2", "X", BELL[3], 1),
        ("X", "X^2", BELL[3], BELL[2]),
        ("X^2", "()", BELL[2], 1),
        ("X^3", "X^2", BELL[5], BELL[2]),
        ("X*Y", "X", 2, 1),
        ("X*Y", "5", 5, 5),
        ("X*v", "v", 1, 0),
        ("X*2*v", "3*v*X", 2 * 6, 0),
        ("v^2", "3", 3, 3),
        ("v^3", "v", 3, 0),
        ("v^2", "v", None, None),
        ("u^2", "u", 1, 0),  # the cross product
        ("u^2", "u^3", RIORDAN[5], 1),
        ("v + 2", "v^2 + v", 1 + 2 * 1, 1),
        ("u", "v", None, None),
        ("v*u", "u*v", 1, 0),
        ("q", "g", 9, 3),
        ("g", "z", (2 * 9 - 2) // 8, 0),
        ("g", "s", (9 + 1 + 1 + 1 - 4 * 3) // 8 * 1, None),
        ("q", "z*2 + s + 1", 2 * 2 + 1 + 1, 1),
        ("perm(S(4))", "perm(S(4))^2", BELL[3], BELL[2]),
        ("perm(S(2))", "perm(S(2))^2", BELL[3] - 1, BELL[2]),
        ("perm(C(6))", "regular(C(6))", 6, 1),
        ("vector(O(2))^2", "vector(O(2))^2 + sign(O(2))", 3 + 1, 1),
        ("(a: X*2, b: 3)", "(c: X*4, d: 5)", 2 * 8 + 3 * 4 + 2 * 5 + 15, 4 + 5),
        ("(a: X*2, b: (c: v, d: v^2))", "v", 1, 0),
        ("(w: X, b: 3)*2", "(w: X, b: 3)*2", 2 * 4 + 4 * 3 + 4 * 3 + 36, 2 + 6),
        ("2*(w: X, b: v)", "3*X", 12, 3),
    ],
)
def test_from_one_type_to_another(
    examine: Callable[..., Net], refuse: Callable[..., list[str]], source: str, target: str, weights: int | None, biases: int | None
) -> None:
    program = f"model M(x: {source}) -> {target}:\n    return linear(x)\n"
    if not weights:
        assert refuse(program) == ["E0406"]
        return
    assert counts(examine(program)) == {"out.0.weight": weights} | ({"out.0.bias": biases} if biases else {})


@pytest.mark.parametrize(
    ("source", "target", "options", "weight", "bias"),
    [
        ("X*3", "X*4", "each=X", (1, 4, 3), (1, 4)),
        ("X*3*v", "X*4*v", "each=X", (1, 4, 3), None),
        ("X*c", "X*c", "each=c", (2, 2, 1, 1), (2, 1, 1)),
        ("X*c", "X*c", "each=X*c", (2, 1, 1, 1), (2, 1, 1)),
        ("c*X", "X*c", "each=c*X", (2, 1, 1, 1), (2, 1, 1)),
        ("X*c*3", "X*4*c", "each=c", (2, 2, 4, 3), (2, 1, 4)),
        ("X*Y*3", "Y*X*4", "each=Y", (2, 4, 3), (1, 4)),
        ("X*Y*3", "X*Y*4", "each=X*Y", (1, 4, 3), (1, 4)),
        ("X*Y*3", "X*4", "each=X", (1, 4, 3), (1, 4)),
        ("(a: X, b: 3)", "X*4", "each=X", (4 + 4 * 3,), (1, 4)),
        ("(a: X*3, b: 5)", "X*4", "each=X", (4 * 3 + 4 * 5,), (1, 4)),
        ("X*(3 + 2*v)", "X*(4 + v)", "each=X", (4 * 3 + 2,), (1, 4)),
        ("(2*g)", "(3*g)", "bias=false", (15, 3, 2), None),
        ("q*g*2", "q*g*3", "each=g", (8, 3, 2), (1, 3)),
        ("g*2", "g*3", "each=g, bias=false", (1, 3, 2), None),
        ("(X*X)*3", "4*(X*X)", "each=(X*X)", (1, 4, 3), (1, 4)),
        ("X*Y*c", "X*Y*c", "each=c*Y", (2, 2, 1, 1), (2, 1, 1)),
        ("X*3", "X*4", "bias=false", (2, 4, 3), None),
        ("X*3", "X*4", "bias=true", (2, 4, 3), (1, 4)),
        ("X^2*3", "X*4", "each=Y", None, None),
    ],
)
def test_maps_that_keep_an_axis_apart(
    examine: Callable[..., Net],
    refuse: Callable[..., list[str]],
    source: str,
    target: str,
    options: str,
    weight: tuple[int, ...] | None,
    bias: tuple[int, ...] | None,
) -> None:
    program = f"model M[c = 2](x: {source}) -> {target}:\n    return linear[{options}](x)\n"
    if weight is None:
        assert refuse(program) == ["E0314"]
        return
    found = {name: tuple(parameter.shape) for name, parameter in examine(program).named_parameters()}
    assert found == {"out.0.weight": weight} | ({"out.0.bias": bias} if bias else {})
