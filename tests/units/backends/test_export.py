"""Models as .pt2 files."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import symc
from symc.backends import Net
from symc.backends.export import export, save_pt2
from symc.diagnostics import DiagnosticError


def test_a_file_serves_every_batch_and_every_size(net: Net, tmp_path: Path) -> None:
    path = tmp_path / "sets.pt2"
    assert save_pt2(net.train(), path) == ("x: (batch, n, 3)", "y: (batch, n)")
    loaded = torch.export.load(path).module()
    net.eval()
    for batch, n in [(2, 5), (3, 7), (1, 1), (2, 0), (0, 3), (5, 300)]:
        x, y = torch.randn(batch, n, 3), torch.randn(batch, n)
        torch.testing.assert_close(loaded(x, y), net(x, y))  # dropout is off in the file
    assert [entry.name for entry in tmp_path.iterdir()] == ["sets.pt2"]
    assert net.training is False
    assert set(torch.export.load(path).state_dict) == {name for name, _ in net.named_parameters()}


def test_users_export_the_graph_module_by_the_names_of_inputs(net: Net) -> None:
    sizes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("n")}
    program = torch.export.export(net.graph_module, (torch.randn(3, 5, 3), torch.randn(3, 5)), dynamic_shapes={"x": sizes, "y": sizes})
    x, y = torch.randn(4, 7, 3), torch.randn(4, 7)
    torch.testing.assert_close(program.module()(x, y), net(x, y))


def test_sizes_that_show_in_products_only() -> None:
    net = symc.linear("(x: (perm(P)^2*3), y: perm(Q) + perm(P)) -> perm(P)*perm(Q)", groups={"P": "S(n)", "Q": "S(m)"})
    program = export(net)
    for n, m in ((4, 3), (2, 6)):
        x, y = torch.randn(2, 3 * n * n), torch.randn(2, m + n)
        torch.testing.assert_close(program.module()(x, y), net(x, y))


def test_a_file_that_cannot_be_written_leaves_nothing(net: Net, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DiagnosticError, match="E0202"):
        save_pt2(net, tmp_path / "missing" / "sets.pt2")
    old = tmp_path / "old.pt2"
    old.write_bytes(b"old")

    def broken(program: object, path: str) -> None:
        Path(path).write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(torch.export, "save", broken)
    with pytest.raises(KeyboardInterrupt):
        save_pt2(net, old)
    assert old.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["old.pt2"]


def test_what_torch_cannot_export_is_a_diagnostic(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("no such op")

    monkeypatch.setattr(torch.export, "export", refuse)
    with pytest.raises(DiagnosticError, match=r"torch\.export says: no such op"):
        export(net)
