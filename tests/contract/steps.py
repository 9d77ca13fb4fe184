"""What every phase of a turn has to keep, and phases with a fault each, which must be caught. Importable elsewhere."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from unittest import mock

import numpy as np
from tests.reference import referee
from tests.reference.choices import random_actions
from tests.reference.worlds import classical_world, random_world

from pursuit.core.rng import Draws, KeyedDraws
from pursuit.core.state import Actions, State, digest
from pursuit.core.world import Ruleset, World
from pursuit.rules import turn
from pursuit.rules.turn import Phase, fresh, step

ROWS, TURNS = 4, 6


def world_of(ruleset: Ruleset) -> World:
    """A small world of a ruleset."""
    return random_world(1) if ruleset == Ruleset.STORY else classical_world(1, ruleset)


@contextmanager
def planted(ruleset: Ruleset, phase: Phase | None) -> Iterator[None]:
    """Within it a turn of the ruleset begins with one phase more."""
    tuple_of = (*([phase] if phase else []), *turn.PHASES[ruleset])
    with mock.patch.dict(turn.PHASES, {ruleset: tuple_of}):
        yield


def breaches(world: World) -> set[str]:
    """Which promises the phases of a world break: arguments, determinism, rows."""
    written: set[str] = set()
    with mock.patch.dict(turn.PHASES, {world.ruleset: tuple(_watched(p, written) for p in turn.PHASES[world.ruleset])}):
        try:
            one, other = (_play(world, luck) for luck in (1, 2))
            alone = [_play(world, 1, row)[0] for row in range(ROWS)]
        except ValueError as error:
            assert "read-only" in str(error) or "WRITEABLE" in str(error)
            return {"arguments"}
    found = {"arguments"} if written else set()
    if one != other:
        found.add("determinism")
    elif alone != one:
        found.add("rows")
    return found


def fingerprint(ruleset: Ruleset, phase: Phase | None = None) -> str:
    """What becomes of some episodes, for comparing processes."""
    with planted(ruleset, phase):
        return " ".join(_play(world_of(ruleset), 1))


def _play(world: World, luck: int, row: int | None = None) -> list[str]:
    """The last digests of a few episodes, or of one of them alone, under other dice and another clock for each luck."""
    state, rng, draws = fresh(world, referee.seeds(1, ROWS)), Random(1), KeyedDraws()
    only = slice(0, ROWS) if row is None else slice(row, row + 1)
    played = state.take(only)
    kept = random.getstate(), np.random.get_state()
    random.seed(luck)
    np.random.seed(luck)
    try:
        with mock.patch("time.time", lambda: 3600.0 * luck):
            for _ in range(TURNS):
                actions = random_actions(world, state, rng)  # of the first state, so that they do not depend on play
                played = step(world, played, actions.take(only), draws)
    finally:
        random.setstate(kept[0])
        np.random.set_state(kept[1])
    return [digest(played, at) for at in range(played.num_rows)]


def _watched(phase: Phase, written: set[str]) -> Phase:
    """The phase, and a note of every column of its input that it writes to."""

    def watched(world: World, state: State, actions: Actions, draws: Draws) -> State:
        before = {name: column.copy() for name, column in state.columns()}
        after = phase(world, state, actions, draws)
        written.update(name for name, column in state.columns() if not np.array_equal(column, before[name]))
        return after

    watched.__name__ = phase.__name__
    return watched


# Phases with planted faults


def _shifted(state: State, number: int) -> State:
    return state.evolve(health=state.health + np.int16(number % 1000))


def sound(world: World, state: State, actions: Actions, draws: Draws) -> State:
    return _shifted(state, 1)


def global_random(world: World, state: State, actions: Actions, draws: Draws) -> State:
    return _shifted(state, random.randrange(1 << 20))


def global_numpy(world: World, state: State, actions: Actions, draws: Draws) -> State:
    return _shifted(state, int(np.random.randint(1 << 20)))


def wall_clock(world: World, state: State, actions: Actions, draws: Draws) -> State:
    return _shifted(state, int(time.time()) // 60)


def set_order(world: World, state: State, actions: Actions, draws: Draws) -> State:
    names = {f"corner {number}" for number in range(50)}
    return _shifted(state, int(next(iter(names)).split()[1]))


def shared_default(
    world: World,
    state: State,
    actions: Actions,
    draws: Draws,
    past: list[int] = [],  # noqa: B006
) -> State:
    past.append(1)
    return _shifted(state, len(past))


def writes_in_place(world: World, state: State, actions: Actions, draws: Draws) -> State:
    state.health[...] = 1
    return state


def unlocks_and_writes(world: World, state: State, actions: Actions, draws: Draws) -> State:
    column = state.health
    while column.base is not None:  # a view cannot be unlocked, but whose view it is can
        column = column.base
    column.setflags(write=True)
    column[...] = 1
    return state


def looks_at_other_rows(world: World, state: State, actions: Actions, draws: Draws) -> State:
    return _shifted(state, int(state.node.sum()))


FAULTS: dict[Callable[..., State], str] = {
    global_random: "determinism",
    global_numpy: "determinism",
    wall_clock: "determinism",
    shared_default: "determinism",
    writes_in_place: "arguments",
    unlocks_and_writes: "arguments",
    looks_at_other_rows: "rows",
}
"""Each fault with the promise that it breaks. The order of sets shows between processes only."""
