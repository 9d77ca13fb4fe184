"""The classical games of the field: phases hop, capture and close on unit boards (rules 12)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Mode
from pursuit.core.rng import Draws
from pursuit.core.state import Actions, State, Status
from pursuit.core.world import Outcome, Ruleset, Side, World
from pursuit.rules.close import decide
from pursuit.rules.common import Bools
from pursuit.rules.sight import slots_seen


def _foot(world: World) -> int:
    return int(world.ways.pick(int(Mode.FOOT), False, 0))


def _mover(world: World) -> NDArray[np.int8]:
    """On which ply each agent moves, [A]: hunters on 0, everybody else on 1."""
    return np.where(world.side == Side.HUNTER, 0, 1).astype(np.int8)


def hop(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Whose turn it is takes one hop towards its goal."""
    goal, start = actions.goal, state.node
    goal = np.where((goal >= 0) & (goal < world.board.num_nodes), goal, start)
    if (state.status != Status.WELL).any():
        goal = np.where(state.status == Status.WELL, goal, start)
    slot = world.ways.hop(world.derive(_foot), start, goal)
    node = world.board.neighbor[start, slot]
    if world.ruleset != Ruleset.SIMULTANEOUS:
        moves = (node != start) & (world.derive(_mover) == state.to_move[:, None])
        if world.ruleset == Ruleset.LAZY:
            first = moves & (moves.cumsum(axis=1) == 1)
            moves = np.where((state.to_move == 0)[:, None], first, moves)
        node = np.where(moves, node, start)
    return state.evolve(node=node, path=np.stack([start, node], axis=2))


def capture(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Whoever of the quarry a hunter has reached is captured."""
    well = state.status == Status.WELL
    hunters = np.flatnonzero(world.side == Side.HUNTER)
    prey = np.flatnonzero(world.quarry)
    before, node = state.path[:, :, 0], state.node
    reached = np.zeros((state.num_rows, len(prey)), np.bool_)
    table, far = world.derive(_foot), world.capture_hops
    for hunter in hunters:
        at, was = node[:, hunter, None], before[:, hunter, None]
        there = node[:, prey] == at
        if world.ruleset == Ruleset.SIMULTANEOUS:
            there |= (node[:, prey] == was) & (before[:, prey] == at)
        if far:
            there |= world.ways.distance(table, at, node[:, prey]) <= far
            there |= world.ways.distance(table, node[:, prey], at) <= far
        reached |= there & well[:, hunter, None]
    reached &= well[:, prey]
    if not reached.any():
        return state
    status = state.status.copy()
    status[:, prey] = np.where(reached, np.int8(Status.CAPTURED), status[:, prey])
    return state.evolve(status=status)


def close(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Count the turn, let go who is out, and see whether it is over."""
    prey = world.quarry
    columns: dict[str, NDArray[Any]] = {}
    status = state.status
    if world.derive(_has_exits):
        leaves = world.exits[world.side, state.node] & (status == Status.WELL) & prey
        if leaves.any():
            columns["status"] = status = np.where(leaves, np.int8(Status.LEFT), status)
    pursuers = np.True_
    if world.ruleset == Ruleset.SIMULTANEOUS:
        columns["turn"] = state.turn + np.int32(1)
    else:
        pursuers = state.to_move == 0
        columns["turn"] = state.turn + pursuers.astype(np.int32)
        columns["to_move"] = np.int8(1) - state.to_move
    state = state.evolve(**columns)
    if world.board.sight_hops >= 0 or (status != Status.WELL).any():
        state = state.evolve(row=slots_seen(world, state))
    return _judge(world, state, ~pursuers if world.ruleset != Ruleset.SIMULTANEOUS else pursuers)


def _has_exits(world: World) -> bool:
    return bool(world.exits.any())


def _judge(world: World, state: State, full_turn: Bools | np.bool_) -> State:
    prey = state.status[:, world.quarry]
    tests: list[tuple[Outcome, NDArray[Any]]] = [
        (Outcome.QUARRY_CAPTURED, (prey == Status.CAPTURED).all(axis=1)),
        (Outcome.QUARRY_ESCAPED, (prey != Status.WELL).all(axis=1) & (prey == Status.LEFT).any(axis=1)),
        (Outcome.TURN_LIMIT, (state.turn >= world.turns) & full_turn),
    ]
    return decide(state, tests)
