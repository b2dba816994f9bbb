"""The language drops vectors whole, so only a graph built by hand gets here."""

from symc.algebra import construct
from symc.diagnostics import DiagnosticError, Source, Span
from symc.ir.graph import Graph, Node, Value
from symc.ir.ops import Dropout
from symc.ir.types import Record, Signature, Type
from symc.passes.check import check

vectors = Type((construct.vector(construct.name("R", construct.orthogonal(3))),))
text = Source("dropout.sym", "model Lossy(x: v) -> v:\n    return dropout[0.1](x)\n")
x, y = Value(0, "x", vectors, Span(text, 12, 16)), Value(1, "", vectors)
node = Node(Dropout(0.1), (x,), (y,), Span(text, 35, 50))
raise DiagnosticError(check(Graph("Lossy", Signature(Record((("x", vectors),)), vectors), (x,), (node,), (y,), vectors.groups)))
