"""One policy in a rollout: for whom it speaks, when it is asked, what it remembers.

Dimension letters: ``B`` episodes, ``A`` agent slots, ``R`` rows, one for each (episode, mind).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import State
from pursuit.core.world import Ruleset, World
from pursuit.mimicry.channel import Believes, Channel
from pursuit.policies.base import Memory, Policy, believes, chosen, oracle
from pursuit.sense.live import Live, live_rows
from pursuit.sense.observation import Intents, Observation
from pursuit.sense.observe import brief, observe, revealed


@dataclass(frozen=True)
class Speaker:
    """A policy and the agents it chooses for."""

    policy: Policy
    slots: tuple[int, ...]
    spec: str  # as it is written after ``--policy``


Caller: TypeAlias = Callable[..., Any]
"""How a policy's functions are called: (speaker, function, arguments …) → what the function answers."""


def directly(speaker: Speaker, function: Callable[..., Any], *arguments: Any) -> Any:
    """Calls it, and lets pass whatever it raises."""
    del speaker
    return function(*arguments)


def channels(world: World, speakers: Sequence[Speaker]) -> dict[Believes, Channel]:
    """A channel for each filter that some policy wants, on behalf of all agents whose policies want it."""
    slots: dict[Believes, tuple[int, ...]] = {}
    for speaker in speakers:
        wanted = believes(speaker.policy)
        if wanted is not None:
            slots[wanted] = slots.get(wanted, ()) + speaker.slots
    return {wanted: Channel(world, wanted, of) for wanted, of in slots.items()}


class Chorus:
    """Several speakers at work on a batch, and the channels of belief that they share."""

    def __init__(self, world: World, speakers: Sequence[Speaker], rows: int, call: Caller = directly) -> None:
        self._world = world
        found = channels(world, speakers)
        self.channels: Collection[Channel] = found.values()
        self.voices = [Voice(world, speaker, rows, found, call) for speaker in speakers]

    def ask(self, state: State, before: State | None) -> list[tuple[Live, Intents]]:
        """What each speaker chooses for those it has left, once all who keep beliefs have looked around."""
        for channel in self.channels:
            channel.look(self._world, state, before)
        asked = [voice.ask(self._world, state, before) for voice in self.voices]
        return [answer for answer in asked if answer is not None]

    def keep(self, rows: NDArray[np.intp], new: int = 0) -> None:
        """Go on with some episodes only, and so many new ones after them."""
        for voice in self.voices:
            voice.keep(rows, new)
        for channel in self.channels:
            channel.keep(rows, new)


class Voice:
    """A speaker at work on a batch.

    What a policy remembers of an agent stays with the agent, wherever its mind goes. Where minds can change, rows are
    put together anew when they or their members did; entries of agents that a row does not speak for are blank then.
    What its mind believes comes from a channel that it may share with others.
    """

    def __init__(
        self,
        world: World,
        speaker: Speaker,
        rows: int,
        channels: Mapping[Believes, Channel],
        call: Caller = directly,
    ) -> None:
        self.speaker, self._call = speaker, call
        wanted = believes(speaker.policy)
        self._channel = channels[wanted] if wanted is not None else None
        self._speaks = np.zeros(world.num_agents, np.bool_)
        self._speaks[list(speaker.slots)] = True
        told = brief(world, speaker.slots, chosen(speaker.policy))
        self._store: Memory = call(speaker, speaker.policy.init, told, rows)  # [B, A, …]
        self._blank: Memory = {name: column[:1].copy() for name, column in self._store.items()}
        self._gathers = bool(self._store) and not _is_whole(world, self._speaks)
        if self._gathers:
            self._store = {name: np.array(column) for name, column in self._store.items()}
        self._asked: Live | None = None  # the rows asked last, if memory is gathered, ...
        self._memory: Memory = {}  # ... and what they remember [R, A, …]

    def ask(self, world: World, state: State, before: State | None) -> tuple[Live, Intents] | None:
        """What the policy's agents choose, or None if it has none left."""
        live = live_rows(world, state, self._speaks)
        if not len(live.episode):
            return None
        belief = self._channel.of(live) if self._channel is not None else None
        obs: Observation = observe(world, state, live, before, belief)
        if oracle(self.speaker.policy) == "sees all":
            obs = revealed(state, obs)
        act = self.speaker.policy.act
        if self._gathers:
            self._gather(live)
            intents, self._memory = self._call(self.speaker, act, obs, self._memory)
        else:
            intents, self._store = self._call(self.speaker, act, obs, self._store)
        return live, intents

    def keep(self, rows: NDArray[np.intp], new: int = 0) -> None:
        """Go on with some episodes only, and so many new ones."""
        self._scatter()
        for name, column in self._store.items():
            kept = column[rows]
            self._store[name] = np.concatenate([kept, np.repeat(self._blank[name], new, axis=0)]) if new else kept

    def _gather(self, live: Live) -> None:
        """Make `_memory` that of the rows of ``live``."""
        if self._asked is live or (self._asked is not None and _same(self._asked, live)):
            return
        self._scatter()
        rows, slots = _actors(live)
        for name, blank in self._blank.items():
            column = np.repeat(blank, len(live.episode), axis=0)
            column[rows, slots] = self._store[name][live.episode[rows], slots]
            self._memory[name] = column
        self._asked = live

    def _scatter(self) -> None:
        """Write what the rows asked last remember to their agents."""
        if self._asked is not None:
            rows, slots = _actors(self._asked)
            for name, column in self._memory.items():
                self._store[name][self._asked.episode[rows], slots] = column[rows, slots]
        self._asked, self._memory = None, {}


def _is_whole(world: World, speaks: NDArray[np.bool_]) -> bool:
    """Whether rows are episodes, in order, for good: then memory is handed on as it is."""
    return world.ruleset != Ruleset.STORY and len(np.unique(world.mind[speaks])) == 1


def _actors(live: Live) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    assert live.actors is not None, "only rows that are whole episodes have no list of actors"
    return live.actors


def _same(one: Live, other: Live) -> bool:
    """Whether two turns ask the same minds on behalf of the same agents."""
    (rows, slots), (others, other_slots) = _actors(one), _actors(other)
    return (
        np.array_equal(one.episode, other.episode)
        and np.array_equal(one.mind, other.mind)
        and np.array_equal(rows, others)
        and np.array_equal(slots, other_slots)
    )
