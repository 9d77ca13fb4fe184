"""Seeds of the episodes of a batch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import key

_STREAM = 63  # no question of the rules or of a policy


def episode_seeds(seed: int, num: int, first: int = 0) -> NDArray[np.uint64]:
    """Seeds of episodes first … first + num − 1 of a batch, [num].

    Episode 0 has the master seed itself; episode k has a hash of (seed, k), which depends on nothing else: not on how
    many episodes there are, nor on the order they are played in.
    """
    return nth_seeds(np.full(num, seed, np.uint64), np.arange(first, first + num))


def nth_seeds(masters: NDArray[np.uint64], numbers: NDArray[np.intp]) -> NDArray[np.uint64]:
    """Seeds of episodes by master seed and number, [n]; see `episode_seeds`."""
    return np.where(numbers == 0, masters, key(masters, numbers, _STREAM))
