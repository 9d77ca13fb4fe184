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
    makers = np.any(state.noise > 0, axis=0).nonzero()[0]
    ear = state.node.T.take(member.cell)
    found = np.full((shape[0], len(makers)), _NOBODY)
    for column, maker in enumerate(makers.tolist()):
        near = state.noise.T[maker].take(member.episode).nonzero()[0]  # few are in a game where it made a noise
        row, episode = member.row.take(near), member.episode.take(near)
        loud, source = state.noise[episode, maker], state.node[episode, maker]
        heard = sound_hops(world, ear.take(near), source) * float(world.board.cell) <= loud
        heard &= state.mind[episode, maker] != live.mind.take(row)
        found[row[heard], column] = _code(source, loud)[heard]
    node, loud = np.full((2, *shape), -1, np.int32)
    rows = np.any(found < _NOBODY, axis=1).nonzero()[0]
    if len(rows):
        codes = np.sort(found[rows], axis=1)
        known = codes < _NOBODY
        node[rows, : len(makers)] = np.where(known, codes >> 32, -1)
        loud[rows, : len(makers)] = np.where(known, codes & 0xFFFFFFFF, -1)
    return node, loud


def _code(node: NDArray[Any], loud: NDArray[Any]) -> NDArray[np.int64]:
    return (node.astype(np.int64) << 32) | loud
