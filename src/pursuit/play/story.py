"""What of a turn's events belongs in a story that is read, and how the turns of one episode are told."""

from __future__ import annotations

from collections.abc import Iterable

from pursuit.core.world import Side, World
from pursuit.rules.told.events import QUIET, Event, Kind

_OF_THE_CAST = frozenset(
    (Kind.MOVED, Kind.SIGHTED, Kind.MOUNTED, Kind.DISMOUNTED, Kind.LINKED, Kind.PARTED, Kind.OPENED)
)
"""Kinds that are told only of the two sides the story is about."""


def told(world: World, events: Iterable[Event]) -> list[Event]:
    """The events that a short telling keeps: deeds of everybody, comings and goings of hunters and guardians."""
    return [event for event in events if event.kind not in QUIET and _matters(world, event)]


def _matters(world: World, event: Event) -> bool:
    if event.kind not in _OF_THE_CAST:
        return True
    sides = [int(world.side[slot]) for slot in event.agents]
    if event.kind == Kind.SIGHTED:
        return Side.HUNTER in sides and Side.GUARDIAN in sides
    return any(side in (Side.HUNTER, Side.GUARDIAN) for side in sides)
