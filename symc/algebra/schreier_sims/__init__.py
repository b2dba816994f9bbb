"""Permutation groups of any size: orders, membership, cosets, stabilizers and orbits on tuples, all exact."""

from symc.algebra.schreier_sims.chain import Chain, stabilizer_chain
from symc.algebra.schreier_sims.tuple_orbits import TupleOrbit, count_tuple_orbits, tuple_orbits

__all__ = ["Chain", "TupleOrbit", "count_tuple_orbits", "stabilizer_chain", "tuple_orbits"]
