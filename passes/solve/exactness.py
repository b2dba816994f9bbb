"""Generators that were typed with too few digits: nearly unitary, or with powers near the identity, but not quite.

Orthogonal matrices wrong by 1e-9 to 1e-4 generate a much larger group, with fewer maps, which no residual shows. They are refused by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from symc.algebra.groups import Array, Group, Matrices
from symc.algebra.groups.matrices import array
from symc.algebra.modular import residue
from symc.algebra.monomial import Monomial, as_monomial
from symc.algebra.reps import Images, walk
from symc.algebra.summands import Leg
from symc.passes.solve.errors import SolveError

EXACT, ROUNDED = 1e-11, 1e-4  # between these a matrix that should be unitary, or the identity, is one that was rounded
CLEAR = 0.03  # the part of a bracket beyond the span of others from which on it is a new element of the algebra
CLOSED = 256  # entries of matrices whose brackets are looked at
DIGITS = 12  # of a number written with all of them there are 15 or more
RATIOS = 8  # the largest denominator of ratios of eigenvalues that is looked at
COMMENSURATE = 1e-10, 1e-6  # how far multiples of a ratio that was rounded are from integers
SKEWED = 1e4  # condition of eigenvectors beyond which eigenvalues are not known so well
DIGIT = 1e-15
POWERS = 60  # of generators and of products of two, that are looked at


def check_exact(legs: tuple[Leg, ...]) -> None:
    """Raises SolveError E0403 where the matrices of a group or of a representation look rounded."""
    for name, discrete, tangents in _given(legs):
        found = _rounded(discrete, tangents)
        if found is not None:
            helps = ("give the generators exactly: integers, or all 16 digits",)
            raise SolveError("E0403", f"{name} is given by inexact matrices: {found}", helps=helps)


def _given(legs: tuple[Leg, ...]) -> Iterator[tuple[str, tuple[Array, ...], tuple[Array, ...]]]:
    """Every group and representation among the legs that is given by matrices with a fractional part."""
    seen: set[object] = set()
    for leg in legs:
        for part in (made_of for rep in walk(leg) for made_of in (*rep.groups, rep)):
            match part:
                case Group() if isinstance(part.definition, Matrices):
                    name, discrete, tangents = str(part), part.definition.images, part.definition.tangents
                case Images(_, images, lie):
                    name, discrete, tangents = str(part), tuple(image for image in images if not isinstance(image[0], int)), lie
                case _:
                    continue
            if part not in seen:
                seen.add(part)
                yield name, tuple(map(array, discrete)), tuple(map(array, tangents))


def _rounded(discrete: tuple[Array, ...], tangents: tuple[Array, ...]) -> str | None:
    """What shows that matrices were rounded."""
    for index, g in enumerate(discrete, start=1):
        if isinstance(as_monomial(g), Monomial) or np.array_equal(g, np.rint(g)):
            continue
        off = float(np.abs(g @ g.conj().T - np.eye(len(g))).max())
        if EXACT < off < ROUNDED and not _of_finite_order(g):  # one of finite order may be orthogonal in coordinates that are a little skewed
            return f"generator {index} misses being orthogonal by {off:.1e}"
    for name, g, digit in _words(discrete):
        power, largest = g, 1.0
        for exponent in range(1, POWERS + 1):
            off = float(np.abs(power - np.eye(len(g))).max())
            if max(EXACT, digit * largest**2) * exponent < off < ROUNDED:  # a last digit is carried by powers on both sides of it
                return f"{name} to the power {exponent} misses the identity by {off:.1e}"
            largest = max(largest, float(np.linalg.norm(power, 2)))
            power = power @ g
            if not np.abs(power).max() < 1e6:
                break
    for index, x in enumerate(tangents, start=1):
        off = float(np.abs(x + x.conj().T).max()) / max(float(np.abs(x).max()), 1e-300)
        if EXACT < off < ROUNDED:
            return f"algebra generator {index} misses being antisymmetric by {off:.1e}"
    if any(_few_digits(entry) for x in tangents for entry in x.ravel().tolist()):
        return _open_under_brackets(tangents) or _nearly_commensurate(tangents)
    return None


def _few_digits(entry: complex) -> bool:
    """Is it a fraction written with some digits, but not all, or one in single precision?"""
    if isinstance(entry, complex):
        return _few_digits(entry.real) or _few_digits(entry.imag)
    if residue(entry) is not None:
        return False
    return len(Decimal(repr(entry)).normalize().as_tuple().digits) <= DIGITS or float(np.float32(entry)) == entry


def _nearly_commensurate(tangents: tuple[Array, ...]) -> str | None:
    """Eigenvalues whose ratio is nearly one of small integers: tensor powers have invariants only where it is one."""
    for index, x in enumerate(tangents, start=1):
        if x.size > CLOSED:
            continue
        values, vectors = np.linalg.eig(x)
        largest = values[np.argmax(np.abs(values))]
        if abs(largest) <= CLEAR * np.abs(x).max() or np.linalg.cond(vectors) > SKEWED:
            continue
        for ratio in values / largest:
            for q in range(1, RATIOS + 1):
                off = float(np.abs(q * ratio - np.rint((q * ratio).real)))
                if COMMENSURATE[0] < off < COMMENSURATE[1]:
                    whole = round((q * ratio).real)
                    return f"algebra generator {index} has eigenvalues of ratio {ratio.real:.10g}, which misses {whole}/{q} by {off / q:.0e}"
    return None


def _open_under_brackets(tangents: tuple[Array, ...]) -> str | None:
    """Brackets that nearly lie in the span of what is there: those of exact generators lie in it or clearly do not, rounded ones span ever more."""
    generators = [x / np.linalg.norm(x) for x in tangents if np.linalg.norm(x)]
    if not generators or generators[0].size > CLOSED:
        return None
    span: Array = np.zeros((0, generators[0].size))  # orthonormal rows
    queue = [(f"algebra generator {index}", x) for index, x in enumerate(generators, start=1)]
    while queue:
        name, x = queue.pop(0)
        row = x.ravel()
        for _ in range(2):  # once more, for what rounding leaves
            row = row - (span.conj() @ row) @ span
        off = float(np.linalg.norm(row))
        if EXACT < off < ROUNDED:
            return f"{name} misses the span of those before it by {off:.1e}"
        if ROUNDED <= off < CLEAR:
            return None  # divided by so little, rounding would grow
        if off >= CLEAR:
            span = np.concatenate([span, row[None] / off])
            x = span[-1].reshape(x.shape)
            queue += [("a bracket of algebra generators", g @ x - x @ g) for g in generators]
    return None


def _of_finite_order(g: Array) -> bool:
    """Is a small power the identity, to all digits?"""
    power = g
    for exponent in range(1, POWERS + 1):
        if np.abs(power - np.eye(len(g))).max() <= EXACT * exponent:
            return True
        power = power @ g
    return False


def _words(discrete: tuple[Array, ...]) -> Iterator[tuple[str, Array, float]]:
    """Generators with fractional entries, and their products with the others; and how large the last digit of these is."""
    for i, g in enumerate(discrete, start=1):
        if np.array_equal(g, np.rint(g)):
            continue
        size = DIGIT * float(np.linalg.norm(g, 2))
        yield f"generator {i}", g, size
        for j, other in enumerate(discrete, start=1):
            if j != i:
                yield f"the product of generators {i} and {j}", g @ other, size * float(np.linalg.norm(other, 2))
