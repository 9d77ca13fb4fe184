"""The exact filter over everything at once, by brute force, on boards of a dozen nodes.

A configuration is where the shifter is and in whose look (or gone), and where each person is (or dead). For every
configuration the *picture* that a watcher would see is written down; what was seen keeps those that look just so.
Nothing here knows of cases, columns or mixtures.
"""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Board
from pursuit.core.world import Side, World
from pursuit.mimicry.habits import Habits, Walks
from pursuit.sense.observation import Brief

from .boards import CELL, make_board
from .worlds import NAMES, make_roster, make_world

Array = NDArray[Any]
Picture = tuple[tuple[int, int, bool], ...]  # (guise, node, changed) of all that walk about, sorted
Corpses = tuple[tuple[int, int], ...]  # (person, node)

CORPSE = 0.5  # how often the dead lie about on the board, anywhere
SHIFTER = 0


def small_board(rng: Random, num_nodes: int) -> Board:
    """A connected board of a few nodes with short sight."""
    edges = [(rng.randrange(max(0, node - 2), node), node) for node in range(1, num_nodes)]
    spare = [pair for pair in product(range(num_nodes), repeat=2) if pair[0] < pair[1] and pair not in edges]
    edges += rng.sample(spare, min(len(spare), num_nodes // 3))
    xy = [(node % 4 * CELL, node // 4 * CELL) for node in range(num_nodes)]
    return make_board(xy, edges, sight_hops=1)


def small_world(rng: Random, num_nodes: int, num_people: int) -> World:
    """The shifter (slot 0), people (1, 2, …) and a watcher (the last), who knows that any person can be copied."""
    roster = make_roster({"shifter": 120, "civilian": 80}, {}, {}, {})
    cast = ["shifter", *["civilian"] * num_people, "fighter"]
    side = [Side.HUNTER, *[Side.BYSTANDER] * num_people, Side.GUARDIAN]
    return make_world(
        small_board(rng, num_nodes), roster, kind=[NAMES.index(name) for name in cast], side=[int(s) for s in side],
        start=[[0] for _ in cast], sampled=list(range(1, num_people + 1)),
    )  # fmt: skip


class Joint:
    """The exact belief. Weights are [changed just now, shifter, person 1, …]; the last of each is gone or dead."""

    def __init__(
        self, world: World, brief: Brief, habits: Habits, shifter: Array, gone: float, person: Array, dead: float
    ) -> None:
        self.habits, self.num_nodes = habits, world.board.num_nodes
        self.people = range(1, world.num_agents - 1)
        self.guises = range(world.num_agents - 1)
        self.fallen: set[int] = set()
        walks = Walks(brief, habits, np.float64)
        self._carry = [walks.steps[walks.of[slot]].toarray().T for slot in range(world.num_agents)]
        seen = world.sight.view(int(world.sight.pick(0)))
        self.sees = [{int(n) for n in np.flatnonzero(seen[eye_node])} for eye_node in range(self.num_nodes)]
        self.spots = [(guise, node) for guise in self.guises for node in range(self.num_nodes)]
        weight = np.append(shifter[: len(self.guises)].reshape(-1), gone)
        for one in self.people:
            weight = np.multiply.outer(weight, np.append(person[one], dead))
        self.weight = np.stack([weight, np.zeros_like(weight)])
        self._pictures: dict[int, list[Picture]] = {}
        self._steps = self._shifter_steps()

    def _shifter_steps(self) -> Array:
        """[changed, from, to]"""
        spots, rate = self.spots, self.habits.changes
        want = 1 / len(self.guises)
        steps = np.zeros((2, len(spots) + 1, len(spots) + 1))
        for (a, (old, start)), (b, (new, end)) in product(enumerate(spots), repeat=2):
            move = self._carry[SHIFTER][start, end]
            steps[0, a, b] = (1 - rate) * move * (old == new)
            steps[1, a, b] = rate * want * move  # into the look it has, too
        steps[0, -1, -1] = 1 - self.habits.arrives
        steps[0, -1, :-1] = self.habits.arrives * want / self.num_nodes
        return steps

    def person_steps(self, person: int, shifter: int) -> Array:
        """[from, to] for a person, given where the shifter is by then."""
        num, habits = self.num_nodes, self.habits
        dies = np.full(num, habits.dies)
        if shifter < len(self.spots):
            dies[self.spots[shifter][1]] += habits.kills
        steps = np.zeros((num + 1, num + 1))
        steps[:num, :num] = self._carry[person] * (1 - dies)
        steps[:num, num] = self._carry[person] @ dies
        arrives = 0.0 if person in self.fallen else habits.arrives
        steps[num, :num], steps[num, num] = arrives / num, 1 - arrives
        return steps

    def predict(self) -> None:
        """A turn passes."""
        weight = np.tensordot(self._steps, self.weight.sum(axis=0), axes=([1], [0]))
        for shifter in range(weight.shape[1]):
            for axis, person in enumerate(self.people, 1):
                part = np.moveaxis(weight[:, shifter], axis, -1) @ self.person_steps(person, shifter)
                weight[:, shifter] = np.moveaxis(part, -1, axis)
        self.weight = weight

    def correct(self, watcher: int, picture: Picture, corpses: Corpses) -> None:
        """Keep what looks just so."""
        alike = np.array([one == picture for one in self._seen_from(watcher)]).reshape(self.weight.shape)
        weight = self.weight * alike
        for axis, person in enumerate(self.people, 2):
            chance = np.ones(self.num_nodes + 1)
            if person in dict(corpses):
                chance[:-1], chance[-1] = 0.0, CORPSE / self.num_nodes
                self.fallen.add(person)
            else:
                chance[-1] = 1 - CORPSE * len(self.sees[watcher]) / self.num_nodes
            weight = weight * chance.reshape([-1 if at == axis else 1 for at in range(weight.ndim)])
        self.weight = weight / weight.sum()

    def shifter(self) -> Array:
        """[G, N]"""
        whole = self.weight.sum(axis=(0, *range(2, self.weight.ndim)))
        return whole[:-1].reshape(len(self.guises), self.num_nodes)

    def person(self, person: int, wears_it: bool) -> Array:
        """Where the person is given that the shifter does or does not wear its look, [N + 1]."""
        wears = [guise == person for guise, _ in self.spots] + [False]
        part = self.weight[:, np.array(wears) == wears_it]
        other = tuple(axis for axis in range(part.ndim) if axis != person + 1)
        whole = part.sum(axis=other)
        return whole / whole.sum()

    def _seen_from(self, watcher: int) -> list[Picture]:
        if watcher not in self._pictures:
            shifters = [*self.spots, None]
            places = [range(self.num_nodes + 1)] * len(self.people)
            self._pictures[watcher] = [
                self._picture(watcher, changed, shifter, people)
                for changed, shifter, *people in product((False, True), shifters, *places)
            ]
        return self._pictures[watcher]

    def _picture(self, watcher: int, changed: bool, shifter: tuple[int, int] | None, people: list[int]) -> Picture:
        bodies = [(slot, node, False) for slot, node in zip(self.people, people, strict=True)]
        if shifter is not None:
            bodies.append((*shifter, changed))
        return tuple(sorted(body for body in bodies if body[1] in self.sees[watcher]))


class Game:
    """A true course of events, drawn from the same habits, and what a wandering watcher sees of it."""

    def __init__(self, joint: Joint, rng: Random) -> None:
        self.joint, self.rng = joint, rng
        flat = joint.weight[0].reshape(-1)
        at = rng.choices(range(flat.size), flat.tolist())[0]
        self.shifter, *self.people = (int(i) for i in np.unravel_index(at, joint.weight.shape[1:]))
        self.changed, self.watcher = False, rng.randrange(joint.num_nodes)

    def _draw(self, chances: Array) -> int:
        return self.rng.choices(range(len(chances)), chances.tolist())[0]

    def step(self) -> None:
        joint = self.joint
        steps = joint._steps[:, self.shifter]
        drawn = self._draw(steps.reshape(-1))
        self.changed, self.shifter = drawn >= steps.shape[1], drawn % steps.shape[1]
        self.people = [
            self._draw(joint.person_steps(slot, self.shifter)[at])
            for slot, at in zip(joint.people, self.people, strict=True)
        ]
        self.watcher = self.rng.choice(sorted(joint.sees[self.watcher]))

    def look(self) -> tuple[int, Picture, Corpses]:
        """(where the watcher is, what it sees, which dead it sees where)."""
        joint = self.joint
        sees = joint.sees[self.watcher]
        shifter = joint.spots[self.shifter] if self.shifter < len(joint.spots) else None
        corpses = []
        for slot, at in zip(joint.people, self.people, strict=True):
            node = self.rng.randrange(joint.num_nodes)
            if at == joint.num_nodes and self.rng.random() < CORPSE and node in sees:
                corpses.append((slot, node))
        return self.watcher, joint._picture(self.watcher, self.changed, shifter, self.people), tuple(corpses)
