"""A few groups and representations, and the examination every legal program passes."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, TypeAlias

import examination
import pytest
import torch
from torch import Tensor

import symc
from symc.backends import Net
from symc.diagnostics import DiagnosticError

Compile: TypeAlias = Callable[..., Net]
Refuse: TypeAlias = Callable[..., list[str]]

HEAD = """\
group P = S(n)
group Q = S(m)
group R = O(3)
group U = SO(3)
group D = D(4)
rep   X = perm(P)
rep   Y = perm(Q)
rep   v = vector(R)
rep   u = vector(U)
rep   q = regular(D)
rep   g = pixels(D, 3, 3)
rep   z = vector(D)
rep   s = sign(D)
rep   T = 2*v
rep   H[c, d = 2] = X*c*d
"""
SIZES = ({"n": 0, "m": 2}, {"n": 1, "m": 3}, {"n": 2, "m": 1}, {"n": 5, "m": 2})


@pytest.fixture(scope="session")
def build() -> Compile:
    """A program under HEAD in float64."""

    def make(body: str, seed: int = 0, **options: Any) -> Net:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", symc.SymcWarning)
            return symc.compile(text=HEAD + body, dtype=torch.float64, generator=torch.Generator().manual_seed(seed), **options).eval()

    return make


@pytest.fixture(scope="session")
def examine(build: Compile) -> Compile:
    """Compile and examine: against the dense oracle at several sizes and batch axes, for symmetry, and through a state dict."""

    def passed(body: str, **options: Any) -> Net:
        net = build(body, **options)
        examination.examine(net, build(body, **options), SIZES)
        return net

    return passed


@pytest.fixture(scope="session")
def refuse() -> Refuse:
    """The codes of what is said about a program under HEAD."""

    def codes(body: str, **options: Any) -> list[str]:
        with pytest.raises(DiagnosticError) as caught:
            symc.compile(text=HEAD + body, **options)
        return [diagnostic.code for diagnostic in caught.value.diagnostics]

    return codes


@pytest.fixture(scope="session")
def inputs() -> Callable[..., list[Tensor]]:
    return examination.random_inputs
