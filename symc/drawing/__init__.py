"""Pictures of models, as SVG: the graph with its types, and how the entries of each linear map share weights."""

from __future__ import annotations

from symc.drawing.picture import draw

__all__ = ["draw"]
