"""Models as files of plain PyTorch: readable, complete, and the same to the last bit."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn
from written import loaded, model_of, same_to_the_last_bit, written

import symc
from symc.backends import Net
from symc.backends.source import save_py
from symc.diagnostics import DiagnosticError

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted((ROOT / "examples").glob("*.sym"))
SETS = "group P = S(n)\nrep X = perm(P)\n"
TEXTS = {
    "records": SETS + "model M(r: (a: X*2, b: (c: X, d: 3)), z: X*onehot(4)) -> (p: X, q: (s: 2, t: X*2)):\n"
    "    h: X*5 = relu(linear(r.a, r.b.c, r.b.d, z))\n    q: (s: 2, t: X*2) = linear(h)\n    return linear(h), q\n",
    "recurrence": "group R = O(3)\nrep v = vector(R)\nrep time = axis(t)\n"
    "model Cell[c](h: c + c*v, x: v) -> c + c*v:\n    return gate(linear(h, x))\n"
    "model M[c = 2](x: time*v) -> time*v:\n    h0: c + c*v = zero()\n"
    "    h: time*(c + c*v) = scan[Cell[c], time](h0, x)\n    return linear[each=time](h)\n",
    "normalised": SETS + "group R = O(3)\nrep v = vector(R)\nmodel M[c = 4](x: X*(3 + v)) -> X*(c + v):\n"
    "    h: X*c = dropout[0.5](relu(batchnorm(linear(x))))\n    k: X*(c + 2*v) = batchnorm(linear(x))\n"
    "    return linear(layernorm(h), k, norm(k))\n",
    "complex": "group U = U(1)\nrep q = irrep(U, 1)\nmodel M(x: 3*q) -> 4*q:\n    return linear[4*q](linear[5*q](x))\n",
    "noise": SETS + "model M(x: X*2) -> X*2:\n    z: X*2 = random()\n    return linear(x) + z\n",
    "nothing": "model M() -> 3:\n    return linear()\n",
    "names": SETS + "model Tensor(self_: X*2, mean: X, total: 3) -> X*2:\n    attend: X*2 = tanh(linear(self_, mean, total))\n"
    "    mean_of: 2 = mean[X](attend)\n    return attend * linear(mean_of)\n",
}
SIZES = {"n": 4, "m": 3, "t": 3}


def compiled(name: str) -> Net:
    return symc.compile(text=TEXTS[name], dtype=torch.float64, generator=torch.Generator().manual_seed(2))


@pytest.mark.filterwarnings("ignore::symc.SymcWarning")
@pytest.mark.parametrize("name", TEXTS)
def test_the_same_to_the_last_bit(name: str) -> None:
    net = compiled(name)
    other = written(net)
    for training in (True, False):
        for size in (SIZES, dict.fromkeys(SIZES, 1), dict.fromkeys(SIZES, 0)):
            same_to_the_last_bit(net.train(training), other.train(training), size)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples(path: Path, tmp_path: Path) -> None:
    net = symc.compile(path, dtype=torch.float64)
    text = symc.source(net)
    other = written(net, text)
    same_to_the_last_bit(net, other, SIZES)
    assert all(torch.equal(value, other.state_dict()[key]) for key, value in net.state_dict().items())
    drawn = symc.compile(path, generator=torch.Generator().manual_seed(5)).state_dict()
    again = getattr(loaded(text), net.name)(torch.Generator().manual_seed(5)).state_dict()
    assert all(torch.equal(value, again[key]) for key, value in drawn.items())


@pytest.mark.filterwarnings("ignore::symc.SymcWarning")
@pytest.mark.parametrize("name", [*TEXTS, *EXAMPLES], ids=lambda name: getattr(name, "stem", name))
def test_the_linter_has_nothing_to_say(name: str | Path, tmp_path: Path) -> None:
    net = symc.compile(name) if isinstance(name, Path) else compiled(name)
    save_py(net, tmp_path / "net.py")
    assert max(map(len, (tmp_path / "net.py").read_text(encoding="utf-8").splitlines())) <= 120
    ruff = [sys.executable, "-m", "ruff"]
    for command in (["check"], ["format", "--check"]):
        found = subprocess.run([*ruff, *command, "--isolated", "--line-length=120", "net.py"], cwd=tmp_path, capture_output=True, text=True)
        assert found.returncode == 0, found.stdout + found.stderr
    assert [entry.name for entry in tmp_path.iterdir() if not entry.name.startswith(".")] == ["net.py"]


def test_it_needs_torch_alone(tmp_path: Path) -> None:
    net = symc.compile(EXAMPLES[0])
    save_py(net, tmp_path / "sets.py")
    torch.save(net.state_dict(), tmp_path / "sets.pt")
    code = (
        "import sys, torch, sets\nnet = sets.DeepSets()\nnet.load_state_dict(torch.load('sets.pt'))\n"
        "assert not [name for name in sys.modules if name.partition('.')[0] in ('symc', 'grammar', 'lark')]\n"
        "torch.save(net(torch.ones(2, 5, 2)), 'out.pt')\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert torch.equal(torch.load(tmp_path / "out.pt"), net(torch.ones(2, 5, 2)))


def test_state_dicts_go_both_ways_and_other_bases_are_refused() -> None:
    net = symc.compile(EXAMPLES[0])
    other = written(net)
    net.load_state_dict(other.state_dict())
    alone = {key: value for key, value in net.state_dict().items() if key != "_extra_state"}
    other.load_state_dict(alone)
    wrong = symc.compile(text=SETS + "model DeepSets(x: X*2) -> X*64:\n    h: X*64 = linear[each=X](x)\n    return h\n").state_dict()
    with pytest.raises(RuntimeError, match=r"h\.0\.weight was saved as coordinates in another basis"):
        other.load_state_dict(wrong, strict=False)
    holder = nn.ModuleDict({"inner": other})
    holder.load_state_dict(holder.state_dict())


def test_constants_keep_their_precision() -> None:
    net = symc.compile(EXAMPLES[4], dtype=torch.float64)
    assert EXAMPLES[4].stem == "inertia"
    other = written(net)
    other.half().double()
    other.load_state_dict(net.state_dict())
    same_to_the_last_bit(net, other, SIZES)
    assert not any("constants" in key for key in other.state_dict())


@pytest.mark.parametrize("path", [EXAMPLES[0], EXAMPLES[2], EXAMPLES[6]], ids=lambda path: path.stem)
def test_compile_and_export(path: Path) -> None:
    net = symc.compile(path).eval()
    other = written(net)
    shapes = [[int(str(size).replace("n", "5").replace("m", "4")) for size in spec.sizes] for spec in net.inputs]
    given = [torch.randn(3, *shape) for shape in shapes]
    expected = net(*given)
    torch._dynamo.reset()
    torch.testing.assert_close(torch.compile(other, fullgraph=True, dynamic=True, backend="aot_eager")(*given), expected)
    program = torch.export.export(other, tuple(given), dynamic_shapes=tuple({0: torch.export.Dim.DYNAMIC} for _ in given))
    torch.testing.assert_close(program.module()(*given), expected)
    torch.testing.assert_close(program.module()(*(x[:2] for x in given)), expected[:2])


def test_copies_pickles_and_the_meta_device() -> None:
    net = symc.compile(EXAMPLES[1])
    other = written(net)
    x = torch.randn(2, 8, 8)
    assert torch.equal(copy.deepcopy(other)(x), net(x))
    assert torch.equal(pickle.loads(pickle.dumps(other))(x), net(x))
    with torch.device("meta"):
        empty = type(other)()
    empty.to_empty(device="cpu").load_state_dict(net.state_dict())
    assert torch.equal(empty(x), net(x))


def test_a_frozen_module_is_written_with_its_numbers() -> None:
    frozen = symc.freeze(symc.compile(EXAMPLES[1], dtype=torch.float64))
    other = model_of(symc.source(frozen), frozen)().double()
    other.load_state_dict(frozen.state_dict())
    x = torch.randn(2, 8, 8, dtype=torch.float64)
    assert torch.equal(other(x), frozen(x))
    assert not list(other.parameters())


def test_wrong_inputs_are_refused() -> None:
    other = written(symc.compile(EXAMPLES[0]))
    with pytest.raises(ValueError, match=r"expected x \(batch, n, 2\), not x \(2, 5, 3\)"):
        other(torch.ones(2, 5, 3))
    net = symc.compile(text=SETS + "model M(z: X*onehot(4)) -> X*2:\n    return linear(z)\n")
    with pytest.raises(IndexError, match="z holds integers from 0 to 3"):
        written(net)(torch.full((2, 3), 4))


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DiagnosticError, match="E0202"):
        save_py(symc.compile(EXAMPLES[0]), tmp_path / "nowhere" / "net.py")
