"""Sums: carving a summand out of a tensor, and putting summands together again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from symc.algebra import sizes as sz
from symc.algebra.reps import Rep, Sum, Tensor
from symc.algebra.summands import Choice, Factors, Summand, Term, summands
from symc.ir.graph import Value
from symc.passes.lower.builder import Builder, shape_of


def carve(b: Builder, x: Value, axis: int, rep: Rep, choice: Choice) -> Value:
    """The axis, of coordinates of `rep`, replaced by the axes of the legs of one summand."""
    match rep, choice:
        case Sum(terms), Term(index, inner):
            start = sz.total(term.dim for term in terms[:index])
            return carve(b, b.slice(x, axis, start, start + terms[index].dim), axis, terms[index], inner)
        case Tensor(factors), Factors(choices):
            sizes = shape_of(x)
            x = b.reshape(x, (*sizes[:axis], *(factor.dim for factor in factors), *sizes[axis + 1 :]))
            return carve_axes(b, x, axis, factors, choices)
        case _:
            return x


def carve_axes(b: Builder, x: Value, axis: int, factors: Sequence[Rep], choices: Sequence[Choice]) -> Value:
    """As `carve`, for a tensor product that already has an axis for each factor, the first of them at `axis`."""
    for offset in reversed(range(len(factors))):  # from the last, so that the axes before it stay where they are
        x = carve(b, x, axis + offset, factors[offset], choices[offset])
    return x


def by_summand_of_axes(b: Builder, x: Value, axis: int, factors: Sequence[Rep], function: Callable[[Value, Summand], Value]) -> Value:
    """A function of each summand of a tensor product that has an axis for each factor, the first at `axis`; it keeps the axes of the legs."""
    parts = {}
    for summand in summands(Tensor(tuple(factors))):
        chosen = choices(summand.choice)
        parts[chosen] = function(carve_axes(b, x, axis, factors, chosen), summand)
    return join_axes(b, parts, axis, factors)


def choices(choice: Choice) -> tuple[Choice, ...]:
    """The choices in the factors of a tensor product."""
    if not isinstance(choice, Factors):
        raise TypeError(f"no choice in a tensor product: {choice}")
    return choice.choices


def join(b: Builder, parts: Mapping[Choice, Value], axis: int, rep: Rep) -> Value:
    """The inverse of carving every summand: `parts` has, for each choice, a tensor with the axes of its legs at `axis`. Gives one axis there."""
    match rep:
        case Sum(terms):
            groups = [{part.inner: x for part, x in parts.items() if isinstance(part, Term) and part.index == index} for index in range(len(terms))]
            return b.concatenate([join(b, group, axis, term) for group, term in zip(groups, terms, strict=True)], axis)
        case Tensor(factors):
            x = join_axes(b, {part.choices: x for part, x in parts.items() if isinstance(part, Factors)}, axis, factors)
            sizes = shape_of(x)
            return b.reshape(x, (*sizes[:axis], rep.dim, *sizes[axis + len(factors) :]))
        case _:
            return parts[None]


def join_axes(b: Builder, parts: Mapping[tuple[Choice, ...], Value], axis: int, factors: Sequence[Rep]) -> Value:
    """As `join`, for a tensor product that keeps an axis for each factor."""
    if not factors:
        return parts[()]
    *front, last = factors
    # the last factor first: its axes come after those of all others
    fronts = dict.fromkeys(choices[:-1] for choices in parts)
    joined = {}
    for chosen in fronts:
        of_last = {choices[-1]: x for choices, x in parts.items() if choices[:-1] == chosen}
        legs = sum(map(_legs, chosen))
        joined[chosen] = join(b, of_last, axis + legs, last)
    return join_axes(b, joined, axis, front)


def _legs(choice: Choice) -> int:
    """How many axes a part has while it is carved."""
    match choice:
        case Term(_, inner):
            return _legs(inner)
        case Factors(choices):
            return sum(map(_legs, choices))
        case None:
            return 1
