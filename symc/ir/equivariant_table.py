"""Rows for the operations of the equivariant level."""

from __future__ import annotations

import re
from typing import Any

from symc.ir import ops
from symc.ir.pointwise import FUNCTIONS
from symc.ir.row import Row

EQUIVARIANT: dict[type[Any], Row] = {
    ops.Linear: Row(
        "linear",
        "linear(x, y, ...), linear[T](x), linear[each=X](x)",
        "any types to any types, each axis of `each` standing in every output",
        "always: its weights span the space of equivariant maps, and the axes of `each` are permuted or trivial.",
        "Every equivariant affine map between the sum of the inputs and the sum of the outputs.",
    ),
    ops.Bilinear: Row(
        "bilinear",
        "bilinear(x, y), bilinear[T](x, y), bilinear[each=c](x, y), bilinear(x, y, weights=w)",
        "two types to any type, each axis of `each` standing in the output; w has permuted axes of `each` and, flattened, an index of every trivial "
        "axis of `each`, then the weights of one map",
        "always: its weights span the space of equivariant maps, and the axes of `each` are permuted or trivial.",
        "Every map that is linear in x and in y, and equivariant. Given weights are scaled so that those of variance 1 keep the variance of x and y.",
    ),
    ops.Pointwise: Row(
        "pointwise",
        "relu(x), tanh(x), ..., x^2, -x",
        "T to T",
        "every generator moves the coordinates by a matrix with one nonzero entry m a row, and f(m x) = m f(x): m = 1 for any f, m = -1 for odd f, "
        "m > 0 for positively homogeneous f. A Lie algebra acts by zero, or by a real diagonal matrix where f is positively homogeneous.",
        "One function of each coordinate.",
    ),
    ops.Binary: Row(
        "binary",
        "x + y, x - y, s * x, x / s, outer(x, y)",
        "axes matched by type, those of outer(x, y) not at all; the result has every axis of both, in the order placed",
        "sums: along an axis that one operand lacks, (1, ..., 1) is left alone by every generator. Products and quotients: along the axes of both "
        "the coordinates are permuted, and those of a divisor alone permuted up to sign.",
        "A sum, difference, product or quotient coordinate by coordinate.",
    ),
    ops.Dot: Row(
        "dot",
        "dot[A](x, y), sum[X](y, weights=x), mean[X](y, weights=x)",
        "the axes A of both operands, equal or dual, are dropped; the other axes are matched by type",
        "over A every generator acts by rho on x and by sigma on y with rho^T sigma = 1: always where the axes are dual, for equal ones where rho is "
        "orthogonal. Along the other axes of both the coordinates are permuted.",
        "The product of two tensors, summed over some axes of both. A mean with weights is divided by their sum, and 0 where that is 0; the weights "
        "are invariant, and what is averaged may be anything, points too.",
    ),
    ops.Attention: Row(
        "attention",
        "attention[X](q, k, v), attention[X, heads=h](q, k, v, bias=b)",
        "the type of v, the sets of q in place of X; other sets of k stand in q and v too",
        "beside their sets every generator acts on q and k by orthogonal matrices, or on one by the dual of the other. The values may be anything: "
        "they are averaged, so that points are points again.",
        "Each row is a mean of the values, weighted by the softmax over the keys of its products with them, divided by the root of their number.",
    ),
    ops.Constant: Row("constant", "0.5", "nothing to ()", "always: a number is not moved.", "A number from the text."),
    ops.Norm: Row(
        "norm",
        "norm(x), norm(x)^2",
        "T to T without the dropped axes, a reduced sum axis keeping one coordinate a copy",
        "every generator acts on what is summed over by an orthogonal matrix, and permutes the copies that remain.",
        "The Euclidean norm of each copy of a representation, or its square. 0 at 0, with zero derivatives.",
    ),
    ops.Normalize: Row(
        "normalize",
        "normalize(x)",
        "T to T",
        "every generator acts inside the copies by an orthogonal matrix.",
        "Every copy of a representation divided by its Euclidean norm; of a number in a trivial part the sign is left. 0 at 0, with zero first and "
        "second derivatives.",
    ),
    ops.Pool: Row(
        "pool",
        "sum[X](x), mean[X](x), max[X](x)",
        "T to T without the axis",
        "the axis is permuted: for sum and mean every column of every generator sums to 1; max also asks the other axes to be permuted, "
        "or scaled by positive numbers.",
        "The sum, mean or maximum over one axis. 0 where the axis is empty.",
    ),
    ops.Softmax: Row("softmax", "softmax[X](x)", "T to T", "every generator permutes the coordinates of all axes.", "Softmax along one axis."),
    ops.Concat: Row(
        "concat",
        "concat(x, y, ...)",
        "types that differ in one axis to the sum of those axes",
        "always: the groups act on the parts one by one.",
        "The direct sum along one axis.",
    ),
    ops.Project: Row(
        "project",
        "x.0, x.1",
        "a sum axis to the axes of one of its terms",
        "always: the groups act on the terms one by one.",
        "One term of a sum.",
    ),
    ops.Reinterpret: Row(
        "reinterpret",
        "flat(x), rearrange(x), rearrange[T](x)",
        "a type to one that lays out the same coordinates, after its axes are ordered",
        "always: the coordinates and what moves them stay the same.",
        "The same coordinates under another list of axes.",
    ),
    ops.Recast: Row(
        "recast",
        "complex(x), real(z), conj(z)",
        "T to complex(T), real(T) or conj(T), as the constructors of types say",
        "always: the groups act by the same matrices on the real and imaginary parts, or by their conjugates on the conjugates.",
        "Real numbers as complex ones; complex ones as their real and imaginary parts, side by side along their axis; their conjugates.",
    ),
    ops.LayerNorm: Row(
        "layernorm",
        "layernorm(x), rmsnorm(x)",
        "T to T",
        "copies are moved by orthogonal matrices; the other axes are permuted, and what is not centred up to sign.",
        "Trivial channels are centred and divided by their standard deviation, then scaled and shifted. Copies of a representation are divided by "
        "the root mean square of all their coordinates, so that these begin at unit scale whatever its dimension, then scaled. `rmsnorm` treats "
        "trivial channels like copies of another representation: it neither centres nor shifts them.",
    ),
    ops.BatchNorm: Row(
        "batchnorm",
        "batchnorm(x)",
        "T to T",
        "every generator acts inside the copies by an orthogonal matrix.",
        "For each trivial channel, over the batch and all that is permuted: centred, divided by the standard deviation, scaled and shifted. "
        "Copies of a representation are divided by the root mean square of their coordinates, and scaled. In training by the numbers of the batch, "
        "which move running ones as in `nn.BatchNorm1d`; in eval by those.",
    ),
    ops.Gate: Row(
        "gate",
        "gate(x, s), gate(x)",
        "T and one number for each nontrivial copy in it to T",
        "always: elements permute the copies, and their gates in the same way; inside a copy they are linear, and trivial parts are permuted.",
        "Every copy of a nontrivial representation is multiplied by the sigmoid of its gate; trivial parts go through silu. With one argument the "
        "maps in it make the gates too. Sigmoid and silu halve the scale, so the weights of values and gates begin larger by as much.",
    ),
    ops.Dropout: Row(
        "dropout",
        "dropout[p](x)",
        "T to T",
        "in law: apart from the axes dropped whole, every generator has one nonzero entry in each row.",
        "In training, drops coordinates or whole copies with probability p and divides the others by 1 - p; in eval, does nothing.",
    ),
    ops.Encode: Row(
        "encode",
        "z: X*onehot(k)",
        "T with an axis onehot(k), of integers, to T with an axis k",
        "always: no group moves the classes, and the other axes are permuted.",
        "The one-hot coordinates of an index; of an input, before anything else is done with it.",
    ),
    ops.Noise: Row(
        "noise",
        "random(), random[T]()",
        "nothing to T",
        "in law: every generator acts by an orthogonal matrix, which leaves independent standard normal numbers what they are.",
        "Independent standard normal numbers, drawn anew on every call, in training and in eval, for every sample.",
    ),
    ops.Scan: Row(
        "scan",
        "scan[Cell, time](h, x), fold[Cell, time](h, x)",
        "a state H and tensors with an axis to H, or to the axis times H",
        "where the body is: nothing moves the axis that it runs along.",
        "A model applied to a state and one index after another of an axis; the last state, or the states after every step.",
    ),
    ops.Zero: Row("zero", "zero(), zero[T]()", "nothing to T", "always, but for points: matrices leave 0 alone.", "The zero tensor."),
}


def rows_of(word: str) -> tuple[Row, ...]:
    """The rows of the operation called `word`, or written with this word; empty for what is no operation."""
    name = "pointwise" if word in FUNCTIONS else word
    return tuple(row for row in EQUIVARIANT.values() if row.name == name or re.search(rf"\b{re.escape(word)}[(\[]", row.syntax))
