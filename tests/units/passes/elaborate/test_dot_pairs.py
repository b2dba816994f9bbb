"""`dot` of what is not orthogonal: each axis is paired with its dual where the other operand has it, whatever else it has."""

from __future__ import annotations

import symc

TEXT = """
group G = matrices([[0, 1], [-1, -1]])
rep   v = vector(G)
rep   w = dual(vector(G))
model M(x: v*w) -> ():
    return dot[v*w](x, linear[w*v](x))
"""


def test_duals_meet() -> None:
    assert symc.verify(symc.compile(text=TEXT)).ok
