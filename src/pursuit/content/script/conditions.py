"""Conditions and events of a scenario file as `core.script.Condition`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pursuit.content.files.positions import KeyPath
from pursuit.content.script.names import Names
from pursuit.content.script.words import CONDITIONS, EVENTS, LIMITS, ORDERS, REFUSALS, STATUSES, VERBS, Arguments
from pursuit.core.board import Door
from pursuit.core.script import HIGHEST, LOWEST, Ask, Condition
from pursuit.core.state import Mark, Order, Refusal, Status, Verb

Table = dict[str, Any]

NEVER = Condition(Ask.ANY)
"""What an unreadable condition becomes: no part of it holds."""

ANY_THING, NO_THING = -1, -2

_PRESENT = sum(1 << status for status in (Status.WELL, Status.DOWN, Status.DEAD, Status.OFFLINE))
_BLOWS = {"strike": Verb.STRIKE, "shoot": Verb.SHOOT}
_MARKS = {
    "hurt": Mark.HURT,
    "downed": Mark.FELL,
    "morph": Mark.CHANGED,
    "unmask": Mark.CHANGED,
    "blocked": Mark.BLOCKED,
    "knocked": Mark.KNOCKED,
    "seized": Mark.SEIZED,
    "persuaded": Mark.PERSUADED,
    "restarted": Mark.RESTARTED,
    "destroyed": Mark.DESTROYED,
}


def check_arguments(names: Names, word: str, given: set[str], takes: Arguments, path: KeyPath) -> bool:
    """Whether a word has the arguments it takes; notes what is missing, or too much."""
    source = names.source
    before = len(source.problems)
    for key in sorted(given - takes.all):
        source.error("unknown-key", f"{word!r} takes no {key!r}", (*path, key), key=True)
    for key in takes.needs:
        if key not in given:
            source.error("missing-key", f"{word!r} needs {key!r}", path)
    if takes.one_of and len(given & set(takes.one_of)) != 1:
        source.error("missing-key", f"{word!r} needs exactly one of {', '.join(takes.one_of)}", path)
    if takes.limits and not given & set(LIMITS):
        source.error("missing-key", f"{word!r} needs one of {', '.join(LIMITS)}", path)
    return len(source.problems) == before


def event(names: Names, table: Table, path: KeyPath, beside: frozenset[str] = frozenset()) -> Condition:
    """The event `on` of a table with its arguments; `beside` are keys of the table that are none."""
    on = table["on"]
    if on not in EVENTS:
        names.source.unknown("trigger", on, EVENTS, (*path, "on"))
        return NEVER
    if not check_arguments(names, on, set(table) - beside - {"on"}, EVENTS[on], path):
        return NEVER
    who = names.who(table.get("agent"), (*path, "agent"))
    whom = names.who(table.get("other"), (*path, "other"))
    match on:
        case "turn":
            return _turns(table)
        case "enter" | "exit" | "arrive":
            return Condition(Ask[on.upper()], who=who, area=names.area(table["at"], (*path, "at")))
        case "pass_edge":
            start, end = (names.area(table["way"][at], (*path, "way", at)) for at in (0, 1))
            return Condition(Ask.PASS_EDGE, who=who, area=start, beyond=end)
        case "near" | "far":
            hops = names.hops(table["radius"])
            limits: Table = {"high": hops} if on == "near" else {"low": hops + 1}
            if "at" in table:
                return Condition(Ask.DISTANCE, who=who, area=names.area(table["at"], (*path, "at")), **limits)
            return Condition(Ask.DISTANCE, who=who, whom=whom, **limits)
        case "strike":
            return _strike(names, table, path, who, whom)
        case _ if on in _MARKS:
            guise = names.guise(table["guise"], (*path, "guise")) if "guise" in table else -1
            return Condition(Ask.MARKED, who=who, bits=int(_MARKS[on]), thing=guise, flag=on == "unmask")
        case "take" | "drop":
            item = names.index("item", table["item"], names.items, (*path, "item")) if "item" in table else -1
            return Condition(Ask.DEED, who=who, bits=1 << Verb[on.upper()], thing=item)
        case "use":
            return _use(names, table, path, who)
        case "refused":
            return _refused(names, table, path, who)
        case "idle":
            return Condition(Ask.IDLE, who=who, low=table["turns"])
        case "timer":
            after = names.index("trigger", table["after"], names.triggers, (*path, "after"))
            return Condition(Ask.TIMER, thing=after, low=table["turns"])
        case "alarm":
            return Condition(Ask.ALARM, low=table.get("turns", 0))
        case "var":
            return _limited(names, Ask.VAR, "variable", table["var"], names.vars, table, (*path, "var"))
        case "done":
            return Condition(Ask.DONE, thing=names.index("cue", table["cue"], names.cues, (*path, "cue")))
        case "start" | "time_over":
            return Condition(Ask[on.upper()])
        case "escaped":
            return Condition(Ask.ESCAPED, who=who)
    return Condition(Ask[on.upper()], who=who, whom=whom)  # sighted, lost_sight, heard, contact


def _turns(table: Table) -> Condition:
    if "turn" in table:
        return Condition(Ask.TURN, low=table["turn"], high=table["turn"])
    low, high = table.get("from", 1), table.get("to", HIGHEST)
    return Condition(Ask.TURN, low=low, high=high, every=table.get("every", 1))


def _strike(names: Names, table: Table, path: KeyPath, who: tuple[int, ...], whom: tuple[int, ...]) -> Condition:
    verb = table.get("verb")
    if verb is not None and verb not in _BLOWS:
        names.source.unknown("blow", verb, _BLOWS, (*path, "verb"))
    blows = _BLOWS.values() if verb is None else [_BLOWS.get(verb, Verb.STRIKE)]
    bits = sum(1 << blow for blow in blows)
    return Condition(Ask.STRIKE, who=who, whom=whom, bits=bits, flag=table.get("hit", False))


def _use(names: Names, table: Table, path: KeyPath, who: tuple[int, ...]) -> Condition:
    verb = Verb(names.index("verb", table["verb"], VERBS, (*path, "verb")))
    things = [key for key in ("other", "item", "vehicle", "door", "guise") if key in table]
    thing = -1
    if len(things) > 1:
        names.source.error("bad-value", f"'use' takes one object, not {' and '.join(things)}", (*path, things[1]))
    elif things:
        thing = _object(names, verb, things[0], table[things[0]], (*path, things[0]))
    return Condition(Ask.DEED, who=who, bits=1 << verb, thing=thing)


def _object(names: Names, verb: Verb, key: str, name: Any, path: KeyPath) -> int:
    if key == "other":
        found = names.who(name, path)
        if len(found) != 1:
            names.source.error("bad-value", "the object of a deed is one agent", path)
        return found[0] if found else 0
    if key == "item":
        item = names.index("item", name, names.items, path)
        return item + len(names.agents) if verb in (Verb.SAMPLE, Verb.MORPH) else item
    if key == "vehicle":
        return names.index("vehicle", name, names.vehicles, path)
    return names.door(name, path) if key == "door" else names.guise(name, path)


def _refused(names: Names, table: Table, path: KeyPath, who: tuple[int, ...]) -> Condition:
    bits = sum(1 << reason for reason in Refusal if reason != Refusal.NONE)
    if "reason" in table:
        bits = 2 << names.index("refusal", table["reason"], REFUSALS, (*path, "reason"))
    return Condition(Ask.REFUSED, who=who, bits=bits)


def _limits(table: Table) -> Table:
    if "is" in table:
        return {"low": table["is"], "high": table["is"]}
    return {"low": int(table.get("at_least", LOWEST)), "high": int(table.get("at_most", HIGHEST))}


def _limited(names: Names, ask: Ask, what: str, name: str, known: list[str], table: Table, path: KeyPath) -> Condition:
    return Condition(ask, thing=names.index(what, name, known, path), **_limits(table))


def condition(names: Names, table: Table, path: KeyPath) -> Condition:
    """A condition with all its parts."""
    if "on" in table:
        if table["on"] == "start":
            names.source.error(
                "bad-value", "'start' is no condition: it happens once, before the first turn", (*path, "on")
            )
        return event(names, table, path)
    head = next((key for key in CONDITIONS if key in table), None)
    if head is None:
        found = ", ".join(repr(key) for key in table) or "nothing"
        names.source.error(
            "unknown-condition", f"{found} makes no condition; it begins with one of {', '.join(CONDITIONS)}", path
        )
        return NEVER
    if not check_arguments(names, head, set(table) - {head}, CONDITIONS[head], path):
        return NEVER
    here = (*path, head)
    match head:
        case "all" | "any":
            parts = tuple(condition(names, part, (*here, at)) for at, part in enumerate(table[head]))
            return Condition(Ask[head.upper()], parts)
        case "not":
            return Condition(Ask.NOT, (condition(names, table["not"], here),))
        case "chance":
            names.source.error(
                "bad-value", "'chance' stands alone or in the outermost 'all' of a trigger's 'when'", here
            )
            return NEVER
        case "count":
            return _count(names, table, path)
        case "distance":
            return _distance(names, table, path)
        case "visible" | "in_view":
            seers = names.who(table["by"], (*path, "by"))
            return Condition(Ask[head.upper()], who=seers, whom=names.who(table[head], here))
        case "knows":
            fact = names.index("fact", table["knows"], names.facts, here)
            return Condition(Ask.KNOWS, who=names.who(table["by"], (*path, "by")), thing=fact)
        case "fired":
            limits: Table = _limits(table) if set(table) & set(LIMITS) else {"low": 1}
            return Condition(Ask.FIRED, thing=names.index("trigger", table["fired"], names.triggers, here), **limits)
        case "outcome":
            return Condition(Ask.OUTCOME, thing=names.index("outcome", table["outcome"], names.outcomes, here))
        case "health":
            return Condition(Ask.HEALTH, who=names.who(table["health"], here), **_limits(table))
        case "taken" | "spared":
            return Condition(Ask[head.upper()], who=names.who(table[head], here), **_limits(table))
        case "gone":
            listed = [value] if isinstance(value := table["gone"], str) else value
            items = tuple(names.index("item", name, names.items, here) for name in listed)
            limits = _limits(table) if set(table) & set(LIMITS) else {"low": len(items)}
            return Condition(Ask.GONE, who=items, **limits)
        case "armed":
            return Condition(Ask.ARMED, thing=names.index("item", table["armed"], names.items, here))
        case "running":
            return Condition(Ask.RUNNING, thing=names.index("hazard", table["running"], names.hazards, here))
        case "rounds":
            return _limited(names, Ask.ROUNDS, "item", table["rounds"], names.items, table, here)
        case "var":
            return _limited(names, Ask.VAR, "variable", table["var"], names.vars, table, here)
        case "turn":
            span = table["turn"]
            if isinstance(span, int):
                return Condition(Ask.TURN, low=span, high=span)
            high = span.get("to")
            return Condition(Ask.TURN, low=span.get("from", 1), high=HIGHEST if high is None else high)
        case "door":
            bits = _bits(names, "door state", table["state"], [door.name.lower() for door in Door], (*path, "state"))
            return Condition(Ask.DOOR, thing=names.door(table["door"], here), bits=bits)
    return _subject(names, head, table, path)


def _count(names: Names, table: Table, path: KeyPath) -> Condition:
    area = names.area(table["in"], (*path, "in")) if "in" in table else -1
    bits = _bits(names, "status", table["status"], STATUSES, (*path, "status")) if "status" in table else _PRESENT
    who = names.who(table["count"], (*path, "count"))
    return Condition(Ask.COUNT, who=who, area=area, bits=bits, **_limits(table))


def _distance(names: Names, table: Table, path: KeyPath) -> Condition:
    first, second = table["distance"]
    who = names.who(first, (*path, "distance", 0))
    there = (*path, "distance", 1)
    limit = names.hops(table["at_most"] if "at_most" in table else table["at_least"])
    limits: Table = {"high": limit} if "at_most" in table else {"low": limit}
    known = [second] if isinstance(second, str) else second
    if all(name.startswith("@") or name in names.agents for name in known):
        return Condition(Ask.DISTANCE, who=who, whom=names.who(second, there), **limits)
    return Condition(Ask.DISTANCE, who=who, area=names.area(second, there), **limits)


def _bits(names: Names, what: str, value: str | list[str], known: list[str] | tuple[str, ...], path: KeyPath) -> int:
    values = [(value, path)] if isinstance(value, str) else [(one, (*path, at)) for at, one in enumerate(value)]
    bits = 0
    for one, place in values:
        bits |= 1 << names.index(what, one, known, place)
    return bits


def _subject(names: Names, head: str, table: Table, path: KeyPath) -> Condition:
    """Tests of one item, one vehicle, or some agents."""
    key = next(key for key in CONDITIONS[head].one_of if key in table)
    value, there = table[key], (*path, key)
    here = (*path, head)
    if head == "item":
        item = names.index("item", table["item"], names.items, here)
        if key == "in":
            return Condition(Ask.ITEM_LIES, thing=item, area=names.area(value, there))
        return Condition(Ask.ITEM_HELD, thing=item, who=names.who(value, there))
    if head == "vehicle":
        vehicle = names.index("vehicle", table["vehicle"], names.vehicles, here)
        if key == "in":
            return Condition(Ask.VEHICLE_STANDS, thing=vehicle, area=names.area(value, there))
        return Condition(Ask.VEHICLE_DRIVEN, thing=vehicle, who=names.who(value, there))
    who = Condition(Ask.ANY, who=names.who(table["agent"], here))
    match key:
        case "in":
            return replace(who, ask=Ask.STANDS, area=names.area(value, there))
        case "status":
            return replace(who, ask=Ask.STATUS, bits=_bits(names, "status", value, STATUSES, there))
        case "guise":
            return replace(who, ask=Ask.GUISE, thing=names.guise(value, there))
        case "masked" | "wanted" | "held" | "persuaded":
            return replace(who, ask=Ask[key.upper()], flag=value)
        case "rides":
            special = {"@any": ANY_THING, "@none": NO_THING}
            thing = special[value] if value in special else names.index("vehicle", value, names.vehicles, there)
            return replace(who, ask=Ask.RIDES, thing=thing)
        case "cue":
            thing = NO_THING if value == "@none" else names.index("cue", value, names.cues, there)
            return replace(who, ask=Ask.CUE, thing=thing)
        case "order":
            return replace(who, ask=Ask.ORDER, thing=Order[ORDERS[names.index("order", value, ORDERS, there)].upper()])
        case "linked":
            return replace(who, ask=Ask.LINKED, whom=names.who(value, there))
    return replace(who, ask=Ask.IDLE, low=value)
