"""Where and in what precision a module is to live."""

from __future__ import annotations

import torch

from symc.diagnostics import Diagnostic, DiagnosticError, did_you_mean


def check_place(device: object, dtype: object, generator: object) -> None:
    """Refuse a device, dtype or generator that no module can take, before anything is solved. Raises DiagnosticError."""
    if dtype is not None and not (isinstance(dtype, torch.dtype) and dtype.is_floating_point):
        helps = ("take torch.float32, torch.float64, torch.bfloat16 or torch.float16",)
        raise DiagnosticError(Diagnostic("E0216", f"dtype={dtype!r} is no real floating point", helps=helps))
    if generator is not None and not isinstance(generator, torch.Generator):
        helps = ("take torch.Generator().manual_seed(0)",)
        raise DiagnosticError(Diagnostic("E0216", f"generator={generator!r} is no torch.Generator", helps=helps))
    try:
        torch.empty(0, device=device)  # type: ignore[call-overload]
    except (RuntimeError, AssertionError, TypeError) as error:
        reason = str(error).strip().splitlines()
        near = did_you_mean(str(device), {"cpu", "cuda", "mps", "meta"} - {str(device)})
        raise DiagnosticError(Diagnostic("E0216", f"device={device!r} cannot be used", notes=tuple(reason[:1]), helps=near)) from None
