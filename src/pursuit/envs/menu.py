"""What a learner may choose: a numbered list of options, the same for all learned agents, with a mask of those open.

In the classical rulesets option d is the hop by out-slot d. In the story an option is a walk or a deed, and a deed
goes to its object first: *strike body 3* runs at body 3 and strikes at contact.

Dimension letters: ``A`` agent slots, ``D`` out-slots of a node, ``E`` doors, ``G`` guises, ``I`` items, ``J`` bodies,
``V`` vehicles; ``O`` options; ``n`` agents that choose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Mode
from pursuit.core.state import Gait, Verb
from pursuit.core.world import Ruleset, World
from pursuit.rules.legal import NEEDS
from pursuit.sense.observation import Intents, Listed, Observation, listed_intents, mate

Array = NDArray[Any]
Flat = NDArray[np.intp]

STAY = 0
"""The option that is open to everybody at all times; whatever is not open counts as this."""


@dataclass(frozen=True)
class Group:
    """Options that differ in their object only."""

    name: str
    width: int
    verb: int  # Verb
    gait: int  # Gait
    toward: bool  # the object is a body, whose contact ends the walk
    code: Callable[[Array], Array]  # objects as an intent names them
    place: Callable[[Observation], Array] | None  # [R, width] where the objects are known to be, -1 for nowhere
    known: Callable[[Observation], Array] | None  # [R, width] which may be chosen, where that is not said by place


class Menu:
    """The options of a world."""

    def __init__(self, world: World, learned: Flat) -> None:
        board = world.board
        self._degree = board.degree.astype(np.intp)
        self._width = board.neighbor.shape[1]
        self._neighbor = board.neighbor.reshape(-1)
        on_foot = (board.modes >> Mode.FOOT & 1).astype(np.bool_)
        on_foot &= np.arange(self._width) < board.degree[:, None]
        on_foot[:, STAY] = True
        self._on_foot = on_foot  # [N, D]
        self._is_story = world.ruleset == Ruleset.STORY
        self._num_agents = world.num_agents
        self.groups = _groups(world, learned) if self._is_story else ()
        self.names = (
            *(f"go {way}" for way in range(self._width)),
            *(f"walk {way}" for way in range(self._width) if self._is_story),
            *(f"{group.name} {at}" for group in self.groups for at in range(group.width)),
        )
        self._moves = self._width * (1 + self._is_story)
        widths = [group.width for group in self.groups]
        self._first = np.cumsum([self._moves, *widths])[:-1]  # option of each group
        self._group = np.repeat(np.arange(len(widths)), widths)

    @property
    def size(self) -> int:
        """How many options there are, O."""
        return len(self.names)

    def open(self, obs: Observation, rows: Flat, node: Array) -> NDArray[np.int8]:
        """Which options are open to the agents of an observation, [n, O]: what may be tried, not what will succeed."""
        hops = self._on_foot.take(node, axis=0)
        if not self._is_story:
            return hops.view(np.int8)
        legal = obs.of_actors("legal")
        parts = [hops, hops]
        for group in self.groups:
            known = group.known(obs) if group.known is not None else group.place(obs) >= 0  # type: ignore[misc]
            parts.append(known.take(rows, axis=0) & ((legal >> np.uint32(group.verb) & 1) != 0)[:, None])
        out = np.concatenate(parts, axis=1).view(np.int8)
        out[:, STAY] = 1
        return out

    def intents(self, obs: Observation, rows: Flat, slots: Flat, node: Array, option: Array) -> Intents:
        """What the agents of an observation do when they choose these options, [n]."""
        shape = obs.num_rows, self._num_agents
        is_move = option < self._moves
        goal = self._neighbor.take(node * self._width + np.where(is_move, option % self._width, STAY))
        if not self._is_story:
            return listed_intents(Listed((rows, slots), shape, {"goal": goal}))
        gait = np.where(is_move & (option >= self._width), Gait.WALK.value, Gait.RUN.value).astype(np.int8)
        toward = np.full(len(option), -1, np.int16)
        verb = np.full(len(option), Verb.WAIT.value, np.int8)
        thing = np.full(len(option), -1, np.int32)
        deeds = np.flatnonzero(~is_move)
        group_of = self._group.take(option[deeds] - self._moves)
        for number in np.unique(group_of).tolist():
            group, at = self.groups[number], deeds[group_of == number]
            which = option[at] - self._first[number]
            verb[at], gait[at], thing[at] = group.verb, group.gait, group.code(which)
            if group.place is not None:
                goal[at] = group.place(obs)[rows[at], which]
            if group.toward:
                toward[at] = thing[at]
        columns = {"goal": goal, "gait": gait, "toward": toward, "verb": verb, "object": thing}
        return listed_intents(Listed((rows, slots), shape, columns))


def _groups(world: World, learned: Flat) -> tuple[Group, ...]:
    """The deeds that some learned agent's kind can do, on things that the world has."""
    cast, looks, items, doors = world.num_agents, world.num_guises, world.num_items, world.board.num_doors
    ends = world.board.door_nodes

    def itself(which: Array) -> Array:
        return which

    def nothing(which: Array) -> Array:
        return np.full_like(which, -1)

    def body(name: str, verb: Verb, gait: Gait = Gait.RUN) -> Group:
        return Group(name, cast, verb, gait, True, itself, lambda obs: obs.body_node, None)

    def member(name: str, verb: Verb) -> Group:
        return Group(name, cast, verb, Gait.RUN, True, mate, lambda obs: obs.node, None)

    def here(name: str, verb: Verb) -> Group:
        return Group(name, 1, verb, Gait.RUN, False, nothing, None, lambda obs: np.ones((obs.num_rows, 1), np.bool_))

    def door_place(obs: Observation) -> Array:
        return np.broadcast_to(ends[:, 0], (obs.num_rows, doors))

    groups = [
        body("chase", Verb.WAIT),
        body("follow", Verb.WAIT, Gait.WALK),
        member("join", Verb.WAIT),
        Group("morph", looks, Verb.MORPH, Gait.RUN, False, itself, None, lambda obs: obs.sampled),
        body("sample", Verb.SAMPLE, Gait.WALK),
        Group("sample item", items, Verb.SAMPLE, Gait.WALK, False, mate, lambda obs: obs.item_node, None),
        body("strike", Verb.STRIKE),
        body("shoot", Verb.SHOOT),
        body("challenge", Verb.CHALLENGE),
        body("seize", Verb.SEIZE),
        member("lower", Verb.LOWER),
        *(
            Group(name, world.num_vehicles, verb, Gait.RUN, False, itself, lambda obs: obs.vehicle_node, None)
            for name, verb in (("mount", Verb.MOUNT), ("grab", Verb.GRAB))
        ),
        here("dismount", Verb.DISMOUNT),
        *(
            Group(verb.name.lower(), doors, verb, Gait.RUN, False, itself, door_place, None)
            for verb in (Verb.OPEN, Verb.SHUT, Verb.FORCE, Verb.PICK, Verb.UNLOCK)
        ),
        Group("take", items, Verb.TAKE, Gait.RUN, False, itself, lambda obs: obs.item_node, None),
        Group("drop", items, Verb.DROP, Gait.RUN, False, itself, None, lambda obs: obs.item_mate >= 0),
        here("pull", Verb.PULL),
        here("alarm", Verb.ALARM),
    ]
    able = {verb for verb in Verb if verb not in NEEDS or world.trait(NEEDS[verb])[learned].any()}
    return tuple(group for group in groups if group.width and group.verb in able)
