"""Graphs as text, and their symmetries."""

from symc.algebra.graphs.automorphisms import graph_automorphisms
from symc.algebra.graphs.graph_text import read_graph

__all__ = ["graph_automorphisms", "read_graph"]
