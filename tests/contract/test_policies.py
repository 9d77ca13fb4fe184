"""Every registered policy keeps the contract, and every planted fault is caught."""

from __future__ import annotations

from functools import cache

import pytest
from tests.reference.worlds import classical_world, random_world

from pursuit.content.scenario import load_scenario, scenario_names
from pursuit.core.world import Ruleset, World
from pursuit.policies.contract import audit
from pursuit.policies.registry import make, names

WORLDS = [random_world(seed) for seed in range(4)] + [random_world(5, shifter=False)]
DUELS = [classical_world(seed, ruleset) for seed in range(2) for ruleset in list(Ruleset)[1:]]


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("world", WORLDS, ids=lambda world: f"{world.num_agents} agents")
def test_story(name: str, world: World) -> None:
    assert audit(lambda: make(name), world) == []


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("world", DUELS, ids=lambda world: world.ruleset.name.lower())
def test_classical(name: str, world: World) -> None:
    assert audit(lambda: make(name), world) == []


@cache
def shipped(name: str) -> World:
    return load_scenario(name, "open").world


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("scenario", scenario_names())
def test_what_ships(name: str, scenario: str) -> None:
    assert audit(lambda: make(name), shipped(scenario)) == []
