"""What a compiled model keeps: parameters under their names, constants at full precision, and that copies stay whole."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.utils.parametrize
from torch import nn

import symc
from symc.algebra.reps import Trivial
from symc.backends import Net, StateError, emit
from symc.backends.fingerprint import pack, unpack
from symc.backends.initial import draw
from symc.backends.modules import RESERVED
from symc.ir.tensor import Fill, Normal, Pieces, TensorType
from symc.ir.types import Record, Type
from symc.passes.lower import Lowering

x, y = torch.randn(2, 5, 3), torch.randn(2, 5)
NAMES = ["h.0.weight", "h.0.scale", "h.0.bias", "out.0.weight"]


def saved(net: Net) -> Net:
    file = io.BytesIO()
    torch.save(net, file)
    file.seek(0)
    return torch.load(file, weights_only=False)  # type: ignore[no-any-return]


COPIES = {"deepcopy": copy.deepcopy, "pickle": lambda net: pickle.loads(pickle.dumps(net)), "torch.save": saved}


def test_names_of_the_state_dict(net: Net) -> None:
    assert list(net.state_dict()) == ["_extra_state", *NAMES]
    assert [name for name, _ in net.named_parameters()] == NAMES
    assert list(net.graph_module.state_dict()) == NAMES


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
def test_copies_are_whole_and_independent(net: Net, copied: Callable[[Net], Net]) -> None:
    other, expected = copied(net), net(x, y)
    assert torch.equal(other(x, y), expected)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.zero_()
    assert torch.equal(other(x, y), expected)
    assert (net(x, y) == 0).all()
    other.double().train()
    assert other.graph_module.training
    assert not net.graph_module.training
    assert other(x.double(), y.double()).dtype == torch.float64
    assert net(x, y).dtype == torch.float32


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
def test_copies_inside_other_modules(net: Net, copied: Callable[[nn.Module], nn.Module]) -> None:
    pair = nn.ModuleList([net, net])
    other = copied(pair)  # type: ignore[arg-type]
    assert other[0] is other[1]  # type: ignore[index]
    assert torch.equal(other[0](x, y), net(x, y))  # type: ignore[index, operator]


BASES = {
    "Schur": 'group U = U(1)\nrep w = irrep(U, 1)\nmodel F(x: 3*w) -> 4*w:\n    return linear(x)\n',
    "isotypic": "group R = SO(3)\nrep v = vector(R)\nmodel F(x: 3*sym(v, 2)) -> 4*(v^2):\n    return linear(x)\n",
    "orbits": "group Q = A(5)\nrep Y = perm(Q)\nmodel F(x: Y^2*2) -> Y:\n    return linear(x)\n",
    "Clebsch-Gordan": "group R = SO(3)\nmodel F(x: irreps(R, 3), y: irreps(R, 4)) -> irreps(R, 5):\n    return bilinear(x, y)\n",
}


@pytest.mark.parametrize("text", BASES.values(), ids=BASES)
def test_every_basis_can_be_saved(text: str) -> None:
    net = symc.compile(text=text)
    given = [torch.randn(2, *map(int, i.sizes), dtype=torch.complex64 if i.complex else None) for i in net.inputs]
    for copied in COPIES.values():
        assert torch.equal(copied(net)(*given), net(*given))


def test_train_and_eval_reach_the_dropout(net: Net) -> None:
    torch.manual_seed(0)
    many = x[:1].expand(200, 5, 3), y[:1].expand(200, 5)
    assert (net(*many) == net(*many)[0]).all()
    assert not (net.train()(*many) == net(*many)[0]).all()
    assert (net.eval()(*many) == net(*many)[0]).all()


@pytest.mark.parametrize("through", [torch.float16, torch.bfloat16, torch.float32])
def test_constants_keep_their_precision(net: Net, through: torch.dtype) -> None:
    net.to(through).double()
    constants = [tensor for tensor in net.buffers() if tensor.is_floating_point()]
    assert [tensor.tolist() for tensor in constants] == [[1 / 3] * 4]
    assert net.graph_module.get_buffer("constants.c2").tolist() == [1 / 3] * 4
    inside = nn.Sequential(net.float()).double()
    assert next(tensor for tensor in inside.buffers() if tensor.is_floating_point()).tolist() == [1 / 3] * 4


def test_constants_come_back_from_the_meta_device(net: Net) -> None:
    moved = net.to("meta").to_empty(device="cpu")
    moved.reset_parameters()
    assert {str(tensor.device) for tensor in moved.buffers()} == {"cpu"}
    assert [tensor.tolist() for tensor in moved.buffers() if not tensor.is_floating_point()] == [[0], [1]]
    assert moved(x, y).isfinite().all()


def test_shapes_can_be_asked_of_the_meta_device(net: Net) -> None:
    result = net.to("meta")(x.to("meta"), y.to("meta"))
    assert (result.shape, result.device.type) == ((2, 2), "meta")


def test_equal_constants_are_kept_once(emitted: Callable[..., object]) -> None:
    def write(b, x):  # type: ignore[no-untyped-def]
        return b.arithmetic("add", b.arithmetic("mul", x, b.array(np.ones(2))), b.array(np.ones(2)))

    assert [name for name, _ in emit(emitted(write, [("x", TensorType((2,)))])).named_buffers()] == ["constants.c0"]  # type: ignore[arg-type]


def test_nodes_of_one_name_are_one_parameter(emitted: Callable[..., object]) -> None:
    def write(b, x):  # type: ignore[no-untyped-def]
        first, second = (b.parameter("enc.weight", (2,), Normal(1.0)) for _ in range(2))
        return b.arithmetic("mul", b.arithmetic("mul", x, first), second)

    module = emit(emitted(write, [("x", TensorType((2,)))]))  # type: ignore[arg-type]
    (weight,) = module.parameters()
    torch.testing.assert_close(module(torch.ones(1, 2))[0], weight**2)


def test_a_generator_decides_alone(make: Callable[..., Net]) -> None:
    def build(**options: object) -> Net:
        inputs = Record((("x", Type((Trivial(2),))),))
        return make(lambda b, x: b.arithmetic("mul", x, b.parameter("h.0.weight", (2,), Normal(1.0))), inputs, **options)

    first, same, double, other = (
        build(generator=torch.Generator().manual_seed(seed), dtype=dtype)
        for seed, dtype in ((1, torch.float32), (1, torch.float32), (1, torch.float64), (2, torch.float32))
    )
    weights = [net.get_parameter("h.0.weight") for net in (first, same, double, other)]
    assert torch.equal(weights[0], weights[1])
    assert torch.equal(weights[2].float(), weights[0])
    assert not torch.equal(weights[2], weights[0].double())  # drawn in float64, not converted
    assert not torch.equal(weights[0], weights[3])
    first.reset_parameters(torch.Generator().manual_seed(2))
    assert torch.equal(weights[0], weights[3])


def test_initial_values() -> None:
    generator = torch.Generator().manual_seed(0)
    plain = draw(Normal(0.5), (200, 50), generator)
    assert plain.dtype == torch.float64
    assert abs(float(plain.std()) - 0.5) < 0.01
    mixed = draw(Normal(2.0, np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), 1), (4, 3, 1000), generator)
    assert torch.equal(mixed[:, 0], mixed[:, 1])
    assert not torch.equal(mixed[:, 0], mixed[:, 2])
    assert abs(float(mixed.std()) - 2) < 0.1
    pieces = draw(Pieces((((5, 2, 3), Fill(1.0)), ((5, 1), Fill(2.0)), ((5, 0), Normal(1.0))), lead=1), (5, 7), generator)
    assert pieces.tolist() == [[1.0] * 6 + [2.0]] * 5


def test_replaced_parameters_are_those_computed_with(net: Net) -> None:
    """The graph module has no state of its own: what replaces a parameter, or a container, replaces it there too."""
    zeros = {name: torch.zeros_like(parameter) for name, parameter in net.named_parameters()}
    expected = net(x, y)
    net.load_state_dict(zeros, assign=True)
    assert (net(x, y) == 0).all()
    net.load_state_dict({name: torch.ones_like(parameter) for name, parameter in zeros.items()})
    once = net(x, y)
    nn.utils.parametrize.register_parametrization(net.get_submodule("out.0"), "weight", nn.Softplus())
    torch.testing.assert_close(net(x, y), once * float(torch.nn.functional.softplus(torch.tensor(1.0))))
    assert not torch.equal(net(x, y), expected)


GROUPS = {"flip": "matrices([[-1, 0], [0, 1]])", "swap": "matrices([[0, 1], [1, 0]])"}


def layer(name: str) -> Net:
    return symc.linear("vector(G)*3 -> vector(G)*2", groups={"G": GROUPS[name]})


def test_a_state_dict_knows_its_basis() -> None:
    flip, same, swap = layer("flip"), layer("flip"), layer("swap")
    same.load_state_dict(flip.state_dict())
    before = swap.weight.clone()
    with pytest.raises(StateError, match="another basis"):
        swap.load_state_dict(flip.state_dict())
    with pytest.raises(RuntimeError, match=r"`1.bias`, `1.weight`"):
        nn.Sequential(nn.Identity(), swap).load_state_dict(nn.Sequential(nn.Identity(), flip).state_dict(), strict=False)
    assert torch.equal(swap.weight, before)


def test_the_basis_travels_through_files() -> None:
    file = io.BytesIO()
    torch.save(layer("flip").state_dict(), file)
    file.seek(0)
    state = torch.load(file, weights_only=True)
    layer("flip").load_state_dict(state)
    with pytest.raises(StateError):
        layer("swap").load_state_dict(state)


@pytest.mark.parametrize(
    "changed",
    [
        dict,
        lambda state: {name: tensor.half() for name, tensor in state.items()},
        lambda state: {name: tensor.bfloat16() for name, tensor in state.items()},
        lambda state: {name: sum([tensor] * 5) / 5 for name, tensor in state.items()},
        lambda state: {name: 0.9 * tensor + 0.1 * tensor for name, tensor in state.items()},
    ],
    ids=["dict", "half", "bfloat16", "averaged", "moving average"],
)
def test_the_basis_survives_what_is_done_to_state_dicts(changed: Callable[[dict[str, torch.Tensor]], dict[str, torch.Tensor]]) -> None:
    state = changed(layer("flip").state_dict())
    layer("flip").load_state_dict(state)
    swap = layer("swap")
    before = swap.weight.clone()
    with pytest.raises(StateError, match="another basis"):
        swap.load_state_dict(state)
    assert torch.equal(swap.weight, before)


def test_one_basis_found_in_two_ways_is_two() -> None:
    named, listed = (symc.linear("perm(G) -> perm(G)", groups={"G": group}) for group in ("S(5)", 'permutations("(0 1 2 3 4)", "(0 1)")'))
    assert [tensor.shape for tensor in named.parameters()] == [tensor.shape for tensor in listed.parameters()]
    with pytest.raises(StateError, match="another basis"):
        listed.load_state_dict(dict(named.state_dict()))


def test_weights_alone_load_strictly() -> None:
    source, target = layer("flip"), layer("flip")
    nn.Sequential(target).load_state_dict({f"0.{name}": tensor for name, tensor in source.named_parameters()}, strict=True)
    assert torch.equal(source.weight, target.weight)
    with pytest.raises(RuntimeError, match="Missing"):
        target.load_state_dict({"weight": source.weight})


def test_only_weights_that_are_given_are_compared() -> None:
    layer("swap").load_state_dict({"_extra_state": layer("flip").state_dict()["_extra_state"]}, strict=False)


def test_parametrized_weights_are_compared() -> None:
    flip, swap = layer("flip"), layer("swap")
    for net in (flip, swap):
        nn.utils.parametrize.register_parametrization(net, "weight", nn.Identity())
    del (state := dict(flip.state_dict()))["bias"]
    with pytest.raises(StateError, match="`weight`"):
        swap.load_state_dict(state, strict=False)


@pytest.mark.parametrize("broken", [torch.zeros(4), torch.zeros(2, 2), torch.tensor([-1, 500]), torch.tensor([51]), {"weight": 1}], ids=str)
def test_what_is_no_fingerprint_is_said(broken: object) -> None:
    net = layer("flip")
    with pytest.raises(StateError, match="no fingerprint"):
        net.load_state_dict(net.state_dict() | {"_extra_state": broken})


def test_a_numerical_basis_is_known_up_to_rounding() -> None:
    triangle = "matrices([[-0.5, -0.8660254037844386], [0.8660254037844386, -0.5]])"
    net = symc.linear("vector(G) -> vector(G)", groups={"G": triangle})
    state = net.state_dict()
    digest, projections = unpack(state["_extra_state"])["weight"]
    assert projections
    for change, fits in ((1e-12, True), (1e-3, False)):
        state["_extra_state"] = pack({"weight": (digest, [number + change for number in projections])})
        if fits:
            net.load_state_dict(state)
        else:
            with pytest.raises(StateError):
                net.load_state_dict(state)


def test_names_that_modules_use_are_refused_before(emitted: Callable[..., object]) -> None:
    from symc.passes.elaborate.reserved import MODULE, SHELL

    net = layer("flip")
    public = {name for name in {*dir(type(net)), *vars(net), *RESERVED} if not name.startswith("_")}
    assert public <= MODULE | SHELL
    graph = emitted(lambda b: b.parameter("forward.0.weight", (2,), Fill(0.0)), [])
    with pytest.raises(ValueError, match=r"forward\.0\.weight"):
        emit(graph)  # type: ignore[arg-type]


@pytest.mark.parametrize("lowering", ["auto", "dense", "structured"])
def test_which_parameters_there_are_follows_from_the_text(lowering: Lowering) -> None:
    """Also those that only an unused result has."""
    text = """\
group D = D(3)
rep X = perm(D)
model M(x: X^2, y: sign(D)*1) -> sign(D):
    h, _rest = linear[(a: sign(D), b: X)](y, x)
    return h
"""
    net = symc.compile(text=text, lowering=lowering)
    assert {name: tuple(value.shape) for name, value in net.named_parameters()} == {"h.0.weight": (7,), "h.0.bias": (1, 1)}
    inputs = torch.randn(2, 3, 3), torch.randn(2, 1, 1)
    torch.testing.assert_close(symc.freeze(net)(*inputs), net(*inputs))
