"""Matching arguments in square or round brackets with the names they are for."""

from __future__ import annotations

from collections.abc import Sequence

from symc.diagnostics import Span, did_you_mean
from symc.grammar import tree
from symc.passes.elaborate.report import fault


def matched(wanted: Sequence[tree.Param | tree.Field], given: Sequence[tree.Expr], at: Span, what: str) -> dict[str, tree.Expr]:
    """Each argument under the name it is for: by position, then by keyword. Some names may be left without."""
    names = [item.name.id for item in wanted]
    found: dict[str, tree.Expr] = {}
    for position, arg in enumerate(given):
        if isinstance(arg, tree.Keyword):
            name, value = arg.name.id, arg.value
            if name not in names:
                raise fault("E0215", f"{what} takes no `{name}`", arg.name.span, _takes(names), helps=did_you_mean(name, names))
        elif position >= len(names):
            raise fault("E0215", f"{what} takes {_count(len(names))}, {len(given)} given", at, _takes(names))
        else:
            name, value = names[position], arg
        if name in found:
            raise fault("E0215", f"{what} is given `{name}` twice", arg.span)
        found[name] = value
    return found


def _takes(names: Sequence[str]) -> str:
    return f"it takes {', '.join(f'`{name}`' for name in names)}" if names else "it takes none"


def _count(number: int) -> str:
    return f"{number or 'no'} argument{'' if number == 1 else 's'}"
