"""symc's side of `solve.py`.

    python solve_symc.py CASE TIMEOUT GIGABYTES

The same call of `symc.solve` twice: `cold`, in a process that has solved nothing but 1 -> 1, which starts what a process starts once; `warm`, with
what symc keeps in memory. Each also says how long it was `solving`, signature and groups read. Then the expected limit: how long numpy takes to write
as many bytes as the solution holds, and as its dense basis would.
"""

from __future__ import annotations

import dataclasses
import json
import math
import sys
import time
from typing import Any

import numpy as np
import solve_cases
from solve_measure import confine, failure, phase

from symc import DiagnosticError
from symc.algebra.groups import Group
from symc.algebra.hom import Certificate
from symc.algebra.reps import Rep
from symc.api.solving import Solution, solve

LARGEST = 1e9  # bytes of a dense basis that is written


def held(basis: object) -> int:
    """Bytes in the arrays and numbers of a basis, each array once, whatever Python adds to them left out. So are the groups, the representations and
    the certificates: they say what was asked and how good the answer is."""
    arrays: dict[int, int] = {}
    seen: set[int] = set()

    def count(item: Any) -> int:
        if isinstance(item, int | float | complex):
            return 16 if isinstance(item, complex) else 8
        if item is None or isinstance(item, str | Group | Rep | Certificate) or id(item) in seen:
            return 0
        seen.add(id(item))
        if isinstance(item, np.ndarray):
            while isinstance(item.base, np.ndarray):
                item = item.base
            arrays[id(item)] = item.nbytes
            return 0
        if dataclasses.is_dataclass(item):
            return sum(count(getattr(item, field.name)) for field in dataclasses.fields(item))
        if isinstance(item, dict):
            return sum(map(count, item.values()))
        if isinstance(item, tuple | list | set | frozenset):
            return sum(map(count, item))
        return sum(map(count, vars(item).values())) if hasattr(item, "__dict__") else 0

    return count(basis) + sum(arrays.values())


def writing(size: int) -> float:
    """Seconds that numpy takes to make an array of so many bytes, the least of several."""
    times = []
    repeats = max(1, 1_000_000 // size)  # of a small one, many at once
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(repeats):
            np.ones(-(-size // 8))
        times.append((time.perf_counter() - start) / repeats)
    return min(times)


def main(name: str, timeout: float, gigabytes: float) -> None:
    confine(gigabytes)
    case = next(case for case in solve_cases.CASES if case.name == name)

    def answer() -> Solution:
        return solve(case.signature, groups=case.groups)

    def describe(solution: Solution) -> dict[str, Any]:
        expected = solution.certificate.expected
        return {"dim": solution.dim, "method": solution.method, "expected": expected, "solving": solution.seconds}

    try:
        phase("start", lambda: solve("1 -> 1"), timeout)
        solution = phase("cold", answer, timeout, describe)
        phase("warm", answer, timeout, describe)
        stored = max(8, held(solution.basis))
        dense = solution.dim * math.prod(sum(int(rep.dim) for rep in reps) for reps in (solution.basis.sources, solution.basis.targets)) * 8
        limits = {"stored": stored, "write_stored": writing(stored), "dense": dense}
        if dense <= LARGEST:
            limits["write_dense"] = writing(max(8, dense))
        print(json.dumps({"phase": "limit", **limits}), flush=True)
    except DiagnosticError as error:
        failure(error, gigabytes, error.diagnostics[0].code)
    except Exception as error:
        failure(error, gigabytes)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
