"""Fields and lists against tables: on small boards with tiny budgets they answer alike, whatever was asked before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.core.test_distance import make_board, random_board, sight_board

from pursuit.content.maps import load_map
from pursuit.core import waves
from pursuit.core.board import Mode
from pursuit.core.distance import Sight, Ways
from pursuit.core.fields import FieldWays, find_sight, find_ways
from pursuit.core.nearby import NearSight, within
from pursuit.core.wavefront import widen


@pytest.mark.parametrize("seed", range(20))
def test_fields_answer_as_tables_do(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pursuit.core.fields._LEAST", 3)
    monkeypatch.setattr("pursuit.core.fields._AT_ONCE", 2)
    monkeypatch.setattr("pursuit.core.fields._MOST_NETS", 2)
    board = random_board(seed)
    rng = np.random.default_rng(seed)
    tie = "last" if seed % 2 else "first"
    ways, fields = Ways(board, tie=tie), FieldWays(board, budget=2 * 5 * board.num_nodes, tie=tie)
    for _ in range(30):
        shape = tuple(rng.integers(0 if rng.random() < 0.1 else 1, 7, size=int(rng.integers(3))))
        mode, closed = rng.integers(len(Mode), size=shape), rng.integers(8, size=shape)
        slips = rng.random(shape) < 0.5
        few = rng.integers(board.num_nodes, size=3)
        start, goal = rng.choice(few, size=shape), rng.integers(board.num_nodes, size=shape)
        if rng.random() < 0.5:
            start, goal = goal, start
        table, field = ways.pick(mode, slips, closed), fields.pick(mode, slips, closed)
        distance, found = ways.distance(table, start, goal), fields.distance(field, start, goal)
        assert found.dtype == np.uint16
        np.testing.assert_array_equal(found == fields.far, distance == ways.far)
        np.testing.assert_array_equal(found[distance < ways.far], distance[distance < ways.far])
        hop = fields.hop(field, start, goal)
        assert hop.dtype == np.uint8
        np.testing.assert_array_equal(hop, ways.hop(table, start, goal))
        assert fields.num_built <= 5


@pytest.mark.parametrize("seed", range(4))
def test_whole_tables_and_single_fields(seed: int) -> None:
    board = random_board(seed)
    ways, fields = Ways(board), FieldWays(board, budget=1)
    table, field = int(ways.pick(0, True, 3)), int(fields.pick(0, True, 3))
    far = widen(ways.distances(table))
    np.testing.assert_array_equal(fields.distances(field), far)
    np.testing.assert_array_equal(fields.hops(field), ways.hops(table))
    for node in (0, board.num_nodes - 1):
        np.testing.assert_array_equal(fields.distances_to(field, node), far[node])
        np.testing.assert_array_equal(fields.distances_from(field, node), far[:, node])


def test_nobody_is_no_error() -> None:
    """Callers put their own answer in the place of what is said about node -1."""
    fields = FieldWays(random_board(1), budget=1)
    table = fields.pick(0, False, 0)
    nobody = np.array([-1, 0])
    for start, goal in [(0, nobody), (nobody, 0), (nobody, nobody), (-1, -1)]:
        shape = np.broadcast_shapes(np.shape(start), np.shape(goal))
        assert fields.distance(table, start, goal).shape == fields.hop(table, start, goal).shape == shape
    assert fields.distance(table, nobody, nobody)[1] == 0
    assert fields.num_built == 2  # to node 0 and from it


def test_what_was_used_longest_ago_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pursuit.core.fields._LEAST", 3)
    made: list[int] = []
    honest = waves.waves
    monkeypatch.setattr(waves, "waves", lambda links, nodes: made.extend(nodes.tolist()) or honest(links, nodes))
    fields = FieldWays(load_map("grid:6x6"), budget=1)
    table = fields.pick(0, False, 0)
    everywhere = np.arange(36)
    for goal in (1, 2, 3, 1, 4, 1, 2):
        fields.hop(table, everywhere, goal)
    assert made == [1, 2, 3, 4, 2]  # 4 drove out 2, not 1, which had been used since


def test_one_table_for_all_whose_ways_are_the_same() -> None:
    board = load_map("grid:5x5")  # every mode on every edge, no bars
    for ways in (Ways(board), FieldWays(board)):
        tables = ways.pick(np.arange(len(Mode))[:, None], np.array([False, True]), 0)
        assert len(np.unique(tables)) == 1
        assert ways.distance(tables, 0, 24).tolist() == [[8, 8]] * len(Mode)


def test_the_budget_decides() -> None:
    board = load_map("grid:20x20")
    walks = replace(board, modes=np.where(np.arange(400)[:, None] < 200, board.modes, 1).astype(np.uint8))
    table = 3 * 400**2
    assert type(find_ways(board, table)) is Ways
    assert type(find_ways(board, table - 1)) is FieldWays
    assert type(find_ways(walks, table)) is FieldWays  # two tables: on foot, and on wheels
    assert type(find_ways(walks, 2 * table)) is Ways
    assert type(find_sight(board, 400**2)) is Sight
    assert type(find_sight(board, 400**2 - 1)) is NearSight


@pytest.mark.parametrize("seed", range(20))
def test_lists_of_pairs_answer_as_tables_do(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pursuit.core.nearby._BLOCK", 7)
    board = sight_board(seed)
    if seed == 0:
        board = replace(board, sight_hops=-1)
    sight, near = Sight(board), NearSight(board)
    a, b = np.indices((board.num_nodes, board.num_nodes))
    shut = np.array([0, 5, 7])
    table, listed = sight.pick(shut), near.pick(shut)
    np.testing.assert_array_equal(near.sees(listed[:, None, None], a, b), sight.sees(table[:, None, None], a, b))
    some = np.random.default_rng(seed).integers(board.num_nodes, size=4)
    for one, other in zip(table.tolist(), listed.tolist(), strict=True):
        np.testing.assert_array_equal(near.view(other), sight.view(one))
        np.testing.assert_array_equal(near.pairs(other), sight.pairs(one))
        np.testing.assert_array_equal(near.seen_from(other, some), sight.seen_from(one, some))
        assert not near.seen_from(other, some[:0]).any()


def test_all_pairs_within_a_few_hops() -> None:
    board = load_map("torus:9x7")
    links = waves.weave(board.neighbor, board.modes > 0).ahead
    hops = waves.waves(links, np.arange(63))
    for limit in (0, 1, 3, 99):
        found = [np.concatenate(part) for part in zip(*within(links, limit), strict=True)]
        table = np.full((63, 63), waves.FAR)
        table[found[0], found[1]] = found[2]
        np.testing.assert_array_equal(table, np.where(hops <= limit, hops, waves.FAR))
        assert len(found[0]) == (hops <= limit).sum()


@pytest.mark.parametrize("seed", range(10))
def test_the_nearest_of_several_and_the_hub(seed: int) -> None:
    board = random_board(seed)
    usable = board.modes > 3
    usable[:, 0] = False
    net = waves.weave(board.neighbor, usable)
    away = waves.waves(net.ahead, np.arange(board.num_nodes))  # [start, goal]
    np.testing.assert_array_equal(waves.waves(net.behind, np.arange(board.num_nodes)), away.T)
    origins = np.random.default_rng(seed).integers(board.num_nodes, size=6)
    which, hops = waves.nearest(net.ahead, origins)
    np.testing.assert_array_equal(which, away[origins].argmin(axis=0))
    np.testing.assert_array_equal(hops, away[origins].min(axis=0))
    assert waves.hub(net.ahead) == (away < waves.FAR).sum(axis=1).argmax()


def test_a_board_without_ways() -> None:
    board = make_board([], 3)
    fields = FieldWays(board)
    assert fields.distance(fields.pick(0, False, 0), np.arange(3), 1).tolist() == [fields.far, 0, fields.far]
    assert waves.hub(waves.weave(board.neighbor, board.modes > 0).ahead) == 0
