"""`symc.freeze`: a copy of a model for inference."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from symc.diagnostics import Diagnostic
from symc.passes.cost import estimate
from symc.passes.freeze import folded, merged_constants
from symc.passes.lower import Lowering, lower
from symc.passes.lower.setting import MARGIN
from symc.passes.pipeline import with_masks
from symc.passes.simplify import simplify

if TYPE_CHECKING:
    from symc.backends import Frozen, Net

WAYS: tuple[Lowering, ...] = ("auto", "structured")
"""Of lowering, tried besides the one there is: a weight that need not be expanded on every call makes others cheapest."""


def freeze(net: Net) -> Frozen:
    """A copy of a compiled model for inference, in which what hangs on weights alone is computed once: expanded weights, merged products.

    It is called as the model is, and gives what that gives in eval mode, up to rounding: dropout is gone, batch normalisation has its running
    statistics. Weights are folded in float64 and then rounded once to the dtype of the model. There are no parameters, gradients reach inputs only.

    Later edits of the model's weights do not reach the copy: freeze again. A model in eval mode never folds by itself, since not every edit of a
    weight can be seen: one through `weight.data` leaves no trace, and hooks, parametrizations and `functional_call` swap weights at every call.

    Raises InputError for what is not compiled by symc, and for weights on the meta device, which have no values.
    """
    from symc.backends import Frozen, InputError, LiveValues, Net

    if not isinstance(net, Net):
        raise InputError(Diagnostic("E0602", f"{type(net).__name__} is not a model compiled by symc", notes=("only those can be frozen",)))
    if isinstance(net, Frozen):
        return copy.deepcopy(net)
    values = LiveValues(net)
    if values.missing:
        helps = ("load them first: `net.to_empty(device='cpu')`, then `net.load_state_dict(...)` or `net.reset_parameters()`",)
        raise InputError(Diagnostic("E0607", f"the weights of `{net.name}` are on the meta device, where they have no values", helps=helps))
    lowered = [*(lower(net.program, lowering=way, frozen=True) for way in WAYS), net.lowered]
    candidates = [simplify(merged_constants(folded(simplify(graph), values))) for graph in lowered]
    seconds = [estimate(graph.nodes).seconds for graph in candidates]
    chosen = next(graph for graph, time in zip(candidates, seconds, strict=True) if time <= MARGIN * min(seconds))
    return Frozen(net.program, chosen, masking=with_masks, device=values.device, dtype=values.dtype)
