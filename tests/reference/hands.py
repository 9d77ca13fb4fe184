"""Phase handle: doors, things, seats, challenges, orders."""

from __future__ import annotations

from pursuit.core.board import Door, Mode
from pursuit.core.rng import Stream
from pursuit.core.roster import Trait
from pursuit.core.state import Mark, Order, Refusal, Status, Verb

from .custody import alarm, locks, seizing
from .peril import lower, pull, throw
from .plot import plot
from .reach import link_minds, reaching, winner
from .scruple import last_part
from .table import Turn

LYING = (Status.DOWN, Status.DEAD, Status.OFFLINE)


def handle(t: Turn) -> None:
    """The verbs of the hands, kind by kind; each reads the state the former left."""
    _doors(t)
    _drop(t)
    _take(t)
    _dismount(t)
    _mount(t)
    _challenge(t)
    _order(t)
    throw(t)
    pull(t)
    lower(t)
    locks(t)
    seizing(t)
    alarm(t)
    plot(t)
    for vehicle in range(t.book.num_vehicles):
        if not any(t.now.ride[agent] == vehicle and t.drives(agent) for agent in t.agents):
            t.seen["a vehicle loses its driver and its leftover"] += t.now.vehicle_leftover[vehicle] > 0
            t.now.vehicle_leftover[vehicle] = 0


def _doors(t: Turn) -> None:
    now, book = t.now, t.book
    contests = reaching(
        t, (Verb.OPEN, Verb.SHUT, Verb.FORCE), lambda a: now.node[a] in book.door_nodes[t.actions[a].object]
    )
    for door, candidates in contests.items():
        agent = winner(t, candidates, Stream.DOOR)
        verb, state = t.actions[agent].verb, now.door[door]
        why = Refusal.NONE
        if verb == Verb.SHUT:
            if state != Door.OPEN:
                why = Refusal.ALREADY
        elif state == Door.OPEN:
            why = Refusal.ALREADY
        elif verb == Verb.FORCE and book.door_keys[door] > 1:
            t.seen["FORCE of a door with several keys"] += 1
            t.refuse(agent, Refusal.LOCKED)
            continue
        elif state == Door.BARRED or (state == Door.LOCKED and verb == Verb.OPEN):
            why = Refusal.LOCKED
        if why != Refusal.NONE:
            t.seen[f"{Verb(verb).name} of a door {Door(state).name} refused"] += 1
            t.refuse(agent, why)
            continue
        t.seen[f"{Verb(verb).name} of a door {Door(state).name}"] += 1
        now.door[door] = Door.SHUT if verb == Verb.SHUT else Door.OPEN
        if verb == Verb.FORCE:
            t.loud(agent, book.world.numbers.force_noise)
        t.done(agent)


def _drop(t: Turn) -> None:
    now = t.now
    for item, agents in reaching(t, (Verb.DROP,), lambda a: now.holder[t.actions[a].object] == a).items():
        now.holder[item], now.item_node[item] = -1, now.node[agents[0]]
        t.done(agents[0])


def _take(t: Turn) -> None:
    now = t.now

    def within_reach(agent: int) -> bool:
        item = t.actions[agent].object
        holder = now.holder[item]
        if holder >= 0:
            return now.status[holder] in LYING and now.node[holder] == now.node[agent]
        return now.item_node[item] == now.node[agent]

    for item, candidates in reaching(t, (Verb.TAKE,), within_reach).items():
        agent = winner(t, candidates, Stream.ITEM)
        t.seen["took from the ground" if now.holder[item] < 0 else "took from a body"] += 1
        t.seen["disarmed"] += now.armed[item]
        now.holder[item], now.item_node[item], now.armed[item] = agent, -1, False
        t.done(agent)


def _dismount(t: Turn) -> None:
    for agents in reaching(t, (Verb.DISMOUNT,), lambda a: True).values():
        for agent in agents:
            t.seen["let go" if t.now.seat[agent] < 0 else "left a seat"] += 1
            t.fall_off(agent)
            t.done(agent)


def _mount(t: Turn) -> None:
    now, book = t.now, t.book
    wanted = reaching(t, (Verb.MOUNT,), lambda a: now.vehicle_node[t.actions[a].object] == now.node[a])
    for vehicle, candidates in wanted.items():
        if len(candidates) > 1:
            t.seen["seat by draw"] += 1
            candidates = sorted(candidates, key=lambda a: (t.draw(Stream.SEAT, a, 1 << 32), a))
        for agent in candidates:
            seated = [a for a in t.agents if now.ride[a] == vehicle and now.seat[a] >= 0]
            if any(now.mind[a] != now.mind[agent] for a in seated):
                t.refuse(agent, Refusal.OCCUPIED)
                continue
            free = [s for s in range(book.ride_seats[vehicle]) if s not in [now.seat[a] for a in seated]]
            rides = book.ride_mode[vehicle] == Mode.MOTORCYCLE and book.has(agent, Trait.RIDES)
            if not book.has(agent, Trait.DRIVES) and not rides:
                free = [s for s in free if s != 0]
            if not free:
                t.refuse(agent, Refusal.FULL)
                continue
            t.seen["takes the wheel" if free[0] == 0 else "takes a seat"] += 1
            now.ride[agent], now.seat[agent], now.leftover[agent] = vehicle, free[0], 0
            t.done(agent)


def _challenge(t: Turn) -> None:
    now, book = t.now, t.book
    near = reaching(t, (Verb.CHALLENGE,), lambda a: t.well(t.actions[a].object) and t.talking(a, t.actions[a].object))
    for target, challengers in near.items():
        if len(challengers) > 1:
            t.seen["challenged by several"] += 1
        if now.guise[target] == target:
            t.seen["challenge: unmasked"] += 1
            passed = True
        else:
            passed = t.draw(Stream.BLUFF, target, 1000) < book.world.numbers.bluff
            t.seen["bluff passed" if passed else "bluff failed"] += 1
        t.mark(target, Mark.PASSED if passed else Mark.FAILED)
        for challenger in challengers:
            t.done(challenger)
    for agent in t.agents:
        target = t.actions[agent].object
        if agent not in near.get(target, []) or now.guise[target] != target or book.side[agent] != book.side[target]:
            continue
        if now.mind[agent] == now.mind[target]:
            t.seen["challenge of a mate"] += 1
            continue
        alone = now.mind.count(now.mind[target]) == 1
        t.seen["linked by challenge" if alone else "linked with mates by challenge"] += 1
        link_minds(t, agent, target)


def _order(t: Turn) -> None:
    now = t.now

    def heard(agent: int) -> bool:
        target = t.actions[agent].object
        return t.well(target) and (now.mind[target] == now.mind[agent] or t.talking(agent, target))

    for target, commanders in reaching(t, (Verb.ORDER,), heard).items():
        for agent in commanders[1:]:
            t.refuse(agent, Refusal.CONTESTED)
        agent = commanders[0]
        action = t.actions[agent]
        if action.order == Order.HOLD and last_part(t, target):
            t.refuse(agent, Refusal.UNWILLING)
            continue
        t.seen[f"order {Order(action.order).name}"] += 1
        if action.order in (Order.SPARE, Order.FREE_FIRE):
            now.spare[target] = action.order == Order.SPARE
        elif action.order == Order.FREE:
            now.order[target], now.order_object[target] = Order.NONE, -1
        else:
            now.order[target] = action.order
            now.order_object[target] = -1 if action.order == Order.HOLD else action.order_object
        t.done(agent)
