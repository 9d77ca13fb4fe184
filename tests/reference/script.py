"""Phase trigger: the scenario's script (docs/scenarios.md)."""

from __future__ import annotations

from pursuit.core.board import Door
from pursuit.core.rng import Stream
from pursuit.core.script import Ask, Do, Edge, Effect
from pursuit.core.state import Mark, Order, Status

from .asking import holds
from .harm import wound
from .table import Turn


def trigger(t: Turn) -> None:
    """The script's part of a turn."""
    _play(t, t.now.turn + 1)


def start_triggers(t: Turn) -> None:
    """The script's part before the first turn."""
    _play(t, 0)


def _play(t: Turn, now: int) -> None:
    s, triggers = t.now, t.book.world.script.triggers
    fires = [_fires(t, number, now) for number in range(len(triggers))]
    landing = []
    for number, one in enumerate(triggers):
        if s.due[number] == now:
            t.seen["a delayed effect lands"] += 1
            landing.append(number)
            s.due[number] = -1
        if fires[number]:
            t.seen["a trigger fires"] += 1
            s.fired[number] += 1
            s.fired_turn[number] = now
            if one.delay == 0:
                landing.append(number)
            else:
                s.due[number] = now + one.delay
    for number in sorted(landing, key=lambda number: (-triggers[number].priority, number)):
        for effect in triggers[number].effects:
            t.seen[f"effect {effect.do.name}"] += 1
            _apply(t, effect)


def _fires(t: Turn, number: int, now: int) -> bool:
    """Whether a trigger fires; keeps its level."""
    s, one = t.now, t.book.world.script.triggers[number]
    first = (one.on.ask == Ask.START) == (now == 0)
    if not first or not s.enabled[number] or (one.max and s.fired[number] >= one.max):
        s.level[number] = False
        return False
    was, test = s.level[number], holds(t, one.on, now) and (one.when is None or holds(t, one.when, now))
    edge = {Edge.LEVEL: test, Edge.RISING: test and not was, Edge.FALLING: was and not test, Edge.BOTH: test != was}
    s.level[number] = test and one.edge != Edge.LEVEL
    if not edge[one.edge]:
        return False
    t.seen[f"edge {one.edge.name}"] += 1
    if s.due[number] != -1:
        t.seen["not again while due"] += 1
        return False
    if s.fired_turn[number] != -1 and now - s.fired_turn[number] <= one.cooldown:
        t.seen["still cooling down"] += 1
        return False
    if one.chance < 1000:
        lucky = t.draw(Stream.CHANCE, number, 1000) < one.chance
        t.seen["chance taken" if lucky else "chance missed"] += 1
        return lucky
    return True


def _apply(t: Turn, e: Effect) -> None:
    s = t.now
    match e.do:
        case Do.CUE:
            s.cue[t.book.world.script.cues[e.thing].agent] = e.thing
        case Do.RELEASE:
            for a in e.who:
                s.cue[a] = -1
        case Do.SET:
            s.var[e.thing] = e.amount
        case Do.ADD:
            s.var[e.thing] += e.amount
        case Do.KNOW:
            for a in e.who:
                s.knows[s.mind[a]] |= 1 << e.thing
        case Do.LINK:
            for b in e.who[1:]:
                _link(t, e.who[0], b)
        case Do.BRING:
            for a in e.who:
                if s.status[a] == Status.ABSENT:
                    s.status[a] = Status.WELL
                    s.node[a] = s.node[a] if e.node < 0 else e.node
                    s.path[a] = [s.node[a] for _ in s.path[a]]
        case Do.SEND_AWAY:
            for a in e.who:
                if t.present(a):
                    _send_away(t, a)
        case Do.GIVE:
            s.holder[e.thing], s.item_node[e.thing], s.armed[e.thing] = e.who[0], -1, False
        case Do.DAMAGE:
            for a in e.who:
                if t.present(a):
                    _damage(t, a, e.amount)
        case Do.OPEN:
            s.door[e.thing] = Door.OPEN
        case Do.CLOSE:
            if s.door[e.thing] == Door.OPEN:
                s.door[e.thing] = Door.SHUT
        case Do.ALARM:
            for a in e.who:
                if t.well(a) and s.cue[a] == -1:
                    s.order[a], s.order_object[a] = Order.GO, e.node
        case Do.ENABLE:
            s.enabled[e.thing] = True
        case Do.DISABLE:
            s.enabled[e.thing], s.due[e.thing] = False, -1
        case Do.END:
            if s.outcome == -1:
                s.outcome = e.thing
        case Do.WANT | Do.PARDON:
            for a in e.who:
                s.wanted[a] = e.do == Do.WANT
        case Do.START | Do.STOP:
            s.hazard[e.thing] = e.do == Do.START


def _link(t: Turn, a: int, b: int) -> None:
    s = t.now
    if not t.well(a) or not t.well(b):
        return
    host, guest = s.mind[a], s.mind[b]
    if host == guest:
        return
    s.mind = [host if mind == guest else mind for mind in s.mind]
    s.knows[host] |= s.knows[guest]
    t.mark(b, Mark.LINKED)


def _send_away(t: Turn, a: int) -> None:
    s = t.now
    s.status[a] = Status.ABSENT
    s.cue[a] = s.pending[a] = -1
    s.leftover[a] = 0
    if t.drives(a):
        s.vehicle_leftover[s.ride[a]] = 0
    t.fall_off(a)
    for item, holder in enumerate(s.holder):
        if holder == a:
            s.holder[item], s.item_node[item] = -1, s.node[a]


def _damage(t: Turn, a: int, amount: int) -> None:
    """As a strike by a weapon that is not lethal and does not stagger."""
    was_well = t.well(a)
    t.mark(a, Mark.HURT)
    wound(t, a, amount, lethal=False, stagger=0, torn=False)
    t.fallen(a, was_well)
