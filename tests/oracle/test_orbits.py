"""Orbits against an oracle: the connected components of pairs of points under the generators, found by networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from symc.algebra import construct
from symc.algebra.actions import generators, monomial
from symc.algebra.groups import Group
from symc.algebra.hom import Orbits
from symc.algebra.reps import Rep, Tensor
from symc.passes.solve import solve

D4 = construct.dihedral(4)
PERMUTATIONS = [construct.permutations(cycles) for cycles in (["(0 1 2 3)", "(4 5)"], ["(0 1 2)(3 4 5)", "(0 3)"])]
GROUPS: list[tuple[Group, Rep, Rep]] = [
    (D4, construct.pixels(D4, 5, 5), construct.pixels(D4, 5, 5)),
    (D4, construct.pixels(D4, 4, 4), construct.regular(D4)),
    (D4, Tensor((construct.sign(D4), construct.perm(D4))), construct.regular(D4)),
    (construct.cyclic(6), construct.perm(construct.cyclic(6)), construct.regular(construct.cyclic(6))),
    *((group, construct.perm(group), construct.perm(group)) for group in PERMUTATIONS),
]


@pytest.mark.parametrize(("group", "source", "target"), GROUPS, ids=str)
def test_weights_are_shared_within_components(group: Group, source: Rep, target: Rep) -> None:
    """On the double cover of signed pairs: a component and its negative share a weight, a component that is its own negative has none."""
    graph: nx.Graph = nx.Graph()
    rows, columns = int(target.dim), int(source.dim)
    graph.add_nodes_from((i, j, s) for i in range(rows) for j in range(columns) for s in (1, -1))
    for generator in generators([group]):
        left, right = monomial(target, generator), monomial(source, generator)
        assert left is not None
        assert right is not None
        for i in range(rows):
            for j in range(columns):
                flip = int(left.sign[i] * right.sign[j])
                graph.add_edges_from(((i, j, s), (int(left.image[i]), int(right.image[j]), s * flip)) for s in (1, -1))
    split = solve((source,), (target,))
    (basis,) = [factor.basis for entry in split.entries for factor in entry.basis.factors]
    assert isinstance(basis, Orbits)
    signs = basis.sign if basis.sign is not None else np.ones_like(basis.label, dtype=np.int8)
    seen = set()
    for component in nx.connected_components(graph):
        found = {(int(basis.label[i, j]), int(signs[i, j]) * s) for i, j, s in component}
        if any((i, j, -s) in component for i, j, s in component):
            assert {label for label, _ in found} == {-1}
        else:
            assert len(found) == 1
            seen |= found
    assert len(seen) == 2 * split.dim
