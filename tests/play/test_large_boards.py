"""Boards past the budget of tables: episodes play as they do with tables, and large boards play at all."""

from __future__ import annotations

from dataclasses import replace

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
