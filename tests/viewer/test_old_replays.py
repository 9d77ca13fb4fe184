"""Replays of earlier versions can be watched for ever; each version leaves one or two in `tests/replays`."""

from __future__ import annotations

from pathlib import Path

import pytest

from pursuit.core.state import Status
from pursuit.play.replay import open_replay
from pursuit.play.verify import verify
from pursuit.viewer.compose import compose
from pursuit.viewer.export import paint
from pursuit.viewer.frame import EVERYTHING, Lens, View
from pursuit.viewer.reel import Reel

REPLAYS = sorted((Path(__file__).parents[1] / "replays").glob("*.chase.jsonl*"))


def test_there_are_some() -> None:
    assert REPLAYS


@pytest.mark.parametrize("path", REPLAYS, ids=lambda path: path.name)
def test_an_old_replay_plays_to_its_end(path: Path) -> None:
    replay = open_replay(path)
    assert replay.is_complete and not replay.notice
    reel = Reel(replay)
    for turn in range(replay.num_turns + 1):
        reel.events_of(turn)
        frame = compose(reel, float(turn))
        assert len(frame.bodies) == int((replay.state(turn).status[0] <= Status.OFFLINE).sum()) + int(
            (replay.state(turn).status[0] == Status.CAPTURED).sum()
        )
    for viewpoint in (EVERYTHING, 0):
        paint(compose(reel, replay.num_turns / 2, View(viewpoint, Lens.SEEN)), (640, 480))
    assert replay.state(replay.num_turns).outcome[0] == replay.world.outcome_name.index(replay.outcome)


@pytest.mark.parametrize("path", REPLAYS, ids=lambda path: path.name)
def test_an_old_replay_says_whether_it_can_be_verified(path: Path) -> None:
    replay = open_replay(path)
    verdict = verify(replay)
    assert verdict.can_verify == replay.same_rules
    assert verdict.is_good or "other rules" in verdict.notice
