"""What construct builds, and what it refuses: every message names the value."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from symc.algebra import construct as make
from symc.algebra import sizes as sz
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Cyclic, Matrices, Named, Permutations, Product, Symmetric
from symc.algebra.reps import Perm, Regular, Sign, Tensor, Trivial, Vector

n = sz.free("n")


def test_permutations_from_text_and_lists() -> None:
    assert make.permutations(["(0 1 2)(3 4)", "( 0,1 )"]) == Permutations(5, ((1, 2, 0, 4, 3), (1, 0, 2, 3, 4)))
    assert make.permutations([[1, 2, 0, 3], "(1 3)"]) == Permutations(4, ((1, 2, 0, 3), (0, 3, 2, 1)))
    assert make.permutations(["()", "(1)(2)"]) == Permutations(3, ((0, 1, 2), (0, 1, 2)))


def test_integral_floats_are_integers() -> None:
    assert make.matrices([[[0.0, -1.0], [1, -0.0]]]) == Matrices((((0, -1), (1, 0)),))
    assert str(make.matrices([[[0.0, -1.0], [1, 0.5]]])) == "matrices([[0, -1], [1, 0.5]])"


def test_entries_may_be_small_and_large() -> None:
    assert make.lie([[[1e-100, 1e100], [0, 1 + 1e-200j]]]) == Matrices((), (((1e-100, 1e100), (0, 1 + 1e-200j)),))


def test_a_name_goes_to_every_factor() -> None:
    pair = make.name("G", make.product([Symmetric(3), Symmetric(3)]), "a.sym")
    assert pair == Product((Named("G.0", Symmetric(3), "a.sym"), Named("G.1", Symmetric(3), "a.sym")))
    kept = Named("A", Cyclic(2))
    assert make.name("G", make.product([kept, make.product([Cyclic(3)])])) == Product((kept, Named("G.1", Cyclic(3))))
    assert make.name("G", Cyclic(3)) == Named("G", Cyclic(3))


def test_representations() -> None:
    assert make.vector(Symmetric(n)) == Perm(Symmetric(n))
    assert make.vector(Cyclic(4)) == Vector(Cyclic(4))
    assert make.trivial(Cyclic(4)) == Trivial(1)
    assert make.sign(make.orthogonal(3)) == Sign(make.orthogonal(3))
    assert make.regular(make.dihedral(n)).dim == 2 * n
    assert make.regular(make.permutations(["(0 1)", "(0 1 2)"])).dim == 6
    two, three = Named("G.0", Cyclic(2)), Named("G.1", Cyclic(3))
    assert make.regular(make.name("G", make.product([Cyclic(2), Cyclic(3)]))) == Tensor((Regular(two, 2), Regular(three, 3)))
    assert make.pixels(make.dihedral(4), n, n).dim == n**2
    assert make.symmetric(2 * n - n) == Symmetric(n)


def test_duals_of_blocks_are_shown_as_what_they_are() -> None:
    blocks = make.vector(make.name("G", make.wreath(make.unitary(2), make.symmetric(3))))
    assert [str(rep) for rep in (blocks, blocks.conj(), blocks.dual(), blocks.conj().conj())] == [
        "vector(G)", "conj(vector(G))", "conj(vector(G))", "vector(G)",
    ]  # fmt: skip


PAIR = make.product([Symmetric(3), Cyclic(2)])
TURN = make.matrices([[[0, -1], [1, 0]]])

REFUSED: list[tuple[Callable[[], object], str, str]] = [
    (lambda: make.symmetric(-1), r"S\(-1\): the size is at least 0", ""),
    (lambda: make.cyclic(0), r"C\(0\): the size is at least 1", ""),
    (lambda: make.dihedral(2.5), r"D\(2.5\): a size is an integer", ""),
    (lambda: make.dihedral(True), r"D\(True\): a size is an integer", ""),
    (lambda: make.orthogonal(10**30), r"O\(about 2\^100\): the size is at most 1000", ""),
    (lambda: make.special_orthogonal(0), r"SO\(0\)", ""),
    (lambda: make.permutations([]), "at least one generator", "disjoint cycles"),
    (lambda: make.permutations(["(0 1)(1 2)"]), r'point 1 occurs twice in "\(0 1\)\(1 2\)"', "generators of their own"),
    (lambda: make.permutations(["(0 1"]), r'"\(0 1" is no permutation', "disjoint cycles"),
    (lambda: make.permutations(["(0 x)"]), r'"\(0 x\)" is no permutation', "disjoint cycles"),
    (lambda: make.permutations(["(0 1)2"]), r'"\(0 1\)2" is no permutation: 2 is out of place', "disjoint cycles"),
    (lambda: make.permutations(["(" + " " * 10**6 + "x"]), "x is out of place", "disjoint cycles"),
    (lambda: make.permutations([""]), '"" is no permutation', "disjoint cycles"),
    (lambda: make.permutations(["(0 " + "9" * 5000 + ")"]), "beyond the largest allowed", ""),
    (lambda: make.permutations(["()"]), "does not say how many", "list the images"),
    (lambda: make.permutations([[0, 0]]), r"\[0, 0\] is no permutation: 0 is the image of two points", ""),
    (lambda: make.permutations([[0, 2]]), r"\[0, 2\] is no permutation: 2 is not one of the points 0 to 1", ""),
    (lambda: make.permutations([[0, 1.0]]), "1.0 is not one of the points", ""),
    (lambda: make.permutations([[]]), "empty list", ""),
    (lambda: make.permutations([[1, 0], [0, 1, 2]]), "2 and of 3 points", ""),
    (lambda: make.permutations([[1, 0], "(1 2)"]), "the point 2 does not exist", ""),
    (lambda: make.matrices([]), "at least one generator", "matrices"),
    (lambda: make.matrices([[[1, 0], [0]]]), r"generator 1 has 2 rows of lengths \[2, 1\]", ""),
    (lambda: make.matrices([[[1, 0]]]), "square", ""),
    (lambda: make.matrices([[1, 0]]), "list of rows", ""),
    (lambda: make.matrices([[]]), "square", ""),
    (lambda: make.matrices([[[1]], [[1, 0], [0, 1]]]), "generator 1 is 1 x 1, generator 2 is 2 x 2", ""),
    (lambda: make.matrices([[[1, 2], [2, 4]]]), r"generator 1, \[\[1, 2\], \[2, 4\]\], is singular", ""),
    (lambda: make.matrices([[[0.1, 0.2], [0.2, 0.4]]]), "is singular", ""),
    (lambda: make.matrices([[[2**40, 1], [2**40 * 2**10, 2**10]]]), "is singular", ""),
    (lambda: make.matrices([[[1, float("nan")], [0, 1]]]), "generator 1, row 0, column 1: nan is not finite", ""),
    (lambda: make.matrices([[[float("inf")]]]), "inf is not finite", ""),
    *((lambda x=x: make.matrices([[[x]]]), r"generator 1, row 0, column 0: \S+ is out of proportion", "") for x in (1e-200, 5e-324, 1e101, 1e-101j)),
    (lambda: make.lie([[[1.7e308 + 1.7e308j]]]), "is out of proportion; absolute values other than 0 are from 1e-100 to 1e\\+100", "other units"),
    (lambda: make.rep(make.generated(1), [[[1e-200]]]), "image 1, row 0, column 0: 1e-200 is out of proportion", ""),
    (lambda: make.rep(make.generated(0, 1), [], [[[-1e150]]]), "algebra image 1, row 0, column 0: -1e\\+150 is out of proportion", ""),
    (lambda: make.matrices([[["1"]]]), "'1' is no number", ""),
    (lambda: make.matrices([[[10**400]]]), r"about 2\^1329 is too large", ""),
    (lambda: make.matrices([[[1] * 257] * 257]), "257 x 257; at most 256 x 256", ""),
    (lambda: make.product([]), "no groups", ""),
    (lambda: make.name("G", make.product([Named("A", Cyclic(2))] * 2)), r"A occurs twice in A \* A", "names of their own"),
    (lambda: make.sign(Cyclic(4)), r"C\(4\) has no sign", r"trivial\(C\(4\)\)"),
    (lambda: make.sign(make.matrices([[[2]]])), "determinant of generator 1 is 2", ""),
    (lambda: make.perm(make.orthogonal(3)), "continuous group and permutes nothing", r"did you mean vector\(O\(3\)\)\?"),
    (lambda: make.perm(TURN), "given by matrices", "did you mean vector"),
    (lambda: make.perm(PAIR), "perm of one is ambiguous", r"write `perm\(S\(3\)\) \* perm\(C\(2\)\)` \(tensor product\) or `perm\(S\(3\)\) \+"),
    (lambda: make.vector(PAIR), "vector of one is ambiguous", r"vector\(S\(3\)\) \* vector\(C\(2\)\)"),
    (lambda: make.pixels(PAIR, 2, 2), "pixels of one is ambiguous", ""),
    (lambda: make.sign(make.product([Cyclic(2), Cyclic(2)])), r"C\(2\) occurs twice", "names of their own"),
    (lambda: make.regular(make.special_orthogonal(3)), r"SO\(3\) is infinite", r"did you mean vector\(SO\(3\)\)\?"),
    (lambda: make.regular(Symmetric(n)), "n! coordinates, so n must be a number", "perm instead"),
    (lambda: make.regular(Symmetric(20)), "2432902008176640000 coordinates, more than 100000", ""),
    (lambda: make.regular(make.matrices([[[1, 1], [0, 1]]])), "is infinite", "finite order"),
    (lambda: make.pixels(Cyclic(4), 2, 3), r"pixels\(C\(4\), 2, 3\): a quarter turn needs a square image", r"C\(2\)"),
    (lambda: make.pixels(Cyclic(4), n, 3), "square image", ""),
    (lambda: make.pixels(Cyclic(3), 3, 3), "360°/3", "n = 1, 2 or 4"),
    (lambda: make.pixels(Cyclic(n), 3, 3), "360°/n", "n = 1, 2 or 4"),
    (lambda: make.pixels(Symmetric(3), 3, 3), r"S\(3\) does not turn the pixels", ""),
    (lambda: make.pixels(Cyclic(2), 0, 3), "at least 1", ""),
    (lambda: make.pixels(Cyclic(2), 10**5, 10**5), "10000000000 pixels", ""),
]  # fmt: skip


@pytest.mark.parametrize(("build", "message", "help"), REFUSED, ids=[message[:40] for _, message, _ in REFUSED])
def test_refused(build: Callable[[], object], message: str, help: str) -> None:
    with pytest.raises(AlgebraError, match=message) as caught:
        build()
    assert re.search(help, caught.value.help or "")
