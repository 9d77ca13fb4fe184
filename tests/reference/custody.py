"""Locks and keys, who is held fast, whom the law is after, and the alarm."""

from __future__ import annotations

from pursuit.core.board import Door
from pursuit.core.rng import Stream
from pursuit.core.roster import Trait
from pursuit.core.state import Mark, Refusal, Status, Verb
from pursuit.core.world import Side

from .reach import reaching
from .table import Turn

FREE = (Verb.WAIT, Verb.STRIKE, Verb.SHOOT, Verb.CHALLENGE, Verb.ORDER, Verb.PERSUADE, Verb.TELL)
"""What who is held fast may still do."""


def locks(t: Turn) -> None:
    """Picking, then keys."""
    now, book = t.now, t.book
    for door, agents in reaching(t, (Verb.PICK,), lambda a: _at_door(t, a)).items():
        before = now.door[door]
        for agent in agents:
            if before < Door.LOCKED:
                t.refuse(agent, Refusal.ALREADY)
            elif before == Door.BARRED or book.door_keys[door] > 1:
                t.refuse(agent, Refusal.LOCKED)
            elif t.draw(Stream.LOCK, agent, 1000) >= book.world.numbers.pick:
                t.refuse(agent, Refusal.FUMBLED)
            else:
                now.door[door] = Door.SHUT
                t.done(agent)
    for door, agents in reaching(t, (Verb.UNLOCK,), lambda a: _at_door(t, a)).items():
        before = now.door[door]
        for agent in agents:
            if before < Door.LOCKED:
                t.refuse(agent, Refusal.ALREADY)
            elif before == Door.BARRED:
                t.refuse(agent, Refusal.LOCKED)
            elif len(agents) < book.door_keys[door]:
                t.refuse(agent, Refusal.MORE_KEYS)
            else:
                if len(agents) > 1:
                    t.seen["unlocked by several"] += 1
                now.door[door] = Door.SHUT
                t.done(agent)


def _at_door(t: Turn, agent: int) -> bool:
    return t.now.node[agent] in t.book.door_nodes[t.actions[agent].object]


def seizing(t: Turn) -> None:
    """Take hold of patients and of who is wanted."""
    now, book = t.now, t.book

    def near(agent: int) -> bool:
        target = t.actions[agent].object
        here = now.node[agent] == now.node[target] and now.met[agent][target]
        return here and t.well(target) and t.on_foot(target)

    for target, agents in reaching(t, (Verb.SEIZE,), near).items():
        look, before = now.guise[target], now.captor[target]
        for agent in agents:
            if look >= book.num_agents or not (book.patient[look] or now.wanted[look]):
                t.refuse(agent, Refusal.NOT_SOUGHT)
            elif before >= 0:
                t.refuse(agent, Refusal.ALREADY)
            elif t.draw(Stream.SEIZE, agent, 1000) >= book.world.numbers.seize:
                t.refuse(agent, Refusal.FUMBLED)
            elif book.has(target, Trait.MACHINE):
                t.seen["a machine is not held"] += 1
                t.refuse(agent, Refusal.FUMBLED)
            else:
                t.seen["seized" if now.captor[target] < 0 else "seized by several"] += 1
                now.captor[target] = agent if now.captor[target] < 0 else now.captor[target]
                t.mark(target, Mark.SEIZED)
                t.done(agent)


def alarm(t: Turn) -> None:
    """Raise the alarm."""
    now, book = t.now, t.book
    before = now.alarm
    for agents in reaching(t, (Verb.ALARM,), lambda a: book.terminal[now.node[a]]).values():
        for agent in agents:
            if before >= 0:
                t.refuse(agent, Refusal.ALREADY)
            else:
                now.alarm = now.turn + 1
                t.loud(agent, book.world.numbers.alarm_noise)
                t.done(agent)


def let_go(t: Turn) -> None:
    """Grips that do not hold any more."""
    now = t.now
    for agent in t.agents:
        captor = now.captor[agent]
        if captor < 0:
            continue
        steady = now.status[captor] == Status.WELL and now.stagger[captor] == 0 and t.on_foot(captor)
        if steady and now.node[captor] == now.node[agent] and t.well(agent) and t.on_foot(agent):
            t.seen["a grip holds"] += 1
        else:
            t.seen["a grip ends"] += 1
            now.captor[agent] = -1


def crimes(t: Turn, deeds: list[tuple[int, int]], nodes: list[int]) -> None:
    """Blows (attacker, target) that the law saw; nodes are those before the blows."""
    now, book = t.now, t.book
    before = list(now.wanted)
    for attacker, target in deeds:
        look, victim = now.guise[attacker], now.guise[target]
        if book.side[look] == Side.LAW:
            t.seen["struck in the look of the law"] += 1
            continue
        if before[look] or (victim < book.num_agents and before[victim]):
            t.seen["struck by or at who is wanted"] += 1
            continue
        officers = [a for a in t.agents if book.side[a] == Side.LAW and t.well(a) and a != attacker]
        if any(t.sees(nodes[officer], nodes[attacker]) for officer in officers):
            t.seen["a crime is seen"] += 1
            now.wanted[look] = True
        elif officers:
            t.seen["a crime is not seen"] += 1
