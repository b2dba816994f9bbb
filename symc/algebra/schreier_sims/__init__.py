"""Permutation groups of any size: orders, membership, cosets, stabilizers and orbits on tuples, all exact."""

from symc.algebra.schreier_sims.chain import Chain, stabilizer_chain
from symc.algebra.schreier_sims.tuple_orbits import count_tuple_orbits

__all__ = ["Chain", "count_tuple_orbits", "stabilizer_chain"]
