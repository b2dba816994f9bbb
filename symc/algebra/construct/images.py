"""Representations by the images of generators, checked against the relations of the group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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

EXACTLY = "give every generator its image, exactly: integers, or all 16 digits"


@dataclass(frozen=True, slots=True)
class ByImages:
    """What `rep` is given, before it is known what relations the images are to keep: those of the group, or those modulo a number."""

    group: Group
    images: Sequence[Image]
    algebra: Sequence[Sequence[Sequence[Number]]] = ()

    def read(self) -> reps.Images:
        """Raises AlgebraError where the numbers or sizes do not fit, or for a singular matrix."""
        group = single(self.group, "rep", ", ...")
        if group.free:
            raise AlgebraError(f"rep({group}, ...) depends on {', '.join(sorted(group.free))}", "write a number")
        where = f"rep({group}, ...)"
        _count(where, "image", "images", len(self.images), group.discrete, "discrete generator")
        _count(where, "matrix in `algebra`", "matrices in `algebra`", len(self.algebra), sz.number(group.lie), "generator of its Lie algebra")
        tangents = tuple(matrix(rows, f"algebra image {index}") for index, rows in enumerate(self.algebra, start=1))
        given = _given(self.images)
        sizes = {len(one) for one in (*given, *tangents)}
        if not sizes:
            message = f"rep({group}): {group} has no generators, and no image says how many coordinates there are"
            raise AlgebraError(message, f"write trivial({group}), or the number of coordinates")
        if len(sizes) > 1:
            raise AlgebraError(f"{where}: images are of sizes {', '.join(map(str, sorted(sizes)))}: all are of one size")
        return reps.Images(group, given, tangents)


def rep(group: Group, images: Sequence[Image], algebra: Sequence[Sequence[Sequence[Number]]] = ()) -> Rep:
    """One image for every discrete generator of the group, and in `algebra` one for every generator of its Lie algebra.

    Raises AlgebraError where the numbers or sizes do not fit, or where the images do not keep the relations of the group.
    """
    found = ByImages(group, images, algebra).read()
    broken = broken_relation(found)
    if broken is not None:
        raise no_representation(found, broken)
    return found


def no_representation(found: reps.Images, broken: str) -> AlgebraError:
    """The complaint about images that do not keep the relations of their group."""
    return AlgebraError(f"rep({found.group}, ...) is no representation: {broken}", EXACTLY)


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
