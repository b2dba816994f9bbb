"""Attention at the equivariant level: which axes play which role."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attention:
    """softmax(q k / sqrt(d)) v over the keys, d being the number of products in a score; a fourth input is added to the scores.

    Each of `carried` has the places of one axis in q, k and v: the sets that go along, and the heads. `rows` are the other sets of q, `keys` is the
    axis of k and v that the softmax runs over, `summed` are the pairs of axes of q and k that a score sums over, equal or dual. What else v has are
    values. `bias` says where each carried axis, each row and the keys stand in the fourth input; None: it is repeated there. The result has the
    axes of v with the rows in place of the keys. Without keys it is 0.
    """

    carried: tuple[tuple[int, int, int], ...]
    rows: tuple[int, ...]
    keys: tuple[int, int]
    summed: tuple[tuple[int, int], ...]
    bias: tuple[int | None, ...] = ()

    def of_queries(self) -> tuple[int, ...]:
        """The axes of q: carried, rows, summed."""
        return (*(place for place, _, _ in self.carried), *self.rows, *(place for place, _ in self.summed))

    def of_keys(self) -> tuple[int, ...]:
        """The axes of k: carried, keys, summed."""
        return (*(place for _, place, _ in self.carried), self.keys[0], *(place for _, place in self.summed))

    def of_values(self, axes: int) -> tuple[int, ...]:
        """The axes of v: carried, keys, values."""
        first = (*(place for _, _, place in self.carried), self.keys[1])
        return (*first, *(place for place in range(axes) if place not in first))

    def order(self, axes: int) -> tuple[int, ...]:
        """The axes of the result, for v with so many, among the carried ones, then the rows, then the values."""
        found = self.of_values(axes)
        rows = range(len(self.carried), len(self.carried) + len(self.rows))
        return tuple(i for place in range(axes) for i in (rows if place == self.keys[1] else (self._after(found.index(place)),)))

    def _after(self, index: int) -> int:
        """Where an axis of v comes once the rows stand in place of the keys."""
        return index if index < len(self.carried) else index + len(self.rows) - 1
