"""Which operations are let through, on models as they are written: the table of admissible activations, products, free sizes, several groups."""

from __future__ import annotations

import re
import tracemalloc
from pathlib import Path

import pytest

from symc.diagnostics import Diagnostic, Source
from symc.grammar import parse
from symc.ir.pointwise import FUNCTIONS
from symc.passes.check import check
from symc.passes.elaborate import elaborate

IN_WORDS = {"E0309_bilinear", "E0309_made_of_nothing"}  # the way out is another model, not another expression in the place
GOLDEN = [path for path in sorted((Path(__file__).parents[3] / "golden" / "diagnostics").glob("E030*.sym")) if path.stem not in IN_WORDS]
GROUPS = """
group P = S(n)
group Q = S(m)
group R = O(3)
group L = SO(2)
group D = D(4)
group H = C(5)
group A = matrices([[0, 2], [1, 0]])
group B = matrices([[0, -2], [1, 0]])
group F = O(k)
group Z = C(n)
group W = S(n - 10)
"""


def found(text: str) -> list[Diagnostic]:
    file, errors = parse(Source("model.sym", text))
    assert errors == []
    return check(elaborate(file, model=None, params={}))


def model(inputs: str, *statements: str) -> list[Diagnostic]:
    body = "".join(f"    {statement}\n" for statement in statements)
    return found(f"{GROUPS}model M({inputs}) -> 3:\n{body}    return linear(y)\n")


ODD = {name for name, row in FUNCTIONS.items() if row.odd}
HOMOGENEOUS = {name for name, row in FUNCTIONS.items() if row.homogeneous}
ALL, LINEAR, NONE = set(FUNCTIONS), ODD & HOMOGENEOUS, ODD & HOMOGENEOUS


@pytest.mark.parametrize(
    ("rep", "legal"),
    [
        ("8", ALL),
        ("perm(P)*8", ALL),
        ("8*perm(P)*perm(Q)", ALL),
        ("regular(D)", ALL),
        ("pixels(D, 4, 4)", ALL),
        ("perm(Z)*4", ALL),
        ("perm(P) + 3", ALL),
        ("sign(P)*4", ODD),
        ("sign(P)*perm(P)", ODD),
        ("sign(P)*sign(P)", ALL),  # two signs are none
        ("sign(P)*sign(Q)", ODD),  # of two groups they are two
        ("sign(P)*sign(P)*sign(P)", ODD),
        ("4 + sign(R)", ODD),
        ("vector(D)*4", ODD),
        ("vector(D)*vector(D)", ODD),
        ("vector(A)", HOMOGENEOUS),
        ("vector(A)*perm(P)*vector(A)", HOMOGENEOUS),
        ("dual(vector(A))", HOMOGENEOUS),
        ("vector(A)*sign(P)", LINEAR),
        ("vector(A) + sign(P)", LINEAR),
        ("vector(B)", LINEAR),
        ("vector(B)*vector(B)", LINEAR),
        ("vector(R)", NONE),
        ("perm(P)*vector(L)*4", NONE),
        ("3 + vector(R)", NONE),
        ("vector(H)*vector(H)", NONE),
        ("vector(F)", NONE),  # the size is free
        ("sign(W)", ODD),  # there is no such group at n = 2
        ("vector(Z)*perm(Z)", NONE),  # a signed permutation at n = 2 and n = 4, not at n = 3
    ],
)
def test_admissible_functions(rep: str, legal: set[str]) -> None:
    written = FUNCTIONS.keys() - {"neg"}  # which is a minus
    assert {name for name in written if not found(f"{GROUPS}model M(x: {rep}) -> {rep}:\n    return {name}(x)\n")} == legal - {"neg"}


def test_a_minus_is_linear() -> None:
    assert model("x: 4*vector(R)", "y = -x") == []


@pytest.mark.parametrize(
    ("inputs", "statement", "code"),
    [
        ("x: 8*vector(R), s: 8", "y = s * x", None),
        ("x: 8*vector(R), s: 8", "y = x / s", None),
        ("x: vector(R), z: vector(R)", "y = x * z", "E0302"),
        ("x: sign(R)*vector(R), z: sign(R)", "y = x * z", "E0302"),
        ("x: perm(P)*4, z: perm(P)*4", "y = x * z", None),
        ("x: 4, z: 4*sign(P)", "y = x / z", None),
        ("x: 4, z: 4*vector(A)", "y = x / z", "E0302"),
        ("x: perm(P)*4", "y = x + 1", None),
        ("x: perm(P)*4, z: 4", "y = x - z", None),
        ("x: 4*sign(P)", "y = x + 1", "E0303"),
        ("x: 4*sign(P)*sign(P)", "y = 1 - x", None),
        ("x: 4*vector(R), z: vector(R)", "y = x + z", None),
        ("x: 4*vector(R), z: 4", "y = z + x", "E0303"),
        ("x: perm(P)*4*vector(R)", "y = norm(x)", None),
        ("x: 4*vector(A)", "y = norm(x)", "E0304"),
        ("x: perm(P)*(4 + 2*vector(R))", "y = norm(x)", None),
        ("x: perm(P)*4*vector(R)", "y = sum[perm(P)](x)", None),
        ("x: perm(P)*4", "y = max[perm(P)](x)", None),
        ("x: perm(P)*4*vector(A)", "y = max[perm(P)](x)", None),
        ("x: perm(P)*4*sign(P)", "y = max[perm(P)](x)", "E0305"),
        ("x: perm(P)*4", "y = softmax[perm(P)](x)", None),
        ("x: perm(P)*4*vector(A)", "y = softmax[perm(P)](x)", "E0306"),
        ("x: perm(P)*(4 + 2*vector(R))", "y = layernorm(x)", None),
        ("x: 2*vector(A)", "y = normalize(x)", "E0304"),
        ("x: 2*vector(A)", "y = layernorm(x)", "E0307"),
        ("x: 2*vector(A)", "y = rmsnorm(x)", "E0307"),
        ("x: 2*vector(A)", "y = batchnorm(x)", "E0307"),
        ("x: perm(P)*(4 + 2*vector(R))", "y = dropout[0.1](x)", None),
    ],
)
def test_operations(inputs: str, statement: str, code: str | None) -> None:
    diagnostics = model(inputs, statement)
    assert [diagnostic.code for diagnostic in diagnostics] == ([code] if code else [])
    assert all(diagnostic.notes[-1].startswith("witness") for diagnostic in diagnostics)


def test_every_wrong_operation_is_told_once() -> None:
    text = f"{GROUPS}rep v = vector(R)\nmodel M(x: 4*v) -> 3:\n    repeat 3:\n        x = relu(x)\n        x = x + 1\n    return linear(x)\n"
    assert [diagnostic.code for diagnostic in found(text)] == ["E0301", "E0303"]


def test_what_is_pointed_at() -> None:
    (diagnostic,) = found(f"{GROUPS}rep v = vector(R)\nmodel M(z: 5, x: 5*v) -> v:\n    h: 8*v = relu(linear(x))\n    return linear(h)\n")
    assert diagnostic.primary is not None
    assert diagnostic.primary.span.text == "relu"
    assert [label.span.text for label in diagnostic.secondary] == ["x: 5*v"]
    assert diagnostic.notes[1] == "witness: g = rotation by 45° about z, x = (0, 1, 0): |relu(g x) − g relu(x)| = 0.71"


@pytest.mark.parametrize(
    ("rep", "operation", "witness"),
    [
        ("vector(L)", "relu(x)", "g = rotation by 45°, x = (0, 1): |relu(g x) − g relu(x)| = 0.71"),
        ("vector(F)", "relu(x)", " at k = 2: g = rotation by 45°"),
        ("sign(P)", "cos(x)", " at n = 2: g = permutation (0 1), x = 1: |cos(g x) − g cos(x)| = 1.1"),
        ("sign(P)", "log(x)", " at n = 2: g = permutation (0 1), x = 1: log(g x) is no number, g log(x) is"),
        ("sign(R)", "relu(x)", "g = reflection diag(−1, 1, 1), x = 1"),
        ("vector(D)", "relu(x)", "g = rotation by 90°"),
        ("vector(A)", "tanh(x)", "g = [[0, 2], [1, 0]], x = (0, 1)"),
        ("vector(Z)", "tanh(x)", " at n = 3: g = rotation by 120°"),
        ("vector(R)*vector(R)*vector(R)", "relu(x)", "1 at (0, 0, 1), 0 elsewhere"),
        ("3*vector(R)", "x*x", "|(g x)*(g x) − g (x*x)| = 0.29"),
        ("3*vector(R)", "x + 2", "|(g x + 2) − g (x + 2)|"),
    ],
)
def test_witnesses_read_well(rep: str, operation: str, witness: str) -> None:
    (diagnostic,) = model(f"x: {rep}", f"y = {operation}")
    assert diagnostic.notes[-1].startswith("witness")
    assert witness in diagnostic.notes[-1]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_every_help_compiles(path: Path) -> None:
    """What a help says, put in the place of the statement it is about, is let through."""
    text = path.read_text(encoding="utf-8")
    (diagnostic,) = found(text)
    assert diagnostic.primary is not None
    before = text.splitlines()[: diagnostic.primary.span.line - 1]
    replacements = [part for help in diagnostic.helps for part in re.findall("`([^`]*)`", help) if not part.isidentifier() or part in ("x", "h")]
    assert replacements
    for replacement in replacements:
        assert found("\n".join([*before, f"    replaced = {replacement}", "    return linear(replaced)", ""])) == [], replacement


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_first_help_compiles_in_place(path: Path) -> None:
    """Pasted over the call it is about, the rest of the program as it stands."""
    text = path.read_text(encoding="utf-8")
    (diagnostic,) = found(text)
    assert diagnostic.primary is not None
    span = diagnostic.primary.span
    if diagnostic.code in ("E0302", "E0303", "E0304") or (call := re.match(r"\w+(\[.*?\])?\(", text[span.start :])) is None:
        return  # an operator: the help names its operands; a norm: what has none keeps its axis
    end, depth = span.start + call.end(), 1
    while depth:
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        end += 1
    (first, *_) = re.findall("`([^`]*)`", diagnostic.helps[0])
    assert found(text[: span.start] + first + text[end:]) == [], first


@pytest.mark.parametrize(
    ("groups", "type_", "statement"),
    [
        ("group P = S(100000)", "perm(P)*sign(P)*64", "y = tanh(x)"),
        ("group P = O(200)", "vector(P)*64", "y = layernorm(x)"),
        ("group P = O(3)", "vector(P)^8", "y = relu(x)"),
        ("group P = D(4)", "pixels(P, 1000, 1000)*vector(P)", "y = relu(x)"),
    ],
)
def test_large_representations_are_never_formed(groups: str, type_: str, statement: str) -> None:
    text = f"{groups}\nmodel M(x: {type_}) -> 3:\n    {statement}\n    return linear(y)\n"
    file, errors = parse(Source("model.sym", text))
    graph = elaborate(file, model=None, params={})
    assert errors == []
    tracemalloc.start()
    try:
        check(graph)
        assert tracemalloc.get_traced_memory()[1] < 2e8  # bytes; one matrix over the coordinates would take far more
    finally:
        tracemalloc.stop()
