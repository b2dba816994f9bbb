"""The table of group and representation constructors: the name before `(`, what it takes, and what builds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from symc.algebra import construct
from symc.algebra.groups import Group
from symc.algebra.reps import Rep

Kind = Literal["size", "group", "type", "permutation", "matrix"]


@dataclass(frozen=True, slots=True)
class Constructor:
    """`kinds` of its arguments in order; with `several`, any positive number of the last kind, given to `build` as one list."""

    kinds: tuple[Kind, ...]
    build: Callable[..., Any]
    several: bool = False

    @property
    def arity(self) -> str:
        count = len(self.kinds)
        return f"{count} argument{'' if count == 1 else 's'}" if not self.several else "at least one argument"


GROUPS: dict[str, Constructor] = {
    **{letter: Constructor(("size",), build) for letter, build in construct.FAMILIES.items()},
    "permutations": Constructor(("permutation",), construct.permutations, several=True),
    "matrices": Constructor(("matrix",), construct.matrices, several=True),
}

REPS: dict[str, Constructor] = {
    "trivial": Constructor(("group",), construct.trivial),
    "sign": Constructor(("group",), construct.sign),
    "perm": Constructor(("group",), construct.perm),
    "vector": Constructor(("group",), construct.vector),
    "regular": Constructor(("group",), construct.regular),
    "pixels": Constructor(("group", "size", "size"), construct.pixels),
}

AXISWISE: dict[str, Callable[[Rep], Rep]] = {"dual": construct.dual}  # constructors that keep the axes of what they are given

# Words of the language that have no meaning yet.
FUTURE_GROUPS = frozenset(
    ("A", "U", "SU", "Sp", "GL", "SL", "E", "SE", "T", "wreath", "semidirect", "lie", "automorphisms", "subgroup", "generated")
)  # fmt: skip
FUTURE_REPS = frozenset(
    (
        "det", "irrep", "irreps", "point", "cosets", "grid", "conj", "complex", "real", "sym", "alt", "traceless", "induce", "restrict",
        "onehot", "axis", "flow", "blocks", "learned", "frame", "edges", "hyperedges",
    )
)  # fmt: skip
FREE_SIZES_IN = frozenset(construct.FAMILIES) | {"A", "U", "SU", "Sp", "GL", "SL", "E", "SE", "T", "grid", "axis"}

CONSTRUCTORS = frozenset(GROUPS) | frozenset(REPS) | frozenset(AXISWISE) | FUTURE_GROUPS | FUTURE_REPS | {"rep"}


def built(constructor: Constructor, arguments: list[Any]) -> Group | Rep:
    """Apply a constructor to arguments of the right number and kinds; raises AlgebraError for what does not exist."""
    result = constructor.build(arguments) if constructor.several else constructor.build(*arguments)
    assert isinstance(result, Group | Rep)
    return result
