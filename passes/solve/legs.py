"""One pair of summands: the groups separate, each is solved by the first strategy that can, and every solution is checked against its count."""

from __future__ import annotations

from functools import lru_cache

from symc.algebra import sizes as sz
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Group, Product
from symc.algebra.hom import AtomBasis, Diagrams, Factor, Kron
from symc.algebra.reps import Sign, Trivial
from symc.algebra.summands import Leg
from symc.passes.solve.errors import SolveError, show
from symc.passes.solve.limits import memory_limit
from symc.passes.solve.normal import normal_form
from symc.passes.solve.remembered import remembered
from symc.passes.solve.strategies import CLOSED_FORMS, COMPUTED


def solve_product(source: tuple[Leg, ...], target: tuple[Leg, ...], limit_bytes: int | None = None) -> Kron:
    """All equivariant maps between two lists of legs. Raises SolveError."""
    return _solve_product(tuple(map(normal_form, source)), tuple(map(normal_form, target)), memory_limit(limit_bytes))


@lru_cache(maxsize=1024)
def _solve_product(source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Kron:
    factors, wide = [], ([_trivial(source)], [_trivial(target)])
    for groups in separate(source + target):
        for one in groups:
            if isinstance(one.definition, Product):
                helps = ("take leaves of the factors",)
                raise SolveError("E0405", f"a representation of the product {one} is none of one of its factors", helps=helps)
        group = groups[0] if len(groups) == 1 else Product(groups)
        mine = [tuple(i for i, leg in enumerate(legs) if set(leg.groups) & set(groups)) for legs in (source, target)]
        basis = solve_atom(group, tuple(source[i] for i in mine[0]), tuple(target[i] for i in mine[1]), limit)
        if isinstance(basis, Diagrams):  # its sign legs are accounted for, and one wide
            for side, legs, chosen in zip(wide, (source, target), mine, strict=True):
                side.append(tuple(i for i in chosen if isinstance(legs[i], Sign)))
            mine = [tuple(i for i in chosen if not isinstance(legs[i], Sign)) for legs, chosen in zip((source, target), mine, strict=True)]
        factors.append(Factor(basis, mine[0], mine[1]))
    trivial = [tuple(sorted(sum(side, ()))) for side in wide]
    return Kron(source, target, tuple(factors), trivial[0], trivial[1])


def separate(legs: tuple[Leg, ...]) -> list[tuple[Group, ...]]:
    """The groups that act, those together that one leg ties: a power of a tensor product, say."""
    found: list[tuple[Group, ...]] = []
    for leg in legs:
        if leg.groups:
            tied = [groups for groups in found if set(groups) & set(leg.groups)]
            found = [groups for groups in found if groups not in tied]
            found.append(tuple(dict.fromkeys([group for groups in tied for group in groups] + list(leg.groups))))
    order = list(dict.fromkeys(group for leg in legs for group in leg.groups))
    return sorted((tuple(sorted(groups, key=order.index)) for groups in found), key=lambda groups: order.index(groups[0]))


def _trivial(legs: tuple[Leg, ...]) -> tuple[int, ...]:
    """The positions of the legs that nothing moves; raises SolveError E0402 where one has no number yet."""
    found = tuple(i for i, leg in enumerate(legs) if isinstance(leg, Trivial))
    for i in found:
        if sz.free_names(legs[i].dim):
            raise SolveError(
                "E0402",
                f"the number of weights depends on the free size in `{sz.show(legs[i].dim)}`",
                notes=("a free size may stand in a group such as S(n), where the maps are the same for every n; channels are counted",),
                helps=(f"give {', '.join(sorted(sz.free_names(legs[i].dim)))} a number", "or let a group permute the axis, e.g. perm(S(n))"),
            )
    return found


@lru_cache(maxsize=512)
def solve_atom(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> AtomBasis:
    """All maps equivariant under one group between legs that are all its own."""
    try:
        basis = _first(group, source, target, limit)
    except AlgebraError as error:
        raise SolveError("E0405", error.message, helps=(error.help,) if error.help else ()) from error
    certificate = basis.certificate
    if certificate.expected is not None and certificate.expected != basis.dim:
        raise SolveError(
            "E0490",
            f"internal: {show(source, target)} was solved with dimension {basis.dim} ({basis.method}), "
            f"but has dimension {certificate.expected} ({certificate.expected_by})",
            helps=("please report this, with the group and the representations",),
        )
    return basis


def _first(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> AtomBasis:
    """By the closed forms; else from the store, or by the strategies that compute."""
    for strategy in CLOSED_FORMS:
        basis = strategy(group, source, target, limit)
        if basis is not None:
            return basis
    _refuse_free(group, source + target)
    return remembered(lambda: _computed(group, source, target, limit), group, source, target)


def _computed(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> AtomBasis:
    for strategy in COMPUTED:
        basis = strategy(group, source, target, limit)
        if basis is not None:
            return basis
    raise SolveError("E0404", f"no way is known to solve {show(source, target)}")


def _refuse_free(group: Group, legs: tuple[Leg, ...]) -> None:
    """Raises SolveError E0401 where a size is still free: what is computed needs numbers."""
    names = frozenset().union(*(leg.free for leg in legs))
    if names:
        names_text = ", ".join(sorted(names))
        raise SolveError(
            "E0401",
            f"the maps under {group} depend on {names_text}",
            notes=("with n free the weights must be the same for every n: so they are for perm(S(n)), and vector of O(n) and SO(n)",),
            helps=(f"give {names_text} a number",),
        )
