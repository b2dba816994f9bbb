"""How fast one core of a machine is: what costs are estimated with."""

from __future__ import annotations

from dataclasses import dataclass

LARGE = 2**25  # bytes of a result from which on its memory is taken from the system anew


@dataclass(frozen=True, slots=True)
class Machine:
    """One core, float32: what matters are the ratios between these.

    flops: operations a second of a product of matrices of a few hundred rows; bytes: read and written a second by an operation on entries, in
    memory that is in use; fresh: bytes a second of large results, whose memory is new; gathered: entries a second, looked up one by one; call and
    view: seconds of a call on almost nothing, and of one that only looks at its input in another way.
    """

    flops: float = 1e11
    bytes: float = 1.5e10
    fresh: float = 5e9
    gathered: float = 1.4e9
    call: float = 5e-6
    view: float = 3e-6
