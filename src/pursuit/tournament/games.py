"""Playing games in batches, in whatever process: from two policies and seeds to results.

A batch in which a policy fails is halved until the game is found where it does; that game is forfeit, and all others
come out as if nothing had been.

Dimension letters: ``n`` games.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pursuit.content.files.problems import fail
from pursuit.content.scenario import Scenario
from pursuit.core.rng import mix
from pursuit.core.state import State
from pursuit.core.world import Side, World
from pursuit.play.lineup import assign
from pursuit.play.regret import judge_of
from pursuit.play.result import Result
from pursuit.play.rollout import Step, rollout
from pursuit.play.voices import Speaker
from pursuit.policies.registry import make
from pursuit.rules.turn import fresh
from pursuit.tournament.clock import Clock, Overrun, clock, memory_limit
from pursuit.tournament.plan import Limits, Venue
from pursuit.tournament.referee import By, Fault, FaultError, Referee

Played: TypeAlias = NDArray[Any]

PLAYED = np.dtype(
    [
        ("turns", "<u4"),  # until it ended or was forfeit
        ("score", "i1"),  # the hunter's, in halves
        ("outcome", "i1"),  # row of the world's outcome names; -1 if it was forfeit
        ("fault", "u1"),  # Fault
        ("by", "u1"),  # By
        ("hunter_loss", "<i4"),  # turns that the hunters' moves lost against exact play; -1 if they were not judged
        ("guardian_loss", "<i4"),  # ... and the guardians'
        ("play", "<u8"),  # fingerprint: where everybody began and ended, after how many turns
    ]
)
"""What came of a game."""

_SCORE = {By.HUNTER: 0, By.GUARDIAN: 2, By.OTHERS: 1}


@dataclass(frozen=True)
class Batch:
    """Games of two policies on a venue; all that a worker has to be told."""

    venue: Venue
    digest: str  # of the scenario as the tournament knows it
    hunter: str  # "" leaves it to the scenario
    guardian: str
    seeds: NDArray[np.uint64]  # [n]
    limits: Limits
    regret: bool = False  # judge the moves, where exact play is known

    def take(self, part: slice) -> Batch:
        return replace(self, seeds=self.seeds[part])


def play(batch: Batch) -> Played:
    """The games of a batch, [n] of PLAYED. Raises ContentError if the scenario here is not the tournament's."""
    scenario = _load(batch.venue, threading.get_ident())
    if scenario.digest != batch.digest:
        raise fail(
            "other-content", f"the scenario {batch.venue.label} here is not the one that the tournament began with"
        )
    with clock() as timer, memory_limit(batch.limits.memory):
        return _settle(scenario, batch, timer)


def forfeits(num: int, fault: Fault, by: By, turns: int = 0) -> Played:
    """So many games lost by a fault."""
    rows = np.zeros(num, PLAYED)
    rows["turns"], rows["score"], rows["outcome"], rows["fault"], rows["by"] = turns, _SCORE[by], -1, fault, by
    rows["hunter_loss"] = rows["guardian_loss"] = -1
    return rows


def speakers_of(scenario: Scenario, venue: Venue, hunter: str, guardian: str) -> tuple[Speaker, ...]:
    """Who speaks for whom; each side has policies of its own, so that a fault has one author."""
    both = (("hunter", hunter), ("guardian", guardian))
    overrides = [f"{side}={spec}" for side, spec in both if spec]
    # A side's policy outranks the venue's for its agents, so the venue's go by agent or by the other sides only.
    speakers = assign(scenario.world, scenario.policies, [*venue.policies, *overrides])
    found: list[Speaker] = []
    for speaker in speakers:
        sides: dict[int, list[int]] = {}
        for slot in speaker.slots:
            side = int(scenario.world.side[slot])
            sides.setdefault(side if side in (Side.HUNTER, Side.GUARDIAN) else -1, []).append(slot)
        first, *rest = sides.values()
        found.append(Speaker(speaker.policy, tuple(first), speaker.spec))
        found += [Speaker(make(speaker.spec), tuple(slots), speaker.spec) for slots in rest]
    return tuple(found)


@lru_cache(maxsize=16)
def _load(venue: Venue, thread: int) -> Scenario:
    """A scenario for one thread: worlds keep what was asked about them last."""
    del thread
    return venue.load()


def _settle(scenario: Scenario, batch: Batch, timer: Clock) -> Played:
    num = len(batch.seeds)
    try:
        return _attempt(scenario, batch, timer)
    except FaultError as error:
        if num == 1:
            return forfeits(1, error.fault, error.by, turns=error.turns)
        if error.at_start:
            # What fails before it sees a game, fails in all of them; unless there was only too much at once.
            first = _settle(scenario, batch.take(slice(1)), timer)
            if first["fault"][0] == error.fault and not first["turns"][0]:
                return np.repeat(first, num)
    except MemoryError:
        if num == 1:
            raise
    except Overrun:  # the watch rang when the call was just over
        return _settle(scenario, batch, timer)
    half = num // 2
    return np.concatenate([_settle(scenario, batch.take(part), timer) for part in (slice(half), slice(half, None))])


def _attempt(scenario: Scenario, batch: Batch, timer: Clock) -> Played:
    """Play a batch. Raises FaultError if a policy fails in one of the games, and MemoryError if it is too large."""
    world, num = scenario.world, len(batch.seeds)
    referee = Referee(world, num, timer, batch.limits.seconds)
    state = fresh(world, batch.seeds)
    losses = _Losses(world, num) if batch.regret else None

    def on_turn(step: Step) -> None:
        referee.hear(step)
        if losses is not None:
            losses.hear(step)

    try:
        speakers = speakers_of(scenario, batch.venue, batch.hunter, batch.guardian)
        result = rollout(world, state, speakers, on_turn=on_turn, call=referee.call)
    except FaultError as error:
        error.turns = referee.turn
        raise
    rows = np.zeros(num, PLAYED)
    rows["turns"], rows["outcome"] = result.turns, result.outcome
    rows["score"] = np.append(world.outcome_score, 1)[result.outcome]
    rows["play"] = _fingerprint(world, state, result)
    rows["hunter_loss"], rows["guardian_loss"] = losses.sums if losses is not None else (-1, -1)
    wrong = np.flatnonzero(referee.illegal_turn >= 0)
    for by in (By.HUNTER, By.GUARDIAN):
        guilty = wrong[referee.illegal_by[wrong] == by]
        rows[guilty] = forfeits(len(guilty), Fault.ILLEGAL, by)
    rows["turns"][wrong] = referee.illegal_turn[wrong]
    return rows


class _Losses:
    """Adds up what the moves of each game lose against exact play, [2, n] for hunters and guardians; -1 without it."""

    def __init__(self, world: World, num: int) -> None:
        self._judge = world.derive(judge_of)
        self.sums: NDArray[np.int32] = np.full((2, num), -1 if self._judge is None else 0, np.int32)

    def hear(self, step: Step) -> None:
        if self._judge is not None:
            found = self._judge.judge(step.before, step.after)
            self.sums[found.side[step.at], step.rows] += found.loss[step.at]


def _fingerprint(world: World, first: State, result: Result) -> NDArray[np.uint64]:
    """Where everybody began and ended, in which state and look, after how many turns, [n]; the same for equal games."""
    last = result.state
    found = mix(result.turns.astype(np.uint64) << np.uint64(16) | result.outcome.astype(np.uint8).astype(np.uint64))
    for slot in range(world.num_agents):
        ends = last.node[:, slot].astype(np.uint64) << np.uint64(32) | first.node[:, slot].astype(np.uint64)
        found = mix(found + ends)
        found = mix(
            found + (last.status[:, slot].astype(np.uint64) << np.uint64(16) | last.guise[:, slot].astype(np.uint64))
        )
    return found
