"""Files of the source backend: what they compute, beside the compiled model, to the last bit."""

from __future__ import annotations

import itertools
import sys
from types import ModuleType
from typing import Any

import torch
from examination import flattened, nested, random_inputs
from torch import Tensor, nn

from symc.backends import Net
from symc.backends.source import source
from symc.backends.source.model import class_name

NUMBERS = itertools.count()


def loaded(text: str) -> ModuleType:
    """A file as a module, without the file."""
    module = ModuleType(f"written_{next(NUMBERS)}")
    sys.modules[module.__name__] = module
    exec(compile(text, module.__name__, "exec"), module.__dict__)
    return module


def model_of(text: str, net: Net) -> Any:
    """The class of the file."""
    return getattr(loaded(text), class_name(net))


def written(net: Net, text: str | None = None) -> nn.Module:
    """The model of the file, in the dtype of the net, with its state."""
    result: nn.Module = model_of(source(net) if text is None else text, net)()
    result.to(next(iter(net.parameters()), torch.zeros((), dtype=torch.float64)).dtype)
    result.load_state_dict(net.state_dict())
    return result.train(net.training)


def same_to_the_last_bit(net: Net, other: nn.Module, sizes: dict[str, int], batch: int = 2) -> None:
    """Values and gradients, by inputs and weights, drawn numbers too."""
    given = [x.requires_grad_() if x.is_floating_point() or x.is_complex() else x for x in random_inputs(net, sizes, (batch,))]
    for ours, theirs in zip(_run(other, net, given), _run(net, net, given), strict=True):
        assert ours is None if theirs is None else torch.equal(ours, theirs)


def _run(module: nn.Module, net: Net, given: list[Tensor]) -> list[Tensor | None]:
    torch.manual_seed(0)
    out = list(flattened(module(**nested(net, given))))
    wanted = [*(x for x in given if x.requires_grad), *(dict(module.named_parameters())[name] for name, _ in net.named_parameters())]
    generator = torch.Generator().manual_seed(1)
    loss: Any = sum((y * torch.randn(y.shape, dtype=y.dtype, generator=generator)).sum() for y in map(_real, out))
    if not loss.requires_grad:
        return [*out]
    return [*out, *torch.autograd.grad(loss, wanted, allow_unused=True)]


def _real(y: Tensor) -> Tensor:
    return torch.view_as_real(y) if y.is_complex() else y
