"""The operations of the equivariant level: types are representations. A closed union; see `ir.table` for a row on each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from symc.algebra.hom import Affine, Split
from symc.algebra.reps import Rep
from symc.ir.attention import Attention as Attention
from symc.ir.graph import Graph


@dataclass(frozen=True, slots=True)
class Linear:
    """Every equivariant affine map from the sum of the inputs to the sum of the outputs.

    Parameters are `{name}.weight` and, with a bias, `{name}.bias`; two nodes of one name share them. Along the axes in `each` the map is
    block-diagonal: `input_each[i][j]` is the position of `each[j]` among the axes of input i, None where the input lacks it (then it is broadcast);
    `output_each` likewise, never None. A trivial axis in `each` has own weights per index, a permuted one shares them.
    `basis` and `bias_basis` are set by the solve pass, for the types without the `each` axes.
    """

    name: str
    bias: bool
    each: tuple[Rep, ...] = ()
    input_each: tuple[tuple[int | None, ...], ...] = ()
    output_each: tuple[tuple[int, ...], ...] = ()
    basis: Split | Affine | None = field(default=None, compare=False, repr=False)
    bias_basis: Split | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Bilinear:
    """Every equivariant map to the sum of the outputs that is linear in the sum of the first `left` inputs and in that of the `right` after them.

    Its weights are the parameter `{name}.weight`; where `given` is not None they are the values of one more input, the last: `given[j]` is the
    position of the permuted axis `each[j]` there (None: the weights are shared along it), and its other axes, flat, are an index of every trivial
    axis of `each`, then the weights. `each`, `input_each` and `output_each` are as in `Linear`. `basis` is set by the solve pass: that of the linear
    maps from all products of one of the first inputs with one of the others. Given weights of variance 1 are multiplied by `scales`, a number for
    each of its entries, which makes outputs of variance 1 of inputs of variance 1.
    """

    name: str
    left: int
    right: int
    each: tuple[Rep, ...] = ()
    input_each: tuple[tuple[int | None, ...], ...] = ()
    output_each: tuple[tuple[int, ...], ...] = ()
    given: tuple[int | None, ...] | None = None
    basis: Split | None = field(default=None, compare=False, repr=False)
    scales: tuple[float, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Pointwise:
    """A function of each coordinate; a row of `ir.pointwise`. `argument` is the exponent of `pow`."""

    function: str
    argument: float | None = None


@dataclass(frozen=True, slots=True)
class Binary:
    """x + y, x - y, x * y, x / y, axes matched by type: axis a of the result is axis left[a] of x (None: x is stretched along it), likewise right."""

    kind: Literal["add", "sub", "mul", "div"]
    left: tuple[int | None, ...]
    right: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """x * y with axes placed as by `Binary`, summed over the pairs of axes in `summed`: each of one type, or of a type and its dual.

    With `weighted` x are weights: the result is divided by their sum, a mean of y, and 0 where that is 0.
    """

    left: tuple[int | None, ...]
    right: tuple[int | None, ...]
    summed: tuple[tuple[int, int], ...]
    weighted: bool = False


@dataclass(frozen=True, slots=True)
class Constant:
    """A number from the text, of type ()."""

    value: float


@dataclass(frozen=True, slots=True)
class Norm:
    """The Euclidean norm over each copy of a representation (its square with `squared`).

    Axes in `dropped` are summed over; a sum axis in `reduced` becomes one coordinate per copy of each of its terms.
    """

    squared: bool
    dropped: tuple[int, ...]
    reduced: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Normalize:
    """Every copy of a representation divided by its Euclidean norm; 0 where that is 0."""


@dataclass(frozen=True, slots=True)
class Pool:
    """sum, mean or max over one permuted axis, which the result drops. Of an empty set all three are 0."""

    kind: Literal["sum", "mean", "max"]
    axis: int


@dataclass(frozen=True, slots=True)
class Softmax:
    """Softmax along one permuted axis."""

    axis: int


@dataclass(frozen=True, slots=True)
class Concat:
    """The direct sum of the inputs along one axis."""

    axis: int


@dataclass(frozen=True, slots=True)
class Project:
    """Term `term` of the sum that is axis `axis`; the axis is replaced by the axes of the term."""

    axis: int
    term: int


@dataclass(frozen=True, slots=True)
class Reinterpret:
    """The same coordinates under another list of axes (flat row-major order unchanged), or with axes reordered first by `order`."""

    order: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Recast:
    """The same numbers as complex ones, complex ones as their real and imaginary parts side by side along their axis, or their conjugates."""

    kind: Literal["complex", "real", "conj"]


@dataclass(frozen=True, slots=True)
class LayerNorm:
    """Layer normalisation over the axes in `axes` (trivial channels and the representations they carry), parameters `{name}.weight`, `{name}.bias`.

    Trivial channels are centred and divided by their standard deviation, copies of another representation by the root mean square of all their
    coordinates. If not `centred` the trivial channels are treated like the copies, and there is no bias.
    """

    name: str
    axes: tuple[int, ...]
    centred: bool = True


@dataclass(frozen=True, slots=True)
class BatchNorm:
    """Batch normalisation of every summand, parameters `{name}.weight`, `{name}.bias`, buffers named as those of `nn.BatchNorm1d`.

    Statistics run over the batch, over what is permuted and inside the copies, and are kept for each trivial channel: mean and variance where every
    leg is permuted, else the mean square of all coordinates. See `ir.parameters.batch_parts`.
    """

    name: str


@dataclass(frozen=True, slots=True)
class Gate:
    """Every copy of a nontrivial representation times the sigmoid of its gate, the second input (see `ir.gates`); silu of the trivial parts."""


@dataclass(frozen=True, slots=True)
class Dropout:
    """Dropout in training: of single coordinates where they are permuted, of whole copies along the axes in `whole`."""

    p: float
    whole: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Encode:
    """Indices as coordinates: the axis `onehot(k)`, which the tensor does not show, becomes k coordinates, 1 at the index and 0 elsewhere."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Independent standard normal numbers, of the type of the result: drawn anew on every call, in training and in eval, for every sample."""


@dataclass(frozen=True, slots=True)
class Zero:
    """The zero tensor, of the type of the result."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A recurrence: the body takes a state of some tensors, then one step of everything else, and returns the next state.

    Inputs are the first state, then the others: `along[i]` is the axis of others[i] that the steps run along, None where it is the same at every
    step. Results are the last state with `last`, else the states after every step, that axis in front. Of no steps the last state is the first.
    """

    body: Graph[EquivariantOp]
    states: int
    along: tuple[int | None, ...]
    last: bool


EquivariantOp: TypeAlias = (
    Linear
    | Bilinear
    | Pointwise
    | Binary
    | Dot
    | Attention
    | Constant
    | Norm
    | Normalize
    | Pool
    | Softmax
    | Concat
    | Project
    | Recast
    | Reinterpret
    | LayerNorm
    | BatchNorm
    | Gate
    | Dropout
    | Encode
    | Noise
    | Scan
    | Zero
)

Unary: TypeAlias = Pointwise | Norm | Normalize | Pool | Softmax | Project | Recast | Reinterpret | LayerNorm | BatchNorm | Dropout
"""The operations that take one tensor to one tensor."""
