"""Dimensions against GAP: characters over all its elements, double cosets, Kronecker coefficients from its characters, orders of its groups.

Run where `gap` is installed (Debian: gap-core): pytest -m gap
"""

from __future__ import annotations

import shutil
import subprocess
from itertools import product

import numpy as np
import pytest

import symc
from symc.algebra import construct as c
from symc.algebra.enumeration import group_order
from symc.algebra.groups import Permutations

pytestmark = [pytest.mark.gap, pytest.mark.skipif(shutil.which("gap") is None, reason="gap is not installed")]

GROUPS, SEED = 80, 20


def gap(script: str) -> list[list[int]]:
    """The lines that a script prints, each some integers."""
    done = subprocess.run(["gap", "-q", "-T"], input=script, capture_output=True, text=True, check=True, timeout=600)
    return [[int(word) for word in line.split()] for line in done.stdout.splitlines() if line.strip()]


def random_groups() -> list[list[list[int]]]:
    """Images of the generators of random permutation groups of degree 2 to 8: products of few cycles, so that many are small."""
    rng = np.random.default_rng(SEED)
    found = []
    for _ in range(GROUPS):
        degree = int(rng.integers(2, 9))
        images = []
        for _ in range(int(rng.integers(1, 4))):
            image = np.arange(degree)
            chosen = rng.permutation(degree)[: int(rng.integers(2, degree + 1))]
            image[chosen] = np.roll(chosen, 1)
            images.append(image.tolist())
        found.append(images)
    return found


def written(images: list[list[int]]) -> str:
    return f"Group({', '.join(f'PermList({[point + 1 for point in image]})' for image in images)})"


FIXED = """
SetPrintFormattingStatus("*stdout*", false);;
fixed := function(g, n) return Number([1..n], i -> i^g = i); end;;
mean := function(G, f) local g, s; s := 0; for g in G do s := s + f(g); od; return s / Size(G); end;;
"""


def test_orders_orbits_and_signs_of_random_groups() -> None:
    groups = random_groups()
    script = FIXED
    for images in groups:
        n = len(images[0])
        script += f"G := {written(images)};;\n"
        characters = [f"fixed(g, {n})^{m}" for m in (1, 2, 3, 4)] + ["SignPerm(g)", f"SignPerm(g) * fixed(g, {n})^2"]
        means = ', " ", '.join(f"mean(G, g -> {character})" for character in characters)
        script += f'Print(Size(G), " ", {means}, "\\n");\n'
    for images, (order, *dims) in zip(groups, gap(script), strict=True):
        group = c.permutations(images)
        assert isinstance(group, Permutations)
        assert group_order(group) == order
        text = f"permutations({', '.join(map(str, images))})"
        powers = ["perm(G) -> 1", "perm(G) -> perm(G)", "perm(G)^2 -> perm(G)", "perm(G)^2 -> perm(G)^2"]
        signatures = [*powers, "sign(G) -> 1", "perm(G) -> sign(G)*perm(G)"]
        assert [symc.solve(signature, groups={"G": text}).dim for signature in signatures] == dims, images


def test_cosets_of_random_subgroups() -> None:
    """As many maps as double cosets."""
    rng = np.random.default_rng(SEED)
    chosen = []
    for _ in range(25):
        n = int(rng.integers(3, 6))
        chosen.append((n, *([rng.permutation(n).tolist() for _ in range(int(rng.integers(1, 3)))] for _ in range(2))))
    script = FIXED
    for n, first, second in chosen:
        script += f"G := SymmetricGroup({n});; H := {written(first)};; K := {written(second)};;\n"
        script += 'Print(Length(Orbits(H, RightCosets(G, H), OnRight)), " ", Length(Orbits(H, RightCosets(G, K), OnRight)), "\\n");\n'
    for (n, first, second), dims in zip(chosen, gap(script), strict=True):
        declared = {"G": f"S({n})"} | {name: f"subgroup(G, {', '.join(map(str, images))})" for name, images in (("H", first), ("K", second))}
        signatures = ["cosets(G, H) -> cosets(G, H)", "cosets(G, H) -> cosets(G, K)"]
        assert [symc.solve(signature, groups=declared).dim for signature in signatures] == dims


@pytest.mark.parametrize("n", [3, 4, 5])
def test_kronecker_coefficients(n: int) -> None:
    """Of all triples of irreducibles of S(n), in Young's orthogonal form; GAP has no labels for them, so all are compared at once."""
    script = f"""
irr := Irr(SymmetricGroup({n}));;
for i in irr do for j in irr do for l in irr do
  Print(i[1], " ", j[1], " ", l[1], " ", ScalarProduct(i * j, l), "\\n");
od; od; od;
"""
    labels = sorted(partitions(n))
    known = {label: int(c.irrep(c.symmetric(n), list(label)).dim) for label in labels}
    found = []
    for triple in product(labels, repeat=3):
        a, b, target = (f"irrep(P, {list(label)})" for label in triple)
        dim = symc.solve(f"{a}*{b} -> {target}", groups={"P": f"S({n})"}).dim
        found.append([*(known[label] for label in triple), dim])
    assert sorted(found) == sorted(gap(script))


def partitions(n: int, largest: int | None = None) -> list[tuple[int, ...]]:
    if n == 0:
        return [()]
    return [(part, *rest) for part in range(min(n, largest or n), 0, -1) for rest in partitions(n - part, part)]
