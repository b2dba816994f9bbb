"""What weights are called in a state_dict.

The name of a weight is a path: the model applications around it, then the place of its statement, then, where the statement has several maps,
the operation. The place is

- `h.1` for the second assignment to `h` in the text of the model (both branches of an `if` are counted), `q.0` for `q, k = ...`;
- `h.1.0`, `h.1.1`, ... in the turns of a `repeat`, with one more number for each `repeat` around it;
- `out.0`, `out.1` for the values of `return a, b` (after the assignments to a variable `out`, where there is one);
- the name alone for `let enc = linear[...]`, and `enc.0`, `enc.1` in the turns of a `repeat`.

A statement with one map adds nothing: `h.1.weight`. With several maps each adds its operation, the second of a kind with a number:
`h.1.linear.weight`, `h.1.linear_1.weight`, counted as they are written, left to right. A model always adds its name: `h.1.Block.y.0.weight`.
So editing a statement renames nothing outside the variable it assigns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from symc.diagnostics import Span
from symc.grammar import tree
from symc.passes.elaborate.vocabulary import OPERATIONS


def places(model: tree.ModelDecl) -> dict[int, str]:
    """The place of every statement and of every returned value, by the identity of its node."""
    counts: Counter[str] = Counter()
    found: dict[int, str] = {}
    returns: list[tree.Return] = []
    for statement in statements(model.body):
        match statement:
            case tree.Bind(name):
                found[id(statement)] = f"{name.id}.{counts[name.id]}"
                counts[name.id] += 1
            case tree.Rebind(names):
                found[id(statement)] = f"{names[0].id}.{counts[names[0].id]}"
                counts.update({name.id for name in names})
            case tree.Let(name):
                found[id(statement)] = name.id
            case tree.Return():
                returns.append(statement)
            case _:
                pass
    for statement in returns:
        for position, value in enumerate(statement.values):
            found[id(value)] = f"out.{counts['out'] + position}"
    return found


def statements(block: tuple[tree.Statement, ...]) -> Iterator[tree.Statement]:
    """All statements of a block in the order written."""
    for statement in block:
        yield statement
        match statement:
            case tree.Repeat(_, body):
                yield from statements(body)
            case tree.If(_, then, otherwise):
                yield from statements(then)
                yield from statements(otherwise)
            case _:
                pass


def returns_in_repeat(block: tuple[tree.Statement, ...]) -> bool:
    """Is there a `return` inside a `repeat`?"""
    loops = [statement for statement in statements(block) if isinstance(statement, tree.Repeat)]
    return any(isinstance(inner, tree.Return) for loop in loops for inner in statements(loop.body))


def bindings(model: tree.ModelDecl, name: str) -> Iterator[tree.Name]:
    """Where a model takes or assigns a tensor of that name."""
    for item in model.inputs:
        if item.name.id == name:
            yield item.name
    for statement in statements(model.body):
        match statement:
            case tree.Bind(bound) if bound.id == name:
                yield bound
            case tree.Rebind(names):
                yield from (bound for bound in names if bound.id == name)
            case _:
                pass


def why_not_bound(model: tree.ModelDecl, bound: tree.Name, used: tree.Name) -> str:
    """Why a name that a model binds at one place is unknown at another: the innermost block around the binding and not around the use says so."""
    blocks = [item for item in statements(model.body) if isinstance(item, tree.Repeat | tree.If) and _holds(item.span, bound.span)]
    apart = [item for item in blocks if not _holds(item.span, used.span)]
    if bound.span.start >= used.span.start or any(_holds(item.span, used.span) for item in _assigning(model, bound)):
        return "it is bound only further on"
    if apart and isinstance(apart[-1], tree.Repeat):
        return "what `repeat` binds is forgotten after it"
    return "it is bound only in a branch of `if` that is not taken"


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _assigning(model: tree.ModelDecl, bound: tree.Name) -> list[tree.Statement]:
    """The statement that binds a name, in a list."""
    return [item for item in statements(model.body) if isinstance(item, tree.Bind | tree.Rebind) and _holds(item.span, bound.span)]


def placed(place: str, turns: tuple[int, ...]) -> str:
    """A place in a turn of the `repeat`s around it."""
    return ".".join((place, *map(str, turns)))


def map_names(expr: tree.Expr, place: str, is_model: Callable[[tree.Expr], bool]) -> dict[int, str]:
    """The name of every map in an expression, by the identity of its call."""
    calls: list[tuple[tree.Call, str, bool]] = []
    for node, _ in tree.walk(expr):
        if isinstance(node, tree.Call):
            head = node.function.target if isinstance(node.function, tree.Index) else node.function
            if isinstance(head, tree.Name) and head.id in OPERATIONS and OPERATIONS[head.id].weights:
                calls.append((node, head.id, False))
            elif isinstance(head, tree.Name | tree.Dot) and is_model(head):
                calls.append((node, head.id if isinstance(head, tree.Name) else str(head.attribute), True))
    counts: Counter[str] = Counter()
    found: dict[int, str] = {}
    for call, operation, model in calls:
        number = counts[operation]
        while (name := f"{place}.{operation}" + (f"_{number}" if number else "")) in found.values():
            number += 1  # a model may be called `linear_1`
        counts[operation] = number + 1
        found[id(call)] = place if len(calls) == 1 and not model else name
    return found
