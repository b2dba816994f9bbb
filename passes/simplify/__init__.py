"""Simplification of the tensor level: fewer and cheaper nodes that compute the same numbers. One rewrite a file.

Every rewrite takes a graph to one with the same outputs, and returns the same object where there is nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable

from symc.passes.simplify.arrangements import shared_arrangements
from symc.passes.simplify.bases import merged_bases
from symc.passes.simplify.bodies import in_bodies
from symc.passes.simplify.common import common_subexpressions
from symc.passes.simplify.constants import folded_constants
from symc.passes.simplify.dead import dead_code
from symc.passes.simplify.formats import weights_turned
from symc.passes.simplify.identities import without_identities
from symc.passes.simplify.lookups import lookups
from symc.passes.simplify.merged import merged_layouts
from symc.passes.simplify.neutral import without_neutral_operands
from symc.passes.simplify.pieces import joined_pieces
from symc.passes.simplify.products import shared_products
from symc.passes.simplify.reductions import reduced_first
from symc.passes.simplify.repeated import repeated_last
from symc.passes.simplify.rewriting import Tensors
from symc.passes.simplify.sums import summed_pieces

REWRITES: tuple[Callable[[Tensors], Tensors], ...] = (
    lookups,
    folded_constants,
    without_neutral_operands,
    common_subexpressions,
    merged_layouts,
    without_identities,
    shared_arrangements,
    repeated_last,
    reduced_first,
    joined_pieces,
    merged_bases,
    summed_pieces,
    shared_products,
    weights_turned,
    dead_code,
)


def simplify(graph: Tensors) -> Tensors:
    """All rewrites, in order, until none changes anything; also in the bodies of recurrences."""
    while True:
        after = in_bodies(graph, simplify)
        for rewrite in REWRITES:
            after = rewrite(after)
        if after is graph:
            return graph
        graph = after


__all__ = [
    "REWRITES",
    "common_subexpressions",
    "dead_code",
    "folded_constants",
    "joined_pieces",
    "lookups",
    "merged_bases",
    "merged_layouts",
    "reduced_first",
    "repeated_last",
    "shared_arrangements",
    "shared_products",
    "simplify",
    "summed_pieces",
    "weights_turned",
    "without_identities",
    "without_neutral_operands",
]
