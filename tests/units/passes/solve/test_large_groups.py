"""Groups with many generators: what is asked of them must not grow with their number."""

import numpy as np
import pytest

import symc
from symc.algebra import groups as g
from symc.algebra.groups.base import Array
from symc.algebra.groups.classical import lie_pair

LAWS: list[g.Lie] = [
    *(family(n) for family in (g.Orthogonal, g.SpecialOrthogonal, g.Unitary, g.SpecialUnitary, g.GeneralLinear, g.SpecialLinear) for n in (1, 2, 4)),
    *map(g.Symplectic, (2, 4, 6)),
    *(g.Indefinite(*sizes) for sizes in ((2, 2), (1, 3, 2), (1, 0, 2), (0, 2, 2), (0, 1, 0))),
    g.LeviFactor(g.Indefinite(2, 2, 1)),
]


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_sufficient_generators_span_the_lie_algebra_by_brackets(law: g.Lie) -> None:
    own = [law.lie_generator(index) for index in law.sufficient()]
    assert _closure(own) == law.lie


def _closure(own: list[Array]) -> int:
    rows: list[Array] = []
    queue = list(own)
    while queue:
        x = queue.pop(0)
        row = np.concatenate([x.real.ravel(), x.imag.ravel()])
        if np.linalg.matrix_rank(np.array([*rows, row])) > len(rows):
            rows.append(row)
            queue += [x @ y - y @ x for y in own]
    return len(rows)


@pytest.mark.parametrize("n", [2, 3, 7])
def test_pairs_in_lexicographic_order(n: int) -> None:
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    assert [lie_pair(n, index) for index in range(len(pairs))] == pairs


@pytest.mark.parametrize("group", ["O(60, 60)", "SO(40, 41)", "O(4, 4, 6)"])
def test_vectors_of_a_large_group(group: str) -> None:
    solution = symc.solve("vector(G) -> vector(G)", groups={"G": group}, memory_limit=2**27)
    assert (solution.dim, solution.certificate.residual < 1e-13) == (1, True)


def test_a_radical_with_too_many_maps_is_refused() -> None:
    with pytest.raises(symc.DiagnosticError, match="2,501 maps") as caught:
        symc.solve("vector(G) -> vector(G)", groups={"G": "O(2, 1, 50)"})
    assert caught.value.diagnostics[0].code == "E0502"


def test_a_reductive_part_without_maps() -> None:
    assert symc.solve("det(G) -> vector(G)", groups={"G": "O(1, 1)"}).dim == 0
    assert symc.solve("det(G)*vector(G) -> 1", groups={"G": "O(2, 1, 1)"}).dim == 0
