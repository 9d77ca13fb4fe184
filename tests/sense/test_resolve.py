"""Intents name bodies and mates; actions name slots."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.reference.worlds import random_world

from pursuit.core.state import Gait, State, Verb
from pursuit.core.world import World
from pursuit.rules.turn import fresh
from pursuit.sense.live import Live, live_rows
from pursuit.sense.observation import Intents, Listed, idle_intents, listed_intents, mate
from pursuit.sense.resolve import IntentError, resolve

WORLD = random_world(1)
NUM = WORLD.num_agents


def _scene(world: World = WORLD) -> tuple[State, Live]:
    state = fresh(world, np.arange(40, dtype=np.uint64))
    return state, live_rows(world, state, np.ones(world.num_agents, np.bool_))


def _all(live: Live, **values: int) -> Intents:
    idle = idle_intents(len(live.episode), NUM)
    return replace(idle, **{name: np.full_like(getattr(idle, name), value) for name, value in values.items()})


def test_nobody_asked_does_nothing() -> None:
    state, _ = _scene()
    actions = resolve(WORLD, state, [])
    assert (actions.goal == -1).all() and (actions.verb == Verb.WAIT).all() and (actions.gait == Gait.RUN).all()


@pytest.mark.parametrize("verb", [Verb.STRIKE, Verb.SHOOT, Verb.CHALLENGE, Verb.ORDER, Verb.SAMPLE])
def test_a_body_row_becomes_its_slot(verb: Verb) -> None:
    state, live = _scene()
    for row in range(3):
        actions = resolve(WORLD, state, [(live, _all(live, verb=verb, object=row, toward=row))])
        rows, slots = live.actors  # type: ignore[misc]
        for at, slot in zip(rows.tolist(), slots.tolist(), strict=True):
            b, m = live.episode[at], live.mind[at]
            named = np.flatnonzero(state.row[b, m] == row)
            expected = int(named[0]) if len(named) else -1
            assert actions.object[b, slot] == actions.toward[b, slot] == expected


def test_only_well_mates_can_be_named_by_slot() -> None:
    state, live = _scene()
    rows, slots = live.actors  # type: ignore[misc]
    for slot in range(NUM):
        actions = resolve(WORLD, state, [(live, _all(live, verb=Verb.ORDER, object=mate(slot)))])
        for at, actor in zip(rows.tolist(), slots.tolist(), strict=True):
            b = live.episode[at]
            is_mate = state.mind[b, slot] == live.mind[at] and state.status[b, slot] == 0
            assert actions.object[b, actor] == (slot if is_mate else -1)


def test_things_and_looks_go_through_as_they_are() -> None:
    state, live = _scene()
    for verb, code, expected in (
        (Verb.MORPH, 2, 2),
        (Verb.TAKE, 1, 1),
        (Verb.OPEN, 0, 0),
        (Verb.MOUNT, 1, 1),
        (Verb.SAMPLE, mate(0), NUM),
    ):
        actions = resolve(WORLD, state, [(live, _all(live, verb=verb, object=code))])
        rows, slots = live.actors  # type: ignore[misc]
        assert (actions.object[live.episode[rows], slots] == expected).all()


def test_answers_of_several_policies_become_one() -> None:
    state, _ = _scene()
    half = np.arange(NUM) % 2 == 0
    answers = []
    for goal, speaks in ((3, half), (4, ~half)):
        live = live_rows(WORLD, state, speaks)
        answers.append((live, _all(live, goal=goal, gait=Gait.WALK)))
    actions = resolve(WORLD, state, answers)
    well = state.status == 0
    assert np.array_equal(actions.goal, np.where(well, np.where(half, 3, 4), -1))
    assert not actions.goal.flags.writeable


def test_wrong_shapes_and_types_are_refused_by_name() -> None:
    state, live = _scene()
    good = idle_intents(len(live.episode), NUM)
    for goal in (good.goal[:, 1:], good.goal * 1.0, 7):
        with pytest.raises(IntentError, match=r"Intents\.goal must be an integer array of shape"):
            resolve(WORLD, state, [(live, replace(good, goal=goal))])  # type: ignore[arg-type]


def _listed(live: Live, dice: np.random.Generator) -> Intents:
    """Intents at random, as a list."""
    assert live.actors is not None
    num = len(live.actors[0])
    columns = {
        "goal": dice.integers(-1, WORLD.board.num_nodes, num),
        "toward": dice.integers(-1 - NUM, NUM, num),
        "verb": dice.integers(0, len(Verb), num),
        "object": dice.integers(-1 - NUM, NUM, num),
    }
    return listed_intents(Listed(live.actors, (len(live.episode), NUM), columns))


@pytest.mark.parametrize("seed", range(3))
def test_a_list_means_what_it_means_laid_out(seed: int) -> None:
    state, live = _scene()
    listed = _listed(live, np.random.default_rng(seed))
    laid_out = Intents(**{name: getattr(listed, name) for name in idle_intents(1, 1).__dict__})
    one, other = resolve(WORLD, state, [(live, listed)]), resolve(WORLD, state, [(live, laid_out)])
    for name, column in one.__dict__.items():
        assert np.array_equal(column, getattr(other, name)), name
    changed = replace(listed, goal=laid_out.goal)  # a policy may change what another chose
    assert np.array_equal(resolve(WORLD, state, [(live, changed)]).object, one.object)
    assert listed.gait is idle_intents(len(live.episode), NUM).gait


def test_wrong_lists_are_refused_by_name() -> None:
    state, live = _scene()
    assert live.actors is not None
    rows = live.actors[0]
    for goal in (rows[1:], rows * 1.0):
        listed = listed_intents(Listed(live.actors, (len(live.episode), NUM), {"goal": goal}))
        with pytest.raises(IntentError, match=r"Intents\.goal must list an integer for each own agent"):
            resolve(WORLD, state, [(live, listed)])
    with pytest.raises(AttributeError, match="no column 'gaol'"):
        listed.gaol  # type: ignore[attr-defined]  # noqa: B018
