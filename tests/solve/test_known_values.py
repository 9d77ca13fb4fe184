"""Published values of cops and robbers, tolerance 0."""

from __future__ import annotations

from functools import cache

import networkx as nx
import numpy as np
import pytest

from pursuit.content.maps import load_map
from pursuit.solve.cops import cop_number
from pursuit.solve.game import ADJACENT, ALTERNATING, Graph, graph_from_pairs, graph_of
from pursuit.solve.retrograde import solve

VALUES = [
    *((f"path:{n}", 1, n // 2) for n in range(1, 12)),
    *((f"cycle:{n}", 2, (n + 1) // 4) for n in range(4, 21)),
    *((f"grid:{m}x{n}", 2, (m + n - 2) // 2) for m in range(2, 8) for n in range(m, 9)),
    ("petersen", 3, 1),
    ("dodecahedron", 3, 3),
    ("robertson", 4, 2),
    ("heawood", 3, 2),
    ("pappus", 3, 2),
    ("desargues", 3, 3),
]
NUMBERS = [
    *((f"torus:{m}x{n}", 3) for m, n in [(4, 4), (4, 5), (5, 5), (4, 7), (6, 6)]),
    *((f"hypercube:{d}", number) for d, number in [(1, 1), (2, 2), (3, 2), (4, 3)]),
]


@cache
def graph(board: str) -> Graph:
    return graph_of(load_map(board))


@pytest.mark.parametrize(("board", "number", "turns"), VALUES)
def test_capture_time(board: str, number: int, turns: int) -> None:
    table = solve(graph(board), number)
    assert table.capture_time == turns
    assert cop_number(graph(board), ALTERNATING, table) == number


@pytest.mark.parametrize(("board", "number"), NUMBERS)
def test_cop_number(board: str, number: int) -> None:
    assert cop_number(graph(board), ALTERNATING) == number


@pytest.mark.parametrize("seed", range(10))
def test_one_catches_on_a_tree_within_its_radius(seed: int) -> None:
    tree = nx.random_labeled_tree(5 + 6 * seed, seed=seed)
    ends = np.array([edge for pair in tree.edges() for edge in (pair, pair[::-1])], np.intp)
    table = solve(graph_from_pairs(len(tree), ends[:, 0], ends[:, 1]), 1)
    assert table.capture_time == nx.radius(tree)
    assert cop_number(table.graph, ALTERNATING, table) == 1


def test_the_distance_of_two_pursuers_is_zero_next_to_the_evader() -> None:
    table = solve(graph("grid:4x4"), 2, ADJACENT)
    turns, reach = table.all_turns(), table.graph.reach
    assert np.array_equal(turns == 0, reach[:, None, :] | reach[None, :, :])
