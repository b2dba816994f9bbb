"""Closed-form bases, by the diagrams of each family of groups; every one a basis at every n, small n included."""

from symc.passes.solve.diagrams.alternating import jellyfish_diagrams
from symc.passes.solve.diagrams.general_linear import walled_diagrams
from symc.passes.solve.diagrams.orthogonal import brauer_diagrams
from symc.passes.solve.diagrams.symmetric import partition_diagrams
from symc.passes.solve.diagrams.symplectic import symplectic_diagrams
from symc.passes.solve.diagrams.wreath import nested_diagrams

__all__ = ["brauer_diagrams", "jellyfish_diagrams", "nested_diagrams", "partition_diagrams", "symplectic_diagrams", "walled_diagrams"]
