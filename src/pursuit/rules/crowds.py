"""Sets of agents as the bits of one number: slot k is bit k. Who sees whom in a batch is then one small array.

Dimension letters: ``B`` episodes, ``A`` agent slots (at most 64), ``M`` minds.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.rules.common import Bools

Sets = NDArray[Any]
"""Sets of agents, of an unsigned type with a bit for every slot."""


@lru_cache(maxsize=64)
def singles(num_agents: int) -> Sets:
    """The set of each agent alone, [A]; its type is the narrowest that holds all slots."""
    width = next(kind for kind in (np.uint16, np.uint32, np.uint64) if num_agents <= np.iinfo(kind).bits)
    alone = np.left_shift(width(1), np.arange(num_agents, dtype=width))
    alone.setflags(write=False)
    return alone


def pack(flags: Bools) -> Sets:
    """Flags [..., A] as sets [...]."""
    alone = singles(flags.shape[-1])
    packed: Sets = np.bitwise_or.reduce(flags * alone, axis=-1)
    return packed


def unpack(sets: Sets, num_agents: int) -> Bools:
    """Sets [...] as flags [..., A]."""
    held = np.bitwise_and(sets[..., None], singles(num_agents), order="F")  # episodes stay next to each other
    return held != 0


def unite(sets: Sets, label: NDArray[np.int8], num_labels: int) -> Sets:
    """The union of the agents' sets [B, A] that carry each label, [B, M]."""
    labels = np.arange(num_labels, dtype=np.int8)
    carries = np.equal(label[:, None, :], labels[:, None], order="F")
    united: Sets = np.bitwise_or.reduce(carries * sets[:, None, :], axis=2)
    return united


def before(key: NDArray[np.int64]) -> Sets:
    """For each agent the set of those with a smaller key, [B, A]; no two keys are equal."""
    return pack(key[:, None, :] < key[:, :, None])
