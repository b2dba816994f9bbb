"""Pictures of random programs: well-formed, everything inside the picture, nothing in the way of anything else."""

from __future__ import annotations

from boxes import boxes, overlaps
from hypothesis import HealthCheck, assume, event, given, settings
from programs import programs

from symc.api.drawing import picture
from symc.api.explaining import explain
from symc.cli.explained import text as explained
from symc.diagnostics import DiagnosticError, Source


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large])
@given(programs())
def test_pictures_of_programs(text: str) -> None:
    source = Source("random.sym", text)
    try:
        drawn = picture(source)
    except DiagnosticError:
        event("refused")
        assume(False)
    found = boxes(drawn)
    paper = found[0]
    assert all(paper.holds(box) for box in found)
    assert not overlaps(found[1:])
    assert drawn == picture(source)
    assert explained(explain(source)).splitlines()[0].startswith("M: ")
