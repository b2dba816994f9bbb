"""Calling a compiled model: names, records, batch axes, and what is said of inputs that do not fit."""

from __future__ import annotations

import copy
import math
from collections import UserDict
from collections.abc import Callable
from types import MappingProxyType

import pytest
import torch
from torch import fx, nn

import symc
from symc.algebra.groups import Symmetric
from symc.algebra.reps import Perm, Sum, Tensor, Trivial
from symc.algebra.sizes import free
from symc.backends import InputError, Net
from symc.diagnostics import DiagnosticError
from symc.ir.types import Record, Type

X = Perm(Symmetric(free("n")))
x, y = torch.randn(2, 5, 3), torch.randn(2, 5)


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(InputError) as caught:
        call()
    assert isinstance(caught.value, DiagnosticError)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, TypeError)
    (diagnostic,) = caught.value.diagnostics
    return f"{diagnostic.code} {diagnostic.title}"


def test_inputs_by_position_by_name_and_in_one_dict(net: Net) -> None:
    expected = net(x, y)
    for result in (net(x, y=y), net(y=y, x=x), net({"y": y, "x": x}), net(MappingProxyType({"x": x, "y": y}))):
        assert torch.equal(result, expected)


def test_one_input_in_any_kind_of_dict(make: Callable[..., Net]) -> None:
    net = make(lambda b, v: b.map("neg", v), Record((("v", Type((X,))),)), Type((X,)))
    for given in ({"v": y}, MappingProxyType({"v": y}), UserDict(v=y)):
        assert torch.equal(net(given), -y)


@pytest.mark.parametrize("batch", [(), (1,), (4,), (2, 3), (2, 1, 3), (0,), (2, 0)], ids=str)
@pytest.mark.parametrize("n", [0, 1, 5])
def test_any_number_of_batch_axes(net: Net, batch: tuple[int, ...], n: int) -> None:
    x, y = torch.randn(*batch, n, 3), torch.randn(*batch, n)
    result = net(x, y)
    assert result.shape == (*batch, 2)
    count = math.prod(batch)
    flat = net.graph_module(x.reshape(count, n, 3), y.reshape(count, n))
    torch.testing.assert_close(result.reshape(flat.shape), flat)


def test_inputs_without_axes(make: Callable[..., Net]) -> None:
    net = make(lambda b, s: b.map("square", s), Record((("s", Type()),)), Type())
    assert net(torch.tensor(3.0)) == 9
    assert net(torch.tensor([[3.0], [2.0]])).tolist() == [[9], [4]]


def test_a_model_without_inputs(make: Callable[..., Net]) -> None:
    import numpy as np

    net = make(lambda b: b.array(np.arange(2.0)), Record(()))
    assert net().tolist() == [0, 1]
    assert net({}).tolist() == [0, 1]
    assert code_of(lambda: net(x)) == "E0601 1 inputs are given, the model takes 0"


INNER = Record((("a", Type((Trivial(2),))), ("b", Type((X,)))))


def test_records(make: Callable[..., Net]) -> None:
    result = Record((("v", Type((X,))), ("w", Record((("s", Type()), ("a", Type((Trivial(2),))))))))
    net = make(lambda b, a, v, s: [b.map("neg", v), s, a], Record((("w", INNER), ("s", Type()))), result)
    a, v, s = torch.randn(4, 2), torch.randn(4, 7), torch.randn(4)
    for result in (net({"a": a, "b": v}, s), net(w={"b": v, "a": a}, s=s), net({"w": {"a": a, "b": v}, "s": s})):
        assert isinstance(result, tuple)
        assert torch.equal(result[0], -v)
        assert list(result[1]) == ["s", "a"]
        assert torch.equal(result[1]["s"], s)
    assert net({"a": a[0], "b": v[0]}, s[0])[1]["a"].shape == (2,)
    assert code_of(lambda: net(a, s)) == "E0602 `w` is a torch.Tensor, it needs a dict with `a`, `b`"
    assert code_of(lambda: net({"a": a}, s)) == "E0602 `w` has the entries `a`, it needs a dict with `a`, `b`"
    assert code_of(lambda: net({"a": a, "b": v[:, :0].tolist()}, s)) == "E0602 `w.b` is a list, not a tensor"


def test_one_record_may_be_the_dict_itself(make: Callable[..., Net]) -> None:
    net = make(lambda b, a, v: [a, v], Record((("w", INNER),)), Record((("w", INNER),)))
    a, v = torch.randn(2), torch.randn(7)
    for result in (net({"a": a, "b": v}), net({"w": {"a": a, "b": v}}), net(w={"a": a, "b": v})):
        assert torch.equal(result[0]["b"], v)


def test_a_record_of_one_is_a_tuple_of_one(make: Callable[..., Net]) -> None:
    net = make(lambda b, v: b.map("neg", v), Record((("v", Type((X,))),)), Record((("v", Type((X,))),)))
    for batch in ((), (2,), (2, 3)):
        (result,) = net(torch.ones(*batch, 4))
        assert result.shape == (*batch, 4)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda net: net(x), "E0601 missing `y`"),
        (lambda net: net(), "E0601 missing `x`, `y`"),
        (lambda net: net({"x": x}), "E0601 missing `y`"),
        (lambda net: net(x, y, y), "E0601 3 inputs are given, the model takes 2"),
        (lambda net: net(x, z=y), "E0601 there is no input `z`"),
        (lambda net: net(x, y, x=x), "E0601 `x` is given by position and by name"),
        (lambda net: net(x, None), "E0602 `y` is None, not a tensor"),
        (lambda net: net(x, y.numpy()), "E0602 `y` is a numpy.ndarray, not a tensor"),
        (lambda net: net(x, 1.5), "E0602 `y` is a float, not a tensor"),
        (lambda net: net(x, y.int()), "E0603 `y` is int32, the module computes in float32"),
        (lambda net: net(x > 0, y), "E0603 `x` is bool, the module computes in float32"),
        (lambda net: net(x.double(), y), "E0603 `x` is float64, the module computes in float32"),
        (lambda net: net(x, y.half()), "E0603 `y` is float16, the module computes in float32"),
        (lambda net: net(x + 0j, y), "E0603 `x` is complex64, the module computes in float32"),
        (lambda net: net(x[..., 0, 0], y), "E0604 `x` has 1 axis, it needs 2 or more"),
        (lambda net: net(x, torch.tensor(1.0)), "E0604 `y` has no axes, it needs 1 or more"),
        (lambda net: net(x[..., :2], y), "E0604 `x` has 2 along the axis of size 3"),
        (lambda net: net(x, y[:, :3]), "E0605 n = 5 from `x`, but 3 from `y`"),
        (lambda net: net(x, y[0]), "E0606 `x` has batch axes (2,), `y` has no batch axis"),
        (lambda net: net(x[0], y), "E0606 `x` has no batch axis, `y` has batch axes (2,)"),
        (lambda net: net(x, y[:1]), "E0606 `x` has batch axes (2,), `y` has batch axes (1,)"),
        (lambda net: net(x, y[None]), "E0606 `x` has batch axes (2,), `y` has batch axes (1, 2)"),
        (lambda net: net(x.to_sparse(), y), "E0602 `x` is a sparse coo tensor, it needs a dense one"),
        (lambda net: net(x.to("meta"), y), "E0607 `x` is on meta, the module is on cpu"),
    ],
)
def test_what_does_not_fit_is_said(net: Net, call: Callable[[Net], object], said: str) -> None:
    assert code_of(lambda: call(net)) == said


def test_one_tensor_given_twice_is_looked_at_twice(net: Net) -> None:
    square = torch.randn(3, 3)
    assert code_of(lambda: net(square, square)) == "E0606 `x` has no batch axis, `y` has batch axes (3,)"


def test_a_size_that_shows_twice_in_one_input(make: Callable[..., Net]) -> None:
    net = make(lambda b, v: b.reduce("sum", v, [0, 1]), Record((("v", Type((X, X))),)), Type())
    assert code_of(lambda: net(torch.ones(2, 3))) == "E0605 n = 2 on one axis of `v`, but 3 on another"


def test_axes_that_are_polynomials_in_free_sizes(make: Callable[..., Net]) -> None:
    rep = Sum((X, Tensor((X, X))))
    n = free("n")
    net = make(lambda b, v: b.reshape(b.slice(v, 0, n, n + n * n), (n, n)), Record((("v", Type((rep,))),)), Type((X, X)))
    for size in range(5):
        assert net(torch.ones(2, size + size**2)).shape == (2, size, size)
    assert code_of(lambda: net(torch.ones(11))) == "E0604 `v` has 11 along the axis of size n^2+n"


SIZES = {"P": "S(n)", "Q": "S(n/2)", "R": "S(n+m)", "U": "S(n+1)", "V": "S(n+2)", "W": "S(n-2)", "Z": "S(n^2+4)"}


@pytest.mark.parametrize(
    ("signature", "shapes", "said"),
    [
        ("(q: perm(Q), x: perm(P)) -> perm(Q)", [(2,), (4,)], ""),
        ("(q: perm(Q), x: perm(P)) -> perm(Q)", [(2,), (5,)], "`q` has 2 along the axis of size n/2"),
        ("perm(Q) -> perm(Q)", [(3,)], ""),
        ("perm(P) -> perm(Q)", [(4,)], ""),
        ("perm(P) -> perm(Q)", [(3,)], "n/2 = 3/2 is no size"),
        ("perm(P) -> perm(W)^2", [(2,)], ""),
        ("perm(P) -> perm(W)^2", [(1,)], "n-2 = -1 is no size"),
        ("(x: perm(P), y: perm(R)) -> perm(R)", [(3,), (4,)], ""),
        ("(x: perm(P), y: perm(R)) -> perm(R)", [(4,), (3,)], "`y` has 3 along the axis of size m+n"),
        ("(x: (4 + 2*perm(P))*3) -> 1", [(4, 3)], ""),
        ("(x: (4 + 2*perm(P))*3) -> 1", [(2, 3)], "`x` has 2 along the axis of size 2*n+4"),
        ("(x: (4 + 2*perm(P))*3) -> 1", [(7, 3)], "`x` has 7 along the axis of size 2*n+4"),
        ("(x: perm(U)*perm(V)) -> 1", [(1, 2)], ""),
        ("(x: perm(U)*perm(V)) -> 1", [(0, 1)], "`x` has 0 along the axis of size n+1"),
        ("(x: perm(U)*perm(V)) -> 1", [(1, 3)], "`x` has 3 along the axis of size n+2"),
        ("(x: perm(Z)) -> 1", [(8,)], ""),
        ("(x: perm(Z)) -> 1", [(2,)], "`x` has 2 along the axis of size n^2+4"),
        ("(x: perm(Z)) -> 1", [(6,)], "`x` has 6 along the axis of size n^2+4"),
    ],
)
def test_free_sizes_come_out_whole(signature: str, shapes: list[tuple[int, ...]], said: str) -> None:
    net, given = symc.linear(signature, groups=SIZES), [torch.randn(shape) for shape in shapes]
    if said:
        assert code_of(lambda: net(*given)) == f"E0604 {said}"
    else:
        assert net(*given).isfinite().all()


def test_help_to_make_a_tensor_is_for_what_can_become_one(net: Net) -> None:
    for value, helped in ((None, False), ("text", False), ([1.0], False), (y.numpy(), True), (1.5, True)):
        with pytest.raises(InputError) as caught:
            net(x, value)
        assert ("torch.as_tensor" in str(caught.value)) == helped


@pytest.mark.parametrize("fullgraph", [True, False])
def test_compiled_it_says_the_same(net: Net, fullgraph: bool) -> None:
    torch._dynamo.reset()
    compiled = torch.compile(net, fullgraph=fullgraph, backend="eager")
    for n in (5, 6, 7):  # the size becomes a symbol
        assert compiled(torch.randn(2, n, 3), torch.randn(2, n)).shape == (2, 2)
    assert code_of(lambda: compiled(torch.randn(2, 8, 4), torch.randn(2, 8))) == "E0604 `x` has 4 along the axis of size 3"
    assert code_of(lambda: compiled(x, y[:, :3])) == "E0605 n = 5 from `x`, but 3 from `y`"
    assert code_of(lambda: compiled(x, y.double())) == "E0603 `y` is float64, the module computes in float32"
    assert compiled(x, y).shape == (2, 2)


def test_the_message_points_at_the_input(net: Net) -> None:
    with pytest.raises(InputError) as caught:
        net(x[..., :2], y)
    text = str(caught.value)
    assert "sets.sym:1:12" in text
    assert "`x: perm(S(n))*3` has the shape (..., n, 3)" in text
    assert "(2, 5, 2)" in text


def test_under_autocast_any_real_dtype_will_do(net: Net) -> None:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        result = net(x.bfloat16(), y)
        assert code_of(lambda: net(x, y.int())).startswith("E0603")
        assert code_of(lambda: net(x.double(), y)) == "E0603 `x` is float64, the module computes in float32"
        wide = copy.deepcopy(net).double()
        assert wide(x.double(), y.double()).shape == (2, 2)
        assert code_of(lambda: wide(x, y)) == "E0603 `x` is float32, the module computes in float64"
    torch.testing.assert_close(result.float(), net(x, y), rtol=0.05, atol=0.05)


class Around(nn.Module):
    """A user's module with a compiled one inside."""

    def __init__(self, net: Net):
        super().__init__()
        self.net, self.last = net, nn.Linear(2, 1)

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return self.last(self.net(x.sin(), y=y))  # type: ignore[no-any-return]


def test_users_can_trace_through(net: Net) -> None:
    around = Around(net).eval()
    traced = fx.symbolic_trace(around)
    assert torch.equal(traced(x, y), around(x, y))
    assert dict(traced.named_parameters()).keys() == dict(around.named_parameters()).keys()
    assert torch.equal(fx.symbolic_trace(net)(x, y), net(x, y))


def test_traced_records(make: Callable[..., Net]) -> None:
    net = make(lambda b, v: [b.map("neg", v), v], Record((("v", Type((X,))),)), Record((("a", Type((X,))), ("b", Type((X,))))))
    result = fx.symbolic_trace(net)(y)
    assert torch.equal(result[0], -y)


def test_repr_says_what_the_model_is(net: Net) -> None:
    assert repr(net).splitlines() == [
        "Sets(",
        "  x: perm(S(n))*3  (..., n, 3)",
        "  y: perm(S(n))    (..., n)",
        "  -> 2             (..., 2)",
        "  symmetry: S(n)",
        "  parameters: 40",
        ")",
    ]
    assert "    x: perm(S(n))*3" in repr(Around(net))
