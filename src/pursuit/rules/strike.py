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
from pursuit.rules.blast import around, has_blasts, knock
from pursuit.rules.common import (
    Bools,
    Flat,
    batch_last,
    choosers,
    dark_mask,
    present,
    refuse,
    sees_node,
    some,
    within_metres,
)
from pursuit.rules.custody import report
from pursuit.rules.harm import suffer
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
    if world.derive(has_witnesses):
        shamed = within & _kills(world, state, targets, rows, weapon) & barred(world, state, rows, slots, targets)
        refuse(refused, rows[shamed], slots[shamed], Refusal.WITNESSED)
        within &= ~shamed
    state = state.evolve(refused=refused)
    at = np.flatnonzero(within)
    if not len(at):
        return state
    rows, slots, targets, weapon = rows[at], slots[at], targets[at], weapon[at]
    shoots, gun = shoots[at], gun[at]
    before, state = state, _show(world, state, rows, slots, targets, weapon, shoots, gun)
    hits = draws.below(state.seed, state.turn, Stream.HIT, rows, slots, 1000) < _chance(
        world, state, rows, targets, weapon, shoots
    )
    if some(hits):
        state = _hurt(world, state, draws, rows[hits], slots[hits], targets[hits], weapon[hits])
    return report(world, before, state, rows, slots, targets)


def _in_range(world: World, state: State, rows: Flat, slots: Flat, targets: Flat, weapon: Flat) -> Bools:
    start, goal = state.node[rows, slots], state.node[rows, targets]
    return sees_node(world, state, rows, start, goal) & within_metres(world, start, goal, world.roster.reach[weapon])


def _chance(world: World, state: State, rows: Flat, targets: Flat, weapon: Flat, shoots: Bools) -> NDArray[Any]:
    """Permille of each attack; cover halves a shot at somebody on foot."""
    hit = world.roster.hit[weapon].astype(np.int64)
    covered = (world.board.feature[state.node[rows, targets]] & Feature.COVER) != 0
    return np.where(shoots & covered & (state.ride[rows, targets] < 0), hit // 2, hit)


def _kills(world: World, state: State, targets: Flat, rows: Flat, weapon: NDArray[Any]) -> Bools:
    """Whether a hit falls on a person who lies there, or would leave one without health by a lethal weapon, [n]."""
    status, roster = state.status[rows, targets], world.roster
    last = roster.lethal[weapon] & (state.health[rows, targets] <= roster.damage[weapon])
    last &= (status == Status.WELL.value) & ~world.trait(Trait.MACHINE)[targets]
    return last | (status == Status.DOWN.value)


def has_witnesses(world: World) -> bool:
    """Whether anybody in the world would shrink from killing before somebody's eyes."""
    return bool(world.trait(Trait.CONSCIENCE).any() and world.trait(Trait.WITNESS).any())


def barred(world: World, state: State, rows: Flat, slots: Flat, targets: Flat) -> Bools:
    """Whose conscience bars the killing blow, because a witness sees the victim, [n]."""
    shrinks = world.trait(Trait.CONSCIENCE)[slots] & world.derive(has_witnesses)
    at = shrinks.nonzero()[0]
    if len(at):
        witness = np.flatnonzero(world.trait(Trait.WITNESS))
        table = world.sight.pick(dark_mask(world, state.door)[rows[at]])
        eyes, goal = state.node[rows[at]][:, witness], state.node[rows[at], targets[at]]
        sees = world.sight.sees(table[:, None], eyes, goal[:, None])
        sees &= (state.status[rows[at]][:, witness] == Status.WELL.value) & (witness != targets[at][:, None])
        shrinks[at] = np.any(sees & (witness != slots[at][:, None]), axis=1)
    return shrinks


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


def _hurt(world: World, state: State, draws: Draws, rows: Flat, slots: Flat, targets: Flat, weapon: Flat) -> State:
    """What the hits do to the bodies hit."""
    roster, before = world.roster, state
    damage = roster.damage[weapon]
    marks = state.marks.copy("K")
    marks[rows, slots] |= np.uint16(Mark.HIT)
    blasts = world.derive(has_blasts)
    if blasts:
        shot, victims = around(world, state, draws, rows, slots, targets, weapon)
        if len(shot):
            damage = np.concatenate([damage, damage[shot] // 2])
            rows, slots = np.concatenate([rows, rows[shot]]), np.concatenate([slots, slots[shot]])
            targets, weapon = np.concatenate([targets, victims]), np.concatenate([weapon, weapon[shot]])

    shape = state.node.shape
    total, stagger = batch_last(shape, np.int32), batch_last(shape, np.int8)
    deadly, hurt = batch_last(shape, np.bool_), batch_last(shape, np.bool_)
    np.add.at(total, (rows, targets), damage)
    np.maximum.at(stagger, (rows, targets), roster.stagger[weapon])
    hurt[rows, targets] = True
    merciful = state.spare[rows, slots] | barred(world, state, rows, slots, targets)
    lethal = roster.lethal[weapon] & ~merciful
    deadly[rows[lethal], targets[lethal]] = True
    effect = roster.effect[weapon]
    poly = world.derive(_poly)[targets]
    splashed = (effect == Effect.BULLET.value) & poly
    marks[rows[splashed], targets[splashed]] |= np.uint16(Mark.SPLASHED)
    torn = None
    cut = ((effect == Effect.BLADE.value) | (effect == Effect.BLAST.value)) & poly
    if some(cut):
        torn = batch_last(shape, np.bool_)
        torn[rows[cut], targets[cut]] = True

    columns = suffer(world, state.evolve(marks=marks), hurt, total, deadly, stagger, torn)
    samples = (effect == Effect.BLADE.value) & world.trait(Trait.MORPHS)[slots] & ~world.trait(Trait.MACHINE)[targets]
    if some(samples):
        sampled = state.sampled.copy("K")
        sampled[rows[samples], targets[samples]] = True
        columns["sampled"] = sampled
    columns |= _tally(state, columns["status"], rows, slots, targets, lethal, roster.lethal[weapon] & merciful)
    state = state.evolve(**columns)
    if blasts:
        at = (effect == Effect.BLAST.value).nonzero()[0]
        if len(at):
            return knock(world, state, before, rows[at], slots[at], targets[at])
    return state


def _tally(
    state: State, status: NDArray[Any], rows: Flat, slots: Flat, targets: Flat, lethal: Bools, held_back: Bools
) -> dict[str, NDArray[Any]]:
    """Lives taken and spared, each once for every attacker who had a part in it."""
    changed = status[rows, targets] != state.status[rows, targets]
    if not some(changed):
        return {}
    died = changed & (status[rows, targets] == Status.DEAD.value) & lethal
    left = changed & (status[rows, targets] == Status.DOWN.value) & held_back
    columns: dict[str, NDArray[Any]] = {}
    for name, which in (("taken", died), ("spared", left)):
        if some(which):
            deeds = np.unique(np.stack([rows[which], slots[which], targets[which]]), axis=1)
            columns[name] = getattr(state, name).copy("K")
            np.add.at(columns[name], (deeds[0], deeds[1]), 1)
    return columns


def _poly(world: World) -> Bools:
    return world.trait(Trait.POLY)
