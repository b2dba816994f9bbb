"""Solving Hom_G(V, W): every equivariant linear map between two representations, as a `Split` of bases with certificates."""

from symc.passes.solve.errors import SolveError
from symc.passes.solve.legs import solve_legs
from symc.passes.solve.limits import memory_limit
from symc.passes.solve.split import invariants, solve

__all__ = ["SolveError", "invariants", "memory_limit", "solve", "solve_legs"]
