"""What a viewpoint sees: its mates, the bodies and nodes in their sight, the noises they hear.

Dimension letters: ``A`` agent slots, ``N`` nodes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import State, Status
from pursuit.core.world import Ruleset, World
from pursuit.rules.common import dark_mask, sound_hops
from pursuit.viewer.frame import EVERYTHING

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Eyes:
    """One mind at the end of one turn."""

    all_seeing: bool
    mates: Bools  # [A] WELL members of the mind, known exactly
    seen: Bools  # [A] bodies in sight, mates apart
    left: Bools  # [A] bodies that were marked and went out of sight
    nodes: Bools | None  # [N] in sight, None if all are

    @property
    def shown(self) -> Bools:
        """[A] everybody of whom the mind has a place now."""
        return self.mates | self.seen

    def sees(self, node: int) -> bool:
        """Whether the node is in sight; no node (-1) never is."""
        return node >= 0 and (self.nodes is None or bool(self.nodes[node]))


def open_eyes(world: World, state: State, viewpoint: int) -> Eyes:
    """The eyes of the mind that slot `viewpoint` belongs to, or of one that sees everything (-1). state has one row."""
    agents = world.num_agents
    if viewpoint == EVERYTHING:
        everybody = np.ones(agents, np.bool_)
        return Eyes(True, everybody, everybody, np.zeros(agents, np.bool_), None)
    mind = int(state.mind[0, viewpoint])
    mates = (state.mind[0] == mind) & (state.status[0] == Status.WELL)
    has_row = state.row[0, mind] >= 0
    left = state.left[0, mind] & has_row
    return Eyes(False, mates, has_row & ~left & ~mates, left, _nodes_in_sight(world, state, mates))


def hears(world: World, state: State, eyes: Eyes, slot: int) -> bool:
    """Whether the mind hears the noise at an agent's node: hops of sound, within the meters that it carries."""
    if eyes.all_seeing:
        return True
    listeners = state.node[0, eyes.mates]
    if not len(listeners):
        return False
    hops = sound_hops(world, listeners, state.node[0, slot])
    return bool((hops.astype(np.int64) * world.board.cell <= int(state.noise[0, slot])).any())


def _nodes_in_sight(world: World, state: State, mates: Bools) -> Bools | None:
    if world.board.sight_hops < 0 or world.ruleset != Ruleset.STORY:
        return None
    nodes = state.node[0, mates]
    if not len(nodes):
        return np.zeros(world.board.num_nodes, np.bool_)
    table = int(world.sight.pick(dark_mask(world, state.door))[0])
    return world.sight.seen_from(table, nodes)
