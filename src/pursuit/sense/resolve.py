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
from pursuit.core.world import World
from pursuit.rules.legal import ON_AGENT
from pursuit.sense.live import Bools, Flat, Live
from pursuit.sense.observation import IDLE, MATE, Intents, constant

Array = NDArray[Any]


class IntentError(ValueError):
    """A policy's answer does not have the shape or type of Intents."""


def resolve(world: World, state: State, answers: Sequence[tuple[Live, Intents]]) -> Actions:
    """What every agent does, from what each policy chose for its own agents.

    A row of `live` answers only for its own agents; all others do nothing. A body row or mate that does not exist
    becomes object -1, which the rules refuse. Raises IntentError for arrays of a wrong shape or type.
    """
    resting = _resting(state.num_rows, world.num_agents)
    columns: dict[str, Array] = dict(resting.__dict__)
    for live, intents in answers:
        shape = len(live.episode), world.num_agents
        for name, (value, dtype) in IDLE.items():
            chosen = getattr(intents, name)
            if chosen is constant(*shape, value, dtype):
                continue
            if not isinstance(chosen, np.ndarray) or chosen.shape != shape or chosen.dtype.kind not in "iu":
                raise IntentError(f"Intents.{name} must be an integer array of shape {shape}, not {_described(chosen)}")
            if columns[name] is getattr(resting, name):
                columns[name] = columns[name].copy("F")
            if live.whole >= 0 and name in ("goal", "gait"):
                np.copyto(columns[name], chosen, where=_speakers(world, state, live), casting="same_kind")
                continue
            rows, slots = live.actors or _actors(world, state, live)
            values = chosen[rows, slots]
            if name == "toward":
                values = _slots(world, state, live, rows, values)
            elif name == "object":
                values = _objects(world, state, live, rows, values, intents.verb[rows, slots])
            columns[name][live.episode[rows], slots] = values
    for column in columns.values():
        column.setflags(write=False)
    return Actions(**columns)


def _speakers(world: World, state: State, live: Live) -> Bools:
    return live.speaks & (world.mind == live.whole) & (state.status == Status.WELL.value)


def _actors(world: World, state: State, live: Live) -> tuple[Flat, Flat]:
    return np.divmod(np.flatnonzero(_speakers(world, state, live)), world.num_agents)


def _slots(world: World, state: State, live: Live, rows: Flat, codes: Array) -> Array:
    """Slots of body rows and mate codes, [n]; -1 for who is not there."""
    out = np.full(len(codes), -1)
    body = np.flatnonzero(codes >= 0)
    if len(body):
        at = rows[body]
        found = state.row[live.episode[at], live.mind[at]] == codes[body, None]
        out[body] = np.where(found.any(axis=1), found.argmax(axis=1), -1)
    near = np.flatnonzero((codes <= MATE) & (codes > MATE - world.num_agents))
    if len(near):
        at, slot = rows[near], MATE - codes[near]
        episode = live.episode[at]
        is_mate = (state.mind[episode, slot] == live.mind[at]) & (state.status[episode, slot] == Status.WELL.value)
        out[near] = np.where(is_mate, slot, -1)
    return out


def _objects(world: World, state: State, live: Live, rows: Flat, codes: Array, verb: Array) -> Array:
    """What the verbs act on, [n]: agents by slot, looks and things as they are named."""
    out = codes.astype(np.int64)
    person = np.flatnonzero(_ON_BODY.take(np.clip(verb, 0, len(Verb) - 1)))
    if len(person):
        out[person] = _slots(world, state, live, rows[person], codes[person])
    sampler = np.flatnonzero(verb == Verb.SAMPLE.value)
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
