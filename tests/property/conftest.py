"""Mutated `.sym` texts: right ones, made a little or quite wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import TypeAlias

import pytest

Mutate: TypeAlias = Callable[[Random, Sequence[str]], str]

ROOT = Path(__file__).parents[2]
TOKEN = re.compile(r'#[^\n]*|"[^"\n]*"|\d+\.\d+|\d+|\w+|->|\.\.|==|!=|<=|>=|\n *|[^\w\s]| +')

SUPPORTED = (
    """\
group P = S(n)
group R = O(3)
rep   X = perm(P)
rep   v = vector(R)
model Clouds[c = 4](x: X*v, z: X*3) -> (energy: (), forces: X*v):
    h: X*c = silu(linear[each=X](z, norm(x)))
    repeat 2:
        h = h + silu(linear(h))
    w: X*1 = tanh(linear(h))
    f: X*v = w * linear(x)
    return sum[X](linear[each=X](h)), f
""",
    """\
group G = permutations("(0 1 2)(3 4)", "(0 1)")
rep   X = perm(G)
rep   s = sign(G)
model Both[c = 2](x: X*2, y: 1 + s) -> X + s:
    h: X*c + 3*s = linear(x, y)
    return linear(h)
""",
    """\
group M = matrices([[0, -1], [1, 0]], [[1, 0], [0, -1]])
group C = C(4)
rep   m = vector(M)
rep   d = dual(m)*regular(C)
model Inner[c = 3](x: m*c, y: d) -> (a: m, b: 4):
    let enc = linear[c*m]
    h = enc(x)
    g: c*m = h * sigmoid(linear[c*1](norm(h)))
    return linear(g), linear(y, norm(x)^2)
""",
    """\
group D = D(4)
group S = S(3)
rep   g = pixels(D, 4, 4)
rep   Y = perm(S)
model Head[T: rep, c](x: T*c) -> T*c:
    return x + relu(linear(layernorm(x)))
model Images[c = 2, depth = 2](x: g, y: Y*2) -> (p: Y, q: 5):
    h: c*g = relu(linear(x))
    if depth >= 2:
        h = dropout[0.1](h)
    else:
        h = h * 2
    k: Y*4 = Head[Y, 4](linear(y))
    a: Y = softmax[Y](linear(k, max[g](h)))
    return a, linear(concat(mean[Y](k), mean[g](h)))
""",
    """\
group P = S(n)
group Q = S(m)
group T = SO(2)
rep   X = perm(P)
rep   Y = perm(Q)
rep   Z = dual(vector(T)) + sign(T)
model Graphs[c = 2](a: X^2*2, b: Y*X, z: X*Z*2) -> (r: X*Y*c, s: X*Z):
    h: X^2*c = relu(linear(a))
    d: X*c = tanh(linear(h, norm(z))) / (1 + square(sum[Y](b)))
    z: X*Z*c = d * linear[each=X](z)
    return linear(d, b), linear(z)
""",
    """\
group R = O(3)
group Q = D(4)
group K = subgroup(Q, "(1 3)")
group B = wreath(C(2), S(3))
group M = E(2)
rep   v = irreps(R, "2x0e + 1x1o")
rep   u = induce(sign(K), Q) + cosets(Q, K)
rep   t = rep(Q, [[0, -1], [1, 0]], [[1, 0], [0, -1]])
rep   p = point(M)
model Powers[c = 2](x: v*c, y: u, z: sym(vector(R), 2)) -> (a: traceless(vector(R), 2), b: t + irrep(Q, "2+")):
    return linear(x, z), linear(y)
model Signed[c = 2](x: vector(B)*3, y: perm(B)) -> vector(B)*c:
    return tanh(linear(x)) + linear(x, y)
model Places[c = 3](x: 4*p) -> (near: p, far: c*vector(M)):
    q: p = linear(x)
    return q, linear(x - q)
group W = semidirect(T(2), C(4), by=vector(C(4)))
group L = lie([[0, -1, 0], [1, 0, 0], [0, 0, 0]])
rep   l = restrict(vector(SO(3)), subgroup(SO(3), SO(2)))
model Others(x: 2*point(W), y: vector(L)^2, z: l*2) -> (p: point(W), q: alt(vector(L), 2), r: l):
    return linear(x), linear(y), linear(z)
""",
)

LANGUAGE = """\
group rep model let repeat if else return import as extern weights linear bilinear relu tanh sigmoid abs exp log sqrt gelu norm sum mean max
softmax layernorm dropout concat gate outer each bias perm vector sign regular trivial pixels dual S C D O SO SU A E matrices permutations wreath
irrep irreps det conj complex real sym alt traceless cosets induce restrict rep point blocks subgroup semidirect lie generated automorphisms algebra
by U SU Sp GL SL SE T grid
X Y Z x y h n m c P R G 0 1 2 3 5 16 100 1000 100000 9007199254740992 0.5 1e9 1e300 () ( ) [ ] , : = + - * / ^ . -> .. == < >= " # @ { }
; ² ⊗ →
"""
WORDS = LANGUAGE.split()

ALIKE = tuple(
    frozenset(words.split())
    for words in (
        "relu tanh sigmoid abs exp log sqrt gelu silu square sin softplus elu norm layernorm",
        "sum mean max softmax",
        "perm vector sign regular trivial dual det point conj complex real",
        "sym alt traceless irrep irreps",
        "cosets induce restrict",
        "permutations matrices lie",
        "S C D O SO A U SU Sp GL SL E SE T",
        "+ - * /",
        "0 1 2 3 4 5 n m 2*n n+1 -1 0.5",
        "X Y Z g v s m d X*c X^2 Y*3 1 () 2 (X+1) (v+v) c*v X*v dual(v)",
        "x y z h k a b f w p q",
    )
)  # words that can stand for each other, so that the text stays of its kind


@pytest.fixture(scope="session")
def mutate() -> Mutate:
    """One of some texts, changed."""
    return mutated


@pytest.fixture(scope="session")
def supported() -> list[str]:
    """Texts of which every word has a meaning."""
    return list(SUPPORTED)


@pytest.fixture(scope="session")
def corpus() -> list[str]:
    """All texts that mutations begin with."""
    paths = sorted([*(ROOT / "tests" / "golden" / "specs").glob("*.sym"), *(ROOT / "examples").glob("*.sym")])
    return [*(path.read_text(encoding="utf-8") for path in paths), *SUPPORTED * 3]


def mutated(rng: Random, texts: Sequence[str]) -> str:
    """One of the texts after one to six random changes."""
    text = rng.choice(texts)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 6))):
        text = rng.choices((_alike, _tokens, _number, _lines, _join), (12, 4, 2, 2, 1))[0](rng, text, texts)
    return text


def _alike(rng: Random, text: str, texts: Sequence[str]) -> str:
    """A word in place of one like it."""
    tokens = TOKEN.findall(text)
    places = [(index, words) for index, token in enumerate(tokens) for words in ALIKE if token in words]
    if not places:
        return text
    at, words = rng.choice(places)
    return "".join([*tokens[:at], rng.choice(sorted(words)), *tokens[at + 1 :]])


def _tokens(rng: Random, text: str, texts: Sequence[str]) -> str:
    """A token removed, doubled, swapped with another, or replaced by one of the language or of some text."""
    tokens = TOKEN.findall(text)
    if not tokens:
        return rng.choice(WORDS)
    places = [index for index, token in enumerate(tokens) if token.strip()] or [0]
    at, other = rng.choice(places), rng.choice(places)
    change: Callable[[], None] = rng.choice(
        (
            lambda: tokens.pop(at) and None,
            lambda: tokens.insert(at, tokens[at]),
            lambda: tokens.__setitem__(slice(None), _swapped(tokens, at, other)),
            lambda: tokens.__setitem__(at, tokens[other]),
            lambda: tokens.__setitem__(at, rng.choice(WORDS)),
            lambda: tokens.insert(at, rng.choice(WORDS)),
            lambda: tokens.__setitem__(at, rng.choice(TOKEN.findall(rng.choice(texts)))),
        )
    )
    change()
    return "".join(tokens)


def _swapped(tokens: list[str], a: int, b: int) -> list[str]:
    tokens = list(tokens)
    tokens[a], tokens[b] = tokens[b], tokens[a]
    return tokens


def _number(rng: Random, text: str, texts: Sequence[str]) -> str:
    """Another number in place of one."""
    places = [match.span() for match in re.finditer(r"\b\d+\b", text)]
    if not places:
        return text
    start, end = rng.choice(places)
    return text[:start] + rng.choice(("0", "1", "2", "3", "4", "7", "-1", "n", "1.5", "1000", "65536", "10^12", "2^40")) + text[end:]


def _lines(rng: Random, text: str, texts: Sequence[str]) -> str:
    """A line removed, doubled, moved, or indented otherwise."""
    lines = text.split("\n")
    line = lines.pop(rng.randrange(len(lines)))
    kept = rng.choice(([], [line], [line, line], ["    " + line], [line[4:]]))
    place = rng.randrange(len(lines) + 1)
    return "\n".join([*lines[:place], *kept, *lines[place:]])


def _join(rng: Random, text: str, texts: Sequence[str]) -> str:
    """The first part of one text, then the second part of another."""
    first, second = text.split("\n"), rng.choice(texts).split("\n")
    return "\n".join(first[: rng.randrange(len(first) + 1)] + second[rng.randrange(len(second)) :])
