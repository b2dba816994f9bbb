"""How large a solution may be: estimates made before anything is allocated."""

from __future__ import annotations

import os

from symc.algebra import sizes as sz
from symc.algebra.hom import Affine, Sizes, Split
from symc.passes.solve.errors import SolveError

DEFAULT_BYTES = 4 * 2**30
MAX_DIAGRAMS = 100_000
MAX_PAIRS = 10_000
TAKEN_APART = 10  # matrices of a leg's size: generic elements, eigenvectors and what is made of them
SAMPLED = 24  # and random elements
VARIABLE = "SYMC_MEMORY_LIMIT"


def memory_limit(limit_bytes: int | None = None) -> int:
    """The limit in bytes: the one given, else that of the environment, else 4 GiB. Raises SolveError E0501."""
    return bytes_from_environment(VARIABLE, DEFAULT_BYTES) if limit_bytes is None else limit_bytes


def bytes_from_environment(variable: str, default: int) -> int:
    """What an environment variable says, a number of bytes or `500M`, `8G`; raises SolveError E0501 where it says something else."""
    text = os.environ.get(variable, "").strip()
    if not text:
        return default
    scale = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}.get(text[-1].upper(), 1)
    try:
        value = int(float(text[:-1] if scale > 1 else text) * scale)
    except (ValueError, OverflowError):
        value = 0
    if value <= 0:
        raise SolveError("E0501", f"{variable}={text} is no number of bytes", helps=(f"write a number of bytes, or for instance {variable}=8G",))
    return value


def check_bytes(needed: int, limit: int, what: str) -> None:
    """Raises SolveError E0501 with the estimate where something would need more than the limit."""
    if needed > limit:
        raise SolveError(
            "E0501",
            f"{what} would need {show_bytes(needed)}, more than the limit of {show_bytes(limit)}",
            notes=("this is an estimate: nothing was allocated",),
            helps=("take smaller sizes or a lower tensor power", f"or raise the limit: {VARIABLE}={-(-needed // 2**30)}G"),
        )


def check_dense(split: Split | Affine, sizes: Sizes | None = None, limit_bytes: int | None = None) -> None:
    """Raises SolveError E0501 where `split.dense(sizes)` would need more than the limit."""
    rows, columns = (sum(sz.number(rep.dim, sizes) for rep in reps) for reps in (split.targets, split.sources))
    check_bytes(8 * split.dim * rows * columns, memory_limit(limit_bytes), f"the dense basis of shape ({split.dim}, {rows}, {columns})")


def check_matrices(d: int, limit: int, what: str, *, over_c: bool, sampled: bool = False) -> None:
    """Raises SolveError E0501 where taking d coordinates apart would need more than the limit; `sampled`: random elements are matrices too."""
    check_bytes((16 if over_c else 8) * (TAKEN_APART + SAMPLED * sampled) * d**2, limit, what)


def check_diagrams(count: int, what: str, kind: str = "diagrams") -> None:
    """Raises SolveError E0502 where a basis has too many diagrams, or orbits, to be of use."""
    if count > MAX_DIAGRAMS:
        raise SolveError("E0502", f"{what} has a basis of {count:,} {kind}, more than {MAX_DIAGRAMS:,}", helps=("take a lower tensor power",))


def check_pairs(inputs: int, outputs: int) -> None:
    """Raises SolveError E0524 where a map between sums has too many parts."""
    if inputs * outputs > MAX_PAIRS:
        message = f"a map from {inputs} to {outputs} summands has {inputs * outputs:,} parts, more than {MAX_PAIRS:,}"
        raise SolveError("E0524", message, helps=("write `k*v` for k copies of v: they are one summand",))


def show_bytes(amount: int) -> str:
    """`1.5 GiB`: three digits at most, in the unit that fits."""
    if amount < 2**10:
        return f"{amount} bytes"
    unit = min(max(amount.bit_length() - 1, 10) // 10, 6)
    return f"{float(amount // 2 ** (10 * unit - 10)) / 2**10:.3g} {'KMGTPE'[unit - 1]}iB"
