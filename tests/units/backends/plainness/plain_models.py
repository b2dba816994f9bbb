"""The models of the matrix: every model of `examples`, and small ones for what the examples lack. A test that takes `case` is run on each of them."""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

import symc
from symc.algebra import sizes as sz
from symc.backends import Net
from symc.backends.interface import COMPLEX

EXAMPLES = Path(__file__).parents[4] / "examples"
SMALL = {
    "DeepSets": {"width": 4},
    "Digits": {"c": 2, "hidden": 4},
    "Graphs": {"c": 3},
    "IGN": {"k": 2, "c": 2},
    "Turned": {"c": 2},
    "Inertia": {"c": 2},
    "Pointer": {"c": 8},
    "Sorting": {"f": 3, "c": 8, "heads": 2, "depth": 1},
}
TEXTS = {
    "complex": "group U = U(1)\ngroup P = S(n)\nrep X = perm(P)\nrep z = irrep(U, 1)\nmodel M(x: X*2*z) -> (y: X*3*z, r: X*2):\n"
    "    h: X*3*z = linear(x)\n    s: X*3 = tanh(linear(norm(h)))\n    return s * h, linear(norm(h))\n",
    "energy": "group G = E(3)\ngroup P = S(n)\nrep X = perm(P)\nrep p = point(G)\nrep v = vector(G)\n"
    "model M(x: X*p, z: X*2) -> ():\n"
    "    r: X*v = x - mean[X](x)\n    h: X*(4 + 4*v) = gate(linear[each=X](z, r) + bilinear[each=X](r, r))\n"
    "    h: X*(4 + 4*v) = gate(linear(h) + bilinear[each=X](h, h))\n    return sum[X](linear[each=X](norm(h)))\n",
    "spherical": "group R = O(3)\nrep T = irreps(R, \"4x0e + 2x1o + 1x2e\")\nmodel M(x: T, y: T) -> T:\n"
    "    h: T = gate(linear(x) + bilinear(x, y))\n    return linear(layernorm(h))\n",
    "recurrent": "group P = S(n)\nrep X = perm(P)\nrep time = axis(4)\nmodel Cell[c](h: X*c, x: X*2) -> X*c:\n    return tanh(linear(h, x))\n"
    "model M(h: X*3, x: time*X*2) -> time*X*3:\n    return scan[Cell[3], time](h, x)\n",
    "attention": "group P = S(n)\ngroup R = O(3)\nrep X = perm(P)\nrep v = vector(R)\nmodel M(x: X*4, r: X*2*v, b: X^2) -> (y: X*4, u: X*2*v):\n"
    "    y: X*4 = attention[X, heads=2](x, x, x, bias=b)\n    return y, attention[X](linear[X*2, each=X](x), linear[X*2, each=X](x), r)\n",
    "sets": "group P = S(n)\nrep X = perm(P)\nmodel M(x: X*4) -> X*4:\n    q, k, u = linear[(q: X*4, k: X*4, u: X*4), each=X](x)\n"
    "    return attention[X](q, k, u)\n",
    "normalised": "group P = S(n)\ngroup R = SO(3)\nrep X = perm(P)\nrep v = vector(R)\nmodel M(x: X*3, r: X*v) -> (y: X*4, u: X*2*v):\n"
    "    h: X*4 = relu(batchnorm(linear(x)))\n    u: X*2*v = rmsnorm(batchnorm(linear(r)))\n    return dropout[0.2](h), dropout[0.2](u)\n",
    "indexed": "group P = S(n)\nrep X = perm(P)\nmodel M(z: X*onehot(5), k: onehot(3)) -> X*4:\n    h: X*4 = silu(linear(z))\n"
    "    return linear(h) + linear(k)\n",
    "record": "group P = S(n)\ngroup Q = S(m)\nrep X = perm(P)\nrep Y = perm(Q)\nmodel M(w: (a: X*Y*2, b: X), t: 3) -> (w: (a: X*Y, b: X*2), s: ()):"
    "\n    h: (a: X*Y*4, b: X*4) = relu(linear(w, t))\n    return linear(h), linear(h)\n",
    "affine": "group G = E(2)\ngroup P = S(n)\nrep X = perm(P)\nrep p = point(G)\nrep v = vector(G)\nmodel M(x: X*p) -> (c: 2*p, d: X*v):\n"
    "    c: 2*p = linear(x)\n    return c, linear(x - mean[X](x))\n",
    "merged": "group P = S(n)\ngroup Q = S(m)\nrep X = perm(P)\nrep Y = perm(Q)\nmodel M(x: (X^2*2), y: X + Y) -> (X*Y):\n"
    "    h: (X*Y*2) = gelu(linear(x, y))\n    return linear(max[X](linear[X*3](x)), h)\n",
    "finite": "group A = A(5)\nrep Y = perm(A)\nmodel M(x: 2*Y, y: Y^2) -> 3*Y:\n"
    "    h: 3*Y = abs(linear(x, y))\n    return linear(h)\n",
}  # fmt: skip
COMPLEX_CASES = ("complex",)


@dataclass(frozen=True)
class Case:
    """A model of the matrix."""

    name: str
    net: Net  # float32, in eval mode: not to be changed

    @property
    def free(self) -> list[str]:
        return sorted(self.net.program.free)

    def own(self) -> Net:
        """A copy to be changed."""
        return copy.deepcopy(self.net)

    def inputs(self, batch: int = 3, dtype: torch.dtype = torch.float32, **sizes: int) -> tuple[Tensor, ...]:
        """Random inputs with one batch axis; free sizes are 5, 7, ... where nothing else is said."""
        sizes = {name: 5 + 2 * offset for offset, name in enumerate(self.free)} | sizes
        generator = torch.Generator().manual_seed(batch)
        found = []
        for spec in self.net.inputs:
            shape = (batch, *(sz.number(size, sizes) for size in spec.sizes))
            if spec.classes is not None:
                found.append(torch.randint(spec.classes, shape, generator=generator))
            else:
                kind = COMPLEX[dtype] if spec.complex else dtype
                found.append(torch.randn(shape, dtype=torch.complex128 if spec.complex else torch.float64, generator=generator).to(kind))
        return tuple(found)

    def call(self, net: Callable[..., object], tensors: Sequence[Tensor]) -> tuple[Tensor, ...]:
        """The flat results of a net for flat inputs."""
        return flat(net(**self.net._interface.nested(tensors)))

    def loss(self, net: Callable[..., object], tensors: Sequence[Tensor]) -> Tensor:
        """A number that depends on every entry of every result."""
        return torch.stack([tensor.abs().square().mean() for tensor in self.call(net, tensors)]).sum()


def flat(result: object) -> tuple[Tensor, ...]:
    match result:
        case Tensor():
            return (result,)
        case dict():
            return tuple(tensor for item in result.values() for tensor in flat(item))
        case tuple() | list():
            return tuple(tensor for item in result for tensor in flat(item))
    raise TypeError(type(result))


def example_models() -> Iterator[tuple[Path, str]]:
    """The models of the examples that need no parameters: files and names."""
    for path in sorted(EXAMPLES.glob("*.sym")):
        for name, given in re.findall(r"^model (\w+)(?:\[(.*?)\])?", path.read_text(), re.MULTILINE):
            if not given or all("=" in one for one in given.split(",")):
                yield path, name


def close(found: Sequence[Tensor], expected: Sequence[Tensor], tolerance: float) -> bool:
    """Is the largest difference at most this share of the largest entry, result by result?"""
    for a, b in zip(found, [y.detach() for y in expected], strict=True):
        assert a.shape == b.shape
        if b.numel() and float((a.detach().to(b.dtype) - b).abs().max()) > tolerance * max(1.0, float(b.abs().max())):
            return False
    return True


NAMES = (*(model for _, model in example_models()), *TEXTS)


@functools.cache
def case_of(name: str) -> Case:
    generator = torch.Generator().manual_seed(0)
    if name in TEXTS:
        net = symc.compile(text=TEXTS[name], generator=generator)
    else:
        path = next(path for path, model in example_models() if model == name)
        net = symc.compile(path, model=name, params=SMALL.get(name), generator=generator)
    return Case(name, net.eval())
