"""`symc.solve`: all equivariant linear maps between two representations, with their certificate."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from symc.algebra.hom import Array, Certificate, Split
from symc.algebra.sizes import SizeError
from symc.diagnostics import Diagnostic, DiagnosticError, Source
from symc.grammar import parse
from symc.ir.types import AnyType, Record, Type, leaves
from symc.passes.elaborate import declarations
from symc.passes.elaborate import signature as read_signature


@dataclass(frozen=True)
class Solution:
    """A basis of Hom_G(V, W): `dim` maps, each of shape (d_out, d_in); a record is the direct sum of its entries."""

    source: AnyType
    target: AnyType
    basis: Split
    seconds: float

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

    def dense(self, **sizes: int) -> Array:
        """The maps as an array of shape (dim, d_out, d_in), float64. Free sizes are given by name; raises SizeError while one is missing."""
        return self.basis.dense(sizes)

    def at(self, **sizes: int) -> Solution:
        """The basis with some free sizes given numbers: at small sizes it has fewer maps."""
        return _solve(_at(self.source, sizes), _at(self.target, sizes))

    def __str__(self) -> str:
        certificate = self.certificate
        expected = "not known another way" if certificate.expected is None else f"{certificate.expected} by {certificate.expected_by}"
        lines = [f"{self.source} -> {self.target}", f"dim       {self.dim}", f"expected  {expected}", f"method    {self.method}"]
        return "\n".join([*lines, f"residual  {certificate.residual:.1e}", f"seconds   {self.seconds:.4f}"])


def solve(signature: str, *, groups: Mapping[str, str] | None = None, source: str | Source | None = None) -> Solution:
    """All equivariant linear maps of a signature such as `perm(P)^2 -> perm(P)`.

    groups: definitions by name, such as {"P": "S(4)"}; source: declarations as in a `.sym` file, used beside them.
    Raises DiagnosticError where the signature has no meaning or the answer is too large to hold.
    """
    file = None
    if source is not None:
        file, wrong = parse(source if isinstance(source, Source) else Source("<source>", source))
        if wrong:
            raise DiagnosticError(wrong)
    return _solve(*read_signature(signature, declarations(file, groups)))


def _solve(source: AnyType, target: AnyType) -> Solution:
    from symc.passes.solve import SolveError
    from symc.passes.solve import solve as solve_reps

    start = time.perf_counter()
    try:
        basis = solve_reps(tuple(item.rep for _, item in leaves(source)), tuple(item.rep for _, item in leaves(target)))
    except SolveError as error:
        raise DiagnosticError(Diagnostic(error.code, error.message, helps=tuple(error.helps))) from None
    return Solution(source, target, basis, time.perf_counter() - start)


def _at(item: AnyType, sizes: Mapping[str, int]) -> AnyType:
    match item:
        case Type():
            return item.at(sizes)
        case Record(fields):
            return Record(tuple((name, _at(inner, sizes)) for name, inner in fields))


__all__ = ["SizeError", "Solution", "solve"]
