"""Young's orthogonal form: irreducible representations of S(n) on standard tableaux (Young 1931; James and Kerber 1981, section 3.4).

The transposition (i i+1) has 1/d on the diagonal at a tableau, d the axial distance from i to i+1, and sqrt(1 - 1/d^2) beside it at the tableau
with the two exchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from symc.algebra.counting.tableaux import standard_tableaux
from symc.algebra.groups import Array, Ints


def dimension(shape: tuple[int, ...]) -> int:
    """The number of standard tableaux."""
    return standard_tableaux(list(shape))


def orthogonal_form(shape: tuple[int, ...], permutation: Ints) -> Array:
    """Shape (f, f): the matrix of a permutation of 0, ..., n-1, as a product of adjacent transpositions."""
    partners, diagonals = _transpositions(shape)
    result: Array = np.eye(partners.shape[1])
    for i in reversed(_sorting(permutation.tolist())):
        moved = np.flatnonzero(diagonals[i] != 1)
        diagonal = diagonals[i, moved, None]
        result[moved] = diagonal * result[moved] + np.sqrt(1 - diagonal**2) * result[partners[i, moved]]
    return result


def _sorting(images: list[int]) -> list[int]:
    """Adjacent transpositions i_1, ..., i_k with p = s_{i_1} ... s_{i_k}: insertion sort of the images, undone."""
    letters = []
    for end in range(1, len(images)):
        position = end
        while position and images[position - 1] > images[position]:
            images[position - 1], images[position] = images[position], images[position - 1]
            letters.append(position - 1)
            position -= 1
    return letters[::-1]


@lru_cache(maxsize=64)
def _transpositions(shape: tuple[int, ...]) -> tuple[Ints, Array]:
    """Shapes (n-1, f): for every adjacent transposition, the tableau with both entries exchanged (itself where that is none), and the diagonal."""
    tableaux = list(_tableaux(shape))
    position = {tableau: index for index, tableau in enumerate(tableaux)}
    n = sum(shape)
    partners, diagonals = np.zeros((max(n - 1, 0), len(tableaux)), dtype=np.intp), np.ones((max(n - 1, 0), len(tableaux)))
    for index, rows in enumerate(tableaux):
        columns = [rows[:i].count(row) for i, row in enumerate(rows)]
        for i in range(n - 1):
            distance = (columns[i + 1] - rows[i + 1]) - (columns[i] - rows[i])
            exchanged = (*rows[:i], rows[i + 1], rows[i], *rows[i + 2 :])
            partners[i, index], diagonals[i, index] = position.get(exchanged, index), 1 / distance
    return partners, diagonals


def _tableaux(shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Every standard tableau as the rows in which 0, 1, ... stand; in the order of those of the last letter, then of the one before."""

    def grow(left: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if not any(left):
            yield ()
        for row in range(len(left)):
            if left[row] and (row + 1 == len(left) or left[row] > left[row + 1]):
                for before in grow((*left[:row], left[row] - 1, *left[row + 1 :])):
                    yield (*before, row)

    return grow(shape)
