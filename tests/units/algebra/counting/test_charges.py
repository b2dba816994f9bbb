"""What scalar matrices forbid: no invariants where they are not neutral."""

import numpy as np
import pytest

from symc.algebra import construct as c
from symc.algebra import groups as g
from symc.algebra.counting.charges import charge, charged
from symc.algebra.counting.counts import hom_dim
from symc.algebra.elements import Element
from symc.algebra.monomial import dense
from symc.algebra.reps import Conj, Det, Power, Realified, Rep, Sign, Tensor, Traceless, Vector

SCALARS = [  # a group, and z of a scalar matrix in it
    (g.Orthogonal(3), -1.0), (g.SpecialOrthogonal(4), -1.0), (g.Unitary(2), np.exp(0.7j)), (g.SpecialUnitary(3), np.exp(2j * np.pi / 3)),
    (g.SpecialUnitary(2), -1.0),
]  # fmt: skip


@pytest.mark.parametrize(("group", "z"), SCALARS, ids=str)
def test_scalar_matrices_act_by_the_power_of_the_charge(group: g.Lie, z: complex) -> None:
    v = Vector(group)
    legs: list[Rep] = [v, Power(v, 2, "sym"), Power(v, 2, "alt"), Det(v), Conj(v) if v.is_complex else Traceless(v, 2), Tensor((v, v, v.dual()))]
    element = Element({group: z * np.eye(v.dim, dtype=group.dtype)})
    for leg in legs:
        known = charge(leg)
        assert known is not None
        np.testing.assert_allclose(dense(leg.image(element)), z ** known[0] * np.eye(leg.dim), atol=1e-14)


def test_what_is_made_real_knows_its_sign_alone() -> None:
    assert charge(Realified(Vector(g.Unitary(2)))) == (1, 2)
    assert charge(Realified(Power(Vector(g.SpecialUnitary(3)), 2, "sym"))) == (2, 1)


def test_labels_and_signs() -> None:
    assert charge(c.irrep(g.Orthogonal(3), "2o")) == (1, 2)
    assert charge(Sign(g.Orthogonal(3))) == (3, 2)
    assert charge(c.irrep(g.SpecialUnitary(2), "3/2")) == (3, 2)
    assert charge(c.perm(g.Symmetric(3))) is None


def test_the_sign_of_a_determinant_is_no_determinant() -> None:
    sign, determinant = Sign(g.GeneralLinear(1)), Det(Vector(g.GeneralLinear(1)))
    assert (charge(sign), charge(determinant)) == ((1, 2), (1, 0))
    assert not charged([sign, sign])
    assert charged([determinant, determinant])


def test_no_invariants_of_a_charge() -> None:
    large = Power(Vector(g.Orthogonal(100)), 2, "alt")
    assert hom_dim([large], [Vector(g.Orthogonal(100))]) == (0, "charges of scalar matrices")
    assert not charged([large, large])
    assert not charged([Vector(g.SpecialOrthogonal(3))])  # -1 is a reflection
    assert not charged([c.perm(g.Symmetric(3)), Vector(g.Orthogonal(3))])  # of one of them nothing is known
