"""Random programs over complex representations: real and complex types beside each other, each map over its own numbers."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from examination import examine
from hypothesis import event, given, settings
from hypothesis import strategies as st

import symc
from symc.backends import Net
from symc.diagnostics import DiagnosticError

LEAVES = {
    "U(1)": ["irrep(G, 1)", "irrep(G, -2)", "conj(irrep(G, 1))", "complex(2)"],
    "U(2)": ["vector(G)", "conj(vector(G))", "sym(vector(G), 2)", "det(G)", "complex(1)"],
    "SU(2)": ['irrep(G, "1/2")', 'irrep(G, "1")', "complex(real(vector(G)))"],
    "C(3)": ["complex(irrep(G, 1))", "complex(perm(G))", "complex(3)"],
    "S(n)": ["complex(perm(G))", "perm(G)*complex(2)", "complex(2)"],
    "C(4) * U(1)": ["complex(1)"],
}
SIZES = ({"n": 0}, {"n": 1}, {"n": 3})


@st.composite
def programs(draw: Any) -> str:
    """Complex tensors z0, z1, ... of drawn types, and real ones made of them."""
    group = draw(st.sampled_from(sorted(LEAVES)))
    leaf = st.sampled_from(LEAVES[group])

    def written() -> str:
        parts = [f"{draw(st.integers(1, 3))}*{draw(leaf)}" for _ in range(draw(st.integers(1, 2)))]
        return " + ".join(parts)

    first = written()
    lines = [f"group G = {group}", f"model M(z0: {first}, x: 2) -> (a: {first}, b: 3):"]
    types = [first]
    for _ in range(draw(st.integers(1, 4))):
        index = draw(st.integers(0, len(types) - 1))
        z, target = f"z{index}", written()
        kind = draw(st.sampled_from(("linear", "gate", "conj", "pairs", "scaled", "joined", "bilinear", "normalize", "outer")))
        match kind:
            case "linear":
                value = f"linear({z}, complex(x))"
            case "gate":
                value, target = f"2*{z} - {z} * linear[()](x)", types[index]
            case "conj":
                value, target = f"conj(conj({z}))", types[index]
            case "pairs":
                value = f"linear({z}, complex(linear[2](real({z}), norm({z}))))"
            case "bilinear":
                value = f"bilinear({z}, complex(linear[2](norm({z}), x)))"
            case "normalize":
                value, target = f"dropout[0.1](normalize({z})) + rmsnorm({z})", types[index]
            case "outer":
                value, target = f"outer(linear[()](x), {z})", types[index]
            case "scaled":
                value, target = f"0.5*{z} + -{z}/3", types[index]
            case _:
                value, target = f"linear(concat({z}, {z}))" if "+" in types[index] else f"linear({z}, {z})", target
        lines.append(f"    z{len(types)}: {target} = {value}")
        types.append(target)
    last = f"z{len(types) - 1}"
    lines.append(f"    return linear({last}, z0), linear(norm({last}), x)")
    return "\n".join(lines) + "\n"


def compiled(text: str) -> Net:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", symc.SymcWarning)
        return symc.compile(text=text, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).eval()


@settings(max_examples=60)
@given(programs())
def test_programs(text: str) -> None:
    try:
        net = compiled(text)
    except DiagnosticError as error:
        event("refused")
        assert {diagnostic.code for diagnostic in error.diagnostics} <= {"E0406", "E0317"}  # noqa: PT017
        return
    examine(net, compiled(text), SIZES)
