"""Reading a replay: any turn at once, forward and back.

What is damaged or cut off ends the replay there, with a notice; a damaged head, or a newer format, is refused with a
sentence (`ContentError`, `NewerFormatError`). Nothing in a file can lead to any other error.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np

from pursuit.content.files.problems import ContentError, Problem, fail
from pursuit.content.scenario import Scenario
from pursuit.core.rng import KeyedDraws
from pursuit.core.state import Actions, State, digest
from pursuit.core.world import World
from pursuit.play import records
from pursuit.play.deltas import Changes, Columns, Layout, build_actions
from pursuit.play.frames import bodies, load
from pursuit.play.rebuild import rebuild
from pursuit.play.record import rules_hash
from pursuit.rules.told.events import Event
from pursuit.rules.turn import fresh, phases


class NewerFormatError(ContentError):
    """A replay of a format that this version cannot read."""


class _Turn(msgspec.Struct, frozen=True):
    """What is read of a turn record when the file is opened: enough to reach any state quickly."""

    turn: int
    changed: Columns
    digest: str


_TURN = msgspec.json.Decoder(_Turn)


class Replay:
    """A recorded episode. Turns count from 0, the state before the first turn, to `num_turns`."""

    def __init__(self, path: Path, data: bytes, make_scenario: Callable[[records.Head], Scenario]) -> None:
        """Raises ContentError for a head that cannot be used."""
        self.path = path
        self.notice = ""
        self.end: records.End | None = None
        self._verdict = ""
        self._marks: dict[int, str] = {}
        self._changes = Changes()
        self._digests: list[str] = []
        self._bodies: list[bytes] = []
        self._keys: dict[int, Columns] = {}
        self._at = -1, np.zeros(0, np.int64)  # the turn reached last, and its state, flat
        self._last: records.Turn | None = None  # the record read last: one turn is asked for several things
        self.head = self._read(data)
        self._make_scenario = make_scenario

    # what is in the file

    def _read(self, data: bytes) -> records.Head:
        lines = bodies(data)
        head = read_head(next(lines, None), self.path)
        for body in lines:
            if body is None or not self._note(body):
                self.notice = f"the file is cut off or damaged after turn {self.num_turns}"
                break
            if self.end is not None:
                break
        else:
            if self.end is None:
                self.notice = f"the file ends at turn {self.num_turns}, before the episode was closed"
        if 0 not in self._keys:
            raise _damaged(self.path, "the state before the first turn is missing")
        return head

    def _note(self, body: bytes) -> bool:
        """Take in one record; False if it does not belong here."""
        try:
            match records.kind_of(body):
                case "turn":
                    turn = _TURN.decode(body)
                    if turn.turn != self.num_turns + 1 or not self._keys or not self._changes.add(turn.changed):
                        return False
                    self._digests.append(turn.digest)
                    self._bodies.append(body)
                case "key":
                    key = records.decode(body, records.Key)
                    if key.turn != self.num_turns:
                        return False
                    self._keys[key.turn] = key.state
                case "mark":
                    mark = records.decode(body, records.Mark)
                    self._marks[min(max(mark.turn, 0), self.num_turns)] = mark.text
                case "end":
                    end = records.decode(body, records.End)
                    if end.turn != self.num_turns:
                        return False
                    self.end = end
                case "part" | "":
                    return False
        except msgspec.MsgspecError:
            return False
        return True

    @property
    def num_turns(self) -> int:
        return len(self._changes)

    @property
    def marks(self) -> Mapping[int, str]:
        """Named turns."""
        return self._marks

    @property
    def seed(self) -> int:
        return self.head.seed

    @property
    def command(self) -> str:
        """The command that plays it again, with the scenario's own policies."""
        line = " --open" if self.head.line == "open" else ""
        values = {k: str(v).lower() if isinstance(v, bool) else v for k, v in self.head.params.items()}
        settings = "".join(f" --set {key}={value}" for key, value in values.items())
        return f"pursuit run {self.head.scenario}{line} --seed {self.head.seed}{settings}"

    @property
    def policies(self) -> Mapping[str, str]:
        """Policy by agent."""
        return {player.agent: player.policy for player in self.head.agents}

    @property
    def outcome(self) -> str:
        """Name of the outcome, empty for an episode that was not played to its end."""
        return self.end.outcome if self.end else ""

    @property
    def is_complete(self) -> bool:
        return self.end is not None

    @property
    def same_rules(self) -> bool:
        """Whether the rules of this version are those it was played by, so that it can be verified."""
        return self.head.rules == rules_hash(self.world)

    @property
    def badge(self) -> str:
        """`verified` or `diverged` after a verification, else `watch only` or `not verified`."""
        return self._verdict or ("not verified" if self.same_rules else "watch only")

    def settle(self, verdict: str) -> None:
        """Note what a verification said."""
        self._verdict = verdict

    # what was played

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario as it was played, made from what the head embeds. Raises ContentError if that fails."""
        return self._make_scenario(self.head)

    @property
    def world(self) -> World:
        """The world it was played in."""
        return self.scenario.world

    @cached_property
    def _layout(self) -> Layout:
        try:
            return Layout(self.world, fresh(self.world, np.array([self.head.seed], np.uint64)), self._changes)
        except ValueError as error:
            raise _damaged(self.path, f"the turns do not fit the scenario: {error}") from None

    @cached_property
    def _key_turns(self) -> list[int]:
        return sorted(self._keys)

    def digest(self, turn: int) -> str:
        """The digest recorded for the state after 1 or more turns."""
        return self._digests[turn - 1]

    def state(self, turn: int) -> State:
        """The state after ``turn`` turns, one row. Raises ContentError if the record does not fit the world."""
        turn = min(max(turn, 0), self.num_turns)
        base = self._key_turns[bisect_right(self._key_turns, turn) - 1]
        at, flat = self._at
        try:
            if not base <= at <= turn:
                at, flat = base, self._layout.flat(self._keys[base])
            self._at = -1, flat  # what follows may fail halfway
            self._layout.advance(flat, at, turn)
            state = self._layout.state(flat)
        except ValueError as error:
            raise _damaged(self.path, f"turn {turn} does not fit the scenario: {error}") from None
        self._at = turn, flat
        return state

    def turn(self, turn: int) -> records.Turn:
        """The whole record of a turn, from 1. Raises ContentError if it does not have the form of one."""
        if self._last is not None and self._last.turn == turn:
            return self._last
        try:
            self._last = records.decode(self._bodies[turn - 1], records.Turn)
            return self._last
        except msgspec.MsgspecError as error:
            raise _damaged(self.path, f"turn {turn} cannot be read: {error}") from None

    def actions(self, turn: int) -> Actions:
        """What the agents did in a turn, from 1, one row."""
        try:
            return build_actions(self.turn(turn).actions, self.world.num_agents)
        except ValueError as error:
            raise _damaged(self.path, f"the actions of turn {turn} do not fit the scenario: {error}") from None

    def phases(self, turn: int) -> list[tuple[str, State]]:
        """The turn that led to ``state(turn)`` played again: the name of each phase and the state after it, one row.

        Empty for turn 0, and where other rules, or other states than those recorded, come of it.
        """
        if not self.same_rules or not 1 <= turn <= self.num_turns or self.state(turn - 1).ended.all():
            return []
        played = list(phases(self.world, self.state(turn - 1), self.actions(turn), KeyedDraws()))
        return played if digest(played[-1][1]) == self.digest(turn) else []

    def exact(self, turn: int) -> tuple[int, int, bool] | None:
        """What best play says of a turn: turns to capture after it (-1 never), turns it lost, whether it blundered.

        None where the game was not solved, and before the first turn.
        """
        said = self.turn(turn).exact if 1 <= turn <= self.num_turns else []
        return (said[0], said[1], bool(said[2])) if len(said) == 3 else None

    def beliefs(self, turn: int) -> list[records.Belief]:
        """What minds believed after ``turn`` turns, by which they chose the next; nothing is written of the last."""
        return self.turn(turn + 1).beliefs if 0 <= turn < self.num_turns else []

    def events(self, turn: int) -> list[Event]:
        """What happened in the turn that led to ``state(turn)``; nothing before the first turn."""
        return self.turn(turn).events if 1 <= turn <= self.num_turns else []


def read_head(body: bytes | None, path: Path) -> records.Head:
    """The head of a replay. Raises ContentError for a damaged one, NewerFormatError for one of a later format."""
    if body is None or records.kind_of(body) != "head":
        raise _damaged(path, "this is no replay, or its head is damaged")
    try:
        version = msgspec.json.decode(body, type=_Version).format
        if version > records.FORMAT:
            message = f"made by a later version: format {version}, this one reads up to {records.FORMAT}"
            raise NewerFormatError([Problem("newer-format", message, file=str(path))])
        return records.decode(body, records.Head)
    except msgspec.MsgspecError as error:
        raise _damaged(path, f"the head cannot be used: {error}") from None


class _Version(msgspec.Struct):
    format: int


def _damaged(path: Path, why: str) -> ContentError:
    return fail("damaged-replay", why, str(path))


def open_replay(path: str | Path) -> Replay:
    """Open a replay; gzip is told by its first bytes.

    Raises ContentError for a file that is missing or whose head is damaged, NewerFormatError for a later format.
    """
    path = Path(path)
    return Replay(path, load(path), rebuild)
