"""Least prices over (look, node): against a plain Dijkstra, cold, and warm over turns whose prices rise and fall."""

from __future__ import annotations

import heapq
from dataclasses import replace

import numpy as np
import pytest
from tests.reference.worlds import random_world

from pursuit.content.scenario import load_scenario
from pursuit.core.board import Mode
from pursuit.mimicry.route import NEVER, Prices, Route, Toll
from pursuit.sense.observation import Brief
from pursuit.sense.observe import brief

FOOT = int(Mode.FOOT)


def _dijkstra(told: Brief, prices: Prices, row: int, goal: int) -> np.ndarray:
    """Least prices [N, K] of one row, by a queue over the product of board and looks."""
    board, usable = told.board, told.ways.usable(FOOT, True, 0)
    num_nodes, looks = prices.enter.shape[1:]
    least = np.full((num_nodes, looks), np.inf)
    before: list[list[int]] = [[] for _ in range(num_nodes)]
    for node, slot in zip(*np.nonzero(usable), strict=True):
        before[board.neighbor[node, slot]].append(int(node))
    queue = [(0.0, goal, look) for look in range(looks) if prices.walks[row, look]]
    while queue:
        price, node, look = heapq.heappop(queue)
        if price >= least[node, look]:
            continue
        least[node, look] = price
        if prices.walks[row, look]:
            for other in before[node]:
                heapq.heappush(queue, (price + float(prices.enter[row, node, look]), other, look))
        if prices.wears[row, look]:
            for other in range(looks):
                heapq.heappush(queue, (price + float(prices.change[row, node]), node, other))
    return least


def _agrees(told: Brief, toll: Toll, rows: range) -> None:
    for row in rows:
        least = _dijkstra(told, toll.prices, row, int(toll.goal[row]))
        found = np.where(toll.field[row] >= NEVER, np.inf, toll.field[row])
        assert np.allclose(found, least, rtol=1e-5)


def _prices(dice: np.random.Generator, rows: int, nodes: int, looks: int) -> Prices:
    walks, wears = dice.random((rows, looks)) < 0.8, dice.random((rows, looks)) < 0.6
    walks[:, 0] = wears[:, 0] = True
    enter = 1 + dice.exponential(2.0, (rows, nodes, looks)) * (dice.random((rows, nodes, looks)) < 0.5)
    return Prices(enter.astype(np.float32), (1 + dice.exponential(3.0, (rows, nodes))).astype(np.float32), walks, wears)


@pytest.mark.parametrize("seed", range(20))
def test_it_equals_a_plain_search_over_the_product(seed: int) -> None:
    world = random_world(seed)
    told, dice = brief(world, (0,)), np.random.default_rng(seed)
    nodes = world.board.num_nodes
    prices = _prices(dice, 10, nodes, 1 + seed % 5)
    toll = Route(told, FOOT, True, 0).toll(dice.integers(0, nodes, 10), prices)
    _agrees(told, toll, range(10))


@pytest.mark.parametrize("seed", range(4))
def test_it_equals_a_plain_search_over_fifty_turns(seed: int) -> None:
    """Prices of some rows rise, of others fall, here and there; goals move, looks come and go."""
    world = random_world(seed + 30)
    told, dice = brief(world, (0,)), np.random.default_rng(seed)
    nodes, rows, route = world.board.num_nodes, 4, Route(told, FOOT, True, 0)
    prices, goal, last = _prices(dice, rows, nodes, 3), dice.integers(0, nodes, rows), None
    for _ in range(50):
        toll = route.toll(goal, prices, last)
        _agrees(told, toll, range(rows))
        last = toll
        factor = np.where(dice.random((rows, 1, 1)) < 0.5, dice.uniform(0.5, 1, (rows, nodes, 3)), 1)
        factor = np.where(dice.random((rows, 1, 1)) < 0.3, dice.uniform(0.7, 1.6, (rows, nodes, 3)), factor)
        enter = np.maximum(prices.enter * factor.astype(np.float32), np.float32(0.1))
        change = prices.change * np.where(dice.random((rows, nodes)) < 0.1, np.float32(0.8), np.float32(1))
        wears = prices.wears ^ (dice.random((rows, 3)) < 0.05)
        wears[:, 0] = True
        prices = replace(prices, enter=enter, change=change, wears=wears)
        goal = np.where(dice.random(rows) < 0.1, dice.integers(0, nodes, rows), goal)


@pytest.mark.parametrize("name", ["galleria", "freeway_arrival"])
def test_without_exposure_it_is_the_distance(name: str) -> None:
    world = load_scenario(name, "open").world
    told, nodes, dice = brief(world, (0,)), world.board.num_nodes, np.random.default_rng(1)
    closed = 0
    route = Route(told, FOOT, True, closed)
    goal = dice.integers(0, nodes, 6)
    walks = np.ones((6, 3), np.bool_)
    walks[:, 2] = False
    free = Prices(np.ones((6, nodes, 3), np.float32), np.full((6, nodes), 2, np.float32), walks, np.ones_like(walks))
    toll = route.toll(goal, free)
    table = told.ways.pick(FOOT, True, closed)
    hops = told.ways.distance(table, np.arange(nodes), goal[:, None])
    far = hops == told.ways.far
    for look in (0, 1):
        assert np.array_equal(toll.field[:, :, look][~far], hops[~far])
        assert (toll.field[:, :, look][far] == NEVER).all()
    assert np.array_equal(toll.field[:, :, 2][~far], hops[~far] + 2), "a thing changes first"


def test_a_row_is_the_same_in_any_batch_and_steps_follow_the_field() -> None:
    world = random_world(7)
    told, dice = brief(world, (0,)), np.random.default_rng(3)
    nodes, route = world.board.num_nodes, Route(told, FOOT, True, 0)
    prices, goal = _prices(dice, 9, nodes, 4), dice.integers(0, nodes, 9)
    together = route.toll(goal, prices)
    only = Prices(prices.enter[4:5], prices.change[4:5], prices.walks[4:5], prices.wears[4:5])
    assert np.array_equal(route.toll(goal[4:5], only).field[0], together.field[4])
    start, look = dice.integers(0, nodes, 9), np.zeros(9, np.intp)
    to = route.step(together, start, look, 1)
    for row in range(9):
        here = together.field[row, start[row], 0]
        if to[row] != start[row]:
            on = together.field[row, to[row], 0] + prices.enter[row, to[row], 0]
            changes = together.field[row, start[row]][prices.wears[row]].min() + prices.change[row, start[row]]
            assert np.isclose(min(on, changes), here, rtol=1e-5)
