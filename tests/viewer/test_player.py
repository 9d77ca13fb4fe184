"""The player: position, speed, viewpoint and marks, without a window."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.viewer.fake import mall_replay

from pursuit.viewer.frame import EVERYTHING, Lens
from pursuit.viewer.keys import Act
from pursuit.viewer.player import SPEEDS, TURNS_A_SECOND, Player
from pursuit.viewer.reel import Reel


@pytest.fixture
def player() -> Player:
    return Player(Reel(mall_replay()))


def test_playing_moves_on_with_time_and_stops_at_the_end(player: Player) -> None:
    player.act(Act.PLAY)
    player.advance(1.0)
    assert player.position == TURNS_A_SECOND
    player.act(Act.FASTER)
    player.advance(1.0)
    assert player.position == 3 * TURNS_A_SECOND
    player.advance(1e6)
    assert player.position == player.reel.num_turns and not player.playing
    player.act(Act.PLAY)
    assert player.position == 0 and player.playing


def test_a_paused_player_stays(player: Player) -> None:
    player.advance(10.0)
    assert player.position == 0


def test_steps_pause_and_are_clipped(player: Player) -> None:
    player.act(Act.PLAY)
    player.act(Act.NEXT)
    assert player.position == 1 and not player.playing
    player.act(Act.BACK)
    player.act(Act.BACK)
    assert player.position == 0
    player.act(Act.TEN_ON)
    assert player.position == 10
    player.act(Act.LAST)
    player.act(Act.TEN_ON)
    assert player.position == player.reel.num_turns
    player.act(Act.FIRST)
    assert player.position == 0


def test_back_from_within_a_turn_leads_to_its_start(player: Player) -> None:
    player.position = 5.6
    player.act(Act.BACK)
    assert player.position == 5
    player.position = 5.6
    player.act(Act.NEXT)
    assert player.position == 6


def test_speed_has_ends(player: Player) -> None:
    for _ in range(20):
        player.act(Act.FASTER)
    assert player.speed == SPEEDS[-1]
    for _ in range(20):
        player.act(Act.SLOWER)
    assert player.speed == SPEEDS[0]


def test_events_are_found_forward_and_back(player: Player) -> None:
    player.act(Act.NEXT_EVENT)
    first = player.turn
    assert first > 0 and first == player.reel.event_turns()[0][0]
    player.act(Act.NEXT_EVENT)
    second = player.turn
    assert second > first
    player.act(Act.LAST_EVENT)
    assert player.turn == first
    player.act(Act.LAST_EVENT)
    assert player.turn == first, "there is none before the first"


def test_a_turn_is_typed(player: Player) -> None:
    assert not player.digit("1"), "digits mean nothing before g"
    player.act(Act.GO_TO)
    assert player.digit("1") and player.digit("9") and player.digit("backspace") and player.digit("2")
    assert player.digit("return")
    assert player.turn == 12 and player.typed is None
    player.act(Act.GO_TO)
    player.digit("9")
    player.act(Act.CLOSE)
    assert player.turn == 12 and player.typed is None


def test_viewpoints_go_round_through_every_mind(player: Player) -> None:
    state = player.reel.state(0)
    seen = []
    for _ in range(20):
        seen.append(player.view.viewpoint)
        player.act(Act.NEXT_VIEW)
        if player.view.viewpoint == EVERYTHING:
            break
    minds = {int(state.mind[0, slot]) for slot in seen[1:]}
    assert seen[0] == EVERYTHING
    assert minds == set(state.mind[0].tolist()) and len(minds) == len(seen) - 1
    player.act(Act.LAST_VIEW)
    assert player.view.viewpoint == seen[-1]


def test_toggles_turn_on_and_off(player: Player) -> None:
    before = player.view
    for act in (Act.PLANS, Act.VISION, Act.TRAILS, Act.EVENTS):
        player.act(act)
        assert player.view != before
        player.act(act)
        assert player.view == before
    player.act(Act.LENS)
    assert player.view.lens == Lens.SEEN


def test_marks_are_set_and_taken_away_and_bound_a_clip(player: Player) -> None:
    assert player.clip() is None
    player.go(9)
    player.act(Act.MARK)
    player.go(4)
    player.act(Act.MARK)
    assert player.clip() == (4, 9)
    assert [turn for turn, _ in player.all_marks()] == [4, 9, 12]
    player.act(Act.MARK)
    assert list(player.marks) == [9]


def test_escape_closes_then_asks_then_quits(player: Player) -> None:
    player.act(Act.HELP)
    player.act(Act.CLOSE)
    assert player.overlay == "" and not player.wants_quit
    player.act(Act.CLOSE)
    assert player.overlay == "quit" and not player.wants_quit
    player.act(Act.CLOSE)
    assert player.wants_quit


def test_what_only_the_window_can_do_is_left_to_it(player: Player) -> None:
    window = {Act.ONWARD, Act.PICTURE, Act.CLIP, Act.WHOLE, Act.FOLLOW, Act.LIGHT, Act.NEXT_REPLAY, Act.LAST_REPLAY}
    assert {act for act in Act if not player.act(act)} == window


def test_phases_lead_from_turn_to_turn() -> None:
    player = Player(Reel(mall_replay()))
    player.go(4)
    names = [name for name, _ in player.reel.phases(5)]
    shown = []
    for _ in names:
        player.act(Act.PHASE_ON)
        shown.append(player.frame().heading.phase)
    assert shown == [*names[:-1], ""] and player.position == 5, "the last phase is the next turn's state"
    player.act(Act.PHASE_BACK)
    assert (player.turn, player.frame().heading.phase) == (4, names[-2])
    player.act(Act.BACK)
    assert player.position == 4 and player.view.phase == 0
    player.act(Act.PHASE_ON)
    player.act(Act.PLAY)
    player.advance(0.01)
    assert player.view.phase == 0
    player.go(0)
    player.act(Act.PHASE_BACK)
    assert player.position == 0 and not player.message


def test_phases_of_a_replay_that_cannot_be_verified_are_not_made_up() -> None:
    replay = mall_replay(12, 3)
    player = Player(Reel(replay))
    player.reel.replay.phases = lambda turn: []  # type: ignore[method-assign]
    try:
        player.act(Act.PHASE_ON)
        assert player.position == 0 and "verified" in player.message
    finally:
        del player.reel.replay.phases


def test_blunders_are_reached_one_after_another() -> None:
    judged = {turn: (9 - turn % 4, 0, turn in (5, 9, 20)) for turn in range(1, 31)}
    player = Player(Reel(replace(mall_replay(), judged=judged)))
    reached = []
    for act in [Act.NEXT_BLUNDER] * 3 + [Act.LAST_BLUNDER] * 2:
        assert player.act(act)
        reached.append(player.turn)
    assert reached == [5, 9, 20, 9, 5] and player.message == ""
    player.act(Act.LAST_BLUNDER)
    assert player.turn == 5 and player.message == "no blunder before this turn"
    other = Player(Reel(mall_replay()))
    other.act(Act.NEXT_BLUNDER)
    assert other.turn == 0 and "best play is not known" in other.message
