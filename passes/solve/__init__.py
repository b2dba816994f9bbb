"""Solving Hom_G(V, W): every equivariant linear map between two representations, as a `Split` of bases with certificates."""

from symc.passes.solve.errors import SolveError
from symc.passes.solve.limits import check_dense, memory_limit
from symc.passes.solve.split import invariants, solve, weight_count
from symc.passes.solve.variance import Initial, initial_factors, unit_scales

__all__ = [
    "Initial",
    "SolveError",
    "check_dense",
    "initial_factors",
    "invariants",
    "memory_limit",
    "solve",
    "unit_scales",
    "weight_count",
]
