"""Any other compact action: isotypic decompositions of source and target from generic elements of the group algebra.

A self-adjoint element A has, on every irreducible U over its division algebra K (R, C or H), distinct eigenvalues; an eigenspace on V is K^m, m the
multiplicity of U in V. Blocks of another element B between eigenspaces tell which belong together and carry one onto another, alike on V and W;
skew parts of the diagonal blocks are the imaginary units of K. The maps are then all K-linear maps between multiplicity spaces.
"""

from __future__ import annotations

import numpy as np

from symc.algebra import sizes as sz
from symc.algebra.groups import Group
from symc.algebra.hom import Array, Certificate, Isotypic
from symc.algebra.summands import Leg
from symc.passes.solve import limits
from symc.passes.solve.canonical import canonical_basis, orthonormal
from symc.passes.solve.certify import along, residual
from symc.passes.solve.counting import expected
from symc.passes.solve.division import UNITS, units_basis
from symc.passes.solve.errors import SolveError, show
from symc.passes.solve.spectrum import Spectrum, Unclear, spectra
from symc.passes.solve.unitary import Side, inverse, side

ELEMENTS = 6  # random group elements in one generic element, doubled at each further try
TRIES = 4
GOOD = 1e-8  # residual above which a draw was bad


def isotypic(group: Group, source: tuple[Leg, ...], target: tuple[Leg, ...], limit: int) -> Isotypic | None:
    """The strategy: None where the group is not compact. Raises SolveError E0403 where the generators are too inexact for a clear answer."""
    into, out = side(source), side(target)
    if into is None or out is None:
        return None
    count, by = expected(source, target)
    what = f"the maps {show(source, target)}"
    limits.check_bytes(8 * (8 * max(into.dim, out.dim) ** 2 + 3 * (count or 1) * into.dim * out.dim), limit, what)
    reason = ""
    for attempt in range(TRIES):
        try:
            found = spectra(group, into, out, ELEMENTS << attempt, attempt)
            dim = sum(UNITS[s.kind].shape[0] * s.source.shape[2] * s.target.shape[2] for s in found)
            limits.check_bytes(24 * dim * into.dim * out.dim, limit, what)
            rows = canonical_basis(_rows(found, into, out))
        except Unclear as unclear:
            reason = str(unclear)
            continue
        tensor = rows.reshape(len(rows), *(sz.number(leg.dim) for leg in target + source))
        error = residual(tensor, source, target)
        if error < GOOD:
            return Isotypic(group, tensor, len(source), Certificate(error, count, by, "orthonormal"))
        reason = f"the best basis found misses equivariance by {error:.1e}"
    raise SolveError("E0403", f"{what} are not clear: {reason}", helps=("give the generators exactly: integers, or all 16 digits",))


def _rows(found: list[Spectrum], into: Side, out: Side) -> Array:
    """Orthonormal rows, one a basis map, flattened row-major over (target, source)."""
    blocks = [_maps(spectrum) for spectrum in found]
    rows: Array = np.concatenate([np.zeros((0, out.dim * into.dim)), *(block.reshape(len(block), -1) for block in blocks)])
    if all(form is None for form in (*into.forms, *out.forms)):
        return rows
    tensor: Array = rows.reshape(len(rows), *(sz.number(leg.dim) for leg in out.legs + into.legs))
    for axis, form in enumerate(out.forms, 1):  # back to the coordinates given: W = P_out^-1 W' P_in
        tensor = tensor if form is None else along(inverse(form), tensor, axis)
    for axis, form in enumerate(into.forms, 1 + len(out.legs)):
        tensor = tensor if form is None else along(form.T, tensor, axis)
    return orthonormal(tensor.reshape(rows.shape))


def _maps(spectrum: Spectrum) -> Array:
    """Shape (dim, d_out, d_in): sum over copies s of Q_out[s, i] u Q_in[s, j]^T for target copy i, source copy j and unit u of K."""
    source, target = units_basis(spectrum.source, spectrum.source_units), units_basis(spectrum.target, spectrum.target_units)
    copies, d_in, _, k = source.shape
    _, d_out, m_out, _ = target.shape
    turned = np.einsum("uba,sqja->sbujq", UNITS[spectrum.kind], source).reshape(copies * k, -1)
    maps = (target.transpose(1, 2, 0, 3).reshape(d_out * m_out, copies * k) @ turned).reshape(d_out, m_out, -1, d_in)
    return np.asarray(maps.transpose(1, 2, 0, 3).reshape(-1, d_out, d_in) / np.sqrt(copies * k))
