"""The tables of kinds, weapons, vehicles and loose numbers: `content/tables/*.toml` to a Roster."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, RootModel

from pursuit.content.files.source import Source
from pursuit.core.board import Mode
from pursuit.core.roster import Effect, Roster, Trait

TABLES = ("roster", "weapons", "vehicles", "numbers")

Count = Field(0, ge=0, le=30_000)
M = TypeVar("M", bound=BaseModel)


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class KindRow(_Row):
    """A kind of agent."""

    pace: int = Field(ge=1, le=1000)
    health: int = Field(ge=1, le=30_000)
    heals: int = Count
    melee: str
    traits: list[str]


class WeaponRow(_Row):
    """A weapon."""

    reach: int = Count
    hit: int = Field(ge=0, le=1000)
    damage: int = Count
    stagger: int = Field(0, ge=0, le=100)
    effect: Literal["blow", "blade", "bullet", "blast"]
    lethal: bool = False
    rounds: int = Count
    noise: int = Count
    blast: int = Count


class VehicleRow(_Row):
    """A kind of vehicle."""

    seats: int = Field(ge=1, le=100)
    pace: int = Field(ge=1, le=2000)
    mode: Literal["foot", "motorcycle", "car", "truck"]
    radio: bool = False
    noise: int = Count


class NumbersRow(_Row):
    """The loose numbers; lengths are in metres until the board is known."""

    talk: int = Field(ge=0)
    bluff: int = Field(ge=0, le=1000)
    split_turns: int = Field(ge=1, le=100)
    force_noise: int = Field(ge=0)
    throw: int = Field(ge=0)
    backup_turns: int = Field(ge=1, le=100)
    backup_health: int = Field(ge=1, le=1000)
    press_damage: int = Field(ge=1, le=30_000)
    fire_damage: int = Field(ge=1, le=30_000)
    pick: int = Field(ge=0, le=1000)
    seize: int = Field(ge=0, le=1000)
    alarm_noise: int = Field(ge=0)
    deadman_turns: int = Field(ge=1, le=100)


class _Kinds(RootModel[dict[str, KindRow]]):
    pass


class _Weapons(RootModel[dict[str, WeaponRow]]):
    pass


class _Vehicles(RootModel[dict[str, VehicleRow]]):
    pass


@dataclass(frozen=True)
class Tables:
    """The roster and the loose numbers, with the texts they were read from."""

    roster: Roster
    numbers: NumbersRow
    texts: dict[str, str]


@lru_cache(maxsize=1)
def load_tables() -> Tables:
    """The tables that come with the package."""
    where = resources.files("pursuit.content") / "tables"
    return parse_tables({name: (where / f"{name}.toml").read_text("utf-8") for name in TABLES})


def parse_tables(texts: Mapping[str, str]) -> Tables:
    """Tables from the texts of the four files by name. Raises ContentError with every problem of a file."""
    sources = {name: Source.parse(texts[name], f"{name}.toml") for name in TABLES}
    kinds = _read(sources["roster"], _Kinds).root
    weapons = _read(sources["weapons"], _Weapons).root
    vehicles = _read(sources["vehicles"], _Vehicles).root
    numbers = _read(sources["numbers"], NumbersRow)
    source = sources["roster"]
    known_traits = [str(trait.name).lower() for trait in Trait]
    for name, kind in kinds.items():
        if kind.melee not in weapons:
            source.unknown("weapon", kind.melee, weapons, (name, "melee"))
        for index, trait in enumerate(kind.traits):
            if trait not in known_traits:
                source.unknown("trait", trait, known_traits, (name, "traits", index))
    source.check()
    return Tables(_roster(kinds, weapons, vehicles), numbers, {name: texts[name] for name in TABLES})


def completed(numbers: str) -> str:
    """The text of loose numbers, with those that it does not have yet as they are now.

    Replays embed the tables of their day, and are watched by later versions. A text that is no TOML stays as it is.
    """
    try:
        known = tomllib.loads(numbers)
    except tomllib.TOMLDecodeError:
        return numbers
    own = load_tables().numbers.model_dump()
    return numbers + "".join(f"\n{name} = {value}" for name, value in own.items() if name not in known)


def _read(source: Source, model: type[M]) -> M:
    found = source.validate(model)
    source.check()
    assert found is not None  # validate notes a problem whenever it returns None, and check has raised it
    return found


def _roster(kinds: dict[str, KindRow], weapons: dict[str, WeaponRow], vehicles: dict[str, VehicleRow]) -> Roster:
    def column(values: list[Any], dtype: type[np.generic]) -> NDArray[Any]:
        array = np.array(values, dtype)
        array.setflags(write=False)
        return array

    def traits(kind: KindRow) -> int:
        return sum(int(Trait[trait.upper()]) for trait in set(kind.traits))

    bodies, arms, rides = kinds.values(), weapons.values(), vehicles.values()
    melee = list(weapons)
    return Roster(
        kind_name=tuple(kinds),
        pace=column([kind.pace for kind in bodies], np.int16),
        health=column([kind.health for kind in bodies], np.int16),
        heals=column([kind.heals for kind in bodies], np.int16),
        traits=column([traits(kind) for kind in bodies], np.uint32),
        melee=column([melee.index(kind.melee) for kind in bodies], np.int8),
        weapon_name=tuple(weapons),
        reach=column([weapon.reach for weapon in arms], np.int32),
        hit=column([weapon.hit for weapon in arms], np.int16),
        damage=column([weapon.damage for weapon in arms], np.int16),
        stagger=column([weapon.stagger for weapon in arms], np.int8),
        effect=column([Effect[weapon.effect.upper()] for weapon in arms], np.int8),
        lethal=column([weapon.lethal for weapon in arms], np.bool_),
        rounds=column([weapon.rounds for weapon in arms], np.int16),
        noise=column([weapon.noise for weapon in arms], np.int32),
        blast=column([weapon.blast for weapon in arms], np.int32),
        ride_name=tuple(vehicles),
        ride_seats=column([vehicle.seats for vehicle in rides], np.int8),
        ride_pace=column([vehicle.pace for vehicle in rides], np.int16),
        ride_mode=column([Mode[vehicle.mode.upper()] for vehicle in rides], np.int8),
        ride_radio=column([vehicle.radio for vehicle in rides], np.bool_),
        ride_noise=column([vehicle.noise for vehicle in rides], np.int32),
    )
