"""Whatever a module is called with, it answers or says what is wrong with its inputs."""

from __future__ import annotations

import os
import traceback
from random import Random
from typing import Any

import numpy as np
import pytest
import torch

import symc
from symc.algebra import sizes as sz
from symc.ir.types import AnyType, Type

TRIES = int(os.environ.get("SYMC_FUZZ", "600"))
SEED = int(os.environ.get("SYMC_FUZZ_SEED", "0"))
RECORDS = """\
group P = S(n)
rep   X = perm(P)
model Records(r: (a: X*2, b: (c: 3, d: X)), s: X^2) -> (p: X, q: ()):
    return linear(r.a, r.b.d, s), linear(r.b.c)
"""
DTYPES = (*[torch.float32] * 6, torch.float64, torch.float16, torch.int64, torch.bool, torch.complex64)


def fitting(rng: Random, item: AnyType, batch: list[int], sizes: dict[str, int]) -> Any:
    """An input that the module takes."""
    if isinstance(item, Type):
        for name in sorted(item.free):
            sizes.setdefault(name, rng.randrange(4))
        return torch.randn(*batch, *(sz.number(size, sizes) for size in item.shape))
    return {name: fitting(rng, inner, batch, sizes) for name, inner in item.fields}


def anything(rng: Random, depth: int = 0) -> Any:
    """Something that may be no input at all."""
    kind = rng.random()
    if kind < 0.6:
        x = torch.zeros([rng.randrange(6) for _ in range(rng.randrange(5))], dtype=rng.choice(DTYPES))
        return x.to("meta") if rng.random() < 0.1 else x
    if kind < 0.8 and depth < 2:
        return {rng.choice("abcdxyzrs"): anything(rng, depth + 1) for _ in range(rng.randrange(4))}
    return rng.choice((None, 3, 2.5, "x", [1, 2], (), np.zeros((3, 3)), object(), torch.zeros))


def test_any_inputs_are_taken_or_refused(supported: list[str]) -> None:
    rng = Random(SEED)
    nets = [symc.compile(text=text) for text in [*supported, RECORDS, "model Constant() -> 3:\n    return linear()\n"]]
    for _ in range(TRIES):
        net = rng.choice(nets)
        fields = net.program.signature.inputs.fields
        batch, sizes = rng.choice(([], [2], [2, 3], [0])), dict[str, int]()
        args, kwargs = [fitting(rng, item, batch, sizes) for _, item in fields], dict[str, Any]()
        for _ in range(rng.choice((0, 1, 1, 2))):
            at = rng.randrange(len(args) + 1)
            args[at : at + rng.randrange(2)] = [anything(rng)] * rng.randrange(2)
        if rng.random() < 0.4:
            cut = rng.randrange(len(args) + 1)
            kwargs = dict(zip([*(name for name, _ in fields[cut:]), "z"], args[cut:], strict=False))
            args = args[:cut]
        try:
            net(*args, **kwargs)
        except symc.InputError as error:
            assert str(error).startswith("\nerror[E06")  # noqa: PT017
        except Exception:
            pytest.fail(f"{traceback.format_exc()}\n{net}\n{args}\n{kwargs}")
