"""Tests of one agent: (look, condition, a) -> [B], or [B, P] for an array of slots a [P].

The definitions are those of `docs/scenarios.md`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pursuit.core.script import Ask, Condition
from pursuit.rules.common import Bools, sound_hops
from pursuit.rules.script.look import ANYTHING, LEFT, NOTHING, OFFLINE, WELL, Look, Slots, in_bits, within


def _enter(look: Look, c: Condition, a: Slots) -> Bools:
    inside = look.world.script.areas[c.area]
    path = inside[look.state.path[:, a]]
    return ~path[..., 0] & (path.any(axis=-1) | inside[look.state.node[:, a]])


def _exit(look: Look, c: Condition, a: Slots) -> Bools:
    inside = look.world.script.areas[c.area]
    return inside[look.state.path[:, a]].any(axis=-1) & ~inside[look.state.node[:, a]]


def _arrive(look: Look, c: Condition, a: Slots) -> Bools:
    inside = look.world.script.areas[c.area]
    return inside[look.state.node[:, a]] & ~inside[look.state.path[:, a, 0]]


def _pass_edge(look: Look, c: Condition, a: Slots) -> Bools:
    areas = look.world.script.areas
    path = look.state.path[:, a]
    start, end = path[..., :-1], path[..., 1:]
    return (areas[c.area][start] & areas[c.beyond][end] & (start != end)).any(axis=-1)


def _marked(look: Look, c: Condition, a: Slots) -> Bools:
    if not look.marks & c.bits:
        return look.nobody
    found = (look.state.marks[:, a] & np.uint16(c.bits)) != 0
    if c.flag:
        found &= look.state.guise[:, a] == a
    elif c.thing >= 0:
        found &= look.state.guise[:, a] == c.thing
    return found


def _escaped(look: Look, c: Condition, a: Slots) -> Bools:
    status = look.state.status[:, a]
    if look.closed:
        return status == LEFT
    return (status == WELL) & look.world.exits[look.world.side[a], look.state.node[:, a]]


def _deed(look: Look, c: Condition, a: Slots) -> Bools:
    if not look.deeds & c.bits:
        return look.nobody
    found = in_bits(c.bits, look.state.did[:, a])
    return found & (look.state.did_object[:, a] == c.thing) if c.thing >= 0 else found


def _refused(look: Look, c: Condition, a: Slots) -> Bools:
    if not look.refusals & c.bits:
        return look.nobody
    return in_bits(c.bits, look.state.refused[:, a])


def _idle(look: Look, c: Condition, a: Slots) -> Bools:
    return look.state.still[:, a] >= c.low


def _stands(look: Look, c: Condition, a: Slots) -> Bools:
    return look.world.script.areas[c.area][look.state.node[:, a]] & (look.state.status[:, a] <= OFFLINE)


def _status(look: Look, c: Condition, a: Slots) -> Bools:
    return in_bits(c.bits, look.state.status[:, a])


def _guise(look: Look, c: Condition, a: Slots) -> Bools:
    return look.state.guise[:, a] == c.thing


def _masked(look: Look, c: Condition, a: Slots) -> Bools:
    return (look.state.guise[:, a] != a) == c.flag


def _wanted(look: Look, c: Condition, a: Slots) -> Bools:
    return look.state.wanted[:, a] == c.flag


def _held(look: Look, c: Condition, a: Slots) -> Bools:
    return (look.state.captor[:, a] >= 0) == c.flag


def _persuaded(look: Look, c: Condition, a: Slots) -> Bools:
    return look.state.persuaded[:, a] == c.flag


def _rides(look: Look, c: Condition, a: Slots) -> Bools:
    ride = look.state.ride[:, a]
    if c.thing == ANYTHING:
        return ride >= 0
    return ride < 0 if c.thing == NOTHING else ride == c.thing


def _driven(look: Look, c: Condition, a: Slots) -> Bools:
    return (look.state.ride[:, a] == c.thing) & (look.state.seat[:, a] == 0)


def _has_cue(look: Look, c: Condition, a: Slots) -> Bools:
    return look.state.cue[:, a] == (-1 if c.thing == NOTHING else c.thing)


def _has_order(look: Look, c: Condition, a: Slots) -> Bools:
    return look.state.order[:, a] == c.thing


def _health(look: Look, c: Condition, a: Slots) -> Bools:
    return within(c.low, c.high, look.state.health[:, a])


def _knows(look: Look, c: Condition, a: Slots) -> Bools:
    bits = look.state.knows[look.line(a), look.state.mind[:, a]]
    return (bits >> np.uint32(c.thing) & np.uint32(1)).astype(np.bool_) & (look.state.status[:, a] == WELL)


def distance_to_area(look: Look, c: Condition, a: Slots) -> Bools:
    """Whether an agent is so far from the nearest node of an area."""
    nodes = np.flatnonzero(look.world.script.areas[c.area])
    hops = sound_hops(look.world, look.state.node[:, a][..., None], nodes)
    return within(c.low, c.high, hops.min(axis=-1)) & look.present[:, a]


OF_ONE: dict[Ask, Callable[[Look, Condition, Slots], Bools]] = {
    Ask.ENTER: _enter,
    Ask.EXIT: _exit,
    Ask.ARRIVE: _arrive,
    Ask.PASS_EDGE: _pass_edge,
    Ask.MARKED: _marked,
    Ask.ESCAPED: _escaped,
    Ask.DEED: _deed,
    Ask.REFUSED: _refused,
    Ask.IDLE: _idle,
    Ask.STANDS: _stands,
    Ask.STATUS: _status,
    Ask.GUISE: _guise,
    Ask.MASKED: _masked,
    Ask.WANTED: _wanted,
    Ask.HELD: _held,
    Ask.PERSUADED: _persuaded,
    Ask.RIDES: _rides,
    Ask.VEHICLE_DRIVEN: _driven,
    Ask.CUE: _has_cue,
    Ask.ORDER: _has_order,
    Ask.HEALTH: _health,
    Ask.KNOWS: _knows,
}
