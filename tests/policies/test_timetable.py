"""Timetables say what the ways say."""

from __future__ import annotations

import numpy as np
from tests.policies.stage import HUNTER, world

from pursuit.policies.parts.choices import Leave
from pursuit.policies.parts.ground import FAR, Ground
from pursuit.policies.parts.timetable import Timetable
from pursuit.sense.observe import brief


def test_ticks_and_hops_to_fixed_places() -> None:
    stage = world()
    ground = Ground(brief(stage, (HUNTER,)))
    places = np.array([3, 10, -1])
    table = Timetable(ground, places)
    nodes = np.arange(stage.board.num_nodes)
    for slot in range(stage.num_agents):
        hops = ground.hops(int(ground.feet()[slot]), nodes[:, None], places)
        assert (table.ticks(slot, nodes) == ground.ticks(hops, ground.pace[slot])).all()
        assert (table.hops(slot, nodes) == hops.min(axis=1)).all()
    for vehicle, mover in enumerate(ground.vehicles.tolist()):
        hops = ground.hops(int(ground.wheels()[vehicle]), nodes[:, None], places)
        assert (table.ticks(mover, nodes) == ground.ticks(hops, ground.ride_pace[vehicle])).all()


def test_nowhere_is_far_from_everywhere_for_every_mover() -> None:
    ground = Ground(brief(world(), (HUNTER,)))
    table = Timetable(ground, np.array([3, 10]))
    movers = np.arange(ground.foe_mover + 1)
    assert (table.ticks(movers, np.full(len(movers), -1)) == FAR).all()
    assert (table.hops(movers, np.full(len(movers), -1)) == FAR).all()


def test_tables_are_shared_by_all_policies_of_a_world() -> None:
    stage = world()
    grounds = [brief(stage, (slot,)).derive(Ground) for slot in range(2)]
    assert grounds[0] is grounds[1]
    assert grounds[0].derive(Leave, 1) is grounds[1].derive(Leave, 1) is not grounds[0].derive(Leave, 0)
