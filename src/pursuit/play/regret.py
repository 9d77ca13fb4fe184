"""Regret: what each move of a classical game loses against best play, by the solved game.

A state is worth the turns until capture under best play of both sides. A move of the pursuers loses the turns by which
it makes that longer, one of the evader those by which it makes it shorter. *Never* counts as the turn limit.

Dimension letters: ``B`` episodes, ``A`` agent slots, ``S`` sides: 0 the pursuers, 1 the evader.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import State, Status
from pursuit.core.world import World
from pursuit.play.rollout import Step
from pursuit.policies.parts.mastery import Mastery, unfit
from pursuit.sense.observe import brief
from pursuit.solve.game import states
from pursuit.solve.table import NEVER

BLUNDER = 4
"""Turns that a blunder loses at least; giving away the capture, or the escape, is one, too."""

MOST_STATES = 30_000_000
"""A larger game is not solved only to judge a run of it: it would take longer than the run."""

SIDES = ("pursuers", "evader")


@dataclass(frozen=True)
class Judged:
    """One move of each of B episodes."""

    side: NDArray[np.int8]  # [B] who moved
    left: NDArray[np.int32]  # [B] turns to capture under best play after the move, -1 for never
    loss: NDArray[np.int32]  # [B] turns lost by the move
    blunder: NDArray[np.bool_]  # [B]

    def facts(self, row: int) -> list[int]:
        """One row as a replay has it: turns left, turns lost, 1 for a blunder."""
        return [int(self.left[row]), int(self.loss[row]), int(self.blunder[row])]


@dataclass(frozen=True)
class Tally:
    """What the moves of one side add up to."""

    moves: int
    regret: float  # mean loss of a move, in turns
    optimal: float  # share of moves that lose nothing
    blunders: int


class Judge:
    """Judges the moves of a world. Raises ValueError where there is no exact play, with the reason."""

    def __init__(self, world: World) -> None:
        self._mastery = Mastery(brief(world, ()))
        self._limit = world.turns

    def judge(self, before: State, after: State) -> Judged:
        """The move between two states of the same episodes, none of which had ended."""
        mastery, table = self._mastery, self._mastery.table
        hunters, quarry = mastery.hunters, mastery.quarry
        team, place = before.node[:, hunters], before.node[:, quarry]
        pursuers_move = before.to_move == 0
        start = table.turns(team, place)
        answering = table.after_move(team, place)  # what the evader has before it moves
        best = np.where(pursuers_move, np.where(start == NEVER, NEVER, np.maximum(start - 1, 0)), answering)
        team, place = after.node[:, hunters], after.node[:, quarry]
        left = np.where(pursuers_move, table.after_move(team, place), table.turns(team, place))
        left = np.where(after.status[:, quarry] == Status.CAPTURED.value, 0, left)
        left = np.where(after.status[:, quarry] == Status.LEFT.value, NEVER, left).astype(np.int32)
        loss = (self._cost(left) - self._cost(best)) * np.where(pursuers_move, 1, -1)
        blunder = (loss >= BLUNDER) | ((loss > 0) & ((left == NEVER) != (best == NEVER)))
        return Judged(np.where(pursuers_move, 0, 1).astype(np.int8), left, loss.astype(np.int32), blunder)

    def _cost(self, turns: NDArray[np.int32]) -> NDArray[np.int32]:
        return np.where(turns == NEVER, self._limit, np.minimum(turns, self._limit)).astype(np.int32)


class RegretWatch:
    """Hears the turns of a rollout and adds up what the moves lose."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self._moves, self._loss, self._optimal, self._blunders = np.zeros((4, 2), np.int64)

    def hear(self, turn: Step) -> None:
        found = self.judge.judge(turn.before.take(turn.at), turn.after.take(turn.at))
        for column, values in (
            (self._moves, np.ones(len(found.side))),
            (self._loss, found.loss),
            (self._optimal, found.loss == 0),
            (self._blunders, found.blunder),
        ):
            column += np.bincount(found.side, values, 2).astype(np.int64)

    def tallies(self) -> dict[str, Tally]:
        """For each side that has moved."""
        return {
            name: Tally(int(moves), float(loss / moves), float(optimal / moves), int(blunders))
            for name, moves, loss, optimal, blunders in zip(
                SIDES, self._moves, self._loss, self._optimal, self._blunders, strict=True
            )
            if moves
        }


def judge_of(world: World) -> Judge | None:
    """The judge of a world, if its game is one that is solved in a moment."""
    told = brief(world, ())
    if unfit(told) or states(world.board.num_nodes, int(np.count_nonzero(world.side == 0))) > MOST_STATES:
        return None
    return Judge(world)
