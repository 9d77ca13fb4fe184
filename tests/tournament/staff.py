"""What the tests of tournaments share: a small plan, a quick way to play it, and policies with planned faults.

A faulty policy plays at random but for the games whose turn has come: those in whose first observation the row's key is
a multiple of `EVERY`. Which games that are can be told beforehand from their seeds.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from pursuit.policies.base import Memory
from pursuit.policies.random_walk import RandomWalk
from pursuit.sense.observation import Intents, Observation
from pursuit.tournament import pools
from pursuit.tournament.ledger import Ledger
from pursuit.tournament.plan import Limits, Mode, Plan, Venue, read_entrants
from pursuit.tournament.results import Results
from pursuit.tournament.runner import Options, run
from pursuit.tournament.schedule import Schedule
from pursuit.tournament.spec import make_spec

EVERY = 8
HERE = "tests.tournament.staff"


def small(
    *entrants: str, mode: Mode = "roundrobin", venues: tuple[str, ...] = ("duel_torus",), pairs: int = 20, **more: Any
) -> Plan:
    """A plan on small boards."""
    return Plan(mode, read_entrants(entrants), tuple(Venue(venue) for venue in venues), pairs, **more)


def played(plan: Plan, folder: Path, pool: pools.Pool | None = None, **options: Any) -> Results:
    """Play a plan, in this process unless told otherwise."""
    spec = make_spec(plan)
    with Ledger(folder, spec) as ledger:
        return run(Schedule(plan), spec, ledger, pool or pools.here(), Options(**options))


QUICK = Limits(seconds=0.4, memory=1024)


@dataclass(eq=False)
class Faulty(RandomWalk):
    """Walks at random, and is faulty in every eighth game, on its third turn."""

    name: ClassVar[str] = "faulty"
    sides: ClassVar[tuple[str, ...]] = ("hunter", "guardian")

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        due = (obs.key % np.uint64(EVERY) == 0) & (obs.turn == 2) & obs.own.any(axis=1)
        answer = super().act(obs, memory)
        return self.fail(*answer, due) if due.any() else answer

    def fail(self, intents: Intents, memory: Memory, due: Any) -> tuple[Intents, Memory]:
        raise NotImplementedError


class Crashes(Faulty):
    """Divides by zero."""

    name = "crashes"

    def fail(self, intents: Intents, memory: Memory, due: Any) -> tuple[Intents, Memory]:
        raise ZeroDivisionError("as planned")


class Hangs(Faulty):
    """Never answers, and would swallow any exception."""

    name = "hangs"

    def fail(self, intents: Intents, memory: Memory, due: Any) -> tuple[Intents, Memory]:
        while True:
            try:
                time.sleep(0.01)
            except Exception:
                continue


class Dawdles(Faulty):
    """Answers late."""

    name = "dawdles"

    def fail(self, intents: Intents, memory: Memory, due: Any) -> tuple[Intents, Memory]:
        time.sleep(1.5 * QUICK.seconds)
        return intents, memory


class Misshapen(Faulty):
    """Answers for one agent too few."""

    name = "misshapen"

    def fail(self, intents: Intents, memory: Memory, due: Any) -> tuple[Intents, Memory]:
        return replace(intents, goal=intents.goal[:, 1:]), memory


class Cheats(Faulty):
    """Heads off the board."""

    name = "cheats"

    def fail(self, intents: Intents, memory: Memory, due: Any) -> tuple[Intents, Memory]:
        goal = intents.goal.copy()
        goal[due] = 1 << 20
        return replace(intents, goal=goal), memory


class Devours(Faulty):
    """Asks for eight gibibytes."""

    name = "devours"

    def fail(self, intents: Intents, memory: Memory, due: Any) -> tuple[Intents, Memory]:
        np.ones(1 << 30)
        return intents, memory


class Dies(Faulty):
    """Takes the whole process with it."""

    name = "dies"

    def fail(self, intents: Intents, memory: Memory, due: Any) -> tuple[Intents, Memory]:
        os._exit(3)


class NeverStarts(Faulty):
    """Fails before the first turn."""

    name = "never_starts"

    def init(self, brief: Any, rows: int) -> Memory:
        raise LookupError("no table")
