"""A compiled model as a file that needs no symc: `.pt2`, the format of `torch.export`."""

from __future__ import annotations

import copy
import os
import warnings

import torch
from torch import Tensor

from symc.algebra import sizes as sz
from symc.backends.interface import COMPLEX, show_shape
from symc.backends.shell import Net
from symc.diagnostics import Diagnostic, DiagnosticError
from symc.diagnostics.files import write_atomically
from symc.ir.tensor import Loop

BATCH = 3  # the example's batch; free sizes get values of their own, so that no two sizes are taken for one
FIRST = 5


def export(net: Net) -> torch.export.ExportedProgram:
    """The program of a model in eval mode: it takes tensors with one batch axis, whose size stays dynamic, as do all free sizes.

    Raises DiagnosticError (E0901) where torch cannot make one program for all of them.
    """
    inputs = _example(net)
    axes = tuple(dict.fromkeys(_dynamic(net, position), torch.export.Dim.DYNAMIC) for position in range(len(inputs)))
    module = copy.deepcopy(net).eval().graph_module
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.export.export(module, inputs, dynamic_shapes=axes)
    except Exception as error:  # torch says what stands in the way in many kinds of exception
        reason = str(error).strip().splitlines() or [type(error).__name__]
        notes = (f"torch.export says: {reason[0]}",)
        loops = any(isinstance(node.op, Loop) for node in net.lowered.nodes)
        helps = ("a recurrence is exported at a fixed number of steps: `rep time = axis(8)`",) if loops else ()
        raise DiagnosticError(Diagnostic("E0901", f"exporting `{net.name}` is not supported yet", notes=notes, helps=helps)) from error


def save_pt2(net: Net, path: str | os.PathLike[str]) -> tuple[str, ...]:
    """Write the exported program to a file, which then holds the whole of it or is as it was.

    `torch.export.load(path).module()` is a module that takes the inputs in order, each with exactly one batch axis in front, where the net takes
    any number of them, and records one tensor an entry. What shape each has is returned: `x: (batch, n, 3)`. Raises DiagnosticError (E0202, E0901).
    """
    program = export(net)
    write_atomically(path, lambda temporary: torch.export.save(program, temporary))
    return takes(net)


def takes(net: Net) -> tuple[str, ...]:
    """What an exported program takes, by input: `x: (batch, n, 3)`."""
    return tuple(f"{spec.name}: {show_shape(spec.sizes, 'batch')}" for spec in net.inputs)


def _example(net: Net) -> tuple[Tensor, ...]:
    """Inputs with a different number for every free size."""
    sizes: dict[str, int] = {}
    for offset, name in enumerate(sorted(net.program.free)):
        sizes[name] = FIRST + 2 * offset
    like = next(iter([*net.parameters(), *net.buffers()]), torch.zeros(()))
    like = like if like.is_floating_point() else torch.zeros(())
    shapes = [[sz.number(size, sizes) for size in spec.sizes] for spec in net.inputs]
    dtypes = [torch.int64 if spec.classes is not None else COMPLEX[like.dtype] if spec.complex else like.dtype for spec in net.inputs]
    return tuple(like.new_zeros((BATCH, *shape), dtype=dtype) for shape, dtype in zip(shapes, dtypes, strict=True))


def _dynamic(net: Net, position: int) -> list[int]:
    """The axes of an input whose size is not a number."""
    return [0, *(1 + axis for axis, size in enumerate(net.inputs[position].sizes) if not isinstance(size, int))]
