"""Simultaneous moves: closed forms, limits, and the odds as they are played out."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from pursuit.content.maps import load_map
from pursuit.solve.game import TooLargeError, graph_of
from pursuit.solve.simultaneous import _value, solve_simultaneous


@pytest.mark.parametrize("turns", [0, 1, 2, 5, 9])
def test_on_a_triangle_a_pursuer_guesses_right_every_other_time(turns: int) -> None:
    """By hand: it goes to where the evader is, or to where neither is; the evader stays or goes there."""
    odds = solve_simultaneous(graph_of(load_map("complete:3")), 1, turns)
    assert np.allclose(odds.value[~np.eye(3, dtype=np.bool_)], 1 - 0.5**turns)
    assert (odds.value[np.eye(3, dtype=np.bool_)] == 1).all()


def test_where_nobody_can_pass_it_is_certain() -> None:
    odds = solve_simultaneous(graph_of(load_map("path:5")), 1, 4)
    assert (odds.value == 1).all() and odds.programs == 0


@pytest.mark.parametrize(("board", "pursuers", "turns"), [("cycle:5", 2, 4), ("grid:2x3", 2, 3), ("path:4", 1, 3)])
def test_time_helps_the_pursuers_and_an_exit_the_evader(board: str, pursuers: int, turns: int) -> None:
    graph = graph_of(load_map(board))
    values = [solve_simultaneous(graph, pursuers, turn).value for turn in range(turns + 1)]
    assert all((later >= earlier - 1e-9).all() for earlier, later in pairwise(values))
    with_exit = solve_simultaneous(graph, pursuers, turns, exits=[0]).value
    assert (with_exit <= values[-1] + 1e-9).all() and (with_exit < values[-1] - 1e-9).any()
    assert (values[-1] >= 0).all() and (values[-1] <= 1 + 1e-9).all()


def test_a_lone_pursuer_never_catches_on_a_cycle_and_two_may_have_to_guess() -> None:
    graph = graph_of(load_map("cycle:5"))
    alone = solve_simultaneous(graph, 1, 12)
    assert np.array_equal(alone.value, np.eye(5)) and alone.programs == 0
    two = solve_simultaneous(graph_of(load_map("grid:3x3")), 2, 2)
    assert ((two.value > 0.01) & (two.value < 0.99)).any() and two.programs > 0


def test_known_matrix_games() -> None:
    assert np.isclose(_value(np.array([[1.0, 0.0], [0.0, 1.0]])), 0.5)
    assert np.isclose(_value(np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])), 1 / 3)
    assert np.isclose(_value(np.array([[0.8, 0.2], [0.4, 0.6]])), 0.5)


def test_what_is_too_large_is_refused_with_the_figure() -> None:
    with pytest.raises(TooLargeError, match=r"[\d,]+ pairs of moves"):
        solve_simultaneous(graph_of(load_map("grid:9x9")), 3, 5)
