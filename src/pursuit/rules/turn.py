"""A turn is a tuple of phases, each a function from state to state. Reading the tuples is reading the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import Draws, KeyedDraws, Stream
from pursuit.core.roster import Trait
from pursuit.core.state import Actions, Gait, Order, Refusal, State, Status, Verb
from pursuit.core.world import Ruleset, World
from pursuit.rules import classical
from pursuit.rules.close import close, judge, perceive
from pursuit.rules.common import batch_last, some
from pursuit.rules.handle import handle
from pursuit.rules.hazard import hazard, is_perilous
from pursuit.rules.morph import morph
from pursuit.rules.movement import move
from pursuit.rules.orders import obey
from pursuit.rules.recover import recover
from pursuit.rules.script.triggers import start_triggers, trigger
from pursuit.rules.sight import slots_seen
from pursuit.rules.strike import strike
from pursuit.rules.touch import touch

Phase = Callable[[World, State, Actions, Draws], State]

STORY: tuple[Phase, ...] = (morph, move, touch, strike, handle, hazard, recover, trigger, close)
"""The story's turn, once `obey` has made of the actions what may happen (only there do actions change)."""

CLASSICAL: tuple[Phase, ...] = (classical.hop, classical.capture, classical.close)
"""All classical rulesets: which agents hop, and what counts as a turn, is said by the world's ruleset."""

PHASES: dict[Ruleset, tuple[Phase, ...]] = {
    Ruleset.STORY: STORY,
    Ruleset.SIMULTANEOUS: CLASSICAL,
    Ruleset.ALTERNATING: CLASSICAL,
    Ruleset.LAZY: CLASSICAL,
}


def step(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Play one turn of every live episode; ended episodes come back unchanged."""
    if some(state.ended):
        live = np.flatnonzero(~state.ended)
        if not len(live):
            return state
        return state.put(live, step(world, state.take(live), actions.take(live), draws))
    after = state
    for _, played in phases(world, state, actions, draws):
        after = played
    return after


def phases(world: World, state: State, actions: Actions, draws: Draws) -> Iterator[tuple[str, State]]:
    """The turn phase by phase: yields (name, state) after each. No episode may have ended."""
    if world.ruleset == Ruleset.STORY:
        actions, refused = obey(world, state, actions)
        state = _begin(world, state, refused)
        yield "obey", state
    for phase in PHASES[world.ruleset]:
        if phase is hazard and not world.derive(is_perilous):
            continue
        state = phase(world, state, actions, draws)
        yield phase.__name__, state


def _begin(world: World, state: State, refused: NDArray[np.int8]) -> State:
    """Reset the causes of the turn before."""
    path = np.empty(state.path.shape, np.int32, "F")
    path[...] = state.node[:, :, None]
    return state.evolve(path=path, refused=refused, **_no_causes(*state.node.shape))


@lru_cache(maxsize=32)
def _no_causes(rows: int, agents: int) -> dict[str, NDArray[Any]]:
    """The columns of causes when nothing has happened yet."""
    shape = rows, agents
    zero = batch_last(shape, np.int8)
    return {
        "gait": zero,
        "marks": batch_last(shape, np.uint16),
        "did": zero,
        "did_object": batch_last(shape, np.int32, -1),
        "noise": batch_last(shape, np.int32),
    }


def fresh(world: World, seeds: NDArray[np.uint64], start: Mapping[str, NDArray[Any]] | None = None) -> State:
    """The state before the first turn of len(seeds) episodes.

    `start` holds initial columns row by row, by the names of State's columns, in place of the
    world's own. Raises KeyError for a name that is no column, ValueError for a wrong shape.
    """
    num, cast = len(seeds), world.num_agents
    seeds = np.asarray(seeds, np.uint64)
    rows, slots = np.repeat(np.arange(num), cast), np.tile(np.arange(cast), num)
    zero_turn = np.zeros(num, np.int32)
    choice = KeyedDraws().below(seeds, zero_turn, Stream.START, rows, slots, world.num_start[slots])
    node = world.start[slots, choice].reshape(num, cast).astype(np.int32)
    columns = _columns(world, seeds, node)
    for name, column in (start or {}).items():
        if name not in columns:
            raise KeyError(f"{name!r} is no column of a state")
        if column.shape != columns[name].shape:
            raise ValueError(f"start column {name!r} has shape {column.shape}, expected {columns[name].shape}")
        columns[name] = column.astype(columns[name].dtype)
    columns = {name: np.asfortranarray(column) for name, column in columns.items()}
    for column in columns.values():
        column.setflags(write=False)
    state = State(**columns)
    draws = KeyedDraws()
    if world.ruleset != Ruleset.STORY:
        return state.evolve(row=slots_seen(world, state))
    state = start_triggers(world, state, draws)
    return judge(world, perceive(world, state, draws, keep_left=False))


def _columns(world: World, seeds: NDArray[np.uint64], node: NDArray[np.int32]) -> dict[str, NDArray[Any]]:
    num, cast = node.shape
    script = world.script

    def full(value: Any, width: int | tuple[int, ...], dtype: Any) -> NDArray[Any]:
        shape = (num, width) if isinstance(width, int) else (num, *width)
        return np.full(shape, value, dtype)

    def each(values: Any, dtype: Any) -> NDArray[Any]:
        values = np.asarray(values, dtype)
        return np.broadcast_to(values, (num, *values.shape)).copy()

    triggers, minds = len(script.triggers), world.num_minds
    weapon = world.item_weapon
    rounds = np.where(weapon >= 0, world.roster.rounds[weapon], 0) if world.num_items else np.zeros(0)
    return {
        "seed": seeds.copy(),
        "turn": np.zeros(num, np.int32),
        "to_move": np.zeros(num, np.int8),
        "ended": np.zeros(num, np.bool_),
        "outcome": np.full(num, -1, np.int16),
        "node": node,
        "leftover": full(0, cast, np.int16),
        "status": each(np.where(world.absent, Status.ABSENT, Status.WELL), np.int8),
        "health": each(world.roster.health[world.kind], np.int16),
        "stagger": full(0, cast, np.int8),
        "guise": each(world.guise, np.int16),
        "pending": full(-1, cast, np.int16),
        "mind": each(world.mind, np.int8),
        "ride": full(-1, cast, np.int8),
        "seat": full(-1, cast, np.int8),
        "order": full(Order.NONE, cast, np.int8),
        "order_object": full(-1, cast, np.int32),
        "spare": full(False, cast, np.bool_),
        "backup": each(np.where(world.trait(Trait.BACKUP), world.numbers.backup_turns, -1), np.int8),
        "captor": full(-1, cast, np.int8),
        "wanted": each(world.wanted, np.bool_),
        "persuaded": full(False, cast, np.bool_),
        "taken": full(0, cast, np.int16),
        "spared": full(0, cast, np.int16),
        "fuse": full(-1, cast, np.int8),
        "cue": full(-1, cast, np.int16),
        "sampled": each(world.sampled, np.bool_),
        "knows": each(_facts(world, minds), np.uint32),
        "item_node": each(world.item_node, np.int32),
        "holder": each(world.item_holder, np.int8),
        "ammo": each(rounds, np.int16),
        "armed": full(False, world.num_items, np.bool_),
        "vehicle_node": each(world.vehicle_node, np.int32),
        "vehicle_leftover": full(0, world.num_vehicles, np.int16),
        "door": each(world.board.door_start, np.int8),
        "hazard": each(world.hazard_on, np.bool_),
        "alarm": np.full(num, -1, np.int32),
        "var": each(script.var_start, np.int32),
        "fired": full(0, triggers, np.int16),
        "fired_turn": full(-1, triggers, np.int32),
        "due": full(-1, triggers, np.int32),
        "enabled": each([trigger.enabled for trigger in script.triggers], np.bool_),
        "level": full(False, triggers, np.bool_),
        "still": full(0, cast, np.int32),
        "path": np.repeat(node[:, :, None], world.num_impulses + 1, axis=2),
        "met": full(False, (cast, cast), np.bool_),
        "gait": full(Gait.STILL, cast, np.int8),
        "marks": full(0, cast, np.uint16),
        "did": full(Verb.WAIT, cast, np.int8),
        "did_object": full(-1, cast, np.int32),
        "refused": full(Refusal.NONE, cast, np.int8),
        "noise": full(0, cast, np.int32),
        "row": full(-1, (minds, cast), np.int8),
        "left": full(False, (minds, cast), np.bool_),
    }


def _facts(world: World, minds: int) -> NDArray[np.uint32]:
    """What each mind knows at the start, [M]."""
    facts = np.zeros(minds, np.uint32)
    np.bitwise_or.at(facts, world.mind, world.facts)
    return facts
