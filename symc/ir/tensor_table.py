"""Rows for the operations of the tensor level. Passes make them, so they have no syntax; symmetry is settled before."""

from __future__ import annotations

from typing import Any

from symc.ir import tensor as t
from symc.ir.row import Row


def _row(name: str, types: str, doc: str) -> Row:
    return Row(name, "", types, "not asked: lowering keeps what was checked.", doc)


TENSOR: dict[type[Any], Row] = {
    t.Parameter: _row("parameter", "nothing to an unbatched float tensor of known size", "A learned tensor."),
    t.Array: _row("array", "nothing to the array's shape, unbatched", "A constant array of float64 or int64."),
    t.Einsum: _row("einsum", "as the letters say", "The contraction of two tensors."),
    t.BilinearForms: _row("bilinear_forms", "(..., a, i), (..., a, j), (a, o, p) and two of (p) to (..., a, o)", "Bilinear forms by their entries."),
    t.Permute: _row("permute", "axes reordered", "The axes in another order."),
    t.Reshape: _row("reshape", "as many entries", "The same numbers, row-major, in another shape."),
    t.Expand: _row("expand", "axes of size 1 to any size", "Axes of size 1 repeated."),
    t.AsComplex: _row("as_complex", "without the last axis, of size 2", "Complex numbers from their real and imaginary parts."),
    t.AsReal: _row("as_real", "with a last axis of size 2", "The real and imaginary parts of complex numbers."),
    t.Slice: _row("slice", "one axis to stop - start", "A range of indices of one axis."),
    t.Concatenate: _row("concatenate", "one axis to the sum of its sizes", "Tensors one after another along one axis."),
    t.Take: _row("take", "one axis to the shape of the positions", "Entries along one axis at given positions."),
    t.Diagonal: _row("diagonal", "axes of one size to one, which comes last", "The entries where the indices of some axes agree."),
    t.Assemble: _row("assemble", "axes to places in one shape", "The sum of tensors, each along some axes or diagonals of the result."),
    t.Reduce: _row("reduce", "without the axes, or with size 1 in their place", "The sum, mean or maximum over axes; 0 of no entries."),
    t.Map: _row("map", "the same shape", "One function of each entry."),
    t.SafeSqrt: _row("safe_sqrt", "the same shape", "The square root of each entry, with all derivatives 0 at 0."),
    t.SafeReciprocalSqrt: _row("safe_reciprocal_sqrt", "the same shape", "One over the square root of each entry; 0 at 0, with all derivatives 0."),
    t.Arithmetic: _row("arithmetic", "shapes aligned from the right", "The sum, difference, product or quotient of two tensors."),
    t.FusedAttention: _row("attention", "(h, n, c), (h, m, c), (h, m, d) to (h, n, d)", "Attention for each head, with a bias where there is one."),
    t.Fourier: _row("fourier", "real numbers to complex ones, the last of the axes about half as long", "The Fourier transform along some axes."),
    t.InverseFourier: _row("inverse_fourier", "complex numbers and a constant of shape () to real ones", "What has that transform."),
    t.SoftmaxAlong: _row("softmax", "the same shape", "Softmax along one axis."),
    t.DropoutMask: _row("dropout", "the same shape", "Dropout in training, one decision for all indices of some axes."),
    t.BatchNormPart: _row("batchnorm", "the same shape", "Batch normalisation of one part, with running statistics."),
    t.LayerNormLast: _row("layernorm", "a tensor, a weight and a bias shaped as its last axes", "Layer normalisation over the last axes."),
    t.Loop: _row("loop", "a state, sequences and tensors to one or all states", "A body applied step by step; the last state, or those after each."),
    t.OneHotOf: _row("onehot", "integers and a constant of shape () to one more axis", "The one-hot coordinates of integers, along a new last axis."),
    t.Lookup: _row("lookup", "an unbatched table and integers to a row for each", "Rows of a table."),
    t.Normals: _row("normals", "a constant of shape () to any batched shape", "Independent standard normal numbers, drawn anew on every call."),
    t.Mask: _row("mask", "masks of free sizes to axes laid out from them", "Which entries of a tensor are real."),
    t.Where: _row("where", "a tensor and a mask, shapes aligned from the right", "The entries a mask leaves, another number or tensor elsewhere."),
}
