"""The scenario's script as plain data: triggers, cues and checks with every name an index.

Written by `content` from a scenario file, read by `rules.triggers`. What each test and effect means is
said in `docs/scenarios.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Toward(IntEnum):
    """What the goal of a cue names. Grows only at the end."""

    NOTHING = 0
    NODE = 1
    GUISE = 2
    ITEM = 3
    VEHICLE = 4


@dataclass(frozen=True)
class Cue:
    """An order to one agent. It names guises and nodes, never slots: the agent must see whom it is sent to."""

    name: str
    agent: int  # slot that is ordered
    toward: Toward
    goal: int  # node, guise, item or vehicle, -1 for none
    gait: int  # Gait.WALK or Gait.RUN
    verb: int  # Verb, done when its object is within reach
    object: int  # guise for STRIKE, SHOOT, CHALLENGE, ORDER, SAMPLE and MORPH; else the verb's own
    order: int  # Order given with Verb.ORDER
    order_object: int


@dataclass(frozen=True)
class Script:
    """What the scenario adds to the rules."""

    triggers: tuple[()] = ()
    cues: tuple[Cue, ...] = ()
    var_name: tuple[str, ...] = ()
    var_start: tuple[int, ...] = ()
