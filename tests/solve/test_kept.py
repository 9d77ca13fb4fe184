"""A solved game is read from disk the second time, and is the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pursuit.content.maps import load_map
from pursuit.core.cache import VARIABLE
from pursuit.solve import kept
from pursuit.solve.game import ALTERNATING, graph_of
from pursuit.solve.kept import solve_once


@pytest.mark.parametrize(("board", "pursuers"), [("grid:4x4", 2), ("petersen", 2), ("cycle:5", 1)])
def test_a_game_is_solved_once(board: str, pursuers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    monkeypatch.setattr(kept, "WORTH_KEEPING", 0)
    turns: list[int] = []
    graph = graph_of(load_map(board))
    once, again = (
        solve_once(graph, pursuers, ALTERNATING, progress=lambda turn, won, all: turns.append(turn)) for _ in range(2)
    )
    assert turns == list(range(1, len(once.tally) + 1))
    assert (once.tally, once.capture_time, once.placement) == (again.tally, again.capture_time, again.placement)
    assert np.array_equal(once.all_turns(), again.all_turns())
    other = solve_once(graph, pursuers, ALTERNATING, exits=[0])
    assert other.summary != once.summary


def test_what_is_solved_in_no_time_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    solve_once(graph_of(load_map("grid:4x4")), 2, ALTERNATING)
    assert not list(tmp_path.iterdir())


def test_a_run_that_is_broken_off_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    monkeypatch.setattr(kept, "WORTH_KEEPING", 0)

    def stop(turn: int, won: int, everything: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solve_once(graph_of(load_map("grid:4x4")), 2, ALTERNATING, progress=stop)
    assert not list(tmp_path.iterdir())
