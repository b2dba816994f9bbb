"""Symmetric, exterior and traceless powers."""

from __future__ import annotations

from symc.algebra import reps
from symc.algebra import sizes as sz
from symc.algebra.errors import AlgebraError
from symc.algebra.reps import Rep
from symc.algebra.reps.powers import invariant_metric
from symc.algebra.sizes import Size

LARGEST = 20_000  # coordinates
EXPONENT = 32


def sym(rep: Rep, k: int) -> Rep:
    """The k-th symmetric power, in orthonormal monomials."""
    return _power(rep, k, "sym")


def alt(rep: Rep, k: int) -> Rep:
    """The k-th exterior power, in orthonormal coordinates e_i ^ e_j ^ ..., i < j < ..."""
    return _power(rep, k, "alt")


def traceless(rep: Rep, k: int) -> Rep:
    """The symmetric tensors of rank k whose traces vanish."""
    _check(rep, k, "traceless")
    if rep.is_complex or not (rep.unitary or (isinstance(rep.dim, int) and invariant_metric(rep) is not None)):
        message = f"traceless({rep}, {k}): {rep} keeps no form that is known, so there is no trace"
        raise AlgebraError(message, "use an orthogonal representation, or sym")
    result = reps.Traceless(rep, k) if k > 1 else rep if k else reps.Trivial(1)
    if result.dim == 0:
        raise AlgebraError(f"traceless({rep}, {k}) has no coordinates: {rep} has {sz.show(rep.dim)}", "take sym, or a power of at most 1")
    return _sized(result)


def _power(rep: Rep, k: int, kind: reps.powers.Kind) -> Rep:
    _check(rep, k, kind)
    if k == 0:
        return reps.one(rep.is_complex)
    result = rep if k == 1 else reps.Power(rep, k, kind)
    if result.dim == 0:
        raise AlgebraError(f"{kind}({rep}, {k}) has no coordinates: {rep} has {sz.show(rep.dim)}", f"take a power of at most {sz.show(rep.dim)}")
    return _sized(result)


def _check(rep: Rep, k: int, word: str) -> None:
    if rep.affine:
        raise AlgebraError(f"{word}({rep}, {k}): points have no powers", "take a difference of points, a vector")
    if isinstance(k, bool) or not 0 <= k <= EXPONENT:
        raise AlgebraError(f"{word}({rep}, {k}): the power is a number from 0 to {EXPONENT}")


def _sized(rep: Rep) -> Rep:
    dim: Size = rep.dim
    if isinstance(dim, int) and dim > LARGEST:
        raise AlgebraError(f"{rep} has {dim} coordinates; at most {LARGEST} are allowed", "take a lower power")
    return rep
