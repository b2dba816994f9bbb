"""Python text in pieces: names that are still open, and calls that can be written on one line or on several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from torch import fx

WIDTH = 120
INDENT = "    "

ATOM, POWER, PRODUCT, SUM, COMPARISON = range(5)  # how tightly an expression holds together


@dataclass(frozen=True)
class Call:
    """Something in brackets after something: arguments that may stand one a line."""

    head: Text
    arguments: tuple[Text, ...]
    brackets: str = "()"


Text: TypeAlias = "str | fx.Node | Call | tuple[Text, ...]"
Naming: TypeAlias = Callable[[fx.Node], str]


@dataclass(frozen=True)
class Expression:
    """A text, how tightly it holds together, and how deep its calls stand in each other."""

    text: Text
    rank: int = ATOM
    depth: int = 0

    def within(self, rank: int) -> Text:
        """In brackets where something of this rank would tear it apart."""
        return self.text if self.rank <= rank else ("(", self.text, ")")


def flat(text: Text, naming: Naming) -> str:
    """On one line."""
    match text:
        case str():
            return text
        case fx.Node():
            return naming(text)
        case Call(head, arguments, brackets):
            return flat(head, naming) + brackets[0] + ", ".join(flat(argument, naming) for argument in arguments) + brackets[1]
        case _:
            return "".join(flat(part, naming) for part in text)


def lines(text: Text, naming: Naming, indent: str, before: str = "", after: str = "") -> Iterator[str]:
    """On one line where it fits, else with one argument a line."""
    if isinstance(text, tuple) and len(text) == 2 and isinstance(text[0], str) and isinstance(text[1], Call):
        before, text = before + text[0], text[1]
    line = f"{indent}{before}{flat(text, naming)}{after}"
    if len(line) <= WIDTH or not isinstance(text, Call) or not text.arguments:
        yield line
        return
    yield f"{indent}{before}{flat(text.head, naming)}{text.brackets[0]}"
    for argument in text.arguments:
        yield from lines(argument, naming, indent + INDENT, after=",")
    yield f"{indent}{text.brackets[1]}{after}"


def mentioned(text: Text) -> Iterator[fx.Node]:
    """The nodes whose names occur, in the order of evaluation."""
    match text:
        case str():
            return
        case fx.Node():
            yield text
        case Call(head, arguments):
            yield from mentioned(head)
            for argument in arguments:
                yield from mentioned(argument)
        case _:
            for part in text:
                yield from mentioned(part)


def listed(items: Sequence[Text], brackets: str = "[]") -> Call:
    return Call("", tuple(items), brackets)
