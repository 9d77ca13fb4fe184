"""Triggers, cues and checks of a scenario file as `core.script`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pursuit.content.files.positions import KeyPath
from pursuit.content.script.conditions import NEVER, Table, check_arguments, condition, event
from pursuit.content.script.names import Names, tables
from pursuit.content.script.words import EFFECTS, FILM_EFFECTS, ORDERS, VERBS
from pursuit.core.script import Ask, Check, Condition, Cue, Do, Edge, Effect, Toward, Trigger, When
from pursuit.core.state import Gait, Order, Verb
from pursuit.core.world import Side
from pursuit.rules.legal import ON_AGENT, ON_ITEM

_TRIGGER_KEYS = frozenset(("id", "line", "when", "do", "edge", "max", "cooldown", "delay", "priority", "enabled"))
_GUISE_VERBS = (*ON_AGENT, Verb.SAMPLE, Verb.MORPH)
_OBJECTLESS = (Verb.WAIT, Verb.DISMOUNT, Verb.PULL, Verb.ALARM, Verb.DETONATE)


def plays(table: Table, line: str) -> bool:
    """Whether a trigger, cue or check belongs to a line."""
    return table.get("line", "both") in ("both", line)


def compile_triggers(names: Names, data: Table, line: str, broken: Iterable[KeyPath]) -> tuple[Trigger, ...]:
    """The triggers of a line in file order, those of the cues after them. Every trigger of the file is read."""
    found: list[Trigger] = []
    for path, table in tables(data, "trigger"):
        if path not in broken:
            names.reading = table.get("line", "both")
            effects = tuple(
                effect(names, one, (*path, "do", at), table.get("line", "both")) for at, one in enumerate(table["do"])
            )
            trigger = _trigger(names, table, path, table["id"], effects)
            if plays(table, line):
                found.append(trigger)
    for path, table in tables(data, "cue"):
        if path not in broken and "given" in table:
            names.reading = table.get("line", "both")
            effects = (Effect(Do.CUE, thing=names.cues.index(table["id"]) if table["id"] in names.cues else 0),)
            given = {"on": "turn", **table["given"]}
            trigger = _trigger(names, given, (*path, "given"), table["id"], effects)
            if plays(table, line):
                found.append(trigger)
    return tuple(found)


def _trigger(names: Names, table: Table, path: KeyPath, name: str, effects: tuple[Effect, ...]) -> Trigger:
    when, chance = _when(names, table, path)
    return Trigger(
        name=name,
        on=event(names, table, path, beside=_TRIGGER_KEYS),
        when=when,
        effects=effects,
        edge=Edge[table.get("edge", "level").upper()],
        max=table.get("max", 1),
        cooldown=table.get("cooldown", 0),
        delay=table.get("delay", 0),
        priority=table.get("priority", 0),
        enabled=table.get("enabled", True),
        chance=chance,
    )


def _when(names: Names, table: Table, path: KeyPath) -> tuple[Condition | None, int]:
    """The condition without its chance, and the chance in permille."""
    if "when" not in table:
        return None, 1000
    when, here = table["when"], (*path, "when")
    if set(when) == {"chance"}:
        return None, when["chance"]
    if set(when) != {"all"}:
        return condition(names, when, here), 1000
    chances = [part["chance"] for part in when["all"] if set(part) == {"chance"}]
    if len(chances) > 1:
        names.source.error("bad-value", "one 'chance' is enough", (*here, "all"))
    parts = tuple(
        condition(names, part, (*here, "all", at)) for at, part in enumerate(when["all"]) if set(part) != {"chance"}
    )
    return Condition(Ask.ALL, parts), chances[0] if chances else 1000


def effect(names: Names, table: Table, path: KeyPath, line: str) -> Effect:
    """One effect of a trigger of this line."""
    heads = [key for key in EFFECTS if key in table]
    if len(heads) != 1:
        message = "an effect does one thing" if heads else f"no effect; it begins with one of {', '.join(EFFECTS)}"
        names.source.error("unknown-effect", message, path)
        return Effect(Do.MESSAGE)
    head = heads[0]
    if not check_arguments(names, head, set(table) - {head}, EFFECTS[head], path):
        return Effect(Do.MESSAGE)
    if line == "film" and head not in FILM_EFFECTS:
        allowed = ", ".join(FILM_EFFECTS)
        message = f"{head!r} is not for the film line alone, which may only {allowed}: the film is played by the rules"
        names.source.error("film-only", message, (*path, head), key=True)
    return _effect(names, head, table, path)


def _effect(names: Names, head: str, table: Table, path: KeyPath) -> Effect:
    do, value, here = Do[head.upper()], table[head], (*path, head)
    source = names.source
    match head:
        case "cue":
            return Effect(do, thing=names.index("cue", value, names.cues, here))
        case "release" | "send_away" | "want" | "pardon":
            return Effect(do, who=names.who(value, here))
        case "message" | "mark":
            return Effect(do, text=value)
        case "set":
            if not isinstance(table["to"], int):
                source.error("wrong-type", "expected a whole number", (*path, "to"))
                return Effect(Do.MESSAGE)
            return Effect(do, thing=names.index("variable", value, names.vars, here), amount=table["to"])
        case "add":
            return Effect(do, thing=names.index("variable", value, names.vars, here), amount=table.get("by", 1))
        case "know":
            fact = names.index("fact", value, names.facts, here)
            return Effect(do, who=names.who(table["agent"], (*path, "agent")), thing=fact)
        case "link":
            who = tuple(names.agent(name, (*here, at)) for at, name in enumerate(value))
            if len({names.sides[slot] for slot in who}) > 1:
                source.error("bad-value", "a mind has members of one side only", here)
            return Effect(do, who=who)
        case "bring":
            node = names.spot(table["at"], (*path, "at")) if "at" in table else -1
            return Effect(do, who=names.who(value, here), node=node)
        case "give":
            if not isinstance(table["to"], str):
                source.error("wrong-type", "expected an agent", (*path, "to"))
                return Effect(Do.MESSAGE)
            item = names.index("item", value, names.items, here)
            return Effect(do, who=(names.agent(table["to"], (*path, "to")),), thing=item)
        case "damage":
            return Effect(do, who=names.who(value, here), amount=max(0, table["by"]))
        case "open" | "close":
            return Effect(do, thing=names.door(value, here))
        case "alarm":
            side = Side[table.get("side", "law").upper()]
            who = tuple(slot for slot, other in enumerate(names.sides) if other == side)
            return Effect(do, who=who, node=names.spot(value, here))
        case "start" | "stop":
            return Effect(do, thing=names.index("hazard", value, names.hazards, here))
        case "end":
            return Effect(do, thing=names.index("outcome", value, names.outcomes, here))
    return Effect(do, thing=names.index("trigger", value, names.triggers, here))  # enable, disable


def compile_cues(names: Names, data: Table, line: str, broken: Iterable[KeyPath]) -> tuple[Cue, ...]:
    """The cues of a line."""
    found = []
    for path, table in tables(data, "cue"):
        if path not in broken:
            names.reading = table.get("line", "both")
            cue = _cue(names, table, path)
            if plays(table, line):
                found.append(cue)
    return tuple(found)


def _cue(names: Names, table: Table, path: KeyPath) -> Cue:
    toward, goal = _goal(names, table.get("to"), (*path, "to"))
    verb = Verb(names.index("verb", table["verb"], VERBS, (*path, "verb"))) if "verb" in table else Verb.WAIT
    order, order_object = Order.NONE, -1
    if verb == Verb.ORDER and "order" in table:
        order = Order[ORDERS[names.index("order", table["order"], ORDERS, (*path, "order"))].upper()]
        order_object = _order_object(names, order, table, path)
    elif verb == Verb.ORDER or "order" in table:
        names.source.error("missing-key", "verb 'order' and key 'order' go together", path)
    elif verb == Verb.THROW:
        if "order_object" not in table:
            names.source.error("missing-key", "verb 'throw' needs 'order_object', the place", path)
        else:
            order_object = names.spot(table["order_object"], (*path, "order_object"))
    return Cue(
        name=table["id"],
        agent=names.agent(table["agent"], (*path, "agent")),
        toward=toward,
        goal=goal,
        gait=Gait[table.get("gait", "run").upper()],
        verb=verb,
        object=_verb_object(names, verb, table, path),
        order=order,
        order_object=order_object,
    )


def _goal(names: Names, to: Any, path: KeyPath) -> tuple[Toward, int]:
    if to is None:
        return Toward.NOTHING, -1
    if isinstance(to, str):
        return Toward.NODE, names.spot(to, path)
    if len(to) != 1:
        names.source.error("bad-value", "a goal is one of guise, item, vehicle", path)
        return Toward.NOTHING, -1
    ((key, name),) = to.items()
    here = (*path, key)
    if key == "guise":
        return Toward.GUISE, names.guise(name, here)
    if key == "item":
        return Toward.ITEM, names.index("item", name, names.items, here)
    return Toward.VEHICLE, names.index("vehicle", name, names.vehicles, here)


def _verb_object(names: Names, verb: Verb, table: Table, path: KeyPath) -> int:
    here = (*path, "object")
    word = verb.name.lower()
    if verb in _OBJECTLESS:
        if "object" in table:
            names.source.error("unknown-key", f"verb {word!r} takes no object", here, key=True)
        return -1
    if "object" not in table:
        names.source.error("missing-key", f"verb {word!r} needs 'object'", path)
        return -1
    name = table["object"]
    if verb in _GUISE_VERBS:
        return names.guise(name, here)
    if verb in (Verb.GRAB, Verb.MOUNT):
        return names.index("vehicle", name, names.vehicles, here)
    if verb in ON_ITEM:
        return names.index("item", name, names.items, here)
    return names.door(name, here)


def _order_object(names: Names, order: Order, table: Table, path: KeyPath) -> int:
    here = (*path, "order_object")
    word = order.name.lower()
    if order not in (Order.FOLLOW, Order.GUARD, Order.FETCH, Order.GO):
        if "order_object" in table:
            names.source.error("unknown-key", f"order {word!r} takes no object", here, key=True)
        return -1
    if "order_object" not in table:
        names.source.error("missing-key", f"order {word!r} needs 'order_object'", path)
        return -1
    name = table["order_object"]
    if order == Order.FETCH:
        return names.index("item", name, names.items, here)
    return names.spot(name, here) if order == Order.GO else names.guise(name, here)


def compile_checks(names: Names, data: Table, line: str, broken: Iterable[KeyPath]) -> tuple[Check, ...]:
    """All checks; those of the other line are marked as skipped, and not read for this one's names."""
    found = []
    for path, table in tables(data, "check"):
        if path in broken:
            continue
        if table.get("at") == "by_turn" and "turn" not in table:
            names.source.error("missing-key", "at = 'by_turn' needs 'turn'", path)
        names.reading = table.get("line", "both")
        that = condition(names, table["that"], (*path, "that")) if plays(table, line) else NEVER
        found.append(
            Check(
                name=table["id"],
                title=table.get("title", ""),
                that=that,
                at=When[table.get("at", "end").upper()],
                turn=table.get("turn", 0),
                required=table.get("required", True),
                skipped=not plays(table, line),
                said=said(table["that"]),
            )
        )
    return tuple(found)


def said(table: Table) -> str:
    """A condition in words, short enough for a report.

    >>> said({"all": [{"agent": "john", "in": "mall"}, {"not": {"on": "sighted", "other": "t_1000"}}]})
    '(john in mall) and not (sighted other t_1000)'
    """
    for word, joint in (("all", " and "), ("any", " or ")):
        if word in table:
            return joint.join(f"({said(part)})" if "not" not in part else said(part) for part in table[word])
    if "not" in table:
        return f"not ({said(table['not'])})"
    words = []
    for key, value in table.items():
        if key not in ("on", "agent"):
            words.append(key)
        words.append(" or ".join(map(str, value)) if isinstance(value, list) else str(value))
    return " ".join(words)
