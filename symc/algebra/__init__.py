"""Groups and representations as immutable expressions: what they do to coordinates, their elements, characters and dimension counts; solved bases."""

from __future__ import annotations

from symc.algebra.actions import act, leaf_monomial, matrix, monomial
from symc.algebra.characters import character, classes
from symc.algebra.counts import hom_dim
from symc.algebra.elements import Element, exp, from_generator, sample, word
from symc.algebra.enumeration import Enumeration, enumerate_group, group_order
from symc.algebra.errors import AlgebraError, GroupTooLarge
from symc.algebra.generators import Generator, generators
from symc.algebra.groups import Cyclic, Dihedral, Group, Matrices, Named, Orthogonal, Permutations, Product, SpecialOrthogonal, Symmetric
from symc.algebra.monomial import Monomial
from symc.algebra.reps import Dual, Leaf, Perm, Pixels, Regular, Rep, Sign, Sum, Tensor, Trivial, Vector, dual

__all__ = [
    "AlgebraError", "Cyclic", "Dihedral", "Dual", "Element", "Enumeration", "Generator", "Group", "GroupTooLarge", "Leaf", "Matrices", "Monomial",
    "Named", "Orthogonal", "Perm", "Permutations", "Pixels", "Product", "Regular", "Rep", "Sign", "SpecialOrthogonal", "Sum", "Symmetric", "Tensor",
    "Trivial", "Vector", "act", "character", "classes", "dual", "enumerate_group", "exp", "from_generator", "generators", "group_order", "hom_dim",
    "leaf_monomial", "matrix", "monomial", "sample", "word",
]
