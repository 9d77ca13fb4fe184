"""Which verbs are open to whom, by trait and gear: the table of rules 3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.core.roster import Trait
from pursuit.core.state import Actions, Order, Refusal, State, Status, Verb
from pursuit.core.world import World
from pursuit.rules.charges import charges
from pursuit.rules.common import Bools, Flat
from pursuit.rules.locks import has_key

NEEDS: dict[Verb, Trait] = {
    Verb.MORPH: Trait.MORPHS,
    Verb.SAMPLE: Trait.MORPHS,
    Verb.SHOOT: Trait.SHOOTS,
    Verb.FORCE: Trait.STRONG,
    Verb.PICK: Trait.PICKS,
    Verb.SEIZE: Trait.SEIZES,
    Verb.ORDER: Trait.COMMANDS,
}
"""The trait a verb needs; the others are open to all."""

ON_FOOT = (
    Verb.GRAB, Verb.OPEN, Verb.SHUT, Verb.FORCE, Verb.TAKE, Verb.MOUNT, Verb.PULL, Verb.LOWER, Verb.PICK, Verb.UNLOCK,
    Verb.SEIZE, Verb.ALARM, Verb.ARM,
)  # fmt: skip
ON_ITEM = (Verb.TAKE, Verb.DROP, Verb.THROW, Verb.ARM, Verb.RELOAD)
ON_DOOR = (Verb.OPEN, Verb.SHUT, Verb.FORCE, Verb.PICK, Verb.UNLOCK)
ON_AGENT = (
    Verb.STRIKE, Verb.SHOOT, Verb.CHALLENGE, Verb.ORDER, Verb.LOWER, Verb.SEIZE, Verb.PERSUADE, Verb.TELL,
)  # fmt: skip

_TRAIT_OF = np.zeros(len(Verb), np.uint32)
for _verb, _trait in NEEDS.items():
    _TRAIT_OF[_verb] = _trait
_IS_ON_FOOT = np.isin(np.arange(len(Verb)), ON_FOOT)
_IS_ON_AGENT = np.isin(np.arange(len(Verb)), ON_AGENT)
_ALL_VERBS = np.uint32((1 << len(Verb)) - 1)


def _limits(world: World) -> NDArray[np.int64]:
    """How many objects each verb has to choose from, [verbs]; -1 where it takes none."""
    limits = np.full(len(Verb), -1, np.int64)
    limits[[Verb.MORPH, Verb.SAMPLE]] = world.num_guises
    limits[list(ON_AGENT)] = world.num_agents
    limits[[Verb.GRAB, Verb.MOUNT]] = world.num_vehicles
    limits[list(ON_DOOR)] = world.board.num_doors
    limits[list(ON_ITEM)] = world.num_items
    return limits


def _by_trait(world: World) -> NDArray[np.uint32]:
    """Verbs that the kind leaves open, [A] bit masks."""
    mask = np.full(world.num_agents, _ALL_VERBS, np.uint32)
    for verb, trait in NEEDS.items():
        mask[~world.trait(trait)] &= ~np.uint32(1 << verb)
    return mask


def guns(world: World, state: State, rows: Flat, slots: Flat) -> NDArray[np.intp]:
    """The loaded gun of lowest index that each of the agents holds, [n]; -1 for none."""
    if not world.num_items:
        return np.full(len(rows), -1, np.intp)
    loaded = (state.holder[rows] == slots[:, None]) & (world.item_weapon >= 0) & (state.ammo[rows] > 0)
    return np.where(loaded.any(axis=1), loaded.argmax(axis=1), -1)


def armed(world: World, state: State) -> Bools:
    """Who holds a loaded gun, [B, A]."""
    hands = np.zeros(state.node.shape, np.bool_)
    for item in np.flatnonzero(world.item_weapon >= 0):
        held = np.flatnonzero((state.holder[:, item] >= 0) & (state.ammo[:, item] > 0))
        hands[held, state.holder[held, item]] = True
    return hands


def could(world: World, state: State) -> NDArray[np.uint32]:
    """Bit masks [B, A] of the verbs (1 << Verb) that trait and gear leave open now; 0 for who is not well.

    A set bit does not promise that some object is in reach: that is for the phase to say.
    """
    mask = np.full(state.node.shape, _ALL_VERBS, np.uint32)
    mask &= world.derive(_by_trait)
    riding = state.ride >= 0
    feet = np.uint32(sum(1 << v for v in (*ON_FOOT, Verb.MORPH)))
    mask &= np.where(riding, ~feet, ~np.uint32(1 << Verb.DISMOUNT.value))
    mask &= np.where(riding & (state.seat == 0), ~np.uint32(1 << Verb.STRIKE.value | 1 << Verb.SHOOT.value), _ALL_VERBS)
    mask &= np.where(armed(world, state), _ALL_VERBS, ~np.uint32(1 << Verb.SHOOT.value))
    return np.where(state.status == Status.WELL.value, mask, np.uint32(0))


def reasons(world: World, state: State, actions: Actions, rows: Flat, slots: Flat) -> NDArray[np.int8]:
    """Why each verb of the listed agents is refused, [n], Refusal.NONE where it is not."""
    verb = actions.verb[rows, slots]
    known = (verb >= 0) & (verb < len(Verb))
    verb = np.where(known, verb, Verb.WAIT)
    thing = actions.object[rows, slots]
    limit = world.derive(_limits)[verb]
    need = _TRAIT_OF[verb]
    traits = world.roster.traits[world.kind[slots]]
    outside = (limit >= 0) & ((thing < 0) | (thing >= limit))
    itself = (thing == slots) & (_IS_ON_AGENT[verb] | (verb == Verb.SAMPLE.value))
    reason = np.where(_IS_ON_FOOT[verb] & (state.ride[rows, slots] >= 0), np.int8(Refusal.RIDING), np.int8(0))
    for chosen in np.bincount(verb).nonzero()[0].tolist():
        if chosen in _SPECIAL:
            at = ((verb == chosen) & ~outside & ~itself).nonzero()[0]
            reason[at] = _SPECIAL[chosen](world, state, actions, rows[at], slots[at], thing[at])
    reason = np.where(outside | itself, np.int8(Refusal.OBJECT), reason)
    reason = np.where((traits & need) != need, np.int8(Refusal.TRAIT), reason)
    return np.where(known, reason, np.int8(Refusal.VERB))


def _first(*tests: tuple[Any, Refusal]) -> NDArray[np.int8]:
    """The refusal of the first test that holds, element by element."""
    reason = np.zeros(len(tests[0][0]), np.int8)
    for failed, refusal in reversed(tests):
        reason = np.where(failed, np.int8(refusal), reason)
    return reason


def _morph(w: World, s: State, _: Actions, rows: Flat, slots: Flat, guise: NDArray[Any]) -> NDArray[np.int8]:
    return _first(
        (~s.sampled[rows, guise] & (guise != slots), Refusal.UNKNOWN_GUISE),
        (guise == s.guise[rows, slots], Refusal.ALREADY),
        (s.ride[rows, slots] >= 0, Refusal.RIDING),
    )


def _sample(w: World, s: State, _: Actions, rows: Flat, slots: Flat, guise: NDArray[Any]) -> NDArray[np.int8]:
    simple = np.concatenate([np.ones(w.num_agents, np.bool_), w.item_simple])
    return _first((~simple[guise], Refusal.COMPLEX))


def _strike(w: World, s: State, _: Actions, rows: Flat, slots: Flat, target: NDArray[Any]) -> NDArray[np.int8]:
    return _first((s.seat[rows, slots] == 0, Refusal.DRIVING))


def _shoot(w: World, s: State, a: Actions, rows: Flat, slots: Flat, target: NDArray[Any]) -> NDArray[np.int8]:
    return _first((s.seat[rows, slots] == 0, Refusal.DRIVING), (guns(w, s, rows, slots) < 0, Refusal.NO_GUN))


def _dismount(w: World, s: State, _: Actions, rows: Flat, slots: Flat, __: NDArray[Any]) -> NDArray[np.int8]:
    return _first((s.ride[rows, slots] < 0, Refusal.NOT_RIDING))


def _order(w: World, s: State, a: Actions, rows: Flat, slots: Flat, target: NDArray[Any]) -> NDArray[np.int8]:
    order, thing = a.order[rows, slots], a.order_object[rows, slots]
    limits = np.zeros(len(Order), np.int64)
    limits[[Order.FOLLOW, Order.GUARD]] = w.num_guises
    limits[Order.FETCH] = w.num_items
    limits[Order.GO] = w.board.num_nodes
    known = (order > Order.NONE.value) & (order < len(Order))
    limit = limits[np.where(known, order, 0)]
    needs_object = np.isin(order, (Order.FOLLOW, Order.GUARD, Order.FETCH, Order.GO))
    stranger = ~w.trait(Trait.COMMANDED)[target] | (w.side[target] != w.side[slots])
    return _first(
        (stranger, Refusal.NOT_COMMANDED),
        (~known | (needs_object & ((thing < 0) | (thing >= limit))), Refusal.ORDER),
    )


def _throw(w: World, s: State, a: Actions, rows: Flat, slots: Flat, _: NDArray[Any]) -> NDArray[np.int8]:
    node = a.order_object[rows, slots]
    return _first(((node < 0) | (node >= w.board.num_nodes), Refusal.OBJECT))


def _unlock(w: World, s: State, a: Actions, rows: Flat, slots: Flat, door: NDArray[Any]) -> NDArray[np.int8]:
    return _first(
        (s.ride[rows, slots] >= 0, Refusal.RIDING),
        (~has_key(w, s, rows, slots, door), Refusal.NO_KEY),
    )


def _arm(w: World, s: State, a: Actions, rows: Flat, slots: Flat, item: NDArray[Any]) -> NDArray[np.int8]:
    return _first((~w.derive(charges)[item], Refusal.OBJECT), (s.ride[rows, slots] >= 0, Refusal.RIDING))


def _detonate(w: World, s: State, a: Actions, rows: Flat, slots: Flat, _: NDArray[Any]) -> NDArray[np.int8]:
    return _first((s.fuse[rows, slots] < 0, Refusal.NO_TRIGGER))


def _reload(w: World, s: State, a: Actions, rows: Flat, slots: Flat, item: NDArray[Any]) -> NDArray[np.int8]:
    gun = (w.item_weapon[item] >= 0) & (w.roster.rounds[w.item_weapon[item]] > 0)
    return _first((~gun | (s.holder[rows, item] != slots), Refusal.NO_GUN))


_SPECIAL: dict[int, Callable[..., NDArray[np.int8]]] = {
    Verb.MORPH: _morph,
    Verb.SAMPLE: _sample,
    Verb.STRIKE: _strike,
    Verb.SHOOT: _shoot,
    Verb.DISMOUNT: _dismount,
    Verb.ORDER: _order,
    Verb.THROW: _throw,
    Verb.UNLOCK: _unlock,
    Verb.ARM: _arm,
    Verb.DETONATE: _detonate,
    Verb.RELOAD: _reload,
}
