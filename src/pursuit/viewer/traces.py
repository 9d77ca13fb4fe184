"""What happened, as marks on the map: effects of the turn shown, and the ways that agents took."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pursuit.core.board import Mode
from pursuit.core.roster import Trait
from pursuit.core.state import Mark, Status, Verb
from pursuit.viewer.eyes import hears
from pursuit.viewer.frame import Effect, Lens, Track, View
from pursuit.viewer.moment import Moment
from pursuit.viewer.reel import Reel

TRAIL_TURNS = 12

_PUBLIC = (
    (Mark.CHANGED, "morph"),
    (Mark.BLADED, "blade"),
    (Mark.SPLASHED, "splash"),
    (Mark.FELL, "fell"),
    (Mark.PASSED, "passed"),
    (Mark.FAILED, "failed"),
)
_PRIVATE = ((Mark.HURT, "hit"), (Mark.BLOCKED, "blocked"), (Mark.LINKED, "linked"))


def effects(moment: Moment, index: Mapping[int, int]) -> tuple[Effect, ...]:
    """Marks of the turn shown: full at a whole turn, fading after it, coming up at the end of the next one.

    `index` says which body of the frame stands for each agent shown.
    """
    state, eyes = moment.state, moment.eyes
    strength = abs(1 - 2 * moment.part)
    told = (state.marks[0] != 0) | (state.noise[0] != 0) | (state.did[0] == Verb.STRIKE)
    found: list[Effect] = []
    for slot in told.nonzero()[0].tolist():
        noise, verb = int(state.noise[0, slot]), int(state.did[0, slot])
        if noise and (not moment.seen_only or hears(moment.world, state, eyes, slot)):
            at = moment.point(int(state.node[0, slot]))
            found.append(Effect("noise", at, index.get(slot, -1), -1, float(noise), strength))
        if slot not in index:
            continue
        is_left = moment.seen_only and bool(eyes.left[slot])
        at = moment.point(int(state.path[0, slot, 0] if is_left else state.node[0, slot]))
        target = int(state.did_object[0, slot])
        if verb in (Verb.STRIKE, Verb.SHOOT) and target in index and not is_left:
            kind = "shot" if verb == Verb.SHOOT else "strike"
            found.append(Effect(kind, at, index[slot], index[target], 0.0, strength))
        marks = Mark(int(state.marks[0, slot]))
        kinds = (*_PUBLIC, *_PRIVATE) if moment.knows(slot) else _PUBLIC
        found += [Effect(kind, at, index[slot], -1, 0.0, strength) for mark, kind in kinds if mark in marks]
    return tuple(found)


def trails(reel: Reel, view: View, turn: int) -> tuple[Track, ...]:
    """The way of each agent over the last turns; with any lens but TRUTH only the last stretch in unbroken sight."""
    states = [reel.state(at) for at in range(max(turn - TRAIL_TURNS, 0), turn + 1)]
    seen_only = view.lens != Lens.TRUTH
    shown = [reel.eyes(int(state.turn[0]), view.viewpoint).shown for state in states] if seen_only else []
    tracks = []
    for slot in range(reel.world.num_agents):
        if states[-1].status[0, slot] > Status.OFFLINE:
            continue
        nodes: list[int] = []
        for at in range(len(states) - 1, 0, -1):
            if seen_only and not (shown[at][slot] and shown[at - 1][slot]):
                break
            for node in reversed(states[at].path[0, slot].tolist()):
                if not nodes or node != nodes[-1]:
                    nodes.append(node)
        if len(nodes) > 1:
            guise = int(states[-1].guise[0, slot]) if seen_only else slot
            tracks.append(Track(reel.looks[guise].side, tuple(nodes[::-1])))
    return tuple(tracks)


def plans(moment: Moment) -> tuple[Track, ...]:
    """The way to the goal that each agent has in the turn being played; only of those whose plans may be shown.

    It is the way as the tables of next hops have it with all doors open, on foot or by the vehicle driven.
    """
    reel, state = moment.reel, moment.before
    turn = int(state.turn[0]) + 1
    if turn > reel.num_turns:
        return ()
    goals = reel.replay.actions(turn).goal[0].tolist()
    tracks = []
    for slot, goal in enumerate(goals):
        drives = state.seat[0, slot] == 0
        if not 0 <= goal < reel.world.board.num_nodes or state.status[0, slot] != Status.WELL or not moment.knows(slot):
            continue
        mode = reel.world.roster.ride_mode[reel.world.vehicle_kind[state.ride[0, slot]]] if drives else Mode.FOOT
        nodes = _way(moment, int(mode), slot, goal)
        if len(nodes) > 1:
            tracks.append(Track(reel.looks[slot].side, nodes, plan=True))
    return tuple(tracks)


def _way(moment: Moment, mode: int, slot: int, goal: int) -> tuple[int, ...]:
    world = moment.world
    slips = bool(world.trait(Trait.SLIPS_BARS)[slot]) and mode == Mode.FOOT
    table = int(world.ways.pick(mode, np.array([slips]), np.array([0]))[0])
    nodes = [int(moment.before.node[0, slot])]
    while nodes[-1] != goal and len(nodes) <= world.board.num_nodes:
        out = int(world.ways.hop(table, nodes[-1], goal))
        if out == 0:
            return ()
        nodes.append(int(world.board.neighbor[nodes[-1], out]))
    return tuple(nodes)
