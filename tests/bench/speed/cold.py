"""The networks of nets.py built from text, each in a fresh process, and their training step, beside EMLP's default network in its own processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from . import nets
from .table import number

HERE = Path(__file__).parent
BATCHES = (64, 512)
ENVIRONMENT = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
    "SYMC_CACHE": "off",
    "PYTHONPATH": str(HERE.parents[2]),
}
OURS = """
import sys, time
import torch, symc, symc.api.layers, symc.backends
from symc.grammar.parser import grammar
torch.set_num_threads(1)
grammar()
start = time.process_time()
net = symc.compile(text=sys.argv[1])
print(time.process_time() - start)
"""


@dataclass(frozen=True)
class Cold:
    """One network: our seconds for each run, and what emlp_net.py reported, or why it did not."""

    name: str
    ours: list[float]
    emlp: dict[str, float]
    failed: str = ""


def cold(name: str, emlp: str | None, runs: int) -> Cold:
    ours = [float(_run([sys.executable, "-c", OURS, nets.text(name)]).stdout) for _ in range(runs)]
    if emlp is None:
        return Cold(name, ours, {}, "EMLP: not there (--emlp PYTHON of an environment that has it, see solve.py --install)")
    batches = [str(batch) for batch in BATCHES] if name == "O(3)" else []
    done = _run([emlp, str(HERE / "emlp_net.py"), name, *batches], check=False)
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1]) if done.stdout.strip() else {}
    return Cold(name, ours, found, "" if found else done.stderr.strip().rpartition("\n")[2][:160])


def _run(command: list[str], check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True, check=check, timeout=900)


def lines(found: Cold, steps: dict[int, float]) -> Iterator[str]:
    """steps: our seconds of a training step by batch, where they were measured."""
    ours = median(found.ours)
    if "build" in found.emlp:
        theirs = found.emlp["build"]
        beside = f"EMLP {number(theirs)} s, EMLP / symc {number(theirs / ours)}"
    else:
        beside = found.failed
    yield f"  {found.name:<8} symc {number(ours)} s{'' if ours < 1 else ' !'} (wanted < 1 s)   {beside}"
    for batch, step in steps.items():
        if f"step {batch}" in found.emlp:
            theirs, plain = found.emlp[f"step {batch}"], found.emlp[f"plain {batch}"]
            share = theirs / step
            yield (
                f"  {found.name:<8} training step, batch {batch}: symc {number(step * 1e3)} ms, EMLP jitted {number(theirs * 1e3)} ms, "
                f"{number(theirs / plain)} times its plain MLP; EMLP / symc {'' if share >= 50 else '! '}{number(share)} of 50"
            )


def below(found: Cold, steps: dict[int, float]) -> Iterator[str]:
    """What is less than wanted."""
    if median(found.ours) >= 1:
        yield f"{number(median(found.ours))} s, wanted < 1 s: building the net {found.name} from text"
    for batch, step in steps.items():
        share = found.emlp.get(f"step {batch}", 50 * step) / step
        if share < 50:
            yield f"{number(share)} of 50  EMLP / symc, training step: net {found.name}, batch {batch}"


def plain(found: Cold) -> dict[str, Any]:
    return {"net": found.name, "symc": found.ours, "emlp": found.emlp, "failed": found.failed}
