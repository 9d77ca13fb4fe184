"""Intents to Actions: body rows become slots, and the answers of several policies become one.

Dimension letters as in `sense.observation`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import Actions, State, Status, Verb, idle
from pursuit.core.tables import select, span
from pursuit.core.world import World
from pursuit.rules.legal import ON_AGENT
from pursuit.sense.live import Flat, Live
from pursuit.sense.observation import MATE, Intents, Listed, idle_intents

Array = NDArray[Any]


class IntentError(ValueError):
    """A policy's answer does not have the shape or type of Intents."""


def resolve(world: World, state: State, answers: Sequence[tuple[Live, Intents]]) -> Actions:
    """What every agent does, from what each policy chose for its own agents.

    A row of `live` answers only for its own agents; all others do nothing. A body row or mate that does not exist
    becomes object -1, which the rules refuse. Raises IntentError for arrays of a wrong shape or type.
    """
    resting = _resting(state.num_rows, world.num_agents).__dict__
    columns: dict[str, Array] = dict(resting)
    for live, intents in answers:
        listed = intents.__dict__.get("listed")
        if listed is None or live.actors is None or listed.actors[0] is not live.actors[0]:
            listed = _list(world, state, live, intents, columns, resting)
        for name, values in listed.columns.items():
            if values.shape != listed.actors[0].shape or values.dtype.kind not in "iu":
                raise IntentError(f"Intents.{name} must list an integer for each own agent, not {_described(values)}")
            if name == "toward":
                values = _slots(world, state, live, listed.actors[0], values)
            elif name == "object" and "verb" in listed.columns:
                values = _objects(world, state, live, listed.actors[0], values, listed.columns["verb"])
            if columns[name] is resting[name]:
                columns[name] = resting[name].copy("F")
            columns[name].T.put(_cells(state, live, listed), values)
    for column in columns.values():
        column.setflags(write=False)
    return Actions(**columns)


def _list(
    world: World, state: State, live: Live, intents: Intents, columns: dict[str, Array], resting: dict[str, Array]
) -> Listed:
    """The columns of intents that are not idle, as lists; where rows are episodes goals and gaits are set at once."""
    shape = len(live.episode), world.num_agents
    actors = live.actors
    chosen: dict[str, Array] = {}
    for name, idle_column in idle_intents(*shape).__dict__.items():
        column = getattr(intents, name)
        if column is idle_column:
            continue
        if not isinstance(column, np.ndarray) or column.shape != shape or column.dtype.kind not in "iu":
            raise IntentError(f"Intents.{name} must be an integer array of shape {shape}, not {_described(column)}")
        if live.whole >= 0 and name in ("goal", "gait"):
            if columns[name] is resting[name]:
                columns[name] = resting[name].copy("F")
            slots = span(_speakers(world, live))
            chosen_here, resting_here = column.T[slots], columns[name].T[slots]
            well = state.status.T[slots] == Status.WELL.value
            columns[name].T[slots] = select(well, chosen_here.astype(resting_here.dtype, copy=False), resting_here)
            continue
        if actors is None:
            actors = _actors(world, state, live)
        chosen[name] = column[actors]
    return Listed(actors if actors is not None else _NOBODY, shape, chosen)


_NOBODY = np.empty(0, np.intp), np.empty(0, np.intp)


def _speakers(world: World, live: Live) -> Flat:
    """Slots that a call speaks for whose rows are episodes."""
    return (live.speaks & (world.mind == live.whole)).nonzero()[0]


def _actors(world: World, state: State, live: Live) -> tuple[Flat, Flat]:
    """(rows, slots) of who is answered for, [n] each, where rows are episodes."""
    well = np.zeros(state.status.shape, np.bool_)
    own = _speakers(world, live)
    well[:, own] = state.status[:, own] == Status.WELL.value
    rows, slots = well.nonzero()
    return rows, slots


def _cells(state: State, live: Live, listed: Listed) -> Flat:
    """Where the entries of who is answered for are in a column as it lies in memory, [n]."""
    if live.actors is not None:
        return live.cells
    rows, slots = listed.actors
    cells: Flat = slots * state.num_rows + rows
    return cells


def _slots(world: World, state: State, live: Live, rows: Flat, codes: Array) -> Array:
    """Slots of body rows and mate codes, [n]; -1 for who is not there."""
    out = np.full(len(codes), -1)
    body = (codes >= 0).nonzero()[0]
    if len(body):
        at = rows[body]
        found = state.row[live.episode[at], live.mind[at]] == codes[body, None]
        slot = found.argmax(axis=1)
        out[body] = np.where(found[np.arange(len(at)), slot], slot, -1)
        if len(body) == len(codes):
            return out
    near = ((codes <= MATE) & (codes > MATE - world.num_agents)).nonzero()[0]
    if len(near):
        at, slot = rows[near], MATE - codes[near]
        episode = live.episode[at]
        is_mate = (state.mind[episode, slot] == live.mind[at]) & (state.status[episode, slot] == Status.WELL.value)
        out[near] = np.where(is_mate, slot, -1)
    return out


def _objects(world: World, state: State, live: Live, rows: Flat, codes: Array, verb: Array) -> Array:
    """What the verbs act on, [n]: agents by slot, looks and things as they are named."""
    out = codes.astype(np.int64)
    person = _ON_BODY.take(verb, mode="clip").nonzero()[0]
    if len(person):
        out[person] = _slots(world, state, live, rows[person], codes[person])
    sampler = (verb == Verb.SAMPLE.value).nonzero()[0]
    if len(sampler):
        code = codes[sampler]
        slot = _slots(world, state, live, rows[sampler], np.maximum(code, -1))
        out[sampler] = np.where(code <= MATE, world.num_agents + MATE - code, slot)
    return out


_ON_BODY = np.isin(np.arange(len(Verb)), ON_AGENT)


def _described(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape}"
    return type(value).__name__


@lru_cache(maxsize=16)
def _resting(rows: int, agents: int) -> Actions:
    actions = idle(rows, agents)
    columns = {name: np.asfortranarray(column) for name, column in actions.__dict__.items()}
    for column in columns.values():
        column.setflags(write=False)
    return Actions(**columns)
