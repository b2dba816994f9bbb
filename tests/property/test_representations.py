"""Laws of representations, over random groups of every kind and representations by every constructor."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from problems import CONTINUOUS, FINITE, GROUPS, representations

from symc.algebra import construct as c
from symc.algebra import sizes as sz
from symc.algebra.actions import act, generators, matrix
from symc.algebra.counting.characters import character
from symc.algebra.elements import Element, exp, sample
from symc.algebra.groups import Group
from symc.algebra.reps import Rep

SEEDS = st.integers(0, 2**32 - 1).map(np.random.default_rng)


@st.composite
def cases(draw: st.DrawFn, groups: st.SearchStrategy[Group] = GROUPS) -> tuple[Group, Rep]:
    group = draw(groups)
    return group, draw(representations(group))


def close(left: object, right: object) -> None:
    size = 1 + float(np.abs(np.asarray(right)).max(initial=0)) + float(np.abs(np.asarray(left)).max(initial=0))
    np.testing.assert_allclose(left, right, rtol=0, atol=1e-9 * size)


def drawn(group: Group, rng: np.random.Generator) -> tuple[Element, Element]:
    return sample((group,), rng), sample((group,), rng)


@given(cases(), SEEDS)
@settings(max_examples=200)
def test_homomorphism(case: tuple[Group, Rep], rng: np.random.Generator) -> None:
    group, rep = case
    a, b = drawn(group, rng)
    close(matrix(rep, a @ b), matrix(rep, a) @ matrix(rep, b))
    close(matrix(rep, a) @ matrix(rep, a.inverse()), np.eye(sz.number(rep.dim)))


@given(cases(), SEEDS)
def test_the_pairing_with_the_dual_is_invariant(case: tuple[Group, Rep], rng: np.random.Generator) -> None:
    group, rep = case
    (dual,) = c.dual((rep,))
    element, _ = drawn(group, rng)
    u, v = rng.standard_normal((2, sz.number(rep.dim)))
    close(act(dual, element, u) @ act(rep, element, v), u @ v)


@given(cases(), SEEDS)
def test_what_is_said_about_matrices_is_so(case: tuple[Group, Rep], rng: np.random.Generator) -> None:
    """`unitary`, `permuted`, `is_complex` are claims about every image."""
    group, rep = case
    image = matrix(rep, drawn(group, rng)[0])
    if rep.unitary:
        close(image @ image.conj().T, np.eye(len(image)))
    if rep.permuted:
        assert set(np.unique(image)) <= {0, 1}
    assert rep.is_complex or not np.iscomplexobj(image)


@given(cases(CONTINUOUS), SEEDS)
def test_the_algebra_is_the_derivative_of_the_group(case: tuple[Group, Rep], rng: np.random.Generator) -> None:
    group, rep = case
    algebra = [one for one in generators([group]) if one.lie]
    assume(algebra)
    index, step = int(rng.integers(len(algebra))), 1e-4
    weights = np.eye(len(algebra))[index] * step
    slope = (matrix(rep, exp(group, weights)) - matrix(rep, exp(group, -weights))) / (2 * step)
    np.testing.assert_allclose(slope, matrix(rep, algebra[index]), atol=1e-5 * (1 + np.abs(slope).max()))


@given(cases(), SEEDS)
def test_characters_of_powers(case: tuple[Group, Rep], rng: np.random.Generator) -> None:
    """Those of the symmetric and the alternating square are (chi(g)^2 +- chi(g^2)) / 2."""
    group, rep = case
    assume(sz.number(rep.dim) <= 8)
    g, _ = drawn(group, rng)
    once, twice = character(rep, g), character(rep, g @ g)
    close(character(c.sym(rep, 2), g), (once**2 + twice) / 2)
    if sz.number(rep.dim) > 1:
        close(character(c.alt(rep, 2), g), (once**2 - twice) / 2)


@given(cases(FINITE), SEEDS)
def test_real_and_complex_forms(case: tuple[Group, Rep], rng: np.random.Generator) -> None:
    """The real form of a complexification is twice the representation, and complexifying leaves the matrices alone."""
    group, rep = case
    assume(not rep.is_complex)
    g, _ = drawn(group, rng)
    (complexified,) = c.complexified((rep,))
    (real,) = c.realified((complexified,))
    close(matrix(complexified, g), matrix(rep, g))
    close(character(real, g), 2 * character(rep, g))
