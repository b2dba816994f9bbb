"""Programs with mistakes at random places: a graph that keeps the rules of the IR, or diagnostics, and never anything else."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from symc.diagnostics import Source, render, to_json
from symc.grammar import parse
from symc.ir.verify import verify
from symc.passes.elaborate import elaborate_all, warnings

SPECS = [path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parents[1] / "golden" / "specs").glob("*.sym"))]
OWN = """\
group P = S(n)
group R = O(3)
group D = D(4)
rep   X = perm(P)
rep   v = vector(R)
rep   q = regular(D)
rep   H[c, T: rep = X] = T*(c + c*v)
model Layer[T: rep, c, p: float = 0.1](x: T*c, s: c) -> (x: T*c, s: c):
    let mix = linear[T*c, each=T]
    y = layernorm(mix(x)) * s
    if c >= 4:
        y = y + relu(mix(y)) / 2
    else:
        y = concat(x, y).1
    a, b = linear[(a: T*c, b: c), bias=false](y, s)
    return dropout[p](x - 0.5 * a), s + sum[T](tanh(linear(x))) + b
model Net[c = 8, depth = 2](x: H[c], z: (a: X*3, b: (c*q))) -> (energy: (), forces: X*v):
    h: X*c, k = linear[(h: X*c, k: c)](x, z)
    repeat depth:
        h, k = Layer[X, c](h, k)
    e: X = linear(norm(x.1)^2, h, mean[X](z.a))
    return sum[X](e), softmax[X](e) * linear(x)
"""
TOKEN = re.compile(r"\w+|[^\w\s]|\n *| +")
TEXTS = [OWN.replace("h: X*c, k = linear", "h, k = linear"), *SPECS]
WORDS = sorted({word for text in TEXTS for word in TOKEN.findall(text) if word.strip()})


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A spec with a few words changed, left out, added or exchanged."""
    words = TOKEN.findall(draw(st.sampled_from(TEXTS + TEXTS[:1] * len(TEXTS))))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(words) - 1))
        match draw(st.sampled_from(["change", "drop", "add", "exchange"])):
            case "change":
                words[place] = draw(st.sampled_from(WORDS))
            case "drop" if len(words) > 1:
                del words[place]
            case "add":
                words.insert(place, draw(st.sampled_from(WORDS)))
            case _:
                other = draw(st.integers(0, len(words) - 1))
                words[place], words[other] = words[other], words[place]
    return "".join(words)


@given(programs())
@settings(max_examples=300)
def test_no_program_makes_the_elaborator_fail(text: str) -> None:
    file, wrong = parse(Source("fuzz.sym", text))
    graphs, found = elaborate_all(file)
    for graph in graphs:
        assert verify(graph, "equivariant") == []
        found += warnings(file, graph)
    for diagnostic in (*wrong, *found):
        assert render(diagnostic)
        assert to_json(diagnostic)["code"] == diagnostic.code


def test_the_program_is_well_without_mistakes() -> None:
    file, wrong = parse(Source("own.sym", TEXTS[0]))
    graphs, found = elaborate_all(file)
    assert ([*wrong, *found], [graph.name for graph in graphs]) == ([], ["Net"])
