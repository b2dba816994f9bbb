"""Every command: what it prints, its JSON, its exit status."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symc.diagnostics import CODES

Run = Callable[..., Any]


def test_check(symc: Run) -> None:
    result = symc("check", "sets.sym")
    assert (result.status, result.err) == (0, "")
    assert result.out == "Sets: P = S(n)\n    (x: X*3) -> 10\n    (x: (n, 3)) -> (10,)\nBlock: read where it is applied\n"


def test_check_as_json(symc: Run) -> None:
    result = symc("check", "sets.sym", "--json")
    assert (result.status, result.err) == (0, "")
    model = {"name": "Sets", "symmetry": "P = S(n)", "signature": "(x: X*3) -> 10", "shapes": "(x: (n, 3)) -> (10,)"}
    assert result.json == {"ok": True, "file": "sets.sym", "models": [model], "unread": ["Block"], "diagnostics": []}


def test_check_with_parameters(symc: Run) -> None:
    assert "(x: X*3) -> 40" in symc("check", "sets.sym", "--set", "classes=40").out
    assert "(x: X*3*2) -> X*3*2" in symc("check", "sets.sym", "--model", "Block", "--set", "T=X*3").out


@pytest.mark.parametrize("json", [False, True])
def test_check_of_a_wrong_model(symc: Run, json: bool) -> None:
    result = symc("check", "relu.sym", *["--json"] * json)
    assert result.status == 1
    if json:
        assert result.err == ""
        assert result.json["models"] == []
        assert [(found["code"], found["severity"], found["primary"]["line"]) for found in result.json["diagnostics"]] == [("E0301", "error", 4)]
    else:
        assert result.out == ""
        assert result.err.startswith("error[E0301]: `relu` does not commute with O(3)")


def test_a_warning_is_printed_and_is_no_failure(symc: Run) -> None:
    result = symc("check", "odd.sym")
    assert result.status == 0
    assert result.err.startswith("warning[W0201]")
    assert "Odd:" in result.out
    assert [found["severity"] for found in symc("check", "odd.sym", "--json").json["diagnostics"]] == ["warning"]
    assert symc("compile", "odd.sym").err.startswith("warning[W0201]")


def test_several_errors_are_counted(symc: Run) -> None:
    result = symc("check", "broken.sym")
    assert result.status == 1
    assert result.err.endswith("2 errors\n")


def test_a_file_without_models(symc: Run) -> None:
    assert symc("check", "names.sym").out == "names.sym: well, and without a model\n"


@pytest.mark.parametrize("command", ["check", "show", "compile", "verify"])
def test_a_missing_file(symc: Run, command: str) -> None:
    result = symc(command, "set.sym")
    assert (result.status, result.out) == (1, "")
    assert "did you mean `sets.sym`?" in result.err
    found = symc(command, "set.sym", "--json")
    assert found.status == 1
    assert [item["code"] for item in found.json["diagnostics"]] == ["E0201"]


def test_show(symc: Run) -> None:
    result = symc("show", "sets.sym")
    assert result.status == 0
    assert result.out.startswith("model Sets: P = S(n)\n  (%0 x: X*3) -> 10\n")
    lowered = symc("show", "sets.sym", "--after", "lower", "--json").json
    assert (lowered["model"], lowered["after"]) == ("Sets", "lower")
    assert "einsum" in lowered["text"]


def test_show_of_an_unknown_model_or_pass(symc: Run) -> None:
    assert "E0219" in symc("show", "sets.sym", "--model", "Set").err
    result = symc("show", "sets.sym", "--after", "lowr")
    assert result.status == 2
    assert "did you mean `lower`?" in result.err


def test_solve(symc: Run) -> None:
    result = symc("solve", "-g", "P=S(4)", "perm(P)^2 -> perm(P)^2")
    assert result.status == 0
    assert "dim         15" in result.out
    data = symc("solve", "--json", "-g", "P=S(3)", "perm(P)^2 -> perm(P)^2").json
    assert {key: data[key] for key in ("ok", "dim", "expected_dim", "residual", "method")} == {
        "ok": True, "dim": 14, "expected_dim": 14, "residual": 0.0, "method": "partition diagrams",
    }  # fmt: skip
    assert data["expected_by"]
    assert data["independent"]
    assert data["gap"] is None
    assert 0 <= data["seconds"] < 60


def test_a_rank_decided_numerically_reports_its_gap(symc: Run) -> None:
    arguments = ("solve", "-g", "G=matrices([[1,1],[0,1]])", "vector(G)^2 -> vector(G)")
    assert "between what counts as nonzero and what as zero" in symc(*arguments).out
    data = symc(*arguments, "--json").json
    assert (data["dim"], data["method"]) == (3, "nullspace")
    assert data["gap"] > 1e8


def test_explain(symc: Run) -> None:
    result = symc("explain", "e0301")
    assert result.status == 0
    assert result.out.startswith(f"E0301: {CODES['E0301'].title}\n")
    assert symc("explain", "E0301", "--json").json["text"] == CODES["E0301"].explanation
    assert symc("explain", "conventions").out.startswith("# Conventions\n")
    assert symc("explain", "sets.sym").out.startswith("Sets: P = S(n)\n")


def test_solve_with_names_from_a_file_and_from_arguments(symc: Run) -> None:
    assert symc("solve", "--json", "-f", "names.sym", "X -> X").json["dim"] == 2
    assert symc("solve", "--json", "-f", "names.sym", "-g", "R=O(3)", "X*vector(R) -> vector(R)").json["dim"] == 1
    assert symc("solve", "--json", "-f", "names.sym", "-g", "P=S(1)", "X -> X").json["dim"] == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["perm(P) -> 1"], "E0210"),
        (["-f", "missing.sym", "1 -> 1"], "E0201"),
        (["-f", "broken.sym", "1 -> 1"], "E0106"),
        (["-g", "P=S(", "1 -> 1"], "E0106"),
        (["1"], "E0101"),
        (["-g", "P=S(9)", "regular(P) -> 1"], "E0323"),
        (["-g", "P=S(8)", "regular(P) -> regular(P)"], "E0501"),
    ],
)
def test_solve_that_cannot(symc: Run, arguments: list[str], code: str) -> None:
    result = symc("solve", "--json", *arguments)
    assert result.status == 1
    assert code in [found["code"] for found in result.json["diagnostics"]]


def test_compile(symc: Run) -> None:
    result = symc("compile", "sets.sym", "--set", "classes=4")
    assert result.status == 0
    assert "(..., 4)" in result.out
    assert symc("compile", "sets.sym", "--json").json["parameters"] == 2 * 3 * 8 + 8 + 8 * 10 + 10


@pytest.mark.parametrize("name", ["out.foo", "out"])
def test_kinds_of_file_that_are_not_written(symc: Run, name: str) -> None:
    result = symc("compile", "sets.sym", "-o", name)
    assert result.status == 1
    assert result.err.startswith("error[E0901]")
    assert not Path(name).exists()


def test_compile_to_a_file_that_torch_loads_alone(symc: Run) -> None:
    import torch

    assert symc("compile", "sets.sym", "-o", "sets.pt2", "--json").json["output"] == "sets.pt2"
    module = torch.export.load("sets.pt2").module()
    assert module(torch.zeros(2, 7, 3)).shape == (2, 10)


def test_compile_to_a_file_of_plain_torch(symc: Run) -> None:
    import torch

    assert symc("compile", "sets.sym", "-o", "sets_net.py", "--json").json["takes"] == ["x: (batch, n, 3)"]
    text = Path("sets_net.py").read_text()
    assert "symc" not in [line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))]
    space: dict[str, Any] = {"__name__": "sets_net"}
    exec(compile(text, "sets_net.py", "exec"), space)
    assert space["Sets"]()(torch.zeros(2, 7, 3)).shape == (2, 10)


def test_compile_into_a_folder_that_is_not_there(symc: Run) -> None:
    result = symc("compile", "sets.sym", "-o", "nowhere/sets.pt2", "--json")
    assert result.status == 1
    assert [found["code"] for found in result.json["diagnostics"]] == ["E0202"]


def test_verify(symc: Run) -> None:
    result = symc("verify", "sets.sym")
    assert result.status == 0
    assert result.out.startswith("Sets: equivariant under P")
    data = symc("verify", "sets.sym", "--seed", "3", "--json").json
    assert (data["ok"], data["model"]) == (True, "Sets")
    assert data["measurements"]
    assert data["layers"]


def test_fmt(symc: Run) -> None:
    result = symc("fmt", "ugly.sym", "sets.sym")
    assert (result.status, result.out) == (0, "formatted ugly.sym\n")
    assert Path("ugly.sym").read_text(encoding="utf-8") == "group P = S(n)\n"
    assert symc("fmt", "ugly.sym").out == ""


def test_fmt_check_changes_nothing(symc: Run) -> None:
    result = symc("fmt", "--check", "ugly.sym", "sets.sym", "--json")
    assert result.status == 1
    assert (result.json["ok"], result.json["changed"]) == (False, ["ugly.sym"])
    assert Path("ugly.sym").read_text(encoding="utf-8") == "group P=S( n )\n"


def test_fmt_goes_on_after_a_text_it_cannot_read(symc: Run) -> None:
    result = symc("fmt", "broken.sym", "ugly.sym")
    assert (result.status, result.out) == (1, "formatted ugly.sym\n")
    assert "E0106" in result.err


def test_fmt_of_standard_input(symc: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"group P=S( n )  # a\n")))
    assert symc("fmt", "-").out == "group P = S(n)  # a\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"group P=S( n )\n")))
    assert symc("fmt", "-", "--check").status == 1
    assert symc("fmt", "-", "sets.sym").status == 2
