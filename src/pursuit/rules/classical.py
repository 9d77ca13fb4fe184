"""The classical games of the field: phases hop, capture and close on unit boards (rules 13)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Mode
from pursuit.core.rng import Draws
from pursuit.core.state import Actions, State, Status
from pursuit.core.tables import gather, select, span
from pursuit.core.world import Outcome, Ruleset, Side, World
from pursuit.rules.close import decide
from pursuit.rules.common import Bools, batch_last, some
from pursuit.rules.sight import slots_seen


def _foot(world: World) -> int:
    return int(world.ways.pick(int(Mode.FOOT), False, 0))


def _mover(world: World) -> NDArray[np.int8]:
    """On which ply each agent moves, [A]: hunters on 0, everybody else on 1."""
    return np.where(world.side == Side.HUNTER.value, 0, 1).astype(np.int8)


def hop(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Whose turn it is takes one hop towards its goal."""
    goal, start = actions.goal, state.node
    strays = (goal.view(np.uint32) >= world.board.num_nodes) | (state.status != Status.WELL.value)
    if some(strays):
        goal = select(strays, start, goal)
    slot = world.ways.hop(world.derive(_foot), start, goal)
    node = gather(world.derive(_steps), start * np.int32(world.board.neighbor.shape[1]) + slot)
    if world.ruleset != Ruleset.SIMULTANEOUS:
        moves = (node != start) & (world.derive(_mover) == state.to_move[:, None])
        if world.ruleset == Ruleset.LAZY:
            first = moves & (moves.cumsum(axis=1) == 1)
            moves = np.where((state.to_move == 0)[:, None], first, moves)
        node = np.where(moves, node, start)
    path = np.stack([start.T, node.T]).T  # laid out as all columns are
    return state.evolve(node=node, path=path)


def capture(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Whoever of the quarry a hunter has reached is captured."""
    hunters, prey = world.derive(_hunters), world.derive(_prey)
    before, node = state.path[:, :, 0], state.node
    at, was = node[:, prey], before[:, prey]
    well = state.status == Status.WELL.value
    reached = batch_last(at.shape, np.bool_)
    for hunter in hunters:
        here, origin = node[:, hunter, None], before[:, hunter, None]
        there = at == here
        if world.ruleset == Ruleset.SIMULTANEOUS:
            there |= (at == origin) & (was == here)
        if world.capture_hops:
            table = world.derive(_foot)
            there |= world.ways.distance(table, here, at) <= world.capture_hops
            there |= world.ways.distance(table, at, here) <= world.capture_hops
        reached |= there & well[:, hunter, None]
    reached &= well[:, prey]
    if not some(reached):
        return state
    status = state.status.copy("K")
    status[:, prey] = np.where(reached, np.int8(Status.CAPTURED), status[:, prey])
    return _out(world, state, status)


def _out(world: World, state: State, status: NDArray[np.int8]) -> State:
    """The state with a new status of some, who are nobody's rows then. Where sight is limited, `close` sees to rows."""
    state = state.evolve(status=status)
    return state if world.board.sight_hops >= 0 else state.evolve(row=slots_seen(world, state))


def _steps(world: World) -> NDArray[np.int32]:
    return world.board.neighbor.ravel()


def _hunters(world: World) -> list[int]:
    return [int(slot) for slot in np.flatnonzero(world.side == Side.HUNTER.value)]


def _prey(world: World) -> slice | NDArray[np.intp]:
    return span(np.flatnonzero(world.quarry))


def close(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Count the turn, let go who is out, and see whether it is over."""
    if world.derive(_has_exits):
        leaves = world.exits[world.side, state.node] & (state.status == Status.WELL.value) & world.quarry
        if some(leaves):
            state = _out(world, state, np.where(leaves, np.int8(Status.LEFT), state.status))
    if world.ruleset == Ruleset.SIMULTANEOUS:
        full_turn: Bools | np.bool_ = np.True_
        state = state.evolve(turn=state.turn + np.int32(1))
    else:
        pursuers = state.to_move == 0
        full_turn = ~pursuers
        state = state.evolve(turn=state.turn + pursuers.astype(np.int32), to_move=np.int8(1) - state.to_move)
    if world.board.sight_hops >= 0:
        state = state.evolve(row=slots_seen(world, state))
    return _judge(world, state, full_turn)


def _has_exits(world: World) -> bool:
    return bool(world.exits.any())


def _judge(world: World, state: State, full_turn: Bools | np.bool_) -> State:
    prey = state.status[:, world.derive(_prey)]
    gone = (prey != Status.WELL.value).all(axis=1)
    late = (state.turn >= world.turns) & full_turn
    if not (some(gone) or some(late)):
        return state
    left = (prey == Status.LEFT.value).any(axis=1)
    tests: list[tuple[Outcome, NDArray[Any]]] = [
        (Outcome.QUARRY_CAPTURED, gone & ~left),
        (Outcome.QUARRY_ESCAPED, gone & left),
        (Outcome.TURN_LIMIT, late),
    ]
    return decide(state, tests)
