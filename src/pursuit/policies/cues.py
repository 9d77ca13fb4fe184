"""The film line: doing what the scenario's cue says.

Dimension letters: ``C`` cues, ``J`` bodies; ``n`` own agents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Door, Feature
from pursuit.core.script import Toward
from pursuit.core.state import Order, Verb
from pursuit.policies.base import Memory, remember
from pursuit.policies.parts.ground import Ground
from pursuit.policies.parts.scene import Bools, Draft, Scene, columns
from pursuit.rules.common import some
from pursuit.rules.legal import ON_AGENT, ON_DOOR
from pursuit.sense.observation import Brief, Intents, Observation, mate

Array = NDArray[Any]

_ON_PERSON = np.isin(np.arange(len(Verb)), (*ON_AGENT, Verb.SAMPLE))
_AT_CONTACT = (Verb.STRIKE, Verb.SAMPLE, Verb.SEIZE)
_ON_DOOR = np.isin(np.arange(len(Verb)), ON_DOOR)
_PLACE_OF = np.zeros(len(Verb), np.uint16)  # the feature that a verb without an object needs
_PLACE_OF[Verb.PULL] = Feature.LEVER
_PLACE_OF[Verb.ALARM] = Feature.TERMINAL
_PLACE_OF[Verb.RELOAD] = Feature.CACHE
_ON_VEHICLE = np.isin(np.arange(len(Verb)), (Verb.MOUNT, Verb.GRAB))


@dataclass(eq=False)
class Cues:
    """Follows the cues of the scenario: where to go and what to do when it is in reach."""

    name: ClassVar[str] = "cues"
    version: ClassVar[int] = 1
    sides: ClassVar[tuple[str, ...]] = ("hunter", "guardian", "law", "bystander")

    def init(self, brief: Brief, rows: int) -> Memory:
        self._ground = brief.derive(Ground)

        def table(name: str) -> NDArray[np.int64]:
            return np.array([int(getattr(cue, name)) for cue in brief.cues] + [-1])  # cue -1 reads the last

        self._toward, self._goal, self._gait = table("toward"), table("goal"), table("gait")
        self._verb, self._object = np.maximum(table("verb"), Verb.WAIT), table("object")
        self._order, self._order_object = np.maximum(table("order"), Order.NONE), table("order_object")
        return {"seen": remember(rows, len(brief.kind), 2)}

    def act(self, obs: Observation, memory: Memory) -> tuple[Intents, Memory]:
        scene = Scene(self._ground, obs)
        draft = Draft(scene)
        cue = scene.my("cue")
        if not some(cue >= 0):
            return draft.intents(), memory
        goal, toward = self._where(scene, cue)
        notes = scene.mine(memory["seen"])  # the cue, and where its goal was seen last
        last = np.where(notes[:, 0] == cue, notes[:, 1], -1)
        last = np.where(goal >= 0, goal, last)
        draft.set(cue >= 0, goal=last, gait=np.maximum(self._gait[cue], 1))
        draft.set(toward != -1, toward=toward)
        verb = self._verb[cue]
        if some(verb != Verb.WAIT.value):
            self._do(scene, draft, cue, verb)
        return draft.intents(), {"seen": scene.noted(memory["seen"], columns(cue, last))}

    def _where(self, scene: Scene, cue: Array) -> tuple[Array, Array]:
        """(node, code of the body or mate) that the goals of cues name and that is known now; -1 for none."""
        obs = scene.obs
        kind, named = self._toward[cue], self._goal[cue]
        node = np.where(kind == Toward.NODE.value, named, -1)
        code = np.full(scene.num, -1)
        by_look = kind == Toward.GUISE.value
        if some(by_look):
            code = np.where(by_look, self._whom(scene, np.where(by_look, named, -1)), -1)
            node = np.where(by_look, self._node_of(scene, code), node)
        for toward, stands in ((Toward.ITEM, obs.item_node), (Toward.VEHICLE, obs.vehicle_node)):
            those = kind == toward
            if some(those):
                node = np.where(those, stands[scene.rows, np.where(those, named, 0)], node)
        return node, code

    def _whom(self, scene: Scene, look: Array) -> Array:
        """Body row or mate code of who wears a look [n], the nearest if there are more; -1 if nobody is seen to."""
        obs = scene.obs
        num_agents = len(scene.ground.side)
        worn = scene.each(obs.mate) & (scene.each(obs.guise) == look[:, None])
        worn[np.arange(scene.num), scene.slots] = False
        slot = worn.argmax(axis=1)
        code = np.where(worn.any(axis=1) & (look >= 0), mate(slot), -1)
        if scene.sees_anybody:
            sight, _ = scene.nearest(scene.sight("body_guise") == look.take(scene.viewer))
            code = np.where(code == -1, scene.row_of(sight), code)
        return np.where(look < num_agents, code, -1)

    def _node_of(self, scene: Scene, code: Array) -> Array:
        """Where a body row or mate code [n] is; -1 for nobody."""
        obs = scene.obs
        body = obs.body_node[scene.rows, np.maximum(code, 0)]
        slot = np.where(code <= mate(0), mate(0) - code, 0)
        near = obs.node[scene.rows, slot]
        return np.where(code >= 0, body, np.where(code <= mate(0), near, -1))

    def _do(self, scene: Scene, draft: Draft, cue: Array, verb: Array) -> None:
        thing = self._object[cue]
        people = len(scene.ground.side)
        person = _ON_PERSON[verb] & (thing < people)
        if some(person):
            self._to_person(scene, draft, cue, verb, person)
        sampled = (verb == Verb.SAMPLE.value) & (thing >= people)
        if some(sampled):
            item = np.where(sampled, thing - people, 0)
            lies = np.where(sampled, scene.obs.item_node[scene.rows, item], -1)
            held = scene.obs.item_mate[scene.rows, item] == scene.slots
            near = sampled & (held | self._soon(scene, lies))
            draft.set(near, verb=Verb.SAMPLE, object=mate(item))
        morphs = (verb == Verb.MORPH.value) & (scene.my("guise") != thing) & (scene.my("pending") != thing)
        draft.set(morphs, verb=Verb.MORPH, object=thing, goal=-1)
        self._to_thing(scene, draft, verb, thing)

    def _to_person(self, scene: Scene, draft: Draft, cue: Array, verb: Array, wants: Bools) -> None:
        code = self._whom(scene, np.where(wants, self._object[cue], -1))
        node = self._node_of(scene, code)
        hops = scene.hops_to(node)
        talk = scene.ground.brief.numbers.talk_hops
        reach = np.where(np.isin(verb, _AT_CONTACT), scene.stride + 1, talk + scene.stride)
        near = wants & (code != -1) & ((hops <= reach) | (verb == Verb.SHOOT.value))
        near &= ~((verb == Verb.CHALLENGE.value) & (code <= mate(0)))  # mates have nothing to prove
        near &= (verb != Verb.SHOOT.value) | (scene.my("legal") >> np.uint32(Verb.SHOOT) & 1).astype(np.bool_)
        draft.set(near, verb=verb, object=code)
        orders = near & (verb == Verb.ORDER.value)
        draft.set(orders, order=self._order[cue], order_object=self._order_object[cue])

    def _to_thing(self, scene: Scene, draft: Draft, verb: Array, thing: Array) -> None:
        obs, board = scene.obs, scene.ground.brief.board
        doors = _ON_DOOR[verb]
        if some(doors):
            door = np.where(doors, thing, 0)
            ends = board.door_nodes[door]
            near = doors & (self._soon(scene, ends[:, 0]) | self._soon(scene, ends[:, 1]))
            state = obs.door[scene.rows, door]
            wanted = np.where(verb == Verb.SHUT.value, state == Door.OPEN.value, state != Door.OPEN.value)
            wanted = np.where(np.isin(verb, (Verb.PICK, Verb.UNLOCK)), state == Door.LOCKED.value, wanted)
            draft.set(near & (wanted | (state < 0)), verb=verb, object=door)
        vehicles = _ON_VEHICLE[verb] & (scene.ride < 0)
        if some(vehicles):
            vehicle = np.where(vehicles, thing, 0)
            near = vehicles & self._soon(scene, obs.vehicle_node[scene.rows, vehicle])
            draft.set(near, verb=verb, object=vehicle)
        draft.set((verb == Verb.DISMOUNT.value) & (scene.ride >= 0), verb=Verb.DISMOUNT)
        self._by_hand(scene, draft, verb, thing)
        items = (verb == Verb.TAKE.value) | (verb == Verb.DROP.value)
        if some(items):
            item = np.where(items, thing, 0)
            held = obs.item_mate[scene.rows, item] == scene.slots
            lies = self._soon(scene, obs.item_node[scene.rows, item])
            at_goal = (obs.item_node[scene.rows, item] < 0) & self._soon(scene, self._goal_node(scene))
            take = (verb == Verb.TAKE.value) & ~held & (lies | at_goal)
            draft.set(items & (take | ((verb == Verb.DROP.value) & held)), verb=verb, object=item)

    def _by_hand(self, scene: Scene, draft: Draft, verb: Array, thing: Array) -> None:
        """What is done where one stands: throwing a thing, and what the place itself is for."""
        throws = verb == Verb.THROW.value
        if some(throws):
            held = scene.obs.item_mate[scene.rows, np.where(throws, thing, 0)] == scene.slots
            draft.set(throws & held, verb=verb, object=thing, order_object=self._order_object[scene.my("cue")])
        place = _PLACE_OF[verb]
        here = (scene.ground.brief.board.feature[np.maximum(scene.node, 0)] & place) != 0
        draft.set((place != 0) & here, verb=verb, object=thing)
        draft.set((verb == Verb.DETONATE.value) & (scene.my("fuse") >= 0), verb=verb)
        arms = verb == Verb.ARM.value
        if some(arms):
            item = np.where(arms, thing, 0)
            held = scene.obs.item_mate[scene.rows, item] == scene.slots
            at_goal = self._soon(scene, self._goal_node(scene)) | (self._toward[scene.my("cue")] != Toward.NODE.value)
            lies = self._soon(scene, scene.obs.item_node[scene.rows, item])
            draft.set(arms & ((held & at_goal) | lies), verb=verb, object=item)

    def _goal_node(self, scene: Scene) -> Array:
        """Where the cue sends the agent, -1 unknown: a thing out of sight may be in the hands of a body there."""
        return self._where(scene, scene.my("cue"))[0]

    def _soon(self, scene: Scene, node: Array) -> Bools:
        """Whether a node may be reached this turn."""
        soon: Bools = (node >= 0) & (scene.hops_to(node) <= scene.stride)
        return soon
