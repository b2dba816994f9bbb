"""How long a user waits: `symc check` as a whole process, and compiling a model in a running one.

    python tests/bench/startup.py [--runs 11]

Whole processes run in turn with `python -c "import numpy, lark, sympy"`, the libraries that checking rests on, one thread each; medians and the
median of the paired ratios. The expected limit is that import itself. Compiling is timed in fresh processes, after imports and the building of the
grammar.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
SPEC = """\
# thirty lines: sets, images and vectors
group P = S(n)
group D = D(4)
group R = O(3)
rep   X = perm(P)
rep   g = pixels(D, 8, 8)
rep   v = vector(R)

model Sets[width = 64, depth = 3](x: X*3) -> 10:
    h: X*width = relu(linear(x))
    repeat depth:
        h = h + relu(linear(h))
    m: width = mean[X](h)
    return linear(relu(linear[width](m)))

model Graphs[c = 16](a: X^2*2, x: X*3) -> X*1:
    h: X^2*c = relu(linear(a, x))
    h: X^2*c = relu(linear(h))
    return linear(h)

model Images[c = 8](image: g) -> 10:
    h: c*g = relu(linear(image))
    h: 32 = tanh(linear(h))
    return linear(h)

model Clouds[c = 8](x: X*v) -> X*v:
    h: X*c*v = linear(x)
    s: X*c = silu(linear(norm(h)))
    return linear(s * h)
"""
LIBRARIES = [sys.executable, "-c", "import numpy, lark, sympy"]


def seconds(command: list[str]) -> float:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "SYMC_CACHE": "off"}
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


def whole_process(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "thirty.sym"
        path.write_text(SPEC)
        check = [sys.executable, "-m", "symc", "check", str(path)]
        pairs = [(seconds(check), seconds(LIBRARIES)) for _ in range(runs + 1)][1:]
    print(f"symc check, {len(SPEC.splitlines())} lines, whole process   {median(a for a, _ in pairs):.3f} s")
    print(f"import numpy, lark, sympy, whole process  {median(b for _, b in pairs):.3f} s")
    print(f"ratio (median of {runs} pairs; wanted <= 2)    {median(a / b for a, b in pairs):.2f}")


COMPILING = """
import sys, time
sys.path.insert(0, sys.argv[1])
import torch, symc, symc.api.layers, symc.backends
from symc.grammar.parser import grammar
torch.set_num_threads(1)
grammar()
start = time.perf_counter()
symc.compile(sys.argv[2])
print(time.perf_counter() - start)
"""


def compiling(runs: int) -> None:
    """The first compilation of a process, nothing solved before."""
    for name in ("deepsets", "digits"):
        command = [sys.executable, "-c", COMPILING, str(ROOT), str(EXAMPLES / f"{name}.sym")]
        times = [float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(runs)]
        print(f"compiling {name}.sym after imports{' (wanted < 0.1 s)' if name == 'deepsets' else ''}  {median(times):.3f} s")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--runs", type=int, default=11)
    options = arguments.parse_args()
    whole_process(options.runs)
    compiling(options.runs)
