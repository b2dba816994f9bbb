"""The names that a module keeps for itself."""

from __future__ import annotations

import keyword
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import torch

from symc.diagnostics import Diagnostic
from symc.passes.elaborate.reserved import MODULE

Program: TypeAlias = Callable[..., Any]
Found: TypeAlias = Callable[..., list[Diagnostic]]


def test_the_names_of_a_module_are_those_of_torch() -> None:
    assert {name for name in dir(torch.nn.Module()) if not name.startswith("__")} <= MODULE


WORDS = sorted({"class", "lambda", "None", "forward", "train", "training", "parameters", "type", "to", "float", "_modules", "__init__"})


@pytest.mark.parametrize("name", WORDS)
@pytest.mark.parametrize("text", ["model M(x: X, {}: X) -> X:\n    return x\n", "model M(x: X) -> X:\n    {} = relu(x)\n    return x\n"])
def test_tensors_take_no_reserved_name(found: Found, text: str, name: str) -> None:
    assert [diagnostic.code for diagnostic in found(text.format(name))] == ["E0213"]


@pytest.mark.parametrize("name", ["class", "forward"])
def test_layers_and_models_take_no_reserved_name(found: Found, name: str) -> None:
    text = f"model {name}(x: X) -> X:\n    return x\nmodel M(x: X) -> X:\n    let {name} = relu\n    return x\n"
    assert [diagnostic.code for diagnostic in found(text)] == ["E0213", "E0213"]


@pytest.mark.parametrize("name", ["self", "mask", "batch"])
def test_arguments_of_every_module_are_taken(program: Program, found: Found, name: str) -> None:
    assert [diagnostic.code for diagnostic in found(f"model M({name}: X) -> 1:\n    return linear({name})\n")] == ["E0213"]
    program(f"model M(x: X) -> 1:\n    {name}: X = linear(x)\n    return linear({name})\n")


def test_every_python_keyword_is_refused_unless_it_is_a_word_of_the_language(found: Found) -> None:
    for name in sorted(set(keyword.kwlist) - {"if", "else", "return", "import", "as"}):
        assert {diagnostic.code for diagnostic in found(f"model M({name}: X) -> 1:\n    return linear[1]()\n")} == {"E0213"}, name
