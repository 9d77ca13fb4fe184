"""What an event is: one line of the story, of one of these kinds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing happened. The names are written to replays: they are only ever added to."""

    REFUSED = "refused"
    BLOCKED = "blocked"
    MORPHS = "morphs"
    CHANGED = "changed"
    MOVED = "moved"
    OPENED = "opened"
    SHUT = "shut"
    FORCED = "forced"
    SAMPLED = "sampled"
    GRABBED = "grabbed"
    STRUCK = "struck"
    MISSED = "missed"
    SHOT = "shot"
    SHOT_MISSED = "shot_missed"
    DOWN = "down"
    KILLED = "killed"
    OFFLINE = "offline"
    SPLIT = "split"
    RECOVERED = "recovered"
    FELL_OFF = "fell_off"
    DROPPED = "dropped"
    TOOK = "took"
    DISMOUNTED = "dismounted"
    MOUNTED = "mounted"
    PASSED = "passed"
    FAILED = "failed"
    ORDERED = "ordered"
    FIRED = "fired"
    MESSAGE = "message"
    MARK = "mark"
    BROUGHT = "brought"
    LEFT = "left"
    CAPTURED = "captured"
    LINKED = "linked"
    PARTED = "parted"
    SIGHTED = "sighted"
    LOST = "lost"
    FOUND = "found"
    ENDED = "ended"
    THREW = "threw"
    PULLED = "pulled"
    LOWERED = "lowered"
    KNOCKED = "knocked"
    DESTROYED = "destroyed"
    SANK = "sank"
    RESTARTED = "restarted"
    PICKED = "picked"
    UNLOCKED = "unlocked"
    SEIZED = "seized"
    FREED = "freed"
    ALARM = "alarm"
    WANTED = "wanted"
    ARMED = "armed"
    DETONATED = "detonated"
    EXPLODED = "exploded"
    RELOADED = "reloaded"
    PERSUADED = "persuaded"
    TOLD = "told"


QUIET = frozenset({Kind.REFUSED, Kind.BLOCKED, Kind.FIRED, Kind.LOST, Kind.MARK})
"""Kinds that a short telling leaves out."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the story."""

    kind: str  # a Kind; a string, as replays of later versions may hold others
    text: str  # a sentence
    agents: tuple[int, ...] = ()  # slots, the doer first
    node: int = -1  # where, -1 for nowhere in particular
