"""The oracle: evaluates a solved graph of the equivariant level in torch, densely and plainly. Slow, and obviously right.

It shares no operation with lowering and fx. Differentiable, in any floating dtype, dropout off.
"""

from symc.backends.eager.graph import evaluate

__all__ = ["evaluate"]
