"""Each tensor operation, emitted and run, against numpy; and what the emitted code looks like."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
import torch

from symc.algebra.sizes import free
from symc.backends import emit
from symc.diagnostics import DiagnosticError
from symc.ir import tensor as t
from symc.ir.tensor import TensorType

N, M = free("n"), free("m")
B = 3


def numbers(*shape: int) -> torch.Tensor:
    return torch.tensor(np.random.default_rng(len(shape)).standard_normal(shape))


def double(graph: object) -> torch.nn.Module:
    """Emitted with float64 constants: a bare graph module, converted later, would have them rounded."""
    before = torch.get_default_dtype()
    try:
        torch.set_default_dtype(torch.float64)
        return emit(graph)  # type: ignore[arg-type]
    finally:
        torch.set_default_dtype(before)


def run(emitted: Callable[..., object], write: Callable[..., object], types: list[TensorType], *inputs: torch.Tensor) -> list[torch.Tensor]:
    out = double(emitted(write, [(f"x{i}", item) for i, item in enumerate(types)]))(*inputs)
    return list(out) if isinstance(out, tuple) else [out]


EINSUMS = [
    "nc,oc->no", "nc,co->no", "oc,nc->no", "c,oc->o", "nc,c->n", "nc,cn->", "anc,aco->ano", "anc,aoc->ano", "nc,nc->nc", "nc,nd->ncd", "ncp,oc->nop",
    "nc,n->c", "nm,mk->nk", "nm,->nm", "ic,ncj->nij",
]  # fmt: skip


@pytest.mark.parametrize("batched", [(True, False), (False, True), (True, True)], ids=str)
@pytest.mark.parametrize("equation", EINSUMS)
def test_einsum(emitted: Callable[..., object], equation: str, batched: tuple[bool, bool]) -> None:
    left, out = equation.split("->")
    terms = left.split(",")
    size = {letter: 2 + i for i, letter in enumerate(sorted(set(left) - {","}))}
    arrays = [numbers(*([B] if lead else []), *(size[letter] for letter in term)) for term, lead in zip(terms, batched, strict=True)]
    types = [TensorType(tuple(size[letter] for letter in term)) for term in terms]
    fixed = [array.numpy() for array, lead in zip(arrays, batched, strict=True) if not lead]

    def write(b, *values):  # type: ignore[no-untyped-def]
        operands = iter(values)
        constants = iter(fixed)
        return b.einsum(equation, *(next(operands) if lead else b.array(next(constants)) for lead in batched))

    given = [array for array, lead in zip(arrays, batched, strict=True) if lead]
    (result,) = run(emitted, write, [item for item, lead in zip(types, batched, strict=True) if lead], *given)
    full = ",".join("z" * lead + term for term, lead in zip(terms, batched, strict=True))
    np.testing.assert_allclose(result, np.einsum(f"{full}->z{out}", *(array.numpy() for array in arrays)), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("kind", "axes", "keep"), list(product(["sum", "mean", "max"], [(0,), (1,), (0, 2), (0, 1, 2)], [False, True])))
@pytest.mark.parametrize(("n", "m"), [(4, 3), (1, 1), (0, 3), (4, 0), (0, 0)])
def test_reduce_over_free_axes(emitted: Callable[..., object], kind: str, axes: tuple[int, ...], keep: bool, n: int, m: int) -> None:
    x = numbers(B, n, m, 2)
    dims = tuple(1 + axis for axis in axes)
    (result,) = run(emitted, lambda b, x: b.reduce(kind, x, axes, keep=keep), [TensorType((N, M, 2))], x)
    empty = 0 in (x.shape[dim] for dim in dims)
    shape = x.sum(dims, keepdim=keep).shape
    expected = np.zeros(shape) if empty else getattr(x.numpy(), kind)(axis=dims, keepdims=keep)
    np.testing.assert_allclose(result, expected, rtol=1e-12)


def test_maximum_of_negative_numbers_and_its_gradient(emitted: Callable[..., object]) -> None:
    """The padding for empty sets must not show: the maximum of negative numbers is negative, and ties share the gradient as in amax."""
    module = emit(emitted(lambda b, x: b.reduce("max", x, [0]), [("x", TensorType((N,)))])).double()  # type: ignore[arg-type]
    x = torch.tensor([[-3.0, -1.0, -1.0], [float("-inf")] * 3], dtype=torch.float64, requires_grad=True)
    out = module(x)
    assert out.tolist() == [-1.0, float("-inf")]
    (gradient,) = torch.autograd.grad(out[0], x)
    assert gradient[0].tolist() == [0, 0.5, 0.5]


def test_mean_passes_on_a_nan_and_does_not_overflow(emitted: Callable[..., object]) -> None:
    module = emit(emitted(lambda b, x: b.reduce("mean", x, [0]), [("x", TensorType((N,)))]))  # type: ignore[arg-type]
    assert module(torch.tensor([[1.0, float("nan")]])).isnan().all()
    assert module(torch.full((1, 3), 60000.0, dtype=torch.float16)).item() == 60000


CASES = {
    "permute": (lambda b, x: b.permute(x, (2, 0, 1)), (4, N, 2), lambda x: x.transpose(0, 3, 1, 2)),
    "reshape": (lambda b, x: b.reshape(x, (N * 4, 2)), (4, N, 2), lambda x: x.reshape(B, -1, 2) if x.size else x.reshape(B, 0, 2)),
    "expand": (lambda b, x: b.expand(x, (N, 3, N)), (N, 1, N), lambda x: np.broadcast_to(x, (B, x.shape[1], 3, x.shape[3]))),
    "slice": (lambda b, x: b.slice(x, 1, N, 2 * N), (2, 3 * N), lambda x: x[:, :, x.shape[2] // 3 : 2 * x.shape[2] // 3]),
    "concatenate": (lambda b, x: b.concatenate([x, x], 0), (N, 2), lambda x: np.concatenate([x, x], 1)),
    "concatenate a constant": (
        lambda b, x: b.concatenate([b.array(np.ones((1, 2))), x], 0),
        (N, 2),
        lambda x: np.concatenate([np.ones((B, 1, 2)), x], 1),
    ),
    "take": (lambda b, x: b.take(x, 1, np.array([2, 0, 2])), (N, 3), lambda x: x[:, :, [2, 0, 2]]),
    "take a table": (lambda b, x: b.take(x, 0, np.array([[2, 0], [1, 1]])), (3, N), lambda x: x[:, [[2, 0], [1, 1]]]),
    "diagonal": (lambda b, x: b.diagonal(x, (0, 2)), (N, 2, N), lambda x: np.einsum("znpn->zpn", x)),
    "diagonal of three": (lambda b, x: b.diagonal(x, (0, 2, 3)), (N, 2, N, N), lambda x: np.einsum("znpnn->zpn", x)),
    "diagonal of four": (lambda b, x: b.diagonal(x, (0, 1, 3, 4)), (N, N, 2, N, N), lambda x: np.einsum("znnpnn->zpn", x)),
    "softmax": (lambda b, x: b.softmax(x, 0), (N, 2), lambda x: np.exp(x) / np.exp(x).sum(1, keepdims=True)),
    "gelu": (lambda b, x: b.map("gelu", x), (N,), lambda x: torch.nn.functional.gelu(torch.tensor(x)).numpy()),
    "cube": (lambda b, x: b.map("pow", x, 3.0), (N,), lambda x: x**3),
    "inverse": (lambda b, x: b.arithmetic("div", b.constant(0.1), x), (N,), lambda x: 0.1 / x),
    "number minus number": (lambda b, x: b.arithmetic("sub", b.arithmetic("sub", b.constant(1.0), b.constant(0.1)), x), (N,), lambda x: 0.9 - x),
    "a vector for every sample": (lambda b, x: b.arithmetic("mul", x, b.array(np.arange(3.0))), (N, 3), lambda x: x * np.arange(3.0)),
    "the sizes of the sample": (
        lambda b, x: b.arithmetic("mul", x, b.expand(b.array(np.full((1, 1), 2.0)), (N, 3))),
        (N, 3),
        lambda x: 2 * x,
    ),
    "layer norm": (
        lambda b, x: b.layer_norm(x, b.array(np.arange(3.0)), b.array(np.ones(3)), 1e-5),
        (N, 3),
        lambda x: (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) * np.arange(3.0) + 1,
    ),
}


SUMS = {
    # name: the places of the terms in a result with axes n, 2, n, n; which of them have no batch axis
    "a diagonal": ([[(0, 2), (1,), (3,)]], ()),
    "a diagonal out of order": ([[(1,), (3,), (0, 2)]], ()),
    "a diagonal of three": ([[(1,), (0, 2, 3)]], ()),
    "on a whole": ([[(0,), (1,), (2,), (3,)], [(1,), (0, 3), (2,)]], ()),
    "repeated along an axis": ([[(3,), (2,), (1,), (0,)], [(1,), (0, 2)], [(2, 3)]], ()),
    "nothing is whole": ([[(0,), (1,)], [(2,)], [(1,), (0, 3)]], ()),
    "one alone, repeated": ([[(2,), (1,)]], ()),
    "a constant for every sample": ([[(0,), (1,), (2,), (3,)], [(1,), (0, 2, 3)], [(1,)]], (1, 2)),
    "a batch for a constant": ([[(0,), (1,), (2,), (3,)], [(1,), (0, 2)]], (0,)),
    "a number": ([[], [(0,), (1,), (2,), (3,)]], ()),
}


@pytest.mark.parametrize("with_product", [False, True], ids=["inputs", "a product first"])
@pytest.mark.parametrize("n", [3, 1, 0])
@pytest.mark.parametrize("name", SUMS)
def test_assemble(emitted: Callable[..., object], name: str, n: int, with_product: bool) -> None:
    """The first term may be a product, which is written into; inputs never are."""
    places, constants = SUMS[name]
    shape = (n, 2, n, n)
    terms = [numbers(*([] if index in constants else [B]), *(shape[along[0]] for along in one)) for index, one in enumerate(places)]
    given = [term for index, term in enumerate(terms) if index not in constants]
    copies = [term.clone() for term in given]

    def write(b, *values):  # type: ignore[no-untyped-def]
        inputs = iter(values)
        made = [b.array(term.numpy()) if index in constants else next(inputs) for index, term in enumerate(terms)]
        if with_product and len(places[0]) == 4:
            last = terms[0].shape[-1]
            made[0] = b.einsum("abcd,ed->abce", made[0], b.array(np.eye(last)))
        return b.assemble(made, places, shape)

    (result,) = run(emitted, write, [TensorType(tuple(term.shape[1:])) for term in given], *given)
    expected = np.zeros((B, *shape))
    for index, where in product(range(len(terms)), np.ndindex(B, *shape)):
        if all(len({where[1 + axis] for axis in along}) == 1 for along in places[index]):
            expected[where] += terms[index][(*where[: index not in constants], *(where[1 + along[0]] for along in places[index]))]
    np.testing.assert_allclose(result, expected, rtol=1e-12, atol=1e-12)
    assert all(map(torch.equal, given, copies))


@pytest.mark.parametrize("n", [4, 1, 0])
@pytest.mark.parametrize("name", CASES)
def test_operation(emitted: Callable[..., object], name: str, n: int) -> None:
    write, shape, expected = CASES[name]
    sizes = [size if isinstance(size, int) else int(size.subs(N, n)) for size in shape]
    x = numbers(B, *sizes)
    (result,) = run(emitted, write, [TensorType(shape)], x)
    np.testing.assert_allclose(result.detach(), expected(x.numpy()), rtol=1e-10, atol=1e-12)


def test_the_safe_root_is_flat_at_zero(emitted: Callable[..., object]) -> None:
    module = emit(emitted(lambda b, x: b.safe_sqrt(b.map("square", x)), [("x", TensorType((2,)))])).double()  # type: ignore[arg-type]
    x = torch.tensor([[0.0, -3.0]], dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(module(x).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(gradient.sum(), x)
    assert module(x).tolist() == [[0, 3]]
    assert (gradient.tolist(), second.tolist()) == ([[0, -1]], [[0, 0]])
    assert module(x * float("nan")).isnan().all()


def test_the_safe_reciprocal_root_is_flat_at_zero(emitted: Callable[..., object]) -> None:
    module = emit(emitted(lambda b, x: b.safe_reciprocal_sqrt(b.map("square", x)), [("x", TensorType((2,)))])).double()  # type: ignore[arg-type]
    x = torch.tensor([[0.0, -2.0]], dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(module(x).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(gradient.sum(), x)
    assert module(x).tolist() == [[0, 0.5]]
    assert (gradient.tolist(), second.tolist()) == ([[0, 0.25]], [[0, 0.25]])
    assert module(x * float("nan")).isnan().all()


@pytest.mark.parametrize("shared", [(), (1,), (0, 1)])
def test_dropout(emitted: Callable[..., object], shared: tuple[int, ...]) -> None:
    module = emit(emitted(lambda b, x: b.dropout(x, 0.25, shared), [("x", TensorType((N, 5)))]))  # type: ignore[arg-type]
    x = torch.ones(40, 30, 5)
    out = module.train()(x)
    kept = out.flatten()[out.flatten() > 0]
    torch.testing.assert_close(kept, torch.full_like(kept, 4 / 3))
    together = out.amax([1 + axis for axis in shared], keepdim=True) if shared else out
    assert (out == together).all()  # one decision along the shared axes
    assert 0.6 < (out > 0).float().mean() < 0.9
    assert (module.eval()(x) == x).all()


def test_a_result_that_depends_on_no_input_has_the_batch_axis(emitted: Callable[..., object]) -> None:
    x, w = run(emitted, lambda b, x: [x, b.parameter("h.0.weight", (2,), t.Fill(3.0))], [TensorType((N,))], numbers(4, 5))
    assert (w.tolist(), x.shape) == ([[3.0, 3.0]] * 4, (4, 5))


def test_sizes_are_read_off_any_input_that_shows_them(emitted: Callable[..., object]) -> None:
    types = [TensorType((N * M,)), TensorType((2 * M + 1,)), TensorType((N * (N - 1) / 2,))]

    def write(b, x, y, z):  # type: ignore[no-untyped-def]
        return b.reshape(x, (N, M))

    for n, m in ((4, 3), (3, 4), (2, 0), (5, 1)):
        (result,) = run(emitted, write, types, numbers(2, n * m), numbers(2, 2 * m + 1), numbers(2, n * (n - 1) // 2))
        assert result.shape == (2, n, m)


def test_a_size_that_no_input_shows_is_a_diagnostic(emitted: Callable[..., object]) -> None:
    for write, types in ((lambda b, x: x, [TensorType((N * M,))]), (lambda b: b.zeros((N,), batched=False), [])):
        graph = emitted(write, [(f"x{i}", item) for i, item in enumerate(types)])
        with pytest.raises(DiagnosticError, match="cannot be read off an input"):
            emit(graph)  # type: ignore[arg-type]


def test_the_code_reads_like_torch(emitted: Callable[..., object]) -> None:
    def write(b, x):  # type: ignore[no-untyped-def]
        b.name = "h"
        w, bias = b.parameter("h.0.weight", (4, 3), t.Normal(1.0)), b.parameter("h.0.bias", (4,), t.Fill(0.0))
        h = b.map("relu", b.arithmetic("add", bias, b.einsum("nc,oc->no", x, w)))
        b.name = "pooled"
        return b.arithmetic("mul", b.constant(0.1), b.reduce("sum", h, [0]))

    code = emit(emitted(write, [("image", TensorType((N, 3)))])).code  # type: ignore[arg-type]
    lines = [line.strip().partition(";")[0] for line in code.strip().splitlines()]
    assert lines == [
        "def forward(self, image):",
        'h_0_weight = getattr(self.h, "0").weight',
        'h_0_bias = getattr(self.h, "0").bias',
        "linear_1 = torch._C._nn.linear(image, h_0_weight, h_0_bias)",
        "h = torch.relu(linear_1)",
        "sum_1 = torch.sum(h, (1,), keepdim = False)",
        "pooled = 0.1 * sum_1",
        "return pooled",
    ]


def test_only_stock_operations(net: torch.nn.Module) -> None:
    for node in net.graph_module.graph.nodes:
        assert node.op in ("placeholder", "get_attr", "call_function", "call_method", "call_module", "output")
        if node.op == "call_function":
            assert node.target.__module__.partition(".")[0] in ("torch", "_operator", "builtins")
        if node.op == "call_module":
            assert type(net.graph_module.get_submodule(node.target)) is torch.nn.Dropout


def test_a_linear_map_used_twice_is_not_computed_twice(emitted: Callable[..., object]) -> None:
    def write(b, x):  # type: ignore[no-untyped-def]
        y = b.einsum("c,oc->o", x, b.parameter("h.0.weight", (4, 3), t.Normal(1.0)))
        return [b.arithmetic("add", y, b.parameter("h.0.bias", (4,), t.Fill(1.0))), y]

    module = emit(emitted(write, [("x", TensorType((3,)))]))  # type: ignore[arg-type]
    assert module.code.count("linear(") == 1
    shifted, plain = module(torch.randn(2, 3))
    torch.testing.assert_close(shifted, plain + 1)
