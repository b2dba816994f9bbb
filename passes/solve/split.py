"""Sums: all pairs of summands, each distinct pair solved once; multiplicities are channels."""

from __future__ import annotations

from symc.algebra import sizes as sz
from symc.algebra.hom import Affine, Certificate, Entry, Kron, Split
from symc.algebra.reps import Rep, Trivial
from symc.algebra.sizes import Size
from symc.algebra.summands import Leg, summands
from symc.passes.solve import limits
from symc.passes.solve.affine import affine_maps
from symc.passes.solve.exactness import check_exact
from symc.passes.solve.legs import solve_product

WEIGHT = 4  # bytes, in float32


def solve(sources: tuple[Rep, ...], targets: tuple[Rep, ...], *, limit_bytes: int | None = None) -> Split | Affine:
    """All equivariant maps from the direct sum of the sources to that of the targets: affine ones where there are points. Raises SolveError."""
    linear = linear_maps(sources, targets, limit_bytes=limit_bytes)
    return affine_maps(linear, limits.memory_limit(limit_bytes)) if any(rep.affine for rep in sources + targets) else linear


def linear_maps(sources: tuple[Rep, ...], targets: tuple[Rep, ...], *, limit_bytes: int | None = None) -> Split:
    """All linear maps that commute with what the groups do apart from translations. Raises SolveError."""
    entries, residual, count = [], 0.0, 0
    counted, ways = True, dict[str, None]()
    inputs = [(index, summand) for index, source in enumerate(sources) for summand in summands(source)]
    outputs = [(index, summand) for index, target in enumerate(targets) for summand in summands(target)]
    limits.check_pairs(len(inputs), len(outputs))
    check_exact(tuple(dict.fromkeys(leg for _, summand in (*inputs, *outputs) for leg in summand.legs)))
    for target, out in outputs:
        for source, into in inputs:
            kron = solve_product(into.legs, out.legs, limit_bytes)
            if kron.dim:
                entries.append(Entry(target, out, source, into, kron))
                residual = max(residual, *(factor.basis.certificate.residual for factor in kron.factors), 0.0)
            expected, by = _expected(kron)
            counted, count = counted and expected is not None, count + (expected or 0)
            ways |= dict.fromkeys(by)
    limits.check_bytes(WEIGHT * sum(entry.basis.dim for entry in entries), limits.memory_limit(limit_bytes), "the weights of this map")
    way = " + ".join(ways) or "the product of the dimensions"
    certificate = Certificate(residual, count if counted else None, way if counted else None, _independent(entries), _gap(entries))
    return Split(sources, targets, tuple(entries), certificate)


def weight_count(sources: tuple[Rep, ...], targets: tuple[Rep, ...]) -> Size:
    """The number of linear maps, without making their weights: numbers of copies may still be free. Raises SolveError."""
    inputs, outputs = ([summand.legs for rep in reps for summand in summands(rep)] for reps in (sources, targets))
    limits.check_pairs(len(inputs), len(outputs))
    check_exact(tuple(dict.fromkeys(leg for legs in (*inputs, *outputs) for leg in legs)))
    return sz.total(
        sz.product([_diagram_dim(into, out), *(leg.dim for leg in into + out if isinstance(leg, Trivial))]) for out in outputs for into in inputs
    )


def _diagram_dim(source: tuple[Leg, ...], target: tuple[Leg, ...]) -> int:
    moved = [tuple(leg for leg in legs if not isinstance(leg, Trivial)) for legs in (source, target)]
    return solve_product(moved[0], moved[1]).diagram_dim


def invariants(targets: tuple[Rep, ...], *, limit_bytes: int | None = None) -> Split:
    """The invariant vectors of the targets, as maps from the trivial line: where a bias may live."""
    return linear_maps((Trivial(1),), targets, limit_bytes=limit_bytes)


def _expected(kron: Kron) -> tuple[int | None, tuple[str, ...]]:
    """The product of the counts of the factors, and how they were found; a count of zero decides alone."""
    certificates = [factor.basis.certificate for factor in kron.factors]
    zero = [c for c in certificates if c.expected == 0]
    chosen = zero[:1] or certificates
    result: int | None = kron.source_channels * kron.target_channels
    for certificate in chosen:
        result = None if result is None or certificate.expected is None else result * certificate.expected
    return result, tuple(c.expected_by for c in chosen if c.expected_by)


def _independent(entries: list[Entry]) -> str | None:
    ways = dict.fromkeys(factor.basis.certificate.independent for entry in entries for factor in entry.basis.factors)
    return None if None in ways else " + ".join(way for way in ways if way) or "matrix units"


def _gap(entries: list[Entry]) -> float | None:
    """The narrowest of the gaps by which ranks were decided."""
    gaps = (factor.basis.certificate.gap for entry in entries for factor in entry.basis.factors)
    return min((gap for gap in gaps if gap is not None and gap < float("inf")), default=None)
