"""Phases touch, strike and recover."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pursuit.core.board import Door
from pursuit.core.rng import Stream
from pursuit.core.roster import Effect, Trait
from pursuit.core.state import Mark, Refusal, Status, Verb

from .choice import loaded_gun
from .custody import crimes, let_go
from .scruple import is_barred
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
    nodes, feet = list(now.node), [t.on_foot(agent) for agent in t.agents]
    aimed = [blow for agent in t.agents if (blow := _blow(t, agent)) is not None]
    blows = aimed + [other for blow in aimed if blow.hit for other in _blast(t, blow)]
    was = list(now.status)
    for target in t.agents:
        hits = [blow for blow in blows if blow.target == target and blow.hit]
        if len(hits) > 1:
            t.seen["hit by several"] += 1
        if hits:
            _suffer(t, target, hits, nodes, was)
    for blow in aimed:
        if was[blow.attacker] == Status.WELL and not t.well(blow.attacker):
            t.seen["struck and was felled"] += 1
    for agent in t.agents:
        t.fallen(agent, was[agent] == Status.WELL)
    for target in t.agents:
        blasts = [blow for blow in blows if blow.target == target and blow.hit and blow.weapon.effect == Effect.BLAST]
        if blasts and not feet[target]:
            t.seen["not knocked: rides"] += 1
        elif blasts and t.book.has(target, Trait.STURDY):
            t.seen["not knocked: sturdy"] += 1
        elif blasts:
            _knock(t, target, nodes[target], nodes[min(blow.attacker for blow in blasts)])
    crimes(t, [(blow.attacker, blow.target) for blow in aimed], nodes)


def _is_shamed(t: Turn, agent: int, target: int, weapon: Weapon) -> bool:
    """Whether somebody would strike a fallen one, or kill with this blow, before a witness."""
    now = t.now
    lies = now.status[target] == Status.DOWN
    person = now.status[target] == Status.WELL and not t.book.has(target, Trait.MACHINE)
    last = person and weapon.lethal and now.health[target] <= weapon.damage
    shamed = (lies or last) and is_barred(t, agent, target, now.node, now.status)
    t.seen["the last blow is withheld"] += shamed and last
    if shamed:
        t.refuse(agent, Refusal.WITNESSED)
    return shamed


def _blast(t: Turn, blow: Blow) -> list[Blow]:
    """Whom else a blow that hit catches."""
    now, book, weapon = t.now, t.book, blow.weapon
    if weapon.blast == 0:
        return []
    caught, center = [], now.node[blow.target]
    for victim in t.agents:
        near = book.decimetres_squared(center, now.node[victim]) <= (weapon.blast * 10) ** 2
        if victim == blow.target or not t.present(victim) or not near or not t.sees(center, now.node[victim]):
            continue
        if t.draw(Stream.BLAST, blow.attacker * book.num_agents + victim, 1000) < weapon.hit:
            t.seen["caught by a blast" if victim != blow.attacker else "caught by its own blast"] += 1
            t.mark(victim, Mark.HURT)
            caught.append(replace(blow, target=victim, weapon=replace(weapon, damage=weapon.damage // 2)))
        else:
            t.seen["missed by a blast"] += 1
    return caught


def _knock(t: Turn, target: int, here: int, source: int) -> None:
    """One hop away from where the blast came from."""
    now, book = t.now, t.book
    slips = book.has(target, Trait.SLIPS_BARS)
    best, most = -1, book.decimetres_squared(source, here)
    for slot in range(1, book.degree[here]):
        there, door = book.neighbor[here][slot], book.edge_door[here][slot]
        walkable = book.on_foot[here][slot] and (slips or not book.barred[here][slot])
        if walkable and (door < 0 or now.door[door] == Door.OPEN):
            away = book.decimetres_squared(source, there)
            if away > most:
                best, most = there, away
    if best < 0:
        t.seen["not knocked: nowhere to go"] += 1
        return
    t.seen["knocked"] += 1
    now.node[target] = best
    t.mark(target, Mark.KNOCKED)


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
        if _is_shamed(t, agent, target, weapon):
            return None
        now.ammo[gun] -= 1
        t.mark(agent, Mark.FIRED)
        cover = book.cover[now.node[target]] and t.on_foot(target)
    else:
        weapon = book.weapons[book.melee[agent]]
        if not t.present(target) or not now.met[agent][target]:
            t.refuse(agent, Refusal.TOO_FAR)
            return None
        if _is_shamed(t, agent, target, weapon):
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


def _suffer(t: Turn, target: int, hits: list[Blow], nodes: list[int], was_all: list[int]) -> None:
    """What the hits of the turn do to one agent."""
    now, was = t.now, t.now.status[target]
    lethal = [blow for blow in hits if blow.weapon.lethal]
    barred = {blow.attacker for blow in lethal if is_barred(t, blow.attacker, target, nodes, was_all)}
    t.seen["a killing blow is barred"] += bool(barred)
    killers = sorted({b.attacker for b in lethal if not now.spare[b.attacker] and b.attacker not in barred})
    merciful = sorted({blow.attacker for blow in lethal if now.spare[blow.attacker] or blow.attacker in barred})
    points, stagger = sum(blow.weapon.damage for blow in hits), max(blow.weapon.stagger for blow in hits)
    torn = any(blow.weapon.effect in (Effect.BLADE, Effect.BLAST) for blow in hits)
    wound(t, target, points, lethal=bool(killers), stagger=stagger, torn=torn)
    if now.status[target] == Status.DEAD != was:
        for killer in killers:
            t.seen["took a life"] += 1
            now.taken[killer] += 1
    if now.status[target] == Status.DOWN != was:
        for attacker in merciful:
            t.seen["spared a life"] += 1
            now.spared[attacker] += 1


def wound(t: Turn, target: int, points: int, *, lethal: bool, stagger: int, torn: bool) -> None:
    """What harm does to a body; who falls out of a seat is seen to by `Turn.fallen`."""
    now, book = t.now, t.book
    now.health[target] = max(0, now.health[target] - points)
    spent, given = now.health[target] == 0, 0
    if not book.has(target, Trait.MACHINE):
        if spent and lethal:
            t.seen["dead" if t.well(target) else "dead, was not well"] += 1
            now.status[target] = Status.DEAD
        elif spent and t.well(target):
            t.seen["down"] += 1
            now.status[target] = Status.DOWN
        elif spent:
            t.seen["hit while lying"] += 1
    elif not book.has(target, Trait.POLY):
        if spent:
            t.seen["offline" if t.well(target) else "hit while offline"] += 1
            now.status[target] = Status.OFFLINE if t.well(target) else now.status[target]
    elif (spent or torn) and t.well(target):
        t.seen["split" if spent else "torn open"] += 1
        given = book.world.numbers.split_turns
        t.mark(target, Mark.FELL)
    if t.well(target):
        if book.has(target, Trait.STURDY):
            t.seen["sturdy stands"] += 1
        else:
            given = max(given, stagger)
        if given > 0:
            t.seen["staggered"] += 1
        given = given if given > now.stagger[target] else 0
        now.stagger[target] = max(now.stagger[target], given)
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
    let_go(t)
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
    for agent in t.agents:
        if now.status[agent] == Status.OFFLINE and now.backup[agent] > 0:
            now.backup[agent] -= 1
            t.seen["backup power counts"] += 1
            if now.backup[agent] == 0:
                t.seen["restarted"] += 1
                now.backup[agent], now.status[agent], now.stagger[agent] = -1, int(Status.WELL), 0
                now.health[agent] = max(1, book.health[agent] * book.world.numbers.backup_health // 1000)
                t.mark(agent, Mark.RESTARTED)
