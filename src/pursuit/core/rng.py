"""Keyed chance: a draw is a function of (seed, turn, stream, lane) and of nothing else.

So a row of a batch draws the same numbers alone, in any batch and in any process, and the draw of
lane k does not depend on how many lanes there are. The mixer is the finalizer of SplitMix64
(Steele, Lea and Flood, 2014), applied once to the row's key and once to each lane.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer]


class Stream(IntEnum):
    """Names of the questions that are put to chance. Grows only at the end: the numbers enter the keys."""

    START = 0
    HIT = 1
    DOOR = 2
    ITEM = 3
    SEAT = 4
    BLUFF = 5
    ROW = 6
    CHANCE = 7
    TIE = 8
    POLICY = 9
    LOOKS = 10
    BLAST = 11
    LOCK = 12
    SEIZE = 13


_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_TURN = np.uint64(0xD1B54A32D192ED03)
_STREAM = np.uint64(0x8CB92BA72F3D8DD7)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S32 = (np.uint64(s) for s in (30, 27, 31, 32))


def mix(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finalizer, element by element; x is left alone."""
    x = x ^ (x >> _S30)
    x *= _M1
    x ^= x >> _S27
    x *= _M2
    x ^= x >> _S31
    return x


def key(seed: NDArray[np.uint64], turn: Ints, stream: int) -> NDArray[np.uint64]:
    """The row's key for one stream on one turn. seed and turn broadcast."""
    turns = np.asarray(turn).astype(np.uint64)
    offset = np.uint64((int(_STREAM) * (stream + 1)) & 0xFFFFFFFFFFFFFFFF)
    return mix(np.asarray(seed, np.uint64) + turns * _TURN + offset)


def bits32(row_key: NDArray[np.uint64], lane: Ints) -> NDArray[np.uint64]:
    """32 random bits for each (key, lane), as uint64; the two broadcast."""
    lanes = (np.asarray(lane).astype(np.uint64) + np.uint64(1)) * _GOLDEN
    return mix(np.asarray(row_key + lanes)) >> _S32


def scale(bits: NDArray[np.uint64], bound: Ints | int) -> NDArray[np.int64]:
    """Map 32 random bits to 0 … bound − 1."""
    return ((bits * np.asarray(bound).astype(np.uint64)) >> _S32).astype(np.int64)


class Draws(Protocol):
    """Where the rules get their chance from.

    Questions come flat: ``rows`` are indices into ``seed`` and ``turn`` and ``lanes`` goes along, all
    [n]; each is one draw used. ``bound`` answers 0 … bound − 1.
    """

    def below(
        self, seed: NDArray[np.uint64], turn: Ints, stream: Stream, rows: Ints, lanes: Ints, bound: Ints | int
    ) -> NDArray[np.int64]: ...


class KeyedDraws:
    """The generator of play: stateless, so one instance serves every run."""

    def below(
        self, seed: NDArray[np.uint64], turn: Ints, stream: Stream, rows: Ints, lanes: Ints, bound: Ints | int
    ) -> NDArray[np.int64]:
        return scale(bits32(key(seed[rows], turn[rows], stream), lanes), bound)


class CountingDraws(KeyedDraws):
    """Keyed draws that count, for each row and stream, how many were used. For replays, which record it."""

    def __init__(self, rows: int) -> None:
        self.count = np.zeros((rows, len(Stream)), np.int64)

    def below(
        self, seed: NDArray[np.uint64], turn: Ints, stream: Stream, rows: Ints, lanes: Ints, bound: Ints | int
    ) -> NDArray[np.int64]:
        np.add.at(self.count[:, stream], rows, 1)
        return super().below(seed, turn, stream, rows, lanes, bound)


class ScriptedDraws:
    """Chance written down beforehand, for tests: ``{(Stream.HIT, lane): [values]}``.

    Raises LookupError for a question nobody wrote an answer to; ``finish`` raises AssertionError if
    an answer was left over.
    """

    def __init__(self, answers: Mapping[tuple[Stream, int], list[int]]) -> None:
        self._left = {question: list(values) for question, values in answers.items()}

    def below(
        self, seed: NDArray[np.uint64], turn: Ints, stream: Stream, rows: Ints, lanes: Ints, bound: Ints | int
    ) -> NDArray[np.int64]:
        del seed, turn, rows
        out = np.empty(len(lanes), np.int64)
        for at, lane in enumerate(lanes.tolist()):
            values = self._left.get((stream, lane))
            if not values:
                raise LookupError(f"no scripted draw left for {stream.name}, lane {lane}")
            out[at] = values.pop(0)
        if np.any(out >= np.asarray(bound)):
            raise LookupError(f"a scripted draw for {stream.name} is not below its bound")
        return out

    def finish(self) -> None:
        left = {question: values for question, values in self._left.items() if values}
        assert not left, f"scripted draws not used: {left}"
