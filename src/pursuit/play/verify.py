"""Playing a replay's actions again, and naming the first thing that comes out differently."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pursuit.core.rng import CountingDraws, Stream
from pursuit.core.state import State, digest
from pursuit.play.replay import Replay
from pursuit.rules.turn import fresh, step


@dataclass(frozen=True)
class Difference:
    """The first place where playing again went another way than the record."""

    turn: int
    column: str
    agent: str  # empty where the column is not one of agents
    expected: str  # what the replay holds
    got: str

    def __str__(self) -> str:
        who = f", {self.agent}" if self.agent else ""
        return f"turn {self.turn}{who}: {self.column} is {self.expected} in the replay, {self.got} when played again"


@dataclass(frozen=True)
class Verdict:
    """What a verification found."""

    turns: int  # played again and found equal
    difference: Difference | None
    notice: str  # why it could not be verified, or what is missing at the end
    can_verify: bool  # false for a replay of other rules

    @property
    def is_good(self) -> bool:
        """Whether every turn agreed and the replay is complete."""
        return self.can_verify and self.difference is None and not self.notice


def verify(replay: Replay) -> Verdict:
    """Play the actions again, and compare state, digest and number of draws after each turn.

    Notes the result on the replay (`badge`). A replay of other rules is not played. Raises ContentError as the
    replay does, for records that do not fit its world.
    """
    if not replay.same_rules:
        notice = "played by other rules than this version's: it can be watched, but not verified"
        return Verdict(0, None, notice, can_verify=False)
    world = replay.world
    state, difference = replay.state(0), None
    if not replay.head.parent:
        start = fresh(world, np.array([replay.seed], np.uint64))
        difference = compare(replay, 0, state, start)
    turn = 0
    while difference is None and turn < replay.num_turns:
        turn += 1
        draws = CountingDraws(1)
        state = step(world, state, replay.actions(turn), draws)
        difference = compare(replay, turn, replay.state(turn), state) or _draws(replay, turn, draws)
    if difference is None:
        difference = _end(replay, state)
    replay.settle("verified" if difference is None else "diverged")
    return Verdict(turn - (difference is not None and turn > 0), difference, replay.notice, can_verify=True)


def compare(replay: Replay, turn: int, expected: State, got: State) -> Difference | None:
    """The first column in which a state played again differs from the recorded one; then the digest."""
    difference = _unequal(replay, turn, expected, got)
    if difference is None and turn and replay.digest(turn) != digest(got):
        return Difference(turn, "digest", "", replay.digest(turn), digest(got))
    return difference


def _unequal(replay: Replay, turn: int, expected: State, got: State) -> Difference | None:
    agents = replay.world.agent_name
    for name, column in expected.columns():
        other = getattr(got, name)
        if column is other or np.array_equal(column, other):
            continue
        at = tuple(int(index[0]) for index in np.nonzero(column != other))
        by_agent = len(at) > 1 and column.shape[1] == len(agents) and name not in _NOT_OF_AGENTS
        place = "" if by_agent and len(at) == 2 else "".join(f"[{index}]" for index in at[1:])
        values = str(column[at].item()), str(other[at].item())
        return Difference(turn, name + place, agents[at[1]] if by_agent else "", *values)
    return None


_NOT_OF_AGENTS = {
    "sampled",
    "knows",
    "item_node",
    "holder",
    "ammo",
    "armed",
    "vehicle_node",
    "vehicle_leftover",
    "door",
    "hazard",
}
_NOT_OF_AGENTS |= {"var", "fired", "fired_turn", "due", "enabled", "level", "row", "left"}
"""Columns [B, …] whose second axis is not that of agents, though it may be as long."""


def first_difference(one: Replay, other: Replay) -> Difference | None:
    """The first place where two replays went different ways: ``expected`` is the one, ``got`` the other."""
    for turn in range(min(one.num_turns, other.num_turns) + 1):
        mine, theirs = one.state(turn), other.state(turn)
        if mine.node.shape != theirs.node.shape:
            return Difference(turn, "number of agents", "", str(mine.node.shape[1]), str(theirs.node.shape[1]))
        difference = _unequal(one, turn, mine, theirs)
        if difference is not None:
            return difference
    if one.num_turns != other.num_turns:
        return Difference(min(one.num_turns, other.num_turns), "turns", "", str(one.num_turns), str(other.num_turns))
    return None


def _draws(replay: Replay, turn: int, draws: CountingDraws) -> Difference | None:
    recorded = replay.turn(turn).draws
    for stream in Stream:
        name, used = stream.name.lower(), int(draws.count[0, stream])
        if recorded.get(name, 0) != used:
            return Difference(turn, f"draws of stream {name}", "", str(recorded.get(name, 0)), str(used))
    return None


def _end(replay: Replay, state: State) -> Difference | None:
    if replay.end is None:
        return None
    outcome = int(state.outcome[0])
    name = replay.world.outcome_name[outcome] if outcome >= 0 else ""
    for column, expected, got in (("outcome", replay.end.outcome, name), ("digest", replay.end.digest, digest(state))):
        if expected != got:
            return Difference(replay.num_turns, f"final {column}", "", expected or "open", got or "open")
    return None
