"""How many independent equivariant maps there are, counted from characters, orbits and Young tableaux: never from a solution.

Hom(V, W) is the space of invariants of W tensor the dual of V, so all legs of one group are counted together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product as pairs
from math import prod

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.counting import integration, polygons
from symc.algebra.counting.charges import charged
from symc.algebra.counting.closure import closed_mean
from symc.algebra.counting.orbits import orbit_count
from symc.algebra.counting.symmetric import alternating, symmetric
from symc.algebra.counting.tableaux import even_column_tableaux, even_tableaux, odd_full_tableaux, square_sum
from symc.algebra.errors import GroupTooLarge
from symc.algebra.groups import Group
from symc.algebra.partitions import set_partitions
from symc.algebra.reps import Blocks, Conj, Dual, Induced, Rep, Restricted, Sign, Vector
from symc.algebra.sizes import Size, SizeError
from symc.algebra.summands import summands

LEGS = 80
CLASS_LIMIT = 20_000  # elements of groups that are listed
FEW = 7  # points of a permutation group that is listed without further ado
NESTED = 8  # legs of a wreath product: Bell(8) = 4140 partitions
TABLEAUX = "standard Young tableaux by hook lengths"
CHARGES = "charges of scalar matrices"

Count = tuple[int, str]


def hom_dim(sources: Sequence[Rep], targets: Sequence[Rep]) -> Count | None:
    """The dimension of the equivariant maps between tensor products of legs, and by what it was counted; None where no way is known.

    The legs are of one group, or of several that are tied by one leg. With a free n it is the number for all large n.
    """
    legs = [*targets, *(leg.dual() for leg in sources)]
    if not legs:
        return 1, "no legs"
    if len(legs) > LEGS:
        return None
    try:
        legs = reciprocal(legs)
        groups = dict.fromkeys(group for leg in legs for group in leg.groups)
        found = _hom_dim(next(iter(groups)), legs) if len(groups) == 1 else integration.invariants(legs, CLASS_LIMIT)
    except (GroupTooLarge, SizeError):
        found = None
    return (0, CHARGES) if found is None and charged(legs) else found


def reciprocal(legs: list[Rep]) -> list[Rep]:
    """Legs of a subgroup with as many invariants: where one is induced, it as it was, and the others restricted (Frobenius reciprocity)."""
    induced = next((leg for leg in legs if isinstance(leg, Induced)), None)
    if induced is None or {group for leg in legs for group in leg.groups} != {induced.group} or set(induced.rep.groups) != {induced.subgroup}:
        return legs
    others = list(legs)
    others.remove(induced)
    return [induced.rep, *(Restricted(induced.subgroup, leg) for leg in others)]


def _hom_dim(group: Group, legs: list[Rep]) -> Count | None:
    match group.definition:
        case g.Symmetric(n):
            return symmetric(n, legs) or _listed_or_orbits(group, legs)
        case g.Alternating(n):
            return alternating(n, legs) or _listed_or_orbits(group, legs)
        case (g.Cyclic() | g.Dihedral()) as law if polygons.known(legs):
            return polygons.count(group, law, legs)
        case (g.Orthogonal(n) | g.SpecialOrthogonal(n)) as law if all(isinstance(leg, Vector | Sign) for leg in legs):
            return _orthogonal(n, legs, special=isinstance(law, g.SpecialOrthogonal))
        case g.Indefinite(p, q, 0, special) if all(is_vector(leg) or isinstance(leg, Sign) for leg in legs):
            return _orthogonal(p + q, legs, special=special)  # as over the complex numbers, where the signs of the form do not matter
        case g.Symplectic(n) if all(map(is_vector, legs)):  # its own dual, by the form
            return even_column_tableaux(len(legs), n if isinstance(n, int) else len(legs)), f"{TABLEAUX} (Weyl 1939)"
        case (g.GeneralLinear(n) | g.Unitary(n) | g.SpecialLinear(n) | g.SpecialUnitary(n)) as law if all(map(is_vector, legs)):
            special = isinstance(law, g.SpecialLinear | g.SpecialUnitary)
            return _general_linear(n, legs, special=special) or _integral(legs)
        case g.Wreath(_, n) if all(isinstance(leg, Blocks) for leg in legs):
            return _wreath(n, [leg.rep for leg in legs if isinstance(leg, Blocks)])
        case g.Permutations() | g.Lattice():
            return _listed_or_orbits(group, legs)
        case g.Generated() | g.Matrices():
            return _integral_or_closure(group, legs)
        case _:
            return _integral(legs)


def _integral(legs: list[Rep]) -> Count | None:
    return integration.invariants(legs, CLASS_LIMIT)


def _orthogonal(n: Size, legs: list[Rep], special: bool) -> Count:
    """Invariants of O(n) are spanned by perfect matchings, those with a determinant by matchings and one Levi-Civita tensor (Weyl 1939).

    Their number is that of standard tableaux with even rows, at most n of them, and of those with n odd rows (by RSK).
    """
    m = sum(map(is_vector, legs))
    odd = (len(legs) - m) % 2 == 1
    with_determinant = odd_full_tableaux(m, n) if isinstance(n, int) else 0
    without = even_tableaux(m, n if isinstance(n, int) else m)
    return without + with_determinant if special else with_determinant if odd else without, f"{TABLEAUX} (Weyl 1939, RSK)"


def is_vector(leg: Rep) -> bool:
    """Is it `vector`, its dual or its conjugate?"""
    return isinstance(leg, Vector) or (isinstance(leg, Dual | Conj) and isinstance(leg.rep, Vector))


def _general_linear(n: Size, legs: list[Rep], special: bool) -> Count | None:
    """As many V as V*: pairs of standard tableaux of one shape with at most n rows (Schur, Weyl). With determinants None."""
    ups = sum(isinstance(leg, Vector) for leg in legs)
    downs = len(legs) - ups
    if ups == downs:
        return square_sum(ups, n if isinstance(n, int) else ups), f"{TABLEAUX} (Schur-Weyl duality)"
    if special and isinstance(n, int) and (ups - downs) % n == 0:
        return None
    return 0, CHARGES


def _wreath(n: Size, inner: list[Rep]) -> Count | None:
    """Over all ways in which the blocks of the legs agree, the product of the numbers of invariants of the inner group."""
    if len(inner) > NESTED:
        return None
    most = min(n, len(inner)) if isinstance(n, int) else len(inner)
    known: dict[tuple[Rep, ...], int | None] = {}
    total = 0
    for partition in set_partitions(len(inner), most):
        counts = []
        for part in partition:
            key = tuple(inner[leg] for leg in part)
            if key not in known:
                known[key] = _invariants(key)
            counts.append(known[key])
        if 0 in counts:
            continue
        if None in counts:
            return None
        total += prod(count for count in counts if count is not None)
    return total, "inner invariants over partitions of the blocks"


def _invariants(reps: tuple[Rep, ...]) -> int | None:
    """Of a tensor product of sums: over all choices of summands, the product over the groups."""
    total = 0
    for chosen in pairs(*(summands(rep) for rep in reps)):
        legs = [leg for summand in chosen for leg in summand.legs]
        number = prod(sz.number(leg.dim) for leg in legs if not leg.groups)
        for group in dict.fromkeys(group for leg in legs for group in leg.groups):
            found = hom_dim([], [leg for leg in legs if group in leg.groups])
            if found is None:
                return None
            number *= found[0]
        total += number
    return total


def _listed_or_orbits(group: Group, legs: list[Rep]) -> Count | None:
    """By characters where the group is small, else by orbits where there are some, else by characters if that is possible."""
    law = group.definition
    many = isinstance(law, g.Symmetric | g.Alternating | g.Permutations) and sz.number(law.points) > FEW
    if many and (found := orbit_count(group, legs)) is not None:
        return found
    try:
        return _integral(legs)
    except GroupTooLarge:
        return orbit_count(group, legs)


def _integral_or_closure(group: Group, legs: list[Rep]) -> Count | None:
    """Over the listed elements; where the group is known by its representations alone, over those of the matrices of all legs together."""
    if isinstance(group.definition, g.Matrices):
        try:
            return _integral(legs)
        except GroupTooLarge:
            return None
    return closed_mean(group, legs, CLASS_LIMIT)
