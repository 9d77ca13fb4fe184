"""What story policies work out of a Brief once: tables by slot and by look.

Dimension letters: ``A`` agent slots, ``G`` guises, ``V`` vehicles, ``X`` exits of a side, ``L`` landmarks.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from pursuit.core import waves
from pursuit.core.board import Door, Mode
from pursuit.core.roster import Trait
from pursuit.core.world import Side
from pursuit.sense.observation import Brief

Array = NDArray[Any]
T = TypeVar("T")

FAR = 1 << 20
"""Hops or ticks to what cannot be reached."""

_NO_WAY = np.int64(FAR)

TICKS = 100
"""Ticks of a turn: times are whole numbers of them."""

_NUM_LANDMARKS = 24


class Ground:
    """What is public of a brief, as tables: the same for all policies of a world.

    Tables by look have one more entry, so that look -1 (nobody) reads False or 0.
    """

    def __init__(self, brief: Brief) -> None:
        self.brief = brief
        roster, board = brief.roster, brief.board
        traits = roster.traits[brief.kind]
        guises = len(brief.kind) + len(brief.item_simple) + 1

        def has(trait: Trait) -> NDArray[np.bool_]:
            return (traits & np.uint32(trait)) != 0

        def by_look(facts: Array) -> Array:
            table = np.zeros(guises, facts.dtype)
            table[: len(facts)] = facts
            return table

        self.is_quarry = by_look(brief.quarry)
        self.is_hunter = by_look(brief.side == Side.HUNTER)
        self.is_guardian = by_look(brief.side == Side.GUARDIAN)
        self.is_protector = by_look((brief.side == Side.GUARDIAN) & ~brief.quarry)
        self.drives, self.rides = has(Trait.DRIVES), has(Trait.RIDES)
        self.commands, self.commanded = has(Trait.COMMANDS), has(Trait.COMMANDED)
        self.morphs, self.shoots, self.strong = has(Trait.MORPHS), has(Trait.SHOOTS), has(Trait.STRONG)
        self.pace = np.maximum(roster.pace[brief.kind].astype(np.int64), 1)  # [A]
        self.stride = (self.pace + 99) // 100  # [A] hops a turn, rounded up
        self.ride_pace = np.maximum(roster.ride_pace[brief.vehicle_kind].astype(np.int64), 1)  # [V]
        self.ride_seats = roster.ride_seats[brief.vehicle_kind].astype(np.int64)
        self.ride_mode = roster.ride_mode[brief.vehicle_kind].astype(np.int64)
        motorcycle = self.ride_mode == Mode.MOTORCYCLE
        self.can_drive = self.drives[:, None] | (self.rides[:, None] & motorcycle)  # [A, V]
        self.reach = np.append(roster.reach, 0)[brief.item_weapon]  # [I] metres; 0 for what is no weapon
        self.is_gun = brief.item_weapon >= 0
        self.num_guns = int(np.count_nonzero(self.is_gun))

        route = board.door_route
        bits = np.where(route >= 0, np.int64(1) << np.maximum(route, 0).astype(np.int64), 0)
        self.locked = int(bits[board.door_start == Door.LOCKED.value].sum())
        self.closed = int(bits[board.door_start >= Door.LOCKED.value].sum())
        self.dark = int(bits[board.door_start != Door.OPEN].sum())
        self.slips = has(Trait.SLIPS_BARS)
        self.foot_mask = np.where(self.slips, self.locked, self.closed)
        hunters = np.flatnonzero(brief.side == Side.HUNTER)
        self.foe_pace = int(self.pace[hunters].max(initial=1))
        self.foe_slips = bool(self.slips[hunters].any())
        self.exits = [np.flatnonzero(exits) for exits in brief.exits]  # by side
        self.side = brief.side
        self.derived: dict[Any, Any] = {}  # see derive

    def derive(self, build: Callable[..., T], *about: int) -> T:
        """Something built of the ground (and of numbers) on the first call, and kept for all policies of the world."""
        key = (build, *about)
        if key not in self.derived:
            self.derived[key] = build(self, *about)
        return cast("T", self.derived[key])

    @cached_property
    def vehicles(self) -> NDArray[np.intp]:
        """The vehicles, as timetables number movers, [V]."""
        return np.arange(len(self.ride_pace)) + len(self.pace)

    @cached_property
    def foe_mover(self) -> int:
        """The hunters on foot, as timetables number movers."""
        return len(self.pace) + len(self.ride_pace)

    @cached_property
    def classes(self) -> tuple[NDArray[np.intp], list[tuple[int, bool, int, int]]]:
        """Class of each mover (agents on foot, vehicles, the hunters on foot), and each class's ways and pace.

        Ways are mode, whether bars are slipped, and the mask of doors that are closed, as `Ways.pick` takes them.
        """
        foot = int(Mode.FOOT)
        slips, masks, paces = self.slips.tolist(), self.foot_mask.tolist(), self.pace.tolist()
        walkers = [(foot, *ways) for ways in zip(slips, masks, paces, strict=True)]
        wheels = zip(self.ride_mode.tolist(), self.ride_pace.tolist(), strict=True)
        riders = [(mode, False, self.closed, pace) for mode, pace in wheels]
        hunters = (foot, self.foe_slips, self.locked if self.foe_slips else self.closed, self.foe_pace)
        movers = [*walkers, *riders, hunters]
        kinds = sorted(set(movers))
        return np.array([kinds.index(mover) for mover in movers]), kinds

    def feet(self) -> NDArray[np.int32]:
        """Way tables on foot, [A]."""
        return self.brief.ways.pick(int(Mode.FOOT), self.slips, self.foot_mask)

    def wheels(self) -> NDArray[np.int32]:
        """Way tables of the vehicles, [V]."""
        return self.brief.ways.pick(self.ride_mode, False, self.closed)

    def foe_feet(self) -> int:
        """Way table of the hunters on foot."""
        mask = self.locked if self.foe_slips else self.closed
        return int(self.brief.ways.pick(int(Mode.FOOT), self.foe_slips, mask))

    def hops(self, table: Any, start: Array, goal: Array) -> NDArray[np.int64]:
        """Hops between nodes, FAR where there is no way or no goal (-1); all broadcast."""
        hops = self.brief.ways.distance(table, start, goal)
        nowhere = hops == (0xFF if hops.dtype.itemsize == 1 else 0xFFFF)  # what Ways calls far
        nowhere |= goal < 0
        nowhere |= start < 0
        return np.where(nowhere, _NO_WAY, hops)

    def metres(self, one: Array, other: Array) -> NDArray[np.float64]:
        """Straight line between nodes."""
        gap = self.brief.board.xy[one] - self.brief.board.xy[other]
        return np.hypot(gap[..., 0], gap[..., 1])

    def ticks(self, hops: Array, pace: Any) -> NDArray[np.int64]:
        """Time for so many hops at a pace."""
        time: NDArray[np.int64] = np.minimum(hops * (100 * TICKS) // pace, FAR)
        return time

    @cached_property
    def hub(self) -> int:
        """A node from which most of the board can be walked to."""
        return waves.hub(self.afoot.ahead)

    @cached_property
    def afoot(self) -> waves.Net:
        """The ways on foot of who slips no bars."""
        return waves.weave(self.brief.board.neighbor, self.brief.ways.usable(int(Mode.FOOT), False, self.closed))

    def landmarks(self, count: int = _NUM_LANDMARKS) -> NDArray[np.intp]:
        """Nodes spread over all that can be walked to, [L]: each is the farthest from all before it."""
        brief = self.brief
        table = int(brief.ways.pick(int(Mode.FOOT), False, self.closed))
        hops, far = brief.ways.distances_from(table, self.hub), brief.ways.far
        away = np.where(hops < far, hops.astype(np.int64), -1)
        found = [int(away.argmax())]
        for _ in range(count - 1):
            near = np.where(away >= 0, brief.ways.distances_to(table, found[-1]).astype(np.int64), -1)
            away = np.minimum(away, near)
            if away.max() <= 0:
                break
            found.append(int(away.argmax()))
        return np.array(found)
