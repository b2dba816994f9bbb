"""Counting equivariant maps by characters, orbits and tableaux, without the solver."""
