"""Permutations as text and as lists of images, checked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from symc.algebra.errors import AlgebraError

POINTS = 2**22  # the most points a group may move, the pixels of a 2048 x 2048 image
_EXAMPLE = 'write disjoint cycles of points 0, 1, ..., such as "(0 1 2)(3 4)"'


def images(generators: Sequence[str | Sequence[int]]) -> tuple[int, tuple[tuple[int, ...], ...]]:
    """The number of points and the images of 0, 1, ... under each generator.

    A list of images says how many points there are; with cycles alone there are as many as the largest point needs. Raises AlgebraError.
    """
    if not generators:
        raise AlgebraError("permutations needs at least one generator", _EXAMPLE)
    texts = {index: parse_cycles(one) for index, one in enumerate(generators) if isinstance(one, str)}
    lists = {index: _checked_images(one) for index, one in enumerate(generators) if not isinstance(one, str)}
    lengths = sorted({len(one) for one in lists.values()})
    if len(lengths) > 1:
        raise AlgebraError(f"lists of images of {lengths[0]} and of {lengths[1]} points: generators of one group move the same points")
    largest = max((point for cycles in texts.values() for cycle in cycles for point in cycle), default=-1)
    degree = lengths[0] if lengths else largest + 1
    if degree == 0:
        raise AlgebraError(f"{_quoted(generators)} moves no point, and does not say how many there are", "list the images, such as [0, 1, 2]")
    if largest >= degree:
        raise AlgebraError(f"the point {largest} does not exist: a list of images says that there are {degree} points, 0 to {degree - 1}")
    return degree, tuple(lists[index] if index in lists else _image(degree, texts[index]) for index in range(len(generators)))


def parse_cycles(text: str) -> list[tuple[int, ...]]:
    """ "(0 1 2)(3 4)" as tuples of points; raises AlgebraError for anything but disjoint cycles."""
    cycles, open_cycle, seen = list[tuple[int, ...]](), None, set[int]()
    for token in re.findall(r"[0-9]+|[^\s,]", text):
        if token == "(" and open_cycle is None:
            open_cycle = list[int]()
        elif token == ")" and open_cycle is not None:
            cycles.append(tuple(open_cycle))
            open_cycle = None
        elif token[0] in "0123456789" and open_cycle is not None:
            open_cycle.append(_new_point(token, seen, text))
        else:
            raise AlgebraError(f'"{_cut(text)}" is no permutation: {token} is out of place', _EXAMPLE)
    if open_cycle is not None or not cycles:
        raise AlgebraError(f'"{_cut(text)}" is no permutation', _EXAMPLE)
    return cycles


def _new_point(digits: str, seen: set[int], text: str) -> int:
    point = int(digits) if len(digits) < 9 else POINTS
    if point >= POINTS:
        raise AlgebraError(f'"{_cut(text)}" has a point beyond the largest allowed, {POINTS - 1}', _EXAMPLE)
    if point in seen:
        raise AlgebraError(f'the point {point} occurs twice in "{_cut(text)}": cycles are disjoint', "make the factors generators of their own")
    seen.add(point)
    return point


def _checked_images(given: Sequence[int]) -> tuple[int, ...]:
    values = tuple(given)
    if not values:
        raise AlgebraError("an empty list of images", "write the image of every point, such as [1, 2, 0]")
    if len(values) > POINTS:
        raise AlgebraError(f"a permutation of {len(values)} points; at most {POINTS} are allowed")
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < len(values):
            message = f"{_cut(str(list(values)))} is no permutation: {_cut(repr(value))} is not one of the points 0 to {len(values) - 1}"
            raise AlgebraError(message, "write the image of every point, such as [1, 2, 0]")
    if len(set(values)) < len(values):
        twice = next(value for index, value in enumerate(values) if value in values[:index])
        raise AlgebraError(f"{_cut(str(list(values)))} is no permutation: {twice} is the image of two points")
    return values


def _image(degree: int, cycles: list[tuple[int, ...]]) -> tuple[int, ...]:
    image = list(range(degree))
    for cycle in cycles:
        for point, following in zip(cycle, cycle[1:] + cycle[:1], strict=True):
            image[point] = following
    return tuple(image)


def _quoted(generators: Sequence[str | Sequence[int]]) -> str:
    return ", ".join(f'"{_cut(str(one))}"' for one in generators[:3])


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def cycle_notation(image: tuple[int, ...]) -> str:
    """A permutation as disjoint cycles, "(0 1 2)(3 4)"; the identity is "()"."""
    seen: set[int] = set()
    text = ""
    for start in range(len(image)):
        cycle = []
        while start not in seen:
            seen.add(start)
            cycle.append(start)
            start = image[start]
        text += f"({' '.join(map(str, cycle))})" if len(cycle) > 1 else ""
    return text or "()"
