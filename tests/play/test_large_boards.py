"""Boards past the budget of tables: episodes play as they do with tables, and large boards play at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pursuit.content.scenario import Scenario, load_scenario
from pursuit.core.fields import FieldWays
from pursuit.core.nearby import NearSight
from pursuit.core.state import digest
from pursuit.play.lineup import assign
from pursuit.play.rollout import rollout
from pursuit.play.seeds import episode_seeds
from pursuit.rules.turn import fresh


def afield(scenario: Scenario, budget: int = 1) -> Scenario:
    """The scenario without tables."""
    world = scenario.world
    ways, sight = FieldWays(world.board, budget, world.ways.tie), NearSight(world.board)
    return replace(scenario, world=replace(world, ways=ways, sight=sight))


def played(scenario: Scenario, episodes: int, turns: int) -> list[str]:
    """The digests of some episodes after so many turns."""
    world, seeds = scenario.world, episode_seeds(3, episodes)
    state = rollout(world, fresh(world, seeds), assign(world, scenario.policies), turns=turns).state
    return [digest(state.take(np.array([row]))) for row in range(episodes)]


@pytest.mark.parametrize("name", ["galleria", "freeway_arrival"])
def test_a_story_plays_alike_with_tables_and_without(name: str) -> None:
    scenario = load_scenario(name, "open")
    assert played(afield(scenario), 3, 60) == played(scenario, 3, 60)


@pytest.mark.parametrize("board", ["streets:20x15:0.2:7", "tree:3x4"])
@pytest.mark.parametrize("hunter", ["beeline", "interceptor"])
@pytest.mark.parametrize("evader", ["runner", "safe_path"])
def test_a_duel_plays_alike_with_tables_and_without(
    board: str, hunter: str, evader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = load_scenario("chase", params={"board": board})
    policies = [f"{side}={name}" for side, name in (("hunter", hunter), ("guardian", evader))]
    digests = []
    for each, most_tabled in ((scenario, 2500), (scenario, 0), (afield(scenario), 2500)):
        monkeypatch.setattr("pursuit.policies.parts.afield._MOST_TABLED", most_tabled)
        state = fresh(each.world, episode_seeds(3, 12))
        speakers = assign(each.world, each.policies, policies)
        final = rollout(each.world, state, speakers, turns=40).state
        digests.append([digest(final.take(np.array([row]))) for row in range(12)])
    assert digests[0] == digests[1] == digests[2]


@pytest.mark.parametrize("name", ["duel_grid", "duel_torus", "duel_lazy"])
def test_the_duels_that_ship_play_alike(name: str) -> None:
    scenario = load_scenario(name, "open")
    assert played(afield(scenario), 5, 50) == played(scenario, 5, 50)


LARGE = """
id = "large"
title = "A large board"
map = "grid:320x312"
ruleset = "story"
turns = 12
seed = 1

[[agent]]
id = "t_1000"
kind = "t_1000"
side = "hunter"
at = "100,100"
policy = "interceptor"

[[agent]]
id = "john"
kind = "john"
side = "guardian"
at = "103,102"
quarry = true
policy = "safe_path"

[[vehicle]]
id = "bike"
kind = "motorcycle"
at = "104,102"

[[region]]
id = "out"
nodes = ["0,0", "319,311"]
exit = ["guardian"]
"""


@pytest.mark.slow
def test_99_840_nodes_play_a_chase_and_a_story(tmp_path: Path) -> None:
    (tmp_path / "large.toml").write_text(LARGE)
    story = load_scenario(tmp_path / "large.toml", "open")
    chase = load_scenario("chase", params={"board": "grid:320x312"})
    for scenario, turns in ((story, 12), (chase, 3)):
        world = scenario.world
        assert isinstance(world.ways, FieldWays)
        before = fresh(world, episode_seeds(3, 2))
        after = rollout(world, before, assign(world, scenario.policies), turns=turns).state
        assert (after.turn == turns).all() and (after.node != before.node).any(axis=1).all()
