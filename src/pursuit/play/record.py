"""Writing a replay while an episode is played."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np

from pursuit.core.rng import CountingDraws, Stream
from pursuit.core.state import Actions, State, digest
from pursuit.core.world import World
from pursuit.play import records
from pursuit.play.deltas import action_difference, difference, whole
from pursuit.play.frames import Sink
from pursuit.rules.told.events import Event, Kind
from pursuit.rules.version import RULES_VERSION


def rules_hash(world: World) -> str:
    """Fingerprint of what decides how a turn is played: the rules' version, the roster and the loose numbers."""
    hasher = hashlib.blake2b(f"rules {RULES_VERSION}; {world.numbers}".encode(), digest_size=8)
    for field in fields(world.roster):
        table = getattr(world.roster, field.name)
        if isinstance(table, np.ndarray):
            table = table.astype(np.int64).tolist()
        hasher.update(f"; {field.name} {table}".encode())
    return hasher.hexdigest()


def text_hash(text: str) -> str:
    """Fingerprint of a content file: of its text, however its lines end."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


class Recorder:
    """One episode on its way to a file.

    Hand its `draws` to the rollout and call `turn` after every turn. The file can be read at any time; `end` makes
    it complete.
    """

    def __init__(self, path: Path, head: records.Head, start: State) -> None:
        """Writes the head and the state before the first turn (B = 1). Raises ContentError if that fails."""
        self.path = path
        self.draws = CountingDraws(1)
        self._turns = 0
        self._tallies: Counter[str] = Counter()
        self._drawn = self.draws.count[0].copy()
        self._sink = Sink(path)
        self._write(head)
        self._write(records.Key(0, whole(start)))

    def turn(
        self,
        before: State,
        actions: Actions,
        after: State,
        events: Sequence[Event],
        exact: Sequence[int] = (),
        beliefs: Sequence[records.Belief] = (),
    ) -> None:
        """Write a turn, all of one row; marks become records of their own. ``exact`` is what best play says of it."""
        self._turns += 1
        used = self.draws.count[0] - self._drawn
        self._drawn += used
        record = records.Turn(
            turn=self._turns,
            actions=action_difference(actions),
            changed=difference(before, after),
            digest=digest(after),
            draws={Stream(index).name.lower(): int(used[index]) for index in np.flatnonzero(used).tolist()},
            events=list(events),
            exact=list(exact),
            beliefs=list(beliefs),
        )
        self._write(record)
        for event in events:
            self._tallies[event.kind] += 1
            if event.kind == Kind.MARK:
                self.mark(event.text)
        if self._turns % records.KEY_EVERY == 0:
            self._write(records.Key(self._turns, whole(after)))

    def mark(self, text: str) -> None:
        """Name the turn played last."""
        self._write(records.Mark(self._turns, text))

    def end(self, world: World, state: State) -> None:
        """Write the last record and close the file."""
        outcome = int(state.outcome[0])
        name = world.outcome_name[outcome] if outcome >= 0 else ""
        self._write(records.End(self._turns, name, digest(state), dict(sorted(self._tallies.items()))))
        self.close()

    def close(self) -> None:
        self._sink.close()

    def _write(self, record: records.Record) -> None:
        self._sink.write(records.encode(record))
