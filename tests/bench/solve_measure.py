"""What both sides of `solve.py` measure with: one computation in a process of its own, reported as lines of JSON. For Linux."""

from __future__ import annotations

import json
import os
import resource
import signal
import time
from collections.abc import Callable
from typing import Any


def confine(gigabytes: float) -> None:
    """One core, since XLA starts threads whatever its flags say; and beyond this much address space an allocation fails instead of the machine."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    resource.setrlimit(resource.RLIMIT_AS, (int(gigabytes * 2**30),) * 2)


def peak() -> float:
    """The most memory this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def phase(name: str, compute: Callable[[], Any], timeout: float, describe: Callable[[Any], dict[str, Any]] = lambda _: {}) -> Any:
    """Computes, and reports seconds, the processor's seconds and the rise of the peak. The timeout, by the processor's seconds, so that what else the
    machine does decides nothing, ends the process."""
    before = peak()
    signal.setitimer(signal.ITIMER_PROF, timeout)
    start, start_cpu = time.perf_counter(), time.process_time()
    result = compute()
    seconds, cpu = time.perf_counter() - start, time.process_time() - start_cpu
    signal.setitimer(signal.ITIMER_PROF, 0)
    print(json.dumps({"phase": name, "seconds": seconds, "cpu": cpu, "mb": peak() - before, **describe(result)}), flush=True)
    return result


def failure(error: BaseException, gigabytes: float, what: str | None = None) -> None:
    if isinstance(error, MemoryError) or "RESOURCE_EXHAUSTED" in str(error):
        what = f"> {gigabytes:g} GB"
    print(json.dumps({"phase": "failure", "what": what or type(error).__name__, "message": str(error)[:2000]}), flush=True)
