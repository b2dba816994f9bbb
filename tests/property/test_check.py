"""The checker's verdict against brute force: the whole operation at random inputs, under every generator and random elements."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symc.algebra import construct as c
from symc.algebra import elements, reps
from symc.algebra import sizes as sz
from symc.algebra.actions import act
from symc.algebra.elements import Element
from symc.algebra.generators import generators
from symc.algebra.groups import Group
from symc.algebra.reps import Rep, Sum, Tensor, Trivial
from symc.ir.evaluate import apply, axis_sizes
from symc.ir.graph import Graph, Node, Value
from symc.ir.infer import infer
from symc.ir.ops import Binary, EquivariantOp, LayerNorm, Norm, Pointwise, Pool, Softmax
from symc.ir.parameters import parameter_shapes
from symc.ir.pointwise import FUNCTIONS
from symc.ir.types import Record, Signature, Type
from symc.passes.check import check


def _group(name: str, group: Group) -> Group:
    return c.name(name, group)


S3, O2, SO3 = _group("P", c.symmetric(3)), _group("O", c.orthogonal(2)), _group("R", c.special_orthogonal(3))
O3 = _group("Q", c.orthogonal(3))
MATRICES = {
    "positive": [[[0, 2], [1, 0]]],
    "signed": [[[0, -1], [1, 0]]],
    "both": [[[0, -2], [1, 0]]],
    "shear": [[[1, 1], [0, 1]]],
    "shrink": [[[0.5, 0], [0, 0.5]]],
    "mean": [[[0.25, 0.75], [0.75, 0.25]]],  # rows and columns sum to 1, and it is no permutation
    "flip": [[[1, 0], [0, -1]], [[0, 1], [1, 0]]],
}
LEAVES: list[Rep] = [
    c.perm(S3),
    c.sign(S3),
    c.vector(O2),
    c.sign(O2),
    c.vector(SO3),
    c.vector(O3),
    c.sign(O3),
    c.regular(_group("D3", c.dihedral(3))),
    c.sign(_group("D3", c.dihedral(3))),
    c.vector(_group("D4", c.dihedral(4))),
    c.sign(_group("D4", c.dihedral(4))),
    c.pixels(_group("D4", c.dihedral(4)), 2, 2),
    c.sign(_group("A", c.permutations(["(0 1)(2 3)", "(0 1 2)"]))),
    *(c.vector(_group(f"C{n}", c.cyclic(n))) for n in range(1, 7)),
    *(c.vector(_group(name, c.matrices(images))) for name, images in MATRICES.items()),
    reps.dual(c.vector(_group("shear", c.matrices(MATRICES["shear"])))),
    reps.dual(c.vector(_group("positive", c.matrices(MATRICES["positive"])))),
]

leaves = st.sampled_from(LEAVES)
small = st.one_of(leaves, leaves, st.sampled_from([Trivial(1), Trivial(2), Trivial(3)]))
axes = st.one_of(
    small,
    small,
    st.lists(small, min_size=2, max_size=2).map(lambda parts: Tensor(tuple(parts))),
    st.lists(small, min_size=2, max_size=2).map(lambda parts: Sum(tuple(parts))),
)
types = st.lists(axes, min_size=1, max_size=3).map(lambda parts: Type(tuple(parts))).filter(lambda item: int(item.rep.dim) <= 200)


@functools.cache
def group_elements(group: Group) -> list[Element]:
    rng = np.random.default_rng(0)
    own = generators([group])
    steps = [elements.exp(group, rng.standard_normal(sz.number(group.lie)))] if sz.number(group.lie) else []
    return [*(elements.from_generator(g) for g in own if not g.lie), *steps, elements.sample([group], rng)]


def move(element: Element, item: Type, x: np.ndarray) -> np.ndarray:
    for axis, rep in enumerate(item.axes):
        x = act(rep, element, x, axis=axis + 1)
    return x


def commutes(op: EquivariantOp, inputs: list[Type], target: Type, parameters: dict[str, np.ndarray]) -> bool:
    """f(g x) = g f(x), at rounding, for 6 random x; where f is not everywhere defined, it is defined at the same places."""
    rng = np.random.default_rng(1)
    groups = dict.fromkeys(atom for item in (*inputs, target) for group in item.groups for atom in group.atoms)
    for positive in (False, True):
        xs = [rng.standard_normal((6, *axis_sizes(item))) for item in inputs]
        xs = [np.abs(x) for x in xs] if positive else xs
        (after,) = apply(op, xs, inputs, [target], parameters, {}, 6)
        whole = np.isfinite(after.reshape(6, -1)).all(axis=1)
        for element in (found for group in groups for found in group_elements(group)):
            (before,) = apply(op, [move(element, item, x) for item, x in zip(inputs, xs, strict=True)], inputs, [target], parameters, {}, 6)
            moved = move(element, target, after[whole])
            size = 1 + np.abs(moved).max(initial=0)
            if not np.abs(before[whole] - moved).max(initial=0) <= 1e-7 * size:
                return False
    return True


def graph(op: EquivariantOp, inputs: list[Type], target: Type) -> Graph[EquivariantOp]:
    values = tuple(Value(i, "xy"[i], item) for i, item in enumerate(inputs))
    out = Value(2, "z", target)
    signature = Signature(Record(tuple((value.name, item) for value, item in zip(values, inputs, strict=True))), target)
    return Graph("Any", signature, values, (Node(op, values, (out,)),), (out,), tuple({g for item in inputs for g in item.groups}))


def agree(op: EquivariantOp, inputs: list[Type]) -> None:
    (target,) = infer(op, inputs)
    whole = graph(op, inputs, target)
    rng = np.random.default_rng(2)
    found = check(whole)
    parameters = {name: 1 + rng.random(shape) for name, shape in parameter_shapes(whole).items()}
    assert commutes(op, inputs, target, parameters) == (not found), [found, str(inputs[0])]
    for diagnostic in found:
        assert any(note.startswith("witness") for note in diagnostic.notes), diagnostic
        assert diagnostic.helps


@pytest.mark.parametrize("leaf", LEAVES, ids=str)
def test_every_function_on_every_leaf(leaf: Rep) -> None:
    for name in FUNCTIONS:
        agree(Pointwise(name), [Type((leaf,))])


@settings(max_examples=150)
@given(types, st.sampled_from(sorted(FUNCTIONS)))
def test_functions(item: Type, name: str) -> None:
    agree(Pointwise(name), [item])


@settings(max_examples=60)
@given(types, st.sampled_from([2.0, 3.0, 1.0, 0.5, -1.0, -2.0]))
def test_powers(item: Type, exponent: float) -> None:
    agree(Pointwise("pow", exponent), [item])


@settings(max_examples=200)
@given(types, st.sampled_from(["add", "sub", "mul", "div"]), st.data())
def test_binary(item: Type, kind: str, data: st.DataObject) -> None:
    """Each axis of the result stands in the left operand, the right or both."""
    held = data.draw(st.lists(st.sampled_from(["both", "left", "right"]), min_size=len(item.axes), max_size=len(item.axes)))
    places: list[tuple[int | None, ...]] = []
    operands = []
    for side in ("left", "right"):
        own = [i for i, where in enumerate(held) if where in (side, "both")]
        places.append(tuple(own.index(i) if i in own else None for i in range(len(held))))
        operands.append(Type(tuple(item.axes[i] for i in own)))
    agree(Binary(kind, *places), operands)  # type: ignore[arg-type]


@settings(max_examples=100)
@given(types, st.booleans(), st.data())
def test_norms(item: Type, squared: bool, data: st.DataObject) -> None:
    roles = data.draw(st.lists(st.sampled_from(["keep", "drop", "reduce"]), min_size=len(item.axes), max_size=len(item.axes)))
    dropped, reduced = (tuple(i for i, role in enumerate(roles) if role == wanted) for wanted in ("drop", "reduce"))
    agree(Norm(squared, dropped, reduced), [item])


@settings(max_examples=100)
@given(types, st.sampled_from(["sum", "mean", "max"]), st.data())
def test_pooling(item: Type, kind: str, data: st.DataObject) -> None:
    agree(Pool(kind, data.draw(st.integers(0, len(item.axes) - 1))), [item])  # type: ignore[arg-type]


@settings(max_examples=60)
@given(types, st.data())
def test_softmax(item: Type, data: st.DataObject) -> None:
    agree(Softmax(data.draw(st.integers(0, len(item.axes) - 1))), [item])


@settings(max_examples=100)
@given(types, st.data())
def test_layernorm(item: Type, data: st.DataObject) -> None:
    chosen = tuple(sorted(data.draw(st.sets(st.integers(0, len(item.axes) - 1), min_size=1))))
    assume(int(Type(tuple(item.axes[axis] for axis in chosen)).rep.dim) > 1)  # one channel alone is centred to nothing
    agree(LayerNorm("l", chosen), [item])
