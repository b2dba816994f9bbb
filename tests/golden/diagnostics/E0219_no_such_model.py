from symc.api.program import program
from symc.diagnostics import Source

TEXT = """\
group P = S(n)
rep   X = perm(P)
model Encoder(x: X*3) -> 10:
    return linear(x)
"""
program(Source("sets.sym", TEXT), model="Encode")
