"""Measuring the equivariance of compiled modules, and gathering the certificates of their bases."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from symc.verify.measure import verify
from symc.verify.report import Layer, Measurement, Report

__all__ = ["Layer", "Measurement", "Report", "verify"]


class _Callable(ModuleType):
    """Importing this room binds the name `symc.verify` to it, which is also that of the function: so the room can be called."""

    def __call__(self, *args: Any, **kwargs: Any) -> Report:
        return verify(*args, **kwargs)


sys.modules[__name__].__class__ = _Callable
