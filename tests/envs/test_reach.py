"""Tables read fast and tables asked for say the same; both are what walking finds."""

from __future__ import annotations

import numpy as np
import pytest

from pursuit.content.scenario import load_scenario
from pursuit.envs import reach
from pursuit.envs.reach import Reach


@pytest.mark.parametrize("name", ["duel_torus", "galleria", "hospital_break"])
def test_both_ways_to_ask_agree(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = load_scenario(name, "open").world
    chance = np.random.default_rng(3)
    slots = chance.integers(world.num_agents, size=400)
    node = chance.integers(world.board.num_nodes, size=400)
    node[:3] = 0
    body = chance.integers(-1, world.board.num_nodes, size=(400, 5))
    body[:2] = -1
    hops, way = Reach(world, np.dtype(np.int16)).to(slots, node, body)
    monkeypatch.setattr(reach, "_MOST_NODES", 0)
    asked = Reach(world, np.dtype(np.int16)).to(slots, node, body)
    assert (hops == asked[0]).all()
    assert (way == asked[1]).all()

    assert (hops[body < 0] == -1).all()
    assert (way[body < 0] == -1).all()
    there = (body >= 0) & (hops < world.board.num_nodes)
    step = world.board.neighbor[node[:, None], np.maximum(way, 0)]
    nearer, _ = Reach(world, np.dtype(np.int16)).to(slots, step[:, 0], body[:, :1])
    walks = there[:, 0] & (hops[:, 0] > 0)
    assert walks.sum() > 100
    assert (nearer[walks, 0] == hops[walks, 0] - 1).all()
