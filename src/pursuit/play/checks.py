"""Checks: claims of a scenario, tested while it is played.

>>> watch = CheckWatch(world, scenario.checks, num_episodes)      # doctest: +SKIP
>>> rollout(world, state, speakers, on_turn=watch.hear)           # doctest: +SKIP
>>> [(result.name, result.status) for result in watch.results()]  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pursuit.core.script import Check, When
from pursuit.core.state import State
from pursuit.core.world import World
from pursuit.rules.script.conditions import Look, prepare

Rows = NDArray[np.intp]


class Status(StrEnum):
    """What became of a check."""

    PASS = "pass"
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class CheckResult:
    """One check over all episodes."""

    name: str
    title: str
    required: bool
    status: Status
    expected: str
    actual: str
    passed: int  # episodes
    episodes: int
    first_failed: int = -1  # episode, -1 for none

    @property
    def fatal(self) -> bool:
        """Whether this makes the run fail."""
        return self.required and self.status == Status.FAIL


class Turn(Protocol):
    """One turn as it was played: what a rollout tells its listeners."""

    @property
    def rows(self) -> Rows: ...

    @property
    def at(self) -> Rows: ...

    @property
    def before(self) -> State: ...

    @property
    def after(self) -> State: ...


class CheckWatch:
    """Tests checks turn by turn. Episodes are numbered 0 to B − 1."""

    def __init__(self, world: World, checks: Sequence[Check], num_episodes: int) -> None:
        self.world = world
        self.checks = tuple(checks)
        self._tests = [prepare(check.that) for check in self.checks]
        shape = (len(self.checks), num_episodes)
        self._ever = np.zeros(shape, np.bool_)  # held after some turn that counts
        self._always = np.ones(shape, np.bool_)
        self._last = np.zeros(shape, np.bool_)  # held after the last turn seen
        self._first = np.full(shape, -1, np.int32)  # turn at which it held first
        self._broke = np.full(shape, -1, np.int32)  # turn at which it did not hold first
        self._turns = np.zeros(num_episodes, np.int32)

    def hear(self, turn: Turn) -> None:
        """Listen to a rollout: hand this to it as ``on_turn``."""
        whole = len(turn.at) == turn.after.num_rows
        after = turn.after if whole else turn.after.take(turn.at)
        before = turn.before if whole else turn.before.take(turn.at)
        self.see(after, turn.rows, before)

    def see(self, state: State, rows: Rows | None = None, before: State | None = None) -> None:
        """Test the state after a turn. ``rows`` says which episodes its rows are (all by default), ``before`` is the
        state a turn earlier, to which sights are compared."""
        if rows is None:
            rows = np.arange(state.num_rows)
        look = Look(self.world, state, state.turn, closed=True, before=before)
        self._turns[rows] = state.turn
        for index, check in enumerate(self.checks):
            if check.skipped or (check.at == When.EVENTUALLY and self._ever[index].all()):
                continue
            held = self._tests[index](look)
            self._last[index, rows] = held
            self._always[index, rows] &= held
            in_time = held if check.at != When.BY_TURN else held & (state.turn <= check.turn)
            self._ever[index, rows] |= in_time
            new = held & (self._first[index, rows] < 0)
            self._first[index, rows[new]] = state.turn[new]
            broken = ~held & (self._broke[index, rows] < 0)
            self._broke[index, rows[broken]] = state.turn[broken]

    def results(self) -> tuple[CheckResult, ...]:
        """How it stands, check by check, once the play is over."""
        return tuple(self._result(index, check) for index, check in enumerate(self.checks))

    def passed(self) -> NDArray[np.bool_]:
        """Which check holds in which episode, [checks, B]; skipped ones hold."""
        kept = {When.END: self._last, When.ALWAYS: self._always}
        rows = [
            np.ones_like(self._ever[index]) if check.skipped else kept.get(check.at, self._ever)[index]
            for index, check in enumerate(self.checks)
        ]
        return np.array(rows, np.bool_).reshape(self._ever.shape)

    def _result(self, index: int, check: Check) -> CheckResult:
        passed = self.passed()[index]
        failed = np.flatnonzero(~passed)
        episode = int(failed[0]) if len(failed) else 0
        status = Status.SKIPPED if check.skipped else Status.FAIL if len(failed) else Status.PASS
        when = {
            When.END: "at the end",
            When.ALWAYS: "after every turn",
            When.EVENTUALLY: "at some time",
            When.BY_TURN: f"by turn {check.turn}",
        }[check.at]
        return CheckResult(
            name=check.name,
            title=check.title or check.name,
            required=check.required,
            status=status,
            expected=f"{when}: {check.said}",
            actual="" if check.skipped else self._actual(index, check, episode, bool(len(failed))),
            passed=int(passed.sum()),
            episodes=len(passed),
            first_failed=episode if len(failed) else -1,
        )

    def _actual(self, index: int, check: Check, episode: int, failed: bool) -> str:
        first, broke = int(self._first[index, episode]), int(self._broke[index, episode])
        turns = int(self._turns[episode])
        if check.at == When.ALWAYS:
            return f"not after turn {broke}" if failed else f"held after all {turns} turns"
        if check.at == When.END:
            return f"{'did not hold' if failed else 'held'} after turn {turns}"
        if first < 0:
            return f"never in {turns} turns"
        return f"first after turn {first}"
