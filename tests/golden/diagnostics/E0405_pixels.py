# A program made without a text, whose image no quarter turn maps to itself.
from symc.algebra.groups import Dihedral
from symc.algebra.reps import Pixels, Trivial
from symc.ir.graph import Graph, Node, Value
from symc.ir.ops import Linear
from symc.ir.types import Record, Signature, Type
from symc.passes.attach import attach

image, number = Type((Pixels(Dihedral(4), 2, 3),)), Type((Trivial(1),))
x, y = Value(0, "x", image), Value(1, "y", number)
signature = Signature(Record((("x", image),)), number)
attach(Graph("Image", signature, (x,), (Node(Linear("out.0", bias=False), (x,), (y,)),), (y,), (Dihedral(4),)))
