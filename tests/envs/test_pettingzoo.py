"""PettingZoo's own tests, on a classical ruleset and on a story."""

from __future__ import annotations

import warnings
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pursuit.content.files.problems import ContentError
from pursuit.envs.parallel import PursuitParallel, env, parallel_env

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # their own examples are made in a way that they gave up
    from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test, render_test, seed_test
    from pettingzoo.test.max_cycles_test import max_cycles_test
    from pettingzoo.test.state_test import state_test

CHASE = partial(parallel_env, "chase", ["hunter", "guardian"], max_cycles=60)
GALLERIA = partial(parallel_env, "galleria", ["t_1000", "john"], max_cycles=25)
GAMES = pytest.mark.parametrize("make", [CHASE, GALLERIA], ids=["chase", "galleria"])


def _aec(make: partial[PursuitParallel]) -> partial[Any]:
    return partial(env, *make.args, **make.keywords)


@GAMES
def test_it_keeps_the_parallel_api(make: partial[PursuitParallel]) -> None:
    parallel_api_test(make(), num_cycles=80)


@GAMES
def test_it_keeps_the_agent_by_agent_api(make: partial[PursuitParallel]) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "We recommend agents to be named")  # ours are named by the scenario
        api_test(_aec(make)(), num_cycles=60)


@GAMES
def test_seeds_decide_all(make: partial[PursuitParallel]) -> None:
    parallel_seed_test(make, num_cycles=40)
    seed_test(_aec(make), num_cycles=20)


@GAMES
def test_critics_have_a_state(make: partial[PursuitParallel]) -> None:
    state_test(_aec(make)(), make(), num_cycles=10)


@GAMES
def test_max_cycles_cuts_an_episode_off(make: partial[PursuitParallel]) -> None:
    arguments = make.args
    max_cycles_test(SimpleNamespace(parallel_env=partial(parallel_env, *arguments), env=partial(env, *arguments)))


@GAMES
def test_it_renders(make: partial[PursuitParallel]) -> None:
    render_test(_aec(make))


@GAMES
def test_whole_episodes_are_determined(make: partial[PursuitParallel]) -> None:
    def told(seed: int, luck: int) -> list[bytes]:
        game = make()
        chance = np.random.default_rng(luck)
        found = []
        for reset in (seed, None):
            seen, infos = game.reset(reset)
            while game.agents:
                found += [seen[name].tobytes() + infos[name]["action_mask"].tobytes() for name in game.agents]
                options = {name: int(chance.choice(np.flatnonzero(infos[name]["action_mask"]))) for name in game.agents}
                seen, rewards, ended, cut, infos = game.step(options)
                found.append(repr((rewards, ended, cut)).encode() + game.state().tobytes())
        return found

    first = told(7, 1)
    assert first == told(7, 1)
    assert first != told(8, 1)
    assert first != told(7, 2)
    assert len(set(first)) > len(first) // 3, "the two episodes of a seed differ"


def test_the_ending_is_shared_out_by_side() -> None:
    worth = {"each_turn": {"hunter": -0.5}, "turn_limit": {"hunter": -1.0, "guardian": 1.0}}
    game = parallel_env("duel_grid", ["hunter", "guardian"], rewards=worth)
    game.reset(3)
    turns, total = 0, dict.fromkeys(game.agents, 0.0)
    while game.agents:
        _, rewards, ended, _, _ = game.step({})
        total = {name: total[name] + rewards[name] for name in total}
        turns += 1
    assert all(ended.values())
    assert turns == 60, "who stays is caught only where it starts"
    assert total == {"pursuer": -1 - 30.0, "evader": 1.0}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"learned": ["huntr"]}, "did you mean 'hunter'"),
        ({"learned": []}, "at least one"),
        ({"rewards": {"turn_limt": {}}}, "did you mean 'turn_limit'"),
        ({"rewards": {"turn_limit": {"hnter": 1}}}, "did you mean 'hunter'"),
        ({"render_mode": "humn"}, "did you mean 'human'"),
        ({"policies": ["guardian=runer"]}, "did you mean 'runner'"),
    ],
)
def test_what_is_not_known_is_named(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(ContentError, match=says):
        parallel_env("duel_grid", **arguments)


def test_nothing_goes_on_before_the_first_reset() -> None:
    with pytest.raises(ContentError, match="call reset first"):
        parallel_env("duel_grid").state()
