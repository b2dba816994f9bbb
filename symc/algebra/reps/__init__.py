"""Representations as immutable expressions: what every element does to coordinates. A kind of representation is a class."""

from symc.algebra.reps.base import Image, Leaf, Rep, Sum, Tensor, Trivial, bracketed, turning, turning_index
from symc.algebra.reps.blocks import Blocks, Signs
from symc.algebra.reps.defining import Inflated, Point, Sign, Vector
from symc.algebra.reps.functors import Complexified, Conj, Dual, Functor, Realified, dual, one
from symc.algebra.reps.images import Images
from symc.algebra.reps.irreps import Irrep, Phase, Rotation, Spin, Turning, Young
from symc.algebra.reps.permuting import Perm, Permuted, Pixels, Regular, Still
from symc.algebra.reps.powers import Det, Power, Traceless
from symc.algebra.reps.subgroups import Cosets, Induced, Restricted
from symc.algebra.reps.unmoved import Carried, OneHot, within
from symc.algebra.reps.walk import walk

__all__ = [
    "Blocks",
    "Carried",
    "Complexified",
    "Conj",
    "Cosets",
    "Det",
    "Dual",
    "Functor",
    "Image",
    "Images",
    "Induced",
    "Inflated",
    "Irrep",
    "Leaf",
    "OneHot",
    "Perm",
    "Permuted",
    "Phase",
    "Pixels",
    "Point",
    "Power",
    "Realified",
    "Regular",
    "Rep",
    "Restricted",
    "Rotation",
    "Sign",
    "Signs",
    "Spin",
    "Still",
    "Sum",
    "Tensor",
    "Traceless",
    "Trivial",
    "Turning",
    "Vector",
    "Young",
    "bracketed",
    "dual",
    "one",
    "turning",
    "turning_index",
    "walk",
    "within",
]
