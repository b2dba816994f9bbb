"""Estimates come before allocation."""

from __future__ import annotations

import pytest

from symc.algebra import construct
from symc.algebra.groups import Dihedral, SpecialOrthogonal, Symmetric
from symc.algebra.reps import Perm, Pixels, Tensor, Trivial
from symc.passes.solve import SolveError, check_dense, memory_limit, solve
from symc.passes.solve.limits import DEFAULT_BYTES, check_bytes, show_bytes

POINT = construct.point(construct.euclidean(3))


@pytest.mark.parametrize(
    ("source", "target", "estimate"),
    [
        (Pixels(Dihedral(4), 300, 300), Pixels(Dihedral(4), 300, 300), "181 GiB"),
        (Tensor((Perm(Symmetric(5)), Trivial(100_000))), Tensor((Perm(Symmetric(5)), Trivial(100_000))), "74.5 GiB"),
        (Tensor((Trivial(70_000), POINT)), POINT, "73 GiB"),
    ],
    ids=["labels", "weights", "points"],
)
def test_too_large_is_refused_with_the_estimate(source: Tensor, target: Tensor, estimate: str) -> None:
    with pytest.raises(SolveError, match=estimate) as caught:
        solve((source,), (target,))
    assert caught.value.code == "E0501"
    assert any("SYMC_MEMORY_LIMIT" in text for text in caught.value.helps)


def test_the_limit_can_be_given() -> None:
    leg = construct.sym(construct.vector(SpecialOrthogonal(3)), 4)
    assert solve((leg,), (leg,), limit_bytes=10**6).dim
    with pytest.raises(SolveError, match=r"limit of 9\.77 KiB"):
        solve((leg,), (leg,), limit_bytes=10**4)


def test_dense_is_checked_apart() -> None:
    leg = Perm(Symmetric(1000))
    basis = solve((Tensor((leg, leg)),), (leg,))
    with pytest.raises(SolveError, match=r"\(5, 1000, 1000000\)"):
        check_dense(basis)
    check_dense(solve((leg,), (leg,)))


@pytest.mark.parametrize(("text", "value"), [("", DEFAULT_BYTES), ("1000", 1000), ("2G", 2 << 30), ("1.5m", 3 << 19)])
def test_limit_from_the_environment(monkeypatch: pytest.MonkeyPatch, text: str, value: int) -> None:
    monkeypatch.setenv("SYMC_MEMORY_LIMIT", text)
    assert memory_limit() == value
    assert memory_limit(5) == 5


@pytest.mark.parametrize("text", ["much", "-1", "0", "infG", "nan"])
def test_a_limit_that_is_none(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SYMC_MEMORY_LIMIT", text)
    with pytest.raises(SolveError, match=f"SYMC_MEMORY_LIMIT={text}"):
        memory_limit()


@pytest.mark.parametrize(("amount", "text"), [(3, "3 bytes"), (1024, "1 KiB"), (1536, "1.5 KiB"), (5 << 30, "5 GiB"), (10**40, "EiB")])
def test_amounts_are_readable(amount: int, text: str) -> None:
    assert show_bytes(amount).endswith(text)
    with pytest.raises(SolveError):
        check_bytes(amount, amount - 1, "this")
    check_bytes(amount, amount, "this")
