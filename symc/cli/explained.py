"""What `symc explain` says of a model: a line for each operation, and under a map its space, its weights and how it is lowered; or that as data."""

from __future__ import annotations

from collections.abc import Iterator

from symc.api.explaining import Explanation, Layer, Maps
from symc.passes.cost import Cost

LEFT = 76  # columns before those of numbers
TYPES = 27  # where types begin, and what is said below them


def text(found: Explanation) -> str:
    """The whole, about a hundred columns wide."""
    at = "".join(f", {name} = {size}" for name, size in found.sizes.items())
    lines = [f"{found.model}: {found.symmetry}", f"    {found.signature}", f"    estimated for {found.batch} samples{at}, on one core", ""]
    lines.append(_row(f"{'weights or tensor':<18}{'line':>5}", "    operation and types", ("flops", "bytes", "time")))
    for layer in found.layers:
        lines += _layer(layer)
    lines += ["", _row("in all", f"{found.weights:,} weights and biases", _cost(found.cost))]
    lines.append(_row("unconstrained", f"{count(found.unconstrained_weights)} weights and biases", _cost(found.unconstrained_cost)))
    if found.weights and found.cost.seconds:
        more, slower = found.unconstrained_weights / found.weights, found.unconstrained_cost.seconds / found.cost.seconds
        lines.append(_row("ratio", f"{_times(more)} the weights, {_times(slower)} the time", ()))
    return "\n".join(line.rstrip() for line in lines)


def _layer(layer: Layer) -> Iterator[str]:
    place = layer.place if len(layer.place) <= 17 else layer.place[:16] + "…"
    sources = ", ".join(layer.sources) or "nothing"
    what = f"{layer.operation}  {sources} -> {layer.target}"
    yield _row(f"{place:<18}{layer.line or '':>5}", what, _cost(layer.cost))
    for maps in (maps for maps in layer.maps if maps.dim or maps.of == "maps"):
        yield _row("", f"  {_maps(maps)}", ())
    if layer.repeated or (layer.weights, layer.biases) != tuple(sum(m.dim for m in layer.maps if m.of == of) for of in ("maps", "biases")):
        yield _row("", f"  {_weights(f'{layer.weights:,}', layer.biases, f'{layer.biases:,}')}{', those of a layer above' * layer.repeated}", ())
    if layer.algorithm:
        yield _row("", f"  {'; '.join(layer.algorithm)}", ())
    for name, cost in layer.others.items():
        yield _row("", f"  instead of {name}", _cost(cost))
    if (free := layer.unconstrained) is not None:
        sizes = _weights(count(free.weights), free.biases, count(free.biases)) if free.weights else "weights given"
        yield _row("", f"  unconstrained: {sizes}", _cost(free.cost))


def _weights(weights: str, biases: int, shown: str) -> str:
    return _number(weights, "weight") + (f" + {_number(shown, 'bias', 'biases')}" if biases else "")


def _number(shown: str, one: str, many: str = "") -> str:
    return f"{shown} {one if shown == '1' else many or f'{one}s'}"


def _maps(maps: Maps) -> str:
    counted = f"{maps.expected:,} by" if maps.expected != maps.dim and maps.expected is not None else "as many by"
    known = "not counted another way" if maps.expected_by is None else f"{counted} {maps.expected_by.partition(' (')[0]}"  # no citations
    one, many = ("bias", "biases") if maps.of == "biases" else ("map", "maps")
    return f"{_number(f'{maps.dim:,}', one, many)} by {maps.method}; {known}"


def _row(place: str, what: str, numbers: tuple[str, ...]) -> str:
    """One line, or two where what is said reaches into the columns of numbers."""
    said = f"{place:<{TYPES - 2}}{what}"
    columns = "".join(f"{number:>10}" for number in numbers)
    return f"{said:<{LEFT}}{columns}" if len(said) < LEFT or not numbers else f"{said}\n{'':<{LEFT}}{columns}"


def _times(ratio: float) -> str:
    return f"{ratio:,.0f} times" if ratio >= 100 else f"{ratio:.3g} times"


def _cost(cost: Cost) -> tuple[str, str, str]:
    return count(cost.flops), count(cost.bytes), seconds(cost.seconds)


def count(number: float) -> str:
    """Three digits and a letter: 12.6 M."""
    for letter in ("", " k", " M", " G", " T", " P"):
        if number < 999.5:
            return f"{number:.3g}{letter}"
        number /= 1000
    return f"{number * 1000:.3g} P"


def seconds(time: float) -> str:
    """Three digits and a unit: 1.25 ms; long times in whole seconds."""
    if 999.5 <= time < 1e5:
        return f"{time:.0f} s"
    for unit in ("s", "ms", "µs"):
        if time >= 0.9995 or unit == "µs":
            return f"{time:.3g} {unit}" if time < 1e5 else f"{time:.1e} {unit}"
        time *= 1000
    return ""


def data(found: Explanation) -> dict[str, object]:
    """The same for programs."""
    return {
        "model": found.model, "symmetry": found.symmetry, "signature": found.signature, "batch": found.batch, "sizes": dict(found.sizes),
        "layers": [_layer_data(layer) for layer in found.layers], "weights": found.weights, "cost": _cost_data(found.cost),
        "unconstrained": {"weights": found.unconstrained_weights, "cost": _cost_data(found.unconstrained_cost)},
    }  # fmt: skip


def _layer_data(layer: Layer) -> dict[str, object]:
    free = layer.unconstrained
    maps = [{"of": m.of, "dim": m.dim, "method": m.method, "expected_dim": m.expected, "expected_by": m.expected_by} for m in layer.maps]
    return {
        "place": layer.place, "line": layer.line, "operation": layer.operation, "sources": list(layer.sources), "target": layer.target, "maps": maps,
        "weights": layer.weights, "biases": layer.biases, "repeated": layer.repeated, "algorithm": list(layer.algorithm),
        "others": {name: _cost_data(cost) for name, cost in layer.others.items()},
        "cost": _cost_data(layer.cost),
        "unconstrained": None if free is None else {"weights": free.weights, "biases": free.biases, "cost": _cost_data(free.cost)},
    }  # fmt: skip


def _cost_data(cost: Cost) -> dict[str, float]:
    return {"flops": cost.flops, "bytes": cost.bytes, "calls": cost.calls, "seconds": cost.seconds}
