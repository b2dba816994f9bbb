"""Irreducible representations by their labels, and sums of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from symc.algebra import groups as g
from symc.algebra import reps
from symc.algebra import sizes as sz
from symc.algebra.construct.checked import short, single
from symc.algebra.errors import AlgebraError
from symc.algebra.groups import Group, quotient
from symc.algebra.reps import Rep
from symc.algebra.reps.young import dimension

Label: TypeAlias = int | str | list[int]
DEGREE = 100  # the largest degree, twice the largest spin, ...
TABLEAUX = 5000  # the largest dimension of an irreducible of S(n)
COPIES = 2**40
DIGITS = 18  # of a number in a text; one of more is beyond every limit
TERM = re.compile(r"\s*(?:([0-9]+)\s*x\s*)?([0-9]+(?:/2|[eo]|[+-](?=\s*(?:\+|$)))?)\s*")  # a sign at the end is of the label

LABELS = {
    "SO(2)": "an integer, how many times as fast the plane turns",
    "O(2)": '"0+", "0-" or an integer from 1',
    "C(n)": "an integer, how many times as fast the plane turns",
    "D(n)": '"0+", "0-", an integer from 1 below n/2, and for even n "n/2+", "n/2-"',
    "U(1)": "an integer k, z to z^k",
    "SU(2)": 'the spin, an integer or such as "1/2"',
    "SO(3)": "the degree, an integer",
    "O(3)": 'degree and parity, such as "1o" or "2e"',
    "S(n)": "a partition of n, such as [3, 1]",
}


def irrep(group: Group, label: Label) -> Rep:
    """The irreducible representation of that label. Where it is trivial, the sign, or `vector`, it is that."""
    law = quotient(single(group, "irrep", ", ...")).law
    if law.free:
        raise AlgebraError(f"irrep({group}, ...) depends on {', '.join(sorted(law.free))}", "write a number")
    kind = _kind(group)
    found = {
        "C(n)": _turning, "SO(2)": _turning, "D(n)": _reflected, "O(2)": _reflected, "U(1)": _phase, "SU(2)": _spin, "SO(3)": _rotation,
        "O(3)": _parity, "S(n)": _young,
    }[kind](group, label)  # fmt: skip
    if found is None:
        raise AlgebraError(f"{group} has no irreducible representation {_shown(label)}", f"a label of {kind} is {LABELS[kind]}")
    return found


def irreps(group: Group, labels: Sequence[Label | range]) -> Rep:
    """A direct sum: of labels one by one, of ranges such as 0..3 (for O(3) of parity (-1)^l), or of text such as "16x0e + 8x1o"."""
    terms: list[Rep] = []
    for label in labels:
        if isinstance(label, range):
            terms += [irrep(group, _natural(group, l)) for l in label]
        elif isinstance(label, str):
            terms += _written(group, label)
        else:
            terms.append(irrep(group, label))
    if not terms:
        raise AlgebraError(f"irreps({group}) names no representation", f"write irreps({group}, 0..3)")
    return terms[0] if len(terms) == 1 else reps.Sum(tuple(terms))


def _kind(group: Group) -> str:
    """The row of LABELS that a group belongs to."""
    match quotient(group).law:
        case g.SpecialOrthogonal(2) | g.SpecialOrthogonal(3) | g.Orthogonal(2) | g.Orthogonal(3) as law:
            return str(law)
        case g.Unitary(1) | g.SpecialUnitary(2) as law:
            return str(law)
        case g.Cyclic():
            return "C(n)"
        case g.Dihedral():
            return "D(n)"
        case g.Symmetric():
            return "S(n)"
        case _:
            known = ", ".join(LABELS)
            raise AlgebraError(f"irreducible representations of {group} have no labels here", f"labels exist for {known}; use vector, sym, alt, ...")


def _natural(group: Group, l: int) -> Label:
    """What a number in a range stands for."""
    match _kind(group):
        case "O(3)":
            return f"{l}{'o' if l % 2 else 'e'}"
        case "O(2)" | "D(n)" if l == 0:
            return "0+"
        case "S(n)":
            raise AlgebraError(f"irreps({group}, ...): a range names no partitions", "write irreps(G, [3, 1], [2, 2])")
        case _:
            return l


def _written(group: Group, text: str) -> list[Rep]:
    """ "16x0e + 8x1o": each a multiplicity and a label, or a label alone."""
    terms: list[Rep] = []
    at = 0
    while match := TERM.match(text, at):
        at = match.end()
        count = _integer(match[1] or "1")
        if not 0 < count <= COPIES:
            raise AlgebraError(f'"{_cut(text)}": {_cut(match[1])} copies', f"the number of copies is from 1 to {COPIES}")
        rep = irrep(group, _integer(match[2]) if match[2].isdecimal() else match[2])
        terms.append(rep if match[1] is None else reps.Tensor((reps.Trivial(count), rep)))
        if at == len(text):
            return terms
        if text[at] != "+":
            break
        at += 1
    raise AlgebraError(f'"{_cut(text)}" is no sum of irreducible representations', f'write irreps({group}, "16x0 + 8x1"), each a number and a label')


def _number(label: Label) -> int | None:
    """An integer, or one as text; None for another label."""
    if isinstance(label, str) and re.fullmatch(r"-?[0-9]+", label.strip()):
        label = _integer(label.strip())
    return label if isinstance(label, int) and not isinstance(label, bool) else None


def _integer(digits: str) -> int:
    """The number; of one of many digits only that it is odd and beyond every limit."""
    return int(digits) if len(digits) <= DIGITS else (-1 if digits[0] == "-" else 1) * (10**DIGITS + 1)


def _within(group: Group, label: Label, degree: int, most: str = f"the degree is at most {DEGREE}") -> None:
    """Raises AlgebraError beyond the limit: there is such a representation, though not here."""
    if abs(degree) > DEGREE:
        raise AlgebraError(f"irrep({group}, {_shown(label)}): {most} here", "take a lower one")


def _turning(group: Group, label: Label) -> Rep | None:
    k, law = _number(label), quotient(group).law
    if k is None:
        return None
    _within(group, label, k)
    n = sz.number(law.n) if isinstance(law, g.Cyclic) else 0
    if (k % n if n else k) == 0:
        return reps.Trivial(1)
    vectors = (k % n == 1 and n > 2) if n else k == 1
    return reps.Vector(group) if vectors else reps.Turning(group, k % n if n else k)


def _reflected(group: Group, label: Label) -> Rep | None:
    law = quotient(group).law
    n = sz.number(law.n) if isinstance(law, g.Dihedral) else 0
    half = n // 2 if n and n % 2 == 0 else None
    if isinstance(label, str) and (match := re.fullmatch(r"([0-9]+|n/2)([+-])", label.strip())):
        k = half if match[1] == "n/2" else _integer(match[1])
        flip = 1 if match[2] == "+" else -1
        if k == 0:
            return reps.Trivial(1) if flip > 0 else reps.Sign(group)
        return reps.Turning(group, k, flip) if k is not None and k == half else None
    k = _number(label)
    if k is None or k < 1 or (n and 2 * k >= n):
        return None
    _within(group, label, k)
    return reps.Vector(group) if k == 1 else reps.Turning(group, k)


def _phase(group: Group, label: Label) -> Rep | None:
    k = _number(label)
    if k is None:
        return None
    _within(group, label, k)
    return reps.Phase(group, k)


def _spin(group: Group, label: Label) -> Rep | None:
    match = re.fullmatch(r"([0-9]+)(/2)?", str(label).strip())
    if match is None or isinstance(label, list | bool):
        return None
    twice = _integer(match[1]) * (1 if match[2] else 2)
    if match[2] and twice % 2 == 0:
        return None
    _within(group, label, twice, f"the spin is at most {DEGREE // 2}")
    return reps.Vector(group) if twice == 1 else reps.Spin(group, twice)


def _rotation(group: Group, label: Label) -> Rep | None:
    l = _number(label)
    if l is None or l < 0:
        return None
    _within(group, label, l)
    return reps.Trivial(1) if l == 0 else reps.Vector(group) if l == 1 else reps.Rotation(group, l)


def _parity(group: Group, label: Label) -> Rep | None:
    match = re.fullmatch(r"([0-9]+)([eo])", label.strip()) if isinstance(label, str) else None
    if match is None:
        return None
    l, odd = _integer(match[1]), match[2] == "o"
    _within(group, label, l)
    if l == 0:
        return reps.Sign(group) if odd else reps.Trivial(1)
    return reps.Vector(group) if l == 1 and odd else reps.Rotation(group, l, odd)


def _young(group: Group, label: Label) -> Rep | None:
    law = quotient(group).law
    assert isinstance(law, g.Symmetric)
    n = sz.number(law.n)
    if not isinstance(label, list) or sum(label) != n or any(part < 1 for part in label) or label != sorted(label, reverse=True):
        return None
    if len(label) <= 1:
        return reps.Trivial(1)
    if label == [1] * n:
        return reps.Sign(group)
    found = dimension(tuple(label))
    if found > TABLEAUX:
        raise AlgebraError(f"irrep({group}, {label}) has {found} coordinates; at most {TABLEAUX} are allowed")
    return reps.Young(group, tuple(label))


def _shown(label: Label) -> str:
    return f'"{_cut(label)}"' if isinstance(label, str) else short(label) if isinstance(label, int) else str(label)


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
