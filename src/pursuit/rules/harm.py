"""What harm does to a body, whoever or whatever did it (rules 7): strikes, hazards and scripts all end here."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.roster import Trait
from pursuit.core.state import Mark, State, Status
from pursuit.core.world import World
from pursuit.rules.common import Bools, fall_off


def suffer(
    world: World,
    state: State,
    hurt: Bools,
    damage: NDArray[Any],
    deadly: Bools,
    stagger: NDArray[Any] | np.int8,
    torn: Bools | None = None,
) -> dict[str, NDArray[Any]]:
    """The columns that change when bodies are hurt at once, all [B, A].

    ``hurt`` says whom, who are present; ``damage`` is in points; ``deadly``: whose wounds take a person past down;
    ``stagger``: turns that the blows give; ``torn``: poly-alloy that is split whatever health it has left.
    """
    poly, machine = world.trait(Trait.POLY), world.trait(Trait.MACHINE)
    well = state.status == Status.WELL.value
    health = np.where(hurt, np.maximum(state.health - damage, 0), state.health).astype(np.int16)
    spent = hurt & (health == 0)
    killed = spent & ~machine & deadly
    status = np.where(killed, np.int8(Status.DEAD), state.status)
    status = np.where(spent & ~machine & ~killed & well, np.int8(Status.DOWN), status)
    status = np.where(spent & machine & ~poly & well, np.int8(Status.OFFLINE), status)
    split = (spent if torn is None else spent | torn) & poly & well
    given = np.where(split, np.maximum(stagger, world.numbers.split_turns), stagger).astype(np.int8)
    stays = hurt & (status == Status.WELL.value)
    after = np.where(stays & (split | ~world.trait(Trait.STURDY)), np.maximum(state.stagger, given), state.stagger)

    fallen = well & (status != Status.WELL.value)
    marks = state.marks | np.where(hurt, np.uint16(Mark.HURT), np.uint16(0))
    marks |= np.where(fallen | split, np.uint16(Mark.FELL), np.uint16(0))
    columns = fall_off(state, fallen, stays & (after > state.stagger))
    return {"health": health, "status": status, "stagger": after, "marks": marks, **columns}
