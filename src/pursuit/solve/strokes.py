"""The two strokes of retrograde analysis, on rows of bits: the evader's answers and the pursuers' moves.

Dimension letters: ``M`` teams, ``N`` places, ``W`` words of a row, ``C`` columns of 64 rows each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pursuit.core.wavefront import Roads
from pursuit.solve import teams
from pursuit.solve.bits import WORD, Words, any_set, put_rows, turn_over
from pursuit.solve.teams import Index

_CHUNK_WORDS = 1 << 15

Mask = NDArray[np.bool_]


class Answers:
    """The evader's stroke: it is lost where all its moves lead to states that are won."""

    def __init__(self, roads: Roads, words: int) -> None:
        self.roads, self.words = roads, words
        self.columns = max(1, _CHUNK_WORDS // (WORD * words))
        shape = (WORD, words, self.columns)
        self._block, self._kept = np.empty(shape, np.uint64), np.empty(shape, np.uint64)
        self._spare = np.empty((WORD // 2, *shape[1:]), np.uint64)
        self._rows = np.empty((WORD, self.columns, words), np.uint64)
        self._before = np.empty((WORD * self.columns, words), np.uint64)

    def lose(self, won: Words, lost: Words, grown: Index) -> Mask:
        """Add what is lost now to the sets ``lost [M, W]``, and say which teams ``[M]`` gained.

        ``grown`` are the teams whose sets ``won [M, W]`` have become larger since the last call.
        """
        gained = np.zeros(len(won), np.bool_)
        for team in np.array_split(grown, -(-len(grown) // (WORD * self.columns))):
            fresh = self._all_won(won, team)
            before = self._before[: len(team)]
            np.take(lost, team, axis=0, out=before, mode="clip")
            fresh |= before
            before ^= fresh
            more = any_set(before)
            better = team[more]
            put_rows(lost, better, fresh.compress(more, axis=0))
            gained[better] = True
        return gained

    def _all_won(self, won: Words, team: Index) -> Words:
        """Where all the evader's moves lead to ``won``, for some teams: ``[len(team), W]``, until the next call."""
        columns = -(-len(team) // WORD)
        rows = self._rows.reshape(-1, self.words)
        np.take(won, team, axis=0, out=rows[: len(team)], mode="clip")
        size = WORD * columns * self.words
        square = self._rows.reshape(-1)[:size].reshape(WORD, columns, self.words)
        block, kept = (each.reshape(-1)[:size] for each in (self._block, self._kept))
        spare = self._spare.reshape(-1)[: size // 2]
        turned = (WORD, self.words, columns)
        np.copyto(block.reshape(turned), square.swapaxes(1, 2))
        turn_over(block.reshape(turned), spare)
        there, here = block.reshape(-1, columns), kept.reshape(-1, columns)  # a row for each place of the evader
        np.copyto(here, there)
        for lead in self.roads.leads:
            answers = self._rows.reshape(-1)[: len(lead) * columns].reshape(len(lead), columns)
            np.take(there, lead, axis=0, out=answers, mode="clip")
            here[: len(lead)] &= answers
        turn_over(kept.reshape(turned), spare)
        np.copyto(square, kept.reshape(turned).swapaxes(1, 2))
        return rows[: len(team)]


class Stage:
    """A part of the pursuers' turn: which rows of the sets before it are joined in each row of the sets after it."""

    def __init__(self, sources: Sequence[Index], others: int, words: int) -> None:
        """``sources``: the r-th holds, for the first rows up to its length, a row of the sets before.

        Rows are worked on as ``[M moved, M others]``, and stored as ``[M others, M moved]``.
        """
        self.sources = sources
        self.shape = (len(sources[0]) // others, others)
        self._chunk = max(1, _CHUNK_WORDS // words)
        self._sets, self._more = np.empty((2, min(self._chunk, len(sources[0])), words), np.uint64)

    def touched(self, changed: Mask) -> Mask:
        """Which rows, in working order, are made of a row that changed."""
        touched = changed.take(self.sources[0])
        for source in self.sources[1:]:
            touched[: len(source)] |= changed.take(source)
        return touched

    def joined(self, before: Words, rows: Index) -> Iterator[tuple[Index, Words]]:
        """Some rows, which are sorted, a chunk at a time: their numbers, and their sets until the next chunk."""
        for first in range(0, len(rows), self._chunk):
            part = rows[first : first + self._chunk]
            sets = self._sets[: len(part)]
            np.take(before, self.sources[0].take(part), axis=0, out=sets, mode="clip")
            for source in self.sources[1:]:
                part_of = part[: np.searchsorted(part, len(source))]
                more = self._more[: len(part_of)]
                np.take(before, source.take(part_of), axis=0, out=more, mode="clip")
                sets[: len(part_of)] |= more
            yield part, sets

    def carry(self, before: Words, changed: Mask, after: Words) -> Mask:
        """Bring the sets after the stage up to date, and say which rows of theirs may have changed."""
        touched = self.touched(changed)
        moved, others = self.shape
        for part, sets in self.joined(before, np.flatnonzero(touched)):
            at, which = np.divmod(part, others)
            put_rows(after, which * moved + at, sets)
        return touched.reshape(moved, others).T.ravel()


def stages(roads: Roads, pursuers: int, one_moves: bool, words: int) -> list[Stage]:
    """What the pursuers' turn is made of: the moves of all, or the move of one who may be any of them."""
    if one_moves:
        return [_move(roads, 1, pursuers, words), _anyone(roads.num_nodes, pursuers, words)]
    return [_move(roads, moved, pursuers, words) for moved in range(1, pursuers + 1)]


def _move(roads: Roads, moved: int, pursuers: int, words: int) -> Stage:
    """One pursuer's move, after which ``moved`` pursuers have moved.

    A row is a team of those that have moved and a team of those that have not. Of those that have moved after it, the
    last is the one whose move this is.
    """
    num = roads.num_nodes
    last, rest = teams.split(num, moved)
    scale = teams.count(num, moved - 1)
    before = teams.joined(num, pursuers - moved) * scale  # [N, M others]
    sources = [before[last] + rest[:, None]]
    for lead in roads.leads:
        at = last[: teams.count(len(lead), moved)]
        sources.append(before[lead[at]] + rest[: len(at), None])
    return Stage([source.ravel() for source in sources], before.shape[1], words)


def _anyone(num: int, pursuers: int, words: int) -> Stage:
    """The end of a lazy move: the mover was told from the others until now, and may be any of the team."""
    team = teams.members(num, pursuers)
    others = [teams.number(np.delete(team, mover, axis=1), num) for mover in range(pursuers)]
    return Stage([rest * num + mover for rest, mover in zip(others, team.T, strict=True)], 1, words)
