"""How many independent equivariant maps there are, counted from characters, orbits and Young tableaux: never from a solution.

Hom(V, W) is the space of invariants of W tensor the dual of V, so all legs of one group are counted together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import factorial, prod

import numpy as np
from numpy.typing import NDArray

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.actions import monomial
from symc.algebra.characters import character, classes, cycle_types
from symc.algebra.elements import Element
from symc.algebra.errors import GroupTooLarge
from symc.algebra.generators import generators
from symc.algebra.groups import Group
from symc.algebra.reps import Dual, Perm, Pixels, Regular, Rep, Sign, Tensor, Vector
from symc.algebra.sizes import Size, SizeError
from symc.algebra.tableaux import even_tableaux, odd_full_tableaux, stirling

BURNSIDE_DEGREE = 30  # S(30) has 5604 cycle types
LEGS = 80
CLASS_LIMIT = 20_000  # elements of groups that are listed
TUPLES = 1_000_000  # tuples whose orbits are found
PRECISE = 2**44  # means of products of characters that sum up to no more keep an absolute error far below 1e-6

Count = tuple[int, str]


def hom_dim(sources: Sequence[Rep], targets: Sequence[Rep]) -> Count | None:
    """The dimension of the equivariant maps between tensor products of leaves of ONE group, and by what it was counted; None where no way is known.

    With a free n it is the number for all large n. Raises ValueError for leaves of several groups.
    """
    legs = [leg.rep if isinstance(leg, Dual) else leg for leg in (*targets, *sources)]  # dual legs: see _by_classes
    if len(groups := {group for leg in legs for group in leg.groups}) > 1:
        raise ValueError(f"legs of several groups: {', '.join(map(str, groups))}")
    if not legs:
        return 1, "no legs"
    if len(legs) > LEGS:
        return None
    try:
        return _hom_dim(legs[0].groups[0], legs)
    except (GroupTooLarge, SizeError):
        return None


def _hom_dim(group: Group, legs: list[Rep]) -> Count | None:
    match group.definition:
        case g.Symmetric(n):
            return _symmetric(n, legs)
        case g.Cyclic(n):
            return _rotation_invariants(sz.number(n), legs), "weights of the rotations"
        case g.Dihedral(n):
            return _dihedral(group, sz.number(n), legs), "weights of the rotations, Burnside over the reflections"
        case (g.Orthogonal(n) | g.SpecialOrthogonal(n)) as definition if all(isinstance(leg, Vector | Sign) for leg in legs):
            return _orthogonal(n, legs, special=isinstance(definition, g.SpecialOrthogonal))
        case g.Permutations():
            return _permutations(group, legs)
        case _:
            return _by_classes(group, legs)


def _symmetric(n: Size, legs: list[Rep]) -> Count | None:
    if isinstance(n, int) and n <= BURNSIDE_DEGREE:
        return _burnside(n, Counter(type(leg) for leg in legs)), "Burnside over cycle types"
    if not all(isinstance(leg, Perm | Sign) for leg in legs):
        return None
    m = sum(isinstance(leg, Perm) for leg in legs)
    odd = (len(legs) - m) % 2
    method = "Stirling numbers (Godfrey et al. 2023; Pearce-Crump 2022)"
    if odd:  # orbits of S(n) on m-tuples with only even permutations in the stabilizer: at most one point is not named
        return (stirling(m, n) + stirling(m, n - 1) if isinstance(n, int) else 0), method
    return sum(stirling(m, t) for t in range(m + 1 if not isinstance(n, int) else min(n, m) + 1)), method


def _burnside(n: int, legs: Counter[type[Rep]]) -> int:
    total = 0
    for size, counts in cycle_types(n):
        if legs[Regular] and counts.get(1, 0) < n:
            continue
        sign = -1 if (n - sum(counts.values())) % 2 else 1
        total += size * counts.get(1, 0) ** legs[Perm] * sign ** legs[Sign] * factorial(n) ** legs[Regular]
    return total // factorial(n)


def _rotation_invariants(n: int, legs: Iterable[Rep]) -> int:
    """The multiplicity of weight 0 in the product: weights of C(n) are added mod n, and counted in Python integers."""
    weights = np.zeros(n, dtype=object)
    weights[0] = 1
    for leg in legs:
        match leg:
            case Perm():
                weights[:] = weights.sum()
            case Regular(_, order):
                weights[:] = weights.sum() * (sz.number(order) // n)
            case Vector():
                weights = np.roll(weights, 1) + np.roll(weights, -1)
            case Pixels(group, _, _):
                multiplicity = _pixel_weights(group, n, leg)
                weights = sum((np.roll(weights, k) * multiplicity[k] for k in range(n)), np.zeros(n, dtype=object))
            case Sign():
                pass  # rotations have determinant 1
            case other:
                raise TypeError(f"no weights known for {other}")
    return int(weights[0])


def _pixel_weights(group: Group, n: int, leg: Pixels) -> list[int]:
    """How often each weight k mod n (n = 1, 2, 4) occurs, from the numbers of pixels that the rotations fix."""
    fixed = [character(leg, _rotation(group, k)) for k in range(n)]
    return [int(value) for value in np.rint(np.fft.fft(fixed).real / n)]


def _rotation(group: Group, k: int) -> Element:
    return Element({group: np.array([k, 0] if isinstance(group.definition, g.Dihedral) else [k])})


def _dihedral(group: Group, n: int, legs: list[Rep]) -> int:
    kinds = range(2) if n % 2 == 0 else range(1)  # the reflections r^k s are conjugate when their k agree mod 2 (n even), or all (n odd)
    reflections: list[int] = [prod(round(character(leg, Element({group: np.array([k, 1])}))) for leg in legs) for k in kinds]
    return (_rotation_invariants(n, legs) * len(kinds) + sum(reflections)) // (2 * len(kinds))


def _orthogonal(n: Size, legs: list[Rep], special: bool) -> Count:
    """Invariants of O(n) are spanned by perfect matchings, those with a determinant by matchings and one Levi-Civita tensor (Weyl 1939).

    Their number is that of standard tableaux with even rows, at most n of them, and of those with n odd rows (by RSK).
    """
    m = sum(isinstance(leg, Vector) for leg in legs)
    odd = (len(legs) - m) % 2 == 1
    with_determinant = odd_full_tableaux(m, n) if isinstance(n, int) else 0
    without = even_tableaux(m, n if isinstance(n, int) else m)
    return without + with_determinant if special else with_determinant if odd else without, "standard Young tableaux by hook lengths (Weyl 1939, RSK)"


def _permutations(group: Group, legs: list[Rep]) -> Count | None:
    try:
        return _by_classes(group, legs)
    except GroupTooLarge:
        small = prod(sz.number(leg.dim) for leg in legs) <= TUPLES
        return (_orbits(group, legs), "connected components of tuples") if small else None


def _by_classes(group: Group, legs: list[Rep]) -> Count | None:
    """The mean over the group of the product of characters. A finite group's characters are those of the dual, as they are real here."""
    pairs = list(classes(group, CLASS_LIMIT))
    order = sum(size for size, _ in pairs)
    exact = all(isinstance(leg, Perm | Sign | Regular) for leg in legs)
    if not exact and order * prod(sz.number(leg.dim) for leg in legs) > PRECISE:
        return None
    powers = Counter(legs)
    mean = Fraction(sum(size * prod(character(leg, element) ** times for leg, times in powers.items()) for size, element in pairs)) / order
    count = round(mean)
    return (count, "characters over conjugacy classes") if abs(mean - count) < 1e-6 else None


def _orbits(group: Group, legs: list[Rep]) -> int:
    """Orbits on tuples of points; with signs, only those that split in the signed double cover."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    images = [image for generator in generators([group]) if (image := monomial(Tensor(tuple(legs)), generator)) is not None]
    nodes = images[0].d

    def components(targets: list[NDArray[np.intp]]) -> int:
        ends, size = np.concatenate(targets), len(targets[0])
        edges = coo_array((np.ones(len(ends), dtype=np.int8), (np.tile(np.arange(size), len(targets)), ends)), shape=(size, size))
        return int(connected_components(edges, directed=False)[0])

    plain = components([image.image for image in images])
    if all(image.is_permutation for image in images):
        return plain
    flips = [nodes * (image.sign < 0) for image in images]
    cover = [np.concatenate([image.image + flip, image.image + nodes - flip]) for image, flip in zip(images, flips, strict=True)]
    return components(cover) - plain
