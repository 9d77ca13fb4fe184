"""Hazards and locks of a map and a scenario file as the arrays of a World."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from pursuit.content.files.positions import KeyPath
from pursuit.content.script.names import Names, tables
from pursuit.core.board import Feature
from pursuit.core.world import Hazard

OF_THE_MAP = {"vat": (Feature.VAT, Hazard.MELTS, True), "press": (Feature.PRESS, Hazard.CRUSHES, False)}
"""Hazards that a map has by the features of its nodes: what they do, and whether they are on at the start."""


def collect_hazards(names: Names, data: dict[str, Any]) -> None:
    """The names of all hazards: those of the map first; a name that occurs twice is noted."""
    if names.board is not None:
        names.hazards = [name for name, (bit, _, _) in OF_THE_MAP.items() if (names.board.feature & bit).any()]
    for path, table in tables(data, "hazard"):
        name = table.get("id")
        if isinstance(name, str):
            if name in names.hazards or name in OF_THE_MAP:
                names.source.error("duplicate-id", f"there are two hazards {name!r}", (*path, "id"))
            names.hazards.append(name)


def compile_locks(names: Names, data: dict[str, Any], broken: Iterable[KeyPath]) -> dict[str, Any]:
    """Which item opens which door, and how many keys a lock takes at once."""
    num_doors = names.board.num_doors if names.board else 1
    opens = np.zeros((len(names.items), num_doors), np.bool_)
    for path, table in tables(data, "item"):
        if path not in broken:
            for at, door in enumerate(table.get("opens", [])):
                opens[names.items.index(table["id"]), names.door(door, (*path, "opens", at))] = True
    keys = np.any(opens, axis=0).astype(np.int8)
    for path, table in tables(data, "lock"):
        if path in broken:
            continue
        door = names.door(table["door"], (*path, "door"))
        if np.count_nonzero(opens[:, door]) < table["keys"]:
            names.source.error("bad-value", f"fewer items than that open {table['door']!r}", (*path, "keys"))
        keys[door] = table["keys"]
    opens.setflags(write=False)
    keys.setflags(write=False)
    return {"item_opens": opens, "door_keys": keys}


def compile_hazards(names: Names, data: dict[str, Any], broken: Iterable[KeyPath]) -> dict[str, Any]:
    """The columns of hazards, by their names in World."""
    kind, on, nodes = [], [], []
    board = names.board
    if board is not None:
        for name, (bit, what, starts_on) in OF_THE_MAP.items():
            if name in names.hazards:
                kind.append(what)
                on.append(starts_on)
                nodes.append((board.feature & bit) != 0)
    for path, table in tables(data, "hazard"):
        if path in broken or board is None:
            continue
        kind.append(Hazard[table["kind"].upper()])
        on.append(table.get("on", True))
        where = np.zeros(board.num_nodes, np.bool_)
        where[names.nodes(table["at"], (*path, "at"))] = True
        nodes.append(where)
    columns = {
        "hazard_kind": np.array(kind, np.int8),
        "hazard_on": np.array(on, np.bool_),
        "hazard_nodes": np.array(nodes, np.bool_).reshape(len(kind), board.num_nodes if board else 0),
    }
    for column in columns.values():
        column.setflags(write=False)
    return {"hazard_name": tuple(names.hazards), **columns}
