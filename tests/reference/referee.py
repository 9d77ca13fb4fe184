"""The referee: one episode at a time, plain values and loops, written from docs/rules.md and from nothing else.

It is the second opinion on the engine: random episodes must agree with it, column for column. Every branch it
takes is counted in `seen`, so that a run can show that nothing was left untried.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from pursuit.core.rng import Draws, KeyedDraws, Stream
from pursuit.core.roster import Trait
from pursuit.core.state import Gait, Order, Status, Verb
from pursuit.core.world import World

from . import classical
from .choice import morph, obey
from .ending import close, judge, link, look
from .episode import Action, Episode
from .hands import handle
from .harm import recover, strike, touch
from .motion import move
from .peril import hazard
from .script import start_triggers, trigger
from .table import Book, Turn

__all__ = ["Book", "Episode", "fresh", "play_turn"]


def play_turn(book: Book, episode: Episode, actions: list[Action], draws: Draws, seen: Counter[str]) -> Episode:
    """The episode after one more turn; an ended one is handed back as it is. `episode` is left alone."""
    if episode.ended:
        seen["ended"] += 1
        return episode
    t = Turn(book, episode.copy(), list(actions), draws, seen)
    if classical.is_classical(t):
        classical.play(t)
        return t.now
    t.able = [t.well(agent) and t.now.stagger[agent] == 0 for agent in t.agents]
    _forget(t.now, book)
    for phase in (obey, morph, move, touch, strike, handle, hazard, recover, trigger, close):
        phase(t)
    return t.now


def _forget(now: Episode, book: Book) -> None:
    """Reset the cause columns."""
    agents = range(book.num_agents)
    now.path = [[now.node[agent]] * (book.num_impulses + 1) for agent in agents]
    now.met = [[False for _ in agents] for _ in agents]
    now.gait = [int(Gait.STILL) for _ in agents]
    now.marks = [0 for _ in agents]
    now.did = [int(Verb.WAIT) for _ in agents]
    now.did_object = [-1 for _ in agents]
    now.refused = [0 for _ in agents]
    now.noise = [0 for _ in agents]


def fresh(book: Book, seed: int, seen: Counter[str]) -> Episode:
    """The episode before its first turn."""
    world = book.world
    agents, items, triggers = range(book.num_agents), range(book.num_items), range(len(world.script.triggers))
    minds, no = range(book.num_minds), [-1 for _ in agents]
    rounds = [int(world.roster.rounds[w]) if w >= 0 else 0 for w in book.item_weapon]
    now = Episode(
        seed=seed, turn=0, to_move=0, ended=False, outcome=-1,
        node=[0 for _ in agents], leftover=[0 for _ in agents],
        status=[int(Status.ABSENT if absent else Status.WELL) for absent in world.absent],
        health=list(book.health), stagger=[0 for _ in agents],
        guise=world.guise.tolist(), pending=list(no), mind=world.mind.tolist(), ride=list(no), seat=list(no),
        order=[int(Order.NONE) for _ in agents], order_object=list(no), spare=[False for _ in agents],
        backup=[world.numbers.backup_turns if book.has(a, Trait.BACKUP) else -1 for a in agents], captor=list(no),
        wanted=world.wanted.tolist(), persuaded=[False for _ in agents],
        taken=[0 for _ in agents], spared=[0 for _ in agents], fuse=list(no), cue=list(no),
        sampled=world.sampled.tolist(), knows=[_facts(world, mind) for mind in minds],
        item_node=world.item_node.tolist(), holder=world.item_holder.tolist(), ammo=[rounds[i] for i in items],
        armed=[False for _ in items],
        vehicle_node=world.vehicle_node.tolist(), vehicle_leftover=[0] * book.num_vehicles,
        door=world.board.door_start.tolist(), hazard=world.hazard_on.tolist(), alarm=-1,
        var=list(world.script.var_start), fired=[0 for _ in triggers], fired_turn=[-1 for _ in triggers],
        due=[-1 for _ in triggers], enabled=[one.enabled for one in world.script.triggers],
        level=[False for _ in triggers], still=[0 for _ in agents],
        path=[], met=[], gait=[], marks=[], did=[], did_object=[], refused=[], noise=[],
        row=[list(no) for _ in minds], left=[[False for _ in agents] for _ in minds],
    )  # fmt: skip
    t = Turn(book, now, [], KeyedDraws(), seen)
    for agent in agents:
        choice = t.draw(Stream.START, agent, int(world.num_start[agent]))
        now.node[agent] = int(world.start[agent, choice])
    _forget(now, book)
    if classical.is_classical(t):
        classical.look(t)
    else:
        start_triggers(t)
        link(t)
        look(t, fresh=True)
        judge(t)
    return now


def _facts(world: World, mind: int) -> int:
    """What a mind knows at the start."""
    facts = 0
    for agent, known in enumerate(world.facts.tolist()):
        facts |= known if world.mind[agent] == mind else 0
    return facts


def seeds(master: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Episode seeds, uint64, of one master seed."""
    return np.random.default_rng(master).integers(0, 2**63, count).astype(np.uint64)
