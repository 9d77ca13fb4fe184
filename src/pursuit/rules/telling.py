"""Words for the story: how agents, looks, things, doors and places are called in a sentence.

Nothing in the rules reads this. Names come from the scenario and the map; an identifier such as ``t_1000`` or
``foster_parent`` is turned into words, and a name written as it should be read (``John``) is kept.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pursuit.core.world import World

_MODEL = re.compile(r"^([a-z]{1,2})[_-](\d{2,})$")  # t_1000, t_800
_NUMBERED = re.compile(r"^(.+?)[_ ]?(\d+)$")
_ORDINALS = ("", "first ", "second ", "third ", "fourth ", "fifth ", "sixth ", "seventh ", "eighth ", "ninth ")


@lru_cache(maxsize=4096)
def spoken(name: str) -> str:
    """A name as a noun with its article.

    >>> spoken("t_1000"), spoken("guard_2"), spoken("John"), spoken("dirt_bike")
    ('the T-1000', 'the second guard', 'John', 'the dirt bike')
    """
    model = _MODEL.match(name)
    if model:
        return f"the {model[1].upper()}-{model[2]}"
    if _MODEL.match(name.lower().replace("-", "_")):
        return f"the {name}"
    if name[:1].isupper() or name.startswith(("the ", "a ", "an ")):
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


class Teller:
    """The words of one world."""

    def __init__(self, world: World) -> None:
        self.agents = [spoken(name) for name in getattr(world, "agent_label", ()) or world.agent_name]
        self.items = [spoken(name) for name in getattr(world, "item_label", ()) or world.item_name]
        self.vehicles = [spoken(name) for name in getattr(world, "vehicle_label", ()) or world.vehicle_name]
        self.doors = [spoken(name) for name in world.board.door_name]
        self.weapons = [spoken(name) for name in world.roster.weapon_name]
        self._label = world.board.label
        self._streets = frozenset(street.name for street in world.board.streets)

    def look(self, guise: int) -> str:
        """The look of a guise: of an agent, or of an item."""
        agents = len(self.agents)
        return self.agents[guise] if guise < agents else self.items[guise - agents]

    def subject(self, slot: int, guise: int) -> str:
        """Who does something: ``the T-1000, as the policeman,`` if it wears a look that is not its own."""
        return self.agents[slot] if guise == slot else f"{self.agents[slot]}, as {self.look(guise)},"

    def target(self, slot: int, guise: int) -> str:
        """To whom something is done: ``the false policeman`` for a shifter in disguise."""
        if guise == slot:
            return self.agents[slot]
        look = self.look(guise)
        return f"the false {look.removeprefix('the ')}"

    def place(self, node: int) -> str:
        """The place a node belongs to: ``the service corridor``; empty for a board without labels."""
        label = self._label[node] if node < len(self._label) else ""
        if not label:
            return ""
        named = label[:1].isupper() or label.startswith(("the ", "a ", "an "))
        return label if named else f"the {label}"

    def where(self, node: int) -> str:
        """Where something happens, with a blank before: `` in the service corridor``; may be empty."""
        place = self.place(node)
        if not place:
            return ""
        return f" {'on' if self._label[node] in self._streets else 'in'} {place}"
