"""What both sides of `solve.py` measure with: one computation in a process of its own, reported as lines of JSON. For Linux."""

from __future__ import annotations

import json
import resource
import signal
import time
from collections.abc import Callable
from typing import Any


def limit_memory(gigabytes: float) -> None:
    """Beyond this much address space an allocation fails instead of the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (int(gigabytes * 2**30),) * 2)


def peak() -> float:
    """The most memory this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def phase(name: str, compute: Callable[[], Any], timeout: float, describe: Callable[[Any], dict[str, Any]] = lambda _: {}) -> Any:
    """Computes, and reports seconds, the processor's seconds and the rise of the peak. Past the timeout the alarm ends the process."""
    before = peak()
    signal.setitimer(signal.ITIMER_REAL, timeout)
    start, start_cpu = time.perf_counter(), time.process_time()
    result = compute()
    seconds, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    signal.setitimer(signal.ITIMER_REAL, 0)
    print(json.dumps({"phase": name, "seconds": seconds, "cpu": cpu, "mb": peak() - before, **describe(result)}), flush=True)
    return result


def failure(error: BaseException, what: str | None = None) -> None:
    print(json.dumps({"phase": "failure", "what": what or type(error).__name__, "message": str(error)[:2000]}), flush=True)
