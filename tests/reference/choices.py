"""Random Actions, leaning to what is near so that things happen, and now and then plainly illegal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Door
from pursuit.core.roster import Trait
from pursuit.core.state import Actions, Gait, Order, State, Status, Verb
from pursuit.core.world import World

from .episode import Action, Episode, from_state
from .table import Book

TOGETHER = (Verb.UNLOCK, Verb.SEIZE, Verb.FORCE, Verb.TAKE, Verb.ORDER, Verb.PULL)
"""Verbs that those who stand together often choose together."""


def random_actions(world: World, state: State, rng: Random) -> Actions:
    """What everybody does this turn in every row, by loops over rows and agents."""
    book = Book(world)
    return to_actions([_random_row(book, from_state(state, row), rng) for row in range(state.num_rows)])


def to_actions(rows: list[list[Action]]) -> Actions:
    """Actions of several rows as columns."""

    def part(name: str, dtype: type[np.generic]) -> NDArray[Any]:
        return np.array([[getattr(action, name) for action in row] for row in rows], dtype)

    return Actions(
        goal=part("goal", np.int32),
        gait=part("gait", np.int8),
        toward=part("toward", np.int8),
        verb=part("verb", np.int8),
        object=part("object", np.int32),
        order=part("order", np.int8),
        order_object=part("order_object", np.int32),
    )


def _random_row(book: Book, now: Episode, rng: Random) -> list[Action]:
    """What everybody does in one row; now and then those on one node all want the same."""
    row = [_random_action(book, now, agent, rng) for agent in range(book.num_agents)]
    for agent, action in enumerate(list(row)):  # keys are turned together, and a patient is held by several
        if action.verb in TOGETHER and rng.random() < 0.5:
            at_door = action.verb in (Verb.UNLOCK, Verb.FORCE) and 0 <= action.object < book.num_doors
            where = book.door_nodes[action.object] if at_door else [now.node[agent]]
            for other in range(book.num_agents):
                if now.node[other] in where:
                    row[other] = replace(row[other], goal=-1, verb=action.verb, object=action.object)
            row[agent] = replace(action, goal=-1)
    first = rng.randrange(book.num_agents)
    if rng.random() < 0.5:
        for agent, action in enumerate(row):
            if now.node[agent] == now.node[first] and rng.random() < 0.7:
                row[agent] = replace(action, goal=-1, verb=row[first].verb, object=row[first].object)
    return row


def _random_action(book: Book, now: Episode, agent: int, rng: Random) -> Action:
    goal, toward = _goal(book, now, agent, rng)
    order, order_object = _order(book, rng)
    if rng.random() < 0.3:  # somewhere near to throw a thing to
        order_object = rng.choice([*book.neighbor[now.node[agent]], -1, book.num_nodes])
    verb, thing = Verb.WAIT, -1
    chance = rng.random()
    if chance < 0.05:
        verb, thing = rng.choice([-1, len(Verb), 99, *Verb]), rng.choice([-7, -1, 0, 3, 60])
    elif chance < 0.15:
        verb, thing = rng.choice(list(Verb)), rng.randint(-1, book.num_guises + 1)
    elif chance < (0.8 if now.ride[agent] < 0 else 0.4):
        verb, thing = rng.choice(_sensible(book, now, agent, rng))
    if verb == Verb.ORDER and 0 <= thing < book.num_agents and thing in now.holder and rng.random() < 0.4:
        order, order_object = int(Order.HOLD), -1  # perhaps it carries the last part
    gait = rng.choice([Gait.WALK, Gait.RUN, Gait.RUN])
    return Action(goal, int(gait), toward, int(verb), thing, order, order_object)


def _goal(book: Book, now: Episode, agent: int, rng: Random) -> tuple[int, int]:
    """A goal and whose contact ends the walk."""
    chance = rng.random()
    other = rng.randrange(book.num_agents)
    anywhere = rng.randrange(book.num_nodes)
    exits = [node for node in range(book.num_nodes) if book.exits[book.side[agent]][node]]
    if exits and rng.random() < (0.4 if now.ride[agent] >= 0 else 0.06):
        return rng.choice(exits), -1
    if chance < 0.45:
        return now.node[other], other if rng.random() < 0.6 else -1
    if chance < 0.6 and book.num_vehicles:
        return rng.choice(now.vehicle_node), rng.choice([-1, other])
    if chance < 0.72 and book.num_doors:
        return rng.choice(rng.choice(book.door_nodes)), -1
    caches = [node for node in range(book.num_nodes) if book.cache[node]]
    if caches and agent in now.holder and chance < 0.8:
        return rng.choice(caches), -1
    if chance < 0.9:
        return anywhere, rng.choice([-1, other])
    return (rng.choice([-2, book.num_nodes, 999]) if chance < 0.92 else -1), -1


def _order(book: Book, rng: Random) -> tuple[int, int]:
    order = rng.choice([*Order, 11]) if rng.random() < 0.2 else rng.choice(list(Order)[1:])
    most = {Order.FOLLOW: book.num_guises, Order.GUARD: book.num_guises, Order.FETCH: book.num_items}
    bound = most.get(Order(order), book.num_nodes) if order in list(Order) else 3
    return int(order), rng.randrange(max(bound, 1)) if rng.random() < 0.9 else rng.choice([-1, bound])


def _sensible(book: Book, now: Episode, agent: int, rng: Random) -> list[tuple[Verb, int]]:
    """Verbs with an object that may well be in reach."""
    here = now.node[agent]
    others = [other for other in range(book.num_agents) if other != agent]
    near = [other for other in others if now.node[other] == here] or others

    def at(nodes: list[int]) -> list[int]:
        found = [thing for thing, node in enumerate(nodes) if node == here]
        return found or list(range(len(nodes)))

    bodies = [other for other in near if now.status[other] and now.node[other] == here]
    lots: list[tuple[Verb, list[int]]] = [(Verb.STRIKE, near), (Verb.STRIKE, near), (Verb.STRIKE, bodies)]
    shifters = [other for other in near if book.has(other, Trait.MORPHS)]
    lots += [(Verb.STRIKE, shifters), (Verb.STRIKE, shifters), (Verb.CHALLENGE, shifters)]
    lots += [(Verb.CHALLENGE, near), (Verb.CHALLENGE, others), (Verb.MOUNT, at(now.vehicle_node))]
    lots += _of_trait(book, now, agent, near, others)
    doors = [door for door, ends in enumerate(book.door_nodes) if here in ends]
    if doors:
        lots += [(verb, doors) for verb in (Verb.OPEN, Verb.SHUT, Verb.FORCE, Verb.UNLOCK)]
        fitting = [d for d in doors for i, h in enumerate(now.holder) if h == agent and book.item_opens[i][d]]
        lots += [(Verb.UNLOCK, fitting)] * 10
        locked = [door for door in doors if now.door[door] == Door.LOCKED]
        lots += [(Verb.PICK, doors), *[(Verb.PICK, locked)] * 4] * (8 if book.has(agent, Trait.PICKS) else 0)
        lots += [(Verb.FORCE, doors)] * (3 if book.has(agent, Trait.STRONG) else 0)
    held = [item for item, holder in enumerate(now.holder) if holder == agent]
    owned = [(item, holder) for item, holder in enumerate(now.holder) if holder >= 0]
    lying = [item for item, holder in owned if now.status[holder] and now.node[holder] == here]
    lots += [(Verb.THROW, held), (Verb.THROW, held)]
    charge = [i for i in held + at(now.item_node) if book.item_weapon[i] == 7]
    lots += [(Verb.ARM, charge)] * 6 + [(Verb.ARM, held), (Verb.ARM, list(range(book.num_items)))]
    lots += [(Verb.PERSUADE, near), (Verb.PERSUADE, others), (Verb.TELL, near), (Verb.TELL, others)]
    if now.fuse[agent] >= 0:
        lots += [(Verb.DETONATE, [-1, 1])] * 8
    guns = [i for i in held if 3 <= book.item_weapon[i] < 7]
    lots += [(Verb.RELOAD, guns)] * (24 if book.cache[here] else 1)
    if book.terminal[here]:
        lots += [(Verb.ALARM, [-1, 2])] * 2
    if book.lever[here]:
        lots += [(Verb.PULL, [-1, 3])] * 3
    hung = [other for other in others if book.hoist[now.node[other]]]
    near_hung = [other for other in hung if now.node[other] in book.neighbor[here]]
    lots += [(Verb.LOWER, hung), *[(Verb.LOWER, near_hung)] * 10]
    lots += [
        (Verb.DROP, held),
        (Verb.TAKE, at(now.item_node)),
        (Verb.GRAB, at(now.vehicle_node)),
        *[(Verb.TAKE, lying)] * 3,
    ]
    lots += [(Verb.TAKE, [item for item, node in enumerate(now.item_node) if node == here and now.armed[item]])] * 8
    lots += [(Verb.STRIKE, [other for other in near if now.pending[other] >= 0])] * 6
    if now.ride[agent] >= 0:
        lots += [(Verb.PICK, list(range(book.num_doors)))] * (3 if book.has(agent, Trait.PICKS) else 0)
        lots += [(Verb.DISMOUNT, [rng.choice([-1, 2])])] * (12 if now.vehicle_leftover[now.ride[agent]] else 1)
        lots += [(Verb.WAIT, [-1]), (Verb.WAIT, [-1])]
    here_now = [vehicle for vehicle, node in enumerate(now.vehicle_node) if node == here]
    lots += [(Verb.MOUNT, here_now), (Verb.MOUNT, here_now)]
    driven = [now.ride[other] for other in others if now.ride[other] >= 0]
    lots += [*[(Verb.GRAB, driven)] * 8, (Verb.MOUNT, driven)]
    return [(verb, rng.choice(things)) for verb, things in lots if things]


def _of_trait(book: Book, now: Episode, agent: int, near: list[int], others: list[int]) -> list[tuple[Verb, list[int]]]:
    has: Callable[[Trait], bool] = lambda trait: book.has(agent, trait)  # noqa: E731
    lots = []
    if has(Trait.SHOOTS):
        armed = any(h == agent and book.item_weapon[item] >= 0 for item, h in enumerate(now.holder))
        lots += [(Verb.SHOOT, near), (Verb.SHOOT, others)] * (4 if armed else 1)
        lots += [(Verb.SHOOT, [other for other in others if book.has(other, Trait.STURDY)])] * (8 if armed else 0)
        lots += [(Verb.SHOOT, [other for other in others if book.has(other, Trait.POLY)])] * (10 if armed else 0)
    if has(Trait.CONSCIENCE):
        downs = [other for other in others if now.status[other] == Status.DOWN]
        lots += [(Verb.STRIKE, [other for other in downs if other in near]), *[(Verb.SHOOT, downs)] * 3] * 5
        weak = [other for other in others if now.status[other] == Status.WELL and now.health[other] <= 10]
        lots += [(Verb.SHOOT, weak)] * 5
    if has(Trait.SEIZES):
        sought = [o for o in near if now.guise[o] < book.num_agents]
        sought = [o for o in sought if book.patient[now.guise[o]] or now.wanted[now.guise[o]]]
        lots += [(Verb.SEIZE, near), *[(Verb.SEIZE, sought)] * 8]
    if has(Trait.COMMANDS):
        mine = [other for other in others if book.has(other, Trait.COMMANDED) and book.side[other] == book.side[agent]]
        lots += [(Verb.ORDER, mine), (Verb.ORDER, mine), (Verb.ORDER, mine)]
    if has(Trait.MORPHS):
        known = [guise for guise, sampled in enumerate(now.sampled) if sampled]
        items = [book.num_agents + item for item in range(book.num_items)]
        here = now.node[agent]
        close = [g for g, node in enumerate(now.item_node, book.num_agents) if node == here]
        close += [g for g, holder in enumerate(now.holder, book.num_agents) if holder == agent]
        lots += [(Verb.MORPH, known)] * 4 + [(Verb.MORPH, [agent]), (Verb.SAMPLE, near), (Verb.SAMPLE, items)]
        lots += [*[(Verb.SAMPLE, close)] * 4, (Verb.MORPH, list(range(-1, book.num_guises + 1)))]
        machines = [other for other in near if book.has(other, Trait.MACHINE)]
        lots += [(Verb.SAMPLE, [-1, agent, book.num_guises]), *[(Verb.SAMPLE, machines)] * 3]
    return lots
