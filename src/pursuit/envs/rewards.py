"""What an ending is worth to each side: the reward table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pursuit.content.files.problems import did_you_mean, fail
from pursuit.core.world import Side, World

Rewards: TypeAlias = Mapping[str, Mapping[str, float]]
"""By outcome (or EACH_TURN) and side; what is not named stays as it is without a table."""

EACH_TURN = "each_turn"


def reward_table(world: World, rewards: Rewards | None = None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(what each outcome is worth [outcomes, S], what each turn is worth [S]) to agents by side.

    Without a table hunters get 1, 0 or -1 as the outcome's score is 1, 1/2 or 0, guardians the opposite, law and
    bystanders nothing, and turns are worth nothing. Raises ContentError for an unknown outcome or side.
    """
    worth = np.zeros((len(world.outcome_name), len(Side)))
    worth[:, Side.HUNTER] = world.outcome_score.astype(np.float64) - 1
    worth[:, Side.GUARDIAN] = -worth[:, Side.HUNTER]
    each = np.zeros(len(Side))
    sides = {side.name.lower(): side.value for side in Side}
    outcomes = {name: row for row, name in enumerate(world.outcome_name)}
    for outcome, by_side in (rewards or {}).items():
        if outcome != EACH_TURN and outcome not in outcomes:
            hint = did_you_mean(outcome, [*outcomes, EACH_TURN]) or f"; there is {', '.join([*outcomes, EACH_TURN])}"
            raise fail("unknown-outcome", f"rewards: {outcome!r} is no outcome of {world.name}{hint}")
        row = each if outcome == EACH_TURN else worth[outcomes[outcome]]
        for side, value in by_side.items():
            if side not in sides:
                hint = did_you_mean(side, sides) or f"; there is {', '.join(sides)}"
                raise fail("unknown-side", f"rewards[{outcome!r}]: {side!r} is no side{hint}")
            row[sides[side]] = value
    return worth, each
