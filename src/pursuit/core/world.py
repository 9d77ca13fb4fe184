"""World: everything that is fixed for a run. It has no batch dimension.

Dimension letters: ``A`` agent slots, ``N`` nodes, ``E`` doors, ``G`` guises (A looks of agents, then I of
items), ``H`` hazards, ``I`` items, ``V`` vehicles, ``M`` minds, ``S`` sides, ``W`` weapons.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Board, Mode
from pursuit.core.distance import Sight, Ways
from pursuit.core.roster import Roster, Trait
from pursuit.core.script import Script

T = TypeVar("T")


class Side(IntEnum):
    """Whom an agent plays for. Grows only at the end."""

    HUNTER = 0
    GUARDIAN = 1
    LAW = 2
    BYSTANDER = 3


class Hazard(IntEnum):
    """What a hazard does to whoever is in it. Grows only at the end."""

    MELTS = 0
    CRUSHES = 1
    BURNS = 2


class Ruleset(IntEnum):
    """Which tuple of phases plays a turn. Grows only at the end."""

    STORY = 0
    SIMULTANEOUS = 1
    ALTERNATING = 2
    LAZY = 3


@dataclass(frozen=True)
class Numbers:
    """The loose numbers of the rules, from the tables; hops are of the world's board."""

    talk_hops: int  # talking distance
    bluff: int  # permille: a shifter answers a challenge rightly
    split_turns: int  # turns that poly-alloy at 0 health takes to flow together
    force_noise: int  # metres
    throw_hops: int  # how far an item is thrown
    backup_turns: int  # turns offline until the backup power comes on
    backup_health: int  # permille of full health after a restart
    press_damage: int  # points a turn, under a running press
    fire_damage: int  # points a turn, in a fire
    pick: int  # permille: a lock gives way to who picks it
    seize: int  # permille: a grip holds
    alarm_noise: int  # metres
    deadman_turns: int  # turns that a hand that has fallen keeps a dead-man trigger pressed


@dataclass(frozen=True, eq=False)
class World:
    """A scenario compiled: board, tables, cast and script. Arrays are read-only."""

    name: str
    title: str
    ruleset: Ruleset
    board: Board
    ways: Ways
    sight: Sight
    roster: Roster
    numbers: Numbers
    turns: int  # turn limit

    # the cast, [A]
    agent_name: tuple[str, ...]
    kind: NDArray[np.int8]
    side: NDArray[np.int8]  # Side
    mind: NDArray[np.int8]  # at the start
    start: NDArray[np.int32]  # [A, X] start nodes, padded with the last
    num_start: NDArray[np.int32]  # [A] how many of them count
    guise: NDArray[np.int16]  # at the start
    absent: NDArray[np.bool_]  # at the start
    quarry: NDArray[np.bool_]  # whom the hunters are after
    patient: NDArray[np.bool_]  # who may be held fast by those who do that
    wanted: NDArray[np.bool_]  # whom the law is after at the start
    evidence: NDArray[np.bool_]  # whose body persuades
    facts: NDArray[np.uint32]  # what each knows at the start, bits of fact_name
    sampled: NDArray[np.bool_]  # [G] what the shifter has touched before the start

    # items, [I]
    item_name: tuple[str, ...]
    item_simple: NDArray[np.bool_]  # may be worn as a guise
    item_weapon: NDArray[np.int8]  # weapon row, -1 for none
    item_radio: NDArray[np.bool_]
    item_side: NDArray[np.int8]  # home side of a radio, -1 for none
    item_opens: NDArray[np.bool_]  # [I, E] doors that it is a key to
    item_evidence: NDArray[np.bool_]  # persuades
    item_part: NDArray[np.bool_]  # a part of the enemy's machines, of which none may be left
    item_node: NDArray[np.int32]  # where it lies at the start, -1 if held
    item_holder: NDArray[np.int8]  # who holds it at the start, -1 for nobody

    # vehicles, [V]
    vehicle_name: tuple[str, ...]
    vehicle_kind: NDArray[np.int8]  # row of the roster's vehicle kinds
    vehicle_side: NDArray[np.int8]  # home side of its radio, -1 for none
    vehicle_node: NDArray[np.int32]

    door_keys: NDArray[np.int8]  # [E] keys that its lock takes at once, 0 for no lock with a key
    exits: NDArray[np.bool_]  # [S, N] where a side leaves the board
    outcome_name: tuple[str, ...]  # outcome ids; the built-in ones first, see Outcome
    outcome_score: NDArray[np.int8]  # the hunter's score in halves: 0, 1, 2
    script: Script
    withheld: tuple[int, ...] = ()  # built-in outcomes that come by a trigger alone
    fact_name: tuple[str, ...] = ()  # names of the bits of State.knows, at most 32
    capture_hops: int = 0  # classical: how near a pursuer captures, 0 or 1
    # the scenario's public parameters, for replays and --json
    params: tuple[tuple[str, int | float | str | bool], ...] = ()
    # what can ruin or end whoever gets into it, [H]
    hazard_name: tuple[str, ...] = ()
    hazard_kind: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))  # Hazard
    hazard_nodes: NDArray[np.bool_] = field(default_factory=lambda: np.zeros((0, 0), np.bool_))  # [H, N]
    hazard_on: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))  # at the start
    # how stories call them; the names where a scenario says nothing else
    agent_label: tuple[str, ...] = ()
    item_label: tuple[str, ...] = ()
    vehicle_label: tuple[str, ...] = ()
    derived: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)  # see derive

    def derive(self, build: Callable[[World], T]) -> T:
        """A table that some floor above derives from the world, built on the first call and kept."""
        if build not in self.derived:
            self.derived[build] = build(self)
        found: T = self.derived[build]
        return found

    @property
    def num_agents(self) -> int:
        return len(self.agent_name)

    @property
    def num_items(self) -> int:
        return len(self.item_name)

    @property
    def num_vehicles(self) -> int:
        return len(self.vehicle_name)

    @property
    def num_guises(self) -> int:
        return self.num_agents + self.num_items

    @cached_property
    def num_minds(self) -> int:
        """In the story ruleset any agent may come to be a mind of its own; elsewhere minds are fixed."""
        return self.num_agents if self.ruleset == Ruleset.STORY else int(self.mind.max()) + 1

    def trait(self, trait: Trait) -> NDArray[np.bool_]:
        """Which agents have the trait, [A]."""
        return self.roster.has(trait)[self.kind]

    @cached_property
    def shifter(self) -> int:
        """Slot of the agent that changes shape, -1 without one."""
        found = np.flatnonzero(self.trait(Trait.MORPHS))
        return int(found[0]) if len(found) else -1

    @cached_property
    def spot(self) -> NDArray[np.int64]:
        """Node positions in whole decimetres, [N, 2]: rules measure straight lines in integers."""
        spot = np.rint(self.board.xy * 10).astype(np.int64)
        spot.setflags(write=False)
        return spot

    @cached_property
    def route_doors(self) -> NDArray[np.intp]:
        """Doors that have a bit in a door mask."""
        return np.flatnonzero(self.board.door_route >= 0)

    @cached_property
    def route_bits(self) -> NDArray[np.int64]:
        """The bits of `route_doors`."""
        return np.int64(1) << self.board.door_route[self.route_doors].astype(np.int64)

    @cached_property
    def num_impulses(self) -> int:
        """The most hops anybody can take in a turn: the width of State.path is one more."""
        paces = [int(self.roster.pace[self.kind].max())]
        if self.num_vehicles:
            paces.append(int(self.roster.ride_pace[self.vehicle_kind].max()))
        return (max(paces) + 99) // 100

    @cached_property
    def sound_table(self) -> int:
        """Table index for hops of sound: on foot, through bars, no door closed."""
        return int(self.ways.pick(int(Mode.FOOT), True, 0))


class Outcome(IntEnum):
    """The built-in outcomes, in the order they are tested; a scenario's own follow in outcome_name."""

    QUARRY_KILLED = 0
    QUARRY_ESCAPED = 1
    HUNTER_DESTROYED = 2
    QUARRY_CAPTURED = 3
    TURN_LIMIT = 4
