"""Do images keep the relations of a Lie group: its brackets, one-parameter subgroups that close, and what discrete generators do to its algebra?"""

from __future__ import annotations

from functools import reduce

import numpy as np

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.construct.letters import TOLERANCE, image, near, tangents
from symc.algebra.groups import Array
from symc.algebra.groups.classical import exponential
from symc.algebra.groups.subgroup import coordinates
from symc.algebra.reps import Images


def broken_in_algebra(rep: Images, law: g.Linear) -> str | None:
    """What is wrong, in words; None where nothing is."""
    images = tangents(rep)
    own = [law.lie_generator(index) for index in range(len(images))]
    for i in range(len(own)):
        for j in range(i):
            bracket = own[i] @ own[j] - own[j] @ own[i]
            weights = coordinates(law, bracket)
            if np.abs(_combined(weights, own) - bracket).max() > TOLERANCE:
                continue  # the generators given do not span a Lie algebra: what their brackets go to is not known
            if not near(images[i] @ images[j] - images[j] @ images[i], _combined(weights, images)):
                return f"the bracket of {law.lie_name(i)} and {law.lie_name(j)} is not kept"
    for name, weights in _closed(law):
        if not near(exponential(2 * np.pi * _combined(weights, images)), np.eye(int(rep.dim))):
            return f"exp(2π ({name})) = 1 in {rep.group}, but not in the images"
    for index in range(law.discrete):
        turn, turned = law.matrix(law.generator(index)), image(rep, index)
        if isinstance(law, g.Lie) and not near(turned @ turned, np.eye(len(turned))):
            return f"the image of {law.generator_name(index)} is not of order 2"
        for number, x in enumerate(own):
            weights = coordinates(law, turn @ x @ np.linalg.inv(turn))
            if not near(turned @ images[number], _combined(weights, images) @ turned):
                return f"{law.generator_name(index)} does not carry {law.lie_name(number)} to where it should"
    return None


def _closed(law: g.Linear) -> list[tuple[str, Array]]:
    """Names and coordinates of one-parameter subgroups of period 2 pi: rotations in a plane of coordinates, phases of one.

    Of a group given by matrices, of its generators those that are skew-Hermitian.
    """
    if not isinstance(law, g.Lie):
        own = [law.lie_generator(index) for index in range(sz.number(law.lie))]
        skew = [index for index, x in enumerate(own) if np.array_equal(x, -x.conj().T)]
        units = np.eye(len(own))
        return [(law.lie_name(index), units[index]) for index in skew if near(exponential(2 * np.pi * own[index]), np.eye(len(own[index])))]
    n, found = sz.number(law.degree), []
    for i in range(n):
        for j in range(i, n):
            x = np.zeros((n, n), dtype=np.complex128)
            if i == j:
                x[i, i] = 1j
            else:
                x[i, j], x[j, i] = 1, -1
            weights = coordinates(law, x)
            if np.abs(_combined(weights, [law.lie_generator(k) for k in range(sz.number(law.lie))]) - x).max() < TOLERANCE:
                found.append((f"i E_{i}{i}" if i == j else f"E_{i}{j} − E_{j}{i}", weights))
    return found


def _combined(weights: Array, matrices: list[Array]) -> Array:
    return reduce(np.add, (weight * matrix for weight, matrix in zip(weights, matrices, strict=True)), np.zeros_like(matrices[0]))
