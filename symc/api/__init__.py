"""The front door in Python: thin functions over the passes and backends."""

from symc.api.layers import compile, linear, verify
from symc.api.solving import Solution, solve

__all__ = ["Solution", "compile", "linear", "solve", "verify"]
