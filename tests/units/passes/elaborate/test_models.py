"""Models inside models, parameters, imports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from symc.diagnostics import Diagnostic, DiagnosticError, render
from symc.grammar import decode, parse
from symc.passes.elaborate import elaborate, elaborate_all, layer_graph, warnings
from symc.passes.elaborate.entry import declarations

Program: TypeAlias = Callable[..., Any]
Found: TypeAlias = Callable[..., list[Diagnostic]]
Folder: TypeAlias = Callable[..., Path]

SETS = """\
group P = S(k)
group R = O(3)
rep   X = perm(P)
rep   v = vector(R)
model Net[c = 4](x: X*c, t: v) -> (h: X*c, t: v):
    return x + linear(x, t), linear(x, t)
model Pool[c](x: X*c) -> c:
    return linear(x)
"""


def compiled(path: Path, **options: Any) -> Any:
    file, wrong = parse(decode(path.read_bytes(), str(path)))
    assert wrong == []
    return elaborate(file, **options)


def complaints(path: Path) -> list[Diagnostic]:
    with pytest.raises(DiagnosticError) as caught:
        compiled(path)
    for diagnostic in caught.value.diagnostics:
        assert render(diagnostic)
    return list(caught.value.diagnostics)


@pytest.mark.parametrize(
    ("params", "signature"),
    [
        ({}, "(x: perm(P)*3) -> perm(P)*3"),
        ({"c": 5}, "(x: perm(P)*5) -> perm(P)*5"),
        ({"c": "2*3"}, "(x: perm(P)*6) -> perm(P)*6"),
        ({"T": "Y*v"}, "(x: perm(Q)*vector(R)*3) -> perm(Q)*vector(R)*3"),
        ({"T": "(X*Y)", "c": 1, "p": 0, "G": "S(3)"}, "(x: (perm(P)*perm(Q))*1) -> (perm(P)*perm(Q))*1"),
    ],
)
def test_parameters_from_outside(program: Program, params: dict[str, object], signature: str) -> None:
    text = "model M[c = 3, T: rep = X, p: float = 0.5, G: group = P](x: T*c) -> T*c:\n    return dropout[p](x)\n"
    assert str(program(text, params=params).signature) == signature


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"c": -1}, "E0223"),
        ({"c": True}, "E0216"),
        ({"c": 1.5}, "E0216"),
        ({"c": "1.5"}, "E0223"),
        ({"c": None}, "E0216"),
        ({"c": 10**40}, "E0520"),
        ({"c": "zz"}, "E0210"),
        ({"c": "X"}, "E0214"),
        ({"c": "3 +"}, "E0101"),
        ({"c": ""}, "E0101"),
        ({"T": 3}, "E0216"),
        ({"T": "P"}, "E0214"),
        ({"p": float("nan")}, "E0216"),
        ({"p": 2}, "E0216"),
        ({"G": "X"}, "E0214"),
        ({"width": 3}, "E0215"),
        ({"cc": 3}, "E0215"),
    ],
)
def test_parameters_that_do_not_fit(found: Found, params: dict[str, object], code: str) -> None:
    text = "model M[c = 3, T: rep = X, p: float = 0.5, G: group = P](x: T*c) -> T*c:\n    return dropout[p](x)\n"
    assert [diagnostic.code for diagnostic in found(text, params=params)] == [code]


def test_which_model(program: Program, found: Found) -> None:
    text = "model First(x: X) -> X:\n    return x\nmodel Second(x: X) -> X:\n    return x\n"
    assert program(text).name == "Second"
    assert program(text, model="First").name == "First"
    (diagnostic,) = found(text, model="Frist")
    assert (diagnostic.code, diagnostic.helps) == ("E0219", ("did you mean `First`?",))


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("Net(x)", "E0215"),
        ("Net[5, 6](x, x)", "E0215"),
        ("Net[5](x)", "E0215"),
        ("Net[5](x, x, x)", "E0215"),
        ("Net[5](x, c=x)", "E0215"),
        ("Net[5](x, x=x)", "E0215"),
        ("Net[5, c=5](x, x)", "E0215"),
        ("Net[d=5](x, x)", "E0215"),
        ("Net[X](x, x)", "E0214"),
        ("Net[4](x, x)", "E0311"),
        ("Net[5](x, relu)", "E0214"),
        ("Nett[5](x, x)", "E0210"),
        ("Net[5](x, unknown)", "E0210"),
    ],
)
def test_calls_that_do_not_fit(found: Found, call: str, code: str) -> None:
    text = f"model Net[c](x: X*c, y: X*c) -> X*c:\n    return x + y\nmodel M(x: X*5) -> X*5:\n    return {call}\n"
    assert [diagnostic.code for diagnostic in found(text)] == [code]


def test_models_are_read_for_every_application(program: Program) -> None:
    text = (
        "model MLP[T: rep, c](x: T*c) -> T:\n    h: T*c = relu(linear[each=T](x))\n    return linear[each=T](h)\n"
        "model M(x: X*5, y: Y*2) -> (a: X, b: Y):\n    return MLP[X, 5](x), MLP[T=Y, c=2](y)\n"
    )
    assert [str(value.type) for value in program(text).outputs] == ["perm(P)", "perm(Q)"]


def test_families(program: Program, found: Found) -> None:
    assert str(program("model M(x: H[3], y: H[2, d=4]) -> 1:\n    return linear(x, y)\n").signature.inputs) == "(x: perm(P)*3*2, y: perm(P)*2*4)"
    for written, code in (("H", "E0214"), ("H[]", "E0215"), ("H[1, 2, 3]", "E0215"), ("H[e=1]", "E0215"), ("H[X]", "E0214"), ("X[3]", "E0214")):
        assert [diagnostic.code for diagnostic in found(f"model M(x: {written}) -> 1:\n    return linear[1]()\n")] == [code], written


def test_families_of_groups_are_named_by_their_parameters(program: Program) -> None:
    text = "group K[a] = S(a)\nmodel M(x: perm(K[3]), y: perm(K[3]), z: perm(K[4])) -> 1:\n    return linear(x, y, z)\n"
    assert [str(group) for group in program(text).groups] == ["K[3]", "K[4]"]


def test_a_model_of_another_file_takes_the_groups_of_its_arguments(folder: Folder) -> None:
    main = (
        'import "sets.sym" as sets\ngroup Q = S(n)\ngroup G = O(3)\nrep Y = perm(Q)\nrep w = vector(G)\n'
        "model M(x: Y*4, t: w) -> 2:\n    h, u = sets.Net(x, t)\n    h = h + sets.Net[4](h, u).h\n    return linear(sets.Pool[4](h))\n"
    )
    graph = compiled(folder(sets=SETS, main=main) / "main.sym")
    assert [str(group) for group in graph.groups] == ["Q", "G"]
    assert graph.free == {"n"}
    assert {str(group) for node in graph.nodes for value in node.outputs for group in value.type.groups} == {"Q", "G"}


def test_a_group_of_fixed_size_stands_for_a_free_one(folder: Folder) -> None:
    main = 'import "sets.sym" as sets\nmodel M(x: perm(S(5))*4) -> 2:\n    return linear(sets.Pool[4](x))\n'
    assert [str(group) for group in compiled(folder(sets=SETS, main=main) / "main.sym").groups] == ["S(5)"]


def test_the_type_asked_for_says_the_groups_where_arguments_do_not(folder: Folder) -> None:
    main = (
        'import "sets.sym" as sets\ngroup Q = S(n)\nrep Y = perm(Q)\n'
        "model M(x: Y*4, t: vector(O(3))) -> (h: Y*4, t: vector(O(3))):\n    return sets.Net(linear(x), t)\n"
    )
    assert [str(group) for group in compiled(folder(sets=SETS, main=main) / "main.sym").groups] == ["Q", "O(3)"]


def test_another_kind_of_group_does_not_stand_for_it(folder: Folder) -> None:
    main = 'import "sets.sym" as sets\ngroup D = D(4)\nmodel M(x: perm(D)*4) -> 2:\n    return linear(sets.Pool[4](x))\n'
    (diagnostic,) = complaints(folder(sets=SETS, main=main) / "main.sym")
    assert diagnostic.code == "E0311"
    assert any("S(k)" in note for note in diagnostic.notes)


def test_without_an_alias_the_names_are_those_of_the_file(folder: Folder) -> None:
    path = folder(sets=SETS, main='import "sets.sym"\nmodel M(x: X*4) -> 2:\n    return linear(Pool[4](x))\n')
    assert [str(group) for group in compiled(path / "main.sym").groups] == ["P"]


def test_a_model_of_a_file_may_be_asked_for_through_an_import(folder: Folder) -> None:
    path = folder(sets=SETS, main='import "sets.sym"\n')
    assert compiled(path / "main.sym", model="Net").name == "Net"


def test_groups_of_two_files_are_two(folder: Folder) -> None:
    main = 'import "one.sym" as one\nimport "two.sym" as two\nmodel M(x: one.X, y: two.X) -> 1:\n    return linear(x, y)\n'
    text = "group P = S(n)\nrep X = perm(P)\n"
    assert len(compiled(folder(one=text, two=text, main=main) / "main.sym").groups) == 2


def test_a_file_imported_twice_is_one(folder: Folder) -> None:
    main = 'import "one.sym" as one\nimport "two.sym" as two\nmodel M(x: one.X, y: two.Z) -> 1:\n    return linear(x, y)\n'
    path = folder(one="group P = S(n)\nrep X = perm(P)\n", two='import "one.sym" as o\nrep Z = o.X*o.X\n', main=main)
    assert len(compiled(path / "main.sym").groups) == 1


@pytest.mark.parametrize(
    ("imported", "code"),
    [
        ("missing.sym", "E0201"),
        ("", "E0201"),
        (".", "E0201"),
        ("a\\0b", "E0201"),
        ("binary.sym", "E0109"),
        ("main.sym", "E0217"),
        ("circle.sym", "E0217"),
        ("clash.sym", "E0218"),
        ("broken.sym", "E0106"),
    ],
)
def test_imports_that_do_not_work(folder: Folder, imported: str, code: str) -> None:
    path = folder(
        main=f'import "{imported}"\ngroup P = S(n)\nmodel M(x: perm(P)) -> 1:\n    return linear(x)\n',
        circle='import "main.sym" as main\n',
        clash="group P = S(3)\n",
        broken="group B = S(n\n",
    )
    (path / "binary.sym").write_bytes(b"\x89PNG\x00\xff")
    assert [diagnostic.code for diagnostic in complaints(path / "main.sym")] == [code]


def test_a_member_that_does_not_exist(folder: Folder) -> None:
    main = 'import "sets.sym" as sets\nmodel M(x: sets.Z) -> 1:\n    return sets.Pol[4](x)\n'
    assert [diagnostic.code for diagnostic in complaints(folder(sets=SETS, main=main) / "main.sym")] == ["E0210", "E0210"]


def test_models_cannot_contain_themselves(found: Found) -> None:
    text = "model Ping(x: X) -> X:\n    return Pong(x)\nmodel Pong(x: X) -> X:\n    return Ping(x)\n"
    assert [diagnostic.code for diagnostic in found(text)] == ["E0222"]


def test_models_in_models_have_a_limit(program: Program, found: Found) -> None:
    def chain(count: int) -> str:
        models = (f"model M{i}(x: X) -> X:\n    return {f'M{i - 1}(relu(x))' if i else 'x'}\n" for i in range(count))
        return "".join(models)

    assert len(program(chain(16)).nodes) == 15
    assert [diagnostic.code for diagnostic in found(chain(17))] == ["E0523"]


def test_names_of_parameters(found: Found) -> None:
    for params, code in (("c, c", "E0211"), ("P", "E0212"), ("n", "E0212"), ("X = 3", "E0212"), ("c: nat", "E0210"), ("f: layer", "E0215")):
        assert code in {diagnostic.code for diagnostic in found(f"model M[{params}](x: Y) -> Y:\n    return x\n")}, params


def test_groups_that_look_like_one() -> None:
    from symc.diagnostics import Source

    text = "group P = S(n)\ngroup Q = S({})\nmodel M(x: perm(P), y: perm(Q)) -> 1:\n    return linear(x, y)\n"
    for size, count in (("n", 1), ("m", 0)):
        file, _ = parse(Source("two.sym", text.format(size)))
        ((graph,), _) = elaborate_all(file)
        assert [diagnostic.code for diagnostic in warnings(file, graph)] == ["W0201"] * count


def test_one_layer_without_a_file() -> None:
    graph = layer_graph("(a: perm(P)*3, b: 2) -> perm(P)*4", declarations(None, {"P": "S(n)"}))
    assert [value.name for value in graph.inputs] == ["a", "b"]
    assert str(graph.signature) == "(a: perm(P)*3, b: 2) -> perm(P)*4"
    (node,) = graph.nodes
    assert node.op.name == ""
