"""Phases obey and morph: what may be chosen, and the change of guise."""

from __future__ import annotations

from dataclasses import replace

from pursuit.core.roster import Trait
from pursuit.core.state import Mark, Order, Refusal, Verb

from .custody import FREE
from .episode import Action
from .scruple import is_charge
from .table import Turn

IDLE = Action(goal=-1, gait=2, toward=-1, verb=Verb.WAIT, object=-1, order=Order.NONE, order_object=-1)


def obey(t: Turn) -> None:
    """Standing orders, then what is illegal becomes *wait*."""
    t.actions = [_obeyed(t, agent) for agent in t.agents]


def _obeyed(t: Turn, agent: int) -> Action:
    now, book = t.now, t.book
    if not t.able[agent]:
        t.seen["not able"] += 1
        return IDLE
    action = _ordered(t, agent)
    if action.goal != -1 and not 0 <= action.goal < book.num_nodes:
        t.refuse(agent, Refusal.GOAL)
        action = replace(action, goal=-1)
    why = illegal(t, agent, action)
    if why != Refusal.NONE:
        t.refuse(agent, why)
        action = replace(action, verb=Verb.WAIT)
    if max(now.guise[agent], now.pending[agent]) >= book.num_agents:
        t.seen["wears an object"] += 1
        still = action.verb in (Verb.MORPH, Verb.WAIT)
        if action.goal != -1 or not still:
            t.refuse(agent, Refusal.STILL)
            action = replace(action, goal=-1, verb=action.verb if still else Verb.WAIT)
    if action.verb == Verb.MORPH and action.goal != -1:
        t.seen["changer told to walk"] += 1
        action = replace(action, goal=-1)
    if now.captor[agent] >= 0:
        t.seen["held fast"] += 1
        if action.goal != -1 or action.verb not in FREE:
            t.refuse(agent, Refusal.HELD, part="goal")
        action = replace(action, goal=-1, verb=action.verb if action.verb in FREE else Verb.WAIT)
    return action


def _ordered(t: Turn, agent: int) -> Action:
    """The standing orders that the rules carry out themselves."""
    now, action = t.now, t.actions[agent]
    goal = action.goal
    if now.cue[agent] != -1:
        t.seen["a cue outranks the order"] += now.order[agent] in (Order.HOLD, Order.GO)
        return action
    if now.order[agent] == Order.HOLD:
        t.seen["order HOLD works"] += 1
        goal = -1
    elif now.order[agent] == Order.GO:
        there = now.node[agent] == now.order_object[agent]
        t.seen["order GO, there" if there else "order GO works"] += 1
        goal = -1 if there else now.order_object[agent]
    return action if goal == action.goal else replace(action, goal=goal, toward=-1)


def illegal(t: Turn, agent: int, action: Action) -> Refusal:
    """Why the agent may not choose the verb; NONE if it may."""
    now, book = t.now, t.book
    verb, thing = action.verb, action.object
    riding, driving = not t.on_foot(agent), t.drives(agent)
    is_guise = 0 <= thing < book.num_guises
    is_other = 0 <= thing < book.num_agents and thing != agent
    is_item = 0 <= thing < book.num_items
    is_vehicle = 0 <= thing < book.num_vehicles
    is_door = 0 <= thing < book.num_doors

    tests: list[tuple[bool, Refusal]]
    if verb == Verb.WAIT:
        tests = []
    elif verb == Verb.MORPH:
        tests = [
            (not book.has(agent, Trait.MORPHS), Refusal.TRAIT),
            (not is_guise, Refusal.OBJECT),
            (is_guise and not now.sampled[thing] and thing != agent, Refusal.UNKNOWN_GUISE),
            (thing == now.guise[agent], Refusal.ALREADY),
            (riding, Refusal.RIDING),
        ]
    elif verb == Verb.SAMPLE:
        item = thing - book.num_agents
        tests = [
            (not book.has(agent, Trait.MORPHS), Refusal.TRAIT),
            (not is_guise, Refusal.OBJECT),
            (thing == agent, Refusal.OBJECT),
            (0 <= item < book.num_items and not book.item_simple[item], Refusal.COMPLEX),
        ]
    elif verb in (Verb.GRAB, Verb.MOUNT):
        tests = [(not is_vehicle, Refusal.OBJECT), (riding, Refusal.RIDING)]
    elif verb == Verb.STRIKE:
        tests = [(not is_other, Refusal.OBJECT), (driving, Refusal.DRIVING)]
    elif verb == Verb.SHOOT:
        tests = [
            (not book.has(agent, Trait.SHOOTS), Refusal.TRAIT),
            (not is_other, Refusal.OBJECT),
            (driving, Refusal.DRIVING),
            (loaded_gun(t, agent) is None, Refusal.NO_GUN),
        ]
    elif verb in (Verb.OPEN, Verb.SHUT):
        tests = [(not is_door, Refusal.OBJECT), (riding, Refusal.RIDING)]
    elif verb == Verb.FORCE:
        tests = [
            (not book.has(agent, Trait.STRONG), Refusal.TRAIT),
            (not is_door, Refusal.OBJECT),
            (riding, Refusal.RIDING),
        ]
    elif verb == Verb.TAKE:
        tests = [(not is_item, Refusal.OBJECT), (riding, Refusal.RIDING)]
    elif verb == Verb.DROP:
        tests = [(not is_item, Refusal.OBJECT)]
    elif verb == Verb.THROW:
        tests = [(not is_item, Refusal.OBJECT), (not 0 <= action.order_object < book.num_nodes, Refusal.OBJECT)]
    elif verb in (Verb.PULL, Verb.ALARM):
        tests = [(riding, Refusal.RIDING)]
    elif verb == Verb.PICK:
        tests = [
            (not book.has(agent, Trait.PICKS), Refusal.TRAIT),
            (not is_door, Refusal.OBJECT),
            (riding, Refusal.RIDING),
        ]
    elif verb == Verb.UNLOCK:
        keys = [item for item, holder in enumerate(now.holder) if holder == agent]
        tests = [
            (not is_door, Refusal.OBJECT),
            (riding, Refusal.RIDING),
            (is_door and not any(book.item_opens[item][thing] for item in keys), Refusal.NO_KEY),
        ]
    elif verb == Verb.SEIZE:
        tests = [
            (not book.has(agent, Trait.SEIZES), Refusal.TRAIT),
            (not is_other, Refusal.OBJECT),
            (riding, Refusal.RIDING),
        ]
    elif verb == Verb.LOWER:
        tests = [(not is_other, Refusal.OBJECT), (riding, Refusal.RIDING)]
    elif verb == Verb.DISMOUNT:
        tests = [(not riding, Refusal.NOT_RIDING)]
    elif verb in (Verb.CHALLENGE, Verb.PERSUADE, Verb.TELL):
        tests = [(not is_other, Refusal.OBJECT)]
    elif verb == Verb.ARM:
        tests = [(not is_item or not is_charge(t, thing), Refusal.OBJECT), (riding, Refusal.RIDING)]
    elif verb == Verb.DETONATE:
        tests = [(now.fuse[agent] < 0, Refusal.NO_TRIGGER)]
    elif verb == Verb.RELOAD:
        gun = is_item and book.item_weapon[thing] >= 0 and book.world.roster.rounds[book.item_weapon[thing]] > 0
        tests = [
            (not is_item, Refusal.OBJECT),
            (not gun or now.holder[thing] != agent, Refusal.NO_GUN),
        ]
    elif verb == Verb.ORDER:
        commanded = is_other and book.has(thing, Trait.COMMANDED) and book.side[thing] == book.side[agent]
        tests = [
            (not book.has(agent, Trait.COMMANDS), Refusal.TRAIT),
            (not is_other, Refusal.OBJECT),
            (not commanded, Refusal.NOT_COMMANDED),
            (not _is_order(t, action), Refusal.ORDER),
        ]
    else:
        tests = [(True, Refusal.VERB)]
    return next((why for failed, why in tests if failed), Refusal.NONE)


def _is_order(t: Turn, action: Action) -> bool:
    """An order with an object it can have."""
    book, thing = t.book, action.order_object
    if action.order in (Order.FOLLOW, Order.GUARD):
        return 0 <= thing < book.num_guises
    if action.order == Order.FETCH:
        return 0 <= thing < book.num_items
    if action.order == Order.GO:
        return 0 <= thing < book.num_nodes
    return action.order in (Order.FREE, Order.HOLD, Order.SPARE, Order.FREE_FIRE)


def loaded_gun(t: Turn, agent: int) -> int | None:
    """The item that the agent would shoot with."""
    for item in range(t.book.num_items):
        if t.now.holder[item] == agent and t.book.item_weapon[item] >= 0 and t.now.ammo[item] > 0:
            return item
    return None


def morph(t: Turn) -> None:
    """The change chosen last turn takes effect; one chosen now waits for the next."""
    now = t.now
    for agent in t.agents:
        if now.pending[agent] < 0:
            continue
        if t.able[agent]:
            t.seen["changed"] += 1
            now.guise[agent] = now.pending[agent]
            t.mark(agent, Mark.CHANGED)
        else:
            t.seen["change lost at morph"] += 1
        now.pending[agent] = -1
    for agent in t.agents:
        if t.actions[agent].verb == Verb.MORPH:
            now.pending[agent] = t.actions[agent].object
            t.done(agent)
