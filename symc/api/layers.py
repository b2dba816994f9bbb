"""`symc.compile`, `symc.linear`, `symc.verify`: programs to modules."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from symc.api.options import check_limit, check_lowering, declared
from symc.api.program import Program, program, source_of
from symc.diagnostics import Diagnostic, render
from symc.passes.elaborate import layer_graph
from symc.passes.lower import Lowering
from symc.passes.pipeline import Options, run, with_masks

if TYPE_CHECKING:
    import torch

    from symc.backends import Net
    from symc.verification import Report


class SymcWarning(UserWarning):
    """What a compilation has to say that is no error."""

    @property
    def diagnostic(self) -> Diagnostic:
        """The warning as data."""
        found: Diagnostic = self.args[0]
        return found

    def __str__(self) -> str:
        return "\n" + render(self.diagnostic)


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
    lowering: Lowering = "auto",
) -> Net:
    """A model of a `.sym` file, or of a text, as an `nn.Module`.

    model: which one, the last by default. params: values for its parameters, numbers or text such as "perm(P)*3".
    device, dtype: as for `nn.Module.to`. generator: draws the weights, alike on every device and for every dtype.
    memory_limit: the most bytes that weights and bases may take, by default SYMC_MEMORY_LIMIT or 4 GiB.
    lowering: "dense" for linear maps as one matrix, "structured" for diagrams and irreducibles, each where it is possible; by default what is
    estimated to train fastest. Weights mean the same in all of them.
    Raises DiagnosticError with everything that is wrong; what is only odd is a SymcWarning.
    """
    found: list[Diagnostic] = []
    graph = program(source_of(path, text), model=model, params=params, report=found.append)
    net = build(graph, device=device, dtype=dtype, generator=generator, memory_limit=memory_limit, lowering=lowering, report=found.append)
    _warn(found)
    return net


def linear(
    signature: str,
    *,
    groups: Mapping[str, str] | None = None,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
    generator: torch.Generator | None = None,
    memory_limit: int | None = None,
    lowering: Lowering = "auto",
) -> Net:
    """Every equivariant affine map of a signature such as `perm(P)*3 -> perm(P)*64`, as a module with parameters `weight` and `bias`.

    groups: definitions by name, such as {"P": "S(n)"}. The other arguments are those of `compile`. Raises DiagnosticError.
    """
    return _layer("linear", signature, groups, device, dtype, generator, memory_limit, lowering)


def bilinear(
    signature: str,
    *,
    groups: Mapping[str, str] | None = None,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
    generator: torch.Generator | None = None,
    memory_limit: int | None = None,
) -> Net:
    """Every equivariant bilinear map of a signature such as `(x: vector(R)*8, y: vector(R)*8) -> 16`, as a module with a parameter `weight`.

    Arguments as for `linear`. Raises DiagnosticError.
    """
    return _layer("bilinear", signature, groups, device, dtype, generator, memory_limit)


def verify(net: Net, *, sizes: Mapping[str, int] | Sequence[Mapping[str, int]] | None = None, seed: int = 0, trials: int = 4) -> Report:
    """Measure how far a compiled module is from equivariant, per output and generator, in float64, and gather the certificates of its bases.

    Free sizes take several small values, or those of `sizes` (one assignment or several).
    """
    from symc.verification import verify as measure

    return measure(net, sizes=sizes, seed=seed, trials=trials)


def build(
    graph: Program,
    *,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
    generator: torch.Generator | None = None,
    memory_limit: int | None = None,
    lowering: Lowering = "auto",
    report: Callable[[Diagnostic], object] | None = None,
) -> Net:
    """The module of a checked graph. Warnings go to `report`."""
    from symc.backends import Net, check_place

    options = Options(check_limit(memory_limit), report, check_lowering(lowering))
    check_place(device, dtype, generator)
    solved = run(graph, after="solve", options=options)
    lowered = run(solved, since="solve", options=options)
    return Net(solved, lowered, masking=with_masks, generator=generator, device=device, dtype=dtype)


def _layer(
    operation: str,
    signature: str,
    groups: Mapping[str, str] | None,
    device: torch.device | str | None,
    dtype: torch.dtype | None,
    generator: torch.Generator | None,
    memory_limit: int | None,
    lowering: Lowering = "auto",
) -> Net:
    found: list[Diagnostic] = []
    graph = layer_graph(signature, declared(groups), operation)
    made = partial(build, device=device, dtype=dtype, generator=generator, memory_limit=memory_limit, lowering=lowering)
    net = made(graph, report=found.append)
    _warn(found, stacklevel=4)
    return net


def _warn(found: list[Diagnostic], stacklevel: int = 3) -> None:
    for diagnostic in found:
        warnings.warn(SymcWarning(diagnostic), stacklevel=stacklevel)
