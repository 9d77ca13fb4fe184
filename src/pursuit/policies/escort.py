"""The guardians' play: the protector finds its ward and shields it, the ward goes with its protector.

Dimension letters: ``A`` agent slots, ``J`` bodies; ``n`` own agents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pursuit.core.state import Gait, Order, Verb
from pursuit.core.world import Ruleset
from pursuit.policies.base import Memory, param, remember
from pursuit.policies.parts.choices import FOE_NOTES, Foe, Leave, Refuge, Sweep, foes, forget
from pursuit.policies.parts.ground import FAR, TICKS, Ground
from pursuit.policies.parts.hunting import heard, shoot
from pursuit.policies.parts.scene import Bools, Draft, Scene
from pursuit.policies.parts.wheels import escape, fetch_wheels
from pursuit.policies.runner import Runner
from pursuit.rules.common import some
from pursuit.sense.observation import Brief, Intents, Observation, mate

Array = NDArray[Any]


@dataclass(eq=False)
class Escort:
    """Protector: finds its ward, links, shields it, takes it out. Ward: waits, flees, goes with its protector."""

    shield: int = param(6, 0, 100, help="hops from a threat within which the protector goes for it")
    margin: int = param(1, 0, 100, help="turns before a threat that the ward wants to be at an exit")
    patience: int = param(25, 0, 1000, help="turns that an old sighting of a threat counts")
    wary: bool = param(True, help="strangers who come running count as threats, to the ward and to who is with it")

    name: ClassVar[str] = "escort"
    version: ClassVar[int] = 1
    sides: ClassVar[tuple[str, ...]] = ("guardian",)

    def init(self, brief: Brief, rows: int) -> Memory:
        self._runner = Runner(self.patience) if brief.ruleset != Ruleset.STORY else None
        if self._runner is not None:
            return self._runner.init(brief, rows)
        self._ground = ground = brief.derive(Ground)
        self._refuge, self._sweep = ground.derive(Refuge), ground.derive(Sweep)
        self._leave = ground.derive(Leave, int(brief.side[brief.own[0]]) if brief.own else 0)
        agents = len(brief.kind)
        self._is_quarry = brief.quarry
        return {
            "foe": remember(rows, agents, FOE_NOTES),
            "friend": remember(rows, agents, 1),
            "sweep": self._sweep.notes(rows, agents),
        }

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        if self._runner is not None:
            return self._runner.act(obs, memory)
        scene = Scene(self._ground, obs)
        draft = Draft(scene)
        is_ward = self._is_quarry.take(scene.slots)
        friend = self._friend(scene, is_ward)
        notes = scene.mine(memory["foe"])
        foe = forget(self._threats(scene, notes, is_ward | (friend >= 0)), self.patience)
        last, sweep = scene.mine(memory["friend"])[:, 0], memory["sweep"]
        last = np.where(last == scene.node, -1, last)
        rides_off = is_ward & scene.is_driving  # a ward under way does not turn back
        if some(friend < 0):
            last = self._meet(scene, draft, foe, is_ward, (friend < 0) & ~rides_off, last)
            lost = (friend < 0) & (last < 0) & ~is_ward
            if some(lost):
                goal, searched = self._sweep.go(scene, scene.mine(sweep), lost)
                draft.set(lost, goal=heard(scene, goal))
                sweep = scene.noted(sweep, searched)
        flees = is_ward & (foe.is_known | (friend >= 0) | rides_off)
        if some(flees):
            escape(scene, draft, flees, foe, self._refuge, self._leave, self.margin * TICKS)
        self._together(scene, draft, foe, is_ward, friend)
        self._orders(scene, draft, foe, friend)
        self._fight(scene, draft, foe, ~is_ward)
        self._test(scene, draft, is_ward)
        known = np.where(friend >= 0, obs.node[scene.rows, friend], last)
        return draft.intents(), {
            "foe": scene.noted(memory["foe"], foe.notes, notes),
            "friend": scene.noted(memory["friend"], known[:, None]),
            "sweep": sweep,
        }

    def _threats(self, scene: Scene, notes: Array, careful: Bools) -> Foe:
        """Whom it fears; the careful [n] have somebody to lose."""
        return foes(scene, notes, careful if self.wary else None)

    def _test(self, scene: Scene, draft: Draft, is_ward: Bools) -> None:
        """Find out who somebody is, if there is nothing better to do: for those who doubt it."""

    def _friend(self, scene: Scene, is_ward: Bools) -> Array:
        """Slot of the mate that matters: a ward's protector, a protector's ward; -1 without one."""
        ground, obs = scene.ground, scene.obs
        num_agents = len(ground.side)
        wanted = np.where(is_ward[:, None], ground.is_protector[:num_agents], self._is_quarry)
        there = scene.each(obs.mate) & wanted
        slot = there.argmax(axis=1)
        return np.where(there.any(axis=1), slot, -1)

    def _meet(self, scene: Scene, draft: Draft, foe: Foe, is_ward: Bools, alone: Bools, last: Array) -> Array:
        """Go to a body that looks like the one to be with, and ask it; else to where it was seen, which is answered."""
        if scene.sees_anybody:
            look, viewer, ground = scene.sight("body_guise"), scene.viewer, scene.ground
            wanted = np.where(is_ward.take(viewer), ground.is_protector.take(look), ground.is_quarry.take(look))
            wanted &= (look != foe.guise.take(viewer)) & alone.take(viewer)
            if some(wanted):
                sight, hops = scene.nearest(wanted & scene.is_up)
                found, row = sight >= 0, scene.row_of(sight)
                last = np.where(found, scene.of("body_node", sight), last)
                asks = found & (hops <= ground.brief.numbers.talk_hops)
                draft.set(found, toward=row)
                draft.set(asks, verb=Verb.CHALLENGE, object=row)
        goes = alone & (last >= 0)
        draft.set(goes, goal=last, gait=Gait.RUN)
        return last

    def _together(self, scene: Scene, draft: Draft, foe: Foe, is_ward: Bools, friend: Array) -> None:
        """Once linked: the protector keeps by its ward or drives it; the ward gets on behind its protector."""
        linked = friend >= 0
        if not some(linked):
            return
        obs, ground = scene.obs, scene.ground
        where = np.where(linked, obs.node[scene.rows, friend], -1)
        guards = linked & ~is_ward
        draft.set(guards & (scene.ride < 0), goal=where, toward=mate(np.maximum(friend, 0)), gait=Gait.RUN)
        if not ground.brief.vehicle_kind.size:
            return
        exits, ways = self._leave.exits, self._leave.ways
        calm = guards & (foe.hops > self.shield)
        if len(exits) and some(calm):
            slow = ground.ticks(ways.hops(scene.slots, where), ground.pace.min())
            fetch_wheels(scene, draft, calm, self._leave, slow, foe)
        friends_ride = np.where(linked, obs.ride[scene.rows, friend], -1)
        friends_seat = np.where(linked, obs.seat[scene.rows, friend], -1)
        boards = linked & (friends_ride >= 0) & (friends_seat == 0) & (scene.ride < 0)
        if some(boards):
            draft.set(boards, goal=where, verb=Verb.MOUNT, object=np.maximum(friends_ride, 0), gait=Gait.RUN)
        drives = guards & scene.is_driving
        if len(exits) and some(drives):
            hops = scene.hops_to(exits[None])
            best = hops.argmin(axis=1)
            way_out = np.where(hops[scene.every, best] < FAR, exits[best], -1)
            aboard = friends_ride == scene.ride
            draft.set(drives, goal=np.where(aboard, way_out, np.where(where == scene.node, -1, where)))
            draft.set(drives & aboard & (way_out < 0), verb=Verb.DISMOUNT, object=-1)

    def _orders(self, scene: Scene, draft: Draft, foe: Foe, friend: Array) -> None:
        """Who commands tells its protector to spare lives; who is under an order to follow or fetch carries it out."""
        obs, ground = scene.obs, scene.ground
        gives = ground.commands.take(scene.slots) & (friend >= 0) & (foe.row < 0)
        if some(gives):
            gives &= ground.commanded[friend] & ~obs.spare[scene.rows, friend]
            draft.set(gives, verb=Verb.ORDER, object=mate(np.maximum(friend, 0)), order=Order.SPARE)
        order = scene.my("order")
        if not some(order != Order.NONE.value):
            return
        thing = scene.my("order_object")
        follows = (
            ((order == Order.FOLLOW.value) | (order == Order.GUARD.value)) & (thing < len(ground.side)) & (thing >= 0)
        )
        whom = np.where(follows, thing, 0)
        by_mate = np.where(follows, obs.node[scene.rows, whom], -1)
        goal = by_mate
        if scene.sees_anybody:
            looks_right = (scene.sight("body_guise") == thing.take(scene.viewer)) & follows.take(scene.viewer)
            sight, _ = scene.nearest(looks_right)
            goal = np.where((by_mate < 0) & (sight >= 0), scene.of("body_node", sight), by_mate)
        draft.set(follows & (goal >= 0), goal=goal)
        if ground.brief.item_simple.size:
            fetches = (order == Order.FETCH.value) & (thing >= 0)
            item = np.where(fetches, thing, 0)
            lies = np.where(fetches, obs.item_node[scene.rows, item], -1)
            near = (lies >= 0) & (scene.hops_to(lies) <= scene.stride)
            draft.set(lies >= 0, goal=lies)
            draft.set(near, verb=Verb.TAKE, object=item)

    def _fight(self, scene: Scene, draft: Draft, foe: Foe, fights: Bools) -> None:
        """Protectors go for a threat that is near, strike it at contact and shoot it when they can."""
        fights = fights & (foe.row >= 0) & (foe.pinned <= 1)  # who lies there can wait: the ward cannot
        if not some(fights):
            return
        draft.set(fights & (foe.hops <= self.shield) & ~scene.is_driving, goal=foe.node, toward=foe.row, gait=Gait.RUN)
        close = fights & (foe.hops <= scene.stride) & ~scene.is_driving
        draft.set(close, verb=Verb.STRIKE, object=foe.row)
        shoot(scene, draft, fights, foe.row, foe.node)
