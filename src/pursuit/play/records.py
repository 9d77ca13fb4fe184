"""The records of a replay file. `docs/replay_format.md` says what each field means.

Fields are only ever added, with a default: a reader passes over those it does not know.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from pursuit.rules.told.events import Event

FORMAT = 1
"""Version of the file format: goes up when a reader of the last version could not make sense of a file."""

KEY_EVERY = 50
"""Turns between two whole states."""

Column = list[int]
"""A whole column, row by row; or, where it changed, index and value by turns."""


class Text(Struct, frozen=True):
    """A content file as it was when the episode was played."""

    text: str
    hash: str  # blake2b, 16 bytes, hex, of the text in UTF-8


class Player(Struct, frozen=True):
    """Who chose for an agent."""

    agent: str
    policy: str  # as it is written after ``--policy``, parameters and all
    version: int


class Parent(Struct, frozen=True):
    """The replay that a fork began in."""

    name: str
    turn: int
    digest: str


class Head(Struct, frozen=True, tag="head", tag_field="type"):
    """First record: all that is needed to make the world again."""

    format: int
    engine: str  # version of the package
    rules: str  # hash of rules version, roster, weapons and numbers
    scenario: str
    title: str
    line: str  # film or open
    seed: int
    params: dict[str, int | float | str | bool]
    texts: dict[str, Text]  # scenario, map (unless generated), roster, weapons, vehicles, numbers
    agents: list[Player]
    parent: Parent | None = None


class Belief(Struct, frozen=True):
    """What a mind held for likely when it chose this turn, from what it had seen by then. Chances in millionths."""

    mind: int
    filter: str  # identity, mirror (the shifter's model of its guardians) or whereabouts
    gone: int  # the shifter is not on the board
    shifter: Column = []  # guise, node and chance by turns: its likeliest places
    fake: Column = []  # by body row, that it is the shifter


class Turn(Struct, frozen=True, tag="turn", tag_field="type"):
    """One step of the engine. Columns that did not change are left out."""

    turn: int  # counts from 1
    actions: dict[str, Column]  # where they differ from doing nothing
    changed: dict[str, Column]
    digest: str
    draws: dict[str, int]  # by stream, those that were used
    events: list[Event] = []
    exact: list[int] = []  # where the game is solved: turns to capture now (-1 never), turns lost, 1 for a blunder
    beliefs: list[Belief] = []


class Key(Struct, frozen=True, tag="key", tag_field="type"):
    """A whole state, after as many turns."""

    turn: int
    state: dict[str, Column]


class Mark(Struct, frozen=True, tag="mark", tag_field="type"):
    """A named turn."""

    turn: int
    text: str


class End(Struct, frozen=True, tag="end", tag_field="type"):
    """Last record of an episode that was played to its end, or as far as was asked."""

    turn: int
    outcome: str  # empty for an episode that was still open
    digest: str
    tallies: dict[str, int]  # how many events of each kind


Record = Head | Turn | Key | Mark | End
R = TypeVar("R", bound=Record)

_ENCODER = msgspec.json.Encoder()
_DECODERS: dict[type[Any], msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(kind) for kind in (Head, Turn, Key, Mark, End)
}


def encode(record: Record) -> bytes:
    """The body of a record's line."""
    return _ENCODER.encode(record)


def decode(body: bytes, kind: type[R]) -> R:
    """A record from its body. Raises msgspec.MsgspecError if it is not of this kind."""
    record: R = _DECODERS[kind].decode(body)
    return record


def kind_of(body: bytes) -> str:
    """What the type of a record says, without reading the rest; empty if it does not say it first."""
    if not body.startswith(b'{"type":"'):
        return ""
    return body[9 : body.find(b'"', 9)].decode("ascii", "replace")
