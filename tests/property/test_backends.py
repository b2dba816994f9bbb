"""Random layers, contractions and sizes: what is emitted computes what the oracle computes, and keeps every symmetry."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import symc
from symc.algebra.sizes import Size, free, number
from symc.backends.eager import evaluate
from symc.backends.einsum import contract
from symc.backends.free_sizes import evaluate as evaluate_size
from symc.backends.free_sizes import polynomial, readings, solve
from symc.diagnostics import DiagnosticError
from symc.verification import verify

GROUPS = {"P": "S(n)", "Q": "S(m)", "R": "O(3)", "D": "D(4)", "G": "matrices([[-0.5, -0.8660254037844386], [0.8660254037844386, -0.5]])"}
LEAVES = ["perm(P)", "perm(P)", "perm(Q)", "vector(R)", "vector(D)", "regular(D)", "pixels(D, 2, 2)", "vector(G)", "2", "3"]

leaf = st.sampled_from(LEAVES)
term = st.lists(leaf, min_size=1, max_size=2).map("*".join)
summed = st.lists(term, min_size=2, max_size=3).map(lambda terms: f"({' + '.join(terms)})")
axes = st.lists(st.one_of(leaf, leaf, summed), min_size=1, max_size=2).map("*".join)


@st.composite
def signatures(draw: st.DrawFn) -> str:
    inputs = draw(st.lists(axes, min_size=1, max_size=2))
    return f"({', '.join(f'x{i}: {item}' for i, item in enumerate(inputs))}) -> {draw(axes)}"


@pytest.mark.filterwarnings("ignore::UserWarning")  # parts that nothing reaches
@settings(max_examples=40)
@given(signatures(), st.integers(0, 4), st.integers(0, 3), st.integers(0, 2**16))
def test_layers_compute_what_the_oracle_computes(signature: str, n: int, m: int, seed: int) -> None:
    try:
        net = symc.linear(signature, groups=GROUPS, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    except DiagnosticError as error:
        codes = {diagnostic.code for diagnostic in error.diagnostics}
        assume(not codes <= {"E0406", "E0322"})  # no map but zero, or a size that no axis shows
        raise
    sizes = {"n": n, "m": m}
    generator = torch.Generator().manual_seed(seed)
    inputs = [torch.randn(2, *(number(size, sizes) for size in spec.sizes), dtype=torch.float64, generator=generator) for spec in net.inputs]
    with torch.no_grad():
        (expected,) = evaluate(net.program, inputs, dict(net.named_parameters()))
        result = net(*inputs)
    torch.testing.assert_close(result, expected, rtol=1e-10, atol=1e-12)
    assert verify(net, sizes={name: max(sizes[name], 1) for name in net.program.free}, trials=1).error <= 1e-12


@given(st.data())
def test_contractions(data: st.DataObject) -> None:
    letters = data.draw(st.permutations("abcde"))
    first, second = (data.draw(st.lists(st.sampled_from(letters), max_size=4, unique=True).map("".join)) for _ in range(2))
    known = sorted(set(first + second))
    out = "".join(data.draw(st.permutations(known)))[: data.draw(st.integers(0, len(known)))]
    batched = data.draw(st.tuples(st.booleans(), st.booleans()))
    size = {letter: 2 + i for i, letter in enumerate("abcde")} | {"a": data.draw(st.integers(0, 1))}
    rng = np.random.default_rng(0)
    x, y = (rng.standard_normal([*[3] * lead, *(size[letter] for letter in term)]) for term, lead in zip((first, second), batched, strict=True))
    result = contract(f"{first},{second}->{out}", torch.tensor(x), torch.tensor(y), batched)
    full = f"{'z' * batched[0]}{first},{'z' * batched[1]}{second}->{'z' * any(batched)}{out}"
    np.testing.assert_allclose(result, np.einsum(full, x, y), rtol=1e-12, atol=1e-12)


N, M = free("n"), free("m")
monomials = st.sampled_from([N, M, N**2, N * M, M**2])
polynomials = st.lists(st.tuples(st.integers(1, 3), monomials), min_size=1, max_size=3).map(lambda terms: sum(a * x for a, x in terms))


@given(polynomials, st.integers(0, 20), st.integers(0, 20))
def test_sizes_are_evaluated_exactly(size: Size, n: int, m: int) -> None:
    assert evaluate_size(polynomial(size), {"n": n, "m": m}) == number(size, {"n": n, "m": m})


@given(polynomials, st.integers(1, 2000))
def test_a_size_beside_a_plain_one_is_found(size: Size, n: int) -> None:
    shapes = [(M,), (size,)] if "n" in {str(symbol) for symbol in size.free_symbols} else [(M,), (N,), (size,)]
    concrete = [[number(one, {"n": n, "m": 7}) for one in shape] for shape in shapes]
    found: dict[str, int] = {}
    for reading in readings(shapes):
        found[reading.name] = solve(reading, concrete[reading.input][reading.axis], found)
    assert found == {"n": n, "m": 7}
