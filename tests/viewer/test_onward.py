"""The sheet for playing on: policies are chosen, endings counted, one of them opened."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.play.playing import record_duel

from pursuit.play.fork import fork, onward
from pursuit.play.replay import Replay, open_replay
from pursuit.play.seeds import episode_seeds
from pursuit.play.verify import verify
from pursuit.viewer.app import Window
from pursuit.viewer.onward import EPISODES, Onward


@pytest.fixture
def replay(tmp_path: Path) -> Replay:
    path = tmp_path / "duel.chase.jsonl"
    record_duel(path)
    return open_replay(path)


def test_each_ending_is_one_that_can_be_played_alone(replay: Replay, tmp_path: Path) -> None:
    seeds = episode_seeds(replay.seed, 8)
    result = onward(replay, 2, [], seeds)
    for row in (0, 3, 7):
        path = tmp_path / f"{row}.chase.jsonl"
        alone = fork(replay, 2, [], path, seed=int(seeds[row]))
        assert alone.outcome[0] == result.outcome[row] and alone.turns[0] == result.turns[row]
        assert verify(open_replay(path)).is_good
    assert result.outcome[0] == replay.state(replay.num_turns).outcome[0], "row 0 has the replay's own luck"


def test_the_sheet_plays_and_opens_an_ending(replay: Replay) -> None:
    sheet = Onward(replay, 2)
    side = sheet.lines()[0]
    assert side.startswith("› hunter") and side.endswith("as recorded")
    for _ in range(2):
        assert sheet.press("right")
    assert not sheet.lines()[0].endswith("as recorded")
    assert not sheet.press("q")
    sheet.press("return")
    sheet.wait()
    counts = [int(line.split(": ")[1].split()[0]) for line in sheet.lines() if ": " in line]
    assert sum(counts) == EPISODES and str(EPISODES) in sheet.title
    sheet.press("return")
    assert sheet.opened is not None and sheet.opened.head.parent is not None and sheet.opened.head.parent.turn == 2


def test_the_window_shows_the_sheet_and_goes_on_in_the_ending(replay: Replay) -> None:
    window = Window([replay], (800, 600))
    window.player.go(2)
    window.press("c")
    assert window._onward is not None
    window.press("return")
    window._onward.wait()
    window.press("return")
    assert len(window.replays) == 2 and window._onward is None
    assert window.player.reel.replay is window.replays[1]
    window.player.go(window.player.reel.num_turns)
    window.press("c")
    assert window._onward is None, "nobody plays on from the end"
    window.player.go(0)
    window.press("c")
    window.press("escape")
    assert window._onward is None and np.isclose(window.player.position, 0)
