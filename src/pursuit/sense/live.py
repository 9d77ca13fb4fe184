"""Which minds look on whose behalf: the rows of an Observation.

Dimension letters: ``B`` episodes, ``A`` agent slots, ``R`` rows, one for each (episode, mind).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
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

    episode: Flat  # [R]
    mind: Flat  # [R]
    speaks: Bools  # [A] agents that the call speaks for
    actors: tuple[Flat, Flat] | None  # (rows, slots) of the own agents, [n] each; None if `whole`
    whole: int = -1  # the mind that is asked in every episode, if the rows are just that
    minds: NDArray[np.int8] | None = None  # [B, A] State.mind, and ...
    status: NDArray[np.int8] | None = None  # [B, A] ... State.status, that the rows were made of

    @cached_property
    def at(self) -> tuple[Flat, Flat]:
        """(episodes, slots) of the own agents, [n] each: where their entries are in a column [B, A]."""
        assert self.actors is not None
        return self.episode[self.actors[0]], self.actors[1]

    @cached_property
    def mate(self) -> Bools:
        """WELL members of each row's mind, [R, A]."""
        assert self.minds is not None and self.status is not None
        well = Status.WELL.value == self.status.T.take(self.episode, axis=-1).T
        well &= self.mind.astype(np.int8)[:, None] == self.minds.T.take(self.episode, axis=-1).T
        return well

    @cached_property
    def member(self) -> tuple[Flat, Flat]:
        """(rows, slots) of all mates, [n] each, in order of row."""
        rows, slots = self.mate.nonzero()
        return rows, slots

    @cached_property
    def is_aligned(self) -> bool:
        """Whether each row has exactly one own agent, and they are listed in the order of the rows."""
        if self.actors is None:
            return False
        rows = self.actors[0]
        return len(rows) == len(self.episode) and bool((rows == np.arange(len(rows))).all())


def live_rows(world: World, state: State, speaks: Bools) -> Live:
    """Every (episode, mind) with a WELL agent in `speaks` [A], in episodes that have not ended.

    In a classical ruleset, where minds never change, agents of one mind get a row in *every* episode: then rows are
    episodes, and nothing has to be gathered.
    """
    if world.ruleset != Ruleset.STORY:
        minds = world.mind[speaks]
        if len(minds) and (minds == minds[0]).all():
            return _whole(state.num_rows, int(minds[0]), speaks.tobytes())
    for kept, live in _LATEST:
        if kept[0] is state.mind and kept[1] is state.status and kept[2] is state.ended and live.speaks is speaks:
            return live  # nobody has fallen, left or changed minds since
    live = _listed(world, state, speaks)
    _LATEST.append(((state.mind, state.status, state.ended), live))
    del _LATEST[:-_KEEP]
    return live


_LATEST: list[tuple[tuple[NDArray[Any], ...], Live]] = []  # answers, which are a function of what is kept with them
_KEEP = 12


def _listed(world: World, state: State, speaks: Bools) -> Live:
    talks = speaks & (state.status == Status.WELL.value) & ~state.ended[:, None]
    num_agents, num_minds = world.num_agents, world.num_minds
    flat = np.flatnonzero(talks)
    episode = flat // num_agents
    slot = flat - episode * num_agents
    code = episode * num_minds + state.mind.reshape(-1).take(flat)
    place = np.zeros(state.num_rows * num_minds, np.intp)
    place[code] = 1
    codes = np.flatnonzero(place)
    place[codes] = np.arange(len(codes))
    episodes = codes // num_minds
    minds = codes - episodes * num_minds
    return Live(episodes, minds, speaks, (place.take(code), slot), -1, state.mind, state.status)


@lru_cache(maxsize=32)
def _whole(rows: int, mind: int, speaks: bytes) -> Live:
    episode, minds = np.arange(rows), np.full(rows, mind)
    return Live(episode, minds, np.frombuffer(speaks, np.bool_), None, mind)


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
    return Live(live.episode[picked], live.mind[picked], live.speaks, actors, whole, live.minds, live.status)
