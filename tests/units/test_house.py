"""The rooms: who may import whom, what start-up may import, what the package lists, how long a file may be."""

from __future__ import annotations

import ast
import os
import re
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LINKED = ("backends", "grammar", "passes")  # rooms that stand at the top of the repository
FRONT = "front"  # symc/__init__.py, symc/__main__.py, api and cli: whatever of symc is in no other room
TORCH_ROOMS = {"backends", "verification"}
LAZY = {"networkx", "platformdirs", "safetensors", "scipy"}  # imported in the functions that use them
SLOW = LAZY | {"torch", "matplotlib", "sklearn"}

# room -> the rooms it may import, besides itself
MAY_IMPORT: dict[str, set[str]] = {
    "diagnostics": set(),
    "algebra": {"diagnostics"},
    "ir": {"diagnostics", "algebra"},
    "drawing": {"diagnostics", "algebra", "ir"},
    "grammar": {"diagnostics"},
    "passes.solve": {"diagnostics", "algebra"},  # the solver never emits ops
    "passes": {"diagnostics", "algebra", "ir", "grammar", "passes.solve"},
    "backends": {"diagnostics", "algebra", "ir"},
    "verification": {"diagnostics", "algebra", "ir", "grammar", "passes.solve", "passes", "backends"},
    FRONT: {"diagnostics", "algebra", "ir", "drawing", "grammar", "passes.solve", "passes", "backends", "verification"},
}


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module, and where the import statement stands."""

    module: str
    line: int
    deferred: bool  # inside a function
    typing_only: bool  # under `if TYPE_CHECKING:`


def name_of(path: Path, root: Path = ROOT) -> str:
    """The name under which a file of the repository is imported: passes/solve/orbits.py is symc.passes.solve.orbits."""
    parts = path.relative_to(root).with_suffix("").parts
    parts = parts if parts[0] == "symc" else ("symc", *parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    parts = module.split(".")[1:]
    return next((room for room in (".".join(parts[:2]), ".".join(parts[:1])) if room in MAY_IMPORT), FRONT)


def library(root: Path = ROOT) -> dict[str, Path]:
    """Every module of the library by its name, each once: not again through a link."""
    folders = [root / "symc", *(root / name for name in LINKED)]
    links = {root / "symc" / name for name in LINKED}
    return {name_of(path, root): path for folder in folders for path in sorted(folder.rglob("*.py")) if not links & set(path.parents)}


def imports_of(source: str, modules: set[str]) -> Iterator[Import]:
    """What a module imports. `from a import b` imports a.b when that is a module of the library, and otherwise a."""

    def visit(node: ast.AST, deferred: bool, typing_only: bool) -> Iterator[Import]:
        match node:
            case ast.Import():
                for alias in node.names:
                    yield Import(alias.name, node.lineno, deferred, typing_only)
            case ast.ImportFrom():
                package = "." * node.level + (node.module or "")
                for alias in node.names:
                    inner = f"{package}.{alias.name}"
                    yield Import(inner if inner in modules else package, node.lineno, deferred, typing_only)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                deferred = True
            case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
                for child in node.body:
                    yield from visit(child, deferred, True)
                for child in node.orelse:
                    yield from visit(child, deferred, typing_only)
                return
            case _:
                pass
        for child in ast.iter_child_nodes(node):
            yield from visit(child, deferred, typing_only)

    yield from visit(ast.parse(source), False, False)


def violations(sources: dict[str, str]) -> list[str]:
    """What breaks the rules in these modules, given as {name: text}."""
    modules = set(sources)
    found: list[str] = []
    for name, source in sources.items():
        room = room_of(name)
        for one in imports_of(source, modules):
            top = one.module.partition(".")[0]
            where = f"{name}, line {one.line}"
            if one.module.startswith("."):
                found.append(f"{where}: imports are absolute")
            elif top in (*LINKED, "tests", "examples"):
                found.append(f"{where}: {one.module} has no such name once installed; say symc.{one.module}")
            elif top == "symc" and (target := room_of(one.module)) != room and target not in MAY_IMPORT[room]:
                found.append(f"{where}: {room} may not import {target} ({one.module})")
            elif top == "torch" and room not in TORCH_ROOMS and not (room == FRONT and one.typing_only):
                found.append(f"{where}: torch is imported in {' and '.join(sorted(TORCH_ROOMS))} only")
            elif top in LAZY and not (one.deferred or one.typing_only):
                found.append(f"{where}: {top} is imported inside the functions that use it")
    return found


def texts(root: Path = ROOT) -> dict[str, str]:
    return {name: path.read_text(encoding="utf-8") for name, path in library(root).items()}


def test_imports_go_one_way() -> None:
    assert violations(texts()) == []


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
@pytest.mark.parametrize("target", sorted(MAY_IMPORT))
def test_each_wrong_direction_would_be_seen(room: str, target: str) -> None:
    """The rule itself: one import line added to one room is refused exactly when the direction is wrong."""
    importer, imported = (f"symc.{name}.probe" if name != FRONT else "symc.api" for name in (room, target))
    sources = {importer: f"def late():\n    from {imported.rpartition('.')[0]} import {imported.rpartition('.')[2]}\n", "symc": ""}
    sources.setdefault(imported, "")
    allowed = target == room or target in MAY_IMPORT[room]
    assert bool(violations(sources)) == (not allowed)


@pytest.mark.parametrize(
    ("name", "source", "allowed"),
    [
        ("symc.backends.fx", "import torch", True),
        ("symc.verification", "from torch import nn", True),
        ("symc.passes.lower.dense", "import torch", False),
        ("symc.algebra.groups", "def late():\n    import torch.linalg", False),
        ("symc.api", "def late():\n    import torch", False),
        ("symc.api", "if TYPE_CHECKING:\n    import torch", True),
        ("symc.ir.graph", "import networkx as nx", False),
        ("symc.ir.graph", "def late():\n    import networkx as nx", True),
        ("symc.algebra.hom", "class A:\n    from scipy.linalg import eigh", False),
        ("symc.passes", "import passes.lower", False),
        ("symc.cli", "from grammar import parse", False),
        ("symc.ir.graph", "from .ops import Op", False),
    ],
)
def test_torch_and_the_slow_libraries(name: str, source: str, allowed: bool) -> None:
    assert bool(violations({name: source})) == (not allowed)


def test_the_dependencies_are_the_libraries_imported() -> None:
    own = {"symc", *sys.stdlib_module_names}
    sources = texts()
    used = {one.module.partition(".")[0] for source in sources.values() for one in imports_of(source, set(sources))} - own
    declared = {Requirement(line).name for line in PYPROJECT["project"]["dependencies"]}
    assert used == declared, "[project] dependencies in pyproject.toml against what the library imports"


def test_every_requirement_is_pinned_within_its_range() -> None:
    pins = {pin.name: pin for pin in map(Requirement, (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()[1:])}
    project = PYPROJECT["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values(), PYPROJECT["build-system"]["requires"]]
    wanted = [one for group in groups for one in map(Requirement, group) if one.name != "symc"]
    assert [str(pin) for pin in pins.values() if [one.operator for one in pin.specifier] != ["=="]] == []
    assert [str(one) for one in wanted if one.name not in pins] == []
    assert [str(one) for one in wanted if not one.specifier.contains(str(pins[one.name].specifier).removeprefix("=="))] == []


@pytest.mark.parametrize("statement", ["import symc", "import symc.cli", "import symc.passes, symc.grammar, symc.algebra, symc.ir"])
def test_start_up_leaves_the_slow_libraries_alone(statement: str) -> None:
    probe = f"import sys; {statement}; print(sorted({SLOW} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_packages_listed_are_the_folders_that_exist() -> None:
    tool = PYPROJECT["tool"]["setuptools"]
    folders = {name for name, path in library().items() if path.name == "__init__.py"}
    listed = set(tool["packages"])
    assert listed == folders, f"tool.setuptools.packages: add {sorted(folders - listed)}, remove {sorted(listed - folders)}"
    assert tool["packages"] == sorted(listed)
    assert tool["package-dir"] == {"symc": "symc"} | {f"symc.{name}": name for name in LINKED}


def test_every_folder_with_modules_is_a_package() -> None:
    without = {str(path.parent.relative_to(ROOT)) for path in library().values() if not (path.parent / "__init__.py").exists()}
    assert without == set(), "folders with modules and no __init__.py"


def test_package_data_names_every_file_that_is_no_module() -> None:
    data = PYPROJECT["tool"]["setuptools"]["package-data"]
    shipped = {path for package, globs in data.items() for glob in globs for path in directory(package).glob(glob)}
    rooms = [ROOT / "symc", *(ROOT / name for name in LINKED)]
    others = {path for room in rooms for path in files(room) if path.suffix != ".py" and not path.is_symlink()}
    assert shipped == others, "tool.setuptools.package-data against the files beside the modules"


def directory(package: str) -> Path:
    parts = package.split(".")
    return ROOT.joinpath(*(parts[1:] if len(parts) > 1 and parts[1] in LINKED else parts))


@pytest.mark.parametrize("name", LINKED)
def test_links_are_relative(name: str) -> None:
    link = ROOT / "symc" / name
    target = os.readlink(link) if link.is_symlink() else link.read_text(encoding="utf-8")  # without links, a file that names the target
    assert Path(target) == Path("..") / name


def files(folder: Path = ROOT) -> Iterator[Path]:
    """Every file of the repository, but for what tools leave behind. Folders are not followed through links."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink():
            hidden = path.name.startswith(".") and path.name != ".ci"
            if not hidden and path.name not in {"__pycache__", "build", "dist"} and path.suffix != ".egg-info":
                yield from files(path)
        elif path.name != ".git":  # a file in a linked work tree
            yield path


def test_files_are_short() -> None:
    lengths = {path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines()) for path in files() if path.suffix == ".py"}
    assert {str(path): n for path, n in lengths.items() if n > 600} == {}
    assert statistics.median(n for n in lengths.values() if n) <= 150


def test_no_file_names_a_machine() -> None:
    """No absolute path of somebody's machine and no package registry: those are configured outside."""
    places = re.compile(r"(?<![\w.)}\]*])/(?:work|root|home|opt|tmp|Users|mnt)/\w|\bpypi\.org|\bpython[h]osted\b|\bdownload\.pytorch\.org")
    found = []
    for path in files():
        if path.suffix in {".png", ".pdf", ".pt2", ".onnx", ".safetensors", ".npz"} or path.is_symlink():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if places.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []
