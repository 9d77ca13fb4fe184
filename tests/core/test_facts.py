"""Facts are worked out once for as long as the columns stay that they follow from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.reference.worlds import random_world

from pursuit.core.facts import follows_from
from pursuit.core.state import State
from pursuit.core.tables import Shelf
from pursuit.core.world import World
from pursuit.rules.turn import fresh

asked: list[int] = []


@follows_from("door", "mind")
def _doors_and_minds(world: World, state: State) -> Any:
    asked.append(1)
    return state.door.sum(), state.mind.sum()


@pytest.fixture(autouse=True)
def _forget() -> None:
    asked.clear()


def _seeds(num: int) -> Any:
    return np.arange(num, dtype=np.uint64)


def test_other_columns_do_not_matter() -> None:
    world = random_world(1)
    state = fresh(world, _seeds(3))
    first = _doors_and_minds(world, state)
    assert _doors_and_minds(world, state.evolve(node=state.node + 0, door=state.door)) is first
    assert len(asked) == 1


def test_a_new_column_is_a_new_fact_even_if_it_says_the_same() -> None:
    world = random_world(1)
    state = fresh(world, _seeds(3))
    _doors_and_minds(world, state)
    _doors_and_minds(world, state.evolve(mind=state.mind + 0))
    assert len(asked) == 2


def test_each_world_keeps_its_own() -> None:
    worlds = [random_world(seed) for seed in (1, 2)]
    states = [fresh(world, _seeds(2)) for world in worlds]
    for _ in range(3):
        for world, state in zip(worlds, states, strict=True):
            assert _doors_and_minds(world, state)[0] == state.door.sum()
    assert len(asked) == 2


def test_facts_do_not_outlive_the_tables_they_may_name(monkeypatch: pytest.MonkeyPatch) -> None:
    world = random_world(1)
    state = fresh(world, _seeds(3))
    _doors_and_minds(world, state)
    monkeypatch.setattr(Shelf, "num_evicted", Shelf.num_evicted + 1)
    _doors_and_minds(world, state)
    assert len(asked) == 2
