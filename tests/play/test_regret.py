"""Regret against the solved game: nothing for best play, and for the rest just what it cost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.policies.test_oracles import duel, finite_starts

from pursuit.content.maps import load_map
from pursuit.content.scenario import load_scenario
from pursuit.core.world import Ruleset
from pursuit.play.lineup import assign
from pursuit.play.regret import RegretWatch, judge_of
from pursuit.play.replay import open_replay
from pursuit.play.rollout import Step, rollout
from pursuit.play.session import make_head, play
from pursuit.rules.turn import fresh
from pursuit.solve.game import graph_of, rule_of
from pursuit.solve.retrograde import solve


@pytest.mark.parametrize("ruleset", [Ruleset.ALTERNATING, Ruleset.LAZY])
@pytest.mark.parametrize("hunter", ["perfect_hunter", "beeline", "random_walk"])
@pytest.mark.parametrize("evader", ["perfect_evader", "runner"])
def test_losses_add_up_to_the_turns_it_took(ruleset: Ruleset, hunter: str, evader: str) -> None:
    world = duel(load_map("grid:4x5"), 2, ruleset, turns=60)
    table = solve(graph_of(world.board), 2, rule_of(ruleset == Ruleset.LAZY, 0))
    starts, wanted = finite_starts(table, most=30)
    judge = judge_of(world)
    assert judge is not None
    watch, lost = RegretWatch(judge), np.zeros((len(starts), 2), np.int64)

    def hear(turn: Step) -> None:
        watch.hear(turn)
        judged = judge.judge(turn.before.take(turn.at), turn.after.take(turn.at))
        assert (judged.loss >= 0).all()
        np.add.at(lost, (turn.rows, judged.side), judged.loss)

    state = fresh(world, np.arange(len(starts), dtype=np.uint64), {"node": starts.astype(np.int32)})
    end = rollout(world, state, assign(world, [hunter, hunter, evader]), on_turn=hear).state
    caught = end.turn < world.turns
    assert caught.any() and np.array_equal((wanted + lost[:, 0] - lost[:, 1])[caught], end.turn[caught])
    tallies = watch.tallies()
    for side, policy in (("pursuers", hunter), ("evader", evader)):
        tally = tallies[side]
        assert (tally.regret == 0) == (tally.optimal == 1) == policy.startswith("perfect")
        assert tally.blunders == 0 or not policy.startswith("perfect")


def test_where_nothing_is_solved_nobody_judges() -> None:
    assert judge_of(load_scenario("galleria", "open").world) is None
    assert judge_of(load_scenario("duel_grid", "open").world) is None


def test_a_replay_says_what_each_move_lost(tmp_path: Path) -> None:
    scenario = load_scenario("duel_torus", "open", params={"pursuers": 3})
    speakers = assign(scenario.world, ["random_walk"] * 4)
    path = tmp_path / "duel.chase.jsonl"
    judge, heard = judge_of(scenario.world), []
    assert judge is not None

    def hear(turn: Step) -> None:
        judged = judge.judge(turn.before, turn.after)
        heard.append((int(judged.left[0]), int(judged.loss[0]), bool(judged.blunder[0])))

    play(scenario.world, 5, speakers, head=make_head(scenario, 5, speakers), path=path, listeners=[hear])
    replay = open_replay(path)
    assert [replay.exact(turn) for turn in range(1, replay.num_turns + 1)] == heard
    assert any(loss for _, loss, _ in heard) and replay.exact(0) is None
