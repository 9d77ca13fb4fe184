"""Phase recover: stagger runs out, poly-alloy flows together (rules 9)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import Draws
from pursuit.core.roster import Trait
from pursuit.core.state import Actions, Mark, State, Status
from pursuit.core.world import World
from pursuit.rules.common import present, some


def recover(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Who was not hurt this turn steadies; who heals, heals."""
    columns: dict[str, NDArray[Any]] = {}
    steadies = (state.stagger > 0) & ((state.marks & _HURT) == 0)
    if some(steadies):
        columns["stagger"] = state.stagger - steadies
    for slot in world.derive(_healers):
        kind = world.kind[slot]
        heals = present(state)[:, slot] & (state.health[:, slot] < world.roster.health[kind])
        heals &= (state.status[:, slot] != Status.DEAD.value) & (state.status[:, slot] != Status.OFFLINE.value)
        if some(heals):
            health = columns.get("health", state.health).copy("K")
            whole = np.minimum(health[:, slot] + world.roster.heals[kind], world.roster.health[kind])
            health[:, slot] = np.where(heals, whole, health[:, slot])
            columns["health"] = health
    return state.evolve(**columns) if columns else state


_HURT = np.uint16(Mark.HURT)


def _healers(world: World) -> list[int]:
    """Slots that heal; a person never does."""
    return [int(slot) for slot in np.flatnonzero((world.roster.heals[world.kind] > 0) & world.trait(Trait.MACHINE))]
