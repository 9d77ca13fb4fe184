"""What kinds can do: trait bits, and one row per kind, weapon and vehicle kind.

Dimension letter: ``K`` kinds. Rules ask for a number or a trait; they never know a kind by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag

import numpy as np
from numpy.typing import NDArray


class Trait(IntFlag):
    """A yes-or-no capability. Files hold the names in lower case; grows only at the end."""

    MACHINE = 1 << 0
    MORPHS = 1 << 1
    POLY = 1 << 2
    SLIPS_BARS = 1 << 3
    STRONG = 1 << 4
    STURDY = 1 << 5
    DRIVES = 1 << 6
    RIDES = 1 << 7
    SHOOTS = 1 << 8
    COMMANDS = 1 << 9
    COMMANDED = 1 << 10
    CHILD = 1 << 11
    LAW = 1 << 12
    PICKS = 1 << 13
    BACKUP = 1 << 14
    NO_SELF_HARM = 1 << 15
    SEIZES = 1 << 16
    CONSCIENCE = 1 << 17
    WITNESS = 1 << 18


class Effect(IntEnum):
    """How a weapon acts on poly-alloy and what it shows. Grows only at the end."""

    BLOW = 0
    BLADE = 1
    BULLET = 2
    BLAST = 3


@dataclass(frozen=True)
class Roster:
    """Tables of kinds, weapons and vehicle kinds; all arrays read-only."""

    kind_name: tuple[str, ...]  # [K]
    pace: NDArray[np.int16]  # [K] hundredths of a hop a turn, on foot
    health: NDArray[np.int16]  # [K] points at the start, and the most
    heals: NDArray[np.int16]  # [K] points a turn
    traits: NDArray[np.uint32]  # [K] Trait bits
    melee: NDArray[np.int8]  # [K] weapon used at contact

    weapon_name: tuple[str, ...]  # [W]
    reach: NDArray[np.int32]  # [W] metres, 0 for contact
    hit: NDArray[np.int16]  # [W] permille
    damage: NDArray[np.int16]  # [W] points
    stagger: NDArray[np.int8]  # [W] turns
    effect: NDArray[np.int8]  # [W] Effect
    lethal: NDArray[np.bool_]  # [W] takes a person past down
    rounds: NDArray[np.int16]  # [W] ammunition of a fresh one
    noise: NDArray[np.int32]  # [W] metres
    blast: NDArray[np.int32]  # [W] metres around the place hit, 0 for a weapon that hits one

    ride_name: tuple[str, ...]  # vehicle kinds
    ride_seats: NDArray[np.int8]
    ride_pace: NDArray[np.int16]  # hundredths of a hop a turn
    ride_mode: NDArray[np.int8]  # Mode
    ride_radio: NDArray[np.bool_]
    ride_noise: NDArray[np.int32]  # metres

    def has(self, trait: Trait) -> NDArray[np.bool_]:
        """Which kinds have the trait, [K]."""
        return (self.traits & np.uint32(trait)) != 0
