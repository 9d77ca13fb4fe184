"""Rollouts: a row plays the same alone, in any batch, in any process; results; lineups."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import pytest

from pursuit.content.files.problems import ContentError
from pursuit.content.scenario import load_scenario
from pursuit.core.state import Verb, digest
from pursuit.play.lineup import assign, specs
from pursuit.play.result import mean, wilson
from pursuit.play.rollout import LANES, IllegalActionError, Step, rollout
from pursuit.play.seeds import episode_seeds
from pursuit.play.voices import Speaker
from pursuit.policies.base import NO_MEMORY, Memory
from pursuit.rules.turn import fresh
from pursuit.sense.observation import Brief, Intents, Observation, idle_intents

NAMES = ("duel_grid", "duel_torus", "duel_lazy", "chase")


def play_rows(name: str, seeds: np.ndarray, line: str = "open", lanes: int = LANES) -> list[str]:
    scenario = load_scenario(name, line)
    world = scenario.world
    speakers = assign(world, scenario.policies)
    result = rollout(world, fresh(world, seeds), speakers, lanes=lanes)
    return [digest(result.state, row) for row in range(len(seeds))]


@pytest.mark.parametrize("name", NAMES)
def test_a_row_plays_the_same_alone_and_in_any_batch(name: str) -> None:
    seeds = episode_seeds(5, 40)
    together = play_rows(name, seeds)
    assert play_rows(name, seeds) == together
    for row in (0, 7, 39):
        assert play_rows(name, seeds[row : row + 1]) == [together[row]]
    order = np.random.default_rng(1).permutation(40)[:17]
    assert play_rows(name, seeds[order]) == [together[row] for row in order]


@pytest.mark.parametrize(("name", "line"), [("galleria", "open"), ("galleria", "film"), ("freeway_arrival", "open")])
def test_a_story_plays_the_same_alone_and_in_any_batch(name: str, line: str) -> None:
    seeds = episode_seeds(5, 14)
    together = play_rows(name, seeds, line)
    assert play_rows(name, seeds[:1], line) + play_rows(name, seeds[9:10], line) == [together[0], together[9]]
    order = np.random.default_rng(1).permutation(14)[:6]
    assert play_rows(name, seeds[order], line) == [together[row] for row in order]


@pytest.mark.parametrize("name", ["duel_torus", "chase", "galleria"])
def test_it_makes_no_difference_how_many_play_at_once(name: str) -> None:
    seeds = episode_seeds(5, 23)
    together = play_rows(name, seeds)
    assert play_rows(name, seeds, lanes=7) == together
    assert play_rows(name, seeds[:5], lanes=2) == together[:5]


def play_a_few() -> str:
    """Digests of some episodes of every kind, for comparing processes."""
    digests = play_rows("duel_torus", episode_seeds(9, 12)) + play_rows("chase", episode_seeds(9, 3))
    for name in ("galleria", "freeway_arrival"):
        for line in ("film", "open"):
            digests += play_rows(name, episode_seeds(9, 2), line)
    return " ".join(digests)


def test_processes_and_hash_seeds_make_no_difference() -> None:
    code = "from tests.play.test_rollout import play_a_few; print(play_a_few())"
    printed = set()
    for hash_seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(("src", "."))}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
        printed.add(done.stdout.strip())
    assert printed == {play_a_few()}


def test_every_turn_is_heard_of_once() -> None:
    scenario = load_scenario("duel_torus", "open")
    world, seeds = scenario.world, episode_seeds(2, 30)
    heard = np.zeros(30, np.int64)
    last: dict[int, str] = {}

    def on_turn(turn: Step) -> None:
        heard[turn.rows] += 1
        assert not turn.before.ended[turn.at].any()
        for row, at in zip(turn.rows, turn.at, strict=True):
            assert turn.after.seed[at] == seeds[row]
            last[int(row)] = digest(turn.after, int(at))

    result = rollout(world, fresh(world, seeds), assign(world, scenario.policies), on_turn=on_turn)
    assert len(set(heard.tolist())) > 1, "these episodes should be of different lengths"
    assert [digest(result.state, row) for row in range(30)] == [last[row] for row in range(30)]
    assert result.state.ended.all() and sum(result.outcomes().values()) == 30


def test_so_many_turns_and_then_on() -> None:
    scenario = load_scenario("duel_grid", "open")
    world, seeds = scenario.world, episode_seeds(2, 5)
    speakers = assign(world, scenario.policies)
    states = [fresh(world, seeds)]
    for _ in range(6):
        states.append(rollout(world, states[-1], speakers, turns=1, history=states[:-1]).state)
    whole = rollout(world, states[0], speakers, turns=6)
    assert [digest(whole.state, row) for row in range(5)] == [digest(states[-1], row) for row in range(5)]
    assert whole.turns.tolist() == [6] * 5
    assert whole.outcomes() == {"open": 5} and whole.score.tolist() == [0.5] * 5


def test_ended_episodes_stay_as_they_are() -> None:
    scenario = load_scenario("duel_grid", "open")
    world = scenario.world
    done = rollout(world, fresh(world, episode_seeds(2, 4)), assign(world, scenario.policies))
    again = rollout(world, done.state, assign(world, scenario.policies))
    assert again.turns.tolist() == [0] * 4 and again.agent_steps == 0
    assert [digest(again.state, row) for row in range(4)] == [digest(done.state, row) for row in range(4)]


def test_seeds_of_episodes() -> None:
    seeds = episode_seeds(1995, 1000)
    assert seeds[0] == 1995 and len(set(seeds.tolist())) == 1000
    assert episode_seeds(1995, 1, 77)[0] == seeds[77]
    assert seeds[1] != episode_seeds(1996, 2)[1]


def test_lineups() -> None:
    world = load_scenario("chase", "open").world
    plain = assign(world, ["stand_still"] * world.num_agents)
    assert len(plain) == 1 and plain[0].slots == tuple(range(world.num_agents))
    name = world.agent_name[1]
    mixed = assign(world, ["stand_still"] * world.num_agents, [f"{name}=beeline", "hunter=random_walk"])
    assert specs(world, mixed)[0] == "random_walk" and specs(world, mixed)[1] == "beeline"


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("hunter=beelin", "did you mean 'beeline'"),
        ("huntr=beeline", "did you mean 'hunter'"),
        ("beeline", "write SIDE=POLICY or AGENT=POLICY"),
        ("law=beeline", "nobody on the side law"),
        ("hunter=beeline(", "beeline"),
    ],
)
def test_bad_overrides_are_explained(override: str, message: str) -> None:
    scenario = load_scenario("duel_grid", "open")
    with pytest.raises(ContentError, match=message.replace("(", r"\(")):
        assign(scenario.world, scenario.policies, [override])


@dataclass
class Wrong:
    """Heads for a node that is not there."""

    name: ClassVar[str] = "wrong"
    version: ClassVar[int] = 1
    sides: ClassVar[tuple[str, ...]] = ("hunter",)

    def init(self, brief: Brief, rows: int) -> Memory:
        return NO_MEMORY

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        chosen = idle_intents(*obs.own.shape)
        return replace(chosen, verb=np.full(obs.own.shape, Verb.SHOOT, np.int8)), memory


def test_strict_names_seed_turn_agent_and_part() -> None:
    from tests.reference.worlds import random_world

    world = random_world(3)
    speaker = Speaker(Wrong(), tuple(range(world.num_agents)), "wrong")
    state = fresh(world, np.array([12], np.uint64))
    rollout(world, state, [speaker], turns=2)
    with pytest.raises(
        IllegalActionError, match=r"seed 12, turn 1: wrong chose for .* an illegal shoot of -1: refused"
    ):
        rollout(world, state, [speaker], turns=2, strict=True)


def test_estimates() -> None:
    share = wilson(8, 10)  # Brown, Cai and DasGupta's example of the interval
    assert (round(share.low, 4), round(share.high, 4)) == (0.4902, 0.9433)
    assert (wilson(0, 10).low, wilson(10, 10).high) == pytest.approx((0.0, 1.0))
    assert mean(np.array([0.0, 1.0] * 50)).value == 0.5
    assert mean(np.array([1.0])).low == 0.0
