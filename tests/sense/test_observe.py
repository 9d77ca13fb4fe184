"""Observations tell what a mind may know and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from tests.reference.worlds import classical_world, random_world
from tests.sense.plain import plain

from pursuit.core.rng import KeyedDraws
from pursuit.core.state import State, Status, idle
from pursuit.core.world import Ruleset, World
from pursuit.policies.contract import Breach, audit, mixed
from pursuit.policies.registry import make
from pursuit.rules.turn import fresh, step
from pursuit.sense import fields
from pursuit.sense.live import live_rows
from pursuit.sense.observation import FIELDS
from pursuit.sense.observe import observe

EPISODES = 4


def _played(world: World, turns: int = 8, seed: int = 1) -> Iterator[tuple[State | None, State]]:
    """(state before, state) of each turn of a few random episodes."""
    dice = np.random.default_rng(seed)
    before, state = None, fresh(world, np.arange(seed, seed + EPISODES, dtype=np.uint64))
    nobody = np.zeros(world.num_agents, np.bool_)
    for _ in range(turns):
        yield before, state
        actions = mixed(world, idle(EPISODES, world.num_agents), nobody, dice)
        before, state = state, step(world, state, actions, KeyedDraws())


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("shifter", [True, False])
def test_as_worked_out_slowly(seed: int, shifter: bool) -> None:
    world = random_world(seed, shifter=shifter)
    everybody = np.ones(world.num_agents, np.bool_)
    for _, state in _played(world):
        live = live_rows(world, state, everybody)
        obs = observe(world, state, live)
        for row, (episode, mind) in enumerate(zip(live.episode.tolist(), live.mind.tolist(), strict=True)):
            for name, expected in plain(world, state, episode, mind).items():
                assert getattr(obs, name)[row].tolist() == expected, name


@pytest.mark.parametrize("seed", range(4))
def test_the_list_of_bodies_says_what_the_columns_say(seed: int) -> None:
    world = random_world(seed)
    everybody = np.ones(world.num_agents, np.bool_)
    for before, state in _played(world):
        obs = observe(world, state, live_rows(world, state, everybody), before)
        rows, places = obs.bodies
        places_there, rows_there = (obs.body_node.T >= 0).nonzero()  # by body row: the order tells of no slot
        assert np.array_equal(rows, rows_there) and np.array_equal(places, places_there)
        for name in (name for name in FIELDS if name.startswith("body_")):
            assert np.array_equal(obs.of_bodies(name), getattr(obs, name)[rows, places]), name


@pytest.mark.parametrize("seed", range(3))
def test_a_row_is_the_same_alone_and_in_any_batch(seed: int) -> None:
    world = random_world(seed)
    everybody = np.ones(world.num_agents, np.bool_)
    for before, state in _played(world):
        live = live_rows(world, state, everybody)
        obs = observe(world, state, live, before)
        for row in range(len(live.episode)):
            episode = [int(live.episode[row])]
            alone = state.take(np.array(episode))
            lone = observe(
                world,
                alone,
                live_rows(world, alone, everybody),
                None if before is None else before.take(np.array(episode)),
            )
            at = int((live.episode[:row] == episode[0]).sum())
            for name in FIELDS:
                assert np.array_equal(getattr(obs, name)[row], getattr(lone, name)[at]), name


@pytest.mark.parametrize("ruleset", list(Ruleset)[1:])
def test_rows_of_classical_rulesets_are_slots(ruleset: Ruleset) -> None:
    world = classical_world(2, ruleset)
    everybody = np.ones(world.num_agents, np.bool_)
    for _, state in _played(world, turns=4):
        for mind in np.unique(world.mind):
            live = live_rows(world, state, everybody & (world.mind == mind))
            obs = observe(world, state, live)
            assert obs.num_rows == EPISODES
            well = state.status == Status.WELL
            if world.board.sight_hops < 0:
                foreign = well & (world.mind != mind)
                assert np.array_equal(obs.body_node, np.where(foreign, state.node, -1))
            assert np.array_equal(obs.node, np.where(well & (world.mind == mind), state.node, -1))


def test_rows_are_the_live_minds_that_are_asked() -> None:
    world = random_world(0)
    speaks = np.zeros(world.num_agents, np.bool_)
    speaks[[0, 1]] = True
    for _, state in _played(world):
        live = live_rows(world, state, speaks)
        expected = sorted(
            {
                (b, int(state.mind[b, a]))
                for b in range(EPISODES)
                for a in (0, 1)
                if state.status[b, a] == Status.WELL and not state.ended[b]
            }
        )
        assert list(zip(live.episode.tolist(), live.mind.tolist(), strict=True)) == expected
        obs = observe(world, state, live)
        rows, slots = obs.actors
        assert set(zip(rows.tolist(), slots.tolist(), strict=True)) == set(
            zip(*(index.tolist() for index in np.nonzero(obs.own)), strict=True)
        )


def test_was_is_the_row_of_last_turn() -> None:
    world = random_world(5)
    everybody = np.ones(world.num_agents, np.bool_)
    found = 0
    for before, state in _played(world):
        live = live_rows(world, state, everybody)
        was = observe(world, state, live, before).body_was
        for row, (b, m) in enumerate(zip(live.episode.tolist(), live.mind.tolist(), strict=True)):
            for a in range(world.num_agents):
                if (at := int(state.row[b, m, a])) >= 0:
                    expected = -1 if before is None else int(before.row[b, m, a])
                    assert was[row, at] == expected
                    found += expected >= 0
    assert found > 20


def test_the_key_does_not_give_the_seed_away_and_differs_between_minds() -> None:
    world = random_world(1)
    state = fresh(world, np.arange(500, dtype=np.uint64))
    live = live_rows(world, state, np.ones(world.num_agents, np.bool_))
    keys = observe(world, state, live).key
    assert len(np.unique(keys)) == len(keys)
    assert not np.isin(keys, state.seed).any()


@pytest.mark.parametrize("name", ["knows", "body_guise", "item_node", "noise_node"])
def test_a_field_that_leaks_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The contract's test of peeking looks at every field."""
    honest = fields.FIELD[name]

    def leaks(view: fields.View) -> fields.Array:
        told = honest(view)
        return told + view.rows_of(view._state.still.sum(axis=1).astype(told.dtype))[:, *[None] * (told.ndim - 1)]

    monkeypatch.setitem(fields.FIELD, name, leaks)
    breaches = audit(lambda: make("stand_still"), random_world(1))
    assert Breach("peeking", f"the observation's {name} tells what the mind has not seen") in breaches
