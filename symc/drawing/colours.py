"""Colours: hues apart for classes, and a scale from negative to positive. OKLCH (Ottosson 2020), where equal steps look equal."""

from __future__ import annotations

from math import cos, pi, sin

LIGHTNESS = (0.68, 0.82, 0.55)  # in turn, so that neighbouring hues differ in this too


def hues(count: int) -> list[str]:
    """As many colours, evenly around the circle."""
    return [oklch(LIGHTNESS[index % 3 if count > 4 else 0], 0.125, (25 + 360 * index / count) % 360) for index in range(count)]


def diverging(value: float) -> str:
    """From blue at -1 over white at 0 to red at 1."""
    strength = min(abs(value), 1.0) ** 0.7
    return oklch(1 - 0.42 * strength, 0.17 * strength, 25 if value > 0 else 255)


def oklch(lightness: float, chroma: float, hue: float) -> str:
    """As #rrggbb, cut to what a screen can show."""
    a, b = chroma * cos(hue * pi / 180), chroma * sin(hue * pi / 180)
    l, m, s = (
        (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3,
        (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3,
        (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3,
    )
    linear = (
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    )
    return "#" + "".join(f"{round(255 * _gamma(min(max(value, 0.0), 1.0))):02x}" for value in linear)


def _gamma(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * float(value) ** (1 / 2.4) - 0.055
