"""Phase touch: bodies in contact are felt (rules 6)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import Draws
from pursuit.core.roster import Trait
from pursuit.core.state import Actions, Refusal, State, Verb
from pursuit.core.world import World
from pursuit.rules.common import Bools, Flat, choosers, refuse, some


def touch(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Sample a guise, catch hold of a vehicle."""
    rows, slots = choosers(actions, Verb.SAMPLE, Verb.GRAB)
    if not len(rows):
        return state
    thing = actions.object[rows, slots]
    grabs = actions.verb[rows, slots] == Verb.GRAB.value
    within = np.zeros(len(rows), np.bool_)
    within[~grabs] = _can_feel(world, state, rows[~grabs], slots[~grabs], thing[~grabs])
    within[grabs] = _can_catch(state, rows[grabs], slots[grabs], thing[grabs])

    refused, did, did_object = state.refused.copy("K"), state.did.copy("K"), state.did_object.copy("K")
    refuse(refused, rows[~within], slots[~within], Refusal.TOO_FAR)
    did[rows[within], slots[within]] = actions.verb[rows[within], slots[within]]
    did_object[rows[within], slots[within]] = thing[within]
    columns: dict[str, NDArray[Any]] = {"refused": refused, "did": did, "did_object": did_object}
    felt = within & ~grabs
    if some(felt):
        sampled = state.sampled.copy("K")
        sampled[rows[felt], thing[felt]] = True
        columns["sampled"] = sampled
    held = within & grabs
    if some(held):
        ride, node = state.ride.copy("K"), state.node.copy("K")
        ride[rows[held], slots[held]] = thing[held]
        node[rows[held], slots[held]] = state.vehicle_node[rows[held], thing[held]]
        columns |= {"ride": ride, "node": node}
    return state.evolve(**columns)


def _can_feel(world: World, state: State, rows: Flat, slots: Flat, guise: NDArray[Any]) -> Bools:
    """Whether the owner of the look is met and a person, or the thing of the look is within reach."""
    num = world.num_agents
    agent, item = np.minimum(guise, num - 1), np.maximum(guise - num, 0)
    person = state.met[rows, slots, agent] & ~world.trait(Trait.MACHINE)[agent]
    if not world.num_items:
        return person
    lies = (state.item_node[rows, item] == state.node[rows, slots]) | (state.holder[rows, item] == slots)
    return np.where(guise < num, person, lies)


def _can_catch(state: State, rows: Flat, slots: Flat, vehicle: NDArray[Any]) -> Bools:
    """Whether the vehicle is here, or somebody on it was met."""
    here = state.vehicle_node[rows, vehicle] == state.node[rows, slots]
    met_rider = (state.met[rows, slots] & (state.ride[rows] == vehicle[:, None])).any(axis=1)
    return here | met_rider
