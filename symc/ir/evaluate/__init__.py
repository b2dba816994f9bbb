"""A numpy evaluator of the equivariant level, float64: dense, plain, and independent of every backend."""

from symc.ir.evaluate.graph import apply, axis_sizes, evaluate
from symc.ir.evaluate.normalisation import EPS
from symc.ir.evaluate.reductions import softmax

__all__ = ["EPS", "apply", "axis_sizes", "evaluate", "softmax"]
