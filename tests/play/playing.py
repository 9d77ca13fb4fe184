"""Replays of small duels and of random stories, for the tests of this folder."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from random import Random

import numpy as np
from tests.reference.choices import random_actions
from tests.reference.worlds import random_world

from pursuit.content.scenario import Scenario, load_scenario
from pursuit.core.state import digest
from pursuit.core.world import World
from pursuit.play import records
from pursuit.play.lineup import assign
from pursuit.play.record import Recorder, rules_hash
from pursuit.play.session import make_head, play
from pursuit.rules.told.events import events
from pursuit.rules.turn import fresh, step


@lru_cache
def duel(name: str = "duel_grid") -> Scenario:
    return load_scenario(name, "open")


def record_duel(path: Path, name: str = "duel_grid", seed: int = 3) -> list[str]:
    """Record a duel; the digests of all its states, in order."""
    scenario = duel(name)
    speakers = assign(scenario.world, scenario.policies)
    seen = [digest(fresh(scenario.world, np.array([seed], np.uint64)))]
    head = make_head(scenario, seed, speakers)
    play(scenario.world, seed, speakers, head=head, path=path, listeners=[lambda turn: seen.append(digest(turn.after))])
    return seen


def record_story(path: Path, world_seed: int, seed: int = 7, turns: int = 120) -> tuple[World, list[str]]:
    """Record random play in a random story world; the world, and the digests of all states."""
    world = random_world(world_seed)
    state = fresh(world, np.array([seed], np.uint64))
    agents = [records.Player(name, "random", 1) for name in world.agent_name]
    head = records.Head(records.FORMAT, "0", rules_hash(world), world.name, world.title, "open", seed, {}, {}, agents)
    recorder = Recorder(path, head, state)
    choices, digests = Random(world_seed), [digest(state)]
    for _ in range(turns):
        if state.ended.all():
            break
        actions = random_actions(world, state, choices)
        after = step(world, state, actions, recorder.draws)
        recorder.turn(state, actions, after, events(world, state, after)[0])
        state = after
        digests.append(digest(state))
    recorder.end(world, state)
    return world, digests
