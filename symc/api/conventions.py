"""The conventions page: what the generators, coordinates and labels of everything are, read off from the code that uses them.

The sentences are the docstrings of the classes, and the generators, labels and dimensions those of examples that are built for it.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterable

from symc.algebra import groups as g
from symc.algebra import hom, reps
from symc.algebra import sizes as sz
from symc.algebra.construct.irreps import LABELS
from symc.algebra.reps import Rep
from symc.api.options import declared
from symc.ir.types import leaves
from symc.passes.elaborate import signature

WIDTH = 100

GROUPS = (
    ("S(4)", "perm(G)"), ("A(4)", "perm(G)"), ("A(5)", "perm(G)"), ("C(5)", "vector(G)"), ("D(5)", "vector(G)"), ("O(3)", "vector(G)"),
    ("SO(3)", "vector(G)"), ("U(2)", "vector(G)"), ("SU(2)", "vector(G)"), ("Sp(4)", "vector(G)"), ("GL(2)", "vector(G)"), ("SL(2)", "vector(G)"),
    ("O(1,2)", "vector(G)"), ("SO(1,1)", "vector(G)"), ("O(2,0,1)", "vector(G)"), ("E(2)", "point(G)"), ("SE(2)", "point(G)"), ("T(2)", "point(G)"),
    ("wreath(C(3), S(3))", "perm(G)"), ("semidirect(T(2), D(4), by=vector(D(4)))", "point(G)"), ('permutations("(0 1 2)", "(3 4)")', "perm(G)"),
    ("matrices([[0, -1], [1, 0]])", "vector(G)"), ("lie([[0, -1], [1, 0]])", "vector(G)"),
    ("generated(1, algebra=1)", "rep(G, [[-1]], algebra=[[[0]]])"),
)  # fmt: skip
"""Each with a representation of it."""

REPS = (
    ("S(4)", "3"), ("S(4)", "perm(G)"), ("S(4)", "sign(G)"), ("S(4)", "irrep(G, [3, 1])"), ("D(4)", "vector(G)"), ("D(4)", "regular(G)"),
    ("D(4)", "irrep(G, 1)"), ("C(8)", "irrep(G, 3)"), ("D(4)", "pixels(G, 3, 3)"), ("O(3)", 'irrep(G, "2e")'), ("SU(2)", "irrep(G, 1)"),
    ("U(1)", "irrep(G, 3)"), ("E(3)", "point(G)"), ("wreath(C(3), S(2))", "vector(G)"), ("wreath(C(2), S(3))", "vector(G)"),
    ("C(3)", "rep(G, [[0, -1], [1, -1]])"), ("S(4)", "onehot(5)"), ("O(3)", "dual(vector(G))"), ("U(2)", "conj(vector(G))"),
    ("U(2)", "real(vector(G))"), ("O(3)", "complex(vector(G))"), ("GL(2)", "det(G)"), ("O(3)", "sym(vector(G), 2)"), ("O(3)", "alt(vector(G), 2)"),
    ("O(3)", "traceless(vector(G), 2)"), ("D(4)", "cosets(G, subgroup(G, D(1)))"), ("D(4)", "induce(sign(subgroup(G, D(1))), G)"),
)  # fmt: skip

LABELLED = {
    "SO(2)": ("SO(2)", ("0", "1", "2", "-2")),
    "O(2)": ("O(2)", ('"0+"', '"0-"', "1", "2")),
    "C(n)": ("C(6)", ("0", "1", "2", "3")),
    "D(n)": ("D(6)", ('"0+"', '"0-"', "1", "2", '"3+"', '"3-"')),
    "U(1)": ("U(1)", ("0", "1", "-2")),
    "SU(2)": ("SU(2)", ("0", '"1/2"', "1", '"3/2"')),
    "SO(3)": ("SO(3)", ("0", "1", "2", "3")),
    "O(3)": ("O(3)", ('"0e"', '"0o"', '"1o"', '"1e"', '"2e"')),
    "S(n)": ("S(4)", ("[4]", "[1, 1, 1, 1]", "[3, 1]", "[2, 2]", "[2, 1, 1]")),
}
"""An example of every row of LABELS, and some of its labels."""

BASES = (hom.Diagrams, hom.Nested, hom.Orbits, hom.Isotypic, hom.Bent, hom.Combined, hom.Nullspace, hom.Kron, hom.Split, hom.Affine)


def conventions() -> str:
    """The page, as Markdown: a sentence for everything of one kind, and examples of it."""
    labels = [f"- {kind}: {text}. {_example(kind)}" for kind, text in LABELS.items()]
    parts = [
        "# Conventions",
        "## Groups: their generators, in this order",
        "Generators of a Lie algebra come first, discrete ones after them. E_ij has one entry, in row i and column j, counted from 0.",
        *_by_kind((law := _law(*row), f"{row[0]}: {_generators(law)}") for row in GROUPS),
        f"- {_said(g.Product)}",
        "## Representations: their coordinates",
        "Cycles (0 1 2) take 0 to 1. A representation is an axis of a type; what merges axes lays them out row-major.",
        *_by_kind((rep := _built(*row), f"{row[1]} of G = {row[0]}: {_size(rep)}") for row in REPS),
        f"- {_said(reps.Sum)}",
        f"- {_said(reps.Tensor)}",
        f"- axis(t): {_said(reps.Carried)}",
        "## Labels of irreducible representations",
        *labels,
        "## Weights: the maps of a basis, in this order",
        *(f"- {_said(cls)}" for cls in BASES),
    ]
    return "\n".join(_filled(part) for part in parts)


def _by_kind(rows: Iterable[tuple[object, str]]) -> list[str]:
    """What the classes say, and under each its examples."""
    kinds: dict[type, list[str]] = {}
    for thing, example in rows:
        kinds.setdefault(type(thing), []).append(f"  - {example}")
    return [line for kind, examples in kinds.items() for line in (f"- {_said(kind)}", *examples)]


def _filled(part: str) -> str:
    if part.startswith("#"):
        return f"{part}\n" if part.startswith("# ") else f"\n{part}\n"
    indent = " " * (len(part) - len(part.lstrip(" -")))
    return textwrap.fill(part, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _built(group: str, text: str) -> Rep:
    source, _ = signature(f"{text} -> 1", declared({"G": group}))
    return next(entry.rep for _, entry in leaves(source))


def _law(group: str, text: str) -> g.Atom:
    (found,) = _built(group, text).groups
    return found.law


def _generators(law: g.Atom) -> str:
    return "; ".join([law.lie_name(i) for i in range(sz.number(law.lie))] + [law.generator_name(i) for i in range(law.discrete)])


def _size(rep: Rep) -> str:
    return f"{rep.dim} {'complex' if rep.is_complex else 'real'} coordinate{'s' * (rep.dim != 1)}"


def _example(kind: str) -> str:
    group, labels = LABELLED[kind]
    dims = ", ".join(f"{label} has {_size(_built(group, f'irrep(G, {label})'))}" for label in labels)
    return f"Of {group}, {dims}."


def _said(cls: type) -> str:
    return " ".join((inspect.getdoc(cls) or "").split())
