"""Linear maps and gates between sums of irreducible representations of O(3), beside e3nn, which numbers coordinates alike."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn

import symc

from .case import Case, Inputs, Peer
from .peers import library

WANTED = {"fwd+bwd": 1.5, "forward": 1.5, "fwd+bwd compiled": 1.2, "forward compiled": 1.2}


def cases() -> Iterator[Case]:
    for copies in (32, 128):
        for batch in (64, 4096):
            yield linear(copies, batch)
            yield gate(copies, batch)


def irreps(copies: int) -> str:
    return f"{copies}x0e+{copies}x1o+{copies}x2e"


def linear(copies: int, batch: int) -> Case:
    text = f'group R = O(3)\nrep V = irreps(R, "{irreps(copies)}")\nmodel M(x: V) -> V:\n    return linear(x)\n'
    return Case(
        f"linear O(3) {copies}x(0e+1o+2e), batch {batch}",
        lambda: symc.compile(text=text),
        lambda: (torch.randn(batch, 9 * copies),),
        [Peer("e3nn", lambda ours: library("e3nn.o3").Linear(irreps(copies), irreps(copies), biases=True), WANTED, agreement="maps")],
        flops=2 * batch * 9 * copies**2,
    )


def gate(copies: int, batch: int) -> Case:
    """Scalars through silu, the others times the sigmoid of a scalar each."""
    text = f"""\
group R = O(3)
rep   V = irreps(R, "{copies}x1o+{copies}x2e")
model M(s: {copies}, g: {2 * copies}, x: V) -> {copies} + V:
    return concat(silu(s), gate(x, g))
"""

    def make(ours: nn.Module) -> nn.Module:
        layers = library("e3nn.nn")
        module: nn.Module = layers.Gate(f"{copies}x0e", [torch.nn.functional.silu], f"{2 * copies}x0e", [torch.sigmoid], f"{copies}x1o+{copies}x2e")
        return module

    def enter(inputs: Inputs) -> Inputs:
        return (torch.cat(inputs, 1),)

    def leave(output: Tensor) -> Tensor:
        """Without the factors that e3nn gives functions so that normal noise keeps its variance."""
        normalized = library("e3nn.math").normalize2mom
        scalar, other = (normalized(act).cst for act in (torch.nn.functional.silu, torch.sigmoid))
        return torch.cat([output[..., :copies] / scalar, output[..., copies:] / other], -1)

    def inputs() -> Inputs:
        return torch.randn(batch, copies), torch.randn(batch, 2 * copies), torch.randn(batch, 8 * copies)

    peer = Peer("e3nn", make, WANTED, enter, "values", leave)
    return Case(f"gate O(3) {copies}x(0e+1o+2e), batch {batch}", lambda: symc.compile(text=text), inputs, [peer])
