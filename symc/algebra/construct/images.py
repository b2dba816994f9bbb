"""Representations by the images of generators, checked against the relations of the group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from symc.algebra import reps
from symc.algebra import sizes as sz
from symc.algebra.construct.checked import check_invertible, matrix, single
from symc.algebra.construct.relations import broken_relation
from symc.algebra.cycles import images as permutation_images
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Group, Number
from symc.algebra.groups.matrices import Rows
from symc.algebra.reps import Rep
from symc.algebra.reps.images import Given

Image: TypeAlias = str | Sequence[int] | Sequence[Sequence[Number]]  # cycles, the images of 0, 1, ..., or the rows of a matrix


def rep(group: Group, images: Sequence[Image], algebra: Sequence[Sequence[Sequence[Number]]] = ()) -> Rep:
    """One image for every discrete generator of the group, and in `algebra` one for every generator of its Lie algebra.

    Raises AlgebraError where the numbers or sizes do not fit, or where the images do not keep the relations of the group.
    """
    single(group, "rep", ", ...")
    if group.free:
        raise AlgebraError(f"rep({group}, ...) depends on {', '.join(sorted(group.free))}", "write a number")
    _count(f"rep({group}, ...)", "image", "images", len(images), group.discrete, "discrete generator")
    _count(f"rep({group}, ...)", "matrix in `algebra`", "matrices in `algebra`", len(algebra), sz.number(group.lie), "generator of its Lie algebra")
    tangents = tuple(matrix(rows, f"algebra image {index}") for index, rows in enumerate(algebra, start=1))
    given = _given(images)
    sizes = {len(one) for one in (*given, *tangents)}
    if not sizes:
        message = f"rep({group}): {group} has no generators, and no image says how many coordinates there are"
        raise AlgebraError(message, f"write trivial({group}), or the number of coordinates")
    if len(sizes) > 1:
        raise AlgebraError(f"rep({group}, ...): images are of sizes {', '.join(map(str, sorted(sizes)))}: all are of one size")
    found = reps.Images(group, given, tangents)
    broken = broken_relation(found)
    if broken is not None:
        raise AlgebraError(f"rep({group}, ...) is no representation: {broken}", "give every generator its image, exactly: integers, or all 16 digits")
    return found


def _given(images: Sequence[Image]) -> tuple[Given, ...]:
    """Permutations among them move the same points; matrices are invertible."""
    permuting = [image for image in images if _is_permutation(image)]
    moved = iter(permutation_images(permuting)[1] if permuting else ())  # type: ignore[arg-type]
    result: list[Given] = []
    for index, image in enumerate(images, start=1):
        if _is_permutation(image):
            result.append(next(moved))
            continue
        rows: Rows = matrix(image, f"image {index}")  # type: ignore[arg-type]
        check_invertible(rows, f"image {index}")
        result.append(rows)
    return tuple(result)


def _is_permutation(image: Image) -> bool:
    return isinstance(image, str) or (bool(image) and all(isinstance(entry, int) for entry in image))


def _count(where: str, one: str, several: str, given: int, wanted: int, each: str) -> None:
    if given != wanted:
        raise AlgebraError(f"{where} has {given} {one if given == 1 else several}: it takes {wanted}, one for every {each}")
