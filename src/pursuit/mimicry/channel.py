"""What each mind believes, kept from turn to turn: belief is the mind's, whoever of it is asked.

A channel runs one filter for every (episode, mind) that has an agent whose policy wants it. Who leaves a mind takes a
copy of its belief along; who joins one takes over the host's and loses its own. A mind that nobody able is left of
forgets.

Dimension letters: ``B`` episodes, ``A`` agent slots, ``M`` minds, ``R`` rows, one for each (episode, mind).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import State
from pursuit.core.world import Ruleset, World
from pursuit.mimicry.belief import Belief
from pursuit.mimicry.identity import Identity
from pursuit.mimicry.position import Position
from pursuit.sense.live import Live, live_rows
from pursuit.sense.observation import Beliefs, Brief, Observation
from pursuit.sense.observe import brief, observe

Array = NDArray[Any]
Flat = NDArray[np.intp]


class Filter(Protocol):
    """Turns what a mind sees into what it believes, for rows of minds."""

    def start(self, rows: int) -> Any: ...

    def update(self, belief: Any, obs: Observation) -> Any: ...


Believes: TypeAlias = Callable[[Brief], Filter | None]
"""What a policy names as ``believes``: its filter, made once for a world; None where it has nothing to tell."""


def identity_of(brief: Brief) -> Identity | None:
    """Who is the shifter, and where everybody is; None in a cast without a shifter."""
    return Identity(brief) if brief.shifter >= 0 else None


def whereabouts_of(brief: Brief) -> Identity | Position | None:
    """Where everybody is: by looks in a classical ruleset, else as `identity_of`."""
    return Position(brief) if brief.ruleset != Ruleset.STORY else brief.derive(identity_of)


def believed(obs: Observation) -> Belief | None:
    """What the rows of an observation believe of the shifter and everybody else; None where nobody changes shape."""
    belief = obs.belief
    return belief if isinstance(belief, Belief) else None


class Channel:
    """One filter at work on a batch."""

    def __init__(self, world: World, believes: Believes, slots: tuple[int, ...]) -> None:
        self._speaks = np.zeros(world.num_agents, np.bool_)
        self._speaks[list(slots)] = True
        self.name = believes.__name__.removesuffix("_of")
        self._filter = brief(world, slots).derive(believes)
        self._live: Live | None = None  # the rows that looked last, ...
        self._belief: Any = None  # ... what they believe, [R, ...], ...
        self._at: tuple[Flat, Flat] = np.empty(0, np.intp), np.empty(0, np.intp)  # ... their episodes and minds, ...
        self._minds: Array = np.empty((0, world.num_agents), np.int8)  # ... and whose mind everybody was of, [B, A]

    def look(self, world: World, state: State, before: State | None) -> None:
        """Everybody looks around; once for every state that is played, in order."""
        if self._filter is None:
            return
        live = live_rows(world, state, self._speaks)
        if live is not self._live:
            self._carry_over(world, live, state.num_rows)
            self._live, self._at, self._minds = live, (live.episode, live.mind), state.mind
        if len(live.episode):
            self._belief = self._filter.update(self._belief, observe(world, state, live, before))

    def of(self, live: Live) -> Beliefs | None:
        """What the rows of some call believe by now; they are among those that looked."""
        if self._filter is None or self._live is None:
            return None
        belief: Beliefs = self._belief
        if live is self._live:
            return belief
        rows = self._places(live.episode, live.mind, live.batch)
        if len(rows) == len(self._at[0]) and (rows == np.arange(len(rows))).all():
            return belief
        return belief.take(rows)

    @property
    def held(self) -> tuple[Flat, Flat, Belief | None]:
        """(episodes, minds, what they believe by now) of the rows that looked last."""
        belief = self._belief if self._live is not None else None
        return *self._at, belief if isinstance(belief, Belief) else None

    def keep(self, rows: Flat, new: int = 0) -> None:
        """Go on with some episodes only, and so many new ones."""
        if self._live is None:
            return
        place = np.full(self._live.batch, -1)
        place[rows] = np.arange(len(rows))
        episode, mind = self._at
        kept = np.flatnonzero(place[episode] >= 0)
        self._at = place[episode[kept]], mind[kept]
        self._belief = self._belief.take(kept)
        unborn = np.full((new, self._minds.shape[1]), -1, self._minds.dtype)
        self._minds = np.concatenate([self._minds[rows], unborn])
        self._live = _none(len(rows) + new, self._speaks)

    def _carry_over(self, world: World, live: Live, batch: int) -> None:
        """Make the beliefs those of the rows of ``live``: the mind's own, or of the mind that its first member left."""
        assert self._filter is not None
        rows = np.full(len(live.episode), -1)
        if self._live is not None and len(self._at[0]):
            if live.minds is None:  # minds that never change
                was = live.mind
            else:
                mates, minds = live.mate, self._minds[live.episode]
                stays = np.any(mates & (minds == live.mind[:, None]), axis=1)
                first = minds[np.arange(len(minds)), mates.argmax(axis=1)]
                was = np.where(stays, live.mind, first)
            rows = np.where(was >= 0, self._places(live.episode, np.maximum(was, 0), batch), -1)
        if (rows < 0).all():
            self._belief = self._filter.start(len(rows))
        elif len(rows) != len(self._at[0]) or not (rows == np.arange(len(rows))).all():
            self._belief = self._belief.take(np.maximum(rows, 0))
            fresh = np.flatnonzero(rows < 0)
            if len(fresh):
                self._belief = self._belief.put(fresh, self._filter.start(len(fresh)))

    def _places(self, episode: Flat, mind: Array, batch: int) -> Flat:
        """The rows of minds in what is kept; -1 for minds that are not."""
        width = self._minds.shape[1]
        place = np.full(batch * width, -1)
        place[self._at[0] * width + self._at[1]] = np.arange(len(self._at[0]))
        return place[episode * width + mind]


def _none(batch: int, speaks: NDArray[np.bool_]) -> Live:
    nobody = np.empty(0, np.intp)
    return Live(batch, nobody, nobody, speaks, (nobody, nobody))
