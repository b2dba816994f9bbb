"""The libraries that symc is compared with, each where it is installed.

    pip install symc[bench]                                                           # e3nn
    pip install --no-deps escnn symm-learning pymanopt autograd dill lie_learn requests   # escnn's own requirements want a Fortran compiler

escnn 1.0.11 rests on lie_learn, whose wheels are built for numpy 1 and whose source archives lack files: with numpy 2 it must be built from its
repository. `--peers DIR` of run.py adds a folder of packages (pip install --target DIR) to those that can be imported.
"""

from __future__ import annotations

import importlib
import warnings
from typing import Any

from .case import Absent


def library(name: str) -> Any:
    """An installed module. Raises Absent."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = importlib.import_module(name)
            if name.startswith(("escnn", "symm_learning")):  # it hands numpy matrices to scikit-learn, which no longer takes them; scipy does
                importlib.import_module("escnn.group._numerical").randomized_svd = None
            return module
    except ImportError as error:
        raise Absent(f"{name.partition('.')[0]}: {str(error).strip().splitlines()[0]}") from None
