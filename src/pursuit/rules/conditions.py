"""What the script asks of a state, by the definitions of `docs/scenarios.md`.

A test over several agents holds if it holds for one of them. So a test is a function of (look, condition, a) or
(look, condition, a, b), where a and b are one slot each, answered by [B], or arrays of slots [P], answered by [B, P]
and joined. One slot is by far the most frequent case and the cheapest. `prepare` binds all but the look.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache, partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pursuit.core.script import HIGHEST, Ask, Condition, Toward
from pursuit.core.state import Mark, State, Status, Verb
from pursuit.core.world import World
from pursuit.rules.common import Bools, dark_mask, sound_hops

Slots: TypeAlias = Any  # int, or NDArray[np.intp] [P]
Test: TypeAlias = "Callable[[Look], Bools]"
_WELL, _OFFLINE, _LEFT = Status.WELL.value, Status.OFFLINE.value, Status.LEFT.value
_WAIT, _HIT = Verb.WAIT.value, np.uint16(Mark.HIT)  # numpy compares with plain numbers much faster than with enums

ANYTHING, NOTHING = -1, -2
"""Values of Condition.thing that name no thing: any at all, and none."""


class Look:
    """A state as the script looks at it: in the phase `trigger`, or after a turn (`closed`), when checks are tested."""

    def __init__(
        self,
        world: World,
        state: State,
        now: NDArray[np.int32],
        *,
        closed: bool = False,
        before: State | None = None,
    ) -> None:
        self.world = world
        self.state = state
        self.now = now  # [B] number of the turn in play
        self.closed = closed
        view = state if before is None else before
        self.row, self.left = view.row, view.left  # who was in view at the end of the last turn
        self.lines = np.arange(state.num_rows)
        self.nobody = np.zeros(state.num_rows, np.bool_)
        self.everybody = np.ones(state.num_rows, np.bool_)
        # Most turns are quiet: what did not happen to anybody in any episode needs no test of its own.
        self.deeds = _bits_in(state.did)
        self.refusals = _bits_in(state.refused)
        self.marks = int(np.bitwise_or.reduce(state.marks, axis=None))

    def line(self, slots: Slots) -> NDArray[np.intp]:
        """Row numbers that broadcast against a column at `slots`."""
        return self.lines if isinstance(slots, int) else self.lines[:, None]

    @cached_property
    def sight_table(self) -> NDArray[np.int32]:
        """The sight table of each episode, [B]."""
        return self.world.sight.pick(dark_mask(self.world, self.state.door))

    @cached_property
    def present(self) -> Bools:
        """Who is on the board, [B, A]."""
        return self.state.status <= _OFFLINE

    def sees(self, a: Slots, b: Slots) -> Bools:
        """Whether a's node sees b's now."""
        table = self.sight_table if isinstance(a, int) else self.sight_table[:, None]
        return self.world.sight.sees(table, self.state.node[:, a], self.state.node[:, b])


@lru_cache(maxsize=4096)
def prepare(condition: Condition) -> Test:
    """A condition as a function that says where it holds, [B]; equal conditions are one function.

    The answer may be shared: it is not to be written to.
    """
    ask = condition.ask
    if ask in (Ask.ALL, Ask.ANY):
        return partial(_all if ask == Ask.ALL else _any, tuple(prepare(part) for part in condition.parts))
    if ask == Ask.NOT:
        return partial(_not, prepare(condition.parts[0]))
    if ask in _PLAIN:
        return _bound(_PLAIN[ask], c=condition)
    if ask in _SOLO or condition.area >= 0:
        if not condition.who:
            return _never
        slots = condition.who[0] if len(condition.who) == 1 else np.array(condition.who, np.intp)
        return _bound(_joining(_SOLO.get(ask, _distance_to_area), len(condition.who)), c=condition, a=slots)
    pairs = [(a, b) for a in condition.who for b in condition.whom if a != b]
    if not pairs:
        return _never
    first, second = pairs[0] if len(pairs) == 1 else np.array(pairs, np.intp).T
    return _bound(_joining(_DUO[ask], len(pairs)), c=condition, a=first, b=second)


def _bound(test: Callable[..., Bools], **fixed: Any) -> Test:
    return partial(test, **fixed)


def holds(look: Look, condition: Condition) -> Bools:
    """Where a condition holds, [B], for whoever asks once."""
    return prepare(condition)(look)


def _joining(test: Callable[..., Bools], num: int) -> Callable[..., Bools]:
    """A test of several slots or pairs as one that holds if it holds for one of them."""
    return test if num == 1 else lambda look, **fixed: _joined(test(look, **fixed))


def _never(look: Look) -> Bools:
    return look.nobody


def _bits_in(values: NDArray[np.int8]) -> int:
    """The set of values that occur, as bits."""
    if not values.any():
        return 1
    return int(np.bitwise_or.reduce(np.int64(1) << values.astype(np.int64), axis=None))


def _joined(found: Bools) -> Bools:
    """[B] from [B] or [B, P]."""
    return found if found.ndim == 1 else np.logical_or.reduce(found, axis=1)


def _all(parts: tuple[Test, ...], look: Look) -> Bools:
    so_far = look.everybody
    for part in parts:
        found = part(look)
        so_far = found if so_far is look.everybody else so_far & found
        if not np.count_nonzero(so_far):
            return look.nobody
    return so_far


def _any(parts: tuple[Test, ...], look: Look) -> Bools:
    so_far = look.nobody
    for part in parts:
        found = part(look)
        so_far = found if so_far is look.nobody else so_far | found
    return so_far


def _not(part: Test, look: Look) -> Bools:
    return ~part(look)


def _within(low: int, high: int, value: NDArray[Any]) -> Bools:
    return (value >= low) & (value <= high)


def _in_bits(bits: int, value: NDArray[Any]) -> Bools:
    """Whether each value is one of the set."""
    if bits & (bits - 1):
        return (np.int64(bits) >> value.astype(np.int64) & 1).astype(np.bool_)
    return value == bits.bit_length() - 1


# Tests without agents: (look, condition) -> [B]


def _start(look: Look, c: Condition) -> Bools:
    return look.now == 0


def _turn(look: Look, c: Condition) -> Bools:
    begun = len(look.now) > 0 and look.now[0] > 0  # before the first turn, `now` is 0 in every row
    if begun and c.low <= 1 and c.high == HIGHEST and c.every == 1:
        return look.everybody
    found = _within(c.low, c.high, look.now)
    return found if c.every == 1 else found & ((look.now - c.low) % c.every == 0)


def _time_over(look: Look, c: Condition) -> Bools:
    return look.now >= look.world.turns


def _timer(look: Look, c: Condition) -> Bools:
    fired_turn = look.state.fired_turn[:, c.thing]
    return (fired_turn >= 0) & (look.now - fired_turn >= c.low)


def _var(look: Look, c: Condition) -> Bools:
    return _within(c.low, c.high, look.state.var[:, c.thing])


def _fired(look: Look, c: Condition) -> Bools:
    return _within(c.low, c.high, look.state.fired[:, c.thing])


def _outcome(look: Look, c: Condition) -> Bools:
    return look.state.outcome == c.thing


def _rounds(look: Look, c: Condition) -> Bools:
    return _within(c.low, c.high, look.state.ammo[:, c.thing])


def _item_lies(look: Look, c: Condition) -> Bools:
    node = look.state.item_node[:, c.thing]
    return (node >= 0) & look.world.script.areas[c.area][node]


def _item_held(look: Look, c: Condition) -> Bools:
    return _is_one_of(look.state.holder[:, c.thing], c.who)


def _vehicle_stands(look: Look, c: Condition) -> Bools:
    return look.world.script.areas[c.area][look.state.vehicle_node[:, c.thing]]


def _door(look: Look, c: Condition) -> Bools:
    return _in_bits(c.bits, look.state.door[:, c.thing])


def _count(look: Look, c: Condition) -> Bools:
    slots = np.array(c.who, np.intp)
    status = look.state.status[:, slots]
    found = _in_bits(c.bits, status)
    if c.area >= 0:
        found &= look.world.script.areas[c.area][look.state.node[:, slots]]
    return _within(c.low, c.high, found.sum(axis=1))


def _is_one_of(value: NDArray[Any], who: tuple[int, ...]) -> Bools:
    return value == who[0] if len(who) == 1 else np.isin(value, who)


def _done(look: Look, c: Condition) -> Bools:
    state = look.state
    cue = look.world.script.cues[c.thing]
    slot = cue.agent
    has_it = state.cue[:, slot] == c.thing
    if not np.count_nonzero(has_it):
        return has_it
    if cue.verb != _WAIT:
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


# Tests of one agent: (look, condition, a) -> [B] or [B, P]


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
        return status == _LEFT
    return (status == _WELL) & look.world.exits[look.world.side[a], look.state.node[:, a]]


def _deed(look: Look, c: Condition, a: Slots) -> Bools:
    if not look.deeds & c.bits:
        return look.nobody
    found = _in_bits(c.bits, look.state.did[:, a])
    return found & (look.state.did_object[:, a] == c.thing) if c.thing >= 0 else found


def _refused(look: Look, c: Condition, a: Slots) -> Bools:
    if not look.refusals & c.bits:
        return look.nobody
    return _in_bits(c.bits, look.state.refused[:, a])


def _idle(look: Look, c: Condition, a: Slots) -> Bools:
    return look.state.still[:, a] >= c.low


def _stands(look: Look, c: Condition, a: Slots) -> Bools:
    return look.world.script.areas[c.area][look.state.node[:, a]] & (look.state.status[:, a] <= _OFFLINE)


def _status(look: Look, c: Condition, a: Slots) -> Bools:
    return _in_bits(c.bits, look.state.status[:, a])


def _guise(look: Look, c: Condition, a: Slots) -> Bools:
    return look.state.guise[:, a] == c.thing


def _masked(look: Look, c: Condition, a: Slots) -> Bools:
    return (look.state.guise[:, a] != a) == c.flag


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
    return _within(c.low, c.high, look.state.health[:, a])


def _knows(look: Look, c: Condition, a: Slots) -> Bools:
    bits = look.state.knows[look.line(a), look.state.mind[:, a]]
    return (bits >> np.uint32(c.thing) & np.uint32(1)).astype(np.bool_) & (look.state.status[:, a] == _WELL)


# Tests of two agents: (look, condition, a, b) -> [B] or [B, P]


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
    return found & (look.state.status[:, a] == _WELL)


def _lost_sight(look: Look, c: Condition, a: Slots, b: Slots) -> Bools:
    state = look.state
    mind = state.mind[:, a]
    found = _was_in_view(look, mind, b) & (state.status[:, a] == _WELL)  # a mate who lies is in view, too
    for other in range(look.world.num_agents):
        if not np.count_nonzero(found):
            break
        slot = other if isinstance(b, int) else np.full(len(b), other, np.intp)
        found = found & ~((state.mind[:, slot] == mind) & _visible(look, c, slot, b))
    return found


def _visible(look: Look, c: Condition, a: Slots, b: Slots) -> Bools:
    state = look.state
    found = (state.status[:, a] == _WELL) & (state.status[:, b] <= _OFFLINE)
    if np.count_nonzero(found):
        found = found & look.sees(a, b) & (state.guise[:, b] < look.world.num_agents)
    return found


def _heard(look: Look, c: Condition, a: Slots, b: Slots) -> Bools:
    loud = look.state.noise[:, b]
    found = (loud > 0) & (look.state.status[:, a] == _WELL)
    if np.count_nonzero(found):
        hops = sound_hops(look.world, look.state.node[:, b], look.state.node[:, a])
        found = found & (hops < look.world.ways.far) & (hops * look.world.board.cell <= loud)
    return found


def _distance(look: Look, c: Condition, a: Slots, b: Slots) -> Bools:
    both = look.present[:, a] & look.present[:, b]
    hops = sound_hops(look.world, look.state.node[:, a], look.state.node[:, b])
    return _within(c.low, c.high, hops) & both


def _distance_to_area(look: Look, c: Condition, a: Slots) -> Bools:
    nodes = np.flatnonzero(look.world.script.areas[c.area])
    hops = sound_hops(look.world, look.state.node[:, a][..., None], nodes)
    return _within(c.low, c.high, hops.min(axis=-1)) & look.present[:, a]


def _contact(look: Look, c: Condition, a: Slots, b: Slots) -> Bools:
    return look.state.met[:, a, b]


def _strike(look: Look, c: Condition, a: Slots, b: Slots) -> Bools:
    if not look.deeds & c.bits:
        return look.nobody
    found = _in_bits(c.bits, look.state.did[:, a])
    if np.count_nonzero(found):
        found = found & (look.state.did_object[:, a] == b)
        if c.flag:
            found &= (look.state.marks[:, a] & _HIT) != 0
    return found


def _linked(look: Look, c: Condition, a: Slots, b: Slots) -> Bools:
    state = look.state
    both = (state.status[:, a] == _WELL) & (state.status[:, b] == _WELL)
    return both & (state.mind[:, a] == state.mind[:, b])


_PLAIN: dict[Ask, Callable[[Look, Condition], Bools]] = {
    Ask.START: _start,
    Ask.TURN: _turn,
    Ask.TIME_OVER: _time_over,
    Ask.TIMER: _timer,
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
}

_SOLO: dict[Ask, Callable[[Look, Condition, Slots], Bools]] = {
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
    Ask.RIDES: _rides,
    Ask.VEHICLE_DRIVEN: _driven,
    Ask.CUE: _has_cue,
    Ask.ORDER: _has_order,
    Ask.HEALTH: _health,
    Ask.KNOWS: _knows,
}

_DUO: dict[Ask, Callable[[Look, Condition, Slots, Slots], Bools]] = {
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
