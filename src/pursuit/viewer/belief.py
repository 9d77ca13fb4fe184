"""What the mind one looks through believes, as a replay records it: heat over the nodes, doubt about bodies.

Dimension letters: ``N`` nodes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import State
from pursuit.viewer.frame import EVERYTHING, Lens, View
from pursuit.viewer.reel import Reel
from pursuit.viewer.source import Belief

_WHOLE = 1_000_000  # chances are written in millionths


@dataclass(frozen=True)
class Opinion:
    """What is shown of a belief."""

    heat: NDArray[np.float32]  # [N] chance that the shifter is there
    doubts: dict[int, float]  # by slot of a body in sight, the chance that it is the shifter


def opinion(reel: Reel, turn: int, view: View) -> Opinion | None:
    """The belief that a view shows at a turn; None if it shows none, or none is recorded.

    Who sees everything is shown what the first mind believes that does not include the shifter.
    """
    if not view.heat and view.lens != Lens.BELIEVED:
        return None
    state = reel.state(turn)
    found = _whose(reel, state, turn, view.viewpoint)
    if found is None:
        return None
    heat = np.zeros(reel.world.board.num_nodes, np.float32)
    cells = np.array(found.shifter, np.int64).reshape(-1, 3)
    np.add.at(heat, cells[:, 1], (cells[:, 2] / _WHOLE).astype(np.float32))
    fake = dict(enumerate(found.fake))
    rows = enumerate(state.row[0, found.mind].tolist())
    return Opinion(heat, {slot: fake.get(row, 0) / _WHOLE for slot, row in rows if row >= 0})


def _whose(reel: Reel, state: State, turn: int, viewpoint: int) -> Belief | None:
    minds = state.mind[0]
    for belief in reel.replay.beliefs(turn):
        if viewpoint != EVERYTHING and belief.mind == minds[viewpoint]:
            return belief
        if viewpoint == EVERYTHING and (reel.world.shifter < 0 or belief.mind != minds[reel.world.shifter]):
            return belief
    return None
