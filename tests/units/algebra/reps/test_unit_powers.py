"""What is always 1 is complex where what it is made of is, as a power or a determinant of anything else there."""

from __future__ import annotations

import pytest

from symc.algebra import construct as c
from symc.algebra.groups import Group
from symc.algebra.reps import Rep

UNITARY: list[Group] = [c.unitary(2), c.special_unitary(2), c.special_unitary(3)]


@pytest.mark.parametrize("group", UNITARY, ids=str)
def test_complex(group: Group) -> None:
    v = c.vector(group)
    found: list[Rep] = [c.det(group), *(power(v, k) for power in (c.sym, c.alt) for k in (0, 1, 2))]
    assert all(rep.is_complex for rep in found)
    assert (c.sym(v, 0).dim, c.sym(v, 0).groups) == (1, ())


def test_real() -> None:
    for group in (c.orthogonal(3), c.special_orthogonal(3), c.general_linear(2), c.special_linear(2)):
        assert not c.det(group).is_complex
        assert not c.sym(c.vector(group), 0).is_complex
    assert c.det(c.matrices([[[0, 1], [1, 0]]])).is_complex is False
    assert c.det(c.matrices([[[0, 1j], [1j, 0]]])).is_complex
