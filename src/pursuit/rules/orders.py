"""Phase obey: what an agent may do at all, and what its orders make of it (rules 3)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import Actions, Order, Refusal, State, Verb
from pursuit.core.tables import select
from pursuit.core.world import World
from pursuit.rules.common import able, batch_last, listed, some
from pursuit.rules.custody import has_seizers, pinned
from pursuit.rules.legal import reasons

_NOWHERE = np.int32(-1)


def obey(world: World, state: State, actions: Actions) -> tuple[Actions, NDArray[np.int8]]:
    """The actions that are left when orders are applied and what is illegal is struck out, and why, [B, A]."""
    fit = able(state)
    goal = select(fit, actions.goal, _NOWHERE)
    toward = actions.toward
    standing = (state.order == Order.HOLD.value) | (state.order == Order.GO.value)
    if some(standing):
        standing &= fit & (state.cue == -1)
        there = state.order_object == state.node
        ordered = np.where((state.order == Order.GO.value) & ~there, state.order_object, -1)
        new = np.where(standing, ordered, goal)
        toward = np.where(new != goal, np.int8(-1), toward)
        goal = new

    refused = batch_last(goal.shape, np.int8)
    wild = (goal < -1) | (goal >= world.board.num_nodes)
    if some(wild):
        refused[wild] = Refusal.GOAL
        goal = np.where(wild, -1, goal)

    verb = actions.verb * fit
    rows, slots = listed(verb != Verb.WAIT.value)
    if len(rows):
        reason = reasons(world, state, actions, rows, slots)
        verb[rows, slots] = np.where(reason == Refusal.NONE.value, verb[rows, slots], Verb.WAIT)
        refused[rows, slots] = np.where(refused[rows, slots] == Refusal.NONE.value, reason, refused[rows, slots])
        goal, verb = _hold_still(world, state, goal, verb, refused)
    elif world.shifter >= 0:
        goal, verb = _hold_still(world, state, goal, verb, refused)
    if world.derive(has_seizers) and some(state.captor >= 0):
        goal, verb = _hold_fast(state, goal, verb, refused)
    left = Actions(goal, actions.gait, toward, verb, actions.object, actions.order, actions.order_object)
    return left, refused


def _hold_fast(
    state: State, goal: NDArray[Any], verb: NDArray[Any], refused: NDArray[np.int8]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Who is held stays, and may do no more than strike and speak."""
    held = pinned(state, verb)
    walks = (state.captor >= 0) & (goal >= 0)
    new = (held | walks) & (refused == Refusal.NONE.value)
    refused[new] = Refusal.HELD
    return np.where(walks, -1, goal), np.where(held, np.int8(Verb.WAIT), verb)


def _hold_still(
    world: World, state: State, goal: NDArray[Any], verb: NDArray[Any], refused: NDArray[np.int8]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """A thing does not walk or act, and a changer does not move."""
    if world.shifter < 0:
        return goal, verb
    slot = world.shifter
    thing = np.maximum(state.guise[:, slot], state.pending[:, slot]) >= world.num_agents
    if some(thing):
        acts = (verb[:, slot] != Verb.WAIT.value) & (verb[:, slot] != Verb.MORPH.value)
        stirs = thing & ((goal[:, slot] >= 0) | acts)
        refused[:, slot] = np.where(stirs & (refused[:, slot] == Refusal.NONE.value), Refusal.STILL, refused[:, slot])
        goal[:, slot] = np.where(thing, -1, goal[:, slot])
        verb[:, slot] = np.where(thing & acts, Verb.WAIT, verb[:, slot])
    goal[:, slot] = np.where(verb[:, slot] == Verb.MORPH.value, -1, goal[:, slot])
    return goal, verb
