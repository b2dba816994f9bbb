"""What took long to solve is read from the store again, and is the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import symc
from symc.algebra import hom
from symc.passes.solve import legs, remembered
from symc.passes.solve.store import Store, default_store

CYCLES = 'permutations("(0 1 2)(3 4)")'
CASES = {
    "orbits": ("perm(G)^2 -> perm(G)^2", CYCLES, hom.Orbits),
    "signed orbits": ("perm(G)*sign(G) -> perm(G)^2", CYCLES, hom.Orbits),
    "isotypic": ("irrep(G, 2)*vector(G) -> irrep(G, 1)*irrep(G, 2)", "SO(3)", hom.Isotypic),
    "isotypic over C": ("complex(vector(G))^2 -> complex(vector(G))", "C(3)", hom.Isotypic),
    "skew isotypic": ("vector(G)^2 -> vector(G)^2", "matrices([[1, 1], [-1, 0]])", hom.Isotypic),
    "nullspace": ("vector(G)^2 -> vector(G)^2", "matrices([[1, 1], [0, 1]])", hom.Nullspace),
    "Levi": ("vector(G)^2 -> vector(G)^2", "O(1, 1, 1)", hom.Combined),
}


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Store]:
    """An empty store, in which all is kept, however fast."""
    monkeypatch.setenv("SYMC_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(remembered, "LONG", 0.0)
    forget()
    found = default_store()
    assert found is not None
    yield found
    forget()


def forget() -> None:
    legs.solve_atom.cache_clear()
    legs._solve_product.cache_clear()


def solved(signature: str, group: str, name: str = "G") -> hom.AtomBasis:
    """The basis of the only factor."""
    split = symc.solve(signature.replace("(G", f"({name}"), groups={name: group}).basis
    assert isinstance(split, hom.Split)
    forget()
    return split.entries[0].basis.factors[0].basis


def never(*_: object) -> None:
    raise AssertionError("solved again")


@pytest.mark.parametrize("case", CASES)
def test_is_read_again(case: str, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    signature, group, kind = CASES[case]
    first = solved(signature, group)
    assert isinstance(first, kind)
    assert store.usage().entries == 1
    monkeypatch.setattr(legs, "COMPUTED", (never,))
    again = solved(signature, group)
    assert type(again) is type(first)
    assert again.certificate == first.certificate
    assert again.method == first.method
    np.testing.assert_array_equal(again.dense(), first.dense())
    weights = np.random.default_rng(0).standard_normal((3, first.dim))
    np.testing.assert_array_equal(again.combine(weights), first.combine(weights))


def test_names_do_not_matter(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    solved("perm(G) -> perm(G)", CYCLES)
    monkeypatch.setattr(legs, "COMPUTED", (never,))
    solved("perm(G) -> perm(G)", CYCLES, name="Another")


def test_what_differs_is_solved(store: Store) -> None:
    solved("perm(G) -> perm(G)", CYCLES)
    solved("perm(G) -> perm(G)", 'permutations("(0 1 2)(3 4 5)")')
    solved("perm(G) -> perm(G)^2", CYCLES)
    assert store.usage().entries == 3


def test_another_solver_is_another_entry(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    solved("perm(G) -> perm(G)", CYCLES)
    monkeypatch.setattr(remembered, "SOLVER", 99)
    solved("perm(G) -> perm(G)", CYCLES)
    assert store.usage().entries == 2


def test_what_is_fast_is_not_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "LONG", 60.0)
    solved("perm(G) -> perm(G)", CYCLES)
    assert store.usage().entries == 0


def test_without_a_store_all_is_solved(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYMC_CACHE", "off")
    assert solved("perm(G) -> perm(G)", CYCLES).dim == 7
    assert store.usage().entries == 0


@pytest.mark.parametrize(
    "damage",
    [
        lambda facts, arrays: facts.clear(),
        lambda facts, arrays: facts.update(kind="Diagrams"),
        lambda facts, arrays: facts.update(certificate={"residual": 0.0}),
        lambda facts, arrays: arrays.clear(),
        lambda facts, arrays: arrays.update(label=arrays["label"][1:]),
    ],
    ids=["no facts", "another kind", "half a certificate", "no arrays", "another shape"],
)
def test_an_entry_that_does_not_fit_is_a_miss(damage: object, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put = Store.put

    def damaged(self: Store, key: str, arrays: dict[str, object], facts: dict[str, object]) -> None:
        damage(facts, arrays)  # type: ignore[operator]
        put(self, key, arrays, facts)  # type: ignore[arg-type]

    monkeypatch.setattr(Store, "put", damaged)
    solved("perm(G) -> perm(G)", CYCLES)
    assert store.usage().entries == 1
    assert solved("perm(G) -> perm(G)", CYCLES).dim == 7
