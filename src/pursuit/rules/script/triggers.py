"""Phase trigger: the scenario's own rules (`docs/scenarios.md`).

All tests read the state as the phase finds it; then effects apply by priority and order of the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.facts import follows_from
from pursuit.core.rng import Draws, Stream
from pursuit.core.script import Ask, Edge, Trigger
from pursuit.core.state import Actions, State
from pursuit.core.world import World
from pursuit.rules.common import Bools
from pursuit.rules.script.conditions import Look, Test, prepare
from pursuit.rules.script.effects import apply

_NEVER = -(2**30)  # a turn so long ago that every cooldown is over


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the phase needs of the script, each by trigger."""

    on: tuple[Test, ...]
    when: tuple[Test | None, ...]
    most: NDArray[np.int16]  # times it may fire
    at_start: Bools  # on = "start"
    later: Bools  # any other
    delayed: tuple[int, ...]  # triggers with a delay
    edged: frozenset[int]  # triggers with an edge
    ranked: tuple[int, ...]  # triggers in the order of their effects


def _plan(world: World) -> _Plan:
    triggers = world.script.triggers
    at_start = np.array([trigger.on.ask == Ask.START for trigger in triggers], np.bool_)
    return _Plan(
        on=tuple(prepare(trigger.on) for trigger in triggers),
        when=tuple(prepare(trigger.when) if trigger.when is not None else None for trigger in triggers),
        most=np.array([trigger.max or np.iinfo(np.int16).max for trigger in triggers], np.int16),
        at_start=at_start,
        later=~at_start,
        delayed=tuple(index for index, trigger in enumerate(triggers) if trigger.delay),
        edged=frozenset(index for index, trigger in enumerate(triggers) if trigger.edge != Edge.LEVEL),
        ranked=tuple(sorted(range(len(triggers)), key=lambda index: -triggers[index].priority)),
    )


def trigger(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """The phase: what holds now fires, what is due lands."""
    if not world.script.triggers:
        return state
    return _play(world, state, draws, _waiting(world, state), state.turn + np.int32(1))


@follows_from("enabled", "fired")
def _waiting(world: World, state: State) -> Bools:
    """Which triggers may still fire, [B, R]."""
    plan = world.derive(_plan)
    return state.enabled & (state.fired < plan.most) & plan.later


def start_triggers(world: World, state: State, draws: Draws) -> State:
    """The triggers on `start`, for the state before the first turn."""
    if not world.script.triggers:
        return state
    live = state.enabled & world.derive(_plan).at_start
    return _play(world, state, draws, live, state.turn)


def landed(world: World, before: State, after: State) -> Bools:
    """Whose effects, messages and marks among them, came in the turn between two states, [B, R]."""
    delay = np.array([trigger.delay for trigger in world.script.triggers], np.int32)
    came_due = (before.due >= 0) & (before.due == after.turn[:, None])
    return ((after.fired > before.fired) & (delay == 0)) | came_due


def _play(world: World, state: State, draws: Draws, live: Bools, now: NDArray[np.int32]) -> State:
    plan = world.derive(_plan)
    triggers = world.script.triggers
    tested, firing = _test(world, state, draws, live, now)
    landing = {index: rows for index, rows in firing.items() if not triggers[index].delay}
    columns: dict[str, NDArray[Any]] = {}
    if plan.edged:
        level = state.level.copy("K")
        for index in plan.edged:
            level[:, index] = tested.get(index, False)
        columns["level"] = level
    if plan.delayed:
        comes_due = state.due == now[:, None]
        due = np.where(comes_due, np.int32(-1), state.due)
        for index in plan.delayed:
            rows = comes_due[:, index].nonzero()[0]
            if len(rows):
                landing[index] = rows
            if index in firing:
                due[firing[index], index] = now[firing[index]] + triggers[index].delay
        columns["due"] = due
    if firing:
        fired, fired_turn = state.fired.copy("K"), state.fired_turn.copy("K")
        for index, rows in firing.items():
            fired[rows, index] += 1
            fired_turn[rows, index] = now[rows]
        columns.update(fired=fired, fired_turn=fired_turn)
    if columns:
        state = state.evolve(**columns)
    if landing:
        for index in plan.ranked:
            if index in landing:
                for effect in triggers[index].effects:
                    state = apply(world, state, effect, landing[index])
    return state


def _test(
    world: World, state: State, draws: Draws, live: Bools, now: NDArray[np.int32]
) -> tuple[dict[int, Bools], dict[int, NDArray[np.intp]]]:
    """The tests of triggers with an edge, [B] each, and the episodes in which a trigger fires."""
    triggers, plan = world.script.triggers, world.derive(_plan)
    look = Look(world, state, now)
    known: dict[Test, Bools] = {}  # several triggers may wait for one event
    tested: dict[int, Bools] = {}
    firing: dict[int, NDArray[np.intp]] = {}
    alone = state.num_rows == 1
    candidates: Bools = live[0] if alone else np.logical_or.reduce(live, axis=0)
    for index in candidates.nonzero()[0].tolist():
        event = plan.on[index]
        test = known.get(event)
        if test is None:
            test = known[event] = event(look)
        found = 0 if test is look.nobody else np.count_nonzero(test)
        when = plan.when[index]
        if found and when is not None:
            test = test & when(look)
            found = np.count_nonzero(test)
        if found and not alone:
            test = test & live[:, index]
            found = np.count_nonzero(test)
        if index in plan.edged:
            tested[index] = test
            test = _edge(triggers[index].edge, test, state.level[:, index]) & live[:, index]
            found = np.count_nonzero(test)
        if found:
            rows = _fire(triggers[index], index, state, draws, test, now)
            if len(rows):
                firing[index] = rows
    return tested, firing


def _edge(edge: Edge, test: Bools, level: Bools) -> Bools:
    if edge == Edge.RISING:
        return test & ~level
    return ~test & level if edge == Edge.FALLING else test != level


def _fire(
    trigger: Trigger, index: int, state: State, draws: Draws, test: Bools, now: NDArray[np.int32]
) -> NDArray[np.intp]:
    """The rows in which a trigger whose edge is there fires."""
    rows = test.nonzero()[0]
    last = state.fired_turn[rows, index]
    rested = now[rows] - np.where(last >= 0, last, _NEVER) > trigger.cooldown
    rows = rows[rested & (state.due[rows, index] < 0)]
    if trigger.chance < 1000 and len(rows):
        lanes = np.full(len(rows), index, np.intp)
        roll = draws.below(state.seed, state.turn, Stream.CHANCE, rows, lanes, 1000)
        rows = rows[roll < trigger.chance]
    return rows
