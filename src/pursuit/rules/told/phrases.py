"""Set phrases of the story."""

from __future__ import annotations

from pursuit.core.roster import Effect
from pursuit.core.state import Gait, Refusal

OUTCOMES = {
    "quarry_killed": "The quarry is dead",
    "quarry_escaped": "The quarry has escaped",
    "hunter_destroyed": "The hunter is destroyed",
    "quarry_captured": "The quarry is caught",
    "turn_limit": "Time is up",
}

REFUSALS = {
    Refusal.GOAL: "there is no such place",
    Refusal.TRAIT: "that is beyond it",
    Refusal.UNKNOWN_GUISE: "it has never touched that shape",
    Refusal.ALREADY: "it is so already",
    Refusal.RIDING: "not while riding",
    Refusal.NOT_RIDING: "there is nothing to get off",
    Refusal.DRIVING: "not at the wheel",
    Refusal.NO_GUN: "no loaded gun",
    Refusal.COMPLEX: "it is too complex a thing to copy",
    Refusal.NOT_COMMANDED: "no orders are taken there",
    Refusal.STILL: "a thing keeps still",
    Refusal.TOO_FAR: "too far away",
    Refusal.CONTESTED: "somebody else was first",
    Refusal.LOCKED: "it is locked",
    Refusal.OCCUPIED: "others sit in it",
    Refusal.FULL: "no seat is free",
    Refusal.HARM: "it cannot destroy itself",
    Refusal.UNWILLING: "that is not wanted",
    Refusal.NO_KEY: "no key fits",
    Refusal.MORE_KEYS: "it takes another key at the same time",
    Refusal.FUMBLED: "it does not come off",
    Refusal.HELD: "somebody holds it fast",
    Refusal.NOT_SOUGHT: "there is no cause",
    Refusal.NO_TRIGGER: "there is no trigger in hand",
    Refusal.NO_EVIDENCE: "there is nothing to show for it",
    Refusal.WITNESSED: "not before their eyes",
}

BLOWS = {
    Effect.BLADE: ("stabs", "slashes at"),
    Effect.BLOW: ("strikes", "swings at"),
    Effect.BULLET: ("hits", "misses"),
    Effect.BLAST: ("blasts", "misses"),
}

PACES = {Gait.RUN: "run", Gait.WALK: "walk"}

UNFITTING = "it cannot be done"
"""For a refusal that has no phrase of its own."""
