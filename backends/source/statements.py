"""A graph as statements: what is used once goes into the expression that uses it, as long as that can be read and nothing is computed out of order.

Order matters to the last bit: gradients of a value that is used in several places are added up in the order in which those were computed.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from torch import fx

from symc.backends.loop import Recurrence
from symc.backends.source.expressions import expression
from symc.backends.source.recorded import is_size, span_of
from symc.backends.source.text import ATOM, Expression, Text, flat
from symc.diagnostics import Span

LONG = 92  # of an expression, before its parts get names of their own
SHORT = 52  # of a view of weights that stands where it is used
DEEP = 3  # calls within calls
VIEWS = (torch.reshape, torch.permute, torch.transpose, torch.narrow)
PIECES = 6  # of a split that get names of their own


@dataclass(frozen=True)
class Assign:
    """`a = text`, or `a, b = text` where it is unpacked; a target that is None is used by nobody."""

    targets: tuple[fx.Node | None, ...]
    text: Text
    span: Span | None
    unpacked: bool = False


@dataclass(frozen=True)
class Repeat:
    """A recurrence: its result, the first state, the state and a step of each sequence inside, the body. The result is `every` state or the last."""

    result: fx.Node
    first: Text
    state: fx.Node
    sequences: tuple[tuple[fx.Node, Text], ...]
    body: tuple[Statement, ...]  # which ends with the return of the next state
    every: bool
    span: Span | None


@dataclass(frozen=True)
class Return:
    """What the graph returns."""

    values: tuple[Text, ...]


Statement: TypeAlias = Assign | Repeat | Return
State: TypeAlias = Callable[[str], Text]  # how a file reaches the state of this path
Module: TypeAlias = Callable[[fx.Node, Sequence[Text]], Expression]  # a call of a module


def statements(graph: fx.Graph, state: State, module: Module, given: dict[fx.Node, Expression] | None = None) -> list[Statement]:
    """In the order of the graph. `given` has expressions for some of its placeholders."""
    return _Statements(graph, state, module, given or {}).run()


class _Statements:
    def __init__(self, graph: fx.Graph, state: State, module: Module, given: dict[fx.Node, Expression]) -> None:
        self.graph, self.state, self.module = graph, state, module
        self.known = dict(given)  # expressions to write in place of a name
        self.pending: list[fx.Node] = []  # those that are computed where they are used, in the order of the graph
        self.found: list[Statement] = []

    def run(self) -> list[Statement]:
        for node in self.graph.nodes:
            match node.op:
                case "placeholder":
                    pass
                case "get_attr":
                    self.known[node] = Expression(self.state(str(node.target)))
                case "output":
                    self.returned(node)
                case _:
                    self.step(node)
        return self.found

    def step(self, node: fx.Node) -> None:
        if isinstance(node.target, Recurrence):
            self.repeat(node, node.target)
        elif node.target is torch.functional.split:
            self.split(node)
        elif node.target is operator.getitem and node in self.known:
            pass
        elif (is_size(node) and "name" not in node.meta) or self.floats(node):
            self.known[node] = expression(node, self.known)
        else:
            made = self.made(node)
            if self.stays(node, made):
                self.known[node] = made
                self.pending.append(node)
            else:
                self.assign(node, made)

    def floats(self, node: fx.Node) -> bool:
        """A view of weights that are used once or twice: of two gradients the order does not matter."""
        if node.target not in VIEWS or len(node.users) != 1 or "name" in node.meta or node.args[0] in self.pending:
            return False
        root = node.args[0]
        while isinstance(root, fx.Node) and root.op == "call_function" and root.target in (*VIEWS, torch.functional.split, operator.getitem):
            root = root.args[0]
        (user,) = node.users
        lone = isinstance(root, fx.Node) and root.op == "get_attr" and len(root.users) <= 2
        lone = lone and len(flat(expression(node, self.known).text, _stand_in)) <= SHORT
        return lone and not isinstance(user.target, Recurrence) and sum(x is node for x in _flat_args(user)) == 1

    def made(self, node: fx.Node) -> Expression:
        """The expression of a node, pending ones inside it where order and length allow."""
        while True:
            made = self.module(node, [self.text(x) for x in node.args]) if node.op == "call_module" else expression(node, self.known)
            used = self.used(node)
            fits = used == self.pending[len(self.pending) - len(used) :] and len(set(used)) == len(used)
            if fits and (not used or (made.depth <= DEEP and len(flat(made.text, _stand_in)) <= LONG)):
                del self.pending[len(self.pending) - len(used) :]
                return made
            self.flush(self.pending[0])

    def used(self, node: fx.Node) -> list[fx.Node]:
        """The pending nodes that a node uses, in the order in which they are evaluated."""
        return [x for x in _flat_args(node) if x in self.pending]

    def stays(self, node: fx.Node, made: Expression) -> bool:
        """Is a node computed where it is used?"""
        if len(node.users) != 1 or "name" in node.meta or made.depth > DEEP:
            return False
        (user,) = node.users
        if user.op == "call_module" or isinstance(user.target, Recurrence) or sum(x is node for x in _flat_args(user)) != 1:
            return False
        return user.op == "output" or _line(user) == _line(node)

    def flush(self, node: fx.Node) -> None:
        """A pending node, the oldest, gets a name after all."""
        self.pending.remove(node)
        self.found.append(Assign((node,), self.known.pop(node).text, span_of(node)))

    def assign(self, node: fx.Node, made: Expression) -> None:
        while self.pending:
            self.flush(self.pending[0])
        self.found.append(Assign((node,), made.text, span_of(node)))

    def split(self, node: fx.Node) -> None:
        made = self.made(node)
        count = len(node.args[1])  # type: ignore[arg-type]
        pieces: list[fx.Node | None] = [None] * count
        for user in node.users:
            pieces[user.args[1]] = user  # type: ignore[index]
        if count <= PIECES:
            while self.pending:
                self.flush(self.pending[0])
            self.found.append(Assign(tuple(pieces), made.text, span_of(node), unpacked=True))
        else:
            self.assign(node, made)
        for index, piece in enumerate(pieces):
            if piece is not None:
                self.known[piece] = Expression(piece) if count <= PIECES else Expression((node, f"[{index}]"))

    def repeat(self, node: fx.Node, loop: Recurrence) -> None:
        while self.pending:
            self.flush(self.pending[0])
        placeholders = [one for one in loop.body.graph.nodes if one.op == "placeholder"]
        texts = [self.text(x) for x in node.args]
        steps = tuple(zip(placeholders[1 : 1 + loop.sequences], texts[1 : 1 + loop.sequences], strict=True))
        given = {one: Expression(text) for one, text in zip(placeholders[1 + loop.sequences :], texts[1 + loop.sequences :], strict=True)}
        body = tuple(statements(loop.body.graph, self.state, self.module, given))
        self.found.append(Repeat(node, texts[0], placeholders[0], steps, body, not loop.last, span_of(node)))

    def returned(self, node: fx.Node) -> None:
        values = node.args[0]
        many = isinstance(values, tuple)
        while self.pending and (many or len(self.pending) > 1 or self.pending[0] is not values):
            self.flush(self.pending[0])
        self.pending.clear()
        outputs: tuple[Any, ...] = values if isinstance(values, tuple) else (values,)
        self.found.append(Return(tuple(self.known[x].text if x in self.known else x for x in outputs)))

    def text(self, x: Any) -> Text:
        if isinstance(x, fx.Node):
            return self.known[x].within(ATOM) if x in self.known else x
        return repr(x)


def _flat_args(node: fx.Node) -> list[fx.Node]:
    found: list[fx.Node] = []

    def visit(x: fx.Node) -> fx.Node:
        found.append(x)
        return x

    fx.map_arg((node.args, node.kwargs), visit)
    return found


def _line(node: fx.Node) -> tuple[str, int] | None:
    span = span_of(node)
    return None if span is None else (span.source.name, span.line)


def _stand_in(node: fx.Node) -> str:
    return str(node.meta.get("name", node.name))


__all__ = ["Assign", "Repeat", "Return", "Statement", "statements"]
