"""What the script does to the state, by the definitions of `docs/scenarios.md`.

An effect is a function of (world, state, effect, rows) where `rows` [n] are the episodes in which its trigger
fired. Messages and marks change nothing: they are told from the column `fired` (`triggers.landed`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Door
from pursuit.core.script import Do, Effect
from pursuit.core.state import Mark, Order, State, Status
from pursuit.core.world import World
from pursuit.rules.harm import suffer

Rows: TypeAlias = NDArray[np.intp]


def apply(world: World, state: State, effect: Effect, rows: Rows) -> State:
    """The state after an effect in some episodes."""
    function = _EFFECTS.get(effect.do)
    return state if function is None else function(world, state, effect, rows)


def _at(state: State, name: str, rows: Rows, index: int, value: Any) -> State:
    """One column with a value at (rows, index)."""
    column = getattr(state, name).copy("K")
    column[rows, index] = value
    return state.evolve(**{name: column})


def _cue(world: World, state: State, effect: Effect, rows: Rows) -> State:
    return _at(state, "cue", rows, world.script.cues[effect.thing].agent, effect.thing)


def _release(world: World, state: State, effect: Effect, rows: Rows) -> State:
    for slot in effect.who:
        state = _at(state, "cue", rows, slot, -1)
    return state


def _set(world: World, state: State, effect: Effect, rows: Rows) -> State:
    return _at(state, "var", rows, effect.thing, effect.amount)


def _add(world: World, state: State, effect: Effect, rows: Rows) -> State:
    value = state.var[rows, effect.thing].astype(np.int64) + effect.amount
    return _at(state, "var", rows, effect.thing, np.clip(value, -(2**31), 2**31 - 1))


def _know(world: World, state: State, effect: Effect, rows: Rows) -> State:
    knows = state.knows.copy("K")
    for slot in effect.who:
        knows[rows, state.mind[rows, slot]] |= np.uint32(1 << effect.thing)
    return state.evolve(knows=knows)


def _link(world: World, state: State, effect: Effect, rows: Rows) -> State:
    host, *joiners = effect.who
    mind, knows, marks = state.mind.copy("K"), state.knows.copy("K"), state.marks.copy("K")
    for slot in joiners:
        well = (state.status[rows, host] == Status.WELL.value) & (state.status[rows, slot] == Status.WELL.value)
        at = rows[well & (mind[rows, host] != mind[rows, slot])]
        old, new = mind[at, slot], mind[at, host]
        knows[at, new] |= knows[at, old]
        marks[at, slot] |= np.uint16(Mark.LINKED)
        mind[at] = np.where(mind[at] == old[:, None], new[:, None], mind[at])
    return state.evolve(mind=mind, knows=knows, marks=marks)


def _bring(world: World, state: State, effect: Effect, rows: Rows) -> State:
    status, node, path = state.status.copy("K"), state.node.copy("K"), state.path.copy("K")
    for slot in effect.who:
        at = rows[state.status[rows, slot] == Status.ABSENT.value]
        status[at, slot] = Status.WELL
        if effect.node >= 0:
            node[at, slot] = effect.node
        path[at, slot] = node[at, slot, None]
    return state.evolve(status=status, node=node, path=path)


def _send_away(world: World, state: State, effect: Effect, rows: Rows) -> State:
    names = ("status", "ride", "seat", "leftover", "pending", "cue", "holder", "item_node", "vehicle_leftover")
    new = {name: getattr(state, name).copy("K") for name in names}
    for slot in effect.who:
        at = rows[state.status[rows, slot] <= Status.OFFLINE.value]
        drove = at[(state.ride[at, slot] >= 0) & (state.seat[at, slot] == 0)]
        new["vehicle_leftover"][drove, state.ride[drove, slot]] = 0
        new["status"][at, slot] = Status.ABSENT
        new["leftover"][at, slot] = 0
        for name in ("ride", "seat", "pending", "cue"):
            new[name][at, slot] = -1
        held = state.holder[at] == slot
        new["item_node"][at] = np.where(held, state.node[at, slot, None], new["item_node"][at])
        new["holder"][at] = np.where(held, np.int8(-1), new["holder"][at])
    return state.evolve(**new)


def _give(world: World, state: State, effect: Effect, rows: Rows) -> State:
    state = _at(_at(state, "item_node", rows, effect.thing, -1), "armed", rows, effect.thing, False)
    return _at(state, "holder", rows, effect.thing, effect.who[0])


def _damage(world: World, state: State, effect: Effect, rows: Rows) -> State:
    """As a strike by a weapon that is not lethal and does not stagger."""
    hurt = np.zeros(state.status.shape, np.bool_)
    hurt[rows[:, None], np.array(effect.who, np.intp)] = True
    hurt &= state.status <= Status.OFFLINE.value
    return state.evolve(**suffer(world, state, hurt, effect.amount * hurt, np.zeros_like(hurt), np.int8(0)))


def _open(world: World, state: State, effect: Effect, rows: Rows) -> State:
    return _at(state, "door", rows, effect.thing, Door.OPEN)


def _close(world: World, state: State, effect: Effect, rows: Rows) -> State:
    return _at(state, "door", rows[state.door[rows, effect.thing] == Door.OPEN.value], effect.thing, Door.SHUT)


def _alarm(world: World, state: State, effect: Effect, rows: Rows) -> State:
    order, goal = state.order.copy("K"), state.order_object.copy("K")
    for slot in effect.who:
        at = rows[(state.status[rows, slot] == Status.WELL.value) & (state.cue[rows, slot] == -1)]
        order[at, slot] = Order.GO
        goal[at, slot] = effect.node
    return state.evolve(order=order, order_object=goal)


def _enable(world: World, state: State, effect: Effect, rows: Rows) -> State:
    return _at(state, "enabled", rows, effect.thing, True)


def _disable(world: World, state: State, effect: Effect, rows: Rows) -> State:
    return _at(_at(state, "enabled", rows, effect.thing, False), "due", rows, effect.thing, -1)


def _end(world: World, state: State, effect: Effect, rows: Rows) -> State:
    outcome = state.outcome.copy("K")
    outcome[rows[outcome[rows] < 0]] = effect.thing
    return state.evolve(outcome=outcome)


def _start(world: World, state: State, effect: Effect, rows: Rows) -> State:
    return _at(state, "hazard", rows, effect.thing, True)


def _stop(world: World, state: State, effect: Effect, rows: Rows) -> State:
    return _at(state, "hazard", rows, effect.thing, False)


def _want(world: World, state: State, effect: Effect, rows: Rows) -> State:
    return _look_for(state, effect, rows, True)


def _pardon(world: World, state: State, effect: Effect, rows: Rows) -> State:
    return _look_for(state, effect, rows, False)


def _look_for(state: State, effect: Effect, rows: Rows, wanted: bool) -> State:
    for slot in effect.who:
        state = _at(state, "wanted", rows, slot, wanted)
    return state


_EFFECTS: dict[Do, Callable[[World, State, Effect, Rows], State]] = {
    Do.CUE: _cue,
    Do.RELEASE: _release,
    Do.SET: _set,
    Do.ADD: _add,
    Do.KNOW: _know,
    Do.LINK: _link,
    Do.BRING: _bring,
    Do.SEND_AWAY: _send_away,
    Do.GIVE: _give,
    Do.DAMAGE: _damage,
    Do.OPEN: _open,
    Do.CLOSE: _close,
    Do.ALARM: _alarm,
    Do.ENABLE: _enable,
    Do.DISABLE: _disable,
    Do.END: _end,
    Do.START: _start,
    Do.STOP: _stop,
    Do.WANT: _want,
    Do.PARDON: _pardon,
}
