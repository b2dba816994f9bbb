"""symc: a compiler from symmetry to fast PyTorch."""

from __future__ import annotations

import os as _os

_root = _os.path.dirname(_os.path.dirname(_os.path.abspath(__file__)))
if not _os.path.isdir(_os.path.join(__path__[0], "passes")) and _os.path.isdir(_os.path.join(_root, "passes")):
    __path__.append(_root)  # a checkout without symbolic links: each is missing, or a file that names its target
