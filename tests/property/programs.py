"""Random well-typed programs over random groups: a hypothesis strategy for texts."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from program_operations import WEIGHTED, Expression
from program_types import GROUPS, NAMED, PERMUTED, TIME, Leaf, Scope, Type, Unfit, dim, show, small, trivial


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
        sets = [leaf for leaf in leaves if leaf.how == PERMUTED]
        if s.chance(25):
            beside = (s.one(sets),) if sets and s.chance(70) else ()
            taken.append(f"z: {show((*beside, trivial(3)))[:-1]}onehot(3)")
            s.tensors["z"] = (*beside, trivial(3))
        if s.chance(25):
            lines.append("rep time = axis(t)")
            s.timed = "s", s.type()
            taken.append(f"s: {show((TIME, *s.timed[1]))}")
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
    block += ["model Cell[A: rep, B: rep](h: A, x: B) -> A:", "    y: A = linear(h, x) - h / 2", "    return dropout[0.2](y)"]
    block += ["model Ratio[A: rep, B: rep](h: A, x: B) -> A:", "    s: () = linear(h, x)", "    return linear(h, x) / (1 + s^2)"]
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
