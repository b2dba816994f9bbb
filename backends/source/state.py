"""The state of a model as text: parameters by name with their rules of initialisation, constants, batch normalisations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray
from torch import fx

from symc.backends.modules import State
from symc.backends.source import arrays
from symc.backends.source.text import ATOM, INDENT, WIDTH, Call, Expression, Text, lines, listed
from symc.ir.tensor import Fill, Initial, Normal, Pairs, Pieces


@dataclass
class Store:
    """How the file reaches each path, and what it must hold for that."""

    state: State
    comments: dict[str, str]  # of parameters
    constants: dict[str, str] = field(default_factory=dict)  # path -> its name in the file
    data: list[arrays.Packed] = field(default_factory=list)
    factors: dict[tuple[tuple[int, ...], bytes], int] = field(default_factory=dict)
    helpers: set[str] = field(default_factory=set)

    def reach(self, path: str) -> str:
        """A parameter or constant."""
        if path in self.state.constants:
            if path not in self.constants:
                kind = "index" if self.state.constants[path].dtype.kind == "i" else "basis"
                number = 1 + sum(name.startswith(kind) for name in self.constants.values())
                self.constants[path] = f"{kind}{number}"
            return f"self.constants.{self.constants[path]}"
        return "self" + _attributes(path)

    def module(self, node: fx.Node, args: Sequence[Text]) -> Expression:
        """A dropout, or a batch normalisation."""
        path = str(node.target)
        if path in self.state.dropouts:
            return Expression(Call("F.dropout", (args[0], repr(self.state.dropouts[path]), "self.training")))
        parts = self.state.batchnorms[path]
        (x, part, shape, *_), name = args, "self" + _attributes(path)
        sizes = cast(tuple[int, ...], node.args[2])
        if not plain(parts, sizes):
            return Expression(Call(name, (x, part, shape)))
        if len(sizes) > 1 and (sizes[-1] != 1 or parts[0][0] == 1):
            return Expression(Call((Call((name,), (Call((x, ".flatten"), ("0", "-2")),)), ".reshape"), ((x, ".shape"),)))
        return Expression(Call(name, (x,)), ATOM)

    def declared(self) -> Iterator[str]:
        """The body of `__init__` after the first line."""
        for path, parts in self.state.batchnorms.items():
            if plain(parts):
                made = f"nn.BatchNorm1d({parts[0][0]})"
            else:
                self.helpers.add("BatchNorm")
                made = f"BatchNorm({parts})"
            yield f'{INDENT * 2}add(self, "{path}", {made})'
        for name, slot in self.state.parameters.items():
            if name.rpartition(".")[0] not in self.state.batchnorms:
                comment = self.comments.get(name)
                line = f'{INDENT * 2}parameter(self, "{name}", {", ".join(map(str, slot.shape))})'
                yield f"{line}  # {comment}" if comment and len(line) + len(comment) <= WIDTH - 2 else line

    def constant_lines(self) -> Iterator[str]:
        if not self.constants:
            return
        items = tuple((f"{name}=", self.array(self.state.constants[path], name)) for path, name in self.constants.items())
        yield from lines(Call("Constants", items), str, INDENT * 2, before="self.constants = ")

    def array(self, data: np.ndarray, name: str) -> Text:
        text, packed = arrays.written(data, name)
        if packed is not None:
            self.data.append(packed)
        return text

    def drawn(self) -> Iterator[str]:
        """The body of `reset_parameters` inside `no_grad`."""
        for name, slot in self.state.parameters.items():
            target = "self" + _attributes(name)
            match slot.initial:
                case Fill(value):
                    yield INDENT * 2 + (f"{target}.zero_()" if value == 0 else f"{target}.fill_({value!r})")
                case rule:
                    yield from lines(Call(f"{target}.copy_", (self.rule(rule, slot.shape, name),)), str, INDENT * 2)
        for path in self.state.batchnorms:
            yield f"{INDENT * 2}self{_attributes(path)}.reset_running_stats()"

    def rule(self, initial: Initial, shape: tuple[int, ...], name: str) -> Text:
        match initial:
            case Normal(scale, None):
                return (Call("normal", tuple(map(str, shape))), f" * {scale!r}")
            case Normal(scale, factor, axis):
                assert factor is not None
                old = (*shape[:axis], factor.shape[1], *shape[axis + 1 :])
                return Call("mixed", (self.factor(factor), Call("normal", tuple(map(str, old))), repr(scale), *([str(axis)] if axis else [])))
            case Fill(value):
                sizes = f"({', '.join(map(str, shape))}{',' * (len(shape) == 1)})"
                return Call("torch.full", (sizes, repr(value), arrays.FLOAT, "device=device"))
            case Pieces(pieces, lead):
                drawn = [self.rule(rule, piece, name) for piece, rule in pieces]
                return Call("joined", (listed(drawn), *([str(lead)] if lead else [])))
            case Pairs(rule):
                one = self.rule(rule, shape[:-1], name)
                return Call("pairs", (one, one))

    def factor(self, factor: NDArray[np.float64]) -> Text:
        """A matrix, as a list where it is small; equal ones are packed once."""
        if factor.size <= arrays.SMALL:
            return arrays.literal(factor)
        number = self.factors.setdefault((factor.shape, factor.tobytes()), 1 + len(self.factors))
        text, packed = arrays.written(factor, f"mix{number}")
        if packed is not None and packed not in self.data:
            self.data.append(packed)
        return text


def plain(parts: tuple[tuple[int, bool], ...], shape: tuple[int, ...] = ()) -> bool:
    """Does `nn.BatchNorm1d` do it?"""
    return len(parts) == 1 and parts[0][1] and len(shape) <= 2


def _attributes(path: str) -> str:
    """`h.0.weight` as `.h[0].weight`."""
    return "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in path.split("."))
