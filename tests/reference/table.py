"""What the referee looks up: a World's tables as plain Python values, and the turn at hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from pursuit.core.board import Door, Feature, Mode
from pursuit.core.rng import Draws, Stream
from pursuit.core.roster import Trait
from pursuit.core.state import Mark, Refusal, Status, Verb
from pursuit.core.world import Hazard, World

from .episode import Action, Episode

OBJECTLESS = (Verb.DISMOUNT, Verb.PULL, Verb.ALARM, Verb.DETONATE)
PRESENT = (Status.WELL, Status.DOWN, Status.DEAD, Status.OFFLINE)


@dataclass(frozen=True)
class Weapon:
    reach: int
    hit: int
    damage: int
    stagger: int
    effect: int
    lethal: bool
    noise: int
    blast: int


class Book:
    """A World read with one question at a time; every answer is a plain int, bool, list or tuple."""

    def __init__(self, world: World) -> None:
        self.world = world
        board, roster = world.board, world.roster
        self.num_agents, self.num_items = world.num_agents, world.num_items
        self.num_vehicles, self.num_guises = world.num_vehicles, world.num_guises
        self.num_minds, self.num_impulses = world.num_minds, world.num_impulses
        self.num_nodes, self.num_doors = board.num_nodes, board.num_doors
        self.kind: list[int] = world.kind.tolist()
        self.side: list[int] = world.side.tolist()
        self.quarry: list[bool] = world.quarry.tolist()
        self.traits: list[int] = roster.traits[world.kind].tolist()
        self.pace: list[int] = roster.pace[world.kind].tolist()
        self.health: list[int] = roster.health[world.kind].tolist()
        self.heals: list[int] = roster.heals[world.kind].tolist()
        self.melee: list[int] = roster.melee[world.kind].tolist()
        self.weapons = [
            Weapon(*(getattr(roster, f)[w].item() for f in Weapon.__dataclass_fields__))
            for w in range(len(roster.weapon_name))
        ]
        self.item_simple: list[bool] = world.item_simple.tolist()
        self.item_weapon: list[int] = world.item_weapon.tolist()
        self.item_net: list[int] = [int(s) if r else -1 for r, s in zip(world.item_radio, world.item_side, strict=True)]
        kinds = world.vehicle_kind
        self.ride_seats: list[int] = roster.ride_seats[kinds].tolist()
        self.ride_pace: list[int] = roster.ride_pace[kinds].tolist()
        self.ride_mode: list[int] = roster.ride_mode[kinds].tolist()
        self.ride_noise: list[int] = roster.ride_noise[kinds].tolist()
        self.vehicle_net: list[int] = [
            int(s) if r else -1 for r, s in zip(roster.ride_radio[kinds], world.vehicle_side, strict=True)
        ]
        self.door_route: list[int] = board.door_route.tolist()
        self.door_nodes: list[list[int]] = board.door_nodes.tolist()
        self.neighbor: list[list[int]] = board.neighbor.tolist()
        self.edge_door: list[list[int]] = board.door.tolist()
        self.degree: list[int] = board.degree.tolist()
        self.cover: list[bool] = (board.feature & Feature.COVER != 0).tolist()
        self.vat: list[bool] = (board.feature & Feature.VAT != 0).tolist()
        self.hoist: list[bool] = (board.feature & Feature.HOIST != 0).tolist()
        self.terminal: list[bool] = (board.feature & Feature.TERMINAL != 0).tolist()
        self.patient: list[bool] = world.patient.tolist()
        self.item_opens: list[list[bool]] = world.item_opens.tolist()
        self.door_keys: list[int] = world.door_keys.tolist()
        self.cache: list[bool] = (board.feature & Feature.CACHE != 0).tolist()
        self.evidence: list[bool] = world.evidence.tolist()
        self.item_evidence: list[bool] = world.item_evidence.tolist()
        self.item_part: list[bool] = world.item_part.tolist()
        self.lever: list[bool] = (board.feature & Feature.LEVER != 0).tolist()
        self.hazard_kind = [Hazard(kind) for kind in world.hazard_kind.tolist()]
        self.hazard_nodes: list[list[bool]] = world.hazard_nodes.tolist()
        self.spot: list[list[int]] = world.spot.tolist()
        self.exits: list[list[bool]] = world.exits.tolist()
        self.barred: list[list[bool]] = board.bars.tolist()
        self.on_foot: list[list[bool]] = (board.modes >> Mode.FOOT & 1).astype(bool).tolist()
        nodes = np.arange(board.num_nodes)
        self._pairs = nodes[:, None], nodes[None, :]
        self._sight_of: dict[int, list[list[bool]]] = {}
        self._ways_of: dict[tuple[int, bool, int], tuple[list[list[int]], list[list[int]]]] = {}
        self.has_shifter = any(self.has(a, Trait.MORPHS) for a in range(self.num_agents))

    def has(self, agent: int, trait: Trait) -> bool:
        return bool(self.traits[agent] & trait)

    def hazards_at(self, on: list[bool], node: int) -> list[Hazard]:
        """What the hazards that are on do at a node."""
        return [
            kind
            for kind, nodes, is_on in zip(self.hazard_kind, self.hazard_nodes, on, strict=True)
            if is_on and nodes[node]
        ]

    def mask(self, doors: list[int], states: tuple[int, ...]) -> int:
        """Bits of the route doors that are in one of the states."""
        bits = 0
        for route, state in zip(self.door_route, doors, strict=True):
            if route >= 0 and state in states:
                bits |= 1 << route
        return bits

    def hop(self, mode: int, slips: bool, closed: int, start: int, goal: int) -> int:
        """The out-slot to take, 0 for no way."""
        return self._ways(mode, slips, closed)[1][start][goal]

    def sound_hops(self, start: int, goal: int) -> int | None:
        """Hops that a sound takes, None if it never gets there."""
        hops = self._ways(Mode.FOOT, True, 0)[0][start][goal]
        return None if hops == self.world.ways.far else hops

    def sees(self, doors: list[int], a: int, b: int) -> bool:
        """Whether node a sees node b."""
        shut = self.mask(doors, (Door.SHUT, Door.LOCKED, Door.BARRED))
        if shut not in self._sight_of:
            table = self.world.sight.pick(shut)
            self._sight_of[shut] = self.world.sight.sees(table, *self._pairs).tolist()
        return self._sight_of[shut][a][b]

    def _ways(self, mode: int, slips: bool, closed: int) -> tuple[list[list[int]], list[list[int]]]:
        """Distances and next hops for one kind of mover, both [start][goal]."""
        key = (mode, slips, closed)
        if key not in self._ways_of:
            ways = self.world.ways
            table = ways.pick(mode, slips, closed)
            start, goal = self._pairs
            self._ways_of[key] = (ways.distance(table, start, goal).tolist(), ways.hop(table, start, goal).tolist())
        return self._ways_of[key]

    def decimetres_squared(self, a: int, b: int) -> int:
        (ax, ay), (bx, by) = self.spot[a], self.spot[b]
        return (ax - bx) ** 2 + (ay - by) ** 2


@dataclass
class Turn:
    """The turn at hand: the episode so far and what everyone set out to do."""

    book: Book
    now: Episode
    actions: list[Action]
    draws: Draws
    seen: Counter[str]
    able: list[bool] = field(default_factory=list)  # when the turn began

    @property
    def agents(self) -> range:
        return range(self.book.num_agents)

    def present(self, agent: int) -> bool:
        return self.now.status[agent] in PRESENT

    def well(self, agent: int) -> bool:
        return self.now.status[agent] == Status.WELL

    def upright(self, agent: int) -> bool:
        return self.well(agent) and self.now.stagger[agent] == 0 and self.able[agent]

    def on_foot(self, agent: int) -> bool:
        return self.now.ride[agent] < 0

    def drives(self, agent: int) -> bool:
        return self.now.ride[agent] >= 0 and self.now.seat[agent] == 0

    def sees(self, a: int, b: int) -> bool:
        """Whether node a sees node b now."""
        return self.book.sees(self.now.door, a, b)

    def talking(self, speaker: int, other: int) -> bool:
        """Whether two agents are in talking distance."""
        start, goal = self.now.node[speaker], self.now.node[other]
        hops = self.book.sound_hops(start, goal)
        near = hops is not None and hops <= self.book.world.numbers.talk_hops
        if near and not self.sees(start, goal):
            self.seen["talk: near and unseen"] += 1
        return near and self.sees(start, goal)

    def draw(self, stream: Stream, lane: int, bound: int) -> int:
        """One draw of this turn for one lane, below bound."""
        seed, turn = np.array([self.now.seed], np.uint64), np.array([self.now.turn], np.int32)
        at, lanes = np.zeros(1, np.intp), np.array([lane], np.intp)
        return int(self.draws.below(seed, turn, stream, at, lanes, bound)[0])

    def refuse(self, agent: int, why: Refusal, part: str = "verb") -> None:
        """Keep the first reason of the turn."""
        verb = self.actions[agent].verb
        name = Verb(verb).name if verb in Verb.__members__.values() else "?"
        any_verb = why in (Refusal.GOAL, Refusal.STILL, Refusal.VERB, Refusal.WITNESSED) or part == "goal"
        self.seen[f"refused {why.name}" if any_verb else f"refused {name} {why.name}"] += 1
        if self.now.refused[agent] == Refusal.NONE:
            self.now.refused[agent] = int(why)

    def done(self, agent: int) -> None:
        """The agent's verb took effect."""
        action = self.actions[agent]
        self.seen[f"did {Verb(action.verb).name}"] += 1
        self.now.did[agent] = action.verb
        self.now.did_object[agent] = -1 if action.verb in OBJECTLESS else action.object

    def mark(self, agent: int, mark: int) -> None:
        self.now.marks[agent] |= int(mark)

    def loud(self, agent: int, noise: int) -> None:
        """A noise at the agent's node; the loudest is kept."""
        self.now.noise[agent] = max(self.now.noise[agent], noise)

    def fallen(self, agent: int, was_well: bool) -> None:
        """Whoever was well and is no more has fallen, and out of its seat."""
        if was_well and not self.well(agent):
            self.mark(agent, Mark.FELL)
            if not self.on_foot(agent):
                self.seen["fell off" if self.now.seat[agent] < 0 else "fell out of a seat"] += 1
                self.fall_off(agent)
                self.now.leftover[agent] = 0

    def fall_off(self, agent: int) -> None:
        """Leave a vehicle, for whatever reason."""
        self.now.ride[agent] = self.now.seat[agent] = -1
