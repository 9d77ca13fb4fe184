"""What an observation says to the filters: which nodes are in sight, and what the marks of a body give away.

Dimension letters: ``R`` rows, ``A`` agent slots, ``N`` nodes, ``E`` doors, ``n`` bodies in sight, as a flat list.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Door
from pursuit.core.roster import Effect, Trait
from pursuit.core.state import Mark
from pursuit.sense.observation import Brief, Observation, Wounds

Array = NDArray[Any]
Flat = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Bodies:
    """The bodies of an observation as a flat list, in order of row."""

    row: Flat  # [n]
    place: Flat  # [n] its number in the row
    guise: Flat  # [n]
    node: Flat  # [n]
    left: NDArray[np.bool_]  # [n] out of sight by now; the node is where it was
    wounds: NDArray[np.int8]  # [n] 0 none, 1 hurt, 2 down, dead or offline, -1 unknown
    changed: NDArray[np.bool_]  # [n] it was seen to change
    real: Array  # [n] chance of what it shows if it is whom it looks like
    fake: Array  # [n] chance of what it shows if it is the shifter

    def between(self, first: int, end: int) -> Bodies:
        """Those of some rows, which are numbered from 0."""
        at = slice(*np.searchsorted(self.row, (first, end)).tolist())
        return Bodies(self.row[at] - first, *(getattr(self, f.name)[at] for f in fields(self)[1:]))


class Witness:
    """Reads observations; made once from a brief."""

    def __init__(self, brief: Brief) -> None:
        self._brief = brief
        board, roster, kind = brief.board, brief.roster, brief.kind
        self._routes = np.flatnonzero(board.door_route >= 0)
        self._bits = np.int64(1) << board.door_route[self._routes].astype(np.int64)
        self._nodes = np.arange(board.num_nodes)
        guns = brief.item_weapon[brief.item_weapon >= 0]
        shoots = roster.has(Trait.SHOOTS)[kind]
        blade_gun = bool((roster.effect[guns] == Effect.BLADE.value).any())
        blades = (roster.effect[roster.melee[kind]] == Effect.BLADE.value) | (shoots & blade_gun)
        poly = roster.has(Trait.POLY)[kind]
        can = {Mark.BLADED: blades, Mark.FIRED: shoots, Mark.SPLASHED: poly}
        # who cannot show a mark, [A + 1], things last
        self._cannot = [(np.uint16(mark), ~np.append(able, False)) for mark, able in can.items()]
        self.heals: NDArray[np.bool_] = roster.has(Trait.MACHINE)[kind]
        self._rises: NDArray[np.bool_] = roster.has(Trait.BACKUP)[kind]  # even if it was seen to fall
        self._health = roster.health[kind]

    def hidden(self, obs: Observation) -> NDArray[np.bool_]:
        """Nodes that no member is sure to see, [R, N]. A door out of sight is held for shut."""
        brief = self._brief
        rows, slots = obs.mate.nonzero()
        if brief.board.sight_hops < 0:
            blind = ~np.any(obs.mate, axis=1, keepdims=True)
            return np.repeat(blind, brief.board.num_nodes, axis=1)
        shut = (obs.door[:, self._routes] != Door.OPEN.value) @ self._bits
        table = brief.sight.pick(shut)[rows]
        seen = brief.sight.sees(table[:, None], obs.node[rows, slots][:, None], self._nodes)
        if len(rows) == obs.num_rows and (rows == np.arange(len(rows))).all():  # one member each
            return ~seen
        hidden = np.ones((obs.num_rows, brief.board.num_nodes), np.bool_)
        if len(rows):
            first = np.diff(rows, prepend=-1).nonzero()[0]
            hidden[rows[first]] = ~np.logical_or.reduceat(seen, first, axis=0)
        return hidden

    def bodies(self, obs: Observation, worst: NDArray[np.int8]) -> Bodies:
        """The bodies in sight and what they show, given the worst that was seen of each person, [R, A]."""
        brief = self._brief
        num_agents, shifter = len(brief.kind), brief.shifter
        row, place = np.nonzero(obs.body_node >= 0)
        guise = obs.body_guise[row, place].astype(np.intp)
        marks, left = obs.body_marks[row, place], obs.body_left[row, place]
        wounds = _GRADE[obs.body_wounds[row, place]]
        person = np.minimum(guise, num_agents)
        known = np.append(worst, np.zeros((len(worst), 1), np.int8), axis=1)[row, person]
        changed = (marks & np.uint16(Mark.CHANGED)) != 0
        real = ~changed & ((marks & np.uint16(Mark.FAILED)) == 0) & ((wounds < 0) | (wounds >= known))
        fake = np.where(wounds > 0, 0.0, 1.0)  # poly-alloy shows no wounds
        for mark, cannot in self._cannot:
            shows = (marks & mark) != 0
            real &= ~(shows & cannot[person])
            if cannot[shifter]:
                fake[shows] = 0.0
        bluff, masked = brief.numbers.bluff / 1000, guise != shifter
        fake *= np.where((marks & np.uint16(Mark.PASSED)) != 0, np.where(masked, bluff, 1.0), 1.0)
        fake *= np.where((marks & np.uint16(Mark.FAILED)) != 0, np.where(masked, 1.0 - bluff, 0.0), 1.0)
        return Bodies(
            row, place, guise, obs.body_node[row, place].astype(np.intp), left, wounds, changed,
            real.astype(np.float64), fake,
        )  # fmt: skip

    def worse(self, obs: Observation, bodies: Bodies, worst: NDArray[np.int8]) -> NDArray[np.int8]:
        """The worst that has been seen of each person by now, [R, A]. Wounds are never feigned; machines mend them."""
        worst = worst.copy("K")
        lasting = np.append(self.heals, True)[np.minimum(bodies.guise, len(self.heals))]
        rises = np.append(self._rises, False)[np.minimum(bodies.guise, len(self.heals))]
        shown = (bodies.wounds > 0) & ~rises & (bodies.guise < len(self.heals)) & ((bodies.wounds == 2) | ~lasting)
        np.maximum.at(worst, (bodies.row[shown], bodies.guise[shown]), bodies.wounds[shown])
        hurt = obs.mate & (obs.health < self._health) & ~self.heals
        worst[hurt] = np.maximum(worst[hurt], 1)
        worst[obs.mate] = np.minimum(worst[obs.mate], 1)
        return worst


_GRADE = np.array([0, 1, 2, 2, 2, -1], np.int8)  # by Wounds; -1 reads the last
assert len(Wounds) + 1 == len(_GRADE)
