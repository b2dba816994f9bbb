"""From the syntax tree to the equivariant level of the IR: names, types, broadcasting, the targets of linear maps."""

from symc.passes.elaborate.entry import declarations, elaborate, elaborate_all, layer_graph, signature, warnings

__all__ = ["declarations", "elaborate", "elaborate_all", "layer_graph", "signature", "warnings"]
