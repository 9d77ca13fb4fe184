"""Phase recover: grips end, stagger runs out, poly-alloy flows together, backup power comes on (rules 10)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import Draws
from pursuit.core.roster import Trait
from pursuit.core.state import Actions, Mark, State, Status
from pursuit.core.world import World
from pursuit.rules.common import some
from pursuit.rules.custody import has_seizers, let_go


def recover(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Who was not hurt this turn steadies; who heals, heals."""
    columns = let_go(world, state) if world.derive(has_seizers) else {}
    if some(state.stagger):
        columns["stagger"] = state.stagger - ((state.stagger > 0) & ((state.marks & _HURT) == 0))
    for slot in world.derive(_healers):
        kind = world.kind[slot]
        heals = state.health[:, slot] < world.roster.health[kind]
        if not some(heals):
            continue
        heals &= state.status[:, slot] <= Status.DOWN.value
        if some(heals):
            health = columns.get("health", state.health).copy("K")
            whole = np.minimum(health[:, slot] + world.roster.heals[kind], world.roster.health[kind])
            health[:, slot] = np.where(heals, whole, health[:, slot])
            columns["health"] = health
    if columns:
        state = state.evolve(**columns)
    spare_power = world.derive(_backed)
    return _restart(world, state, spare_power) if len(spare_power) else state


def _restart(world: World, state: State, slots: NDArray[np.intp]) -> State:
    """Count the turns that machines with backup power are offline, and restart them once."""
    dark = (state.status[:, slots] == Status.OFFLINE.value) & (state.backup[:, slots] > 0)
    if not some(dark):
        return state
    rows, at = dark.nonzero()
    slots = slots[at]
    backup = state.backup.copy("K")
    backup[rows, slots] -= 1
    columns: dict[str, NDArray[Any]] = {"backup": backup}
    wakes = backup[rows, slots] == 0
    if some(wakes):
        rows, slots = rows[wakes], slots[wakes]
        columns |= {name: getattr(state, name).copy("K") for name in ("status", "health", "stagger", "marks")}
        full = world.roster.health[world.kind[slots]].astype(np.int64)
        backup[rows, slots] = -1
        columns["status"][rows, slots] = Status.WELL.value
        columns["health"][rows, slots] = np.maximum(full * world.numbers.backup_health // 1000, 1)
        columns["stagger"][rows, slots] = 0
        columns["marks"][rows, slots] |= np.uint16(Mark.RESTARTED)
    return state.evolve(**columns)


_HURT = np.uint16(Mark.HURT)


def _backed(world: World) -> NDArray[np.intp]:
    """Slots with backup power."""
    return np.flatnonzero(world.trait(Trait.BACKUP))


def _healers(world: World) -> list[int]:
    """Slots that heal; a person never does."""
    return [int(slot) for slot in np.flatnonzero((world.roster.heals[world.kind] > 0) & world.trait(Trait.MACHINE))]
