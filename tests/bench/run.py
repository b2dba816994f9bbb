"""Compiled modules beside what one would use otherwise: plain and hand-written PyTorch, e3nn, escnn, symm-learning, EMLP. One thread, in one process.

    python tests/bench/run.py [--only REGEX] [--quick] [--no-compile] [--json FILE] [--peers DIR] [--emlp PYTHON]

For each case the contenders take turns, and a number is the median over the rounds. The rows of a case:

    symc, ms              ours
    over the bound, ms    how many times what no program can beat on this machine, and that bound: the fewest floating point operations known for the
                          work at the rate of a matrix product, or the tensors that come in and go out at the rate of a copy, whichever takes longer
    ... / symc            theirs over ours, `of` what is wanted, marked ! where it is less

and the columns:

    fwd+bwd     forward and backward in train mode, gradients of inputs and weights; for a net or an example a training step with SGD
    forward     in eval mode, without gradients
    frozen      the same of `symc.freeze(net)`; theirs as it is
    compiled    both under torch.compile, ours with fullgraph
    memory      the most that torch's allocator holds during one fwd+bwd, from the memory events of its profiler

Then seconds to build networks from text in fresh processes, beside EMLP 1.0.3 in its own environment (solve.py --install makes one): --only cold.

All times are seconds of the processor, which on one thread is what passes where nothing else runs. What is not installed is left out and named.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import torch
from speed import cold, examples, finite, irreps, nets, permutations, table
from speed.case import Case
from speed.clock import measure_machine
from speed.measure import Effort, Row, measure


def cases() -> Iterator[Case]:
    for module in (finite, irreps, permutations, nets, examples):
        yield from module.cases()


def plain(row: Row) -> dict[str, object]:
    """A row for JSON."""
    wanted = {peer.name: dict(peer.wanted) for peer in row.case.peers}
    contenders = [{**dataclasses.asdict(one), "wanted": wanted.get(one.name, {})} for one in row.found]
    return {"case": row.case.name, "flops": row.flops, "moved": row.moved, "bound": row.bound, "contenders": contenders, "absent": row.absent}


def steps_of(rows: list[Row], name: str) -> dict[int, float]:
    """Our seconds of a training step of a net, by batch."""
    cases = {nets.net(name, batch).name: batch for batch in cold.BATCHES}
    return {cases[row.case.name]: row.found[0].seconds["fwd+bwd"] for row in rows if row.case.name in cases}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", metavar="REGEX", help="the cases whose name has a match")
    parser.add_argument("--quick", action="store_true", help="few rounds")
    parser.add_argument("--no-compile", action="store_true", help="without torch.compile, which takes most of the time")
    parser.add_argument("--json", type=Path, metavar="FILE", help="everything measured")
    parser.add_argument("--peers", type=Path, metavar="DIR", help="a folder of packages to import peers from")
    parser.add_argument("--emlp", metavar="PYTHON", help="the Python of an environment that has EMLP")
    options = parser.parse_args()
    if options.peers:
        sys.path.append(str(options.peers))
    warnings.simplefilter("ignore")
    torch._logging.set_logs(all=logging.CRITICAL)  # what torch.compile says of peers it cannot compile
    torch.set_num_threads(1)
    effort = Effort(5 if options.quick else 15, 1.0 if options.quick else 4.0, not options.no_compile)
    machine = measure_machine()
    rates = ", ".join(f"{rate / 1e9:.1f} at {size / 1e6:.2g} MB" for size, rate in machine.copies)
    print(f"torch {torch.__version__}, one thread. Matrix product {machine.flops / 1e9:.0f} Gflop/s; copy, GB/s read and written: {rates}\n")
    print(table.header())
    rows: list[Row] = []
    built: list[cold.Cold] = []

    def save() -> None:
        if options.json:
            head = {"torch": torch.__version__, "machine": dataclasses.asdict(machine)}
            found = {**head, "rows": [plain(row) for row in rows], "cold": [cold.plain(one) for one in built]}
            options.json.write_text(json.dumps(found, indent=1))

    for case in cases():
        if re.search(options.only, case.name):
            rows.append(measure(case, machine, effort))
            print(*table.lines(rows[-1]), sep="\n", flush=True)
            save()
    print("\nBuilding the net from text, after imports, in a fresh process; and EMLP's default net of the same width")
    for name in nets.NETS:
        if re.search(options.only, f"cold {name}"):
            built.append(cold.cold(name, options.emlp, 1 if options.quick else 3))
            print(*cold.lines(built[-1], steps_of(rows, name)), sep="\n", flush=True)
            save()
    missed = [*table.below(rows), *(line for one in built for line in cold.below(one, steps_of(rows, one.name)))]
    print("\nBelow what is wanted:", *(missed or ["nothing"]), sep="\n    ")


if __name__ == "__main__":
    main()
