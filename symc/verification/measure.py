"""Measuring equivariance: |f(g x) - g f(x)| in float64, at every generator and at random elements, for several free sizes."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from symc.algebra import sizes as sz
from symc.algebra.spelling import needs_words
from symc.backends import Frozen, InputError, Net, rebuilt
from symc.backends.modules import state_name
from symc.diagnostics import Diagnostic
from symc.ir.noise import with_noise_as_inputs
from symc.ir.parameters import spaces
from symc.ir.types import Record, Type, leaves
from symc.passes.pipeline import run
from symc.passes.solve import SolveError, memory_limit
from symc.passes.solve.limits import check_bytes
from symc.verification.report import Layer, Measurement, Report
from symc.verification.sample import Array, choose_sizes, probes, random_numbers, stretches, transform

COPIES, DOUBLE = 6, 8  # of the largest tensor that are there at a time; bytes of a number


def verify(net: Net, *, sizes: Mapping[str, int] | Sequence[Mapping[str, int]] | None = None, seed: int = 0, trials: int = 4) -> Report:
    """Measure a compiled model, and gather the certificates of its bases.

    A copy is measured, in float64 on the CPU, in eval mode, at `trials` random inputs. Free sizes take several small values, or those of `sizes`
    (one or several assignments). Noise that the model draws is drawn here and moved with the inputs, |f(g x, g z) - g f(x, z)|, as its law stays.

    What rounding explains is no error: it is measured by rounding the inputs otherwise and, at elements that are not orthogonal, by rounding what
    they make of inputs and outputs. Raises InputError for sizes that do not fit, for tensors that would need more memory than SYMC_MEMORY_LIMIT, and
    for a module that is not compiled by symc.
    """
    if not isinstance(net, Net):
        raise InputError(Diagnostic("E0602", f"{type(net).__name__} is not a model compiled by symc", notes=("only those know their symmetry",)))
    rng = np.random.default_rng(seed)
    double = copy.deepcopy(with_given_noise(net)).to("cpu").double().eval()
    chosen = choose_sizes(double.program, sizes)
    _check_memory(net, chosen, trials)
    runs = [_Run.of(double, assignment, rng, trials) for assignment in chosen]
    scales = [max(float(np.max(np.abs(array), initial=0.0)) for array in arrays) for arrays in zip(*(run.y for run in runs), strict=True)]
    measurements = [item for run in runs for item in _measure(double, run, scales, rng)]
    with net.program.named():
        layers = tuple(_layers(net))
    noise = tuple(value.name for value in double.program.inputs[len(net.program.inputs) :])
    return Report(net.name, " * ".join(map(str, net.program.groups)), tuple(measurements), layers, noise)


def with_given_noise(net: Net) -> Net:
    """The module as a function of what it draws: `random()` becomes an input of its own. Itself where nothing is drawn.

    Raises InputError for a frozen module that draws.
    """
    program = with_noise_as_inputs(net.program)
    if isinstance(net, Frozen) and program is not net.program:
        helps = ("verify the model that it was frozen from, which computes the same",)
        raise InputError(Diagnostic("E0602", f"`{net.name}` is frozen, so that what it draws cannot be given to it", helps=helps))
    return net if program is net.program else rebuilt(net, program, run(program, since="solve"))


def _check_memory(net: Net, chosen: Iterable[Mapping[str, int]], trials: int) -> None:
    """Raises InputError where the tensors would need more memory than the limit, before any is made."""
    program = net.program
    values = (*program.inputs, *(value for node in program.nodes for value in node.outputs))
    shapes = [value.type.shape for value in values if isinstance(value.type, Type)]
    for sizes in chosen:
        largest = max((sz.number(sz.product(shape), sizes) for shape in shapes), default=0)
        try:
            check_bytes(COPIES * DOUBLE * trials * largest, memory_limit(), f"measuring `{net.name}`")
        except SolveError as error:
            raise InputError(Diagnostic(error.code, error.message, notes=error.notes, helps=error.helps)) from None


@dataclass(frozen=True, slots=True)
class _Run:
    """Random inputs for one assignment of free sizes, and the outputs."""

    sizes: Mapping[str, int]
    x: list[Array]
    y: list[Array]

    @staticmethod
    def of(net: Net, sizes: Mapping[str, int], rng: np.random.Generator, trials: int) -> _Run:
        x = [random_numbers(item.at(sizes), trials, rng) for _, item in leaves(net.program.signature.inputs)]
        return _Run(sizes, x, _call(net, x))


def _measure(net: Net, run: _Run, scales: Sequence[float], rng: np.random.Generator) -> Iterator[Measurement]:
    """All outputs at all elements, for one assignment of free sizes."""
    signature, sizes, x, y = net.program.signature, run.sizes, run.x, run.y
    inputs = [item.at(sizes) for _, item in leaves(signature.inputs)]
    outputs = [(".".join(path) or "result", item.at(sizes)) for path, item in leaves(signature.result)]
    rounded = _call(net, [_shaken(array, rng) for array in x])
    spelled = needs_words(axis for item in (*inputs, *(item for _, item in outputs)) for axis in item.axes)
    for probe in probes([group.at(sizes) for group in net.program.groups], rng, spelled=spelled):
        into = [transform(item, probe.element, array) for item, array in zip(inputs, x, strict=True)]
        moved = _call(net, into)
        stretched = _call(net, [_shaken(array, rng) for array in into]) if stretches(probe.element) else None
        for index, ((name, item), before, after, scale) in enumerate(zip(outputs, y, moved, scales, strict=True)):
            expected = transform(item, probe.element, before)
            reach = max(scale, float(np.max(np.abs(expected), initial=0.0)))  # an element that stretches, stretches rounding too
            noise = _relative(rounded[index] - before, scale)
            if stretched is not None:  # what cancels in f(g x) was as large as g makes it, and so was what cancels in g f(x)
                noise = max(noise, _relative(stretched[index] - after, reach))
                noise = max(noise, _relative(transform(item, probe.element, _shaken(before, rng)) - expected, reach))
            yield Measurement(name, probe.group, probe.generator, probe.name, tuple(sizes.items()), _relative(after - expected, reach), noise)


def _shaken(array: Array, rng: np.random.Generator) -> Array:
    """Every entry rounded up or down; integers are exact."""
    if array.dtype.kind == "i":
        return array
    return np.asarray(array * (1 + np.finfo(float).eps * rng.choice([-1.0, 1.0], array.shape)))


def _call(net: Net, inputs: Sequence[Array]) -> list[Array]:
    """The flat outputs. Without inputs there is no batch, so one is made."""
    signature = net.program.signature
    with torch.no_grad():
        out = net(_nest(iter(inputs), signature.inputs))
    flat = [tensor.detach().numpy() for tensor in _leaves(out)]
    return flat if inputs else [array[None] for array in flat]


def _nest(values: Iterator[Array], item: Record | Type) -> Any:
    match item:
        case Type():
            return torch.from_numpy(np.ascontiguousarray(next(values)))
        case Record(fields):
            return {name: _nest(values, inner) for name, inner in fields}


def _leaves(out: Any) -> Iterator[Tensor]:
    match out:
        case Tensor():
            yield out
        case dict():
            for inner in out.values():
                yield from _leaves(inner)
        case _:
            for inner in out:
                yield from _leaves(inner)


def _relative(difference: Array, scale: float) -> float:
    """max |difference| / scale; of nothing, 0."""
    largest = float(np.max(np.abs(difference), initial=0.0))
    return largest / scale if scale > 0 else 0.0 if largest == 0 else largest * float("inf")


def _layers(net: Net) -> Iterator[Layer]:
    """The certificates, one for each parameter that is coordinates in a basis."""
    left = {name for name, _ in net.named_parameters()}  # a map that leads nowhere has no weights
    for item in spaces(net.program):
        name = state_name(item.name)
        if item.basis.dim and (name in left or item.given):
            left.discard(name)
            maps = f"-> {_listed(item.basis.targets)}" if item.bias else f"{_listed(item.basis.sources)} -> {_listed(item.basis.targets)}"
            known = item.basis.certificate
            yield Layer("given" if item.given else name, maps, item.basis.method, item.basis.dim, known.expected, known.expected_by, known.residual)


def _listed(reps: Sequence[object]) -> str:
    return ", ".join(map(str, reps))
