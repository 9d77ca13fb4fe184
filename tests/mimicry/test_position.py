"""The plain position filter of the classical rulesets."""

from __future__ import annotations

import numpy as np
import pytest
from tests.reference.worlds import classical_world, random_world

from pursuit.core.rng import KeyedDraws
from pursuit.core.state import Status, idle
from pursuit.core.world import Ruleset, Side, World
from pursuit.mimicry.position import Position
from pursuit.policies.contract import mixed
from pursuit.rules.turn import fresh, step
from pursuit.sense.live import live_rows
from pursuit.sense.observe import brief, observe

EPISODES = 16


def _worlds(ruleset: Ruleset) -> list[World]:
    worlds = [classical_world(seed, ruleset) for seed in range(40)]
    return [world for world in worlds if world.board.sight_hops >= 0]


@pytest.mark.parametrize("ruleset", list(Ruleset)[1:])
def test_the_support_is_all_that_can_be_and_holds_the_truth(ruleset: Ruleset) -> None:
    """Against sets of nodes, one episode at a time."""
    for world in _worlds(ruleset):
        speaks, nobody = np.arange(world.num_agents) == 0, np.zeros(world.num_agents, np.bool_)
        position, nodes = Position(brief(world, (0,))), world.board.num_nodes
        ways = world.ways.usable(0, False, 0)
        near = [{n, *world.board.neighbor[n][ways[n]].tolist()} for n in range(nodes)]
        seen = world.sight.view(int(world.sight.pick(0)))
        state, dice = fresh(world, np.arange(EPISODES, dtype=np.uint64)), np.random.default_rng(1)
        belief = position.start(EPISODES)
        can = [[set(range(nodes)) for _ in range(world.num_agents)] for _ in range(EPISODES)]
        for turn in range(8):
            live = live_rows(world, state, speaks)
            obs = observe(world, state, live)
            at = live.episode
            belief = belief.put(at, position.update(belief.take(at), obs))
            assert np.allclose(belief.weight.sum(axis=2), 1)
            assert ((belief.weight > 0) == belief.may_be(nodes)).all()
            for row, episode in enumerate(at.tolist()):
                if state.ended[episode]:
                    continue
                mates = np.flatnonzero(obs.mate[row])
                sees = set(np.flatnonzero(seen[obs.node[row, mates]].any(axis=0)).tolist())
                for slot in range(world.num_agents):
                    walked = can[episode][slot]
                    on_the_ply = (world.side[slot] == Side.HUNTER) == (turn % 2 == 1)  # pursuers on the first ply
                    if turn and (on_the_ply or ruleset == Ruleset.SIMULTANEOUS):
                        walked = set().union(*(near[n] for n in walked))
                    where = int(obs.node[row, slot] if slot in mates else obs.body_node[row, slot])
                    can[episode][slot] = {where} if where >= 0 else (walked - sees or walked)
                    held = set(np.flatnonzero(belief.may_be(nodes)[episode, slot]).tolist())
                    assert held == can[episode][slot]
                    if state.status[episode, slot] == Status.WELL:
                        assert int(state.node[episode, slot]) in held
            state = step(world, state, mixed(world, idle(EPISODES, world.num_agents), nobody, dice), KeyedDraws())


def test_not_for_the_story() -> None:
    with pytest.raises(ValueError, match="looks deceive"):
        Position(brief(random_world(1), (1,)))
