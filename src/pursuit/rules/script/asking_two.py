"""Tests of two agents: (look, condition, a, b) -> [B], or [B, P] for arrays of slots a, b [P].

The definitions are those of `docs/scenarios.md`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pursuit.core.script import Ask, Condition
from pursuit.rules.common import Bools, melts, sound_hops
from pursuit.rules.script.look import HIT, OFFLINE, WELL, Look, Slots, in_bits, within


def _sighted(look: Look, c: Condition, a: Slots, b: Slots) -> Bools:
    found = _visible(look, c, a, b)
    if not np.count_nonzero(found):
        return found
    mind = look.state.mind
    was_seen = _was_in_view(look, mind[:, a], b)
    return found & ~was_seen & (mind[:, a] != mind[:, b])


def _was_in_view(look: Look, mind: NDArray[np.int8], b: Slots) -> Bools:
    line = look.line(b)
    return (look.row[line, mind, b] >= 0) & ~look.left[line, mind, b]


def _in_view(look: Look, c: Condition, a: Slots, b: Slots) -> Bools:
    view = look.state if look.closed else look
    line, mind = look.line(b), look.state.mind[:, a]
    found = (view.row[line, mind, b] >= 0) & ~view.left[line, mind, b]
    return found & (look.state.status[:, a] == WELL)


def _lost_sight(look: Look, c: Condition, a: Slots, b: Slots) -> Bools:
    state = look.state
    mind = state.mind[:, a]
    found = _was_in_view(look, mind, b) & (state.status[:, a] == WELL)  # a mate who lies is in view, too
    for other in range(look.world.num_agents):
        if not np.count_nonzero(found):
            break
        slot = other if isinstance(b, int) else np.full(len(b), other, np.intp)
        found = found & ~((state.mind[:, slot] == mind) & _visible(look, c, slot, b))
    return found


def _visible(look: Look, c: Condition, a: Slots, b: Slots) -> Bools:
    state = look.state
    found = (state.status[:, a] == WELL) & (state.status[:, b] <= OFFLINE)
    if np.count_nonzero(found):
        found = found & look.sees(a, b) & (state.guise[:, b] < look.world.num_agents)
        if look.world.derive(melts):
            found &= ~look.sunk[:, b]
    return found


def _heard(look: Look, c: Condition, a: Slots, b: Slots) -> Bools:
    loud = look.state.noise[:, b]
    found = (loud > 0) & (look.state.status[:, a] == WELL)
    if np.count_nonzero(found):
        hops = sound_hops(look.world, look.state.node[:, b], look.state.node[:, a])
        found = found & (hops < look.world.ways.far) & (hops * look.world.board.cell <= loud)
    return found


def _distance(look: Look, c: Condition, a: Slots, b: Slots) -> Bools:
    both = look.present[:, a] & look.present[:, b]
    hops = sound_hops(look.world, look.state.node[:, a], look.state.node[:, b])
    return within(c.low, c.high, hops) & both


def _contact(look: Look, c: Condition, a: Slots, b: Slots) -> Bools:
    return look.state.met[:, a, b]


def _strike(look: Look, c: Condition, a: Slots, b: Slots) -> Bools:
    if not look.deeds & c.bits:
        return look.nobody
    found = in_bits(c.bits, look.state.did[:, a])
    if np.count_nonzero(found):
        found = found & (look.state.did_object[:, a] == b)
        if c.flag:
            found &= (look.state.marks[:, a] & HIT) != 0
    return found


def _linked(look: Look, c: Condition, a: Slots, b: Slots) -> Bools:
    state = look.state
    both = (state.status[:, a] == WELL) & (state.status[:, b] == WELL)
    return both & (state.mind[:, a] == state.mind[:, b])


OF_TWO: dict[Ask, Callable[[Look, Condition, Slots, Slots], Bools]] = {
    Ask.SIGHTED: _sighted,
    Ask.LOST_SIGHT: _lost_sight,
    Ask.VISIBLE: _visible,
    Ask.IN_VIEW: _in_view,
    Ask.HEARD: _heard,
    Ask.DISTANCE: _distance,
    Ask.CONTACT: _contact,
    Ask.STRIKE: _strike,
    Ask.LINKED: _linked,
}
