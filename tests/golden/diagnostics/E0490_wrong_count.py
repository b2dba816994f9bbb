# A way of solving that forgets a map is found out by the count.
from dataclasses import replace

import symc
from symc.passes.solve import legs
from symc.passes.solve.diagrams.symmetric import partition_diagrams


def forgetful(*problem):
    basis = partition_diagrams(*problem)
    return replace(basis, diagrams=basis.diagrams[1:])


strategies, legs.CLOSED_FORMS = legs.CLOSED_FORMS, (forgetful,)
legs.solve_atom.cache_clear()
legs._solve_product.cache_clear()
try:
    symc.solve("perm(P)^2 -> perm(P)", groups={"P": "S(n)"})
finally:
    legs.CLOSED_FORMS = strategies
