"""Charges and their trigger, ammunition, words that persuade and tell."""

from __future__ import annotations

from pursuit.core.roster import Trait
from pursuit.core.state import Mark, Refusal, Status, Verb
from pursuit.core.world import Hazard

from .harm import wound
from .reach import link_minds, reaching
from .table import Turn


def plot(t: Turn) -> None:
    """These verbs of the phase handle, in their order."""
    _arm(t)
    for agents in reaching(t, (Verb.DETONATE,), lambda a: True).values():
        for agent in agents:
            t.now.fuse[agent] = 0
            t.done(agent)
    _reload(t)
    _persuade(t)
    _tell(t)


def _arm(t: Turn) -> None:
    now = t.now
    near = lambda a: now.holder[t.actions[a].object] == a or now.item_node[t.actions[a].object] == now.node[a]  # noqa: E731
    for item, agents in reaching(t, (Verb.ARM,), near).items():
        was_armed = now.armed[item]
        for agent in agents:
            if was_armed:
                t.refuse(agent, Refusal.ALREADY)
            else:
                now.armed[item], now.fuse[agent] = True, t.book.world.numbers.deadman_turns
                now.holder[item], now.item_node[item] = -1, now.node[agent]
                t.done(agent)


def _reload(t: Turn) -> None:
    now, book = t.now, t.book
    for item, agents in reaching(t, (Verb.RELOAD,), lambda a: book.cache[now.node[a]]).items():
        full = int(book.world.roster.rounds[book.item_weapon[item]])
        if now.ammo[item] >= full:
            t.refuse(agents[0], Refusal.ALREADY)
        else:
            now.ammo[item] = full
            t.done(agents[0])


def _persuade(t: Turn) -> None:
    now, book = t.now, t.book

    def near(agent: int) -> bool:
        target = t.actions[agent].object
        return t.well(target) and t.talking(agent, target) and not book.has(target, Trait.MACHINE)

    def is_shown(agent: int, target: int) -> bool:
        for other in t.agents:
            shows = book.evidence[other] or any(
                book.item_evidence[item] and holder == other for item, holder in enumerate(now.holder)
            )
            if shows and t.well(other) and now.mind[other] == now.mind[agent] and t.talking(other, target):
                return True
        return False

    won: list[tuple[int, int]] = []
    for target, agents in reaching(t, (Verb.PERSUADE,), near).items():
        for agent in agents:
            if now.persuaded[target]:
                t.refuse(agent, Refusal.ALREADY)
            elif not is_shown(agent, target):
                t.refuse(agent, Refusal.NO_EVIDENCE)
            else:
                won.append((agent, target))
                t.done(agent)
    knew = list(now.knows)
    for agent, target in won:
        now.persuaded[target] = True
        t.mark(target, Mark.PERSUADED)
        now.knows[now.mind[target]] |= knew[now.mind[agent]]
    for agent, target in sorted(won):
        if book.side[agent] == book.side[target]:
            t.seen["persuaded a friend"] += 1
            link_minds(t, agent, target)
        else:
            t.seen["persuaded a stranger"] += 1


def _tell(t: Turn) -> None:
    now = t.now
    knew = list(now.knows)

    def near(agent: int) -> bool:
        return t.well(t.actions[agent].object) and t.talking(agent, t.actions[agent].object)

    for target, agents in reaching(t, (Verb.TELL,), near).items():
        for agent in agents:
            if now.mind[agent] == now.mind[target]:
                t.refuse(agent, Refusal.ALREADY)
            else:
                now.knows[now.mind[target]] |= knew[now.mind[agent]]
                t.done(agent)


def go_off(t: Turn) -> None:
    """Fallen hands let go of triggers, and charges blow."""
    now, book = t.now, t.book
    for agent in t.agents:
        if now.fuse[agent] > 0 and not t.well(agent):
            t.seen["a fallen hand holds on"] += 1
            now.fuse[agent] -= 1
    loose = [agent for agent in t.agents if now.fuse[agent] == 0]
    if not loose:
        return
    now.fuse = [-1 for _ in t.agents]
    blown = [item for item, armed in enumerate(now.armed) if armed and now.item_node[item] >= 0]
    was = list(now.status)
    points = [0 for _ in t.agents]
    stagger = [0 for _ in t.agents]
    ruined: set[int] = set()
    for item in blown:
        weapon, center = book.weapons[book.item_weapon[item]], now.item_node[item]
        t.seen["a charge goes off"] += 1
        within = [
            node for node in range(book.num_nodes)
            if book.decimetres_squared(center, node) <= (weapon.blast * 10) ** 2
        ]  # fmt: skip
        for agent in t.agents:
            if t.present(agent) and now.node[agent] in within and t.sees(center, now.node[agent]):
                points[agent] += weapon.damage
                stagger[agent] = max(stagger[agent], weapon.stagger)
                t.mark(agent, Mark.HURT)
        ruined |= {other for other, node in enumerate(now.item_node) if node in within}
        for number, kind in enumerate(book.hazard_kind):
            if kind == Hazard.BURNS and any(book.hazard_nodes[number][node] for node in within):
                t.seen["a charge lights a fire"] += 1
                now.hazard[number] = True
        for agent in loose:
            t.loud(agent, weapon.noise)
    for agent in t.agents:
        if points[agent]:
            wound(t, agent, points[agent], lethal=True, stagger=stagger[agent], torn=True)
            t.fallen(agent, was[agent] == Status.WELL)
    deaths = sum(now.status[a] == Status.DEAD != was[a] for a in t.agents)
    for agent in loose:
        t.seen["killed by a charge"] += deaths
        now.taken[agent] += deaths
    for item in ruined:
        t.seen["ruined by a charge"] += item not in blown
        now.item_node[item], now.armed[item] = -1, False
