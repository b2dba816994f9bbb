"""`symc.compile`, `symc.linear`, `symc.verify`: programs to modules."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING

from symc.api.program import Program, program, source_of
from symc.diagnostics import Diagnostic, render
from symc.passes.elaborate import declarations, layer_graph
from symc.passes.pipeline import Options, run

if TYPE_CHECKING:
    import torch

    from symc.backends import Net
    from symc.verify import Report


class SymcWarning(UserWarning):
    """What a compilation has to say that is no error."""


def compile(
    path: str | os.PathLike[str] | None = None,
    *,
    text: str | None = None,
    model: str | None = None,
    params: Mapping[str, object] | None = None,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
    generator: torch.Generator | None = None,
    memory_limit: int | None = None,
) -> Net:
    """A model of a `.sym` file, or of a text, as an `nn.Module`.

    model: which one, the last by default. params: values for its parameters, numbers or text such as "perm(P)*3". generator: draws the weights.
    memory_limit: the most bytes that weights and bases may take, by default SYMC_MEMORY_LIMIT or 4 GiB.
    Raises DiagnosticError with everything that is wrong.
    """
    graph = program(source_of(path, text), model=model, params=params)
    return _module(graph, device, dtype, generator, memory_limit)


def linear(
    signature: str,
    *,
    groups: Mapping[str, str] | None = None,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
    generator: torch.Generator | None = None,
    memory_limit: int | None = None,
) -> Net:
    """Every equivariant affine map of a signature such as `perm(P)*3 -> perm(P)*64`, as a module with parameters `weight` and `bias`.

    groups: definitions by name, such as {"P": "S(n)"}. Raises DiagnosticError.
    """
    return _module(layer_graph(signature, declarations(groups=groups)), device, dtype, generator, memory_limit)


def verify(net: Net, *, seed: int = 0) -> Report:
    """Measure how far a compiled module is from equivariant, per output and generator, in float64, and gather the certificates of its bases."""
    from symc.verify import verify as measure

    return measure(net, seed=seed)


def _module(
    graph: Program, device: torch.device | str | None, dtype: torch.dtype | None, generator: torch.Generator | None, memory_limit: int | None
) -> Net:
    from symc.backends import Net

    solved = run(graph, after="solve", options=Options(memory_limit, _warn))
    return Net(solved, run(solved, options=Options(memory_limit)), generator=generator, device=device, dtype=dtype)


def _warn(diagnostic: Diagnostic) -> None:
    warnings.warn(SymcWarning("\n" + render(diagnostic)), stacklevel=5)
