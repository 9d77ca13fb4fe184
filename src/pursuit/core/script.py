"""The scenario's script as plain data: triggers, cues and checks with every name an index.

Written by `content` from a scenario file, read by `rules.script`. What each test and effect means is
said in `docs/scenarios.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

LOWEST, HIGHEST = -(2**31), 2**31 - 1
"""Limits that do not limit."""


class Toward(IntEnum):
    """What the goal of a cue names. Grows only at the end."""

    NOTHING = 0
    NODE = 1
    GUISE = 2
    ITEM = 3
    VEHICLE = 4


class Ask(IntEnum):
    """What a condition asks. Grows only at the end."""

    ALL = 0
    ANY = 1
    NOT = 2
    # events
    START = 3
    TURN = 4
    ENTER = 5
    EXIT = 6
    ARRIVE = 7
    PASS_EDGE = 8
    SIGHTED = 9
    LOST_SIGHT = 10
    HEARD = 11
    DISTANCE = 12  # near and far, too
    CONTACT = 13
    STRIKE = 14
    MARKED = 15  # hurt, downed, morph, unmask, blocked
    ESCAPED = 16
    DEED = 17  # take, drop, use
    REFUSED = 18
    IDLE = 19
    TIMER = 20
    VAR = 21
    DONE = 22
    TIME_OVER = 23
    # conditions
    STANDS = 24
    STATUS = 25
    GUISE = 26
    MASKED = 27
    RIDES = 28
    CUE = 29
    ORDER = 30
    LINKED = 31
    HEALTH = 32
    ITEM_LIES = 33
    ITEM_HELD = 34
    ROUNDS = 35
    VEHICLE_STANDS = 36
    VEHICLE_DRIVEN = 37
    DOOR = 38
    COUNT = 39
    VISIBLE = 40
    KNOWS = 41
    FIRED = 42
    OUTCOME = 43
    IN_VIEW = 44
    GONE = 45
    RUNNING = 46
    TAKEN = 47
    SPARED = 48
    WANTED = 49
    HELD = 50
    ALARM = 51
    PERSUADED = 52
    ARMED = 53


class Do(IntEnum):
    """What an effect does. Grows only at the end."""

    CUE = 0
    RELEASE = 1
    MESSAGE = 2
    MARK = 3
    SET = 4
    ADD = 5
    KNOW = 6
    LINK = 7
    BRING = 8
    SEND_AWAY = 9
    GIVE = 10
    DAMAGE = 11
    OPEN = 12
    CLOSE = 13
    ALARM = 14
    ENABLE = 15
    DISABLE = 16
    END = 17
    START = 18
    STOP = 19
    WANT = 20
    PARDON = 21


class Edge(IntEnum):
    """Which turn of a test's truth fires a trigger. Grows only at the end."""

    LEVEL = 0
    RISING = 1
    FALLING = 2
    BOTH = 3


class When(IntEnum):
    """When a check's condition has to hold. Grows only at the end."""

    END = 0
    ALWAYS = 1
    EVENTUALLY = 2
    BY_TURN = 3


@dataclass(frozen=True, slots=True)
class Condition:
    """One test. Which fields count depends on `ask`; several agents mean one of them (one pair of them)."""

    ask: Ask
    parts: tuple[Condition, ...] = ()  # of ALL, ANY, NOT
    who: tuple[int, ...] = ()  # slots; of GONE, items
    whom: tuple[int, ...] = ()  # slots
    area: int = -1  # row of Script.areas
    beyond: int = -1  # a second area: the far end of PASS_EDGE
    thing: int = -1  # item, vehicle, door, variable, fact, trigger, cue, outcome, verb's object or guise
    bits: int = 0  # a set of enum values as bits: statuses, door states, verbs, refusals; marks as they are
    low: int = LOWEST  # limits, inclusive: turns, hops, points, values
    high: int = HIGHEST
    every: int = 1  # TURN
    flag: bool = False  # STRIKE: hits only; MASKED, WANTED, HELD, PERSUADED: which


@dataclass(frozen=True, slots=True)
class Effect:
    """One change. Which fields count depends on `do`."""

    do: Do
    who: tuple[int, ...] = ()  # slots
    thing: int = -1  # cue, variable, fact, item, door, hazard, trigger, outcome
    node: int = -1  # BRING, ALARM
    amount: int = 0  # SET, ADD, DAMAGE
    text: str = ""  # MESSAGE, MARK


@dataclass(frozen=True, slots=True)
class Trigger:
    """A *when* and a *then*. The index in Script.triggers is its column in State and its lane of chance."""

    name: str
    on: Condition
    when: Condition | None
    effects: tuple[Effect, ...]
    edge: Edge = Edge.LEVEL
    max: int = 1  # 0: no limit
    cooldown: int = 0
    delay: int = 0
    priority: int = 0
    enabled: bool = True
    chance: int = 1000  # permille; at 1000 nothing is drawn


@dataclass(frozen=True, slots=True)
class Check:
    """A claim that is tested in a run."""

    name: str
    title: str
    that: Condition
    at: When = When.END
    turn: int = 0  # of BY_TURN
    required: bool = True
    skipped: bool = False  # it belongs to the other line
    said: str = ""  # the condition in words, for reports


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
    order_object: int  # of the order; of Verb.THROW the node


@dataclass(frozen=True)
class Script:
    """What the scenario adds to the rules."""

    triggers: tuple[Trigger, ...] = ()
    cues: tuple[Cue, ...] = ()
    var_name: tuple[str, ...] = ()
    var_start: tuple[int, ...] = ()
    areas: tuple[NDArray[np.bool_], ...] = ()  # sets of nodes, [N] each
