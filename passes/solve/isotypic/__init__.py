"""Any action of a compact or reductive group: isotypic decompositions of source and target, held as blocks.

The maps are all K-linear maps between the multiplicity spaces of each irreducible. Cost O(d^3) for a leg of dimension d, much less for tensor
products, instead of the (d_out d_in)^3 of a null space.
"""

from symc.passes.solve.isotypic.strategy import isotypic

__all__ = ["isotypic"]
