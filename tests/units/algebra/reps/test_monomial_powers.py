"""Powers of signed permutations, in integers, beside those of their matrices."""

from __future__ import annotations

import numpy as np
import pytest

from symc.algebra.elements import Element
from symc.algebra.groups import Matrices
from symc.algebra.monomial import Monomial
from symc.algebra.reps import Power, Vector
from symc.algebra.reps.powers import Kind, power


@pytest.mark.parametrize("kind", ["sym", "alt"])
@pytest.mark.parametrize("k", [0, 2, 3, 4])
def test_a_power_of_a_signed_permutation_is_one(k: int, kind: Kind) -> None:
    moves = [Monomial(np.array([2, 0, 1, 4, 3]), np.array([1, -1, 1, -1, 1], dtype=np.int8)), Monomial.permutation([4, 3, 2, 1, 0])]
    group = Matrices(tuple(tuple(map(tuple, one.dense().tolist())) for one in moves))
    for index, move in enumerate(moves):
        image = Power(Vector(group), k, kind).image(Element({group: group.generator(index)}))
        assert isinstance(image, Monomial)
        np.testing.assert_allclose(image.dense(), power(move.dense(), k, kind, False), atol=1e-12)
