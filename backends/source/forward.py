"""The forward method of a written file: shapes looked at, then the statements, each under the line of the text that it comes from."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from torch import fx

from symc.algebra.sizes import Size
from symc.backends.free_sizes import polynomial
from symc.backends.interface import Interface, show_shape
from symc.backends.source.comments import Commented
from symc.backends.source.names import Names
from symc.backends.source.statements import Assign, Repeat, Return, Statement
from symc.backends.source.text import INDENT, WIDTH, Call, Text, flat, lines, listed
from symc.ir.types import AnyType, Record, Type


@dataclass(frozen=True)
class Forward:
    """A method to write: what it takes and returns, its placeholders, statements and names. `exact`: does it call attention?"""

    interface: Interface
    inputs: Sequence[fx.Node]
    statements: Sequence[Statement]
    names: Names
    exact: bool

    def lines(self) -> Iterator[str]:
        """The method."""
        fields = [(name, "Tensor" if isinstance(item, Type) else "dict[str, Any]") for name, item in self.interface.fields]
        arguments = tuple(f"{name}: {kind}" for name, kind in self.arguments(fields))
        result = _annotation(self.interface.result, top=True)
        yield from lines(Call("def forward", ("self", *arguments)), str, INDENT, after=f" -> {result}:")
        body = [*self.opened(), *self.block(self.statements, INDENT * 2, Commented())]
        while body and not body[0]:
            body.pop(0)
        yield from body

    def arguments(self, fields: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Inputs are called as in the graph, where a name may have got a `_`."""
        flat_names = {one.name: node.name for one, node in zip(self.interface.inputs, self.inputs, strict=True)}
        for name, kind in fields:
            yield flat_names.get(name, name), kind

    def opened(self) -> Iterator[str]:
        """Records taken apart, shapes looked at."""
        for one, node in zip(self.interface.inputs, self.inputs, strict=True):
            first, *rest = one.name.split(".")
            if rest:
                yield f"{INDENT * 2}{node.name} = {first}" + "".join(f'["{key}"]' for key in rest)

    def checks(self) -> Iterator[str]:
        """What is wrong with the shapes, once the free sizes are known."""
        wrong: list[str] = []
        said: list[str] = []
        for one, node in zip(self.interface.inputs, self.inputs, strict=True):
            shape = [_size(size) for size in one.sizes]
            wrong.append(f"{node.name}.shape != ({', '.join(['batch', *shape])}{',' * (not shape)})")
            said.append(f"{node.name} {{tuple({node.name}.shape)}}")
        if wrong:
            message = f"expected {', '.join(self.expected())}"
            condition = " or ".join(wrong)
            if len(condition) + 12 <= WIDTH:
                yield f"if {condition}:"
            else:
                yield "if ("
                yield from (f"{INDENT}{'or ' * (place > 0)}{one}" for place, one in enumerate(wrong))
                yield "):"
            whole = f'f"{message}, not {", ".join(said)}"'
            if len(whole) <= WIDTH - 30:
                yield f"{INDENT}raise ValueError({whole})"
            else:
                yield f"{INDENT}raise ValueError("
                parts = [f'"{part} "' for part in textwrap.wrap(f"{message},", WIDTH - 20)]
                parts += [f'f"{"not " * (place == 0)}{one}{", " * (one is not said[-1])}"' for place, one in enumerate(said)]
                halves = [f'"{message}, "', f'f"not {", ".join(said)}"']
                fitting = [[whole], halves, parts]
                chosen = next((one for one in fitting if max(map(len, one)) <= WIDTH - 16), parts)
                yield from (f"{INDENT * 2}{part}" for part in chosen)
                yield f"{INDENT})"
        if self.exact:
            yield f"exact = twice_differentiable({', '.join(node.name for node in self.inputs)})"
        for one, node in zip(self.interface.inputs, self.inputs, strict=True):
            if one.classes is not None:
                yield f'check_index("{one.name}", {node.name}, {one.classes})'

    def expected(self) -> Iterator[str]:
        for one, node in zip(self.interface.inputs, self.inputs, strict=True):
            yield f"{node.name} {show_shape(one.sizes, 'batch')}"

    # statements

    def block(self, block: Sequence[Statement], indent: str, comments: Commented) -> Iterator[str]:
        spans = [getattr(one, "span", None) for one in block]
        outermost = len(indent) == 2 * len(INDENT)
        sizes = self.sizes(block) if outermost else 0
        for place, statement in enumerate(block):
            if place == sizes and outermost:
                yield from (indent + line for line in self.checks())
            span = spans[place]
            if place >= sizes and span is not None:
                following = next((i for i, one in enumerate(spans[place:]) if one != span), len(spans) - place)
                together = sum(one is not None and one.line == span.line for one in spans)
                yield from (indent * bool(line) + line for line in comments.before(span, following, together))
            yield from self.statement(statement, indent, comments)

    def sizes(self, block: Sequence[Statement]) -> int:
        """How many statements read sizes, at the beginning."""
        return next((i for i, one in enumerate(block) if not (isinstance(one, Assign) and one.span is None)), len(block))

    def statement(self, statement: Statement, indent: str, comments: Commented) -> Iterator[str]:
        naming = self.names
        match statement:
            case Assign(targets, text):
                names = ", ".join("_" if node is None or node not in naming.of else naming(node) for node in targets)
                lone = statement.unpacked and len(targets) == 1
                yield from lines(text, naming, indent, before=f"({names},) = " if lone else f"{names} = ")
            case Repeat():
                yield from self.repeated(statement, indent)
            case Return(values):
                yield from lines(self.returned(values), naming, indent, before="return ")

    def repeated(self, loop: Repeat, indent: str) -> Iterator[str]:
        """A Python loop over the steps."""
        naming, inside = self.names, indent + INDENT
        own, now = naming(loop.result), naming(loop.state)
        yield from lines(loop.first, naming, indent, before=f"{now} = ")
        if loop.every:
            yield f"{indent}{own}_steps = []"
        steps = [f"{flat(text, naming)}.unbind(1)" for _, text in loop.sequences]
        running = steps[0] if len(steps) == 1 else f"zip({', '.join(steps)}, strict=True)"
        yield f"{indent}for {', '.join(naming(step) for step, _ in loop.sequences)} in {running}:"
        body = [*self.block(loop.body[:-1], inside, Commented())]
        yield from body[1:] if body and not body[0] else body
        last = loop.body[-1]
        assert isinstance(last, Return)
        yield from lines(last.values[0], naming, inside, before=f"{now} = ")
        if loop.every:
            yield f"{inside}{own}_steps.append({now})"
            none = f"{now}.new_zeros({now}.shape[0], 0, *{now}.shape[1:])"
            yield f"{indent}{own} = torch.stack({own}_steps, 1) if {own}_steps else {none}"
        else:
            yield f"{indent}{own} = {now}"

    def returned(self, values: Sequence[Text]) -> Text:
        """In the structure of the result; without inputs there is no batch axis."""
        if not self.interface.inputs:
            values = [(text, "[0]") for text in values]
        if self.interface.single:
            return values[0]
        return _structured(iter(values), self.interface.result, top=True)


def _annotation(item: AnyType, *, top: bool) -> str:
    match item:
        case Type():
            return "Tensor"
        case Record(fields):
            inner = ", ".join(_annotation(one, top=False) for _, one in fields)
            return f"tuple[{inner}]" if top else "dict[str, Any]"


def _structured(values: Iterator[Text], item: AnyType, *, top: bool) -> Text:
    match item:
        case Type():
            return next(values)
        case Record(fields):
            entries = [(name, _structured(values, inner, top=False)) for name, inner in fields]
            if not top:
                return listed([(f'"{name}": ', text) for name, text in entries], "{}")
            if len(entries) == 1:
                return ("(", entries[0][1], ",)")
            return listed([text for _, text in entries], "()")


def _size(size: Size) -> str:
    """As Python computes it."""
    known = polynomial(size)
    text = ""
    for number, names in known.terms:
        factors = [str(abs(number))] * (abs(number) != 1 or not names) + list(names)
        sign = "-" if number < 0 else "+"
        text += f" {sign} {' * '.join(factors)}" if text else "-" * (number < 0) + " * ".join(factors)
    return text if known.denominator == 1 else f"({text}) // {known.denominator}"
