"""Solved spaces of equivariant maps: a closed union of kinds of basis, each with its certificate."""

from symc.algebra.hom.affine import Affine, System, normalisation
from symc.algebra.hom.basis import Array, AtomSpace, Certificate, Sizes
from symc.algebra.hom.diagrams import Diagram, Diagrams, diagram_tensor, levi_civita
from symc.algebra.hom.explicit import Bent, Combined, Nullspace
from symc.algebra.hom.isotypic import Frames, Isotypic, IsotypicBlock
from symc.algebra.hom.nested import Nested
from symc.algebra.hom.orbits import OrbitList, Orbits
from symc.algebra.hom.sums import AtomBasis, Basis, Entry, Factor, Kron, Split

__all__ = [
    "Affine",
    "Array",
    "AtomBasis",
    "AtomSpace",
    "Basis",
    "Bent",
    "Certificate",
    "Combined",
    "Diagram",
    "Diagrams",
    "Entry",
    "Factor",
    "Frames",
    "Isotypic",
    "IsotypicBlock",
    "Kron",
    "Nested",
    "Nullspace",
    "OrbitList",
    "Orbits",
    "Sizes",
    "Split",
    "System",
    "diagram_tensor",
    "levi_civita",
    "normalisation",
]
