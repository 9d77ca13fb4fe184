"""Phases touch, strike and recover."""

from __future__ import annotations

from dataclasses import dataclass

from pursuit.core.rng import Stream
from pursuit.core.roster import Effect, Trait
from pursuit.core.state import Mark, Refusal, Status, Verb

from .choice import loaded_gun
from .table import Turn, Weapon


def touch(t: Turn) -> None:
    """Sampling and catching hold, all on the state at the start of the phase."""
    ride, vehicle_node = list(t.now.ride), list(t.now.vehicle_node)
    for agent in t.agents:
        if t.actions[agent].verb == Verb.SAMPLE:
            _sample(t, agent)
        elif t.actions[agent].verb == Verb.GRAB:
            _grab(t, agent, ride, vehicle_node)


def _sample(t: Turn, agent: int) -> None:
    now, book = t.now, t.book
    guise = t.actions[agent].object
    if guise < book.num_agents:
        kind = "agent"
        reached = now.met[agent][guise] and not book.has(guise, Trait.MACHINE)
        if now.met[agent][guise] and not reached:
            t.seen["sample of a machine"] += 1
    else:
        kind = "item"
        item = guise - book.num_agents
        reached = now.item_node[item] == now.node[agent] or now.holder[item] == agent
    if not reached:
        t.refuse(agent, Refusal.TOO_FAR)
        return
    t.seen[f"sampled an {kind}"] += 1
    now.sampled[guise] = True
    t.done(agent)


def _grab(t: Turn, agent: int, ride: list[int], vehicle_node: list[int]) -> None:
    now, vehicle = t.now, t.actions[agent].object
    here = vehicle_node[vehicle] == now.node[agent]
    met_rider = any(ride[other] == vehicle and now.met[agent][other] for other in t.agents)
    if not here and not met_rider:
        t.refuse(agent, Refusal.TOO_FAR)
        return
    t.seen["grabbed here" if here else "grabbed in passing"] += 1
    now.ride[agent], now.seat[agent] = vehicle, -1
    now.node[agent] = vehicle_node[vehicle]
    t.done(agent)


@dataclass(frozen=True)
class Blow:
    """One strike or shot."""

    attacker: int
    target: int
    weapon: Weapon
    shot: bool
    hit: bool


def strike(t: Turn) -> None:
    """All strikes at once: the killed still strike."""
    now = t.now
    blows = [blow for agent in t.agents if (blow := _blow(t, agent)) is not None]
    was_well = [t.well(agent) for agent in t.agents]
    for target in t.agents:
        hits = [blow for blow in blows if blow.target == target and blow.hit]
        if len(hits) > 1:
            t.seen["hit by several"] += 1
        if hits:
            _suffer(t, target, hits)
    for blow in blows:
        if was_well[blow.attacker] and not t.well(blow.attacker):
            t.seen["struck and was felled"] += 1
    for agent in t.agents:
        fell = was_well[agent] and not t.well(agent)
        if fell:
            t.mark(agent, Mark.FELL)
        if fell and not t.on_foot(agent):
            t.seen["fell off" if now.seat[agent] < 0 else "fell out of a seat"] += 1
            t.fall_off(agent)
            now.leftover[agent] = 0


def _blow(t: Turn, agent: int) -> Blow | None:
    """The attack of one agent, with everything it does but the harm."""
    now, book, action = t.now, t.book, t.actions[agent]
    if action.verb not in (Verb.STRIKE, Verb.SHOOT):
        return None
    target, shot = action.object, action.verb == Verb.SHOOT
    cover = False
    if shot:
        gun = loaded_gun(t, agent)
        assert gun is not None
        weapon = book.weapons[book.item_weapon[gun]]
        apart = book.decimetres_squared(now.node[agent], now.node[target])
        visible = t.sees(now.node[agent], now.node[target])
        near = apart <= (weapon.reach * 10) ** 2
        if t.present(target):
            t.seen[f"shot {'seen' if visible else 'unseen'}, {'near' if near else 'far'}"] += 1
        if not t.present(target) or not visible or not near:
            t.refuse(agent, Refusal.TOO_FAR)
            return None
        now.ammo[gun] -= 1
        t.mark(agent, Mark.FIRED)
        cover = book.cover[now.node[target]] and t.on_foot(target)
    else:
        weapon = book.weapons[book.melee[agent]]
        if not t.present(target) or not now.met[agent][target]:
            t.refuse(agent, Refusal.TOO_FAR)
            return None
    t.done(agent)
    t.loud(agent, weapon.noise)
    if weapon.effect == Effect.BLADE:
        t.mark(agent, Mark.BLADED)
    if cover:
        t.seen["shot at cover"] += 1
    odds = weapon.hit // 2 if cover else weapon.hit
    hit = t.draw(Stream.HIT, agent, 1000) < odds
    t.seen[f"{Verb(action.verb).name} {'hits' if hit else 'misses'}"] += 1
    if hit:
        t.mark(agent, Mark.HIT)
        t.mark(target, Mark.HURT)
        if weapon.effect == Effect.BULLET and book.has(target, Trait.POLY):
            t.seen["splashed"] += 1
            t.mark(target, Mark.SPLASHED)
        if weapon.effect == Effect.BLADE and not book.has(target, Trait.MACHINE) and book.has(agent, Trait.MORPHS):
            t.seen["sampled by blade"] += 1
            now.sampled[target] = True
    return Blow(agent, target, weapon, shot, hit)


def _suffer(t: Turn, target: int, hits: list[Blow]) -> None:
    """What the hits of the turn do to one agent."""
    now, book = t.now, t.book
    now.health[target] = max(0, now.health[target] - sum(blow.weapon.damage for blow in hits))
    given = 0
    if now.health[target] == 0:
        if not book.has(target, Trait.MACHINE):
            lethal = [blow for blow in hits if blow.weapon.lethal]
            if any(not now.spare[blow.attacker] for blow in lethal):
                t.seen["dead" if t.well(target) else "dead, was not well"] += 1
                now.status[target] = Status.DEAD
            elif t.well(target):
                t.seen["down, spared" if lethal else "down"] += 1
                now.status[target] = Status.DOWN
            else:
                t.seen["hit while lying"] += 1
        elif not book.has(target, Trait.POLY):
            t.seen["offline" if t.well(target) else "hit while offline"] += 1
            now.status[target] = Status.OFFLINE
        else:
            t.seen["split"] += 1
            given = book.world.numbers.split_turns
            t.mark(target, Mark.FELL)
    if t.well(target):
        if book.has(target, Trait.STURDY):
            t.seen["sturdy stands"] += 1
        else:
            given = max(given, *(blow.weapon.stagger for blow in hits), 0)
        now.stagger[target] = max(now.stagger[target], given)
    if given > 0:
        t.seen["staggered"] += 1
    if given > 0 or not t.well(target):
        if now.pending[target] >= 0:
            t.seen["change lost by a hit"] += 1
        now.pending[target] = -1
    if given > 0 and not t.on_foot(target) and now.seat[target] < 0:
        t.seen["shaken off"] += 1
        t.fall_off(target)
        now.leftover[target] = 0


def recover(t: Turn) -> None:
    """Stagger runs out, machines heal."""
    now, book = t.now, t.book
    for agent in t.agents:
        if now.stagger[agent] > 0:
            struck = now.marks[agent] & Mark.HURT
            t.seen["stagger stays" if struck else "stagger falls"] += 1
            now.stagger[agent] -= 0 if struck else 1
        gone = now.status[agent] in (Status.DEAD, Status.OFFLINE) or not t.present(agent)
        hurt = now.health[agent] < book.health[agent]
        if book.heals[agent] > 0 and hurt and not gone:
            machine = book.has(agent, Trait.MACHINE)
            t.seen["healed" if machine else "persons do not heal"] += 1
            if not machine:
                continue
            now.health[agent] = min(book.health[agent], now.health[agent] + book.heals[agent])
