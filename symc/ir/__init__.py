"""Graphs of operations at two levels: what the operations are, their types, and how graphs are printed, verified and evaluated."""
