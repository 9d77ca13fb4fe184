"""Phase hazard, and what hands do near hazards: throw, pull, lower."""

from __future__ import annotations

from pursuit.core.state import Mark, Refusal, Status, Verb
from pursuit.core.world import Hazard

from .harm import wound
from .plot import go_off
from .reach import reaching
from .table import Turn


def hazard(t: Turn) -> None:
    """Presses and fires hurt, then molten steel ends who is in it, then things sink."""
    now, book = t.now, t.book
    go_off(t)
    points = {Hazard.CRUSHES: book.world.numbers.press_damage, Hazard.BURNS: book.world.numbers.fire_damage}
    for agent in t.agents:
        around = book.hazards_at(now.hazard, now.node[agent])
        hurt = sum(points[kind] for kind in around if kind in points)
        if hurt and t.present(agent) and now.status[agent] != Status.DEAD:
            was_well = t.well(agent)
            for kind in set(around) & set(points):
                t.seen[f"a hazard {kind.name}"] += 1
            t.mark(agent, Mark.HURT)
            wound(t, agent, hurt, lethal=True, stagger=0, torn=False)
            t.fallen(agent, was_well)
    for agent in t.agents:
        if t.present(agent) and Hazard.MELTS in book.hazards_at(now.hazard, now.node[agent]):
            _melt(t, agent)
    for item, node in enumerate(now.item_node):
        if node >= 0 and Hazard.MELTS in book.hazards_at(now.hazard, node):
            t.seen["a thing sinks"] += 1
            now.item_node[item] = -1


def _melt(t: Turn, agent: int) -> None:
    now = t.now
    if now.status[agent] != Status.DEAD:
        t.seen["a hazard MELTS"] += 1
        t.mark(agent, Mark.HURT)
        t.mark(agent, Mark.DESTROYED)
    if t.well(agent):
        t.mark(agent, Mark.FELL)
    now.status[agent], now.health[agent], now.pending[agent] = Status.DEAD, 0, -1
    if not t.on_foot(agent):
        t.seen["melted in a vehicle"] += 1
        t.fall_off(agent)
        now.leftover[agent] = 0
    for item, holder in enumerate(now.holder):
        if holder == agent:
            t.seen["held by who melts"] += 1
            now.holder[item] = -1


def throw(t: Turn) -> None:
    """Throw a thing to a node."""
    now, book = t.now, t.book

    def reaches(agent: int) -> bool:
        action, here = t.actions[agent], now.node[agent]
        hops = book.sound_hops(here, action.order_object)
        far = hops is None or hops > book.world.numbers.throw_hops
        return now.holder[action.object] == agent and not far and t.sees(here, action.order_object)

    for item, agents in reaching(t, (Verb.THROW,), reaches).items():
        now.holder[item], now.item_node[item] = -1, t.actions[agents[0]].order_object
        t.done(agents[0])


def pull(t: Turn) -> None:
    """Start or stop the presses."""
    pulled = [
        agent
        for agents in reaching(t, (Verb.PULL,), lambda a: t.book.lever[t.now.node[a]]).values()
        for agent in agents
    ]
    for agent in pulled:
        t.done(agent)
    if len(pulled) > 1:
        t.seen["pulled by several"] += 1
    if pulled:
        for number, kind in enumerate(t.book.hazard_kind):
            if kind == Hazard.CRUSHES:
                t.seen["presses stop" if t.now.hazard[number] else "presses start"] += 1
                t.now.hazard[number] = not t.now.hazard[number]


def lower(t: Turn) -> None:
    """Lower somebody into the vat under the hoist."""
    now, book = t.now, t.book
    place = list(now.node)

    def vat_under(agent: int) -> int:
        node = place[t.actions[agent].object]
        vats = [n for n in book.neighbor[node][1 : book.degree[node]] if book.vat[n]]
        return vats[0] if book.hoist[node] and vats else -1

    def at_hand(agent: int) -> bool:
        target = t.actions[agent].object
        ways = book.neighbor[place[agent]][: book.degree[place[agent]]]
        return t.present(target) and t.on_foot(target) and vat_under(agent) >= 0 and place[target] in ways

    for target, agents in reaching(t, (Verb.LOWER,), at_hand).items():
        for agent in agents:
            if t.well(target) and now.mind[target] != now.mind[agent]:
                t.refuse(agent, Refusal.UNWILLING)
            else:
                t.seen["lowered" if t.well(target) else "lowered one who lies"] += 1
                now.node[target] = vat_under(agent)
                t.done(agent)
