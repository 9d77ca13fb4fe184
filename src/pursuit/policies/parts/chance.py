"""Chance for policies: a function of the row's key, the turn and a lane, and of nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import mix

_TURN, _LANE, _S32 = np.uint64(0xD1B54A32D192ED03), np.uint64(0x9E3779B97F4A7C15), np.uint64(32)


def dice(key: NDArray[np.uint64], turn: NDArray[Any], lane: NDArray[Any]) -> NDArray[np.uint64]:
    """32 random bits for each (key, turn, lane), as uint64; all broadcast. `core.rng.scale` makes a number of them."""
    return mix(key + turn.astype(np.uint64) * _TURN + lane.astype(np.uint64) * _LANE) >> _S32
