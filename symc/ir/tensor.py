"""The tensor level: types are shapes with free sizes, operations are what every tensor library has.

A value is either batched, with one leading batch axis that its shape does not show, or not (parameters, constants and what is made of them
alone). Axis numbers count the axes that show. Where operands of `Einsum`, `Arithmetic`, `Take` or `LayerNormLast` meet, an unbatched one serves
every sample; those of `Concatenate` are all batched or all not. A result is batched where an input is; `Expand` alone can make one batched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from symc.algebra import sizes as sz
from symc.algebra.sizes import Size
from symc.ir.graph import Graph
from symc.ir.layout import Layout, names_of


@dataclass(frozen=True, slots=True)
class TensorType:
    """Shape after the batch axis; `integer` marks index tensors, `complex` tensors of complex numbers, `boolean` masks."""

    shape: tuple[Size, ...]
    batched: bool = True
    integer: bool = False
    complex: bool = False
    boolean: bool = False

    @property
    def free(self) -> frozenset[str]:
        return frozenset().union(*(sz.free_names(size) for size in self.shape))

    def __str__(self) -> str:
        axes = ", ".join([*(["batch"] if self.batched else []), *map(sz.show, self.shape)])
        return f"{'bool' if self.boolean else 'int' if self.integer else 'complex' if self.complex else 'float'}[{axes}]"


@dataclass(frozen=True, eq=False)
class Normal:
    """Initial values: independent normal numbers of standard deviation `scale`, multiplied along `axis` by the matrix `factor` where it is given.

    `factor` is (B, B') for an axis of size B: draw with B' there, then new[b] = sum over b' of factor[b, b'] old[b'].
    """

    scale: float
    factor: NDArray[np.float64] | None = None
    axis: int = 0


@dataclass(frozen=True, slots=True)
class Fill:
    """Initial values: all the same."""

    value: float


@dataclass(frozen=True, eq=False)
class Pieces:
    """Initial values of a parameter (*lead, total) made of pieces (*lead, ...), each with its shape and its own rule.

    A piece is flattened after its first `lead` axes, and the pieces follow each other along the last axis.
    """

    pieces: tuple[tuple[tuple[int, ...], Initial], ...]
    lead: int = 0


@dataclass(frozen=True, slots=True)
class Pairs:
    """Initial values of the real and imaginary parts, the last axis (2), of complex numbers: each drawn by the rule and divided by the root of 2."""

    rule: Initial


Initial: TypeAlias = Normal | Fill | Pieces | Pairs


@dataclass(frozen=True, slots=True)
class Parameter:
    """A learned tensor; nodes of one name are one parameter. Unbatched."""

    name: str
    initial: Initial = field(compare=False)


@dataclass(frozen=True, eq=False)
class Array:
    """A constant, float64 or int64; float constants follow the module's dtype at full precision. Unbatched."""

    data: NDArray[np.float64] | NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Einsum:
    """Contraction of two inputs in einsum's notation for the axes that show, e.g. `nc,oc->no`: lower-case letters, none twice in one input."""

    equation: str


@dataclass(frozen=True, slots=True)
class BilinearForms:
    """For each channel a, the bilinear forms out[..., a, o] = sum over p of w[a, o, p] x[..., a, left[p]] y[..., a, right[p]].

    Inputs are x (..., a, i), y (..., a, j), w (a, o, p), left and right (p). Of x and y each may have 1 channel, which serves all, and both
    are batched or none is; the others are unbatched.
    """


@dataclass(frozen=True, slots=True)
class Permute:
    """Axis a of the result is axis order[a] of the input."""

    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reshape:
    """The same numbers, row-major, in the shape of the result."""


@dataclass(frozen=True, slots=True)
class Expand:
    """Axes of size 1 repeated to the shape of the result, which has as many axes. An input that is not batched is repeated for every sample where
    the result is batched."""


@dataclass(frozen=True, slots=True)
class AsComplex:
    """Complex numbers from their real and imaginary parts, the two entries of the last axis."""


@dataclass(frozen=True, slots=True)
class AsReal:
    """The real and imaginary parts of complex numbers, as a new last axis of size 2."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Indices start to stop (not included) of one axis; the sizes may be free."""

    axis: int
    start: Size
    stop: Size


@dataclass(frozen=True, slots=True)
class Concatenate:
    """The inputs one after another along one axis."""

    axis: int


@dataclass(frozen=True, slots=True)
class Take:
    """Of the first input along one axis the entries named by the second, an unbatched integer array of any shape, which replaces the axis."""

    axis: int


@dataclass(frozen=True, slots=True)
class Diagonal:
    """The entries where the indices of all the given axes (two or more, of one size, ascending) agree; the shared axis comes last."""

    axes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Assemble:
    """The sum of the inputs, each laid into the shape of the result: the transpose of taking diagonals, sums and permutations of one tensor.

    Axis a of input k lies along the axes `places[k][a]` of the result (ascending): on their diagonal where these are several, and zero off it.
    Along axes of the result that it lacks an input is repeated. Backends make an input that is a product, of the size of the result and read by
    nothing else, as they add it, so that it is never there as a whole.
    """

    places: tuple[tuple[tuple[int, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Reduce:
    """sum, mean or max over axes; with `keep` they stay with size 1. Over no entries all three are 0.

    A second input is a mask, of size 1 along all other axes: entries that it leaves out, which must be 0, do not count.
    """

    kind: Literal["sum", "mean", "max"]
    axes: tuple[int, ...]
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Map:
    """A function of each entry; a row of `ir.pointwise`."""

    function: str
    argument: float | None = None


@dataclass(frozen=True, slots=True)
class SafeSqrt:
    """The square root of each entry (none is negative); at 0 the value and all derivatives are 0: where(s > 0, sqrt(where(s > 0, s, 1)), 0)."""


@dataclass(frozen=True, slots=True)
class SafeReciprocalSqrt:
    """One over the square root of each entry (none is negative); at 0 the value and all derivatives are 0, as those of `SafeSqrt`."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """add, sub, mul, div of two inputs, shapes aligned from the right as numpy does. Only an unbatched input may have fewer axes than the other."""

    kind: Literal["add", "sub", "mul", "div"]


@dataclass(frozen=True, slots=True)
class FusedAttention:
    """softmax(q k^T / sqrt(c) + bias) v for each head, for q (heads, rows, c), k (heads, keys, c), v (heads, keys, d).

    The bias (heads or 1, rows, keys) is optional, and so is a mask (1, 1, keys) of the keys that count, which comes last. A row without keys that
    count is 0. All are batched or none is.
    """


@dataclass(frozen=True, slots=True)
class Fourier:
    """The discrete Fourier transform of real numbers along some axes, of the last of them the frequencies 0 to n // 2, in float32 at least."""

    axes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class InverseFourier:
    """The real numbers, `sizes` many along some axes, that have this transform. The second input is an array of shape (), whose dtype they have."""

    axes: tuple[int, ...]
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SoftmaxAlong:
    """Softmax along one axis. A second input is a mask as for `Reduce`: entries that it leaves out get nothing, where it leaves one."""

    axis: int


@dataclass(frozen=True, slots=True)
class DropoutMask:
    """In training, zero with probability p and divide by 1 - p; one decision for all indices of the axes in `shared`. In eval, the identity."""

    p: float
    shared: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchNormPart:
    """Part `part` of a batch normalisation over the batch and the axes where `shape` has a 1; along the others there are copies.

    The state is called `name`; `parts` has the copies of all its parts, and whether each is centred. A second input is the mask of the axes
    that statistics run over. In eval the running statistics are used.
    """

    name: str
    part: int
    parts: tuple[tuple[int, bool], ...]
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LayerNormLast:
    """Standard layer normalisation over the last `axes` axes, weight and bias being the second and third input."""

    axes: int
    eps: float = 1e-5


@dataclass(frozen=True, slots=True)
class OneHotOf:
    """Of integers the one-hot coordinates, along a new last axis. The second input is a float array of shape (), whose dtype they have."""

    classes: int


@dataclass(frozen=True, slots=True)
class Lookup:
    """Rows of the first input, unbatched, named by the second, integers: the axes of the integers, then those of a row."""


@dataclass(frozen=True, eq=False)
class Loop:
    """A recurrence. The body takes the state, one step of every sequence, then what is the same at every step; it returns the next state.

    Inputs are those of the body in its order, sequences with the steps along their first axis. The result is the last state with `last`, else the
    states after every step, the steps in front. The body draws nothing and keeps nothing.
    """

    body: Graph[TensorOp]
    sequences: int
    last: bool


@dataclass(frozen=True, slots=True)
class Normals:
    """Independent standard normal numbers, drawn anew on every call, of the shape of the result, which is batched.

    The input is an array of shape (), whose dtype and device they have. The number tells one such draw from all others.
    """

    number: int


@dataclass(frozen=True, slots=True)
class Mask:
    """Which entries are real: a boolean tensor whose axes are laid out so, from masks of the free sizes that occur, in the order of their names."""

    axes: tuple[Layout, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted(frozenset().union(*map(names_of, self.axes))))


@dataclass(frozen=True, slots=True)
class Where:
    """The first input where the second, a mask, is true, and elsewhere a number; shapes aligned as in `Arithmetic`. What is not taken may be NaN.

    Without a number it is a third input, of the type of the first, that is taken elsewhere.
    """

    otherwise: float | None = 0.0


TensorOp: TypeAlias = (
    Parameter
    | Array
    | Einsum
    | BilinearForms
    | Permute
    | Reshape
    | Expand
    | AsComplex
    | AsReal
    | Slice
    | Concatenate
    | Take
    | Diagonal
    | Assemble
    | Reduce
    | Map
    | SafeSqrt
    | SafeReciprocalSqrt
    | Arithmetic
    | FusedAttention
    | Fourier
    | InverseFourier
    | SoftmaxAlong
    | DropoutMask
    | LayerNormLast
    | OneHotOf
    | Lookup
    | BatchNormPart
    | Loop
    | Normals
    | Mask
    | Where
)
