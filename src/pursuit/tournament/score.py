"""The tally of a pairing: pairs of games by their score. A value that adds and flips sides.

>>> tally = Tally((0, 1, 5, 3, 1))
>>> tally.num_pairs, tally.mean
(10, 0.6)
>>> (tally + tally.flipped()).mean
0.5
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Counts: TypeAlias = tuple[int, int, int, int, int]

STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""What a pair can give: two games of 0, 1/2 or 1, averaged."""


@dataclass(frozen=True)
class Tally:
    """How many pairs gave the first entrant 0, 1/4, 1/2, 3/4 and 1: pentanomial counts."""

    counts: Counts = (0, 0, 0, 0, 0)

    @classmethod
    def of(cls, quarters: NDArray[np.integer]) -> Tally:
        """The tally of pairs by their score in quarters, [P] of 0 … 4."""
        found = np.bincount(quarters, minlength=5)
        return cls((int(found[0]), int(found[1]), int(found[2]), int(found[3]), int(found[4])))

    def __add__(self, other: Tally) -> Tally:
        first, second = self.counts, other.counts
        return Tally((*(a + b for a, b in zip(first, second, strict=True)),))  # type: ignore[arg-type]

    def flipped(self) -> Tally:
        """The same pairs as the second entrant sees them."""
        return Tally(self.counts[::-1])

    @property
    def num_pairs(self) -> int:
        return sum(self.counts)

    @property
    def mean(self) -> float:
        """The first entrant's mean score of a pair; 1/2 of none."""
        num = self.num_pairs
        return sum(step * count for step, count in zip(STEPS, self.counts, strict=True)) / num if num else 0.5

    @property
    def variance(self) -> float:
        """Of a pair's score, over the pairs (divided by their number)."""
        num, mean = self.num_pairs, self.mean
        spread = ((step - mean) ** 2 * count for step, count in zip(STEPS, self.counts, strict=True))
        return sum(spread) / num if num else 0.0

    @property
    def deviation(self) -> float:
        return sqrt(self.variance)
