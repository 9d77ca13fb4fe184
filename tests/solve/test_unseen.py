"""The game without sight: published numbers, and a plain search over sets."""

from __future__ import annotations

from itertools import product

import pytest

from pursuit.content.maps import load_map
from pursuit.solve.game import TooLargeError, graph_of
from pursuit.solve.unseen import clear_unseen, least_unseen


@pytest.mark.parametrize(
    ("board", "number"),
    [
        *((f"path:{n}", 1) for n in range(1, 12)),
        *((f"cycle:{n}", 2) for n in range(4, 12)),
        *((f"complete:{n}", (n + 1) // 2) for n in range(2, 8)),
    ],
)
def test_least_number(board: str, number: int) -> None:
    found = least_unseen(graph_of(load_map(board)))
    assert found is not None and found.pursuers == number


def plain(out: list[set[int]], pursuers: int) -> int | None:
    """Least number of turns, by sets of states."""
    nodes = frozenset(range(len(out)))
    layer = {(team, nodes - set(team)) for team in product(nodes, repeat=pursuers)}
    seen, turn = set(layer), 0
    while layer:
        if any(not places for _, places in layer):
            return turn
        turn, following = turn + 1, set()
        for team, places in layer:
            for move in product(*(out[node] | {node} for node in team)):
                left = places - set(move)
                spread = left.union(*(out[node] for node in left)) - set(move)
                following.add((move, frozenset(spread)))
        layer = following - seen
        seen |= layer
    return None


@pytest.mark.parametrize(
    ("board", "pursuers"),
    [
        *product(["path:7", "cycle:6", "tree:2x2", "grid:2x4", "grid:3x3"], [1, 2]),
        ("tree:3x2", 1),
        ("petersen", 1),
        ("complete:4", 2),
    ],
)
def test_turns_agree_with_a_plain_search(board: str, pursuers: int) -> None:
    made = load_map(board)
    reach = graph_of(made).reach
    out = [{end for end in range(len(reach)) if reach[start, end] and end != start} for start in range(len(reach))]
    assert clear_unseen(graph_of(made), pursuers).turns == plain(out, pursuers)


def test_bounds() -> None:
    with pytest.raises(TooLargeError, match="at most 64"):
        clear_unseen(graph_of(load_map("path:65")), 1)
    with pytest.raises(TooLargeError, match="beyond 50 states"):
        clear_unseen(graph_of(load_map("grid:4x4")), 2, most_states=50)
