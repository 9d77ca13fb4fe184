"""Who hears what: noises carry by hops of sound, and tell where they were made, not by whom."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import State
from pursuit.core.world import World
from pursuit.rules.common import sound_hops
from pursuit.sense.live import Live, Members

_NOBODY = np.int64(2**62)


def noises(world: World, state: State, live: Live, member: Members) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """(noise_node, noise_loud), [R, J] each, by node and then loudness; -1 past the last noise of a row.

    A noise of so many metres is heard by a mind if a well member is within that, counted as hops of sound times
    the board's cell. What agents of the mind itself made is left out.
    """
    shape = len(live.episode), world.num_agents
    makers = np.flatnonzero((state.noise > 0).any(axis=0))
    rows, episode = member.row, member.episode
    ear = state.node.T.take(member.cell)
    found = np.full((shape[0], len(makers)), _NOBODY)
    for column, maker in enumerate(makers.tolist()):
        loud = state.noise[episode, maker]
        source = state.node[episode, maker]
        foreign = state.mind[episode, maker] != live.mind[rows]
        heard = foreign & (loud > 0) & (sound_hops(world, ear, source) * float(world.board.cell) <= loud)
        found[rows[heard], column] = _code(source, loud)[heard]
    found.sort(axis=1)
    node, loud = np.full((2, *shape), -1, np.int32)
    known = found < _NOBODY
    width = len(makers)
    node[:, :width] = np.where(known, found >> 32, -1)
    loud[:, :width] = np.where(known, found & 0xFFFFFFFF, -1)
    return node, loud


def _code(node: NDArray[Any], loud: NDArray[Any]) -> NDArray[np.int64]:
    return (node.astype(np.int64) << 32) | loud
