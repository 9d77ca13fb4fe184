"""An episode set going in the midst of things: wounds, changes under way, orders, people in vehicles."""

from __future__ import annotations

from random import Random

from pursuit.core.roster import Trait
from pursuit.core.state import Order, Status

from .episode import Episode
from .table import Book


def stirred(book: Book, episode: Episode, rng: Random) -> Episode:
    """A copy of a fresh episode with some columns as they may be later on."""
    now = episode.copy()
    for agent in range(book.num_agents):
        now.health[agent] = rng.randint(1, book.health[agent])
        now.spare[agent] = rng.random() < 0.2
        now.wanted[agent] = rng.random() < 0.4
        if rng.random() < 0.1:
            now.stagger[agent] = rng.randint(1, 2)
        if rng.random() < 0.2:
            now.order[agent], now.order_object[agent] = _order(book, rng)
        if rng.random() < 0.1:
            now.cue[agent] = 0
        if book.has(agent, Trait.MORPHS) and rng.random() < 0.5:
            now.pending[agent] = rng.randrange(book.num_guises)
            now.stagger[agent] = rng.choice([0, 0, now.stagger[agent], 1])
            now.guise[agent] = rng.choice([agent, rng.randrange(book.num_guises)])
    for number, cue in enumerate(book.world.script.cues):
        if rng.random() < 0.5:
            now.cue[cue.agent] = number
    now.knows = [rng.randrange(1 << len(book.world.fact_name)) for _ in now.knows]
    for vehicle in range(book.num_vehicles):
        _board(book, now, vehicle, rng)
    for _ in range(rng.choice([1, 1, 2])):
        _fall(now, book, rng)
    if rng.random() < 0.4:
        _hold(now, book, rng)
    now.alarm = rng.choice([-1, -1, 0])
    now.ammo = [rng.randint(0, rounds) if rng.random() < 0.3 else rounds for rounds in now.ammo]
    for item, node in enumerate(now.item_node):
        if node >= 0 and book.item_weapon[item] == 7 and rng.random() < 0.5:
            now.armed[item], now.fuse[rng.randrange(book.num_agents)] = True, rng.randint(1, 3)
    return now


def _order(book: Book, rng: Random) -> tuple[int, int]:
    """A standing order with a right object."""
    order = rng.choice([Order.HOLD, Order.GO, Order.GO, Order.FOLLOW])
    bounds = {Order.GO: book.num_nodes, Order.FOLLOW: book.num_guises}
    return int(order), rng.randrange(bounds[order]) if order in bounds else -1


def _board(book: Book, now: Episode, vehicle: int, rng: Random) -> None:
    """Put some who are near into the vehicle's seats, and perhaps one behind it."""
    free = [a for a in range(book.num_agents) if now.ride[a] < 0 and now.status[a] == Status.WELL]
    rng.shuffle(free)
    for seat in [0, *range(1, book.ride_seats[vehicle]), -1]:
        if free and rng.random() < 0.5:
            agent = free.pop()
            now.ride[agent], now.seat[agent], now.node[agent] = vehicle, seat, now.vehicle_node[vehicle]
            now.leftover[agent], now.pending[agent] = 0, -1
            now.stagger[agent] = 0 if seat < 0 else now.stagger[agent]  # who staggers has lost hold
    if rng.random() < 0.5:
        now.vehicle_leftover[vehicle] = rng.randrange(100)


def _hold(now: Episode, book: Book, rng: Random) -> None:
    """Somebody on foot may hold somebody there fast."""
    captor, held = rng.sample(range(book.num_agents), 2)
    both = (captor, held)
    if (
        book.has(captor, Trait.SEIZES)
        and all(now.status[a] == Status.WELL and now.ride[a] < 0 for a in both)
        and not book.has(held, Trait.MACHINE)
    ):
        now.captor[held], now.node[held] = captor, now.node[captor]


def _fall(now: Episode, book: Book, rng: Random) -> None:
    """One who is on foot may lie hurt already."""
    agent = rng.randrange(book.num_agents)
    if now.status[agent] == Status.WELL and now.ride[agent] < 0 and not book.has(agent, Trait.MACHINE):
        now.status[agent] = int(rng.choice([Status.WELL, Status.DOWN]))
        now.health[agent] = 0 if now.status[agent] else now.health[agent]
