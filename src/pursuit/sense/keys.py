"""Each mind's key for chance.

Dimension letters: ``B`` episodes, ``M`` minds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import Stream, bits32, key
from pursuit.core.world import World

Array = NDArray[Any]


def mind_keys(world: World, seed: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each mind's key for chance, [B, M]: half of the bits are thrown away, so the seed cannot be worked back."""
    ring = world.derive(_Ring)
    if ring.seed is not seed:
        base = key(seed, np.zeros(1, np.int64), Stream.POLICY)[:, None]
        lanes = 2 * np.arange(world.num_minds)
        ring.seed = seed
        ring.keys = np.asfortranarray((bits32(base, lanes) << np.uint64(32)) | bits32(base, lanes + 1))
    return ring.keys


class _Ring:
    """The keys of the batch that a world was asked about last: they stay as long as its episodes do."""

    def __init__(self, world: World) -> None:
        self.seed: Array | None = None
        self.keys: Array = np.empty((0, world.num_minds), np.uint64)
