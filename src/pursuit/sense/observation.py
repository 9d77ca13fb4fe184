"""What a mind may know (Brief, Observation) and what its agents choose (Intents).

Dimension letters: ``R`` rows, one for each live (episode, mind); ``A`` agent slots; ``J`` bodies (J = A);
``G`` guises; ``H`` hazards; ``I`` items; ``V`` vehicles; ``E`` doors.

A body is somebody in sight who is not a WELL member of the mind. Bodies are numbered by row, and
nothing here tells which slot a row is: guises are all that is seen. Mates are known exactly, by slot.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from enum import IntEnum
from functools import cached_property, lru_cache
from typing import Any, Protocol, Self, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Board
from pursuit.core.distance import Sight, Ways
from pursuit.core.roster import Roster
from pursuit.core.script import Cue
from pursuit.core.state import Gait, Order, Rows, Verb
from pursuit.core.world import Numbers, Ruleset

T = TypeVar("T")


class Wounds(IntEnum):
    """What shows of a body's wounds. Poly-alloy shows none. Grows only at the end."""

    NONE = 0
    HURT = 1
    DOWN = 2
    DEAD = 3
    OFFLINE = 4


MATE = -2
"""An object of an intent at or below this names a mate: ``MATE - slot``. See `mate`."""


def mate(slot: int | NDArray[Any]) -> Any:
    """The code by which an intent names a mate (or, for SAMPLE, an item) instead of a body row."""
    return MATE - slot


@dataclass(frozen=True)
class Brief:
    """What a policy is told once, before the first turn: what is public, and which slots it speaks for."""

    ruleset: Ruleset
    board: Board
    ways: Ways
    sight: Sight
    roster: Roster
    numbers: Numbers
    turns: int  # turn limit
    agent_name: tuple[str, ...]  # [A] the public cast: who exists, as everybody knows them
    kind: NDArray[np.int8]  # [A]
    side: NDArray[np.int8]  # [A]
    quarry: NDArray[np.bool_]  # [A]
    item_simple: NDArray[np.bool_]  # [I]
    item_weapon: NDArray[np.int8]  # [I]
    item_radio: NDArray[np.bool_]  # [I]
    vehicle_kind: NDArray[np.int8]  # [V]
    exits: NDArray[np.bool_]  # [S, N]
    hazard_nodes: NDArray[np.bool_]  # [H, N]
    hazard_kind: NDArray[np.int8]  # [H]
    cues: tuple[Cue, ...]
    capture_hops: int
    shifter: int  # slot of the shape-shifter in the public cast, -1 without one
    own: tuple[int, ...]  # slots this policy speaks for
    params: dict[str, float | int | str | bool]  # the policy's own parameters
    derived: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)  # see derive

    def derive(self, build: Callable[[Brief], T]) -> T:
        """A table of what is public, built on the first call and kept for all policies of the world.

        What it is built of is the same in every brief: not `own`, not `params`.
        """
        if build not in self.derived:
            self.derived[build] = build(self)
        return cast("T", self.derived[build])


class Beliefs(Protocol):
    """What minds hold for likely, row by row. `mimicry` makes them, and says what they are."""

    def take(self, rows: Rows) -> Self: ...


@dataclass(frozen=True, eq=False)
class Observation:
    """What each row's mind knows now. -1 stands for unknown, unseen or nobody throughout.

    The observation that `observe` makes works a field out when it is first read, so what a policy does
    not look at costs nothing. Arrays may be shared: they are not to be written.
    """

    turn: NDArray[np.int32]  # [R] turns completed
    turns_left: NDArray[np.int32]  # [R]
    key: NDArray[np.uint64]  # [R] the row's key for chance, from (seed, mind); mix with turn and lane
    knows: NDArray[np.uint32]  # [R] facts, as bits

    own: NDArray[np.bool_]  # [R, A] WELL agents that this call speaks for
    mate: NDArray[np.bool_]  # [R, A] WELL members of the mind, those included
    # of mates, by slot; -1 (or 0) for everybody else
    node: NDArray[np.int32]  # [R, A]
    guise: NDArray[np.int16]  # [R, A]
    pending: NDArray[np.int16]  # [R, A]
    health: NDArray[np.int16]  # [R, A]
    stagger: NDArray[np.int8]  # [R, A]
    ride: NDArray[np.int8]  # [R, A]
    seat: NDArray[np.int8]  # [R, A]
    order: NDArray[np.int8]  # [R, A]
    order_object: NDArray[np.int32]  # [R, A]
    spare: NDArray[np.bool_]  # [R, A]
    cue: NDArray[np.int16]  # [R, A]
    marks: NDArray[np.uint16]  # [R, A] Mark bits of this turn, all of them
    did: NDArray[np.int8]  # [R, A]
    refused: NDArray[np.int8]  # [R, A]
    fuse: NDArray[np.int8]  # [R, A] it holds a dead-man trigger: turns it keeps pressed once it falls
    held: NDArray[np.bool_]  # [R, A] somebody holds it fast
    legal: NDArray[np.uint32]  # [R, A] bit 1 << Verb for each verb the agent could ever do now
    sampled: NDArray[np.bool_]  # [R, G] guises that a shifter of the mind can wear, else all false

    wanted: NDArray[np.bool_]  # [R, A] looks that the law is after, which only the law knows
    hazard: NDArray[np.int8]  # [R, H] 1 on, 0 off, of which some node is in sight; -1 else

    # bodies in sight, by row
    body_node: NDArray[np.int32]  # [R, J] -1: no such row
    body_guise: NDArray[np.int16]  # [R, J]
    body_gait: NDArray[np.int8]  # [R, J] Gait; -1 for who left
    body_wounds: NDArray[np.int8]  # [R, J] Wounds; -1 for who left
    body_marks: NDArray[np.uint16]  # [R, J] public Mark bits
    body_was: NDArray[np.int8]  # [R, J] row last turn, -1 if it was not in sight
    body_left: NDArray[np.bool_]  # [R, J] out of sight by the end of the turn; its node is where it was before
    body_radio: NDArray[np.bool_]  # [R, J] only heard of, over somebody else's radio
    body_ride: NDArray[np.int8]  # [R, J] vehicle it sits in or hangs on

    item_node: NDArray[np.int32]  # [R, I] where an item lies in sight
    item_mate: NDArray[np.int8]  # [R, I] mate who holds it
    ammo: NDArray[np.int16]  # [R, I] rounds of what a mate holds
    vehicle_node: NDArray[np.int32]  # [R, V] in sight
    vehicle_seated: NDArray[np.int8]  # [R, V] seats taken
    door: NDArray[np.int8]  # [R, E] Door state in sight; -1 else
    noise_node: NDArray[np.int32]  # [R, J] where a noise was heard, by node, -1 for none; own noises left out
    noise_loud: NDArray[np.int32]  # [R, J] metres it carries

    belief: Beliefs | None = None  # the mind's, this look included; None for a policy that keeps none

    @property
    def num_rows(self) -> int:
        return int(self.turn.shape[0])

    @cached_property
    def actors(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """(rows, slots) of the own agents, [n] each: the short list that a policy works on."""
        flat = np.flatnonzero(self.own)
        rows = flat // self.own.shape[1]
        return rows, flat - rows * self.own.shape[1]

    def of_actors(self, name: str) -> NDArray[Any]:
        """The own agents' entries of a field [R, A], [n]."""
        entry: NDArray[Any] = getattr(self, name)[self.actors]
        return entry

    def of_slots(self, name: str, slots: slice | NDArray[np.intp]) -> NDArray[Any]:
        """Entries of some slots (or body rows) of a field [R, A], slot-major: [S, R]."""
        entry: NDArray[Any] = getattr(self, name).T[slots]
        return entry

    @cached_property
    def bodies(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """(rows, body rows) of everybody in sight, [n] each, by body row and then by row: few of many."""
        places, rows = (self.body_node.T >= 0).nonzero()
        return rows, places

    def of_bodies(self, name: str) -> NDArray[Any]:
        """The entries of those in sight of a field [R, J], [n], in the order of `bodies`."""
        entry: NDArray[Any] = getattr(self, name)[self.bodies]
        return entry

    @cached_property
    def is_aligned(self) -> bool:
        """Whether each row has exactly one own agent, listed in the order of the rows."""
        rows = self.actors[0]
        return len(rows) == self.num_rows and bool((rows == np.arange(len(rows))).all())

    def take(self, rows: Rows) -> Observation:
        """Some rows, by index, mask or slice."""
        belief = self.belief.take(rows) if self.belief is not None else None
        return Observation(**{name: getattr(self, name)[rows] for name in FIELDS}, belief=belief)


FIELDS: tuple[str, ...] = tuple(f.name for f in fields(Observation) if f.name != "belief")
"""What is observed, array by array."""


class Imagined(Observation):
    """An observation of which some fields are other than they were seen."""

    def __init__(self, base: Observation, **columns: NDArray[Any]) -> None:
        self.__dict__.update(_base=base, _columns=columns, **columns)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._base, name)

    def take(self, rows: Rows) -> Observation:
        return Imagined(self._base.take(rows), **{name: column[rows] for name, column in self._columns.items()})


@dataclass(frozen=True)
class Intents:
    """What each own agent chooses, all [R, A]; entries of other agents are not read."""

    goal: NDArray[np.int32]  # node to head for, -1 for none
    gait: NDArray[np.int8]  # Gait.WALK or Gait.RUN
    toward: NDArray[np.int16]  # body row (or mate(slot)) whose contact ends the walk, -1 for none
    verb: NDArray[np.int8]  # Verb
    # STRIKE, SHOOT, CHALLENGE, ORDER, LOWER, SEIZE, PERSUADE, TELL: body row or mate(slot).
    # SAMPLE: body row or mate(item).
    # MORPH: guise. GRAB, MOUNT: vehicle. OPEN, SHUT, FORCE, PICK, UNLOCK: door. TAKE, DROP, THROW, ARM, RELOAD: item.
    object: NDArray[np.int32]
    order: NDArray[np.int8]  # Order given with Verb.ORDER
    order_object: NDArray[np.int32]  # guise, item or node of the order; with Verb.THROW, the node

    def __getattr__(self, name: str) -> NDArray[Any]:
        """A column of `listed_intents`, laid out."""
        listed: Listed | None = self.__dict__.get("listed")
        if listed is None or name not in IDLE:
            raise AttributeError(f"Intents have no column {name!r}")
        column = constant(*listed.shape, *IDLE[name])
        if name in listed.columns:
            column = column.copy("F")
            column[listed.actors] = listed.columns[name]
        self.__dict__[name] = column
        return column


@dataclass(frozen=True, eq=False)
class Listed:
    """Intents as a short list: what the own agents choose, and idle columns not at all."""

    actors: tuple[NDArray[np.intp], NDArray[np.intp]]  # (rows, slots), [n] each
    shape: tuple[int, int]  # R, A
    columns: dict[str, NDArray[Any]]  # [n] each


def listed_intents(listed: Listed) -> Intents:
    """Intents whose columns [R, A] come into being when somebody reads them, as `resolve` need not."""
    intents = object.__new__(Intents)
    intents.__dict__["listed"] = listed
    return intents


@lru_cache(maxsize=128)
def constant(rows: int, agents: int, value: int, dtype: str) -> NDArray[Any]:
    """A read-only array [rows, agents] of one value, shared by whoever asks for the same."""
    array = np.full((rows, agents), value, dtype, order="F")
    array.setflags(write=False)
    return array


def idle_intents(rows: int, agents: int, /, **chosen: NDArray[Any]) -> Intents:
    """Intents in which nobody does anything, but for the columns that are given.

    The other columns are shared and read-only: a column that is left as it was costs nothing to resolve.
    """
    if not chosen:
        return _idle(rows, agents)
    return Intents(**{**_idle(rows, agents).__dict__, **chosen})


@lru_cache(maxsize=32)
def _idle(rows: int, agents: int) -> Intents:
    return Intents(*(constant(rows, agents, value, dtype) for value, dtype in IDLE.values()))


IDLE: dict[str, tuple[int, str]] = {
    "goal": (-1, "int32"),
    "gait": (Gait.RUN, "int8"),
    "toward": (-1, "int16"),
    "verb": (Verb.WAIT, "int8"),
    "object": (-1, "int32"),
    "order": (Order.NONE, "int8"),
    "order_object": (-1, "int32"),
}
"""Value and type of each column of Intents when nothing is chosen."""
