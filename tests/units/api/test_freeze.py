"""`symc.freeze`: a copy for inference that computes what the model computes, and no longer follows it."""

from __future__ import annotations

import copy
import pickle
from pathlib import Path

import pytest
import torch
from examination import flattened, largest_entry, nested, random_inputs
from torch import nn
from torch.nn.utils import parametrizations

import symc
from symc import Frozen, InputError, Net
from symc.backends.export import export
from symc.ir.tensor import Array, BatchNormPart, DropoutMask, Einsum, Parameter

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.sym"))
SETS = "group P = S(n)\nrep X = perm(P)\n"
NORMALISED = """\
group P = S(n)
group R = O(3)
rep   X = perm(P)
rep   v = vector(R)
model M[c = 4](x: X*(3 + v)) -> X*(c + v):
    h: X*(c + 2*v) = dropout[0.5](gate(batchnorm(linear(x))))
    return linear(batchnorm(h))
"""
TWICE = SETS + "model M(x: X*8) -> X*4:\n    h: X*{width} = linear[each=X](x)\n    return linear[each=X](h)\n"
NOISY = SETS + "model M(x: X*2) -> X*2:\n    z: X*2 = random()\n    return linear(x) + z\n"


def trained(text: str, **params: object) -> Net:
    """In float64, with biases and running statistics that say something."""
    net = symc.compile(text=text, params=params, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    generator = torch.Generator().manual_seed(1)
    for tensor in [*net.parameters(), *(buffer for name, buffer in net.named_buffers() if "running" in name)]:
        nn.init.uniform_(tensor.data, 0.5, 1.5, generator=generator)
    return net.eval()


def assert_alike(net: Net, frozen: Net, tolerance: float, batch: tuple[int, ...] = (2,)) -> None:
    sizes = {name: 3 + place for place, name in enumerate(sorted(net.program.free))}
    given = nested(net, random_inputs(net, sizes, batch))
    for ours, theirs in zip(flattened(frozen(given)), flattened(net(given)), strict=True):
        assert largest_entry(ours - theirs) <= tolerance * max(1.0, largest_entry(theirs))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(path: Path) -> None:
    net = symc.compile(path, dtype=torch.float64).eval()
    frozen = symc.freeze(net)
    for batch in ((), (2,), (2, 3)):
        assert_alike(net, frozen, 1e-12, batch)
    assert not list(frozen.parameters())
    assert not any(isinstance(node.op, Parameter) for node in frozen.lowered.nodes)


def test_dropout_goes_and_batch_normalisation_is_a_product_and_a_sum() -> None:
    net = trained(NORMALISED)
    frozen = symc.freeze(net).train()
    assert not frozen.training
    assert not any(isinstance(node.op, DropoutMask | BatchNormPart) for node in frozen.lowered.nodes)
    assert_alike(net, frozen, 1e-12)


def test_masks_and_ragged_batches() -> None:
    net = trained(NORMALISED)
    frozen = symc.freeze(net)
    x, mask = net.collate([torch.randn(n, 6, dtype=torch.float64) for n in (2, 0, 5)])
    torch.testing.assert_close(frozen(**x, mask=mask), net(**x, mask=mask), rtol=0, atol=1e-12)
    rows, batch = torch.randn(7, 6, dtype=torch.float64), torch.tensor([0, 0, 1, 1, 1, 1, 2])
    torch.testing.assert_close(frozen(rows, batch=batch), net(rows, batch=batch), rtol=0, atol=1e-12)


@pytest.mark.parametrize(("width", "products"), [(64, 1), (1, 2)])
def test_two_matrices_become_one_where_that_costs_less(width: int, products: int) -> None:
    net = trained(TWICE.format(width=width))
    frozen = symc.freeze(net)
    assert sum(isinstance(node.op, Einsum) for node in frozen.lowered.nodes) == products
    assert_alike(net, frozen, 1e-12)


def test_later_edits_of_weights_do_not_reach_it() -> None:
    net = symc.compile(EXAMPLES[0])
    frozen, x = symc.freeze(net), torch.randn(2, 5, 2)
    before = frozen(x)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.zero_()
    assert torch.equal(frozen(x), before)
    assert not net(x).any()


def test_weights_are_folded_in_float64() -> None:
    net = symc.compile(EXAMPLES[1])
    frozen = symc.freeze(net)
    assert all(buffer.dtype in (torch.float32, torch.int64) for buffer in frozen.buffers())
    assert_alike(copy.deepcopy(net).double(), frozen.double(), 1e-14)


def test_copies_pickles_and_frozen_again(tmp_path: Path) -> None:
    net = trained(NORMALISED)
    frozen = symc.freeze(net)
    torch.save(frozen, tmp_path / "frozen.pt")
    loaded = torch.load(tmp_path / "frozen.pt", weights_only=False)
    for other in (copy.deepcopy(frozen), pickle.loads(pickle.dumps(frozen)), loaded, symc.freeze(frozen)):
        assert isinstance(other, Frozen)
        assert_alike(frozen, other, 0.0)


def test_there_is_nothing_to_load() -> None:
    net = symc.compile(EXAMPLES[0])
    frozen = symc.freeze(net)
    assert set(frozen.state_dict()) <= {"_extra_state"}
    with pytest.raises(RuntimeError, match="Unexpected key"):
        frozen.load_state_dict(net.state_dict())


def test_parametrized_weights() -> None:
    net = symc.compile(EXAMPLES[0], dtype=torch.float64).eval()
    parametrizations.weight_norm(net.get_submodule("h.0"), "weight")
    with torch.no_grad():
        net.get_submodule("h.0").parametrizations.weight.original0.mul_(2)
    assert_alike(net, symc.freeze(net), 1e-12)


def test_complex_weights() -> None:
    text = "group U = U(1)\nrep q = irrep(U, 1)\nmodel M(x: 3*q, y: 2) -> 4*q:\n    return linear(linear[5*q](x))\n"
    with pytest.warns(symc.SymcWarning):
        net = trained(text)
    assert_alike(net, symc.freeze(net), 1e-12)


def test_export_and_gradients_by_inputs() -> None:
    net = trained(NORMALISED)
    frozen, x = symc.freeze(net), torch.randn(2, 4, 6, dtype=torch.float64)
    torch.testing.assert_close(export(frozen).module()(x), net(x), rtol=0, atol=1e-12)
    one, other = x.clone().requires_grad_(), x.clone().requires_grad_()
    frozen(one).sum().backward()
    net(other).sum().backward()
    torch.testing.assert_close(one.grad, other.grad, rtol=0, atol=1e-11)


def test_symmetry_is_verified() -> None:
    assert symc.verify(symc.freeze(trained(NORMALISED))).ok
    net = trained(NOISY)
    assert symc.verify(net).ok
    with pytest.raises(InputError, match="verify the model"):
        symc.verify(symc.freeze(net))


def test_constants_are_all_that_is_left() -> None:
    frozen = symc.freeze(trained(TWICE.format(width=64)))
    assert sum(isinstance(node.op, Array) for node in frozen.lowered.nodes) == len([*frozen.buffers()]) == 2


def test_what_cannot_be_frozen() -> None:
    with pytest.raises(InputError, match="not a model compiled by symc"):
        symc.freeze(nn.Linear(2, 2))  # type: ignore[arg-type]
    with pytest.raises(InputError, match="have no values"):
        symc.freeze(symc.compile(EXAMPLES[0], device="meta"))


def test_a_bias_that_only_an_unused_result_has() -> None:
    text = """\
group D = D(3)
rep X = perm(D)
model M(x: X^2, y: sign(D)*1) -> sign(D):
    h, _rest = linear[(a: sign(D), b: X)](y, x)
    return h
"""
    net = symc.compile(text=text, lowering="structured").eval()
    inputs = torch.randn(2, 3, 3), torch.randn(2, 1, 1)
    torch.testing.assert_close(symc.freeze(net)(*inputs), net(*inputs))
