"""The vector environment: row for row what one episode alone is, and what the engine plays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pursuit.content.files.problems import ContentError
from pursuit.content.scenario import load_scenario
from pursuit.core.state import digest
from pursuit.envs.arena import Arena, set_up
from pursuit.envs.parallel import parallel_env
from pursuit.envs.vector import PursuitVector, vector_env
from pursuit.play.lineup import assign
from pursuit.play.rollout import rollout
from pursuit.play.seeds import episode_seeds, nth_seeds
from pursuit.rules.turn import fresh

GAMES = pytest.mark.parametrize(
    ("scenario", "learned", "cycles", "steps"),
    [
        ("chase", ["hunter"], 9, 30),
        ("duel_lazy", ["guardian"], 7, 24),
        ("galleria", ["t_1000"], 8, 20),
        ("galleria", ["guardian"], 8, 20),
    ],
    ids=["chase", "lazy", "galleria_hunter", "galleria_guardians"],
)


def _options(mask: Any, salt: int) -> Any:
    """An open option for each agent, by a rule of its own mask alone: [...] from [..., O]."""
    mask = np.asarray(mask)
    weight = (np.arange(mask.shape[-1]) * 2654435761 + salt * 40503) % 65536
    return np.where(mask != 0, weight, -1).argmax(axis=-1)


@GAMES
def test_a_row_is_an_episode_alone(scenario: str, learned: list[str], cycles: int, steps: int) -> None:
    rows = 3
    batch = vector_env(scenario, rows, learned, max_cycles=cycles)
    seen, info = batch.reset(seed=5)
    told: list[list[tuple[bytes, ...]]] = [[] for _ in range(rows)]
    for turn in range(steps):
        options = _options(info["action_mask"], turn)
        looked = [(seen[b].tobytes(), info["action_mask"][b].tobytes()) for b in range(rows)]
        seen, rewards, ended, cut, info = batch.step(options)
        for b in range(rows):
            last = info["final_obs"][b] if ended[b] or cut[b] else seen[b]
            told[b].append(
                (*looked[b], repr((float(rewards[b]), bool(ended[b]), bool(cut[b]))).encode(), last.tobytes())
            )

    masters = episode_seeds(5, rows * steps)
    again = 0
    for b in range(rows):
        game = parallel_env(scenario, learned, max_cycles=cycles)
        number, turn = b, 0
        names = game.possible_agents
        seen_alone, infos = game.reset(int(masters[number]))
        while turn < steps:
            mask = np.stack([infos[name]["action_mask"] for name in names])
            look = b"".join(seen_alone[name].tobytes() for name in names)
            options = _options(mask, turn)
            seen_alone, gains, done, late, infos = game.step(dict(zip(names, options.tolist(), strict=True)))
            last = b"".join(seen_alone[name].tobytes() for name in names)
            facts = repr((gains[names[0]], done[names[0]], late[names[0]])).encode()
            assert told[b][turn] == (look, mask.tobytes(), facts, last), (b, turn)
            turn += 1
            if not game.agents:
                number += rows
                again += 1
                seen_alone, infos = game.reset(int(masters[number]))
    assert again > rows, "every row began anew"


@pytest.mark.parametrize("name", ["duel_grid", "duel_torus", "duel_lazy"])
def test_it_plays_what_the_engine_plays(name: str) -> None:
    """A learned hunter that follows `body_way` is `beeline`."""
    seeds = episode_seeds(11, 40)
    setup = set_up(name, ["hunter"], ["guardian=random_walk"])
    arena = Arena(setup, seeds)
    way = setup.layout.places["body_way"]
    while not arena.state.ended.all():
        arena.step(np.maximum(arena.sight.seen[:, :, way.start], 0))
    world = load_scenario(name, "open").world
    policies = assign(world, setup.scenario.policies, ["hunter=beeline", "guardian=random_walk"])
    final = rollout(world, fresh(world, seeds), policies).state
    assert [digest(arena.state, b) for b in range(40)] == [digest(final, b) for b in range(40)]


def test_what_is_not_open_counts_as_staying() -> None:
    batch = vector_env("duel_grid", 64, max_cycles=5)
    batch.reset(seed=1)
    before = batch.arena.state.node[:, 0].copy()
    mask = batch.arena.sight.open[:, 0]
    closed = np.where((mask == 0).any(axis=1), mask.argmin(axis=1), 10**6)
    assert (mask == 0).any()
    batch.step(closed)
    where = batch.arena.actions
    assert where is not None
    assert (where.goal[:, 0] == before).all()


def test_seeds_are_one_or_one_for_each_row() -> None:
    batch = vector_env("duel_grid", 3)
    batch.reset(seed=4)
    assert batch.arena.state.seed.tolist() == episode_seeds(4, 3).tolist()
    batch.reset()
    assert batch.arena.state.seed.tolist() == episode_seeds(4, 6)[3:].tolist()
    batch.reset(seed=[7, 8, 9])
    assert batch.arena.state.seed.tolist() == [7, 8, 9]
    batch.reset()
    assert batch.arena.state.seed.tolist() == nth_seeds(np.array([7, 8, 9], np.uint64), np.ones(3, np.intp)).tolist()
    with pytest.raises(ContentError, match="2 seeds for 3 rows"):
        batch.reset(seed=[1, 2])


def test_a_vector_learns_one_side() -> None:
    with pytest.raises(ContentError, match="not hunter, guardian"):
        vector_env("duel_grid", 2, ["hunter", "guardian"])
    with pytest.raises(ContentError, match="call reset first"):
        vector_env("duel_grid", 2).step(np.zeros(2, np.intp))


@pytest.mark.parametrize(
    ("scenario", "learned"), [("chase", ["hunter"]), ("galleria", ["t_1000"]), ("masquerade", ["t_1000"])]
)
def test_what_is_shown_lies_in_its_space(scenario: str, learned: list[str]) -> None:
    batch: PursuitVector = vector_env(scenario, 8, learned, max_cycles=30)
    seen, info = batch.reset(seed=2)
    tried = np.zeros(batch.setup.menu.size, np.int64)
    for turn in range(40):
        assert batch.observation_space.contains(seen)
        options = _options(info["action_mask"], turn)
        assert batch.action_space.contains(options)
        tried[np.unique(options)] += 1
        seen, *_, info = batch.step(options)
    assert (tried > 0).sum() >= 5
    assert batch.state().shape[0] == 8
