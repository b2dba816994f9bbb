"""What verification found, as data, as a table and as plain JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from math import isfinite, isnan

TOLERANCE = 1e-10
"""Rounding in float64 through tens of layers stays below 1e-12 of the output; a map that is not equivariant shows far above 1e-6."""
NOISE = 1000.0
"""Where rounding the input already moves the output, an error of so many times that movement is rounding too."""
RESIDUAL = 1e-9


@dataclass(frozen=True, slots=True)
class Measurement:
    """One output at one group element: |f(g x) - g f(x)|, and how much f(x) moves when x is rounded, relative to the largest |f(x)| at any sizes."""

    output: str
    group: str
    generator: int | None  # its number among the group's generators, None for a random element
    element: str
    sizes: tuple[tuple[str, int], ...]
    error: float
    noise: float

    @property
    def ok(self) -> bool:
        return self.error <= max(TOLERANCE, NOISE * self.noise)  # a NaN is not

    @property
    def remark(self) -> str:
        return "" if self.ok else "<- not a number" if isnan(self.error) else "<- too large"


@dataclass(frozen=True, slots=True)
class Layer:
    """The certificate of the basis one parameter is a vector of coordinates in. `expected` is a count that does not use the solver."""

    parameter: str
    maps: str
    method: str
    dim: int
    expected: int | None
    expected_by: str | None
    residual: float

    @property
    def ok(self) -> bool:
        return self.residual <= RESIDUAL and self.expected in (None, self.dim)


@dataclass(frozen=True, slots=True)
class Report:
    """All measurements and certificates. `ok` holds when every one of them does; a dimension that nothing else counts is no failure, and is said."""

    model: str
    symmetry: str
    measurements: tuple[Measurement, ...]
    layers: tuple[Layer, ...]
    noise: tuple[str, ...] = ()  # what `random()` drew, called so: given to the model and moved with its inputs

    @property
    def ok(self) -> bool:
        return all(item.ok for item in self.measurements) and all(layer.ok for layer in self.layers)

    @property
    def error(self) -> float:
        """The largest relative error; NaN where one is."""
        errors = [item.error for item in self.measurements]
        return next(filter(isnan, errors), max(errors, default=0.0))

    def json(self) -> dict[str, object]:
        """Plain data; numbers that are not finite come as text."""
        return {
            "model": self.model,
            "symmetry": self.symmetry,
            "ok": self.ok,
            "error": _plain(self.error),
            "noise": list(self.noise),
            "measurements": [
                asdict(item) | {"sizes": dict(item.sizes), "ok": item.ok, "error": _plain(item.error), "noise": _plain(item.noise)}
                for item in self.measurements
            ],
            "layers": [asdict(layer) | {"ok": layer.ok} for layer in self.layers],
        }

    def __str__(self) -> str:
        verdict = "equivariant" if self.ok else "not measured, being no number at random inputs," if isnan(self.error) else "NOT equivariant"
        head = f"{self.model}: {verdict} under {self.symmetry or 'no group'}, largest relative error {self.error:.1e}"
        measured = _table(("output", "group", "element", "error", ""), self._rows())
        certified = _table(("weights", "maps", "method", "dim", "counted", ""), self._layers())
        drawn = ", ".join(self.noise)
        law = f"  measured at given noise ({drawn}), which is moved with the inputs: its law is left alone, so that of the outputs is equivariant"
        blocks = [head, law if self.noise else "", measured, certified]
        return "\n\n".join(block for block in blocks if block)

    def _rows(self) -> list[Sequence[str]]:
        """One row for each output and generator: the worst over all sizes."""
        worst: dict[tuple[object, ...], Measurement] = {}
        for item in self.measurements:
            key = (item.output, item.group, item.generator)
            if key not in worst or not item.error <= worst[key].error:
                worst[key] = item
        return [(item.output, item.group, _short(item), f"{item.error:.1e}", item.remark) for item in worst.values()]

    def _layers(self) -> list[Sequence[str]]:
        rows: list[Sequence[str]] = []
        for layer in self.layers:
            counted = "nothing else counts it" if layer.expected is None else f"{layer.expected} by {layer.expected_by}"
            rows.append((layer.parameter, layer.maps, layer.method, str(layer.dim), counted, "" if layer.ok else f"<- residual {layer.residual:.1e}"))
        return rows


def _short(item: Measurement) -> str:
    sizes = ", ".join(f"{name} = {size}" for name, size in item.sizes)
    element = item.element if len(item.element) <= 40 else f"{item.element[:39]}…"
    return f"{element} at {sizes}" if sizes else element


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, *rows]
    if len(lines) == 1:
        return ""
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    return "\n".join("  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)


def _plain(number: float) -> float | str:
    return number if isfinite(number) else str(number)
