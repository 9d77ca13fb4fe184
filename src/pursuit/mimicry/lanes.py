"""Who needs a lane of nodes of his own, and who can share one or do without.

Two looks that have not been seen since the shifter could first put them on are equally likely at every node, and so are
two people who walk and started alike and have not been seen: whatever happens out of sight happens to both. So they
share a lane until one is seen. Who has not been seen is also where he is whether or not the shifter wears his look, so
only who has been seen, and can be copied, needs two lanes. Mates and the known dead need none.

Dimension letters: ``B`` rows, ``A`` agent slots, ``N`` nodes, ``K`` lanes, ``n`` those who are given a lane.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.mimicry.belief import Belief, Sharing

Array = NDArray[Any]
Flags = NDArray[np.bool_]
Flat = NDArray[np.intp]


def part(belief: Belief, seen: Flags, is_mate: Flags, may: Flags, is_real: Flags) -> tuple[Belief, Array]:
    """The same belief in arrays of its own, with lanes for whom this look around tells apart; and all lanes of people
    [N, P, B], of which its own are views.

    All flags are [A, B]: looks that are ``seen``, who ``is_mate``, looks the shifter ``may`` wear, who ``is_real``.
    """
    look_of, crowd_of, pair_of = belief.look_of.T.copy(), belief.crowd_of.T.copy(), belief.pair_of.T.copy()
    spot = belief.spot.T
    fallen = belief.worst.T == 2
    without = is_mate | fallen
    lost = (spot >= 0) & ~without  # no mate any more: it was where it was
    source = np.where(crowd_of >= 0, crowd_of, -1 - spot)  # a lane, or before 0 a node
    crowd_of[without] = pair_of[without] = -1

    shared = _shares(look_of, seen)
    alone = may & (shared | ((look_of < 0) & (seen | (pair_of >= 0))))
    group = may & (look_of < 0) & ~alone
    looks, look_of = _looks(belief, look_of, alone, group)

    here = seen & is_real & ((crowd_of >= 0) | lost)
    doubled = here & may
    single = (lost & ~doubled) | (here & ~may & _shares(crowd_of, seen))
    crowd_of[doubled] = -1
    slot, row = _by_row(doubled)
    pair_of[slot, row] = _allot(pair_of, row)
    lone, at = _by_row(single)
    crowd_of[lone, at] = -1
    crowd_of[lone, at] = _allot(crowd_of, at)
    num_crowd, num_pairs = _width(crowd_of), _width(pair_of) if np.count_nonzero(pair_of >= 0) else 0
    people = np.empty((looks.shape[0], num_crowd + 2 * num_pairs, looks.shape[2]), looks.dtype)
    crowd, pairs = apart(people, num_crowd)
    _fill(crowd, belief.crowd.T)
    _fill(pairs, belief.pairs.T)
    if len(slot):
        pairs[:, pair_of[slot, row], :, row] = _content(belief, source[slot, row], row).T[:, :, None]
    if len(lone):
        crowd[:, crowd_of[lone, at], at] = _content(belief, source[lone, at], at)
    dead = belief.dead.copy("K")
    dead.T[np.broadcast_to(fallen[:, None], dead.T.shape)] = 1.0
    parted = replace(
        belief, looks=looks.T, look_of=look_of.T, crowd=crowd.T, crowd_of=crowd_of.T, pairs=pairs.T, pair_of=pair_of.T,
        dead=dead, things=belief.things.copy("F"),
    )  # fmt: skip
    return parted, people


def settle(belief: Belief, slots: Flat, person: Array, dead: Array) -> Belief:
    """The same belief, but some people [s] are where `person` [B, 2, s, N] and `dead` [B, 2, s] say.

    Who is known exactly stays where he is.
    """
    known = belief.spot.T[slots] >= 0  # [s, B]
    pair_of, crowd_of = belief.pair_of.T.copy(), belief.crowd_of.T.copy()
    crowd_of[slots] = -1
    lane = pair_of[slots]
    place, row = _by_row(~known & (lane < 0))
    pair_of[slots[place], row] = _allot(pair_of, row)
    pairs = _room(belief.pairs.T, _width(pair_of))
    place, row = (~known).nonzero()
    pairs[:, pair_of[slots[place], row], :, row] = person.T[:, place, :, row]
    new = belief.dead.copy("K")
    new.T[slots] = np.where(known[:, None], new.T[slots], dead.T)
    return replace(belief, pairs=pairs.T, pair_of=pair_of.T, crowd_of=crowd_of.T, dead=new)


def _looks(belief: Belief, look_of: Array, alone: Flags, group: Flags) -> tuple[Array, Array]:
    """(lanes [N, K, B], who is in which [A, B]): ``alone`` get one each, the ``group`` of a row one together."""
    before = look_of.copy()
    apart = look_of.copy()
    apart[alone] = -1
    slot, row = _by_row(np.concatenate([alone, np.any(group, axis=0, keepdims=True)]))
    lane = _allot(apart, row)
    first = slot == len(alone)
    to_all = np.full(look_of.shape[1], -1, look_of.dtype)
    to_all[row[first]] = lane[first]
    look_of = np.where(group, to_all, apart).astype(look_of.dtype)
    slot, row, lane = slot[~first], row[~first], lane[~first]
    look_of[slot, row] = lane
    old = belief.looks.T
    looks = _room(old, _width(look_of))
    rows = np.flatnonzero(to_all >= 0)
    looks[:, to_all[rows], rows] = 0
    if len(row):
        from_lane = before[slot, row]
        looks[:, lane, row] = np.where(from_lane >= 0, old[:, np.maximum(from_lane, 0), row], 0)
    return looks, look_of


def _shares(lane_of: Array, some: Flags) -> Flags:
    """Which of some are in a lane with others."""
    out = some & (lane_of >= 0)
    slot, row = out.nonzero()
    if len(slot):
        out[slot, row] = Sharing(lane_of, _width(lane_of)).users()[lane_of[slot, row], row] > 1
    return out


def _by_row(flags: Flags) -> tuple[Flat, Flat]:
    """(slots, rows) of flags [A, B], in order of row."""
    row, slot = flags.T.nonzero()
    return slot, row


def _width(lane_of: Array) -> int:
    """How many lanes are in use; one at least."""
    return max(1, int(lane_of.max(initial=-1)) + 1)


def _allot(lane_of: Array, row: Flat) -> NDArray[np.int8]:
    """Free lanes for rows [n], in order of row: the lowest that nobody of the row is in."""
    if not len(row):
        return np.zeros(0, np.int8)
    rank = np.arange(len(row)) - np.searchsorted(row, row)
    free = Sharing(lane_of, _width(lane_of) + int(rank.max()) + 1).users() == 0
    lanes: Array = (np.cumsum(free, axis=0)[:, row] > rank).argmax(axis=0)
    return lanes.astype(np.int8)


def _room(lanes: Array, width: int) -> Array:
    """A copy of lanes [N, K, ...], as many as wanted."""
    out = np.empty((len(lanes), width, *lanes.shape[2:]), lanes.dtype)
    _fill(out, lanes)
    return out


def _fill(out: Array, lanes: Array) -> None:
    """Put lanes [N, K, ...] where there may be fewer or more of them."""
    kept = min(out.shape[1], lanes.shape[1])
    out[:, :kept] = lanes[:, :kept]
    out[:, kept:] = 0


def apart(people: Array, num_crowd: int) -> tuple[Array, Array]:
    """Views of people [N, P, B]: the crowd [N, C, B] and the pairs [N, Q, 2, B]."""
    num_nodes, num_lanes, num_rows = people.shape
    return people[:, :num_crowd], people[:, num_crowd:].reshape(num_nodes, (num_lanes - num_crowd) // 2, 2, num_rows)


def _content(belief: Belief, source: Array, row: Flat) -> Array:
    """Where somebody is who was in a lane of the crowd, or (-1 - node) known exactly, [N, n]."""
    crowd = belief.crowd.T
    node = -1 - source
    nodes = np.arange(len(crowd))[:, None]
    return np.where(source >= 0, crowd[:, np.maximum(source, 0), row], nodes == node).astype(crowd.dtype)
