"""Random episodes: the engine agrees with the referee, column for column and digest for digest, after every turn."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from tests.reference import referee
from tests.reference.branches import CLASSICAL, SCRIPT, STORY
from tests.reference.choices import random_actions
from tests.reference.episode import compare, from_actions, to_state
from tests.reference.scripts import scripted
from tests.reference.stir import stirred
from tests.reference.worlds import classical_world, random_world

from pursuit.core.rng import KeyedDraws
from pursuit.core.state import digest
from pursuit.core.world import Ruleset, World
from pursuit.rules.turn import fresh, step

MOST_STEPS = 60


def play_beside(world: World, master: int, rows: int, seen: Counter[str]) -> None:
    """Play some episodes of one world by both, and compare after every step."""
    rng, draws = Random(master), KeyedDraws()
    book, seeds = referee.Book(world), referee.seeds(master, rows)
    state = fresh(world, seeds)
    episodes = [referee.fresh(book, int(seed), seen) for seed in seeds]
    if world.ruleset == Ruleset.STORY and master % 2:
        for row, episode in enumerate(episodes):
            assert compare(state, row, episode) is None, compare(state, row, episode)
        episodes = [stirred(book, episode, rng) for episode in episodes]
        state = to_state(episodes, state)
    for _ in range(MOST_STEPS):
        for row, episode in enumerate(episodes):
            where = f"{world.ruleset.name} world {master}, row {row}, turn {episode.turn}"
            found = compare(state, row, episode)
            assert found is None, f"{where}: {found}"
            assert digest(state, row) == digest(to_state([episode], state)), where
        if state.ended.all():
            return
        actions = random_actions(world, state, rng)
        state = step(world, state, actions, draws)
        episodes = [
            referee.play_turn(book, episode, from_actions(actions, row), draws, seen)
            for row, episode in enumerate(episodes)
        ]
    raise AssertionError(f"{world.ruleset.name} world {master} is not over after {MOST_STEPS} steps")


def check_branches(seen: Counter[str], branches: tuple[str, ...], least: int) -> None:
    """Every branch occurred, and there are no others."""
    assert not set(seen) - set(branches), "branches that nobody listed"
    rare = {name: seen[name] for name in branches if seen[name] < least}
    assert not rare, f"branches seen less than {least} times"


def story(worlds: int, rows: int) -> Counter[str]:
    seen: Counter[str] = Counter()
    for master in range(worlds):
        play_beside(random_world(master, shifter=master % 4 > 0), master, rows, seen)
    return seen


def scripts(worlds: int, rows: int) -> Counter[str]:
    """What the scripts of some worlds did; the rest is counted without scripts."""
    seen: Counter[str] = Counter()
    for master in range(worlds):
        world = random_world(master, shifter=master % 4 > 0)
        play_beside(scripted(world, Random(master)), master, rows, seen)
    return Counter({name: seen[name] for name in seen if name not in STORY and not name.startswith("outcome")})


def classical(worlds: int, rows: int) -> Counter[str]:
    seen: Counter[str] = Counter()
    for ruleset in (Ruleset.SIMULTANEOUS, Ruleset.ALTERNATING, Ruleset.LAZY):
        for master in range(worlds):
            play_beside(classical_world(master, ruleset), master, rows, seen)
    return seen


def test_story_agrees() -> None:
    check_branches(story(worlds=110, rows=4), STORY, least=1)


def test_classical_rulesets_agree() -> None:
    check_branches(classical(worlds=30, rows=4), CLASSICAL, least=3)


def test_scripts_agree() -> None:
    check_branches(scripts(worlds=100, rows=2), SCRIPT, least=1)


@pytest.mark.slow
def test_scripts_agree_at_length() -> None:
    check_branches(scripts(worlds=300, rows=8), SCRIPT, least=50)


@pytest.mark.slow
def test_story_agrees_at_length() -> None:
    check_branches(story(worlds=700, rows=8), STORY, least=50)


@pytest.mark.slow
def test_classical_rulesets_agree_at_length() -> None:
    check_branches(classical(worlds=150, rows=8), CLASSICAL, least=50)
