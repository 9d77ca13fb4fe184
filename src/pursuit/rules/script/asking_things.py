"""Tests of things, turns and variables: (look, condition) -> [B].

The definitions are those of `docs/scenarios.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.script import HIGHEST, Ask, Condition, Toward
from pursuit.rules.common import Bools
from pursuit.rules.script.look import WAIT, Look, in_bits, within


def _start(look: Look, c: Condition) -> Bools:
    return look.now == 0


def _turn(look: Look, c: Condition) -> Bools:
    begun = len(look.now) > 0 and look.now[0] > 0  # before the first turn, `now` is 0 in every row
    if begun and c.low <= 1 and c.high == HIGHEST and c.every == 1:
        return look.everybody
    found = within(c.low, c.high, look.now)
    return found if c.every == 1 else found & ((look.now - c.low) % c.every == 0)


def _time_over(look: Look, c: Condition) -> Bools:
    return look.now >= look.world.turns


def _timer(look: Look, c: Condition) -> Bools:
    fired_turn = look.state.fired_turn[:, c.thing]
    return (fired_turn >= 0) & (look.now - fired_turn >= c.low)


def _alarm(look: Look, c: Condition) -> Bools:
    return (look.state.alarm >= 0) & (look.now - look.state.alarm >= c.low)


def _var(look: Look, c: Condition) -> Bools:
    return within(c.low, c.high, look.state.var[:, c.thing])


def _fired(look: Look, c: Condition) -> Bools:
    return within(c.low, c.high, look.state.fired[:, c.thing])


def _outcome(look: Look, c: Condition) -> Bools:
    return look.state.outcome == c.thing


def _rounds(look: Look, c: Condition) -> Bools:
    return within(c.low, c.high, look.state.ammo[:, c.thing])


def _item_lies(look: Look, c: Condition) -> Bools:
    node = look.state.item_node[:, c.thing]
    return (node >= 0) & look.world.script.areas[c.area][node]


def _item_held(look: Look, c: Condition) -> Bools:
    return _is_one_of(look.state.holder[:, c.thing], c.who)


def _vehicle_stands(look: Look, c: Condition) -> Bools:
    return look.world.script.areas[c.area][look.state.vehicle_node[:, c.thing]]


def _door(look: Look, c: Condition) -> Bools:
    return in_bits(c.bits, look.state.door[:, c.thing])


def _count(look: Look, c: Condition) -> Bools:
    slots = np.array(c.who, np.intp)
    status = look.state.status[:, slots]
    found = in_bits(c.bits, status)
    if c.area >= 0:
        found &= look.world.script.areas[c.area][look.state.node[:, slots]]
    return within(c.low, c.high, found.sum(axis=1))


def _gone(look: Look, c: Condition) -> Bools:
    items = np.array(c.who, np.intp)
    gone = (look.state.item_node[:, items] < 0) & (look.state.holder[:, items] < 0)
    return within(c.low, c.high, gone.sum(axis=1))


def _running(look: Look, c: Condition) -> Bools:
    return look.state.hazard[:, c.thing]


def _armed(look: Look, c: Condition) -> Bools:
    return look.state.armed[:, c.thing]


def _taken(look: Look, c: Condition) -> Bools:
    return within(c.low, c.high, look.state.taken[:, np.array(c.who, np.intp)].sum(axis=1))


def _spared(look: Look, c: Condition) -> Bools:
    return within(c.low, c.high, look.state.spared[:, np.array(c.who, np.intp)].sum(axis=1))


def _is_one_of(value: NDArray[Any], who: tuple[int, ...]) -> Bools:
    return value == who[0] if len(who) == 1 else np.isin(value, who)


def _done(look: Look, c: Condition) -> Bools:
    state = look.state
    cue = look.world.script.cues[c.thing]
    slot = cue.agent
    has_it = state.cue[:, slot] == c.thing
    if not np.count_nonzero(has_it):
        return has_it
    if cue.verb != WAIT:
        return has_it & (state.did[:, slot] == cue.verb)
    if cue.toward == Toward.NODE:
        return has_it & (state.node[:, slot] == cue.goal)
    if cue.toward == Toward.GUISE:
        return has_it & (state.met[:, slot] & (state.guise == cue.goal)).any(axis=1)
    if cue.toward == Toward.ITEM:
        lies_here = state.item_node[:, cue.goal] == state.node[:, slot]
        return has_it & (lies_here | (state.holder[:, cue.goal] == slot))
    if cue.toward == Toward.VEHICLE:
        return has_it & (state.vehicle_node[:, cue.goal] == state.node[:, slot])
    return has_it


OF_THINGS: dict[Ask, Callable[[Look, Condition], Bools]] = {
    Ask.START: _start,
    Ask.TURN: _turn,
    Ask.TIME_OVER: _time_over,
    Ask.TIMER: _timer,
    Ask.ALARM: _alarm,
    Ask.VAR: _var,
    Ask.DONE: _done,
    Ask.ITEM_LIES: _item_lies,
    Ask.ITEM_HELD: _item_held,
    Ask.ROUNDS: _rounds,
    Ask.VEHICLE_STANDS: _vehicle_stands,
    Ask.DOOR: _door,
    Ask.COUNT: _count,
    Ask.FIRED: _fired,
    Ask.OUTCOME: _outcome,
    Ask.GONE: _gone,
    Ask.RUNNING: _running,
    Ask.ARMED: _armed,
    Ask.TAKEN: _taken,
    Ask.SPARED: _spared,
}
