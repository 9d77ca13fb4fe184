"""From a reel and a place in it to a frame: who is shown where, wearing what."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pursuit.viewer.belief import opinion
from pursuit.viewer.frame import Body, Frame, Point, Ride, Thing, View
from pursuit.viewer.moment import Moment
from pursuit.viewer.motion import along, blend, spread
from pursuit.viewer.reel import Reel
from pursuit.viewer.traces import effects, plans, trails
from pursuit.viewer.words import entries, heading, log

_SEAT = 2.0  # token radii between riders


def compose(
    reel: Reel, position: float, view: View | None = None, marks: Mapping[int, str] | None = None, speed: float = 1.0
) -> Frame:
    """The frame at `position`, in turns: 3.25 is a quarter into the turn after state 3. Clipped to the replay.

    `marks` are the viewer's own, shown beside those of the replay.
    """
    view = view or View()
    position = min(max(position, 0.0), float(reel.num_turns))
    moment = Moment.at(reel, position, view)
    shown = [slot for slot in range(reel.world.num_agents) if moment.shows(slot)]
    told = opinion(reel, int(position), view)
    bodies, rides = _pieces(moment, shown, told.doubts if told is not None else {})
    return Frame(
        board=reel.world.board,
        layout=reel.layout,
        bodies=bodies,
        rides=rides,
        things=_things(moment),
        doors=_doors(moment),
        effects=effects(moment, {slot: k for k, slot in enumerate(shown)}) if view.events else (),
        tracks=(
            *(trails(reel, view, int(position)) if view.trails else ()),
            *(plans(moment) if view.plans else ()),
        ),
        exits=reel.exits,
        in_sight=moment.eyes.nodes if view.vision else None,
        heat=told.heat if told is not None else None,
        heading=heading(moment, view, position, speed, marks or {}),
        entries=entries(moment),
        log=log(reel, int(position), view),
    )


def _pieces(moment: Moment, shown: list[int], doubts: Mapping[int, float]) -> tuple[tuple[Body, ...], tuple[Ride, ...]]:
    """Everybody shown and every vehicle shown, moved apart where they share a node."""
    state = moment.state
    vehicles = [v for v, node in enumerate(state.vehicle_node[0].tolist()) if moment.sees(node)]
    on_foot = [slot for slot in shown if int(state.ride[0, slot]) not in vehicles]
    starts = [int(moment.before.vehicle_node[0, v]) for v in vehicles]
    ends = [int(moment.after.vehicle_node[0, v]) for v in vehicles]
    starts += [int(moment.before.node[0, slot]) for slot in on_foot]
    ends += [moment.node(slot) for slot in on_foot]
    offsets = blend(spread(starts), spread(ends), moment.part)

    parked = dict(zip(vehicles, offsets, strict=False))
    apart = dict(zip(on_foot, offsets[len(vehicles) :], strict=True))
    rides = []
    for vehicle in vehicles:
        aboard = [slot for slot in shown if int(state.ride[0, slot]) == vehicle]
        aboard.sort(key=lambda slot: (state.seat[0, slot] < 0, int(state.seat[0, slot])))
        for place, slot in enumerate(aboard):
            apart[slot] = (_SEAT * (place - (len(aboard) - 1) / 2), 0.0)
        rides.append(_ride(moment, vehicle, parked[vehicle], len(aboard)))
    bodies = []
    for slot in shown:
        ride = -1 if slot in on_foot else vehicles.index(int(state.ride[0, slot]))
        bodies.append(_body(moment, slot, apart[slot], ride, doubts.get(slot)))
    return tuple(bodies), tuple(rides)


def _body(moment: Moment, slot: int, offset: Point, ride: int, doubt: float | None) -> Body:
    state, looks = moment.state, moment.reel.looks
    knows = moment.knows(slot)
    guise = int(state.guise[0, slot])
    full = max(int(moment.world.roster.health[moment.world.kind[slot]]), 1)
    return Body(
        slot=slot,
        look=looks[guise],
        behind=looks[slot] if knows and guise != slot else None,
        at=_where(moment, slot),
        offset=offset,
        status=int(state.status[0, slot]),
        health=int(state.health[0, slot]) / full if knows else None,
        ride=ride,
        faint=not moment.eyes.all_seeing and not bool(moment.eyes.shown[slot]),
        hunted=bool(moment.world.quarry[slot if knows else guise]) if guise < moment.world.num_agents else False,
        staggered=bool(state.stagger[0, slot] > 0),
        pending=knows and bool(state.pending[0, slot] >= 0),
        doubt=doubt,
    )


def _where(moment: Moment, slot: int) -> Point:
    """Where somebody is between the two states; if only what is known is shown, never on a stretch out of sight."""
    unbroken = moment.eyes_before.shown[slot] and moment.eyes_after.shown[slot]
    if moment.part > 0 and (unbroken or not moment.seen_only):
        return along(moment.reel.layout.node_xy, moment.world.board.level, moment.after.path[0, slot], moment.part)
    if moment.part < 0.5 and moment.part > 0:
        return moment.point(int(moment.before.node[0, slot]))
    return moment.point(moment.node(slot))


def _ride(moment: Moment, vehicle: int, offset: Point, aboard: int) -> Ride:
    """A vehicle; between two states it goes the way of whoever rides it all along."""
    world, node = moment.world, int(moment.state.vehicle_node[0, vehicle])
    at = moment.point(node)
    if moment.part > 0:
        both = np.flatnonzero((moment.before.ride[0] == vehicle) & (moment.after.ride[0] == vehicle))
        if len(both):
            path = moment.after.path[0, both[0]]
            at = along(moment.reel.layout.node_xy, world.board.level, path, moment.part)
    kind = world.roster.ride_name[int(world.vehicle_kind[vehicle])]
    return Ride(moment.reel.vehicle_names[vehicle], kind, at, offset, aboard, not moment.eyes.sees(node))


def _things(moment: Moment) -> tuple[Thing, ...]:
    things = []
    for item, node in enumerate(moment.state.item_node[0].tolist()):
        if node >= 0 and moment.sees(node):
            weapon = bool(moment.world.item_weapon[item] >= 0)
            things.append(Thing(moment.reel.item_names[item], moment.point(node), weapon, not moment.eyes.sees(node)))
    return tuple(things)


def _doors(moment: Moment) -> tuple[int, ...]:
    doors, ends = moment.state.door[0].tolist(), moment.world.board.door_nodes.tolist()
    return tuple(door if moment.sees(a) or moment.sees(b) else -1 for door, (a, b) in zip(doors, ends, strict=True))
