"""Blasts: who is near enough to be caught by one, and whom it throws back (rules 7)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Door, Mode
from pursuit.core.rng import Draws, Stream
from pursuit.core.roster import Effect, Trait
from pursuit.core.state import Mark, State
from pursuit.core.world import World
from pursuit.rules.common import Bools, Flat, dark_mask, present, within_metres


def has_blasts(world: World) -> bool:
    """Whether anything in the world blasts."""
    weapons = world.item_weapon[world.item_weapon >= 0]
    effect = world.roster.effect
    return bool(
        (effect[weapons] == Effect.BLAST).any() or (effect[world.roster.melee[world.kind]] == Effect.BLAST).any()
    )


def caught(world: World, state: State, rows: Flat, center: NDArray[Any], metres: NDArray[Any]) -> Bools:
    """Who is present within so many metres of a node and seen from it, [n, A]; rows, center and metres are [n]."""
    node = state.node[rows]
    table = world.sight.pick(dark_mask(world, state.door)[rows])
    near = within_metres(world, center[:, None], node, metres[:, None])
    return near & present(state)[rows] & world.sight.sees(table[:, None], center[:, None], node)


def around(
    world: World, state: State, draws: Draws, rows: Flat, slots: Flat, targets: Flat, weapon: Flat
) -> tuple[Flat, Flat]:
    """Whom else the blasts of shots that hit catch: (place in the list of shots, victim), [m] each."""
    center = state.node[rows, targets]
    near = caught(world, state, rows, center, world.roster.blast[weapon])
    near[np.arange(len(rows)), targets] = False
    near &= (world.roster.blast[weapon] > 0)[:, None]
    shot, victims = near.nonzero()
    lanes = slots[shot] * world.num_agents + victims
    roll = draws.below(state.seed, state.turn, Stream.BLAST, rows[shot], lanes, 1000)
    hit = roll < world.roster.hit[weapon[shot]]
    return shot[hit], victims[hit]


def knock(world: World, state: State, before: State, rows: Flat, attackers: Flat, victims: Flat) -> State:
    """Throw those hit by a blast one hop away from the attacker (of several, the lowest slot)."""
    order = np.lexsort((attackers, victims, rows))
    rows, attackers, victims = rows[order], attackers[order], victims[order]
    first = np.ones(len(rows), np.bool_)
    first[1:] = (rows[1:] != rows[:-1]) | (victims[1:] != victims[:-1])
    first &= (before.ride[rows, victims] < 0) & ~world.trait(Trait.STURDY)[victims]
    rows, attackers, victims = rows[first], attackers[first], victims[first]
    board, start = world.board, before.node[rows, victims]
    end = board.neighbor[start]
    free = (board.modes[start] >> Mode.FOOT.value & 1).astype(np.bool_)
    free &= ~board.bars[start] | world.trait(Trait.SLIPS_BARS)[victims][:, None]
    free[:, 0] = False
    if board.num_doors:
        door = board.door[start]
        free &= (door < 0) | (before.door[rows[:, None], door] == Door.OPEN.value)
    here = world.spot[before.node[rows, attackers]]
    gap = ((world.spot[end] - here[:, None]) ** 2).sum(axis=2)
    away = np.where(free & (gap > ((world.spot[start] - here) ** 2).sum(axis=1)[:, None]), gap, -1)
    slot = away.argmax(axis=1)
    flies = away[np.arange(len(slot)), slot] >= 0
    rows, victims = rows[flies], victims[flies]
    node, marks = state.node.copy("K"), state.marks.copy("K")
    node[rows, victims] = end[flies, slot[flies]]
    marks[rows, victims] |= np.uint16(Mark.KNOCKED)
    return state.evolve(node=node, marks=marks)
