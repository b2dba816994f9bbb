"""What every constructor asks of its arguments."""

from __future__ import annotations

import itertools
import math
import string
from collections.abc import Sequence

import numpy as np
import sympy
from sympy import ZZ
from sympy.polys.matrices import DomainMatrix

from symc.algebra import groups as g
from symc.algebra import sizes as sz
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Group, Number, Product
from symc.algebra.groups.matrices import EXACT_INVERSE, Rows, array
from symc.algebra.sizes import Size

MATRIX = 256  # the largest matrix
INTEGER = 2**53  # from here on integers are not exact as floats
SINGULAR = 1e-12  # smallest over largest singular value
LEAST, LARGEST = 1e-100, 1e100  # absolute values of entries that are not 0: beyond, products of a few are no floats


def checked_size(family: str, n: Size, least: int, most: int) -> Size:
    """A size in bounds, or a free one."""
    if isinstance(n, sympy.Expr):
        n = sz.normal(n)
        if isinstance(n, sympy.Expr) and not n.is_number:
            return n
    if isinstance(n, bool) or not isinstance(n, int):
        raise AlgebraError(f"{family}({n}): a size is an integer")
    if n < least:
        raise AlgebraError(f"{family}({n}): the size is at least {least}")
    if n > most:
        raise AlgebraError(f"{family}({short(n)}): the size is at most {most}")
    return n


def matrix(rows: Sequence[Sequence[Number]], where: str) -> tuple[tuple[Number, ...], ...]:
    """A square matrix of finite numbers, integral entries as int."""
    if isinstance(rows, str) or not isinstance(rows, Sequence) or not all(isinstance(row, Sequence) and not isinstance(row, str) for row in rows):
        raise AlgebraError(f"{where}: a matrix is a list of rows", "write matrices([[0, -1], [1, 0]])")
    lengths = [len(row) for row in rows]
    if not rows or lengths != [len(rows)] * len(rows):
        raise AlgebraError(f"{where} has {len(rows)} rows of lengths {lengths[:8]}: a generator is a square matrix")
    if len(rows) > MATRIX:
        raise AlgebraError(f"{where} is {len(rows)} x {len(rows)}; at most {MATRIX} x {MATRIX} is allowed")
    return tuple(tuple(_number(entry, f"{where}, row {i}, column {j}") for j, entry in enumerate(row)) for i, row in enumerate(rows))


def _number(entry: Number, where: str) -> Number:
    if isinstance(entry, bool) or not isinstance(entry, int | float | complex):
        raise AlgebraError(f"{where}: {entry!r} is no number")
    if isinstance(entry, int) and abs(entry) > INTEGER:
        raise AlgebraError(f"{where}: {short(entry)} is too large; integers up to 2^53 are exact")
    size = math.hypot(entry.real, entry.imag)
    if not (math.isfinite(entry.real) and math.isfinite(entry.imag)):
        raise AlgebraError(f"{where}: {entry} is not finite")
    if size and not LEAST <= size <= LARGEST:
        message = f"{where}: {entry} is out of proportion; absolute values other than 0 are from {LEAST:g} to {LARGEST:g}"
        raise AlgebraError(message, "measure in other units, or write 0")
    if not isinstance(entry, float):
        return entry
    return int(entry) if entry.is_integer() and abs(entry) <= INTEGER else entry


def check_invertible(image: Rows, where: str) -> None:
    """Raises AlgebraError for a singular matrix; integer ones are decided exactly."""
    if len(image) <= EXACT_INVERSE and all(isinstance(entry, int) for row in image for entry in row):
        singular = DomainMatrix([[ZZ(entry) for entry in row] for row in image], (len(image),) * 2, ZZ).convert_to(sympy.QQ).det() == 0
    else:
        values = np.linalg.svd(array(image), compute_uv=False)
        singular = not values[-1] > SINGULAR * values[0]
    if singular:
        shown = str([list(row) for row in image]) if len(image) <= 4 else f"a {len(image)} x {len(image)} matrix"
        raise AlgebraError(f"{where}, {shown}, is singular: the elements of a group have inverses")


def short(n: int) -> str:
    return str(n) if abs(n) < 10**12 else f"about 2^{abs(n).bit_length()}"


def single(group: Group, function: str, more: str = "") -> Group:
    """The group, refused when it is a product: what its factors do together is to be said. `more`: what the function takes besides."""
    if isinstance(group, Product):
        names, first = factors(group)
        parts = [f"{function}({name}{more})" for name in names]
        ways = f"{first}`{' * '.join(parts)}` (tensor product) or `{' + '.join(parts)}` (direct sum)"
        raise AlgebraError(f"{group} is a direct product, and {function} of one is ambiguous", ways)
    return group


def factors(group: Product) -> tuple[list[str], str]:
    """How each factor can be written, and the beginning of a help: `G.0`, the first factor of a named product, is no name in a text."""
    distinct(group)
    taken, names, declared = {atom.name for atom in group.atoms if isinstance(atom, g.Named)}, [], []
    free = (name for index in itertools.count() if (name := string.ascii_uppercase[index] if index < 26 else f"G{index}") not in taken)
    for atom in group.atoms:
        if isinstance(atom, g.Named) and "." in atom.name:
            names.append(next(free))
            declared.append(f"`group {names[-1]} = {atom.definition}`")
        else:
            names.append(str(atom))
    return names, f"name the factors: {', '.join(declared)}, then " if declared else "write "


def distinct(group: Product) -> Product:
    """The product, refused when one group occurs twice in it: equal groups are one group, which acts once."""
    for index, atom in enumerate(group.atoms):
        if atom in group.atoms[:index]:
            names = "give the factors names of their own: `group A = ...`, `group B = ...`"
            raise AlgebraError(f"{atom} occurs twice in {group}, and equal groups are one group", names)
    return group
