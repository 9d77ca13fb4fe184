"""What a shape-shifter would give away: its model of the guardians' mind, and what being somewhere in a look costs.

The model is the same filter as theirs, fed with what they can have seen as far as the shifter can tell: of the
guardians in its own sight it knows where they stand, and so what they look at. Guardians out of its sight are where
they may have walked to.

Dimension letters: ``B`` rows, ``A`` agent slots, ``K`` looks of a row, ``N`` nodes, ``J`` bodies in sight.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Door
from pursuit.core.state import PUBLIC_MARKS
from pursuit.core.world import Side
from pursuit.mimicry.belief import Belief, Prior
from pursuit.mimicry.evidence import Witness
from pursuit.mimicry.habits import Habits
from pursuit.mimicry.identity import Identity
from pursuit.mimicry.lanes import settle
from pursuit.sense.observation import Brief, Imagined, Observation, Wounds

Array = NDArray[Any]

SURE = 1 - 1e-6
"""No sighting gives more away than this."""

KNOWN = float(-np.log1p(-SURE))
"""What being known for the shifter gives away: 13.8, the most there is."""

LATER = 0.02
"""Share of a look's weight that may be anywhere: who cannot be there yet may be, once the plan has come so far."""

_KNOWN = 0.9  # a person held to be at one node with this chance is in plain sight
_PLACES = 16  # likely places of a guardian that are looked from one by one; the rest of the chance is spread evenly


def mirror_of(brief: Brief) -> Mirror | None:
    """The shifter's model of the guardians; None in a cast without a shifter."""
    return Mirror(brief) if brief.shifter >= 0 else None


class Mirror:
    """The guardians' mind as the shifter models it. Holds tables only; what changes is a `Belief`.

    Guardians are one mind here; where they are is what the shifter itself has seen of them.
    """

    def __init__(self, brief: Brief, habits: Habits | None = None) -> None:
        self._brief = brief
        self._identity = Identity(brief, habits)
        self._witness = Witness(brief)
        self._guards = np.flatnonzero(brief.side == Side.GUARDIAN)
        self._is_guard = np.append(brief.side == Side.GUARDIAN, np.zeros(len(brief.item_simple) + 1, np.bool_))
        board = brief.board
        routes = np.flatnonzero(board.door_route >= 0)
        shut = board.door_start[routes] != Door.OPEN
        self._shut = int((np.int64(1) << board.door_route[routes].astype(np.int64))[shut].sum())

    def start(self, rows: int) -> Belief:
        return self._identity.start(rows, Prior())

    def update(self, belief: Belief, obs: Observation) -> Belief:
        """The model after a look around: what the shifter sees of what they see."""
        if not belief.num_rows:
            return belief
        if belief.num_rows == 1:  # never at width 1, where numpy sums in another order
            twice = np.zeros(2, np.intp)
            return self.update(belief.take(twice), obs.take(twice)).take(slice(0, 1))
        return self._place(self._identity.update(belief, self._through_their_eyes(obs)), obs)

    def _through_their_eyes(self, obs: Observation) -> Observation:
        """What the guardians in the shifter's sight see of what it sees, itself included."""
        brief, slot = self._brief, self._brief.shifter
        rows, places = np.nonzero(self._stands(obs))
        shape = obs.mate.shape
        mate, node = np.zeros(shape, np.bool_), np.full(shape, -1, np.int32)
        who = obs.body_guise[rows, places]
        mate[rows, who], node[rows, who] = True, obs.body_node[rows, places]
        guise = np.where(mate, np.arange(shape[1]), -1)
        health = np.where(mate, brief.roster.health[brief.kind], -1)
        seen = Imagined(
            obs, mate=mate, own=mate, node=node, guise=guise, health=health,
            door=obs.door, item_node=obs.item_node, item_mate=np.full_like(obs.item_mate, -1),
        )  # fmt: skip
        hidden = self._witness.hidden(seen)
        body = {name: np.array(getattr(obs, f"body_{name}")) for name in ("node", "guise", "marks", "wounds", "left")}
        body["node"][rows, places] = -1
        body["node"][body["left"]] = -1
        own = obs.mate[:, slot] & (obs.guise[:, slot] < shape[1])  # as a thing it is not noticed
        last = shape[1] - 1  # it is no body of its own, so the last place is free
        body["node"][own, last] = obs.node[own, slot]
        body["guise"][own, last] = obs.guise[own, slot]
        body["marks"][own, last] = obs.marks[own, slot] & np.uint16(PUBLIC_MARKS)
        body["wounds"][own, last] = Wounds.NONE.value
        body["left"][own, last] = False
        unseen = np.take_along_axis(hidden, np.maximum(body["node"], 0).astype(np.intp), axis=1)
        body["node"][unseen] = -1
        return Imagined(seen, **{f"body_{name}": column for name, column in body.items()})

    def _stands(self, obs: Observation) -> NDArray[np.bool_]:
        """Bodies of guardians who are up, [B, J]."""
        wounds = obs.body_wounds
        up = (obs.body_node >= 0) & (wounds >= 0) & (wounds < Wounds.DOWN.value) & ~obs.body_left & ~obs.body_radio
        stands: NDArray[np.bool_] = up & self._is_guard[obs.body_guise]
        return stands

    def _place(self, belief: Belief, obs: Observation) -> Belief:
        """The same with the guardians where the shifter has seen them, and not where it sees that they are not."""
        guards = self._guards
        person, dead = belief.people(guards), belief.dead[:, :, guards]
        lives = person.T * self._witness.hidden(obs).T[:, None, None]  # [N, g, 2, B]
        falls = dead.T.astype(lives.dtype)  # [g, 2, B]
        whole = lives.sum(axis=0) + falls
        some = whole > 0
        scale = np.where(some, 1 / np.where(some, whole, 1), 0)
        person = np.where(some, lives * scale, person.T).T
        dead = np.where(some, falls * scale, dead.T).T
        rows, places = np.nonzero((obs.body_node >= 0) & ~obs.body_left & self._is_guard[obs.body_guise])
        who, where = np.searchsorted(guards, obs.body_guise[rows, places]), obs.body_node[rows, places]
        up = obs.body_wounds[rows, places] < Wounds.DOWN.value
        person[rows, :, who] = 0
        person[rows[up], :, who[up], where[up]] = 1
        dead[rows, :, who] = np.where(up, 0.0, 1.0)[:, None]
        return settle(belief, guards, person, dead)

    def watched(self, belief: Belief) -> NDArray[np.float32]:
        """The chance that a guardian sees a node, [B, N]."""
        sight = self._brief.sight
        sees = sight.view(int(sight.pick(self._shut)))
        evenly = sees.mean(axis=0).astype(np.float32)
        places = min(_PLACES, self._brief.board.num_nodes)
        dark = np.ones((belief.num_rows, self._brief.board.num_nodes), np.float32)
        for slot in self._guards.tolist():
            chance = np.ascontiguousarray(belief.people(np.array([slot]))[:, 0, 0])
            likely = np.argpartition(-chance, places - 1, axis=1)[:, :places]
            weight = np.take_along_axis(chance, likely, axis=1)
            seen = np.zeros_like(dark)
            rest = 1 - belief.dead[:, 0, slot].astype(np.float32)
            for place in range(places):
                seen += sees[likely[:, place]] * weight[:, place, None]
                rest = rest - weight[:, place]
            seen += np.maximum(rest, 0)[:, None] * evenly
            dark *= 1 - np.minimum(seen, 1)
        return 1 - dark

    def doubt(self, belief: Belief, looks: Array) -> NDArray[np.float32]:
        """The chance that a body of look g seen at n would be the shifter, [B, N, K], for looks [B, K]; 0 for things.

        The weight of "it is the shifter" over both cases for one added sighting.
        """
        num_agents, num_nodes = len(self._brief.kind), self._brief.board.num_nodes
        rows = np.arange(len(looks))[:, None]
        person = np.minimum(np.maximum(looks, 0), num_agents - 1)
        some = np.unique(person)  # the people concerned in any row, so that no others are laid out
        people, at = belief.people(some), np.searchsorted(some, person)
        real, if_worn = people[rows, 0, at], people[rows, 1, at]
        lane = belief.look_of[rows, person]
        worn = belief.looks[rows, np.maximum(lane, 0)] * (lane >= 0)[:, :, None]  # [B, K, N]
        wears = belief.worn[rows, person][:, :, None].astype(np.float32)
        lives = 1 - belief.dead[rows, 0, person][:, :, None].astype(np.float32)
        later = np.where(real.max(axis=2, keepdims=True) > _KNOWN, 0, LATER / num_nodes).astype(np.float32)
        fake = (worn + LATER / num_nodes * wears) * (1 - if_worn)
        true = (real + later * lives) * (1 - wears) + if_worn * np.maximum(wears - worn, 0)
        true[looks == self._brief.shifter] = 0
        both = fake + true
        doubt: NDArray[np.float32] = np.where(both > 0, fake / np.where(both > 0, both, 1), 1)
        doubt[looks >= num_agents] = 0
        return doubt.transpose(0, 2, 1)

    def exposure(self, belief: Belief, looks: Array) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """(exposure [B, N, K] of looks [B, K] at nodes, the same [B, N] of a change of look there)."""
        watched = self.watched(belief)
        given = -np.log1p(-np.minimum(self.doubt(belief, looks), np.float32(SURE)))
        return given * watched[:, :, None], watched * np.float32(KNOWN)
