"""Playing batches of episodes to their end: the public way to play.

Dimension letters: ``B`` episodes, ``A`` agent slots.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import Draws, KeyedDraws
from pursuit.core.state import Actions, Refusal, State, Status, Verb
from pursuit.core.world import World
from pursuit.play.finals import Finals, Rows
from pursuit.play.result import Result
from pursuit.play.voices import Speaker, Voice
from pursuit.rules.turn import step
from pursuit.sense.resolve import resolve

CHUNK = 4096
"""Episodes that are played at once; more are played one chunk after another."""


@dataclass(frozen=True)
class Step:
    """One turn as it was played, for whoever listens."""

    rows: Rows  # [n] episodes, as the rollout was given them, that this turn was played in
    at: Rows  # [n] their rows in the states and actions
    before: State
    actions: Actions
    after: State


OnTurn: TypeAlias = Callable[[Step], None]


class IllegalActionError(RuntimeError):
    """Under `strict`, a policy chose what its agent could never do."""


def rollout(
    world: World,
    state: State,
    speakers: Sequence[Speaker],
    *,
    draws: Draws | None = None,
    turns: int | None = None,
    on_turn: OnTurn | None = None,
    history: Iterable[State] = (),
    strict: bool = False,
) -> Result:
    """Play B episodes from ``state`` until each has ended, or for so many turns.

    A row plays the same alone and in any batch. ``draws`` answers the rules' questions to chance (keyed draws by
    default); ``on_turn`` hears of every turn. ``history`` is the states that led to ``state``, the oldest first: the
    policies are shown them, so that they remember what they would. Raises IllegalActionError under ``strict``.
    """
    begun = time.perf_counter()
    chunks = [slice(start, start + CHUNK) for start in range(0, state.num_rows, CHUNK)]
    past = list(history)
    played = []
    for part in chunks:
        begin = state if len(chunks) == 1 else state.take(part)
        run = _Run(world, begin, speakers, draws or KeyedDraws(), part.start, on_turn, strict)
        run.recall(past if len(chunks) == 1 else [earlier.take(part) for earlier in past])
        run.play(turns)
        played.append(run)
    final = played[0].final() if len(played) == 1 else join([run.final() for run in played])
    steps = sum(run.agent_steps for run in played)
    return Result(world, final, final.turn - state.turn, steps, time.perf_counter() - begun)


def join(states: Sequence[State]) -> State:
    """Rows of several states, one after another."""
    first = states[0]
    return first.evolve(
        **{name: np.concatenate([getattr(state, name) for state in states]) for name, _ in first.columns()}
    )


class _Run:
    """One chunk under way.

    An episode that has ended is put aside at once and its row plays on unheard; when a quarter of the rows is done
    the others close ranks. So ending costs nothing but the row's own columns.
    """

    def __init__(
        self,
        world: World,
        state: State,
        speakers: Sequence[Speaker],
        draws: Draws,
        first: int,
        on_turn: OnTurn | None,
        strict: bool,
    ) -> None:
        self.world, self.draws, self.on_turn, self.strict = world, draws, on_turn, strict
        self.first = first
        self.agent_steps = 0
        self._num = state.num_rows
        self._rows: Rows = np.arange(self._num)  # episode of each row
        self._done: NDArray[np.bool_] = state.ended.copy()
        self._state = state
        self._before: State | None = None
        self._finals = Finals(state)
        self._voices = [Voice(world, speaker, self._num) for speaker in speakers]
        if self._done.any():
            ended = np.flatnonzero(self._done)
            self._finals.keep(ended, state, ended)

    def recall(self, past: Sequence[State]) -> None:
        """Show the policies what has been, and pass over what they would do."""
        for earlier in past:
            for voice in self._voices:
                voice.ask(self.world, earlier, self._before)
            self._before = earlier

    def play(self, turns: int | None) -> None:
        played = 0
        while not self._done.all() and (turns is None or played < turns):
            self._turn()
            played += 1

    def _turn(self) -> None:
        state, world = self._state, self.world
        asked = [voice.ask(world, state, self._before) for voice in self._voices]
        actions = resolve(world, state, [answer for answer in asked if answer is not None])
        self.agent_steps += int(np.count_nonzero(self._well(state)))
        waits = self._done.any()
        running = state.evolve(ended=np.zeros(len(self._rows), np.bool_)) if waits else state
        after = step(world, running, actions, self.draws)
        if waits:
            after = after.evolve(ended=after.ended | self._done)
        if self.strict:
            self._blame(state, actions, after)
        if self.on_turn is not None:
            at = np.flatnonzero(~self._done)
            self.on_turn(Step(self.first + self._rows[at], at, state, actions, after))
        self._before, self._state = state, after
        ended = after.ended & ~self._done
        if ended.any():
            self._put_aside(ended)

    def _well(self, state: State) -> NDArray[np.bool_]:
        well = state.status == Status.WELL.value
        return well & ~self._done[:, None] if self._done.any() else well

    def _put_aside(self, ended: NDArray[np.bool_]) -> None:
        at = np.flatnonzero(ended)
        self._finals.keep(self._rows[at], self._state, at)
        self._done = self._done | ended
        left = np.flatnonzero(~self._done)
        if len(left) and 4 * len(left) <= 3 * len(self._rows):
            self._state, self._rows = self._finals.close_ranks(self._state, left), self._rows[left]
            self._before = self._before.take(left) if self._before is not None else None
            self._done = np.zeros(len(left), np.bool_)
            for voice in self._voices:
                voice.keep(left)

    def final(self) -> State:
        """The last state of every episode, in the order they were given."""
        left = np.flatnonzero(~self._done)
        if len(left) == self._num:
            return self._state
        self._finals.keep(self._rows[left], self._state, left)
        return self._finals.join()

    def _blame(self, before: State, actions: Actions, after: State) -> None:
        """Raise for the first part of an action that its agent could never have done.

        What a cue asks for is the scenario's wish, not the policy's: it may ask for what the rules refuse.
        """
        never = (after.refused > Refusal.NONE) & (after.refused < Refusal.TOO_FAR)
        wrong = never & (before.cue < 0) & ~self._done[:, None]
        if not wrong.any():
            return
        row, slot = (int(index[0]) for index in np.nonzero(wrong))
        reason = Refusal(after.refused[row, slot])
        part = f"goal {int(actions.goal[row, slot])}" if reason == Refusal.GOAL else _verb(actions, row, slot)
        policy = next(v.speaker.spec for v in self._voices if slot in v.speaker.slots)
        raise IllegalActionError(
            f"seed {int(before.seed[row])}, turn {int(before.turn[row]) + 1}: {policy} chose for "
            f"{self.world.agent_name[slot]} an illegal {part}: refused ({reason.name.lower()})"
        )


def _verb(actions: Actions, row: int, slot: int) -> str:
    verb, thing = int(actions.verb[row, slot]), int(actions.object[row, slot])
    name = Verb(verb).name.lower() if 0 <= verb < len(Verb) else f"verb {verb}"
    return f"{name} of {thing}"
