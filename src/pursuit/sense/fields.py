"""How each field of an Observation is worked out: what a mind can know about anything is read here.

Every field is a function from the view to its array, registered by name.

Dimension letters as in `sense.observation`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.facts import follows_from
from pursuit.core.roster import Trait
from pursuit.core.state import PUBLIC_MARKS, State, Status
from pursuit.core.world import Side, World
from pursuit.rules.common import batch_last, some, unless
from pursuit.rules.legal import could
from pursuit.rules.sight import radios
from pursuit.sense.keys import mind_keys
from pursuit.sense.noises import noises
from pursuit.sense.observation import Wounds, constant

if TYPE_CHECKING:
    from pursuit.sense.observe import View

Array = NDArray[Any]


Field = Callable[["View"], Array]
FIELD: dict[str, Field] = {}
"""How each field of Observation is worked out."""


def _field(function: Field) -> Field:
    FIELD[function.__name__] = function
    return function


def _of_mates(name: str, missing: int | bool) -> None:
    def field(view: View) -> Array:
        column = view.rows_of(getattr(view._state, name))
        return unless(view.mate, column) if missing == -1 else column * view.mate

    FIELD[name] = field


OF_MATES: dict[str, int | bool] = {
    "node": -1, "guise": -1, "pending": -1, "health": -1, "stagger": 0, "ride": -1, "seat": -1, "order": 0,
    "order_object": -1, "spare": False, "fuse": -1, "cue": -1, "marks": 0, "did": 0, "refused": 0,
}  # fmt: skip
"""Columns of State that are known of mates, with what stands for everybody else."""

for _name, _missing in OF_MATES.items():
    _of_mates(_name, _missing)


LISTED: dict[str, Field] = {}
"""How each field of bodies is worked out as a list: the entries of `view.seen`, [n]."""


def _of_bodies(missing: int) -> Callable[[Field], Field]:
    """A field of bodies [R, J], from the function that lists it; `missing` stands where nobody is."""

    def register(listed: Field) -> Field:
        name = listed.__name__

        def field(view: View) -> Array:
            return placed(view, view.of_bodies(name), missing)

        LISTED[name], FIELD[name] = listed, field
        return listed

    return register


def placed(view: View, values: Array, missing: int) -> Array:
    """Values of the bodies of `view.seen`, [n], each in its place, [R, J]."""
    out = batch_last(view.row_numbers.shape, values.dtype.type, missing)
    out.T.put(view.seen[0], values)
    return out


def _of_present(view: View, column: Array) -> Array:
    """A column [B, A] at the bodies, [n]; -1 for who left."""
    values: Array = column.T.take(view.shown)
    if view.has_left:
        values[view.gone] = -1
    return values


@_field
def has_left(view: View) -> Any:
    """Whether anybody left the sight of anybody; not a field of Observation."""
    return some(view._state.left) > 0


@_field
def turn(view: View) -> Array:
    return view.rows_of(view._state.turn)


@_field
def turns_left(view: View) -> Array:
    return np.int32(view._world.turns) - view.turn


@_field
def key_(view: View) -> Array:
    return view.of_mind(mind_keys(view._world, view._state.seed))


FIELD["key"] = FIELD.pop("key_")


@_field
def knows(view: View) -> Array:
    return view.of_mind(view._state.knows)


@_field
def mate(view: View) -> Array:
    state, live = view._state, view._live
    if live.whole >= 0:
        return (view._world.mind == live.whole) & (state.status == _WELL)
    if live.minds is state.mind and live.status is state.status:
        return live.mate
    well = view.rows_of(state.status) == _WELL
    return well & (view.rows_of(state.mind) == live.mind.astype(np.int8)[:, None])


@_field
def own(view: View) -> Array:
    live = view._live
    if live.actors is None:
        return view.mate & live.speaks
    if view.mate is live.__dict__.get("mate"):
        return live.own
    out = batch_last((len(live.episode), len(live.speaks)), np.bool_)
    out[live.actors] = True
    return out


@_field
def legal(view: View) -> Array:
    return np.where(view.mate, view.rows_of(could(view._world, view._state)), np.uint32(0))


@_field
def sampled(view: View) -> Array:
    world = view._world
    if world.shifter < 0:
        return np.zeros((view.num_rows, world.num_guises), np.bool_)
    return view.rows_of(view._state.sampled) & view.mate[:, [world.shifter]]


@_field
def held(view: View) -> Array:
    return (view.rows_of(view._state.captor) >= 0) & view.mate


@_field
def wanted(view: View) -> Array:
    of_the_law = np.any(view.mate & (view._world.side == Side.LAW.value), axis=1)
    return view.rows_of(view._state.wanted) & of_the_law[:, None]


@_field
def hazard(view: View) -> Array:
    world = view._world
    if not world.hazard_name:
        return np.zeros((view.num_rows, 0), np.int8)
    zone, node = world.hazard_nodes.nonzero()
    seen = view.seen_by_any(np.broadcast_to(node, (view.num_rows, len(node))))
    known = np.stack([seen[:, zone == number].any(axis=1) for number in range(len(world.hazard_name))], axis=1)
    return np.where(known, view.rows_of(view._state.hazard), np.int8(-1))


@_of_bodies(-1)
def body_node(view: View) -> Array:
    where: Array = view._state.node.T.take(view.shown)
    if view.has_left:
        _, rows, slots = view.seen
        where = np.where(view.gone, view._state.path[view._live.episode.take(rows), slots, 0], where)
    return where


def _node_by_slot(view: View) -> Array:
    """The same where rows are slots, in a classical ruleset."""
    if view._world.shifter < 0 and not view.has_left:
        return unless(view.row_numbers >= 0, view.rows_of(view._state.node))
    return placed(view, view.of_bodies("body_node"), -1)


FIELD["body_node"] = _node_by_slot


@_of_bodies(-1)
def body_guise(view: View) -> Array:
    return view._state.guise.T.take(view.shown)


@_of_bodies(-1)
def body_gait(view: View) -> Array:
    return _of_present(view, view._state.gait)


@_of_bodies(-1)
def body_ride(view: View) -> Array:
    return _of_present(view, view._state.ride)


@_of_bodies(-1)
def body_wounds(view: View) -> Array:
    state, (full, shows) = view._state, view._world.derive(_hurt_below)
    slots = view.seen[2]
    wounds: Array = _SHOWN.take(state.status.T.take(view.shown))
    hurt = shows.take(slots) & (wounds == Wounds.NONE.value) & (state.health.T.take(view.shown) < full.take(slots))
    wounds[hurt] = Wounds.HURT
    if view.has_left:
        wounds[view.gone] = -1
    return wounds


def _hurt_below(world: World) -> tuple[Array, Array]:
    """Full health, [A], and who shows it when that is not so, [A]."""
    return world.roster.health[world.kind], ~world.trait(Trait.POLY)


@_of_bodies(0)
def body_marks(view: View) -> Array:
    if not some(view._state.marks):
        return np.zeros(len(view.shown), np.uint16)
    marks: Array = view._state.marks.T.take(view.shown) & _PUBLIC
    return marks


@_field
def body_was(view: View) -> Array:
    before = view._before
    if before is None:
        return np.full(view.row_numbers.shape, -1, np.int8)
    out = batch_last(view.row_numbers.shape, np.int8, -1)
    cells, rows, slots = view.seen
    out.T.reshape(-1)[cells] = before.row[view._live.episode.take(rows), view._live.mind.take(rows), slots]
    return out


@_of_bodies(0)
def body_left(view: View) -> Array:
    return view.gone if view.has_left else np.zeros(len(view.shown), np.bool_)


@_field
def body_radio(view: View) -> Array:
    out = np.zeros(view.row_numbers.shape, np.bool_)
    net = radios(view._world, view._state)
    if net is not None:
        foreign = net.any(axis=2) & ~net[:, np.arange(len(view._world.side)), view._world.side]
        if some(foreign & (view._state.status == Status.WELL.value)):
            out = (view.body_node >= 0) & ~view.body_left & ~view.seen_by_any(view.body_node)
    return out


@_field
def item_node(view: View) -> Array:
    lying = view.rows_of(view._state.item_node)
    return unless(view.seen_by_any(lying), lying) if lying.shape[1] else lying


@_field
def item_mate(view: View) -> Array:
    holder = view.rows_of(view._state.holder)
    held = (holder >= 0) & view.mate[np.arange(view.num_rows)[:, None], holder]
    return np.where(held, holder, np.int8(-1))


@_field
def ammo(view: View) -> Array:
    return np.where(view.item_mate >= 0, view.rows_of(view._state.ammo), np.int16(-1))


@_field
def vehicle_node(view: View) -> Array:
    stands = view.rows_of(view._state.vehicle_node)
    return unless(view.seen_by_any(stands), stands) if stands.shape[1] else stands


@_field
def vehicle_seated(view: View) -> Array:
    return unless(view.vehicle_node >= 0, view.rows_of(_seated(view._world, view._state)))


@follows_from("ride", "seat")
def _seated(world: World, state: State) -> Array:
    """How many sit in each vehicle, [B, V]."""
    taken = batch_last((state.num_rows, world.num_vehicles), np.int8)
    sits = (state.seat.T >= 0).reshape(-1).nonzero()[0]
    if len(sits):
        places = state.ride.T.take(sits) * np.intp(state.num_rows) + sits % state.num_rows
        taken.T[...] = np.bincount(places, minlength=taken.size).reshape(world.num_vehicles, -1)
    return taken


@_field
def door(view: View) -> Array:
    doors = view.rows_of(view._state.door)
    if not doors.shape[1]:
        return doors
    ends = view._world.board.door_nodes
    nodes = np.broadcast_to(ends.reshape(-1), (view.num_rows, ends.size))
    seen = view.seen_by_any(nodes).reshape(view.num_rows, -1, 2).any(axis=2)
    return np.where(seen, doors, np.int8(-1))


@_field
def noise_node(view: View) -> Array:
    return view.noise[0]


@_field
def noise_loud(view: View) -> Array:
    return view.noise[1]


@_field
def noise(view: View) -> Any:
    """(noise_node, noise_loud); not a field of Observation."""
    if not some(view._state.noise):
        silence = constant(*view.row_numbers.shape, -1, "int32")
        return silence, silence
    return noises(view._world, view._state, view._live, view.member)


_WELL = Status.WELL.value
_PUBLIC = np.uint16(PUBLIC_MARKS)
_SHOWN = np.array(
    [Wounds.NONE, Wounds.DOWN, Wounds.DEAD, Wounds.OFFLINE, Wounds.NONE, Wounds.NONE, Wounds.NONE], np.int8
)  # by Status
