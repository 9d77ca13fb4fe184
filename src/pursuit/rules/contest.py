"""Several who want one thing: the lowest draw comes first, then the lowest slot (rules 8)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import Draws, Stream
from pursuit.core.state import State
from pursuit.rules.common import Bools, Flat, some


def queue(
    state: State, draws: Draws, stream: Stream, rows: Flat, slots: Flat, things: NDArray[Any], enters: Bools
) -> NDArray[np.intp]:
    """The place of each in the queue for its thing, [n]: 0 is first; -1 for who does not enter.

    A draw is used only where there is a rival.
    """
    place = np.full(len(rows), -1, np.intp)
    at = np.flatnonzero(enters)
    if not len(at):
        return place
    _, group, count = np.unique(rows[at] * (1 << 20) + things[at], return_inverse=True, return_counts=True)
    rivals = count[group] > 1
    draw = np.zeros(len(at), np.int64)
    if some(rivals):
        those = at[rivals]
        draw[rivals] = draws.below(state.seed, state.turn, stream, rows[those], slots[those], 1 << 32)
    order = np.lexsort((slots[at], draw, group))
    starts = np.cumsum(count) - count
    place[at[order]] = np.arange(len(at)) - starts[group[order]]
    return place
