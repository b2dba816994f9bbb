"""`bilinear`: where its target comes from, which axes `each` keeps apart, and what weights that the model computes look like."""

from __future__ import annotations

from dataclasses import dataclass

from symc.algebra import sizes as sz
from symc.algebra.reps import Complexified, Tensor, Trivial
from symc.algebra.sizes import Size
from symc.diagnostics import Diagnostic, DiagnosticError, Label, Span
from symc.ir.coordinates import moduli
from symc.ir.ops import Bilinear
from symc.passes.elaborate.along import with_carried
from symc.passes.elaborate.build import Builder, Operand, Single, bundled
from symc.passes.elaborate.maps import input_places, output_places, places
from symc.passes.elaborate.real_complex import check_one_field
from symc.passes.elaborate.report import fault
from symc.passes.elaborate.space import Axes, Space, axis, entries, join, pick, trivial
from symc.passes.elaborate.targets import affine
from symc.passes.solve import SolveError, weight_count


@dataclass(frozen=True, slots=True)
class Product:
    """What `bilinear[target, each=...](left, right)` says; each operand is the sum of its tensors."""

    left: tuple[Single, ...]
    right: tuple[Single, ...]
    target: Space
    each: Axes
    at: Span

    def __post_init__(self) -> None:
        """Raises DiagnosticError where there are points."""
        operands = [(item.space, "an operand") for item in (*self.left, *self.right)]
        for space, what in (*operands, (self.target, "the target")):
            if affine(space):
                helps = ("take vectors: a difference of points, such as `x - mean[X](x)`",)
                raise fault("E0309", "`bilinear` takes no points", self.at, f"{what} is `{space}`, which hangs on the origin", helps=helps)

    @property
    def kept(self) -> tuple[Axes, Axes]:
        """The axes of `each` along which weights are shared, and those with weights of their own for every index."""
        own = tuple(i for i, rep in enumerate(self.each.reps) if isinstance(rep, Trivial))
        return pick(self.each, tuple(i for i in range(len(self.each)) if i not in own)), pick(self.each, own)

    @property
    def count(self) -> Size:
        """How many weights one map has."""
        rests = [
            [_rest(item.space, row) for item, row in zip(items, input_places(self.each, items, self.at) or ((),) * len(items), strict=True)]
            for items in (self.left, self.right)
        ]
        outputs = [axes for _, axes in entries(self.target)]
        targets = [_rest(axes, row) for axes, row in zip(outputs, output_places(self.each, outputs, self.at) or ((),) * len(outputs), strict=True)]
        try:
            pairs = tuple(Tensor((x.type.rep, y.type.rep)) for x in rests[0] for y in rests[1])
            return weight_count(pairs, tuple(axes.type.rep for axes in targets))
        except SolveError as error:
            raise DiagnosticError(Diagnostic(error.code, error.message, Label(self.at, "this map"), notes=error.notes, helps=error.helps)) from None


def product_of(left: tuple[Single, ...], right: tuple[Single, ...], target: Space, each: Axes, at: Span) -> Product:
    """The product with all axes kept apart that are carried along."""
    inputs, outputs = [item.space for item in (*left, *right)], [axes for _, axes in entries(target)]
    return Product(left, right, target, with_carried("bilinear", each, inputs, outputs, at), at)


def weights_space(product: Product) -> Axes:
    """What `weights=linear(...)` goes to: the axes of `each`, sets first, then an axis of the weights of one map."""
    shared, own = product.kept
    count = trivial(product.count)
    over_c = any(item.space.type.is_complex for item in (*product.left, *product.right))
    return join(join(shared, own), axis(Complexified(count.reps[0])) if over_c else count)


def bilinear(product: Product, weights: Single | None, name: str, builder: Builder) -> Operand:
    """The node of one `bilinear`, and its results."""
    each, at, inputs = product.each, product.at, (*product.left, *product.right)
    outputs = [axes for _, axes in entries(product.target)]
    check_one_field("bilinear", [item.space for item in (*inputs, *([] if weights is None else [weights]))], outputs, at)
    given = None if weights is None else _given(product, weights)
    op = Bilinear(
        name, len(product.left), len(product.right), each.reps, input_places(each, inputs, at), output_places(each, outputs, at), given
    )
    results = builder.emit(op, inputs if weights is None else (*inputs, weights), outputs, at)
    return bundled(product.target, iter([single.value for single in results]))


def _given(product: Product, weights: Single) -> tuple[int | None, ...]:
    """Where the axes of `each` stand in weights that are given: those that share them may be there, all other axes are counted together."""
    shared, own = product.kept
    row = places(shared, weights.space, product.at)
    rest = _rest(weights.space, row)
    needed = sz.product([*(rep.dim for rep in own.reps), product.count])
    if needed != 0 and (not all(isinstance(moduli(rep), Trivial) for rep in rest.reps) or sz.product(rep.dim for rep in rest.reps) != needed):
        wanted = weights_space(product)
        notes = [f"one map has {sz.show(product.count)} weight{'s' * (product.count != 1)}"]
        notes += [f"every index of `{own}` has its own"] if len(own) else []
        notes += [f"without the axis `{shared}` they are the same along it"] if len(shared) else []
        helps = (f"a `linear` without target takes it: `weights=linear(...)`; else write `linear[{wanted}](...)`",)
        raise fault("E0326", f"`bilinear` needs weights of type `{wanted}`", product.at, f"`{weights.space}` is given", notes=notes, helps=helps)
    where = iter(row)
    return tuple(None if isinstance(rep, Trivial) else next(where) for rep in product.each.reps)


def _rest(space: Axes, row: tuple[int | None, ...]) -> Axes:
    return pick(space, tuple(i for i in range(len(space)) if i not in row))
