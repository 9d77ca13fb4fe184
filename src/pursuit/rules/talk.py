"""What is said: challenges, which link minds, and orders (rules 8.6 and 8.7)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import Draws, Stream
from pursuit.core.state import Actions, Mark, Order, Refusal, State, Status
from pursuit.core.world import World
from pursuit.rules.common import Bools, Flat, sees_node, settle, some, sound_hops


def in_talking_distance(world: World, state: State, rows: Flat, slots: Flat, targets: NDArray[Any]) -> Bools:
    """Whether the speaker can be heard by the target, and sees where it is, [n]."""
    start, goal = state.node[rows, slots], state.node[rows, targets]
    return (sound_hops(world, start, goal) <= world.numbers.talk_hops) & sees_node(world, state, rows, start, goal)


def challenge(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Ask what only the real one knows."""
    targets = actions.object[rows, slots]
    heard = (state.status[rows, targets] == Status.WELL.value) & in_talking_distance(world, state, rows, slots, targets)
    state, ok = settle(state, actions, rows, slots, np.where(heard, np.int8(0), np.int8(Refusal.TOO_FAR)))
    if not some(ok):
        return state
    rows, slots, targets = rows[ok], slots[ok], targets[ok]
    unmasked = state.guise[rows, targets] == targets
    asked = np.zeros(state.node.shape, np.bool_)
    asked[rows[~unmasked], targets[~unmasked]] = True
    marks = state.marks.copy("K")
    marks[rows[unmasked], targets[unmasked]] |= np.uint16(Mark.PASSED)
    ask_rows, ask_slots = np.nonzero(asked)
    if len(ask_rows):
        bluffs = draws.below(state.seed, state.turn, Stream.BLUFF, ask_rows, ask_slots, 1000) < world.numbers.bluff
        marks[ask_rows, ask_slots] |= np.where(bluffs, np.uint16(Mark.PASSED), np.uint16(Mark.FAILED))
    return join(state.evolve(marks=marks), rows, slots, targets, unmasked & (world.side[slots] == world.side[targets]))


def join(state: State, rows: Flat, slots: Flat, targets: NDArray[Any], friend: Bools) -> State:
    """Everybody of a friend's mind joins that of who spoke to it, which then knows what either knew."""
    if not some(friend):
        return state
    mind, knows, marks = state.mind.copy("K"), state.knows.copy("K"), state.marks.copy("K")
    for slot in np.unique(slots[friend]):  # in slot order: an earlier link is seen by a later one
        at = np.flatnonzero(friend & (slots == slot))
        host, guest = mind[rows[at], slot], mind[rows[at], targets[at]]
        new = host != guest
        at, host, guest = at[new], host[new], guest[new]
        knows[rows[at], host] |= knows[rows[at], guest]
        joins = mind[rows[at]] == guest[:, None]
        mind[rows[at]] = np.where(joins, host[:, None], mind[rows[at]])
        marks[rows[at], slot] |= np.uint16(Mark.LINKED)
        marks[rows[at], targets[at]] |= np.uint16(Mark.LINKED)
    return state.evolve(marks=marks, mind=mind, knows=knows)


def give_orders(world: World, state: State, actions: Actions, draws: Draws, rows: Flat, slots: Flat) -> State:
    """Hand standing orders to who is commanded."""
    targets = actions.object[rows, slots]
    mates = state.mind[rows, slots] == state.mind[rows, targets]
    heard = mates | in_talking_distance(world, state, rows, slots, targets)
    heard &= state.status[rows, targets] == Status.WELL.value
    first = np.zeros(len(rows), np.bool_)
    at = np.flatnonzero(heard)
    first[at[np.unique(rows[at] * (1 << 8) + targets[at], return_index=True)[1]]] = True
    reason = np.where(heard, np.where(first, np.int8(0), np.int8(Refusal.CONTESTED)), np.int8(Refusal.TOO_FAR))
    if world.derive(has_parts):
        stays = actions.order[rows, slots] == Order.HOLD.value
        refuses = stays & (reason == Refusal.NONE.value) & _is_last_part(world, state, rows, targets)
        reason = np.where(refuses, np.int8(Refusal.UNWILLING), reason)
    state, ok = settle(state, actions, rows, slots, reason)
    rows, slots, targets = rows[ok], slots[ok], targets[ok]
    given, thing = actions.order[rows, slots], actions.order_object[rows, slots]
    order, order_object, spare = state.order.copy("K"), state.order_object.copy("K"), state.spare.copy("K")
    mercy = (given == Order.SPARE.value) | (given == Order.FREE_FIRE.value)
    spare[rows[mercy], targets[mercy]] = given[mercy] == Order.SPARE.value
    keep = ~mercy
    plain = (given == Order.FREE.value) | (given == Order.HOLD.value)
    order[rows[keep], targets[keep]] = np.where(given[keep] == Order.FREE.value, Order.NONE, given[keep])
    order_object[rows[keep], targets[keep]] = np.where(plain[keep], -1, thing[keep])
    return state.evolve(order=order, order_object=order_object, spare=spare)


def has_parts(world: World) -> bool:
    """Whether the world has parts of the enemy's machines that must all be destroyed."""
    return bool(world.item_part.any())


def _is_last_part(world: World, state: State, rows: Flat, targets: NDArray[Any]) -> Bools:
    """Whether all parts that are left are in the target's hands, [n]: it will not be told to stay."""
    parts = np.flatnonzero(world.item_part)
    holder = state.holder[rows][:, parts]
    left = (holder >= 0) | (state.item_node[rows][:, parts] >= 0)
    its_own = holder == targets[:, None]
    return np.any(its_own, axis=1) & (its_own | ~left).all(axis=1)
