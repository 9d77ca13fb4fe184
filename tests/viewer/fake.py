"""A small mall on two floors, and an episode in it played by the rules with random actions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random

import numpy as np
from tests.reference.boards import make_board
from tests.reference.choices import random_actions
from tests.reference.worlds import NAMES, make_world, random_roster

from pursuit.core.board import Board, Door, Feature, Room, Street
from pursuit.core.rng import KeyedDraws
from pursuit.core.state import Actions, State
from pursuit.core.world import Side, World
from pursuit.play.records import Belief
from pursuit.rules.told.events import Event, events
from pursuit.rules.turn import fresh, phases, step

CELL = 5

# name, kind, level, left, low, width, height in cells
ROOMS = (
    ("hall", "hall", 0, 4, 8, 18, 2),
    ("arcade", "arcade", 0, 4, 10, 5, 4),
    ("record shop", "shop", 0, 9, 10, 4, 4),
    ("shoes", "shop", 0, 13, 10, 4, 4),
    ("toys", "shop", 0, 17, 10, 5, 4),
    ("pharmacy", "shop", 0, 4, 4, 5, 4),
    ("service corridor", "service", 0, 9, 6, 13, 2),
    ("garage", "parking", 0, 22, 6, 7, 8),
    ("gallery", "hall", 1, 4, 8, 18, 2),
    ("food court", "food", 1, 9, 10, 8, 4),
)
DOORS = (
    (0, (6, 9), (6, 10), Door.OPEN),
    (0, (10, 9), (10, 10), Door.SHUT),
    (0, (14, 9), (14, 10), Door.OPEN),
    (0, (19, 9), (19, 10), Door.LOCKED),
    (0, (6, 7), (6, 8), Door.OPEN),
    (0, (12, 7), (12, 8), Door.SHUT),
    (0, (21, 7), (22, 7), Door.BARRED),
    (0, (21, 8), (22, 8), Door.OPEN),
    (1, (12, 9), (12, 10), Door.OPEN),
)


@lru_cache(maxsize=1)
def mall() -> Board:
    """Rooms of a grid of cells with doors between them, streets around, one staircase."""
    number: dict[tuple[int, int, int], int] = {}
    rooms: list[int] = []
    for index, (_, _, level, left, low, wide, tall) in enumerate(ROOMS):
        for x in range(left, left + wide):
            for y in range(low, low + tall):
                number[level, x, y] = len(number)
                rooms.append(index)
    for x in range(32):
        number[0, x, 2] = len(number)
        rooms.append(-1)
    for y in range(3, 16):
        number[0, 0, y] = len(number)
        rooms.append(-1)
    edges = [
        (node, number[level, x + dx, y + dy])
        for (level, x, y), node in number.items()
        for dx, dy in ((1, 0), (0, 1))
        if (level, x + dx, y + dy) in number and rooms[node] == rooms[number[level, x + dx, y + dy]]
    ]
    doors = {}
    for k, (level, a, b, start) in enumerate(DOORS):
        doors[len(edges)] = (start, k < 5)
        edges.append((number[level, *a], number[level, *b]))
    edges.append((number[0, 4, 8], number[1, 4, 8]))
    edges += [(number[0, 25, 2], number[0, 25, 6]), (number[0, 0, 8], number[0, 4, 8])]
    board = make_board(
        [(CELL * (x + 0.5), CELL * (y + 0.5)) for _, x, y in number],
        edges,
        level=[level for level, _, _ in number],
        doors=doors,
        feature={
            number[0, 8, 13]: Feature.COVER,
            number[0, 28, 13]: Feature.BAY,
            number[0, 21, 13]: Feature.HIDE,
            number[1, 16, 13]: Feature.COVER,
        },
        sight_hops=12,
        room=rooms,
    )
    shapes = tuple(
        Room(name, name, kind, level, CELL * np.array(
            [[left, low], [left + wide, low], [left + wide, low + tall], [left, low + tall]], np.float64
        ))
        for name, kind, level, left, low, wide, tall in ROOMS
    )  # fmt: skip
    streets = (
        Street("Sherman Way", "boulevard", 0, CELL * np.array([[0.5, 2.5], [31.5, 2.5]])),
        Street("Canby Avenue", "street", 0, CELL * np.array([[0.5, 2.5], [0.5, 15.5]])),
        Street("", "alley", 0, CELL * np.array([[25.5, 2.5], [25.5, 6.5]])),
        Street("", "alley", 0, CELL * np.array([[0.5, 8.5], [4.5, 8.5]])),
    )
    return replace(board, name="mall", title="Mall", rooms=shapes, streets=streets, attribution="Made by hand")


def mall_world(turns: int = 60) -> World:
    """Nine people in the mall: a shifter, a protector, a child, a fighter, police and civilians."""
    board = mall()
    cast = ["shifter", "protector", "child", "fighter", "police", "police", "civilian", "civilian", "civilian"]
    sides = [Side.HUNTER, *[Side.GUARDIAN] * 3, Side.LAW, Side.LAW, *[Side.BYSTANDER] * 3]
    world = make_world(
        board,
        random_roster(Random(5)),
        kind=[NAMES.index(name) for name in cast],
        side=[int(side) for side in sides],
        start=[[20, 22], [30], [38, 40], [110], [60], [61], [70], [5], [200]],
        mind=[0, 1, 2, 1, 4, 4, 6, 7, 8],
        quarry=[slot == 2 for slot in range(9)],
        sampled=[4, 7],
        items=[(False, 3, -1, -1, 1), (False, 3, -1, -1, 4), (True, -1, -1, 45, -1), (False, 4, -1, 90, -1)],
        vehicles=[(0, -1, 12), (2, int(Side.LAW), board.num_nodes - 10)],
        exits=[(int(Side.GUARDIAN), board.num_nodes - 1)],
        turns=turns,
    )
    names = ("t_1000", "t_800", "John", "Sarah", "policeman_1", "policeman_2", "clerk", "friend", "shopper")
    return replace(
        world,
        title="Galleria",
        name="galleria",
        agent_name=names,
        item_name=("shotgun", "pistol", "radio cassette", "launcher"),
        vehicle_name=("dirt_bike", "police_car"),
    )


@dataclass
class FakeReplay:
    """Answers to `viewer.source.Replay`."""

    world: World
    states: list[State]
    played: list[Actions]
    seed: int = 7
    command: str = "pursuit run galleria --seed 7"
    badge: str = "verified"
    policies: dict[str, str] = field(default_factory=lambda: {"hunter": "random", "guardian": "random"})
    marks: dict[int, str] = field(default_factory=lambda: {12: "first blood"})
    judged: dict[int, tuple[int, int, bool]] = field(default_factory=dict)
    held: dict[int, list[Belief]] = field(default_factory=dict)

    @property
    def num_turns(self) -> int:
        return len(self.states) - 1

    def state(self, turn: int) -> State:
        return self.states[turn]

    def actions(self, turn: int) -> Actions:
        return self.played[turn - 1]

    def phases(self, turn: int) -> list[tuple[str, State]]:
        return list(phases(self.world, self.states[turn - 1], self.played[turn - 1], KeyedDraws()))

    def exact(self, turn: int) -> tuple[int, int, bool] | None:
        return self.judged.get(turn)

    def beliefs(self, turn: int) -> list[Belief]:
        return self.held.get(turn, [])

    def events(self, turn: int) -> list[Event]:
        return events(self.world, self.states[turn - 1], self.states[turn])[0] if turn > 0 else []


@lru_cache(maxsize=4)
def mall_replay(turns: int = 40, seed: int = 11) -> FakeReplay:
    """An episode with random actions; most of them do something."""
    world = mall_world(turns)
    state = fresh(world, np.array([seed], np.uint64))
    states, played, rng = [state], [], Random(seed)
    while len(states) <= turns and not state.ended[0]:
        played.append(random_actions(world, state, rng))
        state = step(world, state, played[-1], KeyedDraws())
        states.append(state)
    return FakeReplay(world, states, played, seed)
