"""A compiled model as an `.onnx` file, written by `torch.onnx` with the packages onnx and onnxscript."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import torch

from symc.backends.export import export, takes
from symc.backends.shell import Net
from symc.diagnostics import Diagnostic, DiagnosticError
from symc.diagnostics.files import write_atomically

PACKAGES = ("onnx", "onnxscript")


def save_onnx(net: Net, path: str | os.PathLike[str]) -> tuple[str, ...]:
    """Write the model in eval mode to one file, weights included, which then holds the whole of it or is as it was.

    The file takes the inputs by name, each with one batch axis in front; batch and free sizes are dynamic. What shape each has is returned.
    Raises DiagnosticError (E0901) where a package is missing, or an operation has no form in ONNX; E0202 where the file cannot be written.
    """
    if missing := [name for name in PACKAGES if find_spec(name) is None]:
        ways = ("pip install 'symc[onnx]'", "or write an exported program, which needs nothing: `-o out.pt2`")
        raise DiagnosticError(Diagnostic("E0901", f"writing ONNX takes {' and '.join(missing)}, not installed here", helps=ways))
    exported = export(net)
    try:
        with _quiet():
            program = torch.onnx.export(exported, dynamo=True, verbose=False)
            assert program is not None
    except Exception as error:  # torch says what stands in the way in many kinds of exception
        cause: BaseException = error
        while cause.__cause__ is not None:
            cause = cause.__cause__
        reason = str(cause).strip().splitlines() or [type(cause).__name__]
        complexes = any(spec.complex for spec in net.inputs)
        helps = (*(["ONNX has no complex numbers that torch could write"] if complexes else []), "write an exported program: `-o out.pt2`")
        title = f"writing `{net.name}` as ONNX is not supported"
        raise DiagnosticError(Diagnostic("E0901", title, notes=(f"torch.onnx says: {reason[0]}",), helps=helps)) from error
    write_atomically(path, lambda temporary: program.save(temporary, external_data=False))
    return takes(net)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what torch.onnx tells of itself, in warnings and in logs."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
