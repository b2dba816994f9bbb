"""The examples run, short, as a user would run them; what they learn in full is in the README."""

from __future__ import annotations

import math
import os
import re
import runpy
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest
import torch
from scipy.spatial import ConvexHull

from symc.api.program import check_file

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


def run(*arguments: str, cwd: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.sym")), ids=lambda path: path.name)
def test_every_spec_checks_without_a_word(path: Path) -> None:
    assert check_file(path).diagnostics == ()


def test_digits(tmp_path: Path) -> None:
    out = run(str(EXAMPLES / "digits.py"), "--seeds", "1", "--epochs", "3", "--picture", str(tmp_path / "digits.png"), cwd=tmp_path)
    upright, everywhere = re.search(r"^symc +[\d,]+ +([\d.]+) ± 0.0 +([\d.]+) ± 0.0", out, re.M).groups()  # type: ignore[union-attr]
    assert upright == everywhere
    assert float(upright) > 20  # better than chance after three epochs
    assert "Digits: equivariant under D" in out
    assert (tmp_path / "digits.png").stat().st_size > 10_000


def test_deepsets(tmp_path: Path) -> None:
    out = run(str(EXAMPLES / "deepsets.py"), "--steps", "200", cwd=tmp_path)
    errors = {int(n.replace(",", "")): float(error) for n, error in re.findall(r"^ *([\d,]+) +(0\.\d+) +0\.\d+", out, re.M)}
    assert {3, 10_000} <= errors.keys()
    assert errors[30] < 0.5  # the correlations alone deviate by 0.55
    assert "equivariant under P" in out


def test_ign(tmp_path: Path) -> None:
    out = run(str(EXAMPLES / "ign.py"), "--iterations", "20", "--picture", str(tmp_path / "ign.png"), cwd=tmp_path)
    assert re.search(r"^pairs in the atlas told apart +0 of 26 +26 of 26$", out, re.M)
    pairs = {name: (float(second), float(third)) for name, second, third in re.findall(r"^(\w.*\S) +(\de[+-]\d\d) +(\de[+-]\d\d)$", out, re.M)}
    assert len(pairs) == 10
    assert {name for name, (second, third) in pairs.items() if third < 1e-12} == {"rook's graph, Shrikhande graph"}
    assert max(second for second, _ in pairs.values()) < 1e-12
    shares = {name: (float(given), float(always)) for name, given, always in re.findall(r"^(\w.*?)  .* ([\d.]+) +([\d.]+)$", out, re.M)}
    assert len(shares) == 4
    assert all(given == always for name, (given, always) in shares.items() if "symc" in name)
    assert shares["symc, order 3"][1] > shares["MLP, renumbered copies"][1] > 0
    assert "IGN: equivariant under P" in out
    assert (tmp_path / "ign.png").stat().st_size > 10_000


def test_inertia(tmp_path: Path) -> None:
    out = run(str(EXAMPLES / "inertia.py"), "--steps", "100", "--sizes", "300", "--picture", str(tmp_path / "inertia.png"), cwd=tmp_path)
    errors = {name: float(error) for name, error in re.findall(r"^(\w.*?)  +[\d,]+ +([\d.]+) +[\d.]+ +\S+$", out, re.M)}
    assert len(errors) == 4
    assert errors["symc, O(3) x S(5)"] < 0.5 * min(errors["MLP"], errors["MLP, moved copies"])
    assert errors["symc, O(3)"] < errors["MLP"]
    assert "Turned: equivariant under R" in out
    assert "Inertia: equivariant under P * R" in out
    assert (tmp_path / "inertia.png").stat().st_size > 10_000


@pytest.mark.filterwarnings("ignore:The hashes produced:UserWarning")  # networkx tells of hashes that it changed once
def test_colours_are_those_of_networkx() -> None:
    pairs = runpy.run_path(str(EXAMPLES / "ign.py"))["atlas_pairs"]()
    hashes = Counter((len(graph), nx.weisfeiler_lehman_graph_hash(graph, iterations=len(graph) + 1)) for graph in nx.graph_atlas_g())
    assert len(pairs) == sum(math.comb(graphs, 2) for graphs in hashes.values())
    assert not any(nx.is_isomorphic(*pair) for pair in pairs)


def test_transformer(tmp_path: Path) -> None:
    out = run(str(EXAMPLES / "transformer.py"), "--steps", "250", "--picture", str(tmp_path / "transformer.png"), cwd=tmp_path)
    found = {int(n): float(percent) for n, percent in re.findall(r"^ *(\d+) +([\d.]+)", out, re.M)}
    assert {4, 12, 24} <= found.keys()
    assert found[8] > 50  # one in eight by chance
    assert "Sorting: equivariant under P * Q" in out
    assert (tmp_path / "transformer.png").stat().st_size > 10_000


def test_pointer(tmp_path: Path) -> None:
    out = run(str(EXAMPLES / "pointer.py"), "--steps", "150", "--picture", str(tmp_path / "pointer.png"), cwd=tmp_path)
    found = {int(n): float(percent) for n, percent in re.findall(r"^ *(\d+) +([\d.]+) \(", out, re.M)}
    assert {4, 16, 64} <= found.keys()
    assert min(found[16], found[64]) > 60  # one in 16 and one in 64 by chance
    assert "Pointer: equivariant under P * E * Q" in out
    assert (tmp_path / "pointer.png").stat().st_size > 10_000


def test_edges_of_a_hull_are_those_of_scipy() -> None:
    names = runpy.run_path(str(EXAMPLES / "pointer.py"))
    points, real = names["sets"](20, 4, 16, torch.Generator().manual_seed(0))
    for x, taken, edges in zip(points, real, names["following"](points, real), strict=True):
        hull = ConvexHull(x[taken].double().numpy()).vertices.tolist()  # anticlockwise
        assert {tuple(edge) for edge in edges.nonzero().tolist()} == set(pairwise([*hull, hull[0]]))


def test_the_benchmark_of_starting_up_runs() -> None:
    out = run(str(ROOT / "tests" / "bench" / "startup.py"), "--runs", "1", cwd=ROOT)
    assert re.search(r"ratio .* \d+\.\d+", out)
