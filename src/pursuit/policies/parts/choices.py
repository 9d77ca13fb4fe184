"""Building blocks that story policies share: foes, flight, search.

Dimension letters: ``J`` bodies, ``X`` places to choose from, ``L`` landmarks; ``n`` own agents.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Mode
from pursuit.core.state import Gait, Mark
from pursuit.policies.base import remember
from pursuit.policies.parts.ground import FAR, TICKS, Ground
from pursuit.policies.parts.scene import Bools, Scene, columns
from pursuit.policies.parts.timetable import Steps, Timetable
from pursuit.rules.common import some
from pursuit.sense.observation import Wounds

Array = NDArray[Any]

GIVEN_AWAY = Mark.CHANGED | Mark.BLADED | Mark.SPLASHED | Mark.FAILED
"""Marks that only a shifter has."""

_GIVEN_AWAY, _PASSED, _FELL = np.uint16(GIVEN_AWAY), np.uint16(Mark.PASSED), np.uint16(Mark.FELL)

FOE_NOTES = 4
"""Width of the notes that `foes` keeps."""


@dataclass(frozen=True, eq=False)
class Foe:
    """The hunter as each own agent knows it, [n]."""

    scene: Scene
    guise: Array  # look it was last known by, -1 for none
    node: Array  # where it was seen last, -1 if never
    turn: Array  # when
    row: Array  # body row if it is in sight now, -1 else
    hops: Array  # own hops to it if it is in sight now, FAR else
    fell: Array  # turn in which it was seen to fall last, -1 if never
    notes: Array  # all this that is to be remembered, [n, FOE_NOTES]

    @cached_property
    def is_known(self) -> Bools:
        """Whether there is a place where it may be, [n]."""
        known: Bools = self.node >= 0
        return known

    @cached_property
    def pinned(self) -> Array:
        """Turns for which a foe that fell still lies there, [n]: poly-alloy takes its time to flow together."""
        fallen = self.fell >= 0
        if not some(fallen):
            return np.zeros(len(fallen), np.int64)
        lies = self.fell + self.scene.ground.brief.numbers.split_turns - self.scene.turn
        return np.maximum(lies, 0) * fallen

    @cached_property
    def head_start(self) -> Array:
        """Ticks that it has had since it was seen, [n]."""
        return (self.scene.turn - self.turn - self.pinned) * TICKS


def foes(scene: Scene, notes: Array, wary: Bools | None = None, held: Bools | None = None) -> Foe:
    """Who is a threat: a hunter's own look, whoever gave itself away, and the look that did so before.

    Who is `wary` [n] fears everybody who comes running, too, but for those that look like its protectors.
    A look that a mate wears is the mate's; on anybody else it is a fake. `notes` [n, FOE_NOTES] is what was known.
    Who knows better says which sights it `held` for threats, [s], and no look counts.
    """
    guise, node, turn, fell = notes.T
    bad = held
    if held is None and scene.sees_anybody:
        bad = _bad(scene, guise, wary)
    if bad is None or not some(bad):
        return Foe(scene, guise, node, turn, np.full(scene.num, -1), np.full(scene.num, FAR), fell, notes)
    sight, hops = scene.nearest(bad)
    seen = sight >= 0
    guise = np.where(seen, scene.of("body_guise", sight), guise)
    node = np.where(seen, scene.of("body_node", sight), node)
    turn = np.where(seen, scene.turn, turn)
    if some(scene.sight("body_marks")):
        fell = np.where(seen & ((scene.of("body_marks", sight) & _FELL) != 0), turn, fell)
    row = scene.row_of(sight)
    if some(scene.sight("body_left")):
        row = np.where(scene.of("body_left", sight), -1, row)
    return Foe(scene, guise, node, turn, row, hops, fell, columns(guise, node, turn, fell))


def _bad(scene: Scene, guise: Array, wary: Bools | None) -> Bools:
    """Which sights are of threats to agents who know a foe by the look `guise` [n], [s]."""
    ground, viewer = scene.ground, scene.viewer
    look = scene.sight("body_guise")
    bad: Bools = ground.is_hunter.take(look) | (look == guise.take(viewer)) | scene.is_mates_look(look)
    marks = scene.sight("body_marks")
    if some(marks):
        bad &= (marks & _PASSED) == 0
        bad |= (marks & _GIVEN_AWAY) != 0
    if wary is not None and some(wary):
        runs = (scene.sight("body_gait") == Gait.RUN.value) & wary.take(viewer)
        if some(runs):
            bad |= runs & ~ground.is_protector.take(look)
    if some(bad):
        bad &= scene.sight("body_wounds") < Wounds.DOWN.value  # not those who lie there
    return bad


def forget(foe: Foe, patience: int) -> Foe:
    """The same without places where a foe was seen longer ago than `patience` turns; looks are not forgotten."""
    if not some(foe.is_known):
        return foe
    old = foe.is_known & (foe.scene.turn - foe.turn > patience)
    if not some(old):
        return foe
    node = np.where(old, -1, foe.node)
    return replace(foe, node=node, notes=columns(foe.guise, node, foe.turn, foe.fell))


def foe_ticks(foe: Foe, places: Array, agents: Array) -> NDArray[np.int64]:
    """How soon some agents' foe can be at places [k, X]; FAR if nobody is known to be after them. `agents` is [k]."""
    ground = foe.scene.ground
    hops = ground.hops(ground.foe_feet(), foe.node.take(agents)[:, None], places)
    return late(foe, ground.ticks(hops, ground.foe_pace), agents)


def late(foe: Foe, ticks: Array, agents: Array) -> Array:
    """Ticks [k, X] from where the agents' foe was seen, less its head start; FAR stays FAR. `agents` is [k]."""
    left = np.maximum(ticks - foe.head_start.take(agents)[:, None], 0)
    return np.where(ticks >= FAR, FAR, left)


class Refuge:
    """Places worth running to: the neighbors of a node that can be stepped to, and landmarks."""

    def __init__(self, ground: Ground) -> None:
        board = ground.brief.board
        self._near = np.where(np.arange(board.neighbor.shape[1]) < board.degree[:, None], board.neighbor, -1)
        self._far = ground.landmarks()
        self._to_near, self._to_far = Steps(ground), Timetable(ground, self._far)

    def flee(self, scene: Scene, foe: Foe, agents: Array) -> Array:
        """The place that leaves the most time before the foe is there, of those that it does not reach first.

        For some of the agents, [k], whose foe is known.
        """
        node, mover, seen = scene.node.take(agents), scene.mover.take(agents), foe.node.take(agents)
        near = self._near.take(node, axis=0)
        ours = np.concatenate([self._to_near.ticks(mover, node), self._to_far.ticks(mover, node)], axis=1)
        to_far = late(foe, self._to_far.ticks(scene.ground.foe_mover, seen), agents)
        theirs = np.concatenate([foe_ticks(foe, near, agents), to_far], axis=1)
        lead = theirs - ours
        score = np.where(lead > 0, np.minimum(theirs, FAR // 2) * 4 + lead, lead)
        score[ours >= FAR] = -FAR * 4
        best = score.argmax(axis=1)
        width = near.shape[1]
        close = near[np.arange(len(agents)), np.minimum(best, width - 1)]
        return np.where(best < width, close, self._far.take(best - width, mode="clip"))


class Leave:
    """The exits of a side: which to make for, and how far it is to the nearest."""

    def __init__(self, ground: Ground, side: int) -> None:
        self.exits = ground.exits[side]
        self.ways = Timetable(ground, self.exits)

    def best(self, scene: Scene, foe: Foe, margin: int) -> tuple[Array, Array]:
        """(node, ticks) of the exit soonest reached of those the foe does not reach first, [n]; -1 and FAR without.

        `margin` is how many ticks before the foe one wants to be there.
        """
        if not len(self.exits):
            return np.full(scene.num, -1), np.full(scene.num, FAR)
        ours = self.ways.ticks(scene.mover, scene.node)
        if some(foe.is_known):
            theirs = late(foe, self.ways.ticks(scene.ground.foe_mover, foe.node), scene.every)
            ours = np.where(ours + margin < theirs, ours, FAR)
        best = ours.argmin(axis=1)
        time = ours[scene.every, best]
        return np.where(time < FAR, self.exits[best], -1), time


class Sweep:
    """Searching a board: to the lookout that shows most of what was not looked at for long, for the walk it takes."""

    def __init__(self, ground: Ground) -> None:
        self.nodes, self._worth = lookouts(ground)
        self._near = _nearby(ground, self.nodes)
        self._goal = np.append(self.nodes, -1)  # the last is that of no aim
        self._shift = np.arange(len(self.nodes)) % 13

    def notes(self, rows: int, agents: int) -> Array:
        """Fresh notes: which lookout an agent is going to, and when it was last at each."""
        return remember(rows, agents, len(self.nodes) + 1, np.int16)

    def go(self, scene: Scene, notes: Array, where: Bools) -> tuple[Array, Array]:
        """(goal [n], notes [n, 1 + L] for the next turn); only agents in `where` search, others keep their notes.

        The notes are written to.
        """
        place = self._near.take(scene.node)  # the lookout it stands at
        aim = notes[:, 0]
        at = (where & (place >= 0)).nonzero()[0]
        pick = (where & ((aim < 0) | (aim == place))).nonzero()[0]
        if len(at):
            notes[at, place[at] + 1] = np.minimum(scene.turn[at], _LAST_TURN)
        if len(pick):
            table, node = scene.feet.take(pick), scene.node.take(pick)
            hops = scene.ground.hops(table[:, None], node[:, None], self.nodes)
            stale = np.minimum(scene.turn.take(pick)[:, None] - notes[pick, 1:], _STALE)
            whim = scene.chance(_WHIM, 1 << 16).take(pick)[:, None] >> self._shift & 7
            gain = (self._worth * stale * (12 + whim)) // (hops + _EFFORT)
            here = place[pick][:, None] == np.arange(len(self.nodes))
            aim[pick] = np.where((hops >= FAR) | here, -1, gain).argmax(axis=1)
        return self._goal.take(aim), notes


def lookouts(ground: Ground, count: int = 24) -> tuple[Array, Array]:
    """(nodes, worth) of places that together show most of the board: each is the one that adds most to those before."""
    brief = ground.brief
    table = int(brief.ways.pick(int(Mode.FOOT), False, ground.closed))
    comes = brief.ways.distances_from(table, ground.hub) < brief.ways.far
    if brief.board.sight_hops < 0:
        return np.array([comes.argmax()]), np.array([brief.board.num_nodes])
    seeing, seen = brief.sight.pairs(int(brief.sight.pick(ground.dark)))
    looks = comes[seeing]  # where nobody comes, nobody looks
    seeing, seen = seeing[looks], seen[looks]
    nodes: list[int] = []
    worth: list[int] = []
    adds = np.bincount(seeing, minlength=len(comes))
    while len(nodes) < count and (not nodes or adds.max() > 1):
        best = int(adds.argmax())
        nodes.append(best)
        worth.append(int(adds[best]))
        shown = np.zeros(len(comes), np.bool_)
        shown[seen[seeing == best]] = True
        left = ~shown[seen]
        seeing, seen = seeing[left], seen[left]
        adds = np.bincount(seeing, minlength=len(comes))
    return np.array(nodes), np.array(worth)


def _nearby(ground: Ground, nodes: Array) -> NDArray[np.int32]:
    """The lookout at which each node counts as being, [N]; -1 for none."""
    everywhere = np.arange(ground.brief.board.num_nodes)
    table = int(ground.brief.ways.pick(int(Mode.FOOT), True, 0))
    hops = ground.hops(table, everywhere[:, None], nodes)
    nearest = hops.argmin(axis=1)
    return np.where(hops[everywhere, nearest] <= _THERE, nearest, -1).astype(np.int32)


_THERE = 1  # hops within which one has looked from a lookout
_LAST_TURN = np.iinfo(np.int16).max  # notes of searches are short: batches carry many
_STALE = 150  # turns after which a place is as good as never seen
_EFFORT = 6  # hops that stopping to look is worth
_WHIM = 7  # the lane of chance that keeps searches from being all alike
