"""Playing batches of episodes to their end: the public way to play.

Dimension letters: ``B`` episodes, ``A`` agent slots.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from pursuit.core.rng import Draws, KeyedDraws
from pursuit.core.state import Actions, Refusal, State, Status, Verb
from pursuit.core.world import Ruleset, World
from pursuit.mimicry.channel import Channel
from pursuit.play.finals import Finals, Rows
from pursuit.play.result import Result
from pursuit.play.voices import Caller, Chorus, Speaker, directly
from pursuit.rules.common import some
from pursuit.rules.turn import step
from pursuit.sense.resolve import resolve

LANES = 4096
"""Episodes that are under way at once: enough that numpy's calls cost little beside what they do."""

_PATIENCE = 8  # an eighth of the lanes may idle before others begin,
_LAST_PATIENCE = 4  # and a quarter when nobody waits any more


@dataclass(frozen=True)
class Step:
    """One turn as it was played, for whoever listens."""

    rows: Rows  # [n] episodes, as the rollout was given them, that this turn was played in
    at: Rows  # [n] their rows in the states and actions
    before: State
    actions: Actions
    after: State
    channels: Collection[Channel] = ()  # what the minds of `before` believe; good until the next turn


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
    lanes: int = LANES,
    call: Caller = directly,
) -> Result:
    """Play B episodes from ``state`` until each has ended, or for so many turns.

    At most ``lanes`` are under way at once; as some end, the next begin (with ``turns`` or ``history`` all begin
    together). A row plays the same alone and in any batch.

    ``draws`` answers the rules' questions to chance (keyed draws by default); ``on_turn`` hears of every turn.
    ``history`` is the states that led to ``state``, the oldest first: the policies are shown them, so that they
    remember what they would. ``call`` calls the policies, for who wants to stand between (a referee with a clock).
    Raises IllegalActionError under ``strict``.
    """
    begun = time.perf_counter()
    past = list(history)
    together = turns is not None or bool(past)
    num_lanes = state.num_rows if together else lanes
    run = _Run(world, state, speakers, draws or KeyedDraws(), on_turn, strict, num_lanes, call)
    run.recall(past)
    run.play(turns)
    final = run.final()
    return Result(world, final, final.turn - state.turn, run.agent_steps, time.perf_counter() - begun)


def forbidden(world: World, before: State, actions: Actions, after: State) -> NDArray[np.bool_]:
    """Who chose, in this turn, what its agent could never have done, [B, A].

    What a cue asks for is the scenario's wish, not the policy's: it may ask for what the rules refuse. The classical
    rules refuse nothing; there it is a goal that is no node.
    """
    if world.ruleset != Ruleset.STORY:
        return (actions.goal + 1).view(np.uint32) > world.board.num_nodes
    never = (after.refused > Refusal.NONE.value) & (after.refused < Refusal.TOO_FAR.value)
    return never & (before.cue < 0)


def join(states: Sequence[State]) -> State:
    """Rows of several states, one after another."""
    first = states[0]
    return first.evolve(
        **{name: np.concatenate([getattr(state, name) for state in states]) for name, _ in first.columns()}
    )


class _Run:
    """A batch under way: episodes in lanes, the rest waiting for a free one.

    An episode that has ended is put aside at once and its lane plays on unheard; when enough lanes are idle the
    others close ranks, and those that waited join them. So ending costs nothing but the row's own columns.
    """

    def __init__(
        self,
        world: World,
        state: State,
        speakers: Sequence[Speaker],
        draws: Draws,
        on_turn: OnTurn | None,
        strict: bool,
        lanes: int,
        call: Caller,
    ) -> None:
        self.world, self.draws, self.on_turn, self.strict = world, draws, on_turn, strict
        self.agent_steps = 0
        self._finals = Finals(state)
        self._rows: Rows = np.arange(min(state.num_rows, lanes))  # episode of each lane
        self._num_begun = len(self._rows)
        self._num = state.num_rows
        self._state = self._finals.begin(self._rows)
        self._before: State | None = None
        self._done: NDArray[np.bool_] = np.zeros(len(self._rows), np.bool_)
        self._chorus = Chorus(world, speakers, len(self._rows), call)
        if self._state.ended.any():
            self._put_aside(self._state.ended)

    def recall(self, past: Sequence[State]) -> None:
        """Show the policies what has been, and pass over what they would do."""
        for earlier in past:
            self._chorus.ask(earlier, self._before)
            self._before = earlier

    def play(self, turns: int | None) -> None:
        played = 0
        while not self._done.all() and (turns is None or played < turns):
            self._turn()
            played += 1

    def _turn(self) -> None:
        state, world = self._state, self.world
        actions = resolve(world, state, self._chorus.ask(state, self._before))
        self.agent_steps += int(np.count_nonzero(self._well(state)))
        waits = some(self._done) > 0
        running = state.evolve(ended=np.zeros(len(self._rows), np.bool_)) if waits else state
        after = step(world, running, actions, self.draws)
        if waits:
            after = after.evolve(ended=after.ended | self._done)
        if self.strict:
            self._blame(state, actions, after)
        if self.on_turn is not None:
            at = np.flatnonzero(~self._done)
            self.on_turn(Step(self._rows[at], at, state, actions, after, self._chorus.channels))
        self._before, self._state = state, after
        ended = after.ended & ~self._done
        if some(ended):
            self._put_aside(ended)

    def _well(self, state: State) -> NDArray[np.bool_]:
        well = state.status == Status.WELL.value
        return well & ~self._done[:, None] if some(self._done) else well

    def _put_aside(self, ended: NDArray[np.bool_]) -> None:
        at = np.flatnonzero(ended)
        self._finals.keep(self._rows[at], self._state, at)
        self._done = self._done | ended
        idle = int(np.count_nonzero(self._done))
        waiting = self._num - self._num_begun
        if idle * (_PATIENCE if waiting else _LAST_PATIENCE) < len(self._rows) or (
            idle == len(self._rows) and not waiting
        ):
            return
        left = np.flatnonzero(~self._done)
        new = np.arange(self._num_begun, self._num_begun + min(idle, waiting))
        self._num_begun += len(new)
        self._rows = np.concatenate([self._rows[left], new])
        self._before = self._finals.unseen(self._before, left, new)
        self._state = self._finals.close_ranks(self._state, left, new)
        self._done = np.zeros(len(self._rows), np.bool_)
        self._chorus.keep(left, len(new))
        if len(new) and self._state.ended.any():
            self._put_aside(self._state.ended)

    def final(self) -> State:
        """The last state of every episode, in the order they were given."""
        left = np.flatnonzero(~self._done)
        if len(left) == self._num:
            return self._state
        self._finals.keep(self._rows[left], self._state, left)
        return self._finals.join()

    def _blame(self, before: State, actions: Actions, after: State) -> None:
        """Raise for the first part of an action that its agent could never have done."""
        wrong = forbidden(self.world, before, actions, after) & ~self._done[:, None]
        if not wrong.any():
            return
        row, slot = (int(index[0]) for index in np.nonzero(wrong))
        reason = Refusal(after.refused[row, slot])
        is_goal = reason in (Refusal.GOAL, Refusal.NONE)
        part = f"goal {int(actions.goal[row, slot])}" if is_goal else _verb(actions, row, slot)
        policy = next(v.speaker.spec for v in self._chorus.voices if slot in v.speaker.slots)
        raise IllegalActionError(
            f"seed {int(before.seed[row])}, turn {int(before.turn[row]) + 1}: {policy} chose for "
            f"{self.world.agent_name[slot]} an illegal {part}"
            + (f": refused ({reason.name.lower()})" if reason else "")
        )


def _verb(actions: Actions, row: int, slot: int) -> str:
    verb, thing = int(actions.verb[row, slot]), int(actions.object[row, slot])
    name = Verb(verb).name.lower() if 0 <= verb < len(Verb) else f"verb {verb}"
    return f"{name} of {thing}"
