"""Every operation of the language is made by the random programs, so that a new one is fuzzed by being added."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from symc.ir.pointwise import FUNCTIONS
from symc.passes.elaborate.vocabulary import OPERATIONS

MADE_BY = "".join((Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("program_operations.py", "programs.py", "test_complex.py"))


@pytest.mark.parametrize("word", sorted(OPERATIONS.keys() - FUNCTIONS.keys()))
def test_random_programs_have_every_operation(word: str) -> None:
    assert re.search(rf"\b{word}(\b[\[(\"']|\{{call\}})", MADE_BY), word
