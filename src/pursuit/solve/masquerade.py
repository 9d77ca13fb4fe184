"""A small game of mimicry: how long somebody who is hunted can be sure to live, by what it can know.

Three are on the board: the quarry, a stranger, and a shifter that shows its own look or wears the stranger's. Everybody
moves at once, one hop or none, by the rules of the story (docs/exact_play.md says which of them). The quarry sees the
nodes that its own node sees; whoever stays in sight is followed from turn to turn, whoever leaves it is not. What the
quarry knows is a set of truths: all that fit what it has seen. Which moves are safe follows from that set alone, so
a search forward finds the sets that can come up, and from those without a safe move value iteration goes backward
(the knowledge-based subset construction of games of safety, Reif 1984).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pursuit.solve.game import Graph, TooLargeError

MOST_SETS = 100_000
"""Sets of truths looked at before a game is given up."""

FOR_EVER = -1
"""The number of turns of who can never be caught for sure."""


class Truth(NamedTuple):
    """What the quarry would like to know."""

    shifter: int  # node
    stranger: int  # node
    masked: bool  # the shifter wears the stranger's look
    changing: bool  # it will have changed by the end of the coming turn
    second: bool = False  # of two who look alike on one node, it is the one listed second
    left: int = -1  # node from which it left sight this turn while its change was noticed, so that it is listed still


class Sight(NamedTuple):
    """One body in sight."""

    node: int  # -1: it left sight while it changed
    own_look: bool  # that of the shifter
    changed: bool  # this turn
    was: int  # its place in the list a turn ago, -1 if it was not in sight


View = tuple[Sight, ...]
Truths = frozenset[Truth]


class Known(NamedTuple):
    """Where the quarry stands and what it holds for possible."""

    node: int
    truths: Truths


@dataclass(frozen=True)
class Masquerade:
    """A solved game."""

    turns: dict[Known, int]
    """In which turn the quarry may be struck at the earliest, if it plays best: 1 is the coming one; FOR_EVER."""
    first: dict[tuple[int, View], Known]
    """What is known when the game begins, by the quarry's node and what it sees."""

    game: Game

    def begin(self, quarry: int, truth: Truth) -> Known:
        """What the quarry knows at a start of the game."""
        return self.first[quarry, self.game.first_view(quarry, truth)]

    def moves(self, known: Known) -> list[tuple[int, float, int]]:
        """Each move, the turn in which the quarry may be struck after it, and by how many of the truths in this one."""
        rated = []
        for move in self.game.ways[known.node]:
            strikes = self.game.strikes(known, move)
            later = [] if strikes else self.game.after(known, move)
            turns = [self.turns.get(one, 0) for one in later]
            rated.append((move, 1 + min((inf if turn == FOR_EVER else turn for turn in turns), default=0), strikes))
        return rated

    def follow(self, known: Known, move: int, view: View) -> Known | None:
        """What is known once a move was made, nobody struck, and this was seen; None if that cannot be."""
        return next((one for one, seen in self.game.outlook(known, move) if seen == view), None)


def solve_masquerade(
    graph: Graph, sees: NDArray[np.bool_], *, mimicry: bool = True, most_sets: int = MOST_SETS
) -> Masquerade:
    """Solve the game from every start, on a board where node n sees the nodes ``sees[n]``, [N, N].

    The quarry knows the board and at first nothing but what it sees. Without `mimicry` the shifter keeps its own look.
    Raises TooLargeError where more than `most_sets` sets of truths come up.
    """
    game = Game(graph, sees, mimicry)
    first = game.starts()
    options: dict[Known, list[list[Known] | None]] = {}
    fresh = list(dict.fromkeys(first.values()))
    while fresh:
        known = fresh.pop()
        if known in options:
            continue
        options[known] = [
            None if game.strikes(known, move) else game.after(known, move) for move in game.ways[known.node]
        ]
        fresh += [one for after in options[known] if after is not None for one in after if one not in options]
        if len(options) > most_sets:
            raise TooLargeError(f"the game of mimicry grows beyond {most_sets:,} sets of truths on this board")
    return Masquerade(_iterate(options), first, game)


def _iterate(options: dict[Known, list[list[Known] | None]]) -> dict[Known, int]:
    """The turns of each set, from what each of its moves leads to; None is a move that may be the last."""
    turns = dict.fromkeys(options, FOR_EVER)
    doubtful, turn = list(options), 0
    while True:
        turn += 1
        lost = [
            known
            for known in doubtful
            if all(after is None or any(turns[one] != FOR_EVER for one in after) for after in options[known])
        ]
        if not lost:
            return turns
        turns.update(dict.fromkeys(lost, turn))
        doubtful = [known for known in doubtful if turns[known] == FOR_EVER]


class Game:
    """The rules of one board."""

    def __init__(self, graph: Graph, sees: NDArray[np.bool_], mimicry: bool) -> None:
        self.ways = [np.flatnonzero(row).tolist() for row in graph.reach]
        self._sees, self._mimicry = sees, mimicry
        self.seen_after = cache(self._seen_after)

    def starts(self) -> dict[tuple[int, View], Known]:
        """What may be known at first, by where the quarry is and what it sees; nobody is met yet."""
        nodes, looks = range(len(self.ways)), (False, True) if self._mimicry else (False,)
        fits: dict[tuple[int, View], set[Truth]] = {}
        for quarry in nodes:
            for shifter in nodes:
                for stranger in nodes:
                    for masked in looks if shifter != quarry else ():
                        for truth in _twins(Truth(shifter, stranger, masked, False)):
                            view = self.first_view(quarry, truth)
                            fits.setdefault((quarry, view), set()).add(truth)
        return {key: Known(key[0], frozenset(truths)) for key, truths in fits.items()}

    def strikes(self, known: Known, move: int) -> int:
        """By how many of the truths the quarry may be struck if it makes a move."""
        return sum(self.seen_after(known.node, move, truth)[0] for truth in known.truths)

    def after(self, known: Known, move: int) -> list[Known]:
        """What may be known after a move, one for each view that may meet the eye."""
        return [one for one, _ in self.outlook(known, move)]

    def outlook(self, known: Known, move: int) -> list[tuple[Known, View]]:
        """The same, with the views."""
        fits: dict[View, set[Truth]] = {}
        for truth in known.truths:
            for view, truths in self.seen_after(known.node, move, truth)[1].items():
                fits.setdefault(view, set()).update(truths)
        return [(Known(move, frozenset(truths)), view) for view, truths in fits.items()]

    def first_view(self, quarry: int, truth: Truth) -> View:
        """What the quarry sees before the first turn."""
        return _view([], truth, False, self._sees[quarry])

    def _seen_after(self, quarry: int, move: int, truth: Truth) -> tuple[bool, dict[View, set[Truth]]]:
        """Whether the quarry may be struck, and else the truths that may follow one, by what is seen then."""
        now = Truth(truth.shifter, truth.stranger, truth.masked ^ truth.changing, False)
        before, sees = _places(truth, self._sees[quarry]), self._sees[move]
        marked = truth.changing and True in before  # who leaves sight with a mark on it is still noticed
        seen: dict[View, set[Truth]] = {}
        struck = False
        for shifter, changing in self._deeds(now):
            crossed = shifter == quarry and move == truth.shifter and shifter != truth.shifter
            if not changing and (shifter == move or crossed):
                struck = True
                continue
            left = truth.shifter if marked and not sees[shifter] else -1
            for stranger in self.ways[truth.stranger]:
                for later in _twins(Truth(shifter, stranger, now.masked, changing, left=left)):
                    view = _view(before, later, truth.changing, sees)
                    seen.setdefault(view, set()).add(later)
        return struck, seen

    def _deeds(self, truth: Truth) -> Iterator[tuple[int, bool]]:
        """Where the shifter may go, hands free; or it begins to change, and stays."""
        yield from ((node, False) for node in self.ways[truth.shifter])
        if self._mimicry:
            yield truth.shifter, True


def _listed(truth: Truth) -> int:
    """The node by which the shifter is listed."""
    return truth.shifter if truth.left < 0 else truth.left


def _twins(truth: Truth) -> list[Truth]:
    """A truth, in both orders where the order of the bodies tells nothing."""
    alike = truth.masked and _listed(truth) == truth.stranger
    return [truth._replace(second=second) for second in ((False, True) if alike else (False,))]


def _places(truth: Truth, sees: NDArray[np.bool_]) -> list[bool]:
    """Who is listed, in order: by node, look and chance; True is the shifter."""
    shifter = (_listed(truth), truth.masked, truth.second, True)
    stranger = (truth.stranger, True, not truth.second, False)
    return [who for node, _, _, who in sorted((shifter, stranger)) if sees[node] or (who and truth.left >= 0)]


def _view(before: list[bool], after: Truth, changed: bool, sees: NDArray[np.bool_]) -> View:
    """What meets the eye: the list of a turn ago, and what is true now. Who was noticed as it left comes last."""
    was = {who: place for place, who in enumerate(before)}
    now = sorted(_places(after, sees), key=lambda who: who and after.left >= 0)
    return tuple(Sight(*_shown(after, who), changed=who and changed, was=was.get(who, -1)) for who in now)


def _shown(truth: Truth, who: bool) -> tuple[int, bool]:
    """Node and look of a body."""
    if not who:
        return truth.stranger, False
    return truth.shifter if truth.left < 0 else -1, not truth.masked
