"""Groups as immutable expressions: their generators, their size, and how their elements are multiplied. A family is a class."""

from symc.algebra.groups.affine import TRIVIAL_GROUP, Lattice, Semidirect
from symc.algebra.groups.base import Array, Atom, Family, Form, Group, Ints, Linear, Named, Permuting, Product, Rng, below, parity
from symc.algebra.groups.classical import Lie, Orthogonal, SpecialOrthogonal, SpecialUnitary, Unitary, exponential, haar, lie_pair
from symc.algebra.groups.generated import Discrete, Generated, Tangent, Word
from symc.algebra.groups.matrices import Matrices, Number
from symc.algebra.groups.polygons import Cyclic, Dihedral, cos_sin
from symc.algebra.groups.reductive import GeneralLinear, Indefinite, LeviFactor, SpecialLinear, Symplectic
from symc.algebra.groups.residues import Residues
from symc.algebra.groups.signs import unsigned
from symc.algebra.groups.subgroup import Subgroup, over, quotient, subgroup_of
from symc.algebra.groups.symmetric import Alternating, Permutations, Symmetric
from symc.algebra.groups.wreath import Wreath

__all__ = [
    "TRIVIAL_GROUP", "Alternating", "Array", "Atom", "Cyclic", "Dihedral", "Discrete", "Family", "Form", "GeneralLinear", "Generated", "Group",
    "Indefinite", "Ints", "Lattice", "LeviFactor", "Lie", "Linear", "Matrices", "Named", "Number", "Orthogonal", "Permutations", "Permuting",
    "Product", "Residues", "Rng", "Semidirect", "SpecialLinear", "SpecialOrthogonal", "SpecialUnitary", "Subgroup", "Symmetric", "Symplectic",
    "Tangent", "Unitary", "Word", "Wreath", "below", "cos_sin", "exponential", "haar", "lie_pair", "over", "parity", "quotient", "subgroup_of",
    "unsigned",
]
