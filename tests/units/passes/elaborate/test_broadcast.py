"""Operands meet by type, not by position."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symc.algebra import construct
from symc.algebra import sizes as sz
from symc.algebra.reps import Rep, Trivial
from symc.passes.elaborate.broadcast import NoAlignment, align, longest_matchings
from symc.passes.elaborate.space import Axes

X = construct.perm(construct.name("P", construct.symmetric(sz.free("n"))))
Y = construct.perm(construct.name("Q", construct.symmetric(sz.free("m"))))
V = construct.vector(construct.name("R", construct.orthogonal(3)))
LETTERS: dict[str, Rep] = {"X": X, "Y": Y, "v": V, "1": Trivial(1), "3": Trivial(3), "c": Trivial(4), "d": Trivial(4), "4": Trivial(4)}


def axes(written: str) -> Axes:
    """`Xc` is X*c, with c = d = 4."""
    return Axes(tuple(LETTERS[letter] for letter in written), tuple(letter if letter in "cd" else None for letter in written))


def written(space: Axes) -> str:
    names = {X: "X", Y: "Y", V: "v", Trivial(1): "1", Trivial(3): "3", Trivial(4): "4"}
    return "".join(label or names[rep] for rep, label in zip(space.reps, space.labels, strict=True))


@pytest.mark.parametrize(
    ("left", "right", "result"),
    [
        ("Xc", "Xc", "Xc"),
        ("", "Xc", "Xc"),
        ("1", "Xc", "Xc"),
        ("X1", "Xc", "Xc"),
        ("X1", "Xv", "Xv"),
        ("X1", "X", "X1"),
        ("c", "Xc", "Xc"),
        ("X", "Xc", "Xc"),
        ("X3", "XY3", "XY3"),
        ("Xv", "Xcv", "Xcv"),
        ("3", "X3v", "X3v"),
        ("d", "cd", "cd"),  # by name where there is a choice
        ("c", "cd", "cd"),
        ("Xc", "Xd", "Xc"),  # by value where there is none
        ("X4", "Xc", "Xc"),
        ("XX", "XX", "XX"),
        ("YX", "Xc", "YXc"),  # one order is left
        ("Xc", "YX", "YXc"),
    ],
)
def test_results(left: str, right: str, result: str) -> None:
    assert written(align(axes(left), axes(right), None, "mul").space) == result


@pytest.mark.parametrize(
    ("left", "right", "target", "result"),
    [
        ("X", "Y", "YX", "YX"),
        ("X", "Y", "XY", "XY"),
        ("Xv", "Yv", "YXv", "YXv"),
        ("X", "c", "Xc", "Xc"),
        ("X1", "c", "Xc", "Xc"),
        ("X3", "Y3", "YX3", "YX3"),
    ],
)
def test_the_annotation_orders_an_outer_result(left: str, right: str, target: str, result: str) -> None:
    assert written(align(axes(left), axes(right), axes(target), "mul").space) == result


@pytest.mark.parametrize(
    ("left", "right", "target", "ambiguous"),
    [
        ("X3", "Xc", None, False),
        ("X", "Y", None, False),
        ("X3", "X4", "X3", False),
        ("v", "3", None, False),
        ("cX", "Xc", None, True),  # along X, or along c
        ("XXc", "X", None, True),
        ("cd", "4", None, True),
        ("cc", "c", None, True),
        ("1c", "c1", None, True),
    ],
)
def test_what_does_not_meet(left: str, right: str, target: str | None, ambiguous: bool) -> None:
    with pytest.raises(NoAlignment) as caught:
        align(axes(left), axes(right), axes(target) if target is not None else None, "mul")
    assert caught.value.ambiguous == ambiguous


words = st.text(st.sampled_from("XYv3c1"), max_size=4)


@given(words, words)
def test_every_axis_stands_once_and_in_order(left: str, right: str) -> None:
    try:
        found = align(axes(left), axes(right), None, "mul")
    except NoAlignment:
        return
    for word, places in ((left, found.left), (right, found.right)):
        used = [place for place in places if place is not None]
        assert used == sorted(set(used))
        assert all(word[place] == "1" for place in range(len(word)) if place not in used)
    for a, b, rep in zip(found.left, found.right, found.space.reps, strict=True):
        assert a is not None or b is not None
        assert all(LETTERS[word[place]] == rep for word, place in ((left, a), (right, b)) if place is not None)


@given(words, words)
def test_the_order_of_the_operands_does_not_matter(left: str, right: str) -> None:
    def outcome(function: Callable[[], Any]) -> Any:
        try:
            return function()
        except NoAlignment as error:
            return error.ambiguous, error.order

    one = outcome(lambda: align(axes(left), axes(right), None, "mul").space)
    assert outcome(lambda: align(axes(right), axes(left), None, "mul").space) == one


@given(st.text(st.sampled_from("ab"), max_size=5), st.text(st.sampled_from("ab"), max_size=5))
def test_longest_matchings_against_all_of_them(left: str, right: str) -> None:
    every = [
        tuple(zip(rows, columns, strict=True))
        for size in range(min(len(left), len(right)) + 1)
        for rows in combinations(range(len(left)), size)
        for columns in combinations(range(len(right)), size)
        if all(left[i] == right[j] for i, j in zip(rows, columns, strict=True))
    ]
    longest = [pairs for pairs in every if len(pairs) == max(map(len, every))]
    found = longest_matchings(range(len(left)), range(len(right)), lambda i, j: left[i] == right[j])
    assert set(found) <= set(longest)
    assert len(set(found)) == min(len(longest), 2)
