"""Text in SVG: escaped, clipped, never wider than estimated letters."""

from __future__ import annotations

from xml.etree import ElementTree

from symc.drawing import svg
from symc.drawing.text import clipped, width


def test_what_comes_from_outside_is_escaped() -> None:
    nasty = 'a < b & "c" \x00\x1b ]]> <script>'
    drawn = svg.document([svg.text(0, 0, nasty), svg.group([], title=nasty), svg.element("g", id='<"&')], 10, 10, nasty)
    root = ElementTree.fromstring(drawn)
    assert not [element for element in root.iter() if element.tag.endswith("script")]
    assert [element.text for element in root.iter() if element.tag.endswith("text")] == ['a < b & "c"    ]]> <script>']


def test_numbers_are_short_and_have_no_negative_zero() -> None:
    assert [svg.number(x) for x in (0.04, -0.04, 1.25, 10, -3.16)] == ["0", "0", "1.2", "10", "-3.2"]


def test_text_is_clipped_to_a_width() -> None:
    assert clipped("short", 10, 100) == "short"
    for limit in (20, 50, 90):
        assert width(clipped("a rather long representation * of a group", 10, limit), 10) <= limit
