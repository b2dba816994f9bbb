"""Representations as immutable expressions: what every element does to coordinates. A kind of representation is a class."""

from symc.algebra.reps.base import Image, Leaf, Rep, Sum, Tensor, Trivial, bracketed
from symc.algebra.reps.defining import Point, Sign, Vector
from symc.algebra.reps.functors import Complexified, Conj, Dual, Functor, Realified, dual
from symc.algebra.reps.permuting import Perm, Permuted, Pixels, Regular

__all__ = [
    "Complexified", "Conj", "Dual", "Functor", "Image", "Leaf", "Perm", "Permuted", "Pixels", "Point", "Realified", "Regular", "Rep", "Sign", "Sum",
    "Tensor", "Trivial", "Vector", "bracketed", "dual",
]
