"""`symc.solve`: all equivariant linear maps between two representations, with their certificate."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from symc.algebra.hom import Affine, Array, Certificate, Split
from symc.algebra.sizes import SizeError
from symc.api.options import check_limit, check_sizes, declared
from symc.diagnostics import Diagnostic, DiagnosticError, Source
from symc.ir.types import AnyType, Record, Type, leaves
from symc.passes.elaborate import signature as read_signature
from symc.passes.solve import SolveError
from symc.passes.solve import solve as solve_reps
from symc.passes.solve.limits import check_dense


@dataclass(frozen=True, repr=False)
class Solution:
    """A basis of Hom_G(V, W): `dim` maps, each of shape (d_out, d_in); a record is the direct sum of its entries."""

    source: AnyType
    target: AnyType
    basis: Split | Affine
    seconds: float
    memory_limit: int | None = None

    @property
    def dim(self) -> int:
        """The number of maps in the basis; with a free size, the number for large sizes."""
        return self.basis.dim

    @property
    def method(self) -> str:
        """How it was solved."""
        return self.basis.method

    @property
    def certificate(self) -> Certificate:
        """The residual, and the dimension counted in a way that does not trust the solver."""
        return self.basis.certificate

    @property
    def free(self) -> frozenset[str]:
        """The names of the sizes that have no number."""
        return frozenset().union(*(entry.free for item in (self.source, self.target) for _, entry in leaves(item)))

    def dense(self, **sizes: int) -> Array:
        """The maps as an array of shape (dim, d_out, d_in), float64 (complex128 for maps over C), free sizes given by name.

        Of affine maps these are the directions. Raises SizeError while a size is missing, DiagnosticError where the array would take more than the
        memory limit.
        """
        given = self._given(sizes, "dense")
        try:
            check_dense(self.basis, given, self.memory_limit)
        except SolveError as error:
            raise _explained(error) from None
        over_c = any(rep.is_complex for rep in self.basis.sources + self.basis.targets)
        return self.basis.dense(given).astype(complex if over_c else float, copy=False)

    def _given(self, sizes: Mapping[str, int], word: str) -> dict[str, int]:
        """All free sizes as numbers."""
        given = check_sizes(sizes, self.free)
        if missing := sorted(self.free - given.keys()):
            call = f"{word}({', '.join(f'{name}=...' for name in missing)})"
            raise SizeError(f"{', '.join(missing)} {'are' if len(missing) > 1 else 'is'} free: write {call}")
        return given

    def origin(self, **sizes: int) -> Array | None:
        """Of affine maps between points, the map from which `dense` gives the directions: shape (d_out, d_in). None for linear maps."""
        return self.basis.origin(self._given(sizes, "origin")) if isinstance(self.basis, Affine) else None

    def at(self, **sizes: int) -> Solution:
        """The basis with some free sizes given numbers: at small sizes it has fewer maps. Raises DiagnosticError."""
        given = check_sizes(sizes, self.free)
        try:
            return _solve(_at(self.source, given), _at(self.target, given), self.memory_limit)
        except SizeError as error:
            raise DiagnosticError(Diagnostic("E0216", str(error))) from None

    def __repr__(self) -> str:
        return f"Solution({self.source} -> {self.target}, dim {self.dim}, {self.method})"

    def __str__(self) -> str:
        known = self.certificate
        rows = {
            "dim": str(self.dim),
            "expected": "not known another way" if known.expected is None else f"{known.expected} by {known.expected_by}",
            "method": self.method,
            "residual": f"{known.residual:.1e}",
            "independent": known.independent,
            "gap": None if known.gap is None else f"{known.gap:.0e} between what counts as nonzero and what as zero",
            "seconds": f"{self.seconds:.4f}",
        }
        return "\n".join([f"{self.source} -> {self.target}", *(f"{name:<12}{value}" for name, value in rows.items() if value is not None)])


def solve(
    signature: str, *, groups: Mapping[str, str] | None = None, source: str | Source | None = None, memory_limit: int | None = None
) -> Solution:
    """All equivariant linear maps of a signature such as `perm(P)^2 -> perm(P)`.

    groups: definitions by name, such as {"P": "S(4)"}; source: declarations as in a `.sym` file, used beside them.
    memory_limit: the most bytes that bases may take, by default SYMC_MEMORY_LIMIT or 4 GiB.
    Raises DiagnosticError where the signature has no meaning or the answer is too large to hold.
    """
    return _solve(*read_signature(signature, declared(groups, source)), check_limit(memory_limit))


def _solve(source: AnyType, target: AnyType, memory_limit: int | None) -> Solution:
    start = time.perf_counter()
    sources, targets = (tuple(entry.rep for _, entry in leaves(item)) for item in (source, target))
    try:
        basis = solve_reps(sources, targets, limit_bytes=memory_limit)
    except SolveError as error:
        raise _explained(error) from None
    return Solution(source, target, basis, time.perf_counter() - start, memory_limit)


def _explained(error: SolveError) -> DiagnosticError:
    return DiagnosticError(Diagnostic(error.code, error.message, notes=error.notes, helps=error.helps))


def _at(item: AnyType, sizes: Mapping[str, int]) -> AnyType:
    match item:
        case Type():
            return item.at(sizes)
        case Record(fields):
            return Record(tuple((name, _at(inner, sizes)) for name, inner in fields))
