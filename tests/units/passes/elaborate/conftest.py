"""Programs over a few groups and representations, elaborated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from symc.diagnostics import Diagnostic, DiagnosticError, Source
from symc.grammar import parse
from symc.ir.graph import Graph
from symc.ir.ops import EquivariantOp
from symc.ir.verify import verify
from symc.passes.elaborate import elaborate

Program: TypeAlias = Callable[..., Graph[EquivariantOp]]
Found: TypeAlias = Callable[..., list[Diagnostic]]

HEAD = """\
group P = S(n)
group Q = S(m)
group R = O(3)
group D = D(4)
rep   X = perm(P)
rep   Y = perm(Q)
rep   v = vector(R)
rep   q = regular(D)
rep   g = pixels(D, 4, 4)
rep   H[c, d = 2] = X*c*d
"""


@pytest.fixture(scope="session")
def program() -> Program:
    """The graph of a program that stands under HEAD; it keeps the rules of the IR."""

    def build(text: str, params: Mapping[str, Any] | None = None, model: str | None = None, name: str = "program.sym") -> Graph[EquivariantOp]:
        file, wrong = parse(Source(name, HEAD + text))
        assert wrong == []
        graph = elaborate(file, model=model, params=params)
        assert verify(graph, "equivariant") == []
        return graph

    return build


@pytest.fixture(scope="session")
def found(program: Program) -> Found:
    """What is wrong with a program that stands under HEAD."""

    def complain(text: str, **options: Any) -> list[Diagnostic]:
        with pytest.raises(DiagnosticError) as caught:
            program(text, **options)
        return list(caught.value.diagnostics)

    return complain


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Files written beside each other."""

    def write(**files: str) -> Path:
        for name, text in files.items():
            (tmp_path / f"{name}.sym").write_text(text, encoding="utf-8")
        return tmp_path

    return write
