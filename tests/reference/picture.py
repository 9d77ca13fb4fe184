"""What picture tests are made of: a board in a row, a small cast, one turn played by engine and referee."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Board
from pursuit.core.rng import Ints, KeyedDraws, ScriptedDraws, Stream
from pursuit.core.state import Gait, State
from pursuit.core.world import Side, World
from pursuit.rules.turn import fresh, step

from . import referee
from .boards import make_board
from .choices import to_actions
from .episode import Action, compare, from_state
from .worlds import NAMES, make_roster, make_world

HUNTER, GUARDIAN, LAW = int(Side.HUNTER), int(Side.GUARDIAN), int(Side.LAW)
SEED = np.array([7], np.uint64)
WAIT = Action(goal=-1, gait=int(Gait.RUN), toward=-1, verb=0, object=-1, order=0, order_object=-1)
Answers = Mapping[tuple[Stream, int], list[int]]


class Written(ScriptedDraws):
    """Answers written down; the order of alike rows, which shows nothing here, is drawn as ever."""

    def below(
        self, seed: NDArray[np.uint64], turn: Ints, stream: Stream, rows: Ints, lanes: Ints, bound: Ints | int
    ) -> NDArray[np.int64]:
        if stream == Stream.ROW:
            return KeyedDraws().below(seed, turn, stream, rows, lanes, bound)
        return super().below(seed, turn, stream, rows, lanes, bound)


def line(length: int, **more: Any) -> Board:
    """Nodes 0, 1, 2, … in a row, one hop apart; edge e joins e and e + 1."""
    return make_board([(5.0 * x, 0.0) for x in range(length)], [(x, x + 1) for x in range(length - 1)], **more)


def cast(board: Board, kinds: list[str], sides: list[int], nodes: list[int], **more: Any) -> World:
    """A story world of these kinds at these nodes, everybody with pace 100 unless `pace` says otherwise."""
    roster = make_roster(dict.fromkeys(NAMES, 100) | more.pop("pace", {}), more.pop("health", {}), {}, {})
    kind, start = [NAMES.index(name) for name in kinds], [[node] for node in nodes]
    return make_world(board, roster, kind=kind, side=sides, start=start, **more)


def do(**parts: int) -> Action:
    """An action of these parts."""
    return replace(WAIT, **{name: int(value) for name, value in parts.items()})


def play(world: World, state: State, doings: dict[int, Action], answers: Answers | None = None) -> State:
    """One turn, by both; whoever is not named waits. Every answer must be asked for, by each."""
    row = [doings.get(agent, WAIT) for agent in range(world.num_agents)]
    written, again = Written(answers or {}), Written(answers or {})
    after = step(world, state, to_actions([row]), written)
    written.finish()
    episode = referee.play_turn(referee.Book(world), from_state(state, 0), row, again, Counter())
    again.finish()
    assert compare(after, 0, episode) is None, compare(after, 0, episode)
    return after


def begin(world: World, **columns: Any) -> State:
    """The start, with some columns as given."""
    state = fresh(world, SEED)
    return state.evolve(**{name: np.array([v], getattr(state, name).dtype) for name, v in columns.items()})
