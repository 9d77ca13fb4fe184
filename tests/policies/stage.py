"""A hand-made street for pictures of what policies choose.

A line of 21 nodes, 0 … 20, five metres apart, with a side street 21, 22, 23 off node 10. The guardians leave at 20.
Everybody sees eight hops.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from tests.reference.boards import make_board
from tests.reference.worlds import NAMES, make_roster, make_world

from pursuit.core.script import Cue, Script
from pursuit.core.state import Actions, State
from pursuit.core.world import Side, World
from pursuit.policies.base import Memory, Policy
from pursuit.policies.contract.audit import channel_of
from pursuit.rules.turn import fresh
from pursuit.sense.live import live_rows
from pursuit.sense.observe import brief, observe
from pursuit.sense.resolve import resolve

HUNTER, WARD, PROTECTOR, STRANGER = range(4)
MOTORCYCLE = 0
PISTOL = 3


def world(cues: Sequence[Cue] = (), exits: Sequence[int] = (20,), vehicle: int = -1, **more: Any) -> World:
    """Shifter, child, protector (with a pistol) and civilian on the street, each a mind of its own."""
    edges = [(n, n + 1) for n in range(20)] + [(10, 21), (21, 22), (22, 23)]
    xy = [(5.0 * n, 0.0) for n in range(21)] + [(50.0, 5.0 * n) for n in (1, 2, 3)]
    made = make_world(
        make_board(xy, edges, sight_hops=8),
        make_roster({}, {}, {}, {}),
        kind=[NAMES.index(kind) for kind in ("shifter", "child", "protector", "civilian")],
        side=[Side.HUNTER, Side.GUARDIAN, Side.GUARDIAN, Side.BYSTANDER],
        start=[[0], [10], [15], [23]],
        items=[(False, PISTOL, -1, -1, PROTECTOR)],
        vehicles=[(MOTORCYCLE, -1, vehicle)] if vehicle >= 0 else [],
        exits=[(Side.GUARDIAN, node) for node in exits],
        turns=100,
        **more,
    )
    return replace(made, script=Script(cues=tuple(cues)))


def begin(world: World, **columns: Mapping[int, Any] | Sequence[Any]) -> State:
    """One episode, with some entries of some columns [A] changed: ``node={HUNTER: 4}``."""
    first = fresh(world, np.zeros(1, np.uint64))
    start = {}
    for name, entries in columns.items():
        column = np.array(getattr(first, name))
        for slot, value in dict(entries).items():
            column[0, slot] = value
        start[name] = column
    return fresh(world, np.zeros(1, np.uint64), start)


def choose(
    world: World, state: State, policy: Policy, *slots: int, memory: Memory | None = None
) -> tuple[Actions, Memory]:
    """What a policy chooses for some slots on a first look, and what it remembers, [1, A, …]."""
    policy.init(brief(world, slots), 1)
    speaks = np.isin(np.arange(world.num_agents), slots)
    live = live_rows(world, state, speaks)
    given = memory if memory is not None else policy.init(brief(world, slots), 1)
    rows = {name: column[live.episode] for name, column in given.items()}
    channel = channel_of(policy, world, slots)
    if channel is not None:
        channel.look(world, state, None)
    belief = channel.of(live) if channel is not None else None
    intents, after = policy.act(observe(world, state, live, belief=belief), rows)
    merged = {name: column.copy() for name, column in given.items()}
    assert live.actors is not None
    for name, column in after.items():
        for row, slot in zip(*live.actors, strict=True):
            merged[name][0, slot] = column[row, slot]
    return resolve(world, state, [(live, intents)]), merged
