"""Initial weights: the covariance of the output for inputs of variance 1 is exactly 1/3 on every isotypic part that the input reaches."""

from __future__ import annotations

import numpy as np
import pytest

from symc.algebra import construct
from symc.algebra import sizes as sz
from symc.algebra.groups import Cyclic, Dihedral, Orthogonal, SpecialOrthogonal, SpecialUnitary, Symmetric
from symc.algebra.hom import Array, Diagrams, Kron, Split
from symc.algebra.reps import Perm, Pixels, Realified, Regular, Rep, Sign, Sum, Tensor, Trivial, Vector
from symc.passes.solve import forms, initial_factors, solve
from symc.passes.solve.variance import Initial, _isotypic

X6, X4, O3, SO3, D4, C5 = Perm(Symmetric(6)), Perm(Symmetric(4)), Vector(Orthogonal(3)), Vector(SpecialOrthogonal(3)), Dihedral(4), Vector(Cyclic(5))
H, B = Realified(Vector(SpecialUnitary(2))), construct.perm(construct.wreath(Symmetric(2), Symmetric(3)))
FREE = Perm(Symmetric(sz.free("n")))
Case = tuple[tuple[Rep, ...], tuple[Rep, ...]]
EXACT: dict[str, Case] = {
    "S 1->1": ((Tensor((X6, Trivial(3))),), (Tensor((X6, Trivial(2))),)),
    "S 2->2": ((Tensor((X6, X6)),), (Tensor((X6, X6)),)),
    "S 2->2 at small n": ((Tensor((X4, X4, X4)),), (Tensor((X4, X4)),)),
    "S several": ((Tensor((X4, X4, Trivial(2))), Tensor((X4, Trivial(3))), Trivial(2)), (Tensor((X4, X4)), X4, Trivial(1))),
    "S n free, at 8": ((Tensor((FREE, FREE)), Tensor((FREE, Trivial(3)))), (FREE, Trivial(2))),
    "O 2->2": ((Tensor((O3, O3)),), (Tensor((O3, O3)),)),
    "SO with determinants": ((Tensor((SO3, SO3)), SO3), (Tensor((SO3, SO3)), SO3)),
    "SO sums": ((Sum((Trivial(4), Tensor((Trivial(4), SO3)))),), (Sum((Trivial(2), Tensor((Trivial(5), SO3)))),)),
    "D4 pixels": ((Pixels(D4, 4, 4),), (Pixels(D4, 4, 4),)),
    "D4 signed": ((Tensor((Pixels(D4, 3, 3), Trivial(3))), Vector(D4)), (Tensor((Regular(D4, 8), Sign(D4))), Vector(D4), Sign(D4))),
    "C5 bent": ((Tensor((C5, C5, C5)), C5), (C5,)),
    "quaternions": ((Tensor((H, Trivial(3))), Tensor((H, H, H))), (Tensor((H, Trivial(2))),)),
    "blocks": ((Tensor((B, B)), Tensor((B, Trivial(2)))), (B, Trivial(1))),
    "C5 complex": ((Tensor((C5, C5)), C5, Trivial(2)), (Tensor((C5, C5)), C5, Trivial(2))),
    "products": ((Tensor((X4, SO3)), Tensor((X4, Trivial(2))), SO3), (Tensor((X4, SO3)), X4)),
}


def normalised(kron: Kron, sizes: dict[str, int]) -> Array:
    """The dense basis with diagrams divided by n to `summed`, flattened to matrices."""
    scale = np.ones(1)
    for factor in kron.factors:
        basis = factor.basis
        powers = [-diagram.summed(basis.sources) for diagram in basis.diagrams] if isinstance(basis, Diagrams) else [0] * basis.dim
        n = float(sz.number(basis.n, sizes)) if isinstance(basis, Diagrams) else 1.0
        scale = np.kron(scale, n ** np.array(powers))
    return np.repeat(scale, kron.source_channels * kron.target_channels)


def covariance(split: Split, initials: tuple[Initial, ...], sizes: dict[str, int]) -> tuple[Array, Array]:
    """The expected covariance of the output, and the projector on what the input reaches."""
    dense, start = split.dense(sizes), 0
    result = np.zeros((dense.shape[1],) * 2)
    for entry, initial in zip(split.entries, initials, strict=True):
        kron = entry.basis
        block = dense[start : start + kron.dim] * normalised(kron, sizes)[:, None, None]
        start += kron.dim
        factor = np.eye(kron.diagram_dim) if initial.factor is None else initial.factor
        draw = np.kron(initial.scale * factor, np.eye(kron.dim // kron.diagram_dim))
        block = np.tensordot(draw.T, block, axes=1)
        result += np.tensordot(block, block, axes=((0, 2), (0, 2)))
    u, s, _ = np.linalg.svd(dense.transpose(1, 0, 2).reshape(len(result), -1), full_matrices=False)
    reached = u[:, s > 1e-9 * s[0]]
    return result, reached @ reached.T


@pytest.mark.parametrize("case", EXACT.values(), ids=EXACT)
def test_variance_one_third_on_every_isotypic_part(case: Case) -> None:
    split = solve(*case)
    result, projector = covariance(split, initial_factors(split), {"n": 8})
    np.testing.assert_allclose(result, projector / 3, atol=1e-10)


def test_free_n_is_close_at_other_n() -> None:
    split = solve((Tensor((FREE, FREE)),), (Tensor((FREE, FREE)),))
    for n in (6, 12, 20):
        result, _ = covariance(split, initial_factors(split), {"n": n})
        assert abs(np.trace(result) / len(result) - 1 / 3) < 0.05


@pytest.mark.parametrize("name", ["S 2->2", "O 2->2", "D4 pixels", "SO with determinants", "C5 complex", "products"])
def test_where_the_form_costs_too_much_the_mean_is_right(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "MOST", 0)
    forms.form.cache_clear()
    _isotypic.cache_clear()
    split = solve(EXACT[name][0], EXACT[name][1][:1])
    initials = initial_factors(split)
    assert all(initial.factor is None for initial in initials)
    result, _ = covariance(split, initials, {})
    assert abs(np.trace(result) / len(result) - 1 / 3) < 1e-12
    forms.form.cache_clear()
    _isotypic.cache_clear()


def test_sampled_weights_do_the_same() -> None:
    split = solve((Tensor((O3, O3)),), (Tensor((O3, O3)),))
    (initial,) = initial_factors(split)
    assert initial.factor is not None
    theta = initial.scale * initial.factor @ np.random.default_rng(0).standard_normal((3, 20_000))
    maps = np.tensordot(theta.T, split.dense() / np.array([3, 1, 1])[:, None, None], axes=1)  # the first diagram contracts the source: a mean
    np.testing.assert_allclose(np.tensordot(maps, maps, axes=((0, 2), (0, 2))) / 20_000, np.eye(9) / 3, atol=0.03)


def test_no_source() -> None:
    assert initial_factors(solve((), (Trivial(2),))) == ()
