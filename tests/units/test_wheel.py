"""symc as others get it: a wheel built from the sdist, an editable install, a checkout without links. Each is used away from the tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).parents[2]
LINKED = ("backends", "grammar", "passes")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES: list[str] = PYPROJECT["tool"]["setuptools"]["packages"]
LEFT_BEHIND = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info")
WHERE = f"import sys, {', '.join(PACKAGES)}; print(*(sys.modules[name].__file__ for name in {PACKAGES}), sep='\\n')"
GOOD = """\
group P = S(n)
rep   X = perm(P)
model Sets[width = 8](x: X*3) -> 1:
    return linear(relu(linear[X*width](x)))
"""


def run(*command: str | Path, cwd: Path, ok: bool = True) -> str:
    """What a command prints, run with no variable that leads back to this tree. `ok=False`: it must refuse, with no traceback."""
    variables = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=variables, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert (done.returncode == 0) == ok, f"{command}\n{said}"
    assert "Traceback" not in said, said
    return done.stdout if ok else said


def copy_tree(target: Path) -> Path:
    return Path(shutil.copytree(ROOT, target, symlinks=True, ignore=LEFT_BEHIND))


def environment(folder: Path) -> Path:
    """The Python of a fresh environment that holds nothing of its own, and sees the libraries installed here. They come in through a .pth file;
    what it names is not searched for further .pth files, so an editable symc installed here stays out of sight."""
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    lent = dict.fromkeys(sysconfig.get_path(key) for key in ("purelib", "platlib"))
    Path(site, "lent.pth").write_text("\n".join(lent) + "\n", encoding="utf-8")
    return python


def assert_works(python: Path, home: Path, away: Path) -> None:
    """Every package of symc comes from `home`, and the command line works in the folder `away`."""
    assert [path for path in run(python, "-c", WHERE, cwd=away).splitlines() if not Path(path).is_relative_to(home)] == []
    (away / "good.sym").write_text(GOOD, encoding="utf-8")
    (away / "bad.sym").write_text(GOOD.replace("X*width", "Y*width"), encoding="utf-8")
    run(python, "-m", "symc", "check", "good.sym", cwd=away)
    assert run(python, "-m", "symc", "check", "bad.sym", cwd=away, ok=False)


def pip_install(python: Path, *what: str | Path) -> None:
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--force-reinstall", "--no-deps", *what, cwd=python.parent)


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An sdist, and the wheel built from it."""
    tree = copy_tree(tmp_path_factory.mktemp("source") / "symc")
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, cwd=tree)
    (sdist,), (wheel,) = out.glob("*.tar.gz"), out.glob("*.whl")
    return sdist, wheel


def expected_modules() -> set[str]:
    """Every module and data file of the library, by the path it has when installed."""
    folders = [("symc", ROOT / "symc"), *((f"symc/{name}", ROOT / name) for name in LINKED)]
    links = {ROOT / "symc" / name for name in LINKED}
    return {
        f"{prefix}/{path.relative_to(folder).as_posix()}"
        for prefix, folder in folders
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not links & {path, *path.parents}
    }


def test_the_wheel_holds_the_library_and_nothing_else(artifacts: tuple[Path, Path]) -> None:
    names = set(zipfile.ZipFile(artifacts[1]).namelist())
    assert {name for name in names if ".dist-info/" not in name} == expected_modules()
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_sdist_can_be_read_and_tested(artifacts: tuple[Path, Path]) -> None:
    with tarfile.open(artifacts[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", "constraints.txt", "tests/conftest.py", "grammar/sym.lark"} <= names


def test_the_wheel_works_in_a_fresh_environment(artifacts: tuple[Path, Path], tmp_path: Path) -> None:
    python = environment(tmp_path / "venv")
    pip_install(python, "--no-index", artifacts[1])
    away = tmp_path / "away"
    away.mkdir()
    assert_works(python, tmp_path / "venv", away)
    assert "check" in run(python.with_name("symc"), "--help", cwd=away)


def test_an_editable_install_works_away_from_the_tree(tmp_path: Path) -> None:
    tree = copy_tree(tmp_path / "tree")
    python = environment(tmp_path / "venv")
    pip_install(python, "--no-build-isolation", "--editable", tree)
    assert_works(python, tree, tmp_path)
    assert "check" in run(python.with_name("symc"), "--help", cwd=tmp_path)


@pytest.mark.parametrize("left", ["nothing", "a file naming the target"])
def test_a_checkout_without_links_works_from_its_root(left: str, tmp_path: Path) -> None:
    tree = copy_tree(tmp_path / "tree")
    for name in LINKED:
        (tree / "symc" / name).unlink()
        if left != "nothing":
            (tree / "symc" / name).write_text(f"../{name}", encoding="utf-8")
    assert_works(environment(tmp_path / "venv"), tree, tree)
