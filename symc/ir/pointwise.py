"""The table of pointwise functions: a function is one line here.

Parity and homogeneity decide where a function commutes with an action: any function with permutations of coordinates, an odd one with signed
permutations, a positively homogeneous one with non-negative monomial matrices (Pacini et al. 2024, theorem on admissible activations).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Function:
    """A row: is it odd, is f(ax) = a f(x) for a > 0, its numpy form, the name of its torch form, and has it a meaning for complex numbers."""

    odd: bool
    homogeneous: bool
    numpy: Callable[[Any], Any]
    torch: str
    holomorphic: bool = False


def _sigmoid(x: Any) -> Any:
    return 0.5 * (1 + np.tanh(x / 2))


def _gelu(x: Any) -> Any:
    from scipy.special import erf

    return 0.5 * x * (1 + erf(x / np.sqrt(2)))


def function(name: str, argument: float | None = None) -> Function:
    """The row of a function; `pow` has one for each exponent. Raises KeyError for a name that is no function."""
    return power(argument) if name == "pow" and argument is not None else FUNCTIONS[name]


def power(exponent: float) -> Function:
    """x to a fixed exponent: odd for odd integers, homogeneous of degree one for 1 alone."""
    return Function(exponent % 2 == 1, exponent == 1, lambda x: np.power(x, exponent), "torch.pow", float(exponent).is_integer())


FUNCTIONS: dict[str, Function] = {
    #                   odd    homogeneous
    "relu": Function(False, True, lambda x: np.maximum(x, 0), "torch.relu"),
    "leaky_relu": Function(False, True, lambda x: np.where(x > 0, x, 0.01 * x), "torch.nn.functional.leaky_relu"),
    "gelu": Function(False, False, _gelu, "torch.nn.functional.gelu"),
    "silu": Function(False, False, lambda x: x * _sigmoid(x), "torch.nn.functional.silu"),
    "elu": Function(False, False, lambda x: np.where(x > 0, x, np.expm1(np.minimum(x, 0))), "torch.nn.functional.elu"),
    "softplus": Function(False, False, lambda x: np.logaddexp(x, 0), "torch.nn.functional.softplus"),
    "sigmoid": Function(False, False, _sigmoid, "torch.sigmoid"),
    "tanh": Function(True, False, np.tanh, "torch.tanh", True),
    "sin": Function(True, False, np.sin, "torch.sin", True),
    "cos": Function(False, False, np.cos, "torch.cos", True),
    "atan": Function(True, False, np.arctan, "torch.atan"),
    "abs": Function(False, True, np.abs, "torch.abs"),
    "exp": Function(False, False, np.exp, "torch.exp", True),
    "log": Function(False, False, np.log, "torch.log"),
    "sqrt": Function(False, False, np.sqrt, "torch.sqrt"),
    "square": Function(False, False, np.square, "torch.square", True),
    "sign": Function(True, False, np.sign, "torch.sign"),
    "neg": Function(True, True, np.negative, "torch.neg", True),
}
