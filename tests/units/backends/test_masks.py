"""Padded and ragged batches: every sample gets what it gets alone, whatever stands in the padding; and what is said of masks that do not fit."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, fx, nn

import symc
from symc.backends import InputError, Net

HEAD = "group P = S(n)\ngroup Q = S(m)\ngroup R = O(3)\nrep X = perm(P)\nrep Y = perm(Q)\nrep v = vector(R)\n"
CLOUD = """\
model Cloud[c = 4](x: X*v, z: X*2, t: 3) -> (energy: (), forces: X*v, scores: X):
    h: X*c = tanh(linear(z, t))
    h = layernorm(h) * linear[X*1](norm(x))
    s: X = softmax[X](linear(h))
    return linear(max[X](h), mean[X](h)), linear[X*v](x) * s, s / (1 + sum[X](s^2))
"""
PAIRS = """\
model Pairs[c = 3](x: X*2, y: Y*2, a: X*(2 + X)) -> (g: Y*c, p: X*Y, e: (X*2 + X^2), q: c):
    h: X*c = relu(linear(x, a))
    g: Y*c = relu(linear(y, h))
    e: (X*2 + X^2) = linear(h, a)
    return g, linear(h, g), e, linear(e, max[Y](g))
"""


def compiled(text: str) -> Net:
    net = symc.compile(text=HEAD + text, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).eval()
    for parameter in net.parameters():
        nn.init.normal_(parameter, generator=torch.Generator().manual_seed(1))
    return net


@pytest.fixture(scope="module")
def cloud() -> Net:
    return compiled(CLOUD)


@pytest.fixture(scope="module")
def pairs() -> Net:
    return compiled(PAIRS)


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def clouds(*sizes: int) -> list[dict[str, Tensor]]:
    return [{"x": random(n, 3, seed=n), "z": random(n, 2, seed=n + 1), "t": random(3, seed=i)} for i, n in enumerate(sizes)]


def close(ours: Tensor, theirs: Tensor) -> None:
    torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-12)


# padded batches


def test_a_padded_batch_is_the_samples_alone(cloud: Net) -> None:
    samples = clouds(3, 0, 5, 1)
    inputs, mask = cloud.collate(samples)
    assert inputs["x"].shape == (4, 5, 3)
    assert mask["n"].tolist() == [[index < n for index in range(5)] for n in (3, 0, 5, 1)]
    energy, forces, scores = cloud(**inputs, mask=mask)
    for index, sample in enumerate(samples):
        n = len(sample["x"])
        alone = cloud(**sample)
        close(energy[index], alone[0])
        close(forces[index, :n], alone[1])
        close(scores[index, :n], alone[2])
        assert not forces[index, n:].any()
        assert not scores[index, n:].any()


def test_real_elements_stand_anywhere(cloud: Net) -> None:
    (sample,) = clouds(6)
    mask = torch.tensor([True, False, True, True, False, False])
    energy, forces, _ = cloud(**sample, mask=mask)
    alone = cloud(sample["x"][mask], sample["z"][mask], sample["t"])
    close(energy, alone[0])
    close(forces[mask], alone[1])
    assert not forces[~mask].any()


@pytest.mark.parametrize("batch", [(), (1,), (2, 3), (0,), (2, 0)], ids=str)
@pytest.mark.parametrize("n", [0, 1, 4])
def test_batch_axes_and_masks_that_leave_all(cloud: Net, batch: tuple[int, ...], n: int) -> None:
    inputs = {"x": random(*batch, n, 3), "z": random(*batch, n, 2), "t": random(*batch, 3)}
    for ours, theirs in zip(cloud(**inputs, mask=torch.ones(*batch, n, dtype=torch.bool)), cloud(**inputs), strict=True):
        close(ours, theirs)
    for result in cloud(**inputs, mask=torch.zeros(*batch, n, dtype=torch.bool))[1:]:
        assert not result.any()


def test_masks_of_two_sets_by_name(pairs: Net) -> None:
    x, y, a = random(2, 4, 2), random(2, 3, 2), random(2, 4, 6)
    n, m = torch.tensor([[True, False, True, False], [False, False, True, True]]), torch.tensor([[True, False, True], [False, False, True]])
    g, p, e, q = pairs(x, y, a, mask={"m": m, "n": n})
    for i in range(2):
        columns = torch.cat([torch.tensor([True, True]), n[i]])
        alone = pairs(x[i][n[i]], y[i][m[i]], a[i][n[i]][:, columns])
        close(g[i][m[i]], alone[0])
        close(p[i][n[i]][:, m[i]], alone[1])
        real = torch.cat([n[i].repeat_interleave(2), torch.outer(n[i], n[i]).flatten()])
        close(e[i][real], alone[2])
        assert not e[i][~real].any()
        close(q[i], alone[3])
    for ours, theirs in zip(pairs(x, y, a, mask={"n": torch.ones(2, 4, dtype=torch.bool)}), pairs(x, y, a), strict=True):
        close(ours, theirs)
    close(pairs(x, y, a, mask={})[3], pairs(x, y, a)[3])


def test_collating_lays_sums_out_anew(pairs: Net) -> None:
    samples = [(random(n, 2), random(m, 2), random(n, 2 + n)) for n, m in ((2, 1), (3, 0), (0, 2))]
    inputs, mask = pairs.collate(samples)
    a = inputs["a"]
    assert a.shape == (3, 3, 5)
    assert torch.equal(a[0, :2, :4], samples[0][2])
    results = pairs(**inputs, mask=mask)
    for index, sample in enumerate(samples):
        close(results[3][index], pairs(*sample)[3])


def test_one_input_and_records_are_collated() -> None:
    single = symc.linear("perm(P)*3 -> 2", groups={"P": "S(n)"})
    inputs, mask = single.collate([torch.randn(2, 3), torch.randn(4, 3)])
    assert single(**inputs, mask=mask["n"]).shape == (2, 2)
    record = symc.compile(text=HEAD + "model M(w: (a: X*2, b: Y)) -> 2:\n    return linear(w.a, w.b)\n")
    samples = [{"a": torch.randn(n, 2), "b": torch.randn(3)} for n in (1, 2)]
    inputs, mask = record.collate(samples)
    assert inputs["w"]["a"].shape == (2, 2, 2)
    torch.testing.assert_close(record(**inputs, mask=mask)[0], record(samples[0]))
    assert torch.equal(record.collate([{"w": sample} for sample in samples])[0]["w"]["b"], inputs["w"]["b"])


@pytest.mark.parametrize("source", ["zero()", "random[(X*2 + X^2)*2]()"])
def test_what_is_made_of_nothing_is_padded_too(source: str) -> None:
    """Of sums it is told which coordinates are real."""
    net = compiled(f"model M(x: X*2) -> (a: (X*2 + X^2)*2, b: X):\n    h: (X*2 + X^2)*2 = {source}\n    return h, linear(cos(h)) + linear(x)\n")
    samples = [random(n, 2, seed=n) for n in (3, 2)]
    inputs, mask = net.collate(samples)
    given, result = net(**inputs, mask=mask)
    real = torch.cat([mask["n"].repeat_interleave(2, 1), torch.einsum("bi,bj->bij", mask["n"], mask["n"]).flatten(1)], 1)
    assert not given[~real].any()
    if source == "zero()":
        for index, sample in enumerate(samples):
            close(result[index, : len(sample)], net(sample)[1])
    else:
        assert len(given[real].unique()) == 2 * int(real.sum())


# nothing leaks

SINGULAR = """\
model Ratios(x: X*2, t: 2) -> (a: X*2, b: 2):
    s: 2 = sum[X](x)
    h: X*2 = x / s + 1 / x + log(x) + sqrt(x) + x^0.5 + x * (1 / s) + (1 / s - t)
    k: X^2 = linear(h) / linear[X^2](x)
    return h * linear[X*2](h, k), mean[X](h) + linear(k)
"""


@pytest.mark.parametrize("filling", [0.0, 1.0, torch.nan, torch.inf, -torch.inf, 1e300])
def test_padding_reaches_no_value_and_no_gradient(filling: float) -> None:
    net = compiled(SINGULAR)
    samples = [{"x": random(n, 2, seed=n).abs() + 0.5, "t": random(2)} for n in (3, 2)]
    inputs, mask = net.collate(samples)
    x = torch.where(mask["n"][..., None], inputs["x"], filling).requires_grad_()
    alone = [{**sample, "x": sample["x"].clone().requires_grad_()} for sample in samples]
    ours = net(x, inputs["t"], mask=mask)
    theirs = [net(**sample) for sample in alone]
    close(ours[1], torch.stack([b for _, b in theirs]))
    wanted = list(net.parameters())
    found = torch.autograd.grad(sum(y.square().sum() for y in ours), [*wanted, x], create_graph=True)
    expected = torch.autograd.grad(sum(y.square().sum() for pair in theirs for y in pair), [*wanted, *(one["x"] for one in alone)])
    for a, b in zip(found[:-1], expected, strict=False):
        torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-9)
    assert not found[-1][~mask["n"]].any()
    for gradient in torch.autograd.grad(sum(y.square().sum() for y in found), [*wanted, x]):
        assert gradient.isfinite().all()


EMPTY = """\
model Empty(x: X*2, t: 2) -> (a: X*2, b: 2):
    s: 2 = sum[X](x)
    h: X*2 = linear[each=X](x)
    h = h / s + h * (1 / s) + (1 / s - h)
    u: X*2 = linear(1 / s)
    p: X*2 = bilinear(linear[X*2, each=X](x), 1 / s)
    return h * linear[each=X](x) + u * linear[each=X](x) + p^2, mean[X](h) + t
"""


def test_an_empty_sample_leaks_nothing_either() -> None:
    """What is infinite there, alone too, stays there: gradients that alone are numbers are the same."""
    net = compiled(EMPTY)
    samples = [{"x": random(n, 2, seed=n).abs() + 0.5, "t": random(2)} for n in (3, 0)]
    inputs, mask = net.collate(samples)
    loss, expected = (sum(y.square().sum() for y in pair) for pair in (net(**inputs, mask=mask), [y for one in samples for y in net(**one)]))
    wanted = dict(net.named_parameters())
    for name, a, b in zip(wanted, *(torch.autograd.grad(one, list(wanted.values())) for one in (loss, expected)), strict=True):
        assert bool(b.isfinite().all()) == (name not in ("u.0.weight", "p.0.bilinear.weight"))
        torch.testing.assert_close(a[b.isfinite()], b[b.isfinite()], rtol=1e-9, atol=1e-9)


def test_what_is_too_large_at_the_padding_alone() -> None:
    net = compiled("model Far(x: X*2) -> 2:\n    h: X*2 = linear[each=X](x)\n    return linear(exp(h + 800))\n")
    with torch.no_grad():
        net.get_parameter("h.0.bias").zero_()
        net.get_parameter("h.0.weight").copy_(torch.eye(2))
    samples = [{"x": random(n, 2, seed=n) - 800} for n in (3, 2)]
    inputs, mask = net.collate(samples)
    found, expected = (torch.autograd.grad(y.sum(), list(net.parameters())) for y in (net(**inputs, mask=mask), sum(net(**one) for one in samples)))
    for a, b in zip(found, expected, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-9)


def test_indices_at_the_padding_are_not_looked_at() -> None:
    net = compiled("model Words(z: X*onehot(5), x: X*2) -> X*3:\n    return linear(z, x)\n")
    z, x = torch.tensor([[1, 4, -1], [0, 99, 7]]), random(2, 3, 2)
    mask = torch.tensor([[True, True, False], [True, False, False]])
    result = net(z, x, mask=mask)
    close(result[0, :2], net(z[0, :2], x[0, :2]))
    close(result[1, :1], net(z[1, :1], x[1, :1]))
    assert said(lambda: net(z, x, mask=mask.logical_not())).startswith("E0610")
    assert net(z[:0], x[:0], mask=mask[:0]).shape == (0, 3, 3)
    flat = net(torch.tensor([1, 0, 4]), random(3, 2), batch=torch.tensor([0, 1, 0]))
    close(flat[1], net(torch.tensor([0]), random(3, 2)[1:2])[0])


# ragged batches


@pytest.mark.parametrize("seed", range(3))
def test_rows_come_in_any_order(cloud: Net, seed: int) -> None:
    samples = clouds(3, 0, 5, 1)
    index = torch.tensor([0, 0, 0, 2, 2, 2, 2, 2, 3])
    order = torch.randperm(9, generator=torch.Generator().manual_seed(seed))
    x, z = (torch.cat([sample[name] for sample in samples])[order] for name in "xz")
    energy, forces, _ = cloud(x, z, torch.stack([sample["t"] for sample in samples]), batch=index[order])
    for number, sample in enumerate(samples):
        rows = [int(row) for row in torch.argsort(order) if index[order][row] == number]  # in the order of the sample
        alone = cloud(**sample)
        close(energy[number], alone[0])
        close(forces[rows], alone[1])


def test_gradients_of_ragged_batches(cloud: Net) -> None:
    samples = clouds(2, 3)
    x, z, t = (torch.cat([s["x"] for s in samples]), torch.cat([s["z"] for s in samples]), torch.stack([s["t"] for s in samples]))
    x.requires_grad_()
    (ours,) = torch.autograd.grad(cloud(x, z, t, batch=torch.tensor([0, 0, 1, 1, 1]))[0].sum(), x)
    parts = [s["x"].requires_grad_() for s in samples]
    theirs = torch.autograd.grad(sum(cloud(part, s["z"], s["t"])[0] for part, s in zip(parts, samples, strict=True)), parts)
    close(ours, torch.cat(theirs))


def test_the_largest_sample_named_says_how_many(pairs: Net) -> None:
    net = symc.linear("perm(P)*3 -> perm(P)*2 + 1", groups={"P": "S(n)"})
    single = symc.linear("perm(P)*3 -> 2", groups={"P": "S(n)"})
    assert single(torch.randn(4, 3), batch=torch.tensor([0, 2, 2, 0])).shape == (3, 2)
    assert single(torch.randn(0, 3), batch=torch.zeros(0, dtype=torch.int64)).shape == (0, 2)
    assert net.program.free == {"n"}
    x, a = random(5, 2), random(5, 2 + 4)
    result = pairs(x, random(2, 3, 2), a, batch={"n": torch.tensor([0, 0, 1, 0, 1])})
    assert result[1].shape == (5, 3)
    real = torch.tensor([0, 1, 2, 3, 4])
    close(result[3][0], pairs(x[[0, 1, 3]], random(2, 3, 2)[0], a[[0, 1, 3]][:, real])[3])


# the module


def test_the_masked_module_is_made_once_and_shares_the_weights(cloud: Net) -> None:
    net = copy.deepcopy(cloud)
    module = net.masked_module(["n"])
    assert module is net.masked_module(("n",))
    assert {id(parameter) for parameter in module.parameters()} == {id(parameter) for parameter in net.parameters()}
    assert list(net.state_dict()) == list(cloud.state_dict())
    assert list(net.modules()) != [*net.modules(), module]
    assert module.training is False
    assert net.train().masked_module("n").training
    other = pickle.loads(pickle.dumps(net))
    inputs, mask = cloud.collate(clouds(2, 3))
    for ours, theirs in zip(other.eval()(**inputs, mask=mask), cloud(**inputs, mask=mask), strict=True):
        assert torch.equal(ours, theirs)
    assert net.float()(*(x.float() for x in inputs.values()), mask=mask)[0].dtype == torch.float32
    for parameter in net.parameters():
        nn.init.zeros_(parameter)
    assert not net(*(x.float() for x in inputs.values()), mask=mask)[0].any()


def test_the_masked_module_compiles_in_one_graph(cloud: Net) -> None:
    torch._dynamo.reset()
    compiled = torch.compile(cloud.masked_module("n"), backend="aot_eager", fullgraph=True, dynamic=True)
    for sizes in ((3, 0, 5, 1, 2, 6), (7, 2), (4, 4, 1)):
        inputs, mask = cloud.collate(clouds(*sizes))
        for ours, theirs in zip(compiled(*inputs.values(), mask["n"]), cloud(**inputs, mask=mask), strict=True):
            close(ours, theirs)


def test_the_module_compiles_with_masks(cloud: Net) -> None:
    torch._dynamo.reset()
    net = copy.deepcopy(cloud)
    compiled = torch.compile(net, backend="aot_eager", fullgraph=True, dynamic=True)
    for sizes in ((3, 0, 5, 1, 2, 6), (7, 2)):
        inputs, mask = cloud.collate(clouds(*sizes))
        for ours, theirs in zip(compiled(**inputs, mask=mask), cloud(**inputs, mask=mask), strict=True):
            close(ours, theirs)


def test_the_masked_module_is_exported(cloud: Net) -> None:
    batch, n = torch.export.Dim("batch"), torch.export.Dim("n")
    inputs, mask = cloud.collate(clouds(3, 0, 5))
    shapes = {"x": {0: batch, 1: n}, "z": {0: batch, 1: n}, "t": {0: batch}, "mask_n": {0: batch, 1: n}}
    program = torch.export.export(cloud.masked_module("n"), (*inputs.values(), mask["n"]), dynamic_shapes=shapes)
    inputs, mask = cloud.collate(clouds(2, 7))
    for ours, theirs in zip(program.module()(*inputs.values(), mask["n"]), cloud(**inputs, mask=mask), strict=True):
        close(ours, theirs)


def test_masks_are_traced_with_what_is_around(cloud: Net) -> None:
    class Around(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = cloud

        def forward(self, x: Tensor, z: Tensor, t: Tensor, mask: Tensor) -> Any:
            return self.net(x, z, t, mask=mask)[0]

    inputs, mask = cloud.collate(clouds(3, 1))
    close(fx.symbolic_trace(Around())(**inputs, mask=mask["n"]), cloud(**inputs, mask=mask)[0])


def test_verify_and_dtypes(cloud: Net) -> None:
    assert symc.verify(cloud).ok
    half = copy.deepcopy(cloud).to(torch.bfloat16)
    inputs, mask = cloud.collate(clouds(3, 5))
    result = half(**{name: x.bfloat16() for name, x in inputs.items()}, mask=mask)[0]
    assert result.dtype == torch.bfloat16
    torch.testing.assert_close(result.double(), cloud(**inputs, mask=mask)[0], rtol=0.1, atol=0.3)


# what does not fit

X3, T3, B5 = random(2, 5, 3), random(2, 3), torch.ones(2, 5, dtype=torch.bool)
Z2 = random(2, 5, 2)
ROWS = torch.tensor([0, 0, 1, 1, 1])


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda net: net(X3, Z2, T3, mask=B5[:, :4]), "E0611 the mask of n has the shape (2, 4), not (2, 5)"),
        (lambda net: net(X3, Z2, T3, mask=B5[0]), "E0611 the mask of n has the shape (5,), not (2, 5)"),
        (lambda net: net(X3[0], Z2[0], T3[0], mask=B5), "E0611 the mask of n has the shape (2, 5), not (5,)"),
        (lambda net: net(X3, Z2, T3, mask=B5.double()), "E0611 the mask of n is float64, not bool"),
        (lambda net: net(X3, Z2, T3, mask=[True]), "E0611 the mask of n is a list, not a boolean tensor"),
        (lambda net: net(X3, Z2, T3, mask=B5.to("meta")), "E0607 the mask of n is on meta, the inputs are on cpu"),
        (lambda net: net(X3, Z2, T3, mask={"m": B5}), "E0611 there is no free size `m`"),
        (lambda net: net(X3, Z2, T3, mask=B5, batch=ROWS), "E0613 `mask` and `batch` are both given"),
        (lambda net: net.masked_module(["k"]), "E0611 there is no free size `k`"),
        (lambda net: net(X3[0], Z2[0], T3, batch=ROWS.int()), "E0613 the batch index of n is int32 of shape (5,), not int64 of shape (total,)"),
        (lambda net: net(X3[0], Z2[0], T3, batch=ROWS[:, None]), "E0613 the batch index of n is int64 of shape (5, 1), not int64 of shape (total,)"),
        (lambda net: net(X3[0], Z2[0], T3, batch=[0, 1]), "E0613 the batch index of n is a list, not int64 of shape (total,)"),
        (lambda net: net(X3[0], Z2[0], T3, batch={"m": ROWS}), "E0611 there is no free size `m`"),
        (lambda net: net(X3[0], Z2[0], T3, batch=ROWS - 1), "E0613 the batch index of n has -1: samples are counted from 0"),
        (lambda net: net(X3[0], Z2[0], T3, batch=ROWS + 1), "E0613 the batch index of n has 2, but there are 2 samples"),
        (lambda net: net(X3[0], Z2[0], T3, batch=ROWS[:4]), "E0613 `x` has 5 rows, the batch index of n has 4"),
        (lambda net: net(X3, Z2[0], T3, batch=ROWS), "E0613 `x` has 3 axes, with `batch` it needs 2"),
        (lambda net: net(X3[0], Z2[0], T3[0], batch=ROWS), "E0613 `t` has 1 axis, with `batch` it needs 2"),
        (lambda net: net(X3[0], Z2[0], 3.0, batch=ROWS), "E0602 `t` is a float, not a tensor"),
        (lambda net: net.collate([]), "E0601 there are no samples to put together"),
        (lambda net: net.collate([(X3[0], Z2[0], T3[0]), (X3, Z2, T3)]), "E0606 sample 1 has batch axes (2,): to be put with others it has none"),
        (lambda net: net.collate([(X3[0], Z2[0][:3], T3[0])]), "E0605 n = 5 from `x`, but 3 from `z`"),
        (lambda net: net.collate([(X3[0], Z2[0])]), "E0601 missing `t`"),
        (lambda net: net.collate([(X3[0], Z2[0], 1.0)]), "E0602 `t` is a float, not a tensor"),
    ],
)
def test_what_does_not_fit(cloud: Net, call: Callable[[Net], object], expected: str) -> None:
    assert said(lambda: call(cloud)) == expected


def said(call: Callable[[], object]) -> str:
    with pytest.raises(InputError) as caught:
        call()
    (diagnostic,) = caught.value.diagnostics
    return f"{diagnostic.code} {diagnostic.title}"


def test_which_of_several_sizes_is_said(pairs: Net) -> None:
    x, y, a = random(2, 5, 2), random(2, 3, 2), random(2, 5, 7)
    assert said(lambda: pairs(x, y, a, mask=B5)) == "E0611 the model has 2 free sizes: say which one `mask` is of"
    assert said(lambda: pairs(x[0], y, a[0], batch=ROWS)) == "E0613 the model has 2 free sizes: say which one `batch` is of"
    a = random(5, 2 + 2)
    assert said(lambda: pairs(x[0], y, a, batch={"n": ROWS})) == "E0613 a sample has 3 rows, but n = 2 from another input"


def test_models_without_free_sizes() -> None:
    net = symc.linear("3 -> 2")
    assert said(lambda: net(torch.randn(3), mask=torch.ones(3, dtype=torch.bool))) == "E0611 the model has no free size, so nothing can be padded"
    assert said(lambda: net(torch.randn(3), batch=ROWS)) == "E0611 the model has no free size, so nothing can be padded"
    inputs, mask = net.collate([torch.randn(3), torch.randn(3)])
    assert net(**inputs, mask=mask).shape == (2, 2)


def test_sizes_that_no_mask_tells() -> None:
    net = symc.linear("perm(P)*3 -> perm(P)", groups={"P": "S(2*n)"})
    x = torch.randn(2, 6, 3)
    assert said(lambda: net(x, mask=torch.ones(2, 3, dtype=torch.bool))) == "E0612 padding cannot be told along an axis of size 2*n"
    assert said(lambda: net.collate([x[0], x[0, :4]])) == "E0612 samples of different n cannot be padded"
    inputs, mask = net.collate([x[0], x[1]])
    assert mask == {}
    assert torch.equal(net(**inputs, mask=mask), net(x))
