"""Phase strike: blades, fists and shots, all on the state at the start of the phase (rules 7)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.board import Feature
from pursuit.core.rng import Draws, Stream
from pursuit.core.roster import Effect, Trait
from pursuit.core.state import Actions, Mark, Refusal, State, Status, Verb
from pursuit.core.world import World
from pursuit.rules.common import (
    Bools,
    Flat,
    batch_last,
    choosers,
    fall_off,
    present,
    refuse,
    sees_node,
    some,
    within_metres,
)
from pursuit.rules.legal import guns


def strike(world: World, state: State, actions: Actions, draws: Draws) -> State:
    """Everybody's blows and shots land at once."""
    rows, slots = choosers(actions, Verb.STRIKE, Verb.SHOOT)
    if not len(rows):
        return state
    targets = actions.object[rows, slots].astype(np.intp)
    shoots = actions.verb[rows, slots] == Verb.SHOOT.value
    gun = np.full(len(rows), -1, np.intp)
    if some(shoots):
        gun[shoots] = guns(world, state, rows[shoots], slots[shoots])
    weapon = world.roster.melee[world.kind[slots]].astype(np.intp)
    if world.num_items:
        weapon = np.where(shoots, world.item_weapon[gun], weapon)
    within = present(state)[rows, targets] & (shoots | state.met[rows, slots, targets])
    if some(shoots):
        within[shoots] &= _in_range(world, state, rows[shoots], slots[shoots], targets[shoots], weapon[shoots])

    refused = state.refused.copy("K")
    refuse(refused, rows[~within], slots[~within], Refusal.TOO_FAR)
    state = state.evolve(refused=refused)
    at = np.flatnonzero(within)
    if not len(at):
        return state
    rows, slots, targets, weapon = rows[at], slots[at], targets[at], weapon[at]
    shoots, gun = shoots[at], gun[at]
    state = _show(world, state, rows, slots, targets, weapon, shoots, gun)
    hits = draws.below(state.seed, state.turn, Stream.HIT, rows, slots, 1000) < _chance(
        world, state, rows, targets, weapon, shoots
    )
    if not some(hits):
        return state
    return _hurt(world, state, rows[hits], slots[hits], targets[hits], weapon[hits])


def _in_range(world: World, state: State, rows: Flat, slots: Flat, targets: Flat, weapon: Flat) -> Bools:
    start, goal = state.node[rows, slots], state.node[rows, targets]
    return sees_node(world, state, rows, start, goal) & within_metres(world, start, goal, world.roster.reach[weapon])


def _chance(world: World, state: State, rows: Flat, targets: Flat, weapon: Flat, shoots: Bools) -> NDArray[Any]:
    """Permille of each attack; cover halves a shot at somebody on foot."""
    hit = world.roster.hit[weapon].astype(np.int64)
    covered = (world.board.feature[state.node[rows, targets]] & Feature.COVER) != 0
    return np.where(shoots & covered & (state.ride[rows, targets] < 0), hit // 2, hit)


def _show(
    world: World, state: State, rows: Flat, slots: Flat, targets: Flat, weapon: Flat, shoots: Bools, gun: Flat
) -> State:
    """What an attack costs and gives away, hit or miss."""
    did, did_object, marks = state.did.copy("K"), state.did_object.copy("K"), state.marks.copy("K")
    noise = state.noise.copy("K")
    did[rows, slots] = np.where(shoots, Verb.SHOOT, Verb.STRIKE)
    did_object[rows, slots] = targets
    bladed = world.roster.effect[weapon] == Effect.BLADE.value
    marks[rows, slots] |= np.where(shoots, np.uint16(Mark.FIRED), np.uint16(0))
    marks[rows, slots] |= np.where(bladed, np.uint16(Mark.BLADED), np.uint16(0))
    noise[rows, slots] = np.maximum(noise[rows, slots], world.roster.noise[weapon])
    columns: dict[str, NDArray[Any]] = {"did": did, "did_object": did_object, "marks": marks, "noise": noise}
    if some(shoots):
        ammo = state.ammo.copy("K")
        ammo[rows[shoots], gun[shoots]] -= 1
        columns["ammo"] = ammo
    return state.evolve(**columns)


def _hurt(world: World, state: State, rows: Flat, slots: Flat, targets: Flat, weapon: Flat) -> State:
    """What the hits do to the bodies hit."""
    roster = world.roster
    shape = state.node.shape
    damage, stagger = batch_last(shape, np.int32), batch_last(shape, np.int8)
    deadly, hurt = batch_last(shape, np.bool_), batch_last(shape, np.bool_)
    np.add.at(damage, (rows, targets), roster.damage[weapon])
    np.maximum.at(stagger, (rows, targets), roster.stagger[weapon])
    hurt[rows, targets] = True
    lethal = roster.lethal[weapon] & ~state.spare[rows, slots]
    deadly[rows[lethal], targets[lethal]] = True

    poly, machine = world.trait(Trait.POLY), world.trait(Trait.MACHINE)
    marks = state.marks.copy("K")
    marks[rows, slots] |= np.uint16(Mark.HIT)
    marks |= np.where(hurt, np.uint16(Mark.HURT), np.uint16(0))
    splashed = (roster.effect[weapon] == Effect.BULLET.value) & poly[targets]
    marks[rows[splashed], targets[splashed]] |= np.uint16(Mark.SPLASHED)

    health = np.maximum(state.health - damage, 0).astype(np.int16)
    spent = hurt & (health == 0)
    killed = spent & ~machine & deadly
    status = np.where(killed, np.int8(Status.DEAD), state.status)
    downed = spent & ~machine & ~killed & (state.status == Status.WELL.value)
    status = np.where(downed, np.int8(Status.DOWN), status)
    status = np.where(spent & machine & ~poly, np.int8(Status.OFFLINE), status)
    split = spent & poly
    stagger = np.where(split, np.maximum(stagger, world.numbers.split_turns), stagger).astype(np.int8)
    stays = hurt & (status == Status.WELL.value)
    stagger = np.where(stays & (split | ~world.trait(Trait.STURDY)), np.maximum(state.stagger, stagger), state.stagger)

    fallen = (state.status == Status.WELL.value) & (status != Status.WELL.value)
    marks |= np.where(fallen | split, np.uint16(Mark.FELL), np.uint16(0))
    columns = fall_off(state, fallen, stays & (stagger > state.stagger))
    samples = (roster.effect[weapon] == Effect.BLADE.value) & world.trait(Trait.MORPHS)[slots] & ~machine[targets]
    if some(samples):
        sampled = state.sampled.copy("K")
        sampled[rows[samples], targets[samples]] = True
        columns["sampled"] = sampled
    return state.evolve(health=health, status=status, stagger=stagger, marks=marks, **columns)
