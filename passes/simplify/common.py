"""Two nodes of one operation, with one list of inputs and one type of result → the first of them.

Exact: operations are functions. Dropout draws on every call and batch normalisation keeps averages: these are left. Normal numbers are equal where
the number of their draw is.
"""

from __future__ import annotations

from symc.passes.simplify.rewriting import Rewriter, Tensors, rewritten


def common_subexpressions(graph: Tensors) -> Tensors:
    return rewritten(graph, Rewriter.known)
