"""Groups and representations built from checked arguments; what does not exist is refused with an AlgebraError that names the value."""

from symc.algebra.construct.axes import complexified, conj, dual, realified, restrict
from symc.algebra.construct.groups import (
    FAMILIES,
    alternating,
    automorphisms,
    cyclic,
    dihedral,
    euclidean,
    general_linear,
    generated,
    indefinite,
    lie,
    matrices,
    name,
    orthogonal,
    permutations,
    product,
    special_euclidean,
    special_linear,
    special_orthogonal,
    special_unitary,
    symmetric,
    symplectic,
    translations,
    unitary,
    wreath,
)
from symc.algebra.construct.images import ByImages, rep
from symc.algebra.construct.induction import cosets, induce
from symc.algebra.construct.irreps import irrep, irreps
from symc.algebra.construct.powers import alt, sym, traceless
from symc.algebra.construct.reps import blocks, det, perm, pixels, point, regular, sign, trivial, vector
from symc.algebra.construct.semidirect import semidirect
from symc.algebra.construct.subgroups import generated_subgroup, subgroup
from symc.algebra.construct.unmoved import axis, onehot

__all__ = [
    "FAMILIES", "ByImages", "alt", "alternating", "automorphisms", "axis", "blocks", "complexified", "conj", "cosets", "cyclic", "det", "dihedral",
    "dual", "euclidean", "general_linear", "generated", "generated_subgroup", "indefinite", "induce", "irrep", "irreps", "lie", "matrices", "name",
    "onehot", "orthogonal", "perm", "permutations", "pixels", "point", "product", "realified", "regular", "rep", "restrict", "semidirect", "sign",
    "special_euclidean", "special_linear", "special_orthogonal", "special_unitary", "subgroup", "sym", "symmetric", "symplectic", "traceless",
    "translations", "trivial", "unitary", "vector", "wreath",
]
