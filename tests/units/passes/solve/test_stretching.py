"""Matrices of integers that stretch, or are far from orthogonal: every dimension is right, or it is said that rounding hides the maps."""

from __future__ import annotations

import numpy as np
import pytest

import symc
from symc.diagnostics import DiagnosticError

RIGHT = [
    ("matrices([[2,1],[1,1]])", "vector(G)^5 -> vector(G)^5", 252),
    ("matrices([[2,1],[1,1]])", "vector(G)^4 -> vector(G)^4", 70),
    ("matrices([[7,0],[0,1]])", "vector(G)^5 -> vector(G)^5", 252),
    ("matrices([[3,0],[0,1]],[[1,0],[0,3]])", "vector(G)^4 -> vector(G)^4", 70),
    ("matrices([[0.00001,0],[0,1]])", "vector(G)^3 -> vector(G)^3", 20),
    ("matrices([[1000,0],[0,1]])", "sym(vector(G),6) -> sym(vector(G),6)", 7),
    ("matrices([[20,0],[0,1]])", "sym(vector(G),12) -> sym(vector(G),12)", 13),
    ("matrices([[1,200],[0,1]])", "sym(vector(G),3) -> sym(vector(G),3)", 4),
    ("matrices([[1,40],[0,1]])", "sym(vector(G),5) -> vector(G)", 2),
    ("matrices([[1,2],[0,1]])", "sym(vector(G),10) -> sym(vector(G),10)", 11),
    ("matrices([[10000000,0],[0,1]],[[0,1],[1,0]])", "vector(G)^3 -> vector(G)^3", 10),
    ("matrices([[1000000,1-1000000],[0,1]])", "vector(G)^2 -> vector(G)^2", 6),
    ("matrices([[5,0],[0,1]],[[0,1],[1,0]])", "vector(G)^4 -> vector(G)^4", 35),
    ("lie([[12,-145],[1,-12]])", "vector(G)^2 -> vector(G)^2", 6),
    ("lie([[5,-26,130],[1,-5,25],[0,0,0]])", "vector(G)^2 -> vector(G)^2", 19),
    ("lie([[0,1e-12],[0,0]])", "vector(G)^2 -> vector(G)^2", 6),
    ("lie([[1,0,0],[0,2,0],[0,0,3]], [[0,1,0],[0,0,0],[0,0,0]])", "vector(G)*dual(vector(G)) -> dual(vector(G))*vector(G)", 9),
    ("lie([[0.1,0,0],[0,0.2,0],[0,0,-0.3]])", "vector(G)^3 -> vector(G)^3", 93),  # 0.1 + 0.2 - 0.3 is not 0 in floating point
    ("matrices([[100,-10001],[1,-100]])", "vector(G)^3 -> vector(G)^3", 32),  # of order 4
    ("matrices([[1,2000],[0,-1]])", "vector(G)^3 -> vector(G)^3", 32),  # of order 2
]
S3 = "matrices([[1000,-999999,999999000],[1,-1000,1001000],[0,0,1]], [[1000,-1000000,1000000001],[1,0,0],[0,1,-1000]])"  # in skewed coordinates
HIDDEN = [
    ("matrices([[2,1],[1,1]])", "sym(vector(G),20) -> sym(vector(G),20)", 21),
    ("matrices([[13,8],[8,5]])", "sym(vector(G),8) -> sym(vector(G),8)", 9),
    (S3, "vector(G)^2 -> vector(G)", 5),
]


@pytest.mark.parametrize(("group", "signature", "dim"), RIGHT)
def test_maps_that_are_found(group: str, signature: str, dim: int) -> None:
    found = symc.solve(signature, groups={"G": group})
    assert found.dim == found.certificate.expected == dim
    assert found.certificate.residual <= 1e-9
    flat = found.dense().reshape(dim, -1)
    np.testing.assert_allclose(flat @ flat.T, np.eye(dim), atol=1e-12)


@pytest.mark.parametrize(("group", "signature", "dim"), HIDDEN)
def test_maps_that_rounding_hides_are_counted_and_refused(group: str, signature: str, dim: int) -> None:
    with pytest.raises(DiagnosticError, match=f"there are {dim}, but rounding hides them") as caught:
        symc.solve(signature, groups={"G": group})
    (found,) = caught.value.diagnostics
    assert found.code == "E0403"
    assert "stretch less" in found.helps[0]


def test_all_digits_in_skewed_coordinates_are_no_few_digits() -> None:
    group = "lie([[-10.000000000000016,25.000000000000036],[-4.000000000000006,10.000000000000014]], [[21.000000000000032,-49.00000000000007],"
    assert symc.solve("vector(G)^2 -> vector(G)^2", groups={"G": group + "[9.000000000000014,-21.000000000000032]])"}).dim == 2  # as of SL(2)


@pytest.mark.parametrize(
    ("group", "signature"), [("lie([[1, 0], [0, -1.0000001]])", "vector(G)^2 -> 1"), ("lie([[0.3333333,0],[0,-0.66666667]])", "vector(G)^3 -> 1")]
)
def test_ratios_of_eigenvalues_that_were_rounded(group: str, signature: str) -> None:
    with pytest.raises(DiagnosticError, match="eigenvalues of ratio") as caught:
        symc.solve(signature, groups={"G": group})
    assert caught.value.diagnostics[0].code == "E0403"


TURN, BOOST = "[[[0, {0}], [-{0}, 0]]]", "[[[{0}, 0], [0, -{0}]]]"
ROTATIONS = "[[[0, {0}, 0], [-{0}, 0, 0], [0, 0, 0]], [[0, 0, 0], [0, 0, 1], [0, -1, 0]]]"
SCALED = [
    (1, 1, f"[[0, 1], [1, 0]], algebra={TURN}", 1, 1),
    (0, 1, f"algebra={TURN}", 2, 6),
    (1, 1, f"[[0, 1], [1, 0]], algebra={BOOST}", 2, 3),
    (0, 2, f"algebra={ROTATIONS}", 1, 1),
    (0, 1, "algebra=[[[0, {0}], [0, 0]]]", 1, 2),  # unipotent
]


@pytest.mark.parametrize("length", [1e-9, 1e-6, 1.0, 1e6])
@pytest.mark.parametrize(("discrete", "lie", "images", "power", "dim"), SCALED)
def test_how_long_a_generator_of_a_lie_algebra_is_does_not_matter(length: float, discrete: int, lie: int, images: str, power: int, dim: int) -> None:
    rep = f"rep(G, {images.format(length)})^{power}"
    solution = symc.solve(f"{rep} -> {rep}", groups={"G": f"generated({discrete}, algebra={lie})"})
    assert (solution.dim, solution.certificate.residual < 1e-13) == (dim, True)


def test_legs_of_one_group_whose_generators_differ_in_length() -> None:
    """Charges 1 and 1000 of one circle: no map between them, and those of each."""
    one, many = (f"rep(G, algebra={TURN.format(length)})" for length in (1, 1000))
    assert symc.solve(f"{one} + {many} -> {one} + {many}", groups={"G": "generated(0, algebra=1)"}).dim == 4
