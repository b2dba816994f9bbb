"""Rows of the plainness matrix: torch.compile, torch.export, AOTInductor, ONNX, symbolic tracing."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from plain_models import Case, case_of, close, flat
from torch import Tensor, fx, nn
from torch._dynamo.testing import CompileCounter

import symc
from symc.backends.export import export
from symc.backends.onnx import save_onnx
from symc.diagnostics import DiagnosticError

TOLERANCE = 2e-5  # float32, kernels in another order


def test_one_graph_for_all_sizes(case: Case) -> None:
    counter = CompileCounter()
    compiled = torch.compile(case.net, backend=counter, fullgraph=True, dynamic=True)
    for batch, least in ((11, 13), (19, 29)):  # no two sizes are equal, for dynamo takes equal sizes for one
        inputs = case.inputs(batch, **{name: least + 4 * offset for offset, name in enumerate(case.free)})
        assert close(case.call(compiled, inputs), case.call(case.net, inputs), TOLERANCE)
    assert counter.frame_count == 1


@pytest.mark.parametrize("name", ["Digits", "Sorting", "energy", "normalised", "indexed"])
def test_training_in_one_graph(name: str) -> None:
    case = case_of(name)
    own, plain = case.own(), case.own()
    compiled = torch.compile(own, backend="aot_eager", fullgraph=True, dynamic=True)
    inputs = case.inputs(11)
    case.loss(compiled, inputs).backward()
    case.loss(plain, inputs).backward()
    for one, other in zip(own.parameters(), plain.parameters(), strict=True):
        assert one.grad is not None
        torch.testing.assert_close(one.grad, other.grad, rtol=1e-3, atol=1e-5)


def test_many_models_in_one_process() -> None:
    for channels in range(1, 12):  # torch gives up on the ninth version of one code object
        net = symc.linear(f"perm(P)*{channels} -> perm(P)*2", groups={"P": "S(n)"})
        compiled = torch.compile(net, backend="eager", fullgraph=True, dynamic=True)
        x = torch.randn(15, 17, channels)
        torch.testing.assert_close(compiled(x), net(x))


@pytest.mark.long
def test_inductor(case: Case) -> None:
    own, inputs = case.own(), case.inputs(11)
    compiled = torch.compile(own, fullgraph=True, dynamic=True)
    assert close(case.call(compiled, inputs), case.call(case.net, inputs), TOLERANCE)
    case.loss(compiled, inputs).backward()
    assert all(parameter.grad is not None and parameter.grad.isfinite().all() for parameter in own.parameters())


REFUSED = {"Graphs": ((2, 0),), "IGN": ((2, 0),), "merged": ((1, 1), (2, 0), (0, 4))}
"""Batches and sizes that torch.export takes for impossible: no node where diagonals are written, no size 1 that shows as 2n^2 only."""


def test_export(case: Case) -> None:
    module = export(case.net).module()
    for batch, size in ((2, 6), (4, 3), (1, 1), (2, 0), (0, 4)):
        inputs = case.inputs(batch, **{name: size + offset * (size > 1) for offset, name in enumerate(case.free)})
        if (batch, size) in REFUSED.get(case.name, ()):
            with pytest.raises(AssertionError, match="Guard failed"):
                module(*inputs)
        else:
            assert close(flat(module(*inputs)), case.call(case.net, inputs), TOLERANCE)


def test_a_recurrence_of_free_length_is_not_exported() -> None:
    text = "group P = S(n)\nrep X = perm(P)\nrep time = axis(t)\nmodel Cell(h: X, x: X) -> X:\n    return tanh(linear(h, x))\n"
    net = symc.compile(text=text + "model M(h: X, x: time*X) -> X:\n    return fold[Cell, time](h, x)\n")
    with pytest.raises(DiagnosticError, match=r"E0901(.|\n)*exported at a fixed number of steps"):
        export(net)


@pytest.mark.long
def test_aotinductor_package(case: Case, tmp_path: Path) -> None:
    file = torch._inductor.aoti_compile_and_package(export(case.net), package_path=str(tmp_path / "net.pt2"))
    module = torch._inductor.aoti_load_package(file)
    for batch, size in ((2, 6), (4, 3)):
        inputs = case.inputs(batch, **{name: size + offset for offset, name in enumerate(case.free)})
        assert close(flat(module(*inputs)), case.call(case.net, inputs), TOLERANCE)


NOT_ONNX = ("complex", "merged")  # no complex numbers there; no root of a size


@pytest.mark.long
@pytest.mark.skipif(find_spec("onnxscript") is None, reason="needs the packages of the extra `onnx`")
def test_onnx(case: Case, tmp_path: Path) -> None:
    import onnx
    from onnx.reference import ReferenceEvaluator

    path = tmp_path / "net.onnx"
    if case.name in NOT_ONNX:
        with pytest.raises(DiagnosticError, match=r"E0901(.|\n)*torch\.onnx says(.|\n)*-o out\.pt2"):
            save_onnx(case.net, path)
        return
    save_onnx(case.net, path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["net.onnx"]
    model = onnx.load(path)
    for batch, size in ((2, 6), (4, 3)):
        inputs = case.inputs(batch, **{name: size + offset for offset, name in enumerate(case.free)})
        given = dict(zip([item.name for item in model.graph.input], [x.numpy() for x in inputs], strict=True))
        found = [torch.as_tensor(array) for array in ReferenceEvaluator(model).run(None, given)]
        assert close(found, case.call(case.net, inputs), TOLERANCE)


def test_onnx_says_what_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    monkeypatch.setattr("symc.backends.onnx.find_spec", lambda name: None)
    with pytest.raises(DiagnosticError, match=r"E0901(.|\n)*pip install 'symc\[onnx\]'"):
        save_onnx(case_of("Digits").net, tmp_path / "net.onnx")
    assert not list(tmp_path.iterdir())


def test_symbolic_tracing_of_a_model_around_it(case: Case) -> None:
    tracing = fx.Tracer()

    class Around(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = case.own()

        def forward(self, given: dict[str, Tensor]) -> object:
            return self.net(*[given[name] for name, _ in case.net._interface.fields])

    around = Around()
    traced = fx.GraphModule(around, tracing.trace(around))
    inputs = case.inputs()
    assert close(flat(traced(case.net._interface.nested(inputs))), case.call(case.net, inputs), 0.0)
    assert any(node.op == "call_function" for node in traced.graph.nodes)  # the operations show
