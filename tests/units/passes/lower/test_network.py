"""Products of several tensors: one sum of products, whatever the order; and diagrams of bilinear maps cut in three."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from symc.algebra.groups import Symmetric
from symc.algebra.hom import Factor
from symc.algebra.reps import Perm
from symc.ir.graph import Graph
from symc.ir.tensor import TensorType
from symc.ir.types import Record, Signature
from symc.passes.lower.axes import Label, Labelled
from symc.passes.lower.builder import Builder
from symc.passes.lower.meetings import meetings
from symc.passes.lower.network import Plan, cheapest, multiply
from symc.passes.solve.legs import solve_product

I, J, K, O, E = (("in", 0), ("in", 1), ("in", 2), ("out", 0), ("each", 0))
SIZES: dict[Label, int] = {I: 2, J: 3, K: 4, O: 5, E: 6}
NETWORKS: list[tuple[list[tuple[tuple[Label, ...], bool]], tuple[Label, ...]]] = [
    ([((E, I), True), ((E, J), True), ((O, I, J), False)], (E, O)),
    ([((I, K), True), ((J, K), True), ((O, I, J), False), ((K,), False)], (O,)),
    ([((E, I), True), ((J,), True), ((E, K), False), ((K, O, I, J), False)], (E, O)),
    ([((), True), ((O,), False)], (O,)),
    ([((I,), True), ((I,), True)], ()),
]


def stand_in(b: Builder, labels: tuple[Label, ...], batched: bool) -> Labelled:
    return Labelled(b.value(TensorType(tuple(SIZES[label] for label in labels), batched)), labels)


@pytest.mark.parametrize(("factors", "result"), NETWORKS)
def test_is_the_sum_of_products(
    factors: list[tuple[tuple[Label, ...], bool]], result: tuple[Label, ...], interpreter: Callable[..., list[np.ndarray]]
) -> None:
    b = Builder()
    given = [stand_in(b, labels, batched) for labels, batched in factors]
    found = multiply(b, given, result)
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=(*([7] if batched else []), *(SIZES[label] for label in labels))) for labels, batched in factors]
    graph = Graph("M", Signature(Record(()), Record(())), tuple(factor.value for factor in given), tuple(b.nodes), (found.value,))
    (ours,) = interpreter(graph, arrays, {}, {})
    letters = dict(zip(SIZES, "ijkoe", strict=True))
    terms = ["Z" * batched + "".join(letters[label] for label in labels) for labels, batched in factors]
    wanted = np.einsum(f"{','.join(terms)}->Z{''.join(letters[label] for label in found.labels)}", *arrays)
    assert set(found.labels) == set(result)
    np.testing.assert_allclose(ours, wanted, atol=1e-12)


def test_the_small_tensors_meet_first() -> None:
    """A weight meets a basis before either meets the samples, where that leaves a matrix."""
    b = Builder()
    x = Labelled(b.value(TensorType((64,), True)), (I,))
    weight = Labelled(b.value(TensorType((2,), False)), (K,))
    basis = Labelled(b.value(TensorType((2, 64, 64), False)), (K, O, I))
    assert cheapest([x, weight, basis], (O,))[0] in _both(0, _both(1, 2))


def _both(x: int, y: object) -> list[Plan]:
    """Either order of two factors, and of two in the second."""
    return [pair for inner in (y if isinstance(y, list) else [y]) for pair in ((x, inner), (inner, x))]


def test_diagrams_of_a_pointwise_product() -> None:
    """Of the five maps of two functions on a set to one, one multiplies them point by point and none needs the product of all pairs."""
    x = Perm(Symmetric(4))
    kron = solve_product((x, x), (x,))
    (factor,) = kron.factors
    assert isinstance(factor, Factor)
    found = {(m.left.through, m.right.through, m.closed, m.spreads[0].through): m for m in meetings([factor], 1)}
    assert set(found) == {
        ((), (), (), ()),  # both averaged, the same everywhere
        (((0,),), (), (), ((0,),)),  # the second averaged
        ((), ((1,),), (), ((0,),)),  # the first averaged
        (((0,),), ((1,),), (0,), ()),  # the mean of the product
        (((0,),), ((1,),), (), ((0,),)),  # the product
    }
    assert sorted(position for meeting in found.values() for position in meeting.positions) == list(range(5))
