"""Solving Hom_G(V, W): symc beside EMLP 1.0.3 (Finzi et al. 2021), each case in processes of its own, in turn, on one core.

    python tests/bench/solve.py [--peer PYTHON | --install DIR] [--only REGEX] [--runs 1] [--timeout 60] [--memory 12] [--json FILE]

    --peer PYTHON   the Python of an environment that has EMLP
    --install DIR   makes such an environment in DIR, with the pins below, unless it is there; needs Python 3.11 or earlier.
                    With neither, symc alone

The columns, for symc and then for EMLP:

    cold    seconds of the first call in a fresh process that has imported and started (see --json for what starting takes: symc builds the grammar
            of its language, EMLP compiles the least it can): symc without its disk cache, EMLP with what it compiles for this shape, both from the
            making of the group to the rank. symc's is the median of --runs
    warm    seconds of the same call again, with what each keeps in memory
    jitted  EMLP once more, its cache of solutions emptied, its compiled code kept
    MB      how far the cold call raised the peak of resident memory above the peak of the imports
    limit   symc's seconds of solving in the cold call, over the seconds numpy takes to write as many bytes as the solution holds (a call of numpy,
            0.8 us, where that is little); for the dense basis, where it takes less than 1 GB, see --json
    ratio   EMLP's cold over symc's cold

`> 60` was ended after so many seconds of the processor, `> 12 GB` asked for more than --memory, `E....` is symc's diagnostic, any other word an
exception. Exit status 1 only if symc gives a wrong dimension. The cases are in solve_cases.py.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import venv
from pathlib import Path
from statistics import median
from typing import Any

from solve_cases import CASES, Case

HERE = Path(__file__).parent
PINS = [  # in two steps; with newer ones EMLP does not import, or gives NaN
    "setuptools<70 wheel",
    "jax==0.4.13 jaxlib==0.4.13 numpy<2 scipy<1.12 plum-dispatch==1.7.4 optax==0.1.7 chex<0.1.83 objax==1.7.0 six emlp==1.0.3",
]
ONE_THREAD = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}
SETTINGS = {"JAX_PLATFORMS": "cpu", "PYTHONHASHSEED": "0", "PYTHONPATH": str(HERE.parents[1]), "SYMC_CACHE": "off"}
Row = dict[str, Any]


def run(python: str, script: str, case: Case, timeout: float, memory: float) -> Row:
    """One side of one case: what its phases reported, and under `stopped` why there are no more of them."""
    command = [python, str(HERE / script), case.name, str(timeout), str(memory)]
    done = subprocess.run(command, env={**os.environ, **ONE_THREAD, **SETTINGS}, capture_output=True, text=True, check=False)
    row: Row = {line.pop("phase"): line for line in map(json.loads, re.findall(r"^{.*}$", done.stdout, re.MULTILINE))}
    if done.returncode == -signal.SIGPROF:
        row["stopped"] = f"> {timeout:g}"
    elif "failure" in row:
        row["stopped"] = row["failure"]["what"]
    elif done.returncode:
        row["stopped"] = f"exit {done.returncode}"
        row["failure"] = {"message": done.stderr[-2000:]}
    return row


def measure(case: Case, peer: str | None, options: argparse.Namespace) -> Row:
    limits = options.timeout, options.memory
    runs = [run(sys.executable, "solve_symc.py", case, *limits)]
    other = run(peer, "solve_peer.py", case, *limits) if peer else {}
    runs += [run(sys.executable, "solve_symc.py", case, *limits) for _ in range(options.runs - 1)]
    symc = runs[0]
    if all("cold" in row for row in runs):
        for key in ("seconds", "cpu", "solving"):
            symc["cold"][key] = median(row["cold"][key] for row in runs)
    row = {"case": case.name, "dim": case.dim, "how": case.how, "signature": case.signature, "groups": case.groups, "expression": case.peer}
    return {**row, "symc": symc, "emlp": other}


def right(row: Row, side: str) -> bool:
    return "cold" in row[side] and row[side]["cold"]["dim"] == row["dim"]


def wrong(row: Row, side: str) -> bool:
    return "cold" in row[side] and not right(row, side)


def ratio(row: Row, key: str = "seconds") -> float | None:
    """EMLP's cold seconds over symc's, where both answered."""
    return row["emlp"]["cold"][key] / row["symc"]["cold"][key] if "cold" in row["emlp"] and "cold" in row["symc"] else None


def limit(row: Row, key: str = "write_stored") -> float | None:
    """symc's seconds of solving over those of writing."""
    writing = row["symc"].get("limit", {}).get(key)
    return row["symc"]["cold"]["solving"] / writing if writing else None


COLUMNS = [22, -6, -6, -5, 20, -8, -8, -7, -8]  # widths, to the right where negative
PEER_COLUMNS = [-13, -5, -8, -8, -8, -7, -9]


def line(cells: list[str]) -> str:
    widths = (COLUMNS + PEER_COLUMNS)[: len(cells)]
    return "  ".join(f"{cell:>{-width}}" if width < 0 else f"{cell[:width]:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


def header(peer: str | None) -> str:
    names = ["case", "dim", "symc", "right", "method", "cold s", "warm s", "MB", "limit"]
    return line([*names, *(["EMLP", "right", "cold s", "warm s", "jitted s", "MB", "ratio"] if peer else [])])


def show(row: Row, peer: str | None, timeout: float) -> str:
    def seconds(side: Row, phase: str) -> str:
        return number(side[phase]["seconds"]) if phase in side else ""

    def answer(side: str) -> list[str]:
        if "cold" not in row[side]:
            return [row[side]["stopped"][:13], ""]
        return [str(row[side]["cold"]["dim"]), "yes" if right(row, side) else "WRONG"]

    symc, emlp = row["symc"], row["emlp"]
    cells = [row["case"], str(row["dim"]), *answer("symc"), symc["cold"]["method"] if "cold" in symc else ""]
    cells += [seconds(symc, "cold"), seconds(symc, "warm"), number(symc["cold"]["mb"]) if "cold" in symc else "", number(limit(row))]
    if peer:
        cells += [*answer("emlp"), seconds(emlp, "cold"), seconds(emlp, "warm"), seconds(emlp, "jitted")]
        cells += [number(emlp["cold"]["mb"]) if "cold" in emlp else ""]
        ended = "cold" in symc and emlp.get("stopped") == f"> {timeout:g}" and "cold" not in emlp
        cells += [f"> {number(timeout / symc['cold']['seconds'])}" if ended else number(ratio(row))]
    return line(cells)


def number(value: float | None) -> str:
    """Three figures."""
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.4f}"


def summary(rows: list[Row], peer: str | None) -> list[str]:
    def those(what: str, found: list[str]) -> str:
        return f"{what}: {len(found)}" + (f" ({'; '.join(found)})" if found else "")

    def stopped(row: Row, side: str) -> bool:
        return "cold" not in row[side]

    answered = [row for row in rows if not stopped(row, "symc")]
    lines = [f"symc right: {sum(right(row, 'symc') for row in rows)} of {len(rows)}"]
    lines += [those("symc wrong", [row["case"] for row in rows if wrong(row, "symc")])]
    lines += [those("symc without an answer", [f"{row['case']} {row['symc']['stopped']}" for row in rows if stopped(row, "symc")])]
    if answered:
        cold, solving = (median(row["symc"]["cold"][key] for row in answered) for key in ("seconds", "solving"))
        lines += [f"symc cold: median {number(cold)} s, of which solving {number(solving)} s"]
    for what, key in (("what is held", "write_stored"), ("the dense basis where it is under 1 GB", "write_dense")):
        if limits := [value for row in answered if (value := limit(row, key)) is not None]:
            lines += [f"solving over writing {what}: median {number(median(limits))}, {len(limits)} cases"]
    if peer:
        lines += [f"EMLP right: {sum(right(row, 'emlp') for row in rows)} of {len(rows)}"]
        lines += [those("EMLP wrong", [f"{row['case']} {row['emlp']['cold']['dim']}" for row in rows if wrong(row, "emlp")])]
        missed = [row for row in answered if stopped(row, "emlp") or wrong(row, "emlp")]
        lines += [those("EMLP wrong or without an answer, symc with one", [row["case"] for row in missed])]
        for what, key in (("seconds", "seconds"), ("seconds of the processor", "cpu")):
            if ratios := [(value, row["case"]) for row in rows if (value := ratio(row, key)) is not None]:
                middle, (least, where) = median(value for value, _ in ratios), min(ratios)
                lines += [f"ratio of cold {what}, {len(ratios)} cases where both answered: median {number(middle)}, least {number(least)} ({where})"]
    return lines


def find_peer(options: argparse.Namespace) -> str | None:
    """A Python that imports EMLP, or None with a message."""
    python = options.peer
    if options.install:
        python = str(options.install / "bin" / "python")
        try:
            if not Path(python).exists():
                venv.create(options.install, with_pip=True)
            if subprocess.run([python, "-c", "import emlp"], capture_output=True, check=False).returncode:
                for step in PINS:
                    subprocess.run([python, "-m", "pip", "install", "--quiet", *step.split()], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"EMLP could not be installed: {error}", file=sys.stderr)
    try:
        if python and not subprocess.run([python, "-c", "import emlp"], capture_output=True, check=False).returncode:
            return str(python)
    except OSError:
        pass
    print("Without EMLP (--install DIR, or --peer PYTHON of an environment that has it): symc alone.", file=sys.stderr)
    return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--peer", metavar="PYTHON")
    where.add_argument("--install", type=Path, metavar="DIR")
    parser.add_argument("--only", default="", metavar="REGEX", help="the cases whose name has a match")
    parser.add_argument("--runs", type=int, default=1, help="cold runs of symc")
    parser.add_argument("--timeout", type=float, default=60.0, help="seconds of the processor for each call")
    parser.add_argument("--memory", type=float, default=12.0, help="GB of address space for each process")
    parser.add_argument("--json", type=Path, metavar="FILE", help="everything measured")
    options = parser.parse_args()
    peer = find_peer(options)
    rows: list[Row] = []
    print(header(peer))
    for case in CASES:
        if re.search(options.only, case.name):
            rows.append(measure(case, peer, options))
            print(show(rows[-1], peer, options.timeout), flush=True)
            if options.json:
                options.json.write_text(json.dumps(rows, indent=1))
    print("", *summary(rows, peer), sep="\n")
    return int(any(wrong(row, "symc") for row in rows))


if __name__ == "__main__":
    sys.exit(main())
