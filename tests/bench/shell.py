"""What the shell adds to a call of the graph module: names, batch axes and checks, for a model of two inputs that computes nothing.

    python tests/bench/shell.py

Prints microseconds a call, the least of several runs. 6 to 8 where nothing else runs.
"""

from __future__ import annotations

import timeit

import torch

import symc

CALLS, RUNS = 5000, 7
TEXT = "rep X = perm(S(n))\nmodel Same(x: X*3, y: X) -> (x: X*3, y: X):\n    return x, y\n"


def main() -> None:
    net = symc.compile(text=TEXT)
    x, y = torch.randn(2, 5, 3), torch.randn(2, 5)
    ways = {"by position": lambda: net(x, y), "by name": lambda: net(x=x, y=y), "no batch axis": lambda: net(x[0], y[0])}
    inner = least(lambda: net.graph_module.forward(x, y))
    for name, call in ways.items():
        print(f"{name:<15}{least(call) - inner:6.1f} us")


def least(call: object) -> float:
    with torch.no_grad():
        return min(timeit.repeat(call, number=CALLS, repeat=RUNS)) / CALLS * 1e6  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
