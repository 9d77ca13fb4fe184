"""Trigger coverage: which triggers of a scenario fired and when, which never did, and how near they came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pursuit.core.script import Ask, Condition
from pursuit.core.state import State
from pursuit.core.world import World
from pursuit.play.checks import Turn
from pursuit.rules.script.conditions import Look, holds


@dataclass(frozen=True)
class Coverage:
    """What became of one trigger over all episodes."""

    name: str
    fired: int  # episodes in which it fired
    episodes: int
    first_turn: int  # earliest turn of a first firing, -1 for never
    median_turn: int  # median turn of the last firing, -1 for never
    near_miss: str  # how far it came, where it never fired

    @property
    def never(self) -> bool:
        return self.fired == 0


class TriggerWatch:
    """Watches the triggers of a world while episodes 0 to B − 1 are played."""

    def __init__(self, world: World, num_episodes: int) -> None:
        self.world = world
        num = len(world.script.triggers)
        self._fired = np.zeros((num_episodes, num), np.int64)
        self._first = np.full((num_episodes, num), np.iinfo(np.int32).max, np.int64)
        self._last = np.full((num_episodes, num), -1, np.int64)
        self._happened = np.zeros(num, np.int64)  # episode-turns in which `on` held
        self._parts = [np.zeros(len(_parts(trigger.when)), np.int64) for trigger in world.script.triggers]
        self._disabled = np.zeros(num, np.bool_)

    def hear(self, turn: Turn) -> None:
        """Listen to a rollout: hand this to it as ``on_turn``."""
        whole = len(turn.at) == turn.after.num_rows
        after = turn.after if whole else turn.after.take(turn.at)
        before = turn.before if whole else turn.before.take(turn.at)
        self.see(after, turn.rows, before)

    def see(self, state: State, rows: NDArray[np.intp] | None = None, before: State | None = None) -> None:
        """Note the state after a turn (and the one before the first)."""
        if rows is None:
            rows = np.arange(state.num_rows)
        has_fired = state.fired > 0
        self._fired[rows] = state.fired
        self._first[rows] = np.where(has_fired, np.minimum(self._first[rows], state.fired_turn), self._first[rows])
        self._last[rows] = state.fired_turn
        waiting = np.flatnonzero(~self._fired.any(axis=0))
        look = Look(self.world, state, state.turn, closed=True, before=before) if len(waiting) else None
        for index in waiting.tolist():
            assert look is not None
            trigger = self.world.script.triggers[index]
            self._disabled[index] = not state.enabled[:, index].any()
            happens = holds(look, trigger.on)
            self._happened[index] += np.count_nonzero(happens)
            if trigger.on.ask != Ask.START and happens.any():
                for at, part in enumerate(_parts(trigger.when)):
                    self._parts[index][at] += np.count_nonzero(happens & holds(look, part))

    def results(self) -> tuple[Coverage, ...]:
        """What became of each trigger, in their order."""
        found = []
        for index, trigger in enumerate(self.world.script.triggers):
            fired = self._fired[:, index] > 0
            any_fired = bool(fired.any())
            found.append(
                Coverage(
                    name=trigger.name,
                    fired=int(fired.sum()),
                    episodes=len(fired),
                    first_turn=int(self._first[fired, index].min()) if any_fired else -1,
                    median_turn=int(np.median(self._last[fired, index])) if any_fired else -1,
                    near_miss="" if any_fired else self._near_miss(index),
                )
            )
        return tuple(found)

    def _near_miss(self, index: int) -> str:
        trigger = self.world.script.triggers[index]
        event = trigger.on.ask.name.lower()
        times = int(self._happened[index])
        if self._disabled[index]:
            return "it was disabled"
        if not times:
            return f"its event ({event}) never happened"
        parts = self._parts[index]
        if not len(parts):
            return f"its event ({event}) happened {times} times"
        worst = int(parts.argmin())
        asked = _parts(trigger.when)[worst].ask.name.lower()
        return (
            f"its event ({event}) happened {times} times, part {worst + 1} of 'when' ({asked}) held in {parts[worst]}"
        )


def _parts(when: Condition | None) -> tuple[Condition, ...]:
    if when is None:
        return ()
    return when.parts if when.ask == Ask.ALL else (when,)
