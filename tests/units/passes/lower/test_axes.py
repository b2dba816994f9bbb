"""Contractions of as many axes as types may have."""

from __future__ import annotations

import pytest
import torch

import symc


@pytest.mark.parametrize("ones", [25, 26, 31])
@pytest.mark.parametrize("target", ["perm(P)", "perm(P){ones}", "2"])
def test_there_is_a_letter_for_every_axis(ones: int, target: str) -> None:
    """The axes of one coordinate change nothing: the map is that of the type without them."""
    plain = symc.linear(f"perm(P) -> {target.format(ones='')}", groups={"P": "S(n)"})
    net = symc.linear(f"perm(P){'*1' * ones} -> {target.format(ones='*1' * ones)}", groups={"P": "S(n)"})
    with torch.no_grad():
        for mine, theirs in zip(net.parameters(), plain.parameters(), strict=True):
            mine.copy_(theirs.reshape(mine.shape))
    x = torch.randn(2, 3, 4)
    torch.testing.assert_close(net(x.reshape(2, 3, 4, *[1] * ones)).flatten(2), plain(x))


def test_many_axes_with_a_part_each() -> None:
    net = symc.linear(f"perm(P){'*1*2' * 10} -> perm(P)^2{'*1*2' * 10}", groups={"P": "S(n)"})
    assert net(torch.zeros(2, 3, *[1, 2] * 10)).shape == (2, 3, 3, *[1, 2] * 10)
