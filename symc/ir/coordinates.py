"""When two lists of axes lay out the same coordinates under the same action, so that one may stand for the other without moving a number."""

from __future__ import annotations

from symc.algebra import sizes as sz
from symc.algebra.reps import Complexified, Rep, Sum, Tensor, Trivial
from symc.algebra.sizes import Size
from symc.ir.types import Type


def same_coordinates(left: Type, right: Type) -> bool:
    """Do both act alike on the same flat row-major coordinates? `X*(2*v)` and `X*2*v` do, `X*v` and `v*X` do not.

    Where a tensor is complex it does not matter which of its axes says so.
    """
    if left.is_complex and right.is_complex:
        return canonical(moduli(left.rep)) == canonical(moduli(right.rep))
    return canonical(left.rep) == canonical(right.rep)


def canonical(rep: Rep) -> Rep:
    """A normal form with the same coordinates: no nested sums or products, no factor 1, neighbouring copies counted together."""
    terms: list[tuple[Size, tuple[Rep, ...]]] = []
    for term in _terms(rep):
        count, inner = _counted(term)
        if terms and terms[-1][1] == inner:
            terms[-1] = (sz.total((terms[-1][0], count)), inner)
        else:
            terms.append((count, inner))
    parts = [_copied(count, inner) for count, inner in terms]
    return parts[0] if len(parts) == 1 else Sum(tuple(parts)) if parts else Trivial(0)


def _counted(term: Rep) -> tuple[Size, tuple[Rep, ...]]:
    """How many copies of which factors: `3*v` is 3 of `v`, `X*3` is 1 of `X*3`."""
    match term:
        case Trivial(k):
            return k, ()
        case Tensor((Trivial(k), *inner)):
            return k, tuple(inner)
        case Tensor(factors):
            return 1, factors
        case _:
            return 1, (term,)


def _copied(count: Size, inner: tuple[Rep, ...]) -> Rep:
    if not inner:
        return Trivial(count)
    factors = inner if count == 1 else (Trivial(count), *inner)
    return factors[0] if len(factors) == 1 else Tensor(factors)


def _terms(rep: Rep) -> list[Rep]:
    """The direct sum, one after another in the order of coordinates."""
    match rep:
        case Trivial(k):
            return [Trivial(sz.normal(k))] if k != 0 else []
        case Sum(terms):
            return [part for term in terms for part in _terms(term)]
        case Tensor():
            return _product_terms([factor for factor in _factors(rep) if factor != Trivial(1)])
        case _:
            return [rep]


def _product_terms(factors: list[Rep]) -> list[Rep]:
    if not factors:
        return [Trivial(1)]
    head, *tail = factors
    if isinstance(head, Sum):  # the first factor is outermost: (A + B)*C is A*C, then B*C
        return [part for term in head.terms for part in _terms(Tensor((term, *tail)))]
    rest = canonical(Tensor(tuple(tail)))
    if Trivial(0) in (head, rest):
        return []
    match head, rest:
        case _, Trivial(1):
            return [head]
        case Trivial(a), Trivial(b):
            return [Trivial(sz.product((a, b)))]
        case Trivial(a), Tensor((Trivial(b), *others)):
            return [Tensor((Trivial(sz.product((a, b))), *others))]
        case _, Tensor(others):
            return [Tensor((head, *others))]
        case _:
            return [Tensor((head, rest))]


def _factors(rep: Rep) -> list[Rep]:
    return [inner for factor in rep.factors for inner in _factors(factor)] if isinstance(rep, Tensor) else [rep]


def counts_copies(rep: Rep) -> bool:
    """Is a leg an index over copies (trivial, or permuted), rather than the coordinates of one copy? A sum or a product is none."""
    return rep.permuted and not isinstance(rep, Sum | Tensor)


def moduli(rep: Rep) -> Rep:
    """The absolute values of an axis of copies: of complex numbers they are real."""
    match rep:
        case Sum(terms):
            return Sum(tuple(map(moduli, terms)))
        case Tensor(factors):
            return Tensor(tuple(map(moduli, factors)))
        case Complexified(inner):
            return inner
        case _:
            return rep


def copies(rep: Rep) -> Rep:
    """What `norm` leaves of an axis: one coordinate for each copy in each term, `16 + 8*v` becoming `16 + 8`."""
    match rep:
        case Sum(terms):
            return Sum(tuple(copies(term) for term in terms))
        case Tensor(factors):
            kept = tuple(copies(factor) for factor in factors if counts_copies(factor) or isinstance(factor, Sum | Tensor))
            return kept[0] if len(kept) == 1 else Tensor(kept) if kept else Trivial(1)
        case _:
            return moduli(rep) if counts_copies(rep) else Trivial(1)
