"""EMLP's side of cold.py, run by the Python of its own environment.

    python emlp_net.py GROUP BATCH...

Prints, as JSON, seconds of the processor: building its default network (384 channels, 3 layers) for five numbers and five vectors to a matrix, and
then, jitted and after three calls, a training step with SGD for each batch size; and the same of its plain MLP. The least of several calls.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any

import emlp.groups
import emlp.nn
import jax
import numpy as np
import objax
from emlp.reps import Scalar, T, V


def group(name: str) -> Any:
    return {"O(3)": lambda: emlp.groups.O(3), "S(4)": lambda: emlp.groups.S(4), "O(1,3)": lambda: emlp.groups.O13()}[name]()


def step(net: Any, batch: int, inside: int, outside: int) -> float:
    optimizer = objax.optimizer.SGD(net.vars())

    @objax.Function.with_vars(net.vars())  # type: ignore[misc]
    def loss(x: Any, y: Any) -> Any:
        return ((net(x) - y) ** 2).mean()

    gradients = objax.GradValues(loss, net.vars())

    @objax.Jit  # type: ignore[misc]
    @objax.Function.with_vars(net.vars() + optimizer.vars())  # type: ignore[misc]
    def train(x: Any, y: Any) -> Any:
        found, value = gradients(x, y)
        optimizer(lr=1e-6, grads=found)
        return value

    x, y = np.random.randn(batch, inside).astype(np.float32), np.random.randn(batch, outside).astype(np.float32)
    times = []
    end = time.monotonic() + 20
    for turn in range(10):
        start = time.process_time()
        jax.block_until_ready(train(x, y))
        jax.block_until_ready(list(net.vars().tensors()))
        times.append(time.process_time() - start)
        if turn >= 5 and time.monotonic() > end:
            break
    return min(times[3:])


def main(name: str, batches: list[int]) -> None:
    found = group(name)
    source, target = 5 * Scalar + 5 * V, T(2)
    start = time.process_time()
    net = emlp.nn.EMLP(source, target, group=found)
    seconds: dict[str, Any] = {"build": time.process_time() - start}
    print(json.dumps(seconds), flush=True)
    inside, outside = source(found).size(), target(found).size()
    plain = emlp.nn.MLP(source, target, group=found)
    for batch in batches:
        seconds[f"step {batch}"] = step(net, batch, inside, outside)
        seconds[f"plain {batch}"] = step(plain, batch, inside, outside)
        print(json.dumps(seconds), flush=True)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    main(sys.argv[1], [int(batch) for batch in sys.argv[2:]])
