"""What to say where the only equivariant map is zero: which part, because of which group, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from symc.algebra.groups import Group
from symc.algebra.hom import Split
from symc.algebra.reps import Sign, Trivial, Vector
from symc.algebra.summands import Choice, Leg, Summand, summands
from symc.diagnostics import Diagnostic, Label, Span
from symc.passes.solve.legs import solve_product

MOST = 4  # reasons listed


def judge(basis: Split, bias: Split | None, span: Span | None, *, bilinear: bool = False) -> tuple[Diagnostic | None, list[Diagnostic]]:
    """An error where a whole target gets no map, or nothing of the inputs reaches any target; else warnings for the parts that get none."""
    reached, constant = _reached(basis), _reached(bias)
    parts = [(index, part) for index, target in enumerate(basis.targets) for part in summands(target) if 0 not in {leg.dim for leg in part.legs}]
    if basis.sources and not all(source.dim == 0 for source in basis.sources) and parts and not basis.entries:
        return _error(basis, parts, span, constant=bool(constant), bilinear=bilinear), []
    for index in dict.fromkeys(index for index, _ in parts):
        mine = [(at, part) for at, part in parts if at == index]
        if not any((at, part.choice) in reached | constant for at, part in mine):
            return _error(basis, mine, span, constant=False, bilinear=bilinear), []
    missed = [(index, part) for index, part in parts if (index, part.choice) not in reached and basis.sources]
    return None, [_warning(basis, index, part, span, constant=(index, part.choice) in constant, bilinear=bilinear) for index, part in missed]


def _reached(basis: Split | None) -> set[tuple[int, Choice]]:
    """The target summands that some map goes to."""
    return set() if basis is None else {(entry.target, entry.target_summand.choice) for entry in basis.entries}


def _error(basis: Split, parts: Sequence[tuple[int, Summand]], span: Span | None, *, constant: bool, bilinear: bool) -> Diagnostic:
    goal = ", ".join(f"`{basis.targets[index]}`" for index in dict.fromkeys(index for index, _ in parts))
    if not basis.sources:
        title = f"{goal} has no invariant but zero"
        return Diagnostic("E0406", title, _label(span, "always zero"), helps=("give `linear` an input",))
    title = f"no equivariant {'bilinear ' * bilinear}map but zero goes from {_sources(basis)} to {goal}"
    note = ("a bias alone would be left, which depends on no input",) if constant else ()
    notes, helps = _reasons(basis, [part for _, part in parts], bilinear=bilinear)
    return Diagnostic("E0406", title, _label(span, "depends on no input" if constant else "always zero"), notes=(*notes, *note), helps=helps)


def _warning(basis: Split, index: int, part: Summand, span: Span | None, *, constant: bool, bilinear: bool) -> Diagnostic:
    what = f"the part `{_show(part.legs)}` of `{basis.targets[index]}`"
    code, title = ("W0402", f"{what} is a constant") if constant else ("W0401", f"{what} is always zero")
    notes, helps = _reasons(basis, [part], bilinear=bilinear)
    return Diagnostic(code, title, _label(span, "no input reaches that part"), notes=notes, helps=helps)


def _reasons(basis: Split, parts: Iterable[Summand], *, bilinear: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """For every pair of summands the groups that forbid a map, and ways out."""
    notes, helps = dict[str, None](), dict[str, None]()
    for part in parts:
        for source in basis.sources:
            for summand in summands(source):
                for group, into, out in _forbidding(summand.legs, part.legs):
                    name = str(group) if group.definition is group else f"{group} = {group.definition}"
                    notes[f"under {name} nothing goes from `{_show(into)}` to `{_show(out)}`"] = None
                    helps |= dict.fromkeys([_product_help(out)] if bilinear else _helps(into, out))
    return tuple(notes)[:MOST], tuple(helps)[:MOST]


def _forbidding(source: tuple[Leg, ...], target: tuple[Leg, ...]) -> Iterator[tuple[Group, tuple[Leg, ...], tuple[Leg, ...]]]:
    """The groups whose own legs have no map between them, with these legs."""
    for factor in solve_product(source, target).factors:
        if factor.basis.dim == 0:
            group = factor.basis.group
            yield group, tuple(leg for leg in source if group in leg.groups), tuple(leg for leg in target if group in leg.groups)


def _helps(into: Sequence[Leg], out: Sequence[Leg]) -> Iterator[str]:
    if out:
        yield f"add an input that has a part `{_show(out)}`: `linear(x, y)`"
    elif any(isinstance(leg, Vector) for leg in into):
        yield "take an invariant of the input first: `linear(norm(x))`"
    elif all(isinstance(leg, Sign) for leg in into):
        yield "take a function of the input first that forgets the sign: `linear(abs(x))`"


def _product_help(out: Sequence[Leg]) -> str:
    """A way out where no product of two inputs has such a part."""
    return f"ask for a part that occurs in the product, or add a map of an input that has `{_show(out)}`: `linear(z) + bilinear(x, y)`"


def _sources(basis: Split) -> str:
    return " and ".join(f"`{source}`" for source in basis.sources)


def _show(legs: Sequence[Leg]) -> str:
    return "*".join(str(leg) for leg in legs if leg != Trivial(1)) or "1"


def _label(span: Span | None, message: str) -> Label | None:
    return None if span is None else Label(span, message)
