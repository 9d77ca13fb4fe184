"""Observations written by hand: one watcher and what it sees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pursuit.sense.observation import FIELDS, Brief, Observation, Wounds


@dataclass(frozen=True)
class Body:
    """One row of an observation."""

    guise: int
    node: int
    marks: int = 0
    wounds: Wounds = Wounds.NONE
    left: bool = False


def glance(brief: Brief, mates: dict[int, int], bodies: Iterable[Body] = ()) -> Observation:
    """What a mind of these mates (slot: node) knows; everything not said is unknown. One row."""
    agents = len(brief.kind)
    columns = {name: np.full((1, agents), -1, np.int32) for name in FIELDS}
    for name in ("turn", "turns_left", "key", "knows"):
        columns[name] = np.zeros(1, np.int32)
    for name in ("own", "mate"):
        columns[name] = np.array([[slot in mates for slot in range(agents)]])
    for slot, node in mates.items():
        columns["node"][0, slot] = node
        columns["guise"][0, slot] = slot
        columns["health"][0, slot] = brief.roster.health[brief.kind[slot]]
    for row, body in enumerate(sorted(bodies, key=lambda body: (body.node, body.guise))):
        columns["body_node"][0, row] = body.node
        columns["body_guise"][0, row] = body.guise
        columns["body_wounds"][0, row] = -1 if body.left else body.wounds
        columns["body_marks"][0, row] = body.marks
        columns["body_left"][0, row] = body.left
    columns["body_marks"] = np.maximum(columns["body_marks"], 0).astype(np.uint16)
    columns["body_left"] = columns["body_left"] > 0
    columns["body_radio"] = np.zeros((1, agents), np.bool_)
    for name in ("item_node", "item_mate", "ammo"):
        columns[name] = np.full((1, len(brief.item_simple)), -1, np.int32)
    columns["door"] = np.full((1, brief.board.num_doors), -1, np.int8)
    return Observation(**columns)
