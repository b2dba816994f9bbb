"""Random well-typed programs over random groups. An operation is a function below with a line in OPERATIONS."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, TypeAlias

from hypothesis import assume
from hypothesis import strategies as st

PERMUTED, SIGNED, MIXED, SCALED = range(4)  # what a group does to coordinates: permute, also change signs, mix orthogonally, anything
NAMED = {"c": 2, "d": 2, "e": 3}  # parameters of the model: sizes are met by name before value
LARGEST = 36  # coordinates of a tensor, at three points a set


@dataclass(frozen=True)
class Leaf:
    """A representation as it is written, its dimension at the sizes counted with, and what happens to its coordinates."""

    text: str
    dim: int
    how: int

    @property
    def trivial(self) -> bool:
        return self.text.isdigit() or self.text in NAMED


@dataclass(frozen=True)
class Several:
    """Parts within brackets: a sum of products, or with one part a merged axis."""

    parts: tuple[tuple[Axis, ...], ...]

    @property
    def text(self) -> str:
        return f"({' + '.join(show(part) for part in self.parts)})"

    @property
    def dim(self) -> int:
        return sum(dim(part) for part in self.parts)

    @property
    def how(self) -> int:
        return max(axis.how for part in self.parts for axis in part)

    trivial = False


Axis: TypeAlias = Leaf | Several
Type: TypeAlias = tuple[Axis, ...]


def product(numbers: Any) -> int:
    result = 1
    for number in numbers:
        result *= number
    return result


def show(item: Type) -> str:
    runs = ((axis, len(list(run))) for axis, run in groupby(item))
    return "*".join("*".join([axis.text] * count) if axis.trivial or count == 1 else f"{axis.text}^{count}" for axis, count in runs) or "()"


def dim(item: Type) -> int:
    return product(axis.dim for axis in item)


def how(item: Type) -> int:
    return max((axis.how for axis in item), default=PERMUTED)


def trivial(size: int) -> Leaf:
    return Leaf(str(size), size, PERMUTED)


# What a group's definition has: (constructor, dimension, how). {} is the group's name.
GROUPS: dict[str, list[tuple[str, int, int]]] = {
    "S({free})": [("perm({})", 3, PERMUTED)],
    "S(3)": [("perm({})", 3, PERMUTED), ("sign({})", 1, SIGNED), ("regular({})", 6, PERMUTED)],
    "S(2)": [("perm({})", 2, PERMUTED), ("sign({})", 1, SIGNED)],
    "C(4)": [("perm({})", 4, PERMUTED), ("vector({})", 2, SIGNED), ("pixels({}, 2, 2)", 4, PERMUTED)],
    "C(5)": [("vector({})", 2, MIXED), ("regular({})", 5, PERMUTED)],
    "D(4)": [("vector({})", 2, SIGNED), ("sign({})", 1, SIGNED), ("regular({})", 8, PERMUTED), ("pixels({}, 3, 3)", 9, PERMUTED)],
    "D(3)": [("perm({})", 3, PERMUTED), ("vector({})", 2, MIXED), ("sign({})", 1, SIGNED)],
    "D(2)": [("pixels({}, 2, 3)", 6, PERMUTED), ("vector({})", 2, SIGNED)],
    "O(3)": [("vector({})", 3, MIXED), ("sign({})", 1, SIGNED)],
    "SO(3)": [("vector({})", 3, MIXED)],
    "O(2)": [("vector({})", 2, MIXED), ("sign({})", 1, SIGNED)],
    "SO(2)": [("vector({})", 2, MIXED)],
    "O({degree})": [("vector({})", 3, MIXED)],
    "SO({degree})": [("vector({})", 3, MIXED)],
    'permutations("(0 1 2)(3 4)")': [("perm({})", 5, PERMUTED), ("sign({})", 1, SIGNED), ("regular({})", 6, PERMUTED)],
    "permutations([1, 0, 2])": [("vector({})", 3, PERMUTED)],
    "matrices([[0, -1], [1, 0]])": [("dual(vector({}))", 2, SIGNED)],
    "S(4)": [("vector({})", 4, PERMUTED), ("sign({})", 1, SIGNED)],
    "matrices([[0, 1], [-1, -1]])": [("vector({})", 2, SCALED), ("dual(vector({}))", 2, SCALED)],
    "matrices([[2, 0], [0, 1]])": [("vector({})", 2, SCALED), ("dual(vector({}))", 2, SCALED)],
    "matrices([[1, 1], [0, 1]])": [("vector({})", 2, SCALED)],
    "S(2) * C(3)": [("regular({})", 6, PERMUTED)],
}
ANY = ["relu", "gelu", "silu", "sigmoid", "softplus", "elu", "leaky_relu", "cos", "abs", "square"]
ODD = ["tanh", "sin", "atan"]


@dataclass
class Scope:
    """What is written so far, and what may be used: tensors and records by name, leaves of the groups."""

    draw: Any
    leaves: list[Leaf]
    tensors: dict[str, Type] = field(default_factory=dict)
    records: dict[str, dict[str, Type]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    fresh: int = 0
    wild: bool = False
    order: bool = False  # does the statement need an annotation, for the order of axes?

    def one(self, options: Any) -> Any:
        return self.draw(st.sampled_from(list(options)))

    def chance(self, percent: int) -> bool:
        return bool(self.draw(st.integers(0, 99)) >= 100 - percent)

    def name(self) -> str:
        self.fresh += 1
        return f"h{self.fresh}"

    def operand(self, fits: Callable[[Type], Any] = lambda _: True) -> tuple[str, Type]:
        """A tensor that fits; without one the operation is given up."""
        found = {name: item for name, item in self.tensors.items() if fits(item)}
        found |= {f"{name}.{entry}": item for name, fields in self.records.items() for entry, item in fields.items() if fits(item)}
        if not found:
            raise Unfit
        return self.one(found.items())  # type: ignore[no-any-return]

    def leaf(self) -> Leaf:
        return self.size() if self.chance(40) else self.one(self.leaves)

    def size(self) -> Leaf:
        return Leaf(name := self.one(NAMED), NAMED[name], PERMUTED) if self.chance(30) else trivial(self.draw(st.integers(1, 3)))

    def type(self) -> Type:
        axes: list[Axis] = [self.leaf() for _ in range(self.draw(st.integers(0, 2)))]
        if self.chance(25):
            axes.insert(self.draw(st.integers(0, len(axes))), self.several(2))
        return small(tuple(axes))

    def several(self, depth: int) -> Axis:
        """Brackets within brackets, to some depth."""

        def axis() -> Axis:
            return self.several(depth - 1) if depth and self.chance(15) else self.leaf()

        parts = tuple(tuple(axis() for _ in range(self.draw(st.integers(1, 2)))) for _ in range(self.draw(st.integers(1, 3))))
        return Several(parts) if len(parts) > 1 or len(parts[0]) > 1 else parts[0][0]

    def reachable(self, item: Type) -> Type:
        """A type that some map leads to: the same up to sets and channels."""
        axes = [axis for axis in item if axis.how != PERMUTED or isinstance(axis, Several) or self.chance(60)]
        axes = [self.size() if axis.trivial else axis for axis in axes]
        for _ in range(self.draw(st.integers(0, 2))):
            extra = self.leaf()
            if extra.how == PERMUTED:
                axes.insert(self.draw(st.integers(0, len(axes))), extra)
        if axes and self.chance(20):
            axes[-1] = Several(((axes[-1],), (trivial(2),))) if isinstance(axes[-1], Leaf) else axes[-1]
        return small(tuple(axes))


class Unfit(Exception):
    """Nothing in scope suits the operation."""


def small(item: Type) -> Type:
    if dim(item) > LARGEST:
        raise Unfit
    return item


Expression: TypeAlias = tuple[str, Type]


def linear(s: Scope) -> Expression:
    chosen = [s.operand() for _ in range(s.draw(st.integers(1, 3)))]
    target = s.reachable(chosen[0][1]) if s.chance(80) else s.type()
    options = [show(target)]
    shared = [axis for axis in target if axis.how == PERMUTED and isinstance(axis, Leaf) and all(_count(item, axis) <= 1 for _, item in chosen)]
    shared = [axis for axis in shared if _count(target, axis) == 1]
    if shared and s.chance(35):
        axes = s.draw(st.lists(st.sampled_from(shared), min_size=1, max_size=2, unique=True))
        options.append(f"each={show(tuple(axes))}")
    if s.chance(10):
        options.append("bias=false")
    return f"linear[{', '.join(options)}]({', '.join(s.one([name, name, name.partition('.')[0]]) for name, _ in chosen)})", target


def pointwise(s: Scope) -> Expression:
    name, item = s.operand(lambda item: how(item) <= SIGNED)
    return f"{s.one(ANY + ODD if how(item) == PERMUTED else ODD)}({name})", item


def power(s: Scope) -> Expression:
    name, item = s.operand(lambda item: how(item) <= SIGNED)
    return f"{name}^{s.one([2, 3] if how(item) == PERMUTED else [1, 3])}", item


def scaled(s: Scope) -> Expression:
    name, item = s.operand()
    return s.one(["-{}", "2*{}", "{} * 0.5", "{} / 3", "-(2*{}) / 5", "(1/4) * -{}", "{} - {} / 2", "{} + {}"]).replace("{}", name), item


def shifted(s: Scope) -> Expression:
    name, item = s.operand(lambda item: how(item) == PERMUTED)
    return s.one(["{} + 1", "1 - {}", "0.5 + {}", "1 / (1 + {}^2)", "{} / (2 + cos({}))"]).replace("{}", name), item


def broadcast(s: Scope) -> Expression:
    """A tensor met by one that has some of its axes: where it is added the others are permuted, where it multiplies its own are."""
    name, item = s.operand(lambda item: len(item) > 0)
    operator = s.one("+-*/")
    rest = tuple(axis for axis in item if (operator in "+-" and axis.how != PERMUTED) or (axis.how == PERMUTED and s.chance(50)))
    if operator == "*" and s.chance(10):
        rest = (trivial(1),)
    source, _ = s.operand(lambda item: how(item) == PERMUTED) if how(rest) == PERMUTED else s.operand(lambda item: how(item) >= how(rest))
    other = f"linear[{show(rest)}]({source})"
    other = f"(1 + {other}^2)" if operator == "/" else other
    flipped = operator != "/" and s.chance(40)
    return (f"{other} {operator} {name}" if flipped else f"{name} {operator} {other}"), item


def residual(s: Scope) -> Expression:
    name, item = s.operand()
    inner = f"linear({s.operand()[0]}, {name})"
    inner = f"{s.one(ODD)}({inner})" if how(item) <= SIGNED and s.chance(50) else inner
    return s.one([f"{name} + {inner}", f"{inner} - {name}", f"{name} + 0.5*{inner}", f"{inner} / 2 + {name}"]), item


def outer(s: Scope) -> Expression:
    """Two sets beside each other, in the order of the annotation."""
    (a, first), (b, second) = s.operand(_one_set), s.operand(_one_set)
    if first == second:
        raise Unfit
    item = (*first, *second) if s.chance(50) else (*second, *first)
    s.order = True
    return f"{a} {s.one('+*-')} {b}", small(item)


def norm(s: Scope) -> Expression:
    name, item = s.operand(lambda item: how(item) < SCALED)
    kept = tuple(copies for axis in item if (copies := _copies(axis)) is not None)
    return f"norm({name}){s.one(['', '^2', '^3'])}", kept


def pooled(s: Scope) -> Expression:
    name, item = s.operand(lambda item: any(_poolable(item, axis) for axis in item))
    axis = s.one([axis for axis in item if _poolable(item, axis)])
    kind = s.one(["sum", "mean", "max"] if how(item) == PERMUTED else ["sum", "mean"])
    return f"{kind}[{axis.text}]({name})", tuple(other for other in item if other != axis)


def softmax(s: Scope) -> Expression:
    name, item = s.operand(lambda item: how(item) == PERMUTED and any(_poolable(item, axis) for axis in item))
    return f"softmax[{s.one([axis for axis in item if _poolable(item, axis)]).text}]({name})", item


def concat(s: Scope) -> Expression:
    name, item = s.operand(lambda item: any(isinstance(axis, Leaf) for axis in item))
    place = s.one([i for i, axis in enumerate(item) if isinstance(axis, Leaf)])
    leaf, extra = item[place], s.leaf()
    assert isinstance(leaf, Leaf)
    if leaf == extra:
        raise Unfit
    other = (*item[:place], extra, *item[place + 1 :])
    terms = ((leaf,), (extra,)) if s.chance(50) else ((extra,), (leaf,))
    written = f"linear[{show(other)}]({s.operand()[0]}, {name})"
    joined = small((*item[:place], Several(terms), *item[place + 1 :]))
    return f"concat({', '.join([name, written] if terms[0] == (leaf,) else [written, name])})", joined


def part(s: Scope) -> Expression:
    name, item = s.operand(lambda item: sum(isinstance(axis, Several) and len(axis.parts) > 1 for axis in item) == 1)
    place = next(i for i, axis in enumerate(item) if isinstance(axis, Several) and len(axis.parts) > 1)
    axis = item[place]
    assert isinstance(axis, Several)
    index = s.draw(st.integers(0, len(axis.parts) - 1))
    return f"{name}.{index}", (*item[:place], *axis.parts[index], *item[place + 1 :])


def layernorm(s: Scope) -> Expression:
    def fits(item: Type) -> bool:
        inside = [leaf for axis in item if isinstance(axis, Several) for leaf in _leaves(axis)]
        sets = any(leaf.how == PERMUTED and not leaf.trivial for leaf in inside)
        return how(item) < SCALED and not sets and any(leaf.trivial for leaf in [*inside, *item])

    name, item = s.operand(fits)
    return f"layernorm({name})", item


def dropout(s: Scope) -> Expression:
    name, item = s.operand()
    return f"dropout[{s.one(['0.1', '1/2', '0'])}]({name})", item


def learned(s: Scope) -> Expression:
    item = tuple(trivial(s.draw(st.integers(1, 3))) for _ in range(s.draw(st.integers(0, 2))))
    return s.one(["linear[{}]()", "relu(linear[{}]())", "-linear[{}]()"]).replace("{}", show(item)), item


def applied(s: Scope) -> Expression:
    """A model inside, whose argument may be a `linear` that takes its type from it."""
    name, item = s.operand()
    target = s.reachable(item)
    if s.chance(50):
        return f"Block[{show(item)}, {show(target)}]({name})", target
    return f"Block[{show(target)}]({s.one(['', '2 * '])}linear({name}))", target


def wild(s: Scope) -> Expression:
    """What may well be illegal; the type is what it is if not."""
    s.wild = True
    name, item = s.operand()
    other, axis = s.operand()[0], s.one(item) if item else trivial(1)
    rest = tuple(one for one in item if one != axis)
    return s.one(
        [
            (f"{s.one(ANY + ODD)}({name})", item),
            (f"{name}^{s.one([2, 3])}", item),
            (f"{name} {s.one('+-*/')} {s.one([other, '2', name, '(1 + norm(' + other + ')^2)'])}", item),
            (f"{s.one(['sum', 'mean', 'max'])}[{axis.text}]({name})", rest),
            (f"softmax[{axis.text}]({name})", item),
            (f"layernorm({name})", item),
        ]
    )


OPERATIONS: list[tuple[Callable[[Scope], Expression], int]] = [
    (linear, 6),
    (pointwise, 3),
    (power, 1),
    (scaled, 1),
    (shifted, 1),
    (broadcast, 4),
    (residual, 2),
    (outer, 1),
    (norm, 2),
    (pooled, 3),
    (softmax, 1),
    (concat, 2),
    (part, 2),
    (layernorm, 2),
    (dropout, 1),
    (learned, 1),
    (applied, 1),
    (wild, 1),
]
WEIGHTED = [operation for operation, weight in OPERATIONS for _ in range(weight)]


def _count(item: Type, axis: Axis) -> int:
    return sum(axis == other for other in item)


def _poolable(item: Type, axis: Axis) -> bool:
    return axis.how == PERMUTED and isinstance(axis, Leaf) and _count(item, axis) == 1


def _leaves(axis: Axis) -> list[Leaf]:
    return [axis] if isinstance(axis, Leaf) else [leaf for part in axis.parts for one in part for leaf in _leaves(one)]


def _one_set(item: Type) -> bool:
    return len(item) == 1 and isinstance(item[0], Leaf) and item[0].how == PERMUTED and not item[0].trivial


def _copies(axis: Axis) -> Axis | None:
    """What a norm leaves of an axis."""
    if isinstance(axis, Leaf):
        return axis if axis.how == PERMUTED else None
    kept = tuple(tuple(inner for one in part if (inner := _copies(one)) is not None) for part in axis.parts)
    return Several(tuple(part or (trivial(1),) for part in kept)) if len(kept) > 1 or kept[0] else None


def expression(s: Scope) -> Expression:
    for _ in range(8):
        try:
            text, item = s.one(WEIGHTED)(s)
            return text, small(item)
        except Unfit:
            continue
    name, item = s.operand()
    return name, item


def statement(s: Scope, indent: str = "    ", depth: int = 0) -> None:
    kind = s.draw(st.integers(0, 19)) if depth == 0 else s.draw(st.integers(0, 12))
    if kind <= 12:
        s.order = False
        text, item = expression(s)
        if kind <= 1:  # the target from the annotation
            text = re.sub(r"^linear\[[^\],=]*\](\([^()]*\))$", r"linear\1", text)
        name = s.name()
        s.lines.append(f"{indent}{name}{f': {show(item)}' if kind <= 8 or s.order else ''} = {text}")
        s.tensors[name] = item
    elif kind <= 14:
        _let(s, indent)
    elif kind <= 16:
        _repeat(s, indent)
    elif kind == 17:
        _if(s, indent)
    else:
        _record(s, indent)


def _let(s: Scope, indent: str) -> None:
    source, item = s.operand()
    target = s.reachable(item) if dim(item) else item
    layer, name = s.name(), s.name()
    s.lines.append(f"{indent}let {layer} = linear[{show(target)}]")
    s.lines.append(f"{indent}{name} = {layer}({source}) - {layer}({s.one(['{}', '-{}', '2*{}']).format(source)})")
    s.tensors[name] = target


def _repeat(s: Scope, indent: str) -> None:
    name, _ = s.operand()
    if "." in name:
        return
    s.lines.append(f"{indent}repeat {s.one([2, 1, 'c', 0])}:")
    before = dict(s.tensors)
    if s.chance(50):
        statement(s, indent + "    ", depth=1)
    inner = s.one([name for name in s.tensors if "." not in name])
    s.lines.append(f"{indent}    {name} = {name} + 0.5*linear({inner}, {name})")
    s.tensors = before


def _if(s: Scope, indent: str) -> None:
    name, before = s.name(), dict(s.tensors)
    source, item = s.operand()
    target = s.reachable(item)
    s.lines += [f"{indent}if c {s.one(['==', '<', '>='])} {s.one([2, 3])}:", f"{indent}    {name}: {show(target)} = linear({source})"]
    s.lines += [f"{indent}else:", f"{indent}    {name}: {show(target)} = -linear({source})"]
    s.tensors = {**before, name: target}


def _record(s: Scope, indent: str) -> None:
    chosen = [s.operand() for _ in range(2)]
    fields = {entry: s.reachable(item) for entry, (_, item) in zip("ab", chosen, strict=True)}
    name, written = s.name(), ", ".join(f"{entry}: {show(item)}" for entry, item in fields.items())
    s.lines.append(f"{indent}{name} = linear[({written})]({', '.join(source for source, _ in chosen)})")
    if s.chance(40):
        s.lines.append(f"{indent}{name} = {s.one(['{} - {} / 2', '-{}', '{} + 0.5*linear({})', 'dropout[0.5]({})']).replace('{}', name)}")
    if s.chance(50):
        first, second = s.name(), s.name()
        s.lines.append(f"{indent}{first}, {second} = {name}")
        s.tensors |= {first: fields["a"], second: fields["b"]}
    else:
        s.records[name] = fields


@st.composite
def programs(draw: Any) -> str:
    """A file whose last model takes and returns one tensor or several, every free size being that of an input."""
    definitions = draw(st.lists(st.sampled_from(sorted(GROUPS)), min_size=1, max_size=3))
    lines, leaves, firsts = [], list[Leaf](), list[Leaf]()
    for index, definition in enumerate(definitions):
        lines.append(f"group G{index} = {definition.replace('{free}', 'nmk'[index]).replace('{degree}', 'ijl'[index])}")
        own = [Leaf(f"L{index}{i}", dim, how) for i, (_, dim, how) in enumerate(GROUPS[definition])]
        lines += [f"rep {leaf.text} = {text.format(f'G{index}')}" for leaf, (text, _, _) in zip(own, GROUPS[definition], strict=True)]
        leaves, firsts = leaves + own, [*firsts, own[0]]
    s = Scope(draw, leaves)
    try:
        inputs: list[tuple[str, Type]] = [(f"x{i}", (leaf, *([s.leaf()] if s.chance(50) else []))) for i, leaf in enumerate(firsts)]
        inputs += [(f"y{i}", s.type()) for i in range(draw(st.integers(0, 2)))]
        s.tensors |= dict(inputs)
        taken = [f"{name}: {show(item)}" for name, item in inputs]
        if s.chance(25):
            fields = {"a": s.type(), "b": s.type()}
            taken.append(f"r: ({', '.join(f'{name}: {show(item)}' for name, item in fields.items())})")
            s.records["r"] = fields
        for _ in range(draw(st.integers(1, 6))):
            statement(s)
        result = _returned(s)
    except Unfit:
        assume(False)
    sizes = ", ".join(f"{name} = {size}" for name, size in NAMED.items())
    model = f"model M[{sizes}]({', '.join(taken)}) -> {result[0]}:{'  # wild' if s.wild else ''}"
    block = ["model Block[A: rep, B: rep = A](x: A) -> B:", "    h: A = x + linear(x)", "    return linear(h, x)"]
    return "\n".join([*lines, *block, model, *s.lines, f"    return {result[1]}", ""])


def _returned(s: Scope) -> tuple[str, str]:
    last = list(s.tensors.items())[-3:]
    if s.chance(30):
        item = s.reachable(last[-1][1])
        return show(item), f"linear({', '.join(name for name, _ in last)})"
    if s.chance(50):
        return show(last[-1][1]), last[-1][0]
    entries = ", ".join(f"{chr(97 + i)}: {show(item)}" for i, (_, item) in enumerate(last))
    return f"({entries})", ", ".join(name for name, _ in last)
