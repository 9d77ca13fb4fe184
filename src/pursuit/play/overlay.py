"""What minds believe, as a replay records it: the likeliest places of the shifter, and who is held for fake."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from pursuit.mimicry.belief import Belief
from pursuit.mimicry.channel import Channel
from pursuit.play import records

_PLACES = 24
"""Likeliest (guise, node) of the shifter that are written down."""
_WHOLE = 1_000_000
"""Chances are written in millionths."""


def beliefs(channels: Iterable[Channel]) -> list[records.Belief]:
    """What every mind of a single episode believes."""
    found = []
    for channel in channels:
        _, minds, belief = channel.held
        if belief is not None:
            found += [_written(belief, row, mind, channel.name) for row, mind in enumerate(minds.tolist())]
    return found


def _written(belief: Belief, row: int, mind: int, name: str) -> records.Belief:
    places = belief.take(slice(row, row + 1)).shifter[0]  # [G, N]
    chances = np.rint(places * _WHOLE).astype(np.int64)
    order = np.argsort(-chances, axis=None, kind="stable")[:_PLACES]
    guise, node = np.unravel_index(order, chances.shape)
    chance = chances[guise, node]
    cells = np.stack([guise, node, chance], axis=1)[chance > 0]
    fake = np.rint(belief.fake[row] * _WHOLE).astype(np.int64)
    last = int(np.flatnonzero(fake).max(initial=-1)) + 1
    gone = round(float(belief.gone[row]) * _WHOLE)
    return records.Belief(mind, name, gone, cells.reshape(-1).tolist(), fake[:last].tolist())
