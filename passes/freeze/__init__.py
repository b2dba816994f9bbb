"""Freezing, for inference: what hangs on weights and constants alone becomes constants.

`folded` computes it once; the rewrites then merge constants that meet, which training may not, since it would change what the weights mean.
"""

from symc.passes.freeze.affine import merged_constants
from symc.passes.freeze.folding import Known, folded

__all__ = ["Known", "folded", "merged_constants"]
