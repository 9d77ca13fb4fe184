"""The whole state as one array, for critics that may know more than players do.

Dimension letters: ``B`` episodes, ``T`` entries of the truth.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import State
from pursuit.core.world import Ruleset, World
from pursuit.rules.turn import fresh

CLASSICAL = ("turn", "to_move", "node", "status")
STORY = (
    "turn", "node", "status", "health", "stagger", "guise", "pending", "mind", "ride", "seat", "order", "order_object",
    "captor", "sampled", "item_node", "holder", "ammo", "armed", "vehicle_node", "door", "hazard", "alarm", "var",
)  # fmt: skip
"""Columns of State, in this order."""


def columns(world: World) -> tuple[str, ...]:
    """The columns of State that make up the truth."""
    return STORY if world.ruleset == Ruleset.STORY else CLASSICAL


def truth(world: World, state: State) -> NDArray[np.int32]:
    """Everything that matters of each episode, [B, T]; it tells what no mind may know."""
    parts: list[NDArray[Any]] = [getattr(state, name).reshape(state.num_rows, -1) for name in columns(world)]
    return np.concatenate(parts, axis=1, dtype=np.int32, casting="unsafe")


def truth_size(world: World) -> int:
    """How many entries the truth has, T."""
    return truth(world, fresh(world, np.zeros(1, np.uint64))).shape[1]
