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

_LATEST: list[tuple[Array, Array]] = []  # (seeds, keys) of the last few batches: keys never change in a run


def mind_keys(world: World, seed: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each mind's key for chance, [B, M]: half of the bits are thrown away, so the seed cannot be worked back."""
    for seeds, keys in _LATEST:
        if seeds is seed and keys.shape[1] == world.num_minds:
            return keys
    base = key(seed, np.zeros(1, np.int64), Stream.POLICY)[:, None]
    lanes = 2 * np.arange(world.num_minds)
    keys = (bits32(base, lanes) << np.uint64(32)) | bits32(base, lanes + 1)
    _LATEST.append((seed, keys))
    del _LATEST[:-8]
    return keys
