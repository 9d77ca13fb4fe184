"""Which minds look on whose behalf: the rows of an Observation.

Dimension letters: ``B`` episodes, ``A`` agent slots, ``R`` rows, one for each (episode, mind).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import is_
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import State, Status
from pursuit.core.world import Ruleset, World

Bools = NDArray[np.bool_]
Flat = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Live:
    """The rows of one call of a policy, in order of episode and mind, and the agents it speaks for."""

    batch: int  # B
    episode: Flat  # [R]
    mind: Flat  # [R]
    speaks: Bools  # [A] agents that the call speaks for
    actors: tuple[Flat, Flat] | None  # (rows, slots) of the own agents, [n] each; None if `whole`
    whole: int = -1  # the mind that is asked in every episode, if the rows are just that
    minds: NDArray[np.int8] | None = None  # [B, A] State.mind, and ...
    status: NDArray[np.int8] | None = None  # [B, A] ... State.status, that the rows were made of

    @cached_property
    def cells(self) -> Flat:
        """Where the own agents' entries are in a column [B, A] as it lies in memory, [n]."""
        assert self.actors is not None
        rows, slots = self.actors
        cells: Flat = slots * self.batch + self.episode.take(rows)
        return cells

    @cached_property
    def views(self) -> Flat:
        """Where the rows' entries are in a column [B, M] as it lies in memory, [R]."""
        views: Flat = self.mind * self.batch + self.episode
        return views

    @cached_property
    def mate(self) -> Bools:
        """WELL members of each row's mind, [R, A]."""
        assert self.minds is not None and self.status is not None
        well = Status.WELL.value == self.status.T.take(self.episode, axis=-1).T
        well &= self.mind.astype(np.int8)[:, None] == self.minds.T.take(self.episode, axis=-1).T
        return well

    @cached_property
    def own(self) -> Bools:
        """WELL agents that the call speaks for, [R, A]."""
        return self.mate & self.speaks

    @cached_property
    def member(self) -> Members:
        """All mates."""
        return members(self, self.mate)

    @cached_property
    def is_aligned(self) -> bool:
        """Whether each row has exactly one own agent, and they are listed in the order of the rows."""
        if self.actors is None:
            return False
        rows = self.actors[0]
        return len(rows) == len(self.episode) and bool((rows == np.arange(len(rows))).all())


@dataclass(frozen=True, eq=False)
class Members:
    """Who knows what a row knows, [n] each, in order of row."""

    row: Flat
    slot: Flat
    episode: Flat
    cell: Flat  # where their entries are in a column [B, A] as it lies in memory
    first: Flat | None  # [r] the first of each row that has any; None if every row has just one


def members(live: Live, mate: Bools) -> Members:
    """The mates [R, A] of the rows of a call, listed."""
    row, slot = mate.nonzero()
    episode = live.episode.take(row)
    first = None
    if len(row) != len(live.episode) or not (row == np.arange(len(row))).all():
        first = np.diff(row, prepend=-1).nonzero()[0]
    return Members(row, slot, episode, slot * live.batch + episode, first)


def live_rows(world: World, state: State, speaks: Bools) -> Live:
    """Every (episode, mind) with a WELL agent in `speaks` [A], in episodes that have not ended.

    In a classical ruleset, where minds never change, agents of one mind get a row in *every* episode: then rows are
    episodes, and nothing has to be gathered.
    """
    recent, called = world.derive(_Recent), speaks.tobytes()
    if world.ruleset != _STORY:
        if called not in recent.mind:
            minds = set(world.mind[speaks].tolist())
            recent.mind[called] = minds.pop() if len(minds) == 1 else -1
        if recent.mind[called] >= 0:
            return _whole(state.num_rows, recent.mind[called], called)
    made_of = state.mind, state.status, state.ended
    before = recent.live.get(called)
    if before is not None and all(map(is_, before[0], made_of)):
        return before[1]  # nobody has fallen, left or changed minds since
    live = _listed(state, world.num_minds, speaks)
    recent.live[called] = made_of, live
    return live


class _Recent:
    """What is known of every set of agents that a policy speaks for, by the bytes of its mask."""

    def __init__(self, world: World) -> None:
        self.mind: dict[bytes, int] = {}  # the one mind that they are of where minds are fixed, -1 for several
        self.live: dict[bytes, tuple[tuple[NDArray[Any], ...], Live]] = {}  # latest rows, and what they were made of


def _listed(state: State, num_minds: int, speaks: Bools) -> Live:
    own = speaks.nonzero()[0]
    talks = state.status.T[own] == Status.WELL.value
    talks &= ~state.ended
    episode, at = talks.T.nonzero()
    slot = own.take(at)
    mind = state.mind[episode, slot].astype(np.intp)
    if len(own) == 1:
        return Live(
            state.num_rows, episode, mind, speaks, (np.arange(len(episode)), slot), -1, state.mind, state.status
        )
    code = episode * num_minds + mind
    place = np.zeros(state.num_rows * num_minds, np.intp)
    place[code] = 1
    codes = place.nonzero()[0]
    place[codes] = np.arange(len(codes))
    episodes = codes // num_minds
    minds = codes - episodes * num_minds
    return Live(state.num_rows, episodes, minds, speaks, (place.take(code), slot), -1, state.mind, state.status)


@lru_cache(maxsize=32)
def _whole(rows: int, mind: int, speaks: bytes) -> Live:
    episode, minds = np.arange(rows), np.full(rows, mind)
    return Live(rows, episode, minds, np.frombuffer(speaks, np.bool_), None, mind)


def some_rows(live: Live, rows: NDArray[np.intp] | Bools | slice) -> Live:
    """The same call on some of its rows."""
    picked = np.arange(len(live.episode))[rows]
    actors = None
    if live.actors is not None:
        place = np.full(len(live.episode), -1)
        place[picked] = np.arange(len(picked))
        row = place[live.actors[0]]
        actors = row[row >= 0], live.actors[1][row >= 0]
    whole = live.whole if live.actors is None and len(picked) == len(live.episode) else -1
    return Live(
        live.batch, live.episode[picked], live.mind[picked], live.speaks, actors, whole, live.minds, live.status
    )


_STORY = Ruleset.STORY.value
