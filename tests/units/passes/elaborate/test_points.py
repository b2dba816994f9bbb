"""Points in expressions: differences are vectors, vectors move points, all else is refused with its code; what compiles commutes with motions."""

from __future__ import annotations

import pytest
import torch

import symc
from symc.algebra import construct as c
from symc.algebra import sizes as sz
from symc.algebra.reps import Point, Rep, Sum, Tensor, Trivial, Vector
from symc.diagnostics import Diagnostic, DiagnosticError
from symc.ir.infer import IllTyped, infer, met_axis
from symc.ir.ops import Binary
from symc.ir.types import Type
from symc.passes.elaborate.broadcast import NoAlignment, align
from symc.passes.elaborate.space import Axes

M, N = (c.name(name, c.euclidean(2)) for name in "MN")
X = c.perm(c.name("P", c.symmetric(sz.free("n"))))
P, V, Q = c.point(M), c.vector(M), c.point(N)
LETTERS: dict[str, Rep] = {"X": X, "p": P, "v": V, "q": Q, "1": Trivial(1), "3": Trivial(3)}
LETTERS |= {"s": Sum((P, V)), "t": Sum((V, P)), "w": Sum((V, V)), "m": Tensor((Trivial(3), P)), "k": Tensor((Trivial(3), V))}
HEAD = "group P = S(n)\ngroup M = E(2)\ngroup N = E(2)\nrep X = perm(P)\nrep p = point(M)\nrep v = vector(M)\nrep q = point(N)\n"


def axes(written: str) -> Axes:
    return Axes(tuple(LETTERS[letter] for letter in written), (None,) * len(written))


@pytest.mark.parametrize(
    ("left", "kind", "right", "result"),
    [
        ("p", "sub", "p", "v"),
        ("Xp", "sub", "p", "Xv"),
        ("p", "sub", "Xp", "Xv"),
        ("3p", "sub", "3p", "3v"),
        ("p", "add", "v", "p"),
        ("v", "add", "p", "p"),
        ("p", "sub", "v", "p"),
        ("Xp", "add", "v", "Xp"),
        ("v", "add", "Xp", "Xp"),
        ("Xv", "add", "p", "Xp"),
        ("v", "sub", "v", "v"),
        ("m", "sub", "m", "k"),
        ("m", "add", "k", "m"),
        ("s", "sub", "s", "w"),
        ("s", "add", "w", "s"),
        ("w", "add", "s", "s"),
    ],
)
def test_what_meets_and_what_it_is(left: str, kind: str, right: str, result: str) -> None:
    """The type that broadcasting says is the one that the IR infers."""
    found = align(axes(left), axes(right), None, kind)
    assert found.space.reps == axes(result).reps
    (inferred,) = infer(Binary(kind, found.left, found.right), [Type(axes(left).reps), Type(axes(right).reps)])  # type: ignore[arg-type]
    assert inferred == Type(axes(result).reps)


@pytest.mark.parametrize(
    ("left", "kind", "right"),
    [
        ("p", "sub", "q"),
        ("p", "add", "q"),
        ("p", "sub", "3"),
        ("s", "sub", "t"),
        ("s", "add", "t"),
        ("t", "sub", "s"),
        ("p", "mul", "v"),
        ("s", "add", "p"),
    ],
)
def test_what_does_not_meet(left: str, kind: str, right: str) -> None:
    with pytest.raises(NoAlignment):
        align(axes(left), axes(right), None, kind)
    with pytest.raises(IllTyped):
        infer(Binary(kind, (0,), (0,)), [Type(axes(left).reps), Type(axes(right).reps)])  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["mul", "div"])
def test_products_keep_points_as_they_are(kind: str) -> None:
    """A type of its own, for what checks them to refuse."""
    assert met_axis(kind, P, P) == P
    assert met_axis(kind, P, V) is None


def test_the_vectors_between_points() -> None:
    assert isinstance(P, Point)
    assert isinstance(V, Vector)
    assert met_axis("sub", P, P) == V
    assert met_axis("add", P, V) == met_axis("add", V, P) == met_axis("sub", P, V) == P


COMPILES = [
    ("x: X*p, y: p", "X*v", "x - y"),
    ("x: X*p, y: v", "X*p", "x - y"),
    ("x: v, y: X*p", "X*p", "x + y"),
    ("x: 3*p", "3*p", "x + (x - x)"),
    ("x: p, y: p", "p", "x + 0.5 * (y - x)"),
    ("x: p, y: p, s: ()", "p", "x + tanh(s) * (y - x)"),
    ("x: X*p", "p", "mean[X](x)"),
    ("x: X*p", "X", "norm(x - mean[X](x))"),
    ("x: X*p, w: X*1", "X*p", "x + relu(w) * (x - mean[X](x))"),
    ("x: p + v, y: p + v", "v + v", "x - y"),
    ("x: p + v", "p", "x.0 + x.1"),
    ("x: p, y: v", "p + v", "concat(x, y)"),
    ("x: X*p, y: p", "X*p", "linear(x, y)"),
    ("x: X*p", "X*p", "linear[each=X](x)"),
    ("x: (a: p, b: v), y: (a: p, b: v)", "(a: v, b: v)", "x - y"),
]


@pytest.mark.parametrize(("inputs", "result", "value"), COMPILES)
def test_what_compiles_commutes_with_motions(inputs: str, result: str, value: str) -> None:
    net = symc.compile(text=f"{HEAD}model Move({inputs}) -> {result}:\n    return {value}\n")
    assert symc.verify(net, trials=2).ok


def test_the_numbers_of_an_affine_combination() -> None:
    value = "x + 0.25 * (y - x) + 2.0 * (mean[X](z) - y)"
    net = symc.compile(text=f"{HEAD}model Move(x: p, y: p, z: X*p) -> p:\n    return {value}\n", dtype=torch.float64)
    x, y, z = (torch.randn(*shape, 2, dtype=torch.float64) for shape in ((), (), (5,)))
    torch.testing.assert_close(net(x, y, z), 0.75 * x - 1.75 * y + 2 * z.mean(0), rtol=1e-13, atol=1e-13)


REFUSED = [
    ("x: X*p, y: X*p", "X*p", "x + y", "E0309", "add a difference of points"),
    ("x: v, y: p", "p", "x - y", "E0309", "write it the other way: `y - x`"),
    ("x: p, s: 1", "p", "s * x", "E0309", "scale a difference of points"),
    ("x: p, y: v", "v", "x * y", "E0312", None),
    ("x: p", "p", "x / 2.0", "E0309", "scale a difference of points"),
    ("x: X*p", "p", "sum[X](x)", "E0309", "use the mean, a point: `mean[X](x)`"),
    ("x: X*p", "p", "max[X](x)", "E0305", "use the mean"),
    ("x: X*p", "X", "norm(x)", "E0309", "such as `x - mean[X](x)`"),
    ("x: X*p", "X*p", "-x", "E0309", "such as `x - mean[X](x)`"),
    ("x: X*p", "X*p", "x^2", "E0309", None),
    ("x: X*p", "X*p", "tanh(x)", "E0309", None),
    ("x: X*3*p", "X*3*p", "layernorm(x)", "E0309", None),
    ("x: X*p", "X*p", "dropout[0.5](x)", "E0309", None),
    ("x: X*p", "X*p", "softmax[X](x)", "E0309", None),
    ("x: p + v, y: p + v", "p + v", "x + y", "E0309", None),
    ("x: p + v, y: v + p", "p + p", "x + y", "E0312", None),
    ("x: p, y: q", "v", "x - y", "E0312", None),
    ("x: X*p", "X*v", "x", "E0311", None),
    ("x: X*p", "v", "mean[X](x)", "E0311", None),
    ("x: p*v", "1", "x", "E0323", "take a difference of points, a vector"),
    ("x: v", "p", "linear(x)", "E0407", "give `linear` an input of points"),
    ("x: q", "p", "linear(x)", "E0407", "give `linear` an input of points"),
]


@pytest.mark.parametrize(("inputs", "result", "value", "code", "help_"), REFUSED, ids=[f"{inputs}, {value}" for inputs, _, value, *_ in REFUSED])
def test_what_is_refused(inputs: str, result: str, value: str, code: str, help_: str | None) -> None:
    with pytest.raises(DiagnosticError) as caught:
        symc.compile(text=f"{HEAD}model Move({inputs}) -> {result}:\n    return {value}\n")
    found: list[Diagnostic] = list(caught.value.diagnostics)
    assert [one.code for one in found] == [code]
    assert help_ is None or any(help_ in text for text in found[0].helps)


@pytest.mark.parametrize(("inputs", "result", "value"), [case[:3] for case in REFUSED if case[3] == "E0309"])
def test_the_witness_is_a_translation(inputs: str, result: str, value: str) -> None:
    with pytest.raises(DiagnosticError, match="witness: g = translation"):
        symc.compile(text=f"{HEAD}model Move({inputs}) -> {result}:\n    return {value}\n")
