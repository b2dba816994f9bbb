"""An entry of the store: what is packed comes back to the bit, and nothing else is taken for one."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from store_entries import SMALL, blank, key

from symc.passes.solve import entry
from symc.passes.solve.entry import BLANK, DTYPES, MARK, pack, unpack

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda name: name != entry.RESERVED)
ARRAYS = st.sampled_from(sorted(DTYPES)).flatmap(lambda name: hnp.arrays(name, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)))


@given(st.dictionaries(NAMES, ARRAYS, max_size=4), st.dictionaries(st.text(), JSON, max_size=4))
def test_what_is_packed_comes_back(arrays: dict[str, Any], facts: dict[str, Any]) -> None:
    data = pack(key(0), arrays, facts)
    found = unpack(key(0), data)
    assert found is not None
    assert found.facts == facts
    assert json.dumps(found.facts) == json.dumps(facts)
    assert found.arrays.keys() == arrays.keys()
    for name, array in arrays.items():
        again = found.arrays[name]
        assert (again.dtype, again.shape, again.tobytes()) == (array.dtype, array.shape, array.tobytes())
        assert again.flags.c_contiguous
        assert not again.flags.writeable
    assert pack(key(0), arrays, facts) == data
    assert unpack(key(1), data) is None


@pytest.mark.parametrize("flip", [1, 0x29, 0x80, 0xFF])  # 0x29 makes a tab of a space
def test_every_changed_byte_is_noticed(flip: int) -> None:
    assert unpack(key(0), SMALL) is not None
    for at in range(len(SMALL)):
        data = bytearray(SMALL)
        data[at] ^= flip
        assert unpack(key(0), bytes(data)) is None


def test_every_missing_byte_is_noticed() -> None:
    for length in range(len(SMALL)):
        assert unpack(key(0), SMALL[:length]) is None
    for more in (b"\0", b" ", SMALL):
        assert unpack(key(0), SMALL + more) is None


def test_the_signature_of_the_tests_is_right() -> None:
    assert unpack(key(0), blank()) is not None


def test_facts_and_names_cannot_pass_for_the_digest() -> None:
    text = MARK.decode() + BLANK.decode()
    arrays = {text: np.zeros(1), MARK.decode(): np.ones(1), "sha256": np.ones(2)}
    data = pack(key(0), arrays, {text: text, "sha256": BLANK.decode(), "a": {"symc": '{"sha256":"'}})
    found = unpack(key(0), data)
    assert found is not None
    assert found.arrays.keys() == arrays.keys()
    assert data.count(BLANK) == pytest.approx(4, abs=2)
