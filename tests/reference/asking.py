"""What the conditions of a script ask, one agent and one pair at a time (docs/scenarios.md)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from pursuit.core.script import Ask, Condition, Toward
from pursuit.core.state import Mark, Verb

from .ending import can_see
from .table import Turn

One = Callable[[Turn, Condition, int], bool]
Pair = Callable[[Turn, Condition, int, int], bool]


def holds(t: Turn, c: Condition, now: int) -> bool:
    """Whether a condition holds; `now` is the turn in play."""
    if c.ask == Ask.ALL:
        answer = all(holds(t, part, now) for part in c.parts)
    elif c.ask == Ask.ANY:
        answer = any(holds(t, part, now) for part in c.parts)
    elif c.ask == Ask.NOT:
        answer = not holds(t, c.parts[0], now)
    elif c.ask in ONE:
        answer = any(ONE[c.ask](t, c, a) for a in c.who)
    elif c.ask in PAIR:
        answer = any(PAIR[c.ask](t, c, a, b) for a in c.who for b in c.whom if a != b)
    elif c.ask == Ask.DISTANCE and c.area >= 0:
        answer = any(_near_area(t, c, a) for a in c.who)
    elif c.ask == Ask.DISTANCE:
        answer = any(_near(t, c, a, b) for a in c.who for b in c.whom if a != b)
    else:
        answer = _plain(t, c, now)
    t.seen[f"{c.ask.name} {'holds' if answer else 'fails'}"] += 1
    return answer


def _plain(t: Turn, c: Condition, now: int) -> bool:
    """Questions that are not about agents one by one."""
    s = t.now
    match c.ask:
        case Ask.START:
            return now == 0
        case Ask.TURN:
            return c.low <= now <= c.high and (now - c.low) % c.every == 0
        case Ask.TIMER:
            return s.fired_turn[c.thing] >= 0 and now - s.fired_turn[c.thing] >= c.low
        case Ask.VAR:
            return c.low <= s.var[c.thing] <= c.high
        case Ask.DONE:
            return _done(t, c.thing)
        case Ask.TIME_OVER:
            return now == t.book.world.turns
        case Ask.ITEM_LIES:
            return s.item_node[c.thing] >= 0 and _in(t, c.area, s.item_node[c.thing])
        case Ask.ITEM_HELD:
            return s.holder[c.thing] in c.who
        case Ask.ROUNDS:
            return c.low <= s.ammo[c.thing] <= c.high
        case Ask.VEHICLE_STANDS:
            return _in(t, c.area, s.vehicle_node[c.thing])
        case Ask.VEHICLE_DRIVEN:
            return any(s.ride[a] == c.thing and s.seat[a] == 0 for a in c.who)
        case Ask.DOOR:
            return bool(c.bits >> s.door[c.thing] & 1)
        case Ask.COUNT:
            there = [a for a in c.who if c.bits >> s.status[a] & 1 and (c.area < 0 or _in(t, c.area, s.node[a]))]
            return c.low <= len(there) <= c.high
        case Ask.FIRED:
            return c.low <= s.fired[c.thing] <= c.high
        case Ask.ALARM:
            return s.alarm >= 0 and now - s.alarm >= c.low
        case Ask.ARMED:
            return s.armed[c.thing]
        case Ask.GONE:
            return c.low <= sum(s.item_node[i] < 0 and s.holder[i] < 0 for i in c.who) <= c.high
        case Ask.RUNNING:
            return s.hazard[c.thing]
        case Ask.TAKEN:
            return c.low <= sum(s.taken[a] for a in c.who) <= c.high
        case Ask.SPARED:
            return c.low <= sum(s.spared[a] for a in c.who) <= c.high
        case Ask.OUTCOME:
            return s.outcome == c.thing
    raise AssertionError(c.ask)


def _in(t: Turn, area: int, node: int) -> bool:
    return bool(t.book.world.script.areas[area][node])


def _done(t: Turn, cue: int) -> bool:
    """Whether a cue is its agent's, and carried out."""
    s, order = t.now, t.book.world.script.cues[cue]
    a, thing = order.agent, order.goal
    if s.cue[a] != cue:
        return False
    if order.verb != Verb.WAIT:
        return s.did[a] == order.verb
    if order.toward == Toward.NODE:
        return s.node[a] == thing
    if order.toward == Toward.GUISE:
        return any(s.met[a][b] and s.guise[b] == thing for b in t.agents)
    if order.toward == Toward.ITEM:
        return s.item_node[thing] == s.node[a] or s.holder[thing] == a
    if order.toward == Toward.VEHICLE:
        return s.vehicle_node[thing] == s.node[a] or s.ride[a] == thing
    return False


def _enter(t: Turn, c: Condition, a: int) -> bool:
    path, node = t.now.path[a], t.now.node[a]
    return not _in(t, c.area, path[0]) and any(_in(t, c.area, n) for n in [*path, node])


def _exit(t: Turn, c: Condition, a: int) -> bool:
    path, node = t.now.path[a], t.now.node[a]
    return any(_in(t, c.area, n) for n in path) and not _in(t, c.area, node)


def _arrive(t: Turn, c: Condition, a: int) -> bool:
    return not _in(t, c.area, t.now.path[a][0]) and _in(t, c.area, t.now.node[a])


def _pass_edge(t: Turn, c: Condition, a: int) -> bool:
    path = t.now.path[a]
    hops = [(p, q) for p, q in pairwise(path) if p != q]
    return any(_in(t, c.area, p) and _in(t, c.beyond, q) for p, q in hops)


def _in_view(t: Turn, a: int, b: int) -> bool:
    """Whether a's mind had b in view at the end of last turn."""
    return t.now.row[t.now.mind[a]][b] >= 0 and not t.now.left[t.now.mind[a]][b]


def _sighted(t: Turn, c: Condition, a: int, b: int) -> bool:
    return can_see(t, a, b) and t.now.mind[a] != t.now.mind[b] and not _in_view(t, a, b)


def _lost_sight(t: Turn, c: Condition, a: int, b: int) -> bool:
    mates = [m for m in t.agents if t.now.mind[m] == t.now.mind[a]]
    return t.well(a) and _in_view(t, a, b) and not any(can_see(t, m, b) for m in mates)


def _heard(t: Turn, c: Condition, a: int, b: int) -> bool:
    hops = t.book.sound_hops(t.now.node[b], t.now.node[a])
    loud = t.now.noise[b]
    return t.well(a) and loud > 0 and hops is not None and hops * t.book.world.board.cell <= loud


def _near(t: Turn, c: Condition, a: int, b: int) -> bool:
    if not t.present(a) or not t.present(b):
        return False
    hops = t.book.sound_hops(t.now.node[a], t.now.node[b])
    return c.low <= (2**30 if hops is None else hops) <= c.high


def _near_area(t: Turn, c: Condition, a: int) -> bool:
    if not t.present(a):
        return False
    nodes = [n for n in range(t.book.num_nodes) if _in(t, c.area, n)]
    hops = [h for n in nodes if (h := t.book.sound_hops(t.now.node[a], n)) is not None]
    return c.low <= min(hops, default=2**30) <= c.high


def _strike(t: Turn, c: Condition, a: int, b: int) -> bool:
    s = t.now
    hit = bool(s.marks[a] & Mark.HIT)
    return bool(c.bits >> s.did[a] & 1) and s.did_object[a] == b and (hit or not c.flag)


def _marked(t: Turn, c: Condition, a: int) -> bool:
    s = t.now
    if c.thing >= 0 and s.guise[a] != c.thing:
        return False
    return bool(s.marks[a] & c.bits) and (not c.flag or s.guise[a] == a)


def _rides(t: Turn, c: Condition, a: int) -> bool:
    ride = t.now.ride[a]
    return ride >= 0 if c.thing == -1 else ride < 0 if c.thing == -2 else ride == c.thing


ONE: dict[Ask, One] = {
    Ask.ENTER: _enter,
    Ask.EXIT: _exit,
    Ask.ARRIVE: _arrive,
    Ask.PASS_EDGE: _pass_edge,
    Ask.MARKED: _marked,
    Ask.ESCAPED: lambda t, c, a: t.well(a) and t.book.exits[t.book.side[a]][t.now.node[a]],
    Ask.DEED: lambda t, c, a: bool(c.bits >> t.now.did[a] & 1) and c.thing in (-1, t.now.did_object[a]),
    Ask.REFUSED: lambda t, c, a: bool(c.bits >> t.now.refused[a] & 1),
    Ask.IDLE: lambda t, c, a: t.now.still[a] >= c.low,
    Ask.STANDS: lambda t, c, a: t.present(a) and _in(t, c.area, t.now.node[a]),
    Ask.STATUS: lambda t, c, a: bool(c.bits >> t.now.status[a] & 1),
    Ask.GUISE: lambda t, c, a: t.now.guise[a] == c.thing,
    Ask.MASKED: lambda t, c, a: (t.now.guise[a] != a) == c.flag,
    Ask.WANTED: lambda t, c, a: t.now.wanted[a] == c.flag,
    Ask.HELD: lambda t, c, a: (t.now.captor[a] >= 0) == c.flag,
    Ask.PERSUADED: lambda t, c, a: t.now.persuaded[a] == c.flag,
    Ask.RIDES: _rides,
    Ask.CUE: lambda t, c, a: t.now.cue[a] == (-1 if c.thing == -2 else c.thing),
    Ask.ORDER: lambda t, c, a: t.now.order[a] == c.thing,
    Ask.HEALTH: lambda t, c, a: c.low <= t.now.health[a] <= c.high,
    Ask.KNOWS: lambda t, c, a: t.well(a) and bool(t.now.knows[t.now.mind[a]] >> c.thing & 1),
}
PAIR: dict[Ask, Pair] = {
    Ask.SIGHTED: _sighted,
    Ask.LOST_SIGHT: _lost_sight,
    Ask.HEARD: _heard,
    Ask.CONTACT: lambda t, c, a, b: t.now.met[a][b],
    Ask.STRIKE: _strike,
    Ask.LINKED: lambda t, c, a, b: t.now.mind[a] == t.now.mind[b] and t.well(a) and t.well(b),
    Ask.IN_VIEW: lambda t, c, a, b: t.well(a) and _in_view(t, a, b),
    Ask.VISIBLE: lambda t, c, a, b: can_see(t, a, b),
}
