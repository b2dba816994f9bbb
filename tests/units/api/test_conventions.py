"""The conventions page tells about everything that the language can build."""

from __future__ import annotations

import re

import pytest

from symc.algebra.construct.irreps import LABELS
from symc.api.conventions import conventions
from symc.passes.elaborate.constructors import AXISWISE, GROUPS, REPS

PAGE = conventions()
WITHOUT_EXAMPLE = {"trivial", "automorphisms", "subgroup", "irreps", "restrict", "blocks"}  # what they build is another's


@pytest.mark.parametrize("word", sorted({*GROUPS, *REPS, *AXISWISE} - WITHOUT_EXAMPLE))
def test_every_constructor(word: str) -> None:
    assert re.search(rf"\b{word}\(", PAGE)


@pytest.mark.parametrize("kind", LABELS)
def test_every_kind_of_label(kind: str) -> None:
    assert f"\n- {kind}: " in PAGE


def test_the_orders_that_are_promised() -> None:
    for line in (
        "S(4): (0 1); (0 1 2 3)",
        "A(4): (0 1 2); (1 2 3)",
        "D(5): rotation by 72°; reflection",
        "O(3): E_01 − E_10; E_02 − E_20; E_12 − E_21; diag(−1, 1, 1)",
        'irrep(G, "2e") of G = O(3): 5 real coordinates',
    ):
        assert f"  - {line}\n" in PAGE


def test_no_line_is_long() -> None:
    assert max(map(len, PAGE.splitlines())) <= 100
