"""The board: what a map compiles to. One hop is one cell, for everybody.

Dimension letters: ``N`` nodes, ``D`` out-slots of a node, ``E`` doors.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, IntFlag

import numpy as np
from numpy.typing import NDArray


class Mode(IntEnum):
    """A way of travelling. Files hold the names, so this enum only grows at the end."""

    FOOT = 0
    MOTORCYCLE = 1
    CAR = 2
    TRUCK = 3


class Feature(IntFlag):
    """What a node may hold. Bits in ``Board.feature``; grows only at the end."""

    COVER = 1
    HIDE = 2
    HOIST = 4
    LEVER = 8
    TERMINAL = 16
    VAULT = 32
    VAT = 64
    PRESS = 128
    BAY = 256
    CACHE = 512


class Door(IntEnum):
    """State of a door. Grows only at the end."""

    OPEN = 0
    SHUT = 1
    LOCKED = 2
    BARRED = 3


@dataclass(frozen=True, slots=True)
class Street:
    """One street, corridor or room wall kept for drawing; nothing in the rules reads it."""

    name: str
    width: str  # width class: freeway, boulevard, street, alley, corridor, canal, stairs, path
    level: int
    xy: NDArray[np.float64]  # [points, 2] metres


@dataclass(frozen=True, slots=True)
class Room:
    """One named polygon kept for drawing; its nodes are the region of the same name."""

    name: str
    label: str
    kind: str  # theme class: shop, hall, arcade, parking, service, water, roof, ...
    level: int
    xy: NDArray[np.float64]  # [points, 2] metres


@dataclass(frozen=True)
class Board:
    """A board of N nodes. All arrays are read-only.

    Out-slot 0 of every node is *stay* (the node itself, every mode). Slots past a node's
    ``degree`` lead to the node itself with no mode, so a gather through them is harmless.
    """

    name: str
    title: str
    cell: float  # metres of one hop
    xy: NDArray[np.float64]  # [N, 2] metres
    level: NDArray[np.int8]  # [N] floor, 0 is the ground
    label: tuple[str, ...]  # [N] the place or street a node belongs to, for stories
    neighbor: NDArray[np.int32]  # [N, D]
    modes: NDArray[np.uint8]  # [N, D] bit 1 << Mode for each mode that may use the slot
    bars: NDArray[np.bool_]  # [N, D] only who slips bars gets through
    door: NDArray[np.int16]  # [N, D] index of the door on the slot's edge, -1 without one
    degree: NDArray[np.uint8]  # [N] slots in use, the stay slot included
    feature: NDArray[np.uint16]  # [N] Feature bits
    door_name: tuple[str, ...]  # [E]
    door_start: NDArray[np.int8]  # [E] Door state at the start
    door_route: NDArray[np.int8]  # [E] bit of the door in a door mask, -1 if it is no route door
    door_nodes: NDArray[np.int32]  # [E, 2]
    sight_hops: int  # farthest node seen along a clear line; -1: everybody sees everything
    places: dict[str, int] = field(default_factory=dict)  # named nodes
    regions: dict[str, NDArray[np.int32]] = field(default_factory=dict)  # named sets of nodes
    streets: tuple[Street, ...] = ()
    rooms: tuple[Room, ...] = ()
    room: NDArray[np.int16] = field(default_factory=lambda: np.empty(0, np.int16))  # [N] index in rooms, -1 outside
    attribution: str = ""
    stray: dict[str, float] = field(default_factory=dict)  # how far hop lengths stray, see content.boards.survey

    @property
    def num_nodes(self) -> int:
        return int(self.neighbor.shape[0])

    @property
    def num_doors(self) -> int:
        return len(self.door_name)
