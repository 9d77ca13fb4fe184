"""Over random episodes of random worlds the truth is never ruled out; and a row is the same in any company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from tests.reference.worlds import random_world

from pursuit.core.rng import KeyedDraws
from pursuit.core.roster import Trait
from pursuit.core.state import Actions, State, Status, Verb, idle
from pursuit.core.world import Side, World
from pursuit.mimicry.belief import Belief, Prior
from pursuit.mimicry.identity import Identity
from pursuit.policies.contract import mixed
from pursuit.rules.turn import fresh, step
from pursuit.sense.live import Live, live_rows
from pursuit.sense.observation import Observation
from pursuit.sense.observe import brief, observe

TURNS = 16


def _played(
    world: World, watcher: int, episodes: int, seed: int
) -> Iterator[tuple[State | None, State, Live, Observation]]:
    """(before, state, rows, observation) of the watcher's mind for each turn of some random episodes."""
    speaks = np.arange(world.num_agents) == watcher
    nobody = np.zeros(world.num_agents, np.bool_)
    dice = np.random.default_rng(seed)
    before, state = None, fresh(world, np.arange(episodes, dtype=np.uint64) + np.uint64(seed * 1000))
    for _ in range(TURNS):
        live = live_rows(world, state, speaks)
        if not len(live.episode):
            return
        yield before, state, live, observe(world, state, live, before)
        actions = mixed(world, idle(episodes, world.num_agents), nobody, dice)
        actions = _bolder(world, state, actions, dice)
        before, state = state, step(world, _struck_down(world, state, watcher, dice), actions, KeyedDraws())


def _struck_down(world: World, state: State, watcher: int, dice: np.random.Generator) -> State:
    """Now and then a person on foot dies of something that nobody has done, as a script may have it."""
    falls = (dice.random(state.status.shape) < 0.04) & (state.status == Status.WELL) & (state.ride < 0)
    falls &= ~world.trait(Trait.MACHINE) & (np.arange(world.num_agents) != watcher) & ~state.ended[:, None]
    return state.evolve(
        status=np.where(falls, np.int8(Status.DEAD), state.status),
        health=np.where(falls, np.int16(0), state.health),
    )


def _bolder(world: World, state: State, actions: Actions, dice: np.random.Generator) -> Actions:
    """The same actions, but more bodies are touched, looks put on, vehicles mounted and people struck."""
    slot, rows = world.shifter, np.arange(state.num_rows)
    verb, thing = actions.verb.copy(), actions.object.copy()
    known = state.sampled * dice.random(state.sampled.shape)
    known[:, world.num_agents :] *= 2
    choice = dice.integers(0, 4, state.num_rows)
    changes = (choice == 0) & known.any(axis=1)
    verb[changes, slot], thing[changes, slot] = Verb.MORPH, known.argmax(axis=1)[changes]
    met = state.met[rows, slot] * dice.random((state.num_rows, world.num_agents))
    for pick, deed in ((1, Verb.SAMPLE), (2, Verb.STRIKE)):
        does = (choice == pick) & met.any(axis=1)
        verb[does, slot], thing[does, slot] = deed, met.argmax(axis=1)[does]
    rides = (dice.random(verb.shape) < 0.15) & (state.ride < 0) & (np.arange(world.num_agents) != slot)
    if world.num_vehicles:
        verb[rides], thing[rides] = Verb.MOUNT, dice.integers(0, world.num_vehicles, int(rides.sum()))
    near = state.met * dice.random(state.met.shape)
    fights = (dice.random(verb.shape) < 0.5) & near.any(axis=2) & (np.arange(world.num_agents) != slot)
    verb[fights], thing[fights] = Verb.STRIKE, near.argmax(axis=2)[fights]
    return replace(actions, verb=verb, object=thing)


def _watcher(world: World, seed: int) -> int:
    others = np.flatnonzero(world.side != Side.HUNTER)
    return int(others[seed % len(others)])


def _look(filter_: Identity, belief: Belief, live: Live, obs: Observation) -> tuple[Belief, Belief]:
    """(belief of the rows that looked, belief of all)."""
    new = filter_.update(belief.take(live.episode), obs)
    return new, belief.put(live.episode, new)


def _sound(seed: int, episodes: int, seen: Counter[str]) -> None:
    world = random_world(seed)
    watcher, shifter = _watcher(world, seed), world.shifter
    filter_ = Identity(brief(world, (watcher,)))
    touchable = world.sampled.copy() if seed % 2 else None  # told what it can wear at first, or not
    belief = filter_.start(episodes, Prior(touchable=touchable))
    others = np.arange(world.num_agents) != shifter
    had: dict[str, set[int]] = {}
    for before, state, live, obs in _played(world, watcher, episodes, seed):
        new, belief = _look(filter_, belief, live, obs)
        asleep = np.setdiff1d(np.arange(episodes), live.episode)  # nobody of the mind is able: it forgets
        belief = belief.put(asleep, filter_.start(len(asleep)))
        row, at = np.arange(len(live.episode)), live.episode
        here = state.status[at, shifter] == Status.WELL
        guise = state.guise[at, shifter]
        held = np.where(here, new.shifter[row, guise, state.node[at, shifter]], new.gone)
        assert (held > 0).all(), f"world {seed}: the truth is ruled out"
        assert not new.resets.any(), f"world {seed}: a reset"
        assert np.allclose(new.shifter.sum(axis=(1, 2)) + new.gone, 1, atol=1e-5)
        assert np.allclose((new.person.sum(axis=3) + new.dead)[:, :, others], 1, atol=1e-5)
        for slot in np.flatnonzero(others):
            alive = state.status[at, slot] == Status.WELL
            column = ((guise == slot) & here).astype(np.intp)
            where = np.where(alive, new.person[row, column, slot, state.node[at, slot]], new.dead[row, column, slot])
            assert (where > 0).all(), f"world {seed}: agent {slot} is ruled out where it is"
        died = np.zeros(len(at), np.bool_)
        if before is not None:
            falls = (state.status[at] == Status.DEAD) | (state.status[at] == Status.DOWN)
            falls &= (before.status[at] == Status.WELL) & (state.row[at, live.mind] < 0)
            died = falls.any(axis=1)
        for name, holds in {
            "episode": np.ones(len(at), np.bool_),
            "take-over": (guise != shifter) & (guise < world.num_agents),
            "object": guise >= world.num_agents,
            "ride": (state.ride[at] >= 0).any(axis=1),
            "unseen death": died,
        }.items():
            had.setdefault(name, set()).update(at[holds].tolist())
    seen.update({name: len(episodes_) for name, episodes_ in had.items()})


def test_the_truth_is_never_ruled_out() -> None:
    seen: Counter[str] = Counter()
    for seed in range(1000, 1040):
        _sound(seed, 8, seen)
    assert min(seen[name] for name in ("take-over", "object", "ride", "unseen death")) > 10, seen


@pytest.mark.slow
def test_the_truth_is_never_ruled_out_over_50_000_episodes() -> None:
    seen: Counter[str] = Counter()
    seed = 2000
    while seen["episode"] < 50_000:
        seed += 1
        if seed % 8 == 0 or random_world(seed).sampled[random_world(seed).num_agents :].any():  # things to look like
            _sound(seed, 64, seen)
    for name in ("take-over", "object", "ride", "unseen death"):
        assert seen[name] >= seen["episode"] / 5, seen


@pytest.mark.parametrize("seed", range(5))
def test_a_row_is_the_same_alone_and_in_any_batch(seed: int) -> None:
    world = random_world(seed)
    watcher = _watcher(world, seed)
    filter_ = Identity(brief(world, (watcher,)))
    belief, singles = filter_.start(5), [filter_.start(1) for _ in range(5)]
    for _, _, live, obs in _played(world, watcher, 5, seed):
        _, belief = _look(filter_, belief, live, obs)
        for row, episode in enumerate(live.episode.tolist()):
            singles[episode] = filter_.update(singles[episode], obs.take(slice(row, row + 1)))
            for name, column in belief.take(slice(episode, episode + 1)).says().items():
                assert np.array_equal(column, singles[episode].says()[name]), name
