"""`symc.compile` and `symc.linear`: what may be given, and what is refused, before anything is allocated."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
import torch

import symc
from symc import DiagnosticError, SymcWarning

TEXT = """\
group P = S(n)
rep   X = perm(P)
model First(x: X) -> 1:
    return linear(x)
model Sets[width = 8, classes = 10](x: X*3) -> classes:
    h: X*width = relu(linear(x))
    return linear(h)
model Any[T: rep, p: float = 0.5](x: T*2) -> T:
    return linear(dropout[p](x))
"""


def codes(error: pytest.ExceptionInfo[DiagnosticError]) -> list[str]:
    return [diagnostic.code for diagnostic in error.value.diagnostics]


def test_from_a_path_and_from_a_text(tmp_path: Path) -> None:
    path = tmp_path / "sets.sym"
    path.write_text(TEXT, encoding="utf-8")
    for net in (symc.compile(path, model="Sets"), symc.compile(str(path), model="Sets"), symc.compile(text=TEXT, model="Sets")):
        assert net.name == "Sets"
        assert net(torch.zeros(5, 3)).shape == (10,)
        assert net(torch.zeros(2, 7, 3)).shape == (2, 10)


def test_the_last_model_is_the_default() -> None:
    assert symc.compile(text=TEXT, params={"T": "X"}).name == "Any"


@pytest.mark.parametrize(
    ("model", "params", "shape"),
    [
        ("Sets", {"classes": 4}, (4,)),
        ("Sets", {"classes": "2*2", "width": 3}, (4,)),
        ("Any", {"T": "X"}, (5,)),
        ("Any", {"T": "X", "p": 0.1}, (5,)),
        ("Any", {"T": "X*4", "p": "0.25"}, (5, 4)),
    ],
)
def test_parameters(model: str, params: dict[str, object], shape: tuple[int, ...]) -> None:
    net = symc.compile(text=TEXT, model=model, params=params)
    inputs = {"Sets": (5, 3), "Any": (*shape, 2)}[model]
    assert net(torch.zeros(inputs)).shape == shape


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"clases": 4}, "E0215"),
        ({"classes": 2.5}, "E0216"),
        ({"classes": True}, "E0216"),
        ({"classes": None}, "E0216"),
        ({"classes": "2.5"}, "E0223"),
        ({"classes": "1/0"}, "E0223"),
        ({"classes": 0}, "E0223"),
        ({"classes": -3}, "E0223"),
        ({"classes": 10**30}, "E0520"),
        ({"classes": "nowhere"}, "E0210"),
        ({"classes": "perm("}, "E0106"),
        ({"classes": ""}, "E0101"),
        ({"classes": 10**10}, "E0501"),
    ],
)
def test_parameters_that_do_not_fit(params: dict[str, object], code: str) -> None:
    with pytest.raises(DiagnosticError) as error:
        symc.compile(text=TEXT, model="Sets", params=params)
    assert code in codes(error)


def test_a_model_that_needs_a_parameter_says_so() -> None:
    with pytest.raises(DiagnosticError, match="`T`") as error:
        symc.compile(text=TEXT)
    assert codes(error) == ["E0215"]


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="either a path or text="):
        symc.compile()
    with pytest.raises(TypeError, match="either a path or text="):
        symc.compile("a.sym", text=TEXT)
    with pytest.raises(TypeError, match="bytes"):
        symc.compile(text=TEXT.encode())  # type: ignore[arg-type]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    text = "rep X = perm(Q)\nmodel M(x: 3) -> 3:\n    h = relu(y)\n    return lineer(x)\nmodel (:\n"
    with pytest.raises(DiagnosticError) as error:
        symc.compile(text=text)
    assert set(codes(error)) == {"E0106", "E0210"}
    places = [diagnostic.primary.span.start for diagnostic in error.value.diagnostics if diagnostic.primary]
    assert places == sorted(places)
    assert len(places) == 4


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.float16])
def test_dtype(dtype: torch.dtype) -> None:
    net = symc.compile(text=TEXT, model="Sets", dtype=dtype)
    assert {parameter.dtype for parameter in net.parameters()} == {dtype}
    assert net(torch.zeros(5, 3, dtype=dtype)).dtype == dtype


@pytest.mark.parametrize("dtype", [torch.int64, torch.complex64, torch.bool, "float32", float])
def test_dtypes_that_weights_cannot_have(dtype: object) -> None:
    with pytest.raises(DiagnosticError, match="no real floating point") as error:
        symc.compile(text=TEXT, model="Sets", dtype=dtype)  # type: ignore[arg-type]
    assert codes(error) == ["E0216"]


@pytest.mark.parametrize("device", ["cup", "cpu:x", object()])
def test_devices_that_do_not_exist(device: object) -> None:
    with pytest.raises(DiagnosticError, match="cannot be used") as error:
        symc.compile(text=TEXT, model="Sets", device=device)  # type: ignore[arg-type]
    assert codes(error) == ["E0216"]


def test_device() -> None:
    net = symc.compile(text=TEXT, model="Sets", device="meta")
    assert {parameter.device.type for parameter in net.parameters()} == {"meta"}


def test_a_generator_draws_the_same_weights_for_every_dtype() -> None:
    def weights(seed: int, dtype: torch.dtype) -> list[torch.Tensor]:
        net = symc.compile(text=TEXT, model="Sets", dtype=dtype, generator=torch.Generator().manual_seed(seed))
        return [parameter.detach().float() for parameter in net.parameters()]

    first, again, double, other = weights(1, torch.float32), weights(1, torch.float32), weights(1, torch.float64), weights(2, torch.float32)
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert all(torch.allclose(a, b, atol=1e-7) for a, b in zip(first, double, strict=True))
    assert not any(torch.equal(a, b) for a, b in zip(first, other, strict=True) if a.numel() > 10)


def test_a_warning_is_a_symc_warning_that_points_here() -> None:
    text = "group P = S(n)\ngroup Q = S(n)\nmodel M(x: perm(P), y: perm(Q)) -> 1:\n    return linear(x, y)\n"
    with pytest.warns(SymcWarning, match="look like one group") as caught:
        symc.compile(text=text)
    assert [warning.filename for warning in caught] == [__file__]
    (message,) = [warning.message for warning in caught]
    assert isinstance(message, SymcWarning)
    assert message.diagnostic.code == "W0201"


def test_warnings_of_the_solver_are_given_once() -> None:
    text = "group R = SO(3)\nrep v = vector(R)\nmodel M(x: 3) -> 1 + v:\n    return linear(x)\n"
    with pytest.warns(SymcWarning, match="always zero") as caught:
        symc.compile(text=text)
    assert len(caught) == 1


def test_memory_limit() -> None:
    with pytest.raises(DiagnosticError, match=r"would need .* more than the limit of 1 KiB") as error:
        symc.compile(text=TEXT, model="Sets", params={"width": 64}, memory_limit=1024)
    assert set(codes(error)) == {"E0501"}
    for limit in (0, -1, 2.5, "1G", True):
        with pytest.raises(DiagnosticError, match="no number of bytes"):
            symc.compile(text=TEXT, model="Sets", memory_limit=limit)  # type: ignore[arg-type]


def test_memory_limit_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYMC_MEMORY_LIMIT", "1K")
    with pytest.raises(DiagnosticError, match="more than the limit of 1 KiB"):
        symc.compile(text=TEXT, model="Sets", params={"width": 64})
    monkeypatch.setenv("SYMC_MEMORY_LIMIT", "lots")
    with pytest.raises(DiagnosticError, match="SYMC_MEMORY_LIMIT=lots"):
        symc.compile(text=TEXT, model="Sets")


def test_one_layer_without_a_file() -> None:
    layer = symc.linear("perm(P)*3 -> perm(P)*64", groups={"P": "S(n)"})
    assert {name: tuple(p.shape) for name, p in layer.named_parameters()} == {"weight": (2, 64, 3), "bias": (1, 64)}
    assert layer(torch.zeros(5, 3)).shape == (5, 64)
    assert symc.verify(layer).ok


def test_a_layer_between_records() -> None:
    layer = symc.linear("(x: perm(P)*2, y: 3) -> (a: perm(P), b: 4)", groups={"P": "S(n)"}, dtype=torch.float64)
    a, b = layer(x=torch.zeros(5, 2, dtype=torch.float64), y=torch.zeros(3, dtype=torch.float64))
    assert (a.shape, b.shape) == ((5,), (4,))
    assert symc.verify(layer).ok


@pytest.mark.parametrize(
    ("signature", "groups", "code"),
    [
        ("perm(P) -> perm(Q)", {"P": "S(n)"}, "E0210"),
        ("perm(P)", {"P": "S(n)"}, "E0101"),
        ("perm(P) -> ", {"P": "S(n)"}, "E0101"),
        ("", {}, "E0101"),
        ("perm(P) -> perm(P)\nmodel M(x: 1) -> 1:", {"P": "S(n)"}, "E0101"),
        ("perm(P) -> perm(P)", {"P": "S(n"}, "E0106"),
        ("perm(P) -> perm(P)", {"P": "S(n)\ngroup Q = S(m)"}, "E0216"),
        ("perm(P) -> perm(P)", {"P = S(n)\ngroup Q": "S(m)"}, "E0216"),
        ("perm(P) -> perm(P)", {"P": 3}, "E0216"),
        ("perm(P) -> perm(P)", {3: "S(3)"}, "E0216"),
        ("perm(P) -> perm(P)", {"model": "S(3)"}, "E0107"),
        ("vector(P) -> 1", {"P": "SO(3)"}, "E0406"),
    ],
)
def test_layers_that_are_refused(signature: str, groups: dict[str, str], code: str) -> None:
    with pytest.raises(DiagnosticError) as error:
        symc.linear(signature, groups=groups)
    assert code in codes(error)


def test_the_layer_of_the_readme_has_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        symc.linear("perm(P)*3 -> perm(P)*64", groups={"P": "S(n)"})


def test_compiling_and_calling_imports_no_more_of_torch_than_it_needs() -> None:
    run = f"net = symc.compile(text={TEXT!r}, model='Sets')\nnet(torch.zeros(4, 3))\n"
    program = f"import sys, torch, symc\n{run}assert 'torch._dynamo' not in sys.modules"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
