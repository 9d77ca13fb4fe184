"""State: everything that changes, one row an episode; and Actions, what the agents do in a turn.

Dimension letters: ``B`` episodes, ``A`` agent slots, ``E`` doors, ``G`` guises, ``H`` hazards, ``I`` items,
``V`` vehicles, ``M`` minds, ``R`` triggers, ``X`` variables, ``P`` impulses + 1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import IntEnum, IntFlag
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp] | NDArray[np.bool_] | slice


class Status(IntEnum):
    """What has become of an agent. Grows only at the end."""

    WELL = 0
    DOWN = 1
    DEAD = 2
    OFFLINE = 3
    ABSENT = 4
    LEFT = 5
    CAPTURED = 6


class Verb(IntEnum):
    """What an agent may do beside moving. Grows only at the end."""

    WAIT = 0
    MORPH = 1
    SAMPLE = 2
    GRAB = 3
    STRIKE = 4
    SHOOT = 5
    OPEN = 6
    SHUT = 7
    FORCE = 8
    TAKE = 9
    DROP = 10
    MOUNT = 11
    DISMOUNT = 12
    CHALLENGE = 13
    ORDER = 14
    THROW = 15
    PULL = 16
    LOWER = 17
    PICK = 18
    UNLOCK = 19
    SEIZE = 20
    ALARM = 21
    ARM = 22
    DETONATE = 23
    RELOAD = 24
    PERSUADE = 25
    TELL = 26


class Order(IntEnum):
    """A standing order. SPARE and FREE_FIRE set and clear `spare`; FREE ends the order. Grows only at the end."""

    NONE = 0
    FREE = 1
    FOLLOW = 2
    HOLD = 3
    GUARD = 4
    FETCH = 5
    GO = 6
    SPARE = 7
    FREE_FIRE = 8


class Gait(IntEnum):
    """How an agent moves, and in State how it was seen to move. Actions hold WALK or RUN only."""

    STILL = 0
    WALK = 1
    RUN = 2
    RIDE = 3


class Refusal(IntEnum):
    """Why a part of an action did not happen. Grows only at the end."""

    NONE = 0
    GOAL = 1
    VERB = 2
    TRAIT = 3
    OBJECT = 4
    UNKNOWN_GUISE = 5
    ALREADY = 6
    RIDING = 7
    NOT_RIDING = 8
    DRIVING = 9
    NO_GUN = 10
    COMPLEX = 11
    NOT_COMMANDED = 12
    ORDER = 13
    STILL = 14
    TOO_FAR = 15
    CONTESTED = 16
    LOCKED = 17
    OCCUPIED = 18
    FULL = 19
    HARM = 20
    UNWILLING = 21
    NO_KEY = 22
    MORE_KEYS = 23
    FUMBLED = 24
    HELD = 25
    NOT_SOUGHT = 26
    NO_TRIGGER = 27
    NO_EVIDENCE = 28
    WITNESSED = 29


class Mark(IntFlag):
    """What happened to or around an agent this turn. Grows only at the end."""

    CHANGED = 1 << 0
    BLADED = 1 << 1
    SPLASHED = 1 << 2
    FELL = 1 << 3
    PASSED = 1 << 4
    FAILED = 1 << 5
    FIRED = 1 << 6
    HIT = 1 << 7
    HURT = 1 << 8
    BLOCKED = 1 << 9
    LINKED = 1 << 10
    RESTARTED = 1 << 11
    DESTROYED = 1 << 12
    KNOCKED = 1 << 13
    SEIZED = 1 << 14
    PERSUADED = 1 << 15


PUBLIC_MARKS = Mark.CHANGED | Mark.BLADED | Mark.SPLASHED | Mark.FELL | Mark.PASSED | Mark.FAILED | Mark.FIRED
"""The marks that whoever looks can see."""


@dataclass(frozen=True)
class State:
    """B episodes. Columns are read-only: a phase makes new ones and hands them to `evolve`.

    Columns lie in memory with episodes next to each other (Fortran order), which makes the work over pairs
    of agents three to five times faster; nothing depends on it.
    """

    seed: NDArray[np.uint64]  # [B]
    turn: NDArray[np.int32]  # [B] turns completed
    to_move: NDArray[np.int8]  # [B] side of the ply: 0 pursuers, 1 evaders (alternating, lazy)
    ended: NDArray[np.bool_]  # [B]
    outcome: NDArray[np.int16]  # [B] row of World.outcome_name, -1 while open

    node: NDArray[np.int32]  # [B, A]
    leftover: NDArray[np.int16]  # [B, A] hundredths of a hop
    status: NDArray[np.int8]  # [B, A] Status
    health: NDArray[np.int16]  # [B, A] points
    stagger: NDArray[np.int8]  # [B, A] turns left
    guise: NDArray[np.int16]  # [B, A] whose look an agent wears
    pending: NDArray[np.int16]  # [B, A] guise it changes into next turn, -1 for none
    mind: NDArray[np.int8]  # [B, A]
    ride: NDArray[np.int8]  # [B, A] vehicle, -1 on foot
    seat: NDArray[np.int8]  # [B, A] 0 drives, 1 … rides, -1 hangs on (or is on foot)
    order: NDArray[np.int8]  # [B, A] Order: NONE, FOLLOW, HOLD, GUARD, FETCH or GO
    order_object: NDArray[np.int32]  # [B, A] guise, item or node of the order, -1 for none
    spare: NDArray[np.bool_]  # [B, A] takes no life
    backup: NDArray[np.int8]  # [B, A] turns offline until the backup power restarts it, -1 without (or used up)
    captor: NDArray[np.int8]  # [B, A] slot that holds it fast, -1 for nobody
    wanted: NDArray[np.bool_]  # [B, A] looks (by whose they are) that the law is after
    persuaded: NDArray[np.bool_]  # [B, A]
    taken: NDArray[np.int16]  # [B, A] lives it took
    spared: NDArray[np.int16]  # [B, A] lives that it could have taken and left
    fuse: NDArray[np.int8]  # [B, A] turns that a dead-man trigger in its hand holds once it falls, -1 for none
    cue: NDArray[np.int16]  # [B, A] row of the script's cues, -1 for none
    sampled: NDArray[np.bool_]  # [B, G] guises the shifter can wear
    knows: NDArray[np.uint32]  # [B, M] bits of World.fact_name

    item_node: NDArray[np.int32]  # [B, I] where it lies, -1 if held or gone
    holder: NDArray[np.int8]  # [B, I] who holds it, -1 for nobody
    ammo: NDArray[np.int16]  # [B, I] rounds left
    armed: NDArray[np.bool_]  # [B, I] charges that a trigger sets off
    vehicle_node: NDArray[np.int32]  # [B, V]
    vehicle_leftover: NDArray[np.int16]  # [B, V]
    door: NDArray[np.int8]  # [B, E] Door
    hazard: NDArray[np.bool_]  # [B, H] hazards that are on
    alarm: NDArray[np.int32]  # [B] turn in which the alarm was raised, -1 for never

    var: NDArray[np.int32]  # [B, X] the scenario's variables
    fired: NDArray[np.int16]  # [B, R] how often a trigger has fired
    fired_turn: NDArray[np.int32]  # [B, R] turn of the last firing, -1 for never
    due: NDArray[np.int32]  # [B, R] turn at which a delayed effect lands, -1 for none
    enabled: NDArray[np.bool_]  # [B, R]
    level: NDArray[np.bool_]  # [B, R] whether the condition held last turn, for edges
    still: NDArray[np.int32]  # [B, A] turns in a row that an agent has neither moved nor done anything

    # causes, reset each turn
    path: NDArray[np.int32]  # [B, A, P] node at the start of the turn and after each impulse
    met: NDArray[np.bool_]  # [B, A, A] who was in contact
    gait: NDArray[np.int8]  # [B, A] Gait shown
    marks: NDArray[np.uint16]  # [B, A] Mark bits
    did: NDArray[np.int8]  # [B, A] Verb that took effect
    did_object: NDArray[np.int32]  # [B, A]
    refused: NDArray[np.int8]  # [B, A] Refusal
    noise: NDArray[np.int32]  # [B, A] metres that the loudest noise carries, heard at the agent's node

    # who saw whom at the end of the turn
    row: NDArray[np.int8]  # [B, M, A] row of each body in each mind's observation, -1 unseen
    left: NDArray[np.bool_]  # [B, M, A] a row kept for its marks although out of sight now

    @property
    def num_rows(self) -> int:
        return int(self.seed.shape[0])

    def evolve(self, **columns: NDArray[Any]) -> State:
        """This state with some columns replaced; the new columns become read-only."""
        for column in columns.values():
            column.setflags(write=False)
        new = object.__new__(State)
        new.__dict__.update(self.__dict__)
        new.__dict__.update(columns)
        return new

    def take(self, rows: Rows) -> State:
        """Some rows, by index, mask or slice."""
        return self.evolve(**{name: np.asfortranarray(column[rows]) for name, column in self.columns()})

    def put(self, rows: Rows, other: State) -> State:
        """This state with some rows replaced by those of another."""
        columns = {}
        for name, column in self.columns():
            columns[name] = column.copy("K")
            columns[name][rows] = getattr(other, name)
        return self.evolve(**columns)

    def columns(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """(name, array) of every column, in the order of the class."""
        values = self.__dict__
        return ((name, values[name]) for name in COLUMNS)


COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(State))


def digest(state: State, row: int = 0) -> str:
    """Fingerprint of one episode: blake2b (8 bytes, hex) over every column, little-endian.

    Equal for equal states alone, in any batch and on any machine.
    """
    hasher = hashlib.blake2b(digest_size=8)
    for _, column in state.columns():
        cell = np.ascontiguousarray(column[row : row + 1])
        hasher.update(cell.astype(cell.dtype.newbyteorder("<"), copy=False).tobytes())
    return hasher.hexdigest()


@dataclass(frozen=True)
class Actions:
    """What every agent does this turn, all [B, A]. Each part is optional."""

    goal: NDArray[np.int32]  # node to head for, -1 for none
    gait: NDArray[np.int8]  # Gait.WALK or Gait.RUN
    toward: NDArray[np.int8]  # slot whose contact ends the walk, -1 for none
    verb: NDArray[np.int8]  # Verb
    object: NDArray[np.int32]  # what the verb acts on: guise, slot, vehicle, door or item
    order: NDArray[np.int8]  # Order given with Verb.ORDER
    order_object: NDArray[np.int32]  # guise, item or node of the order; with Verb.THROW, the node it is thrown to

    def take(self, rows: Rows) -> Actions:
        """Some rows, by index, mask or slice."""
        return Actions(*(getattr(self, f.name)[rows] for f in fields(self)))


def idle(rows: int, agents: int) -> Actions:
    """Actions in which nobody does anything."""

    def full(value: int, dtype: type[np.generic]) -> NDArray[Any]:
        return np.full((rows, agents), value, dtype)

    return Actions(
        goal=full(-1, np.int32),
        gait=full(Gait.RUN, np.int8),
        toward=full(-1, np.int8),
        verb=full(Verb.WAIT, np.int8),
        object=full(-1, np.int32),
        order=full(Order.NONE, np.int8),
        order_object=full(-1, np.int32),
    )
