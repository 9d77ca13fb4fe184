"""Words for the story: how agents, looks, things, doors and places are called in a sentence.

Nothing in the rules reads this. Names come from the scenario and the map; an identifier such as ``t_1000`` or
``foster_parent`` is turned into words, and a name written as it should be read (``John``) is kept.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from pursuit.core.board import Board
from pursuit.core.world import World

_MODEL = re.compile(r"^([a-z]{1,2})[_-](\d{2,})$")  # t_1000, t_800
_NUMBERED = re.compile(r"^(.+?)[_ ]?(\d+)$")
_ORDINALS = ("", "first ", "second ", "third ", "fourth ", "fifth ", "sixth ", "seventh ", "eighth ", "ninth ")
_ARTICLES = ("the ", "a ", "an ")
_WHERE_WORDS = ("under ", "behind ", "beside ", "above ", "between ", "over ", "outside ", "where ")
_ROADS = frozenset(("freeway", "boulevard", "street", "alley"))


@lru_cache(maxsize=4096)
def spoken(name: str) -> str:
    """A name as a noun with its article.

    >>> spoken("t_1000"), spoken("guard_2"), spoken("John"), spoken("dirt_bike")
    ('the T-1000', 'the second guard', 'John', 'the dirt bike')
    """
    model = _MODEL.match(name.lower().replace("-", "_"))
    if model:
        return f"the {model[1].upper()}-{model[2]}"
    if name[:1].isupper() or name.startswith(_ARTICLES):
        return name
    numbered = _NUMBERED.match(name)
    if numbered and int(numbered[2]) < len(_ORDINALS):
        return f"the {_ORDINALS[int(numbered[2])]}{numbered[1].replace('_', ' ')}"
    return f"the {name.replace('_', ' ')}"


def sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "”")) else text + "."


def listing(names: list[str]) -> str:
    """Names joined as in a sentence: ``John, Sarah and the T-800``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


@dataclass(frozen=True, slots=True)
class Spot:
    """How a node is spoken of."""

    area: str  # the room or street it belongs to: moving within it is no news
    where: str  # ``in the service corridor``, ``at the bus stop``; empty for a board without labels
    into: str  # ``into the service corridor``, ``onto Noble Avenue``, ``to the bus stop``, of the area
    name: str  # ``the service corridor``


class Teller:
    """The words of one world."""

    def __init__(self, world: World) -> None:
        self.agents = [spoken(name) for name in world.agent_label or world.agent_name]
        self.items = [spoken(name) for name in world.item_label or world.item_name]
        self.vehicles = [spoken(name) for name in world.vehicle_label or world.vehicle_name]
        self.doors = [spoken(name) for name in world.board.door_name]
        self._spots = _spots(world.board)

    def look(self, guise: int) -> str:
        """The look of a guise: of an agent, or of an item."""
        agents = len(self.agents)
        return self.agents[guise] if guise < agents else self.items[guise - agents]

    def subject(self, slot: int, guise: int) -> str:
        """Who does something: ``the T-1000, as the policeman,`` if it wears a look that is not its own."""
        return self.agents[slot] if guise == slot else f"{self.agents[slot]}, as {self.look(guise)},"

    def target(self, slot: int, guise: int) -> str:
        """To whom something is done: ``the false policeman`` for a shifter in disguise."""
        return self.agents[slot] if guise == slot else f"the false {self.look(guise).removeprefix('the ')}"

    def spot(self, node: int) -> Spot:
        """How a node is spoken of."""
        return self._spots[node]

    def where(self, node: int) -> str:
        """Where something happens, with a blank before: `` in the service corridor``; may be empty."""
        where = self._spots[node].where
        return f" {where}" if where else ""


def _spots(board: Board) -> list[Spot]:
    rooms = _rooms(board)
    width = {street.name: street.width for street in board.streets if street.name}
    home = {room: _noun(_room_name(board, room)) for room in set(rooms.values())}
    open_air = {room.name for room in board.rooms if room.kind == "roof"}  # one is on a terrace, in a hall
    spots = []
    for node in range(board.num_nodes):
        label = board.label[node] if node < len(board.label) else ""
        name, room = _noun(label), rooms.get(node)
        if not label:
            spots.append(Spot("", "", "", ""))
        elif room is not None:
            inside = home[room]
            here, there = ("on", "onto") if room in open_air else ("in", "into")
            where = f"{here} {name}" if name == inside else _placed(label, name, "at")
            spots.append(Spot(room, where, f"{there} {inside}", name))
        else:
            area = label if label in width else _street(board, node, width) or label
            at = {"on": "onto", "in": "into", "at": "to"}
            here, there = _preposition(width.get(label)), at[_preposition(width.get(area))]
            spots.append(Spot(area, _placed(label, name, here), _placed(area, _noun(area), there), name))
    return spots


def _preposition(width: str | None) -> str:
    return "at" if width is None else "on" if width in _ROADS else "in"


def _street(board: Board, node: int, width: dict[str, str]) -> str:
    """The street that a place lies on: the only one that leads there, if it leads on, too; else empty."""
    near = Counter(board.label[other] for other in board.neighbor[node, 1 : board.degree[node]].tolist())
    streets = [label for label in near if label in width]
    return streets[0] if len(streets) == 1 and near[streets[0]] > 1 else ""


def _rooms(board: Board) -> dict[int, str]:
    """The room of each node that is in one; a room that only encloses others does not count."""
    rooms: dict[int, str] = {}
    known = [room.name for room in board.rooms if len(board.regions.get(room.name, ()))]
    for name in sorted(known, key=lambda room: len(board.regions[room])):
        nodes = board.regions[name].tolist()
        if not any(node in rooms for node in nodes):
            rooms.update(dict.fromkeys(nodes, name))
    return rooms


def _room_name(board: Board, room: str) -> str:
    """What a room is called: as on its sign if its nodes are called so too, else as most of its named places."""
    labels = Counter(board.label[node] for node in board.regions[room].tolist())
    sign = next(found.label for found in board.rooms if found.name == room)
    if any(label.removeprefix("the ") == sign for label in labels):
        return sign
    given = Counter({label: count for label, count in labels.items() if label.startswith("the ")})
    return (given or labels).most_common(1)[0][0]


def _noun(label: str) -> str:
    """A label with its article, if it takes one: not if it is a proper name or says where by itself."""
    bare = label[:1].isupper() or label[:1].isdigit() or label.startswith((*_ARTICLES, *_WHERE_WORDS))
    return label if bare else f"the {label}"


def _placed(label: str, name: str, preposition: str) -> str:
    if not label.startswith(_WHERE_WORDS):
        return f"{preposition} {name}"
    return f"to {label}" if preposition == "to" and label.startswith("where ") else label
