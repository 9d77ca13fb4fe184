"""What happened in a turn, read from the difference of two states and the cause columns.

Batch play never calls this; a story, a replay or a viewer asks for the rows it shows. Events come in the order of
the phases that made them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from pursuit.core.board import Door, Mode
from pursuit.core.roster import Effect, Trait
from pursuit.core.script import Do
from pursuit.core.state import Gait, Mark, Order, Refusal, State, Status, Verb
from pursuit.core.world import World
from pursuit.rules.told.kinds import QUIET, Event, Kind
from pursuit.rules.told.phrases import BLOWS, OUTCOMES, PACES, REFUSALS, UNFITTING
from pursuit.rules.told.telling import Teller, listing, sentence

__all__ = ["QUIET", "Event", "Kind", "events"]


def events(world: World, before: State, after: State, rows: Sequence[int] | None = None) -> list[list[Event]]:
    """What happened between two states that are one turn apart, a list for each of ``rows`` (all by default).

    For the state before the first turn hand it in twice: what the scenario says at its start is told then.
    """
    teller = world.derive(Teller)
    chosen = range(after.num_rows) if rows is None else rows
    return [list(_Turn(world, teller, before, after, row).told()) for row in chosen]


# Plain integers: a flag takes ten times as long to test.
_BLOCKED, _CHANGED, _FELL, _HIT, _PASSED, _SPLASHED, _KNOCKED, _DESTROYED = (
    int(mark)
    for mark in (
        Mark.BLOCKED, Mark.CHANGED, Mark.FELL, Mark.HIT, Mark.PASSED, Mark.SPLASHED, Mark.KNOCKED, Mark.DESTROYED,
    )
)  # fmt: skip


class _Turn:
    """One turn of one episode, as plain lists."""

    def __init__(self, world: World, teller: Teller, before: State, after: State, row: int) -> None:
        self.world, self.teller, self.row = world, teller, row
        self.before, self.after = before, after
        self.agents = range(world.num_agents)
        self.was, self.now = self._lists(before), self._lists(after)
        self.node: list[int] = self.now["node"]
        self.guise: list[int] = self.now["guise"]
        self.marks: list[int] = self.now["marks"]
        self._named: set[int] = set()  # whose look was told already, ...
        self._naming: set[int] = set()  # ... and whose is told in the sentence being made
        self.same = int(before.turn[row]) == int(after.turn[row]) and before.to_move[row] == after.to_move[row]

    def _lists(self, state: State) -> dict[str, Any]:
        names = (
            "node", "status", "guise", "stagger", "mind", "ride", "seat", "captor", "wanted", "marks", "did",
            "did_object", "refused",
        )  # fmt: skip
        return {name: getattr(state, name)[self.row].tolist() for name in names}

    @cached_property
    def door(self) -> tuple[list[int], list[int]]:
        return self.before.door[self.row].tolist(), self.after.door[self.row].tolist()

    def told(self) -> Iterator[Event]:
        if self.same:
            yield from self._script()
        else:
            yield from self._refusals()
            yield from self._changes()
            yield from self._moves()
            yield from self._deeds()
            yield from self._fates()
            yield from self._lost()
            yield from self._script()
            yield from self._minds()
            yield from self._outcome()

    def subject(self, slot: int) -> str:
        """Who does something; whom a shifter looks like is said once a turn."""
        if slot in self._named:
            return self.teller.agents[slot]
        self._naming.add(slot)
        return self.teller.subject(slot, self.guise[slot])

    def target(self, slot: int) -> str:
        return self.teller.target(slot, self.guise[slot])

    def _event(self, kind: Kind, text: str, *agents: int, node: int | None = None) -> Event:
        if node is None:
            node = self.node[agents[0]] if agents else -1
        if kind not in QUIET:
            self._named |= self._naming
        self._naming.clear()
        return Event(kind.value, sentence(text), agents, node)

    def _refusals(self) -> Iterator[Event]:
        for slot in self.agents:
            reason = self.now["refused"][slot]
            if reason:
                cause = REFUSALS.get(Refusal(reason), UNFITTING)
                yield self._event(Kind.REFUSED, f"{self.subject(slot)} is held back: {cause}", slot)

    def _changes(self) -> Iterator[Event]:
        for slot in self.agents:
            name = self.teller.agents[slot]
            if self.marks[slot] & _CHANGED:
                own = self.guise[slot] == slot
                shape = "its own shape again" if own else f"the shape of {self.teller.look(self.guise[slot])}"
                yield self._event(Kind.CHANGED, f"{name} takes {shape}{self._where(slot)}", slot)
            if self.now["did"][slot] == Verb.MORPH:
                yield self._event(Kind.MORPHS, f"{self.subject(slot)} begins to change{self._where(slot)}", slot)

    def _where(self, slot: int) -> str:
        return self.teller.where(self.node[slot])

    def _moves(self) -> Iterator[Event]:
        """Who came to another place; those of a side who went the same way together share a sentence."""
        teller, gait = self.teller, self.after.gait[self.row].tolist()
        groups: dict[tuple[int, str, str, int, int], list[int]] = {}
        for slot in self.agents:
            start, end = teller.spot(self.was["node"][slot]), teller.spot(self.node[slot])
            if self.marks[slot] & _BLOCKED:
                yield self._event(Kind.BLOCKED, f"{self.subject(slot)} finds no way on{self._where(slot)}", slot)
            by_itself = not self.marks[slot] & (_KNOCKED | _DESTROYED) and self.was["status"][slot] != Status.ABSENT
            if start.area != end.area and by_itself:
                ride = max(self.now["ride"][slot], self.was["ride"][slot]) if gait[slot] == Gait.RIDE else -1
                side = int(self.world.side[slot])
                groups.setdefault((gait[slot], start.area, end.into, ride, side), []).append(slot)
        for (pace, _, into, ride, _), slots in groups.items():
            slots.sort(key=lambda slot: self.was["seat"][slot] % 128)
            verb = PACES.get(Gait(pace), "walk") if ride < 0 else self._travels(ride)
            with_what = f" {teller.vehicles[ride]}" if ride >= 0 else ""
            if len(slots) == 1:
                who, verb = self.subject(slots[0]), f"{verb}s"
            else:
                who = listing([self.target(slot) for slot in slots])
            yield self._event(Kind.MOVED, f"{who} {verb}{with_what} {into}", *slots)
        before, after = self.door
        for door in range(len(after)):
            if before[door] != Door.OPEN and after[door] == Door.OPEN and not self._by_hand(door):
                yield self._swings(door)

    def _travels(self, vehicle: int) -> str:
        mode = self.world.roster.ride_mode[self.world.vehicle_kind[vehicle]]
        return "ride" if mode == Mode.MOTORCYCLE else "drive"

    def _by_hand(self, door: int) -> bool:
        verbs = (Verb.OPEN, Verb.FORCE)
        deeds = zip(self.now["did"], self.now["did_object"], strict=True)
        return any(verb in verbs and thing == door for verb, thing in deeds)

    def _swings(self, door: int) -> Event:
        """A door opened by walking through; the walker is whoever was at one of its ends."""
        ends = self.world.board.door_nodes[door].tolist()
        path = self.after.path[self.row]
        near = [slot for slot in self.agents if np.isin(path[slot], ends).any() and self.after.gait[self.row, slot]]
        by = f"{self.subject(near[0])} opens {self.teller.doors[door]}" if near else f"{self.teller.doors[door]} opens"
        return self._event(Kind.OPENED, by, *near[:1], node=int(ends[0]))

    def _deeds(self) -> Iterator[Event]:
        deeds = [(self.now["did"][slot], slot) for slot in self.agents if self.now["did"][slot] > Verb.MORPH]
        for did, slot in sorted(deeds):
            yield from self._deed(Verb(did), slot, self.now["did_object"][slot])

    def _deed(self, verb: Verb, slot: int, thing: int) -> Iterator[Event]:
        who, where, teller = self.subject(slot), self._where(slot), self.teller
        match verb:
            case Verb.SAMPLE:
                text = f"{who} touches {teller.look(thing)}{where} and knows that shape now"
                yield self._event(Kind.SAMPLED, text, slot, *([thing] if thing < len(self.agents) else []))
            case Verb.GRAB:
                yield self._event(Kind.GRABBED, f"{who} catches hold of {teller.vehicles[thing]}{where}", slot)
            case Verb.STRIKE:
                yield self._strike(slot, thing)
            case Verb.SHOOT:
                yield self._shot(slot, thing)
            case Verb.OPEN | Verb.SHUT | Verb.FORCE:
                kind = {Verb.OPEN: Kind.OPENED, Verb.SHUT: Kind.SHUT, Verb.FORCE: Kind.FORCED}[verb]
                does = {Verb.OPEN: "opens", Verb.SHUT: "shuts", Verb.FORCE: "breaks open"}[verb]
                yield self._event(kind, f"{who} {does} {teller.doors[thing]}", slot)
            case Verb.TAKE:
                yield self._event(Kind.TOOK, f"{who} takes {teller.items[thing]}{where}", slot)
            case Verb.DROP:
                yield self._event(Kind.DROPPED, f"{who} drops {teller.items[thing]}{where}", slot)
            case Verb.MOUNT:
                yield self._mounting(slot, thing)
            case Verb.DISMOUNT:
                ride = self.was["ride"][slot]
                off = "off" if ride < 0 or self._travels(ride) == "ride" else "out of"
                what = f" {teller.vehicles[ride]}" if ride >= 0 else ""
                yield self._event(Kind.DISMOUNTED, f"{who} gets {off}{what}{where}", slot)
            case Verb.CHALLENGE:
                passed = bool(self.marks[thing] & _PASSED)
                answer = "answers rightly" if passed else "gives the wrong answer"
                text = f"{who} tests {self.target(thing)}{where}: {self.target(thing)} {answer}"
                yield self._event(Kind.PASSED if passed else Kind.FAILED, text, slot, thing)
            case Verb.THROW:
                yield self._event(Kind.THREW, f"{who} throws {teller.items[thing]}{self._thrown(slot, thing)}", slot)
            case Verb.PICK:
                yield self._event(Kind.PICKED, f"{who} picks the lock of {teller.doors[thing]}", slot)
            case Verb.UNLOCK:
                yield self._event(Kind.UNLOCKED, f"{who} unlocks {teller.doors[thing]}", slot)
            case Verb.SEIZE:
                yield self._event(Kind.SEIZED, f"{who} takes hold of {self.target(thing)}{where}", slot, thing)
            case Verb.ALARM:
                yield self._event(Kind.ALARM, f"{who} raises the alarm{where}", slot)
            case Verb.ARM:
                yield self._event(Kind.ARMED, f"{who} arms {teller.items[thing]}{where}", slot)
            case Verb.DETONATE:
                yield self._event(Kind.DETONATED, f"{who} lets go of the trigger{where}", slot)
            case Verb.RELOAD:
                yield self._event(Kind.RELOADED, f"{who} loads {teller.items[thing]}{where}", slot)
            case Verb.PERSUADE:
                yield self._event(Kind.PERSUADED, f"{who} wins {self.target(thing)} over{where}", slot, thing)
            case Verb.TELL:
                yield self._event(Kind.TOLD, f"{who} tells {self.target(thing)} what is to come{where}", slot, thing)
            case Verb.PULL:
                yield self._event(Kind.PULLED, f"{who} pulls the lever{where}", slot)
            case Verb.LOWER:
                yield self._event(Kind.LOWERED, f"{who} lowers {self.target(thing)}{where}", slot, thing)
            case Verb.ORDER:
                text = f"{who} orders {self.target(thing)} to {self._order(thing)}"
                yield self._event(Kind.ORDERED, text, slot, thing)

    def _mounting(self, slot: int, vehicle: int) -> Event:
        who, thing, where = self.subject(slot), self.teller.vehicles[vehicle], self._where(slot)
        if self.now["seat"][slot] == 0:
            return self._event(Kind.MOUNTED, f"{who} takes {thing}{where}", slot)
        drivers = [a for a in self.agents if self.now["ride"][a] == vehicle and self.now["seat"][a] == 0]
        if self._travels(vehicle) == "drive":
            return self._event(Kind.MOUNTED, f"{who} gets into {thing}{where}", slot)
        behind = f" behind {self.target(drivers[0])}" if drivers else ""
        return self._event(Kind.MOUNTED, f"{who} gets on {thing}{behind}{where}", slot)

    def _strike(self, slot: int, victim: int) -> Event:
        effect = Effect(self.world.roster.effect[self.world.roster.melee[self.world.kind[slot]]])
        landed = bool(self.marks[slot] & _HIT)
        blow, swing = BLOWS[effect]
        text = f"{self.subject(slot)} {blow if landed else swing} {self.target(victim)}{self._where(slot)}"
        if not landed:
            return self._event(Kind.MISSED, f"{text} and misses", slot, victim)
        return self._event(Kind.STRUCK, text, slot, victim)

    def _shot(self, slot: int, victim: int) -> Event:
        spent = self.before.ammo[self.row] > self.after.ammo[self.row]
        guns = np.flatnonzero(spent & (self.before.holder[self.row] == slot))
        gun = f" with {self.teller.items[int(guns[0])]}" if len(guns) else ""
        text = f"{self.subject(slot)} shoots at {self.target(victim)}{gun}{self._where(slot)}"
        if not self.marks[slot] & _HIT:
            return self._event(Kind.SHOT_MISSED, f"{text} and misses", slot, victim)
        wound = "hits: metal splashes and closes again" if self.marks[victim] & _SPLASHED else "hits"
        return self._event(Kind.SHOT, f"{text} and {wound}", slot, victim)

    def _order(self, slot: int) -> str:
        """The order an agent was given this turn, read from what stands now."""
        spare_was, spare = bool(self.before.spare[self.row, slot]), bool(self.after.spare[self.row, slot])
        if spare != spare_was:
            return "spare lives" if spare else "fire at will"
        order, about = Order(self.after.order[self.row, slot]), int(self.after.order_object[self.row, slot])
        match order:
            case Order.FOLLOW:
                return f"follow {self.teller.look(about)}"
            case Order.GUARD:
                return f"guard {self.teller.look(about)}"
            case Order.FETCH:
                return f"fetch {self.teller.items[about]}"
            case Order.GO:
                return f"go to {self.teller.spot(about).name or f'node {about}'}"
            case Order.HOLD:
                return "hold still"
        return "act freely"

    def _thrown(self, slot: int, item: int) -> str:
        """Where a thing was thrown to, if it came down."""
        node = int(self.after.item_node[self.row, item])
        return self.teller.where(node) if node >= 0 else f" away{self._where(slot)}"

    def _fates(self) -> Iterator[Event]:
        """Who fell, died, was split, came to again, or lost the hold on a vehicle."""
        for slot in self.agents:
            was, now = self.was["status"][slot], self.now["status"][slot]
            who = self.target(slot) if self.guise[slot] != slot else self.teller.agents[slot]
            if self.marks[slot] & _KNOCKED:
                yield self._event(Kind.KNOCKED, f"the blast throws {who} back{self._where(slot)}", slot)
            if self.marks[slot] & _DESTROYED:
                yield self._event(Kind.DESTROYED, f"{who} sinks and is no more{self._where(slot)}", slot)
            elif was == Status.OFFLINE and now == Status.WELL:
                yield self._event(Kind.RESTARTED, f"{who} comes back to life: backup power{self._where(slot)}", slot)
            elif was != now and now in _FATES:
                kind, text = _FATES[Status(now)]
                yield self._event(kind, f"{who} {text}{self._where(slot)}", slot)
            elif was == Status.ABSENT and now == Status.WELL:
                yield self._event(Kind.BROUGHT, f"{who} appears{self._where(slot)}", slot)
            elif self.marks[slot] & _FELL:
                yield self._event(Kind.SPLIT, f"{who} is torn open and falls{self._where(slot)}", slot)
            elif self.was["stagger"][slot] and not self.now["stagger"][slot] and now == Status.WELL:
                again = "flows together" if self.world.trait(Trait.POLY)[slot] else "comes to"
                yield self._event(Kind.RECOVERED, f"{who} {again} again{self._where(slot)}", slot)
            if self.was["captor"][slot] >= 0 > self.now["captor"][slot] and now == Status.WELL:
                yield self._event(Kind.FREED, f"{who} is free of {self.target(self.was['captor'][slot])}", slot)
            if self.now["wanted"][slot] and not self.was["wanted"][slot]:
                yield self._event(Kind.WANTED, f"the law is after {self.teller.agents[slot]} now", slot)
            ride = self.was["ride"][slot]
            gone = ride >= 0 > self.now["ride"][slot] and now <= Status.OFFLINE
            if gone and self.now["did"][slot] != Verb.DISMOUNT:
                text = f"{who} falls off {self.teller.vehicles[ride]}{self._where(slot)}"
                yield self._event(Kind.FELL_OFF, text, slot)

    def _lost(self) -> Iterator[Event]:
        """Things that are gone for good."""
        for item in range(self.world.num_items):
            if self.before.armed[self.row, item] and _is_gone(self.after, self.row, item):
                where = self.teller.where(int(self.before.item_node[self.row, item]))
                yield self._event(Kind.EXPLODED, f"{self.teller.items[item]} goes off{where}")
            elif _is_gone(self.after, self.row, item) and not _is_gone(self.before, self.row, item):
                yield self._event(Kind.SANK, f"{self.teller.items[item]} is destroyed")

    def _script(self) -> Iterator[Event]:
        """Triggers that fired; messages and marks that came due."""
        now = int(self.after.turn[self.row])
        fired = self.after.fired_turn[self.row] == now
        if not self.same:
            fired &= self.after.fired[self.row] > self.before.fired[self.row]
        due = self.before.due[self.row] == now
        for index in np.flatnonzero(fired | due).tolist():
            trigger = self.world.script.triggers[index]
            if fired[index]:
                yield Event(Kind.FIRED.value, f"Trigger {trigger.name} fires.")
            if due[index] or not trigger.delay:
                for effect in trigger.effects:
                    if effect.do in _SAID:
                        yield Event(_SAID[effect.do].value, effect.text)

    def _minds(self) -> Iterator[Event]:
        """Links made and broken, and what each mind sees anew or no more, told by its lowest member."""
        was, now = self.was["mind"], self.now["mind"]
        well = [slot for slot in self.agents if self.now["status"][slot] == Status.WELL]
        for slot in self.agents:
            if self.now["status"][slot] == Status.LEFT != self.was["status"][slot]:
                text = f"{self.teller.agents[slot]} gets away{self._where(slot)}"
                yield self._event(Kind.LEFT, text, slot)
        for slot in well:
            if was[slot] == now[slot]:
                continue
            mates = [self.teller.agents[mate] for mate in well if mate != slot and now[mate] == now[slot]]
            if mates:
                yield self._event(
                    Kind.LINKED, f"{self.teller.agents[slot]} and {listing(mates)} are together now", slot
                )
            else:
                old = [self.teller.agents[mate] for mate in well if mate != slot and was[mate] == was[slot]]
                text = f"{self.teller.agents[slot]} loses touch with {listing(old)}" if old else ""
                yield self._event(Kind.PARTED, text or f"{self.teller.agents[slot]} is alone now", slot)
        yield from self._sights(well)

    def _sights(self, well: list[int]) -> Iterator[Event]:
        before = (self.before.row[self.row] >= 0)[self.was["mind"]]  # [A, A] what each agent's mind had in view
        after = (self.after.row[self.row] >= 0)[self.now["mind"]]
        news: dict[tuple[int, int], tuple[int, bool]] = {}  # (mind, body): its lowest member, seen or lost
        for slot, body in np.argwhere(before != after).tolist():
            mates = self.was["mind"][slot] == self.was["mind"][body] or self.now["mind"][slot] == self.now["mind"][body]
            if slot in well and not mates:
                news.setdefault((self.now["mind"][slot], body), (slot, bool(after[slot, body])))
        told = {(slot, body) for (_, body), (slot, seen) in news.items() if seen and body in well}
        for (_, body), (slot, seen) in news.items():
            if (body, slot) in told and (slot, body) in told:
                if slot < body:
                    text = f"{self.subject(slot)} and {self.target(body)} see each other{self._where(body)}"
                    yield self._event(Kind.SIGHTED, text, slot, body)
            else:
                yield from self._sight(slot, body, seen)

    def _sight(self, slot: int, body: int, seen: bool) -> Iterator[Event]:
        status = self.now["status"][body]
        if status > Status.OFFLINE:
            return
        who, whom = self.subject(slot), self.target(body)
        if not seen:
            yield self._event(Kind.LOST, f"{who} loses sight of {whom}", slot, body)
        elif status in (Status.DOWN, Status.DEAD):
            state = "dead" if status == Status.DEAD else "wounded"
            yield self._event(Kind.FOUND, f"{who} finds {whom} {state}{self._where(body)}", slot, body)
        else:
            yield self._event(Kind.SIGHTED, f"{who} sees {whom}{self._where(body)}", slot, body)

    def _outcome(self) -> Iterator[Event]:
        outcome = int(self.after.outcome[self.row])
        if outcome >= 0 and int(self.before.outcome[self.row]) < 0:
            name = self.world.outcome_name[outcome]
            yield Event(Kind.ENDED.value, sentence(OUTCOMES.get(name, name.replace("_", " "))), (), -1)


def _is_gone(state: State, row: int, item: int) -> bool:
    return bool(state.item_node[row, item] < 0 and state.holder[row, item] < 0)


_SAID = {Do.MESSAGE: Kind.MESSAGE, Do.MARK: Kind.MARK}

_FATES = {
    Status.DOWN: (Kind.DOWN, "goes down, wounded,"),
    Status.DEAD: (Kind.KILLED, "falls dead"),
    Status.OFFLINE: (Kind.OFFLINE, "goes dark"),
    Status.CAPTURED: (Kind.CAPTURED, "is caught"),
}
