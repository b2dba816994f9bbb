from symc.api.program import program
from symc.diagnostics import Source

program(Source("groups.sym", "group P = S(n)\n"), model="Encoder")
