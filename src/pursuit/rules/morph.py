"""Phase morph: a change of guise chosen last turn takes effect (rules 4)."""

from __future__ import annotations

import numpy as np

from pursuit.core.rng import Draws
from pursuit.core.state import Actions, Mark, State, Verb
from pursuit.core.world import World
from pursuit.rules.common import able, some


def morph(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Finish the changes begun last turn, begin those chosen now."""
    slot = world.shifter
    if slot < 0:
        return state
    waiting = state.pending[:, slot] >= 0
    starts = actions.verb[:, slot] == Verb.MORPH.value
    if not (some(waiting) or some(starts)):
        return state
    done = waiting & able(state)[:, slot]
    guise, marks, pending = state.guise.copy("K"), state.marks.copy("K"), state.pending.copy("K")
    did, did_object = state.did.copy("K"), state.did_object.copy("K")
    guise[:, slot] = np.where(done, pending[:, slot], guise[:, slot])
    marks[:, slot] |= np.where(done, np.uint16(Mark.CHANGED), np.uint16(0))
    pending[:, slot] = np.where(starts, actions.object[:, slot], -1)
    did[:, slot] = np.where(starts, Verb.MORPH, did[:, slot])
    did_object[:, slot] = np.where(starts, actions.object[:, slot], did_object[:, slot])
    return state.evolve(guise=guise, marks=marks, pending=pending, did=did, did_object=did_object)
