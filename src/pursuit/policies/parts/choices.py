"""Building blocks that story policies share: foes, flight, search.

Dimension letters: ``J`` bodies, ``X`` places to choose from, ``L`` landmarks; ``n`` own agents.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Mode
from pursuit.core.state import Gait, Mark
from pursuit.policies.base import remember
from pursuit.policies.parts.ground import FAR, TICKS, Ground
from pursuit.policies.parts.scene import Bools, Scene, columns
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

    guise: Array  # look it was last known by, -1 for none
    node: Array  # where it was seen last, -1 if never
    turn: Array  # when
    row: Array  # body row if it is in sight now, -1 else
    hops: Array  # own hops to it if it is in sight now, FAR else
    fell: Array  # turn in which it was seen to fall last, -1 if never

    @property
    def notes(self) -> Array:
        return columns(self.guise, self.node, self.turn, self.fell)


def foes(scene: Scene, notes: Array, wary: Bools | None = None) -> Foe:
    """Who is a threat: a hunter's own look, whoever gave itself away, and the look that did so before.

    Who is `wary` [n] fears everybody who comes running, too, but for those that look like its protectors.
    A look that a mate wears is the mate's; on anybody else it is a fake. `notes` [n, FOE_NOTES] is what was known.
    """
    guise, node, turn, fell = notes.T
    if not some(scene.obs.body_node >= 0):
        none = np.full(scene.num, -1)
        return Foe(guise, node, turn, none, np.full(scene.num, FAR), fell)
    looks, marks = scene.body_guise, scene.each(scene.obs.body_marks)
    mates, hunters = scene.each(scene.obs.mate), scene.ground.is_hunter
    fake = np.empty((scene.num, len(hunters)), np.bool_)  # by look; the last is nobody's
    fake[:] = hunters
    fake[:, : mates.shape[1]] |= mates
    known = np.flatnonzero(guise >= 0)
    fake[known, guise[known]] = True
    bad = fake[np.arange(scene.num)[:, None], looks] & ((marks & _PASSED) == 0)
    bad |= (marks & _GIVEN_AWAY) != 0
    if wary is not None and some(wary):
        runs = scene.each(scene.obs.body_gait) == Gait.RUN.value
        bad |= runs & wary[:, None] & ~scene.ground.is_protector.take(looks, mode="wrap")
    if some(bad):
        bad &= scene.each(scene.obs.body_wounds) < Wounds.DOWN.value  # not those who lie there
    if not some(bad):
        none = np.full(scene.num, -1)
        return Foe(guise, node, turn, none, np.full(scene.num, FAR), fell)
    row, hops = scene.nearest(bad)
    seen = row >= 0
    return Foe(
        np.where(seen, scene.of_body(looks, row), guise),
        np.where(seen, scene.of_body(scene.body_node, row), node),
        np.where(seen, scene.turn, turn),
        np.where(scene.of_body(scene.each(scene.obs.body_left), row), -1, row),
        hops,
        np.where(seen & ((scene.of_body(marks, row) & _FELL) != 0), scene.turn, fell),
    )


def pinned(scene: Scene, foe: Foe) -> Array:
    """Turns for which a foe that fell still lies there, [n]: poly-alloy takes its time to flow together."""
    lies = foe.fell + scene.ground.brief.numbers.split_turns - scene.turn
    return np.where(foe.fell >= 0, np.maximum(lies, 0), 0)


def forget(scene: Scene, foe: Foe, patience: int) -> Foe:
    """The same without places where a foe was seen longer ago than `patience` turns; looks are not forgotten."""
    old = (foe.node >= 0) & (scene.turn - foe.turn > patience)
    return replace(foe, node=np.where(old, -1, foe.node)) if old.any() else foe


def foe_ticks(scene: Scene, foe: Foe, places: Array) -> NDArray[np.int64]:
    """How soon the foe can be at places [n, X]; FAR if nobody is known to be after us."""
    ground = scene.ground
    hops = ground.hops(ground.foe_feet(), foe.node[:, None], places)
    head_start = (scene.turn - foe.turn - pinned(scene, foe))[:, None] * TICKS
    return np.where(hops >= FAR, FAR, np.maximum(ground.ticks(hops, ground.foe_pace) - head_start, 0))


def own_ticks(scene: Scene, places: Array) -> NDArray[np.int64]:
    """How soon the agent itself can be at places [n, X]."""
    return scene.ground.ticks(scene.hops_to(places), scene.pace[:, None])


class Refuge:
    """Places worth running to: the neighbors of a node, landmarks and the exits of a side."""

    def __init__(self, ground: Ground) -> None:
        board = ground.brief.board
        self.near = np.where(np.arange(board.neighbor.shape[1]) < board.degree[:, None], board.neighbor, -1)
        self.far = ground.landmarks()

    def flee(self, scene: Scene, foe: Foe) -> Array:
        """The place that leaves the most time before the foe is there, of those that it does not reach first, [n]."""
        places = np.concatenate(
            [self.near.take(scene.node, axis=0), np.broadcast_to(self.far, (scene.num, len(self.far)))], axis=1
        )
        theirs, ours = foe_ticks(scene, foe, places), own_ticks(scene, places)
        lead = theirs - ours
        score = np.where(lead > 0, np.minimum(theirs, FAR // 2) * 4 + lead, lead)
        score = np.where(ours >= FAR, -FAR * 4, score)
        best: Array = places[np.arange(scene.num), score.argmax(axis=1)]
        return best


def best_exit(scene: Scene, foe: Foe, exits: Array, margin: int) -> tuple[Array, Array]:
    """(node, ticks) of the exit soonest reached of those the foe does not reach first, [n]; -1 and FAR without.

    `margin` is how many ticks before the foe one wants to be there.
    """
    if not len(exits):
        return np.full(scene.num, -1), np.full(scene.num, FAR)
    ours = own_ticks(scene, exits[None])
    if some(foe.node >= 0):
        ours = np.where(ours + margin < foe_ticks(scene, foe, exits[None]), ours, FAR)
    best = ours.argmin(axis=1)
    time = ours[np.arange(scene.num), best]
    return np.where(time < FAR, exits[best], -1), time


class Sweep:
    """Searching a board: to the lookout that shows most of what was not looked at for long, for the walk it takes."""

    def __init__(self, ground: Ground) -> None:
        self.nodes, self._worth = lookouts(ground)
        self._near = _nearby(ground, self.nodes)

    def notes(self, rows: int, agents: int) -> Array:
        """Fresh notes: which lookout an agent is going to, and when it was last at each."""
        return remember(rows, agents, len(self.nodes) + 1, np.int16)

    def go(self, scene: Scene, notes: Array, where: Bools) -> tuple[Array, Array]:
        """(goal [n], notes [n, 1 + L] for the next turn); only agents in `where` search, others keep their notes."""
        place = self._near.take(scene.node)  # the lookout it stands at
        aim = notes[:, 0]
        pick = np.flatnonzero(where & ((aim < 0) | (aim == place)))
        at = np.flatnonzero(where & (place >= 0))
        if len(pick) or len(at):
            notes = notes.copy()
            aim, looked = notes[:, 0], notes[:, 1:]
            looked[at, place[at]] = np.minimum(scene.turn[at], _LAST_TURN)
        if len(pick):
            table, node = scene.feet.take(pick), scene.node.take(pick)
            hops = scene.ground.hops(table[:, None], node[:, None], self.nodes)
            stale = np.minimum(scene.turn.take(pick)[:, None] - looked[pick], _STALE)
            whim = scene.chance(_WHIM, 1 << 16).take(pick)[:, None] >> np.arange(len(self.nodes)) % 13 & 7
            gain = (self._worth * stale * (12 + whim)) // (hops + _EFFORT)
            here = place[pick][:, None] == np.arange(len(self.nodes))
            aim[pick] = np.where((hops >= FAR) | here, -1, gain).argmax(axis=1)
        return np.where(aim >= 0, self.nodes[aim], -1), notes


def lookouts(ground: Ground, count: int = 24) -> tuple[Array, Array]:
    """(nodes, worth) of places that together show most of the board: each is the one that adds most to those before."""
    brief = ground.brief
    table = int(brief.ways.pick(int(Mode.FOOT), False, ground.closed))
    shows = brief.sight.view(int(brief.sight.pick(ground.dark))).copy()
    shows &= (brief.ways.distances(table)[:, ground.hub] < brief.ways.far)[:, None]  # where nobody comes, nobody looks
    adds = shows.sum(axis=1)
    nodes: list[int] = []
    worth: list[int] = []
    while len(nodes) < count and (not nodes or adds.max() > 1):
        best = int(adds.argmax())
        nodes.append(best)
        worth.append(int(adds[best]))
        adds = adds - shows[:, shows[best]].sum(axis=1)
        shows[:, shows[best].copy()] = False
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
