"""The operations of the language by name: what each does with the type that is asked for, and whether it has weights. `rules` says what they mean."""

from __future__ import annotations

from dataclasses import dataclass

from symc.ir.pointwise import FUNCTIONS


@dataclass(frozen=True, slots=True)
class Word:
    """A row of the vocabulary.

    maps: without a type in its square brackets, the operation goes to whatever is asked for. passes: it hands that type on to its argument.
    weights: it has parameters, called after the place where it stands.
    """

    maps: bool = False
    passes: bool = False
    weights: bool = False


OPERATIONS: dict[str, Word] = {
    **dict.fromkeys(FUNCTIONS, Word(passes=True)),
    "linear": Word(maps=True, weights=True),
    "bilinear": Word(maps=True, weights=True),
    "norm": Word(),
    "complex": Word(),
    "real": Word(),
    "conj": Word(),
    "sum": Word(passes=True),
    "mean": Word(passes=True),
    "max": Word(passes=True),
    "softmax": Word(passes=True),
    "concat": Word(),
    "outer": Word(),
    "flat": Word(),
    "rearrange": Word(maps=True),
    "dot": Word(),
    "attention": Word(),
    "gate": Word(passes=True),
    "layernorm": Word(passes=True, weights=True),
    "batchnorm": Word(passes=True, weights=True),
    "rmsnorm": Word(passes=True, weights=True),
    "normalize": Word(passes=True),
    "dropout": Word(passes=True),
    "random": Word(maps=True),
    "scan": Word(weights=True),
    "fold": Word(weights=True),
    "zero": Word(maps=True),
}

FUTURE_OPERATIONS = frozenset(
    (
        "harmonics", "bessel",
        "gram_schmidt", "svd", "local", "world", "act", "lift", "frame_average", "group_average",
        "canonicalize", "orbit_align", "pairs", "module", "identity",
    )
)  # fmt: skip
