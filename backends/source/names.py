"""Names for values: those of the text, which may be bound again once nothing reads the old value any more."""

from __future__ import annotations

import builtins
import keyword
import operator
import re
from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import fx

from symc.backends.source.recorded import is_size
from symc.backends.source.statements import Assign, Repeat, Return, Statement
from symc.backends.source.text import mentioned

WORDS = {  # for values that have no name in the text, by the function that makes them
    "reshape": "flat", "permute": "turned", "index_select": "expanded", "linear": "mapped", "matmul": "product", "einsum": "product",
    "where": "kept", "cat": "joined", "add": "total", "add_": "total", "index_put_": "total", "new_linear": "mapped", "mean_or_0": "mean",
    "mean_of": "mean", "together": "total", "attend": "attended", "loop": "last", "arange": "places",
    "sub": "rest", "mul": "scaled", "truediv": "ratio", "mean": "mean", "sum": "summed", "amax": "largest",
    "getitem": "part", "narrow": "part", "split": "parts", "diagonal": "diagonal", "diag_embed": "embedded", "broadcast_to": "repeated",
    "safe_sqrt": "root", "safe_reciprocal_sqrt": "inverse", "view_as_complex": "complex_", "view_as_real": "pair", "unsqueeze": "column",
}  # fmt: skip
CALLED = ("mean_of", "mean_or_0", "new_linear", "together", "attend", "safe_sqrt", "safe_reciprocal_sqrt", "check_index", "twice_differentiable")
TAKEN = frozenset({"self", "exact", *CALLED, "torch", "F", "nn", "Tensor", "math", *keyword.kwlist, *dir(builtins)})


class Names:
    """Every node's name, given statement by statement."""

    def __init__(self, statements: Sequence[Statement], fixed: dict[fx.Node, str]) -> None:
        self.of = dict(fixed)
        self.reserved = {*TAKEN, *fixed.values()}
        for statement in statements:  # sizes keep their names
            for node in statement.targets if isinstance(statement, Assign) else ():
                if node is not None and is_size(node):
                    self._name(node, self.reserved)
                    self.reserved.add(self.of[node])
        self._give(statements, dict.fromkeys(fixed, None), outer=frozenset())

    def __call__(self, node: fx.Node) -> str:
        return self.of[node]

    def _give(self, statements: Sequence[Statement], fixed: Iterable[fx.Node], outer: frozenset[str]) -> None:
        """Names in one block; `outer` are those that the block must not bind."""
        last = {node: place for place, statement in enumerate(statements) for node in _read(statement)}
        alive: dict[str, fx.Node] = {}
        for place, statement in enumerate(statements):
            alive = {name: node for name, node in alive.items() if last.get(node, -1) >= place}
            held = {name for name, node in alive.items() if last.get(node, -1) > place}
            match statement:
                case Assign(targets):
                    for target in targets:
                        if target is not None and target in last and target not in self.of:
                            self._name(target, outer | held | self.reserved)
                            held.add(self.of[target])
                            alive[self.of[target]] = target
                case Repeat(result, _, state, sequences, body):
                    around = outer | set(alive) | self.reserved
                    self._name(result, outer | held | self.reserved)
                    state.meta.setdefault("name", "state")
                    self._name(state, around | {self.of[result]})
                    for step, _ in sequences:
                        self._name(step, around | {self.of[result], self.of[state]})
                        around |= {self.of[step]}
                    self._give(body, (), frozenset(around | {self.of[result], self.of[state]}))
                    alive[self.of[result]] = result
                case Return():
                    pass

    def _name(self, node: fx.Node, others: Iterable[str]) -> None:
        taken, name = set(others), wanted(node)
        number = 2
        stem = name
        while name in taken or name in TAKEN:
            name = f"{stem}{'_' * stem[-1].isdigit()}{number}"
            number += 1
        self.of[node] = name


def wanted(node: fx.Node) -> str:
    """The name in the text, or what a node is."""
    if "name" in node.meta:
        return re.sub(r"\W", "_", str(node.meta["name"]))
    if node.op == "placeholder":
        return "step"
    if node.target is operator.getitem and isinstance(node.args[0], fx.Node) and isinstance(node.args[1], int):
        return _stem(node.args[0].args[0]) + str(node.args[1] + 1)
    target = node.target if isinstance(node.target, str) else getattr(node.target, "__name__", "value")
    if node.op == "call_module":
        return "normalised"
    return WORDS.get(target, target)


def _stem(node: object) -> str:
    """What pieces are called: those of weights `w`, of a value of the text as that."""
    if not isinstance(node, fx.Node):
        return "part"
    if node.op == "get_attr":
        return {"weight": "w", "bias": "b"}.get(str(node.target).rpartition(".")[2], "part")
    if node.target is torch.reshape:
        return _stem(node.args[0])
    return wanted(node) if "name" in node.meta else "part"


def _read(statement: Statement) -> Iterator[fx.Node]:
    match statement:
        case Assign(_, text):
            yield from mentioned(text)
        case Repeat(_, first, _, sequences, body):
            yield from mentioned(first)
            for _, text in sequences:
                yield from mentioned(text)
            for inner in body:
                yield from _read(inner)
        case Return(values):
            for value in values:
                yield from mentioned(value)
