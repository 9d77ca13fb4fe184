"""Agents, items, vehicles, regions and outcomes of a scenario file as the arrays of a World."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pursuit.content.files.positions import KeyPath
from pursuit.content.roster import Tables
from pursuit.content.script.names import Names, tables
from pursuit.core.roster import Trait
from pursuit.core.world import Outcome, Side

Table = dict[str, Any]

_SCORES = {
    Outcome.QUARRY_KILLED: 2,
    Outcome.QUARRY_ESCAPED: 0,
    Outcome.HUNTER_DESTROYED: 0,
    Outcome.QUARRY_CAPTURED: 2,
    Outcome.TURN_LIMIT: 1,
}


@dataclass
class Cast:
    """Columns of a World, by its names, and what else is known of each agent."""

    columns: dict[str, Any] = field(default_factory=dict)
    policies: tuple[str, ...] = ()  # [A] for open play
    film: tuple[str, ...] = ()  # [A] for the film line
    label: tuple[tuple[str, ...], ...] = ()  # of agents, items, vehicles


def collect_names(names: Names, data: Table, line: str) -> None:
    """Fill in whatever has a name; ids that occur twice are noted."""
    names.outcomes = [outcome.name.lower() for outcome in Outcome]
    for path, table in tables(data, "agent"):
        if isinstance(table.get("id"), str):
            _add(names, "agent", names.agents, table["id"], path)
            side = table.get("side")
            sides = [side.name.lower() for side in Side]
            slots = [len(names.agents) - 1]
            for copy in range(2, _copies(table) + 1):
                _add(names, "agent", names.agents, f"{table['id']}_{copy}", path)
                slots.append(len(names.agents) - 1)
            names.sides += [Side(sides.index(side)) if side in sides else Side.BYSTANDER] * len(slots)
            if table.get("quarry") is True:
                names.quarry += slots
    for key, known in (("item", names.items), ("vehicle", names.vehicles)):
        for path, table in tables(data, key):
            if isinstance(table.get("id"), str):
                twice = key == "item" and table["id"] in names.agents
                _add(names, key, known, table["id"], path, taken=names.agents if twice else ())
    for path, table in tables(data, "outcome"):
        if isinstance(table.get("id"), str) and table["id"] not in names.outcomes:
            _add(names, "outcome", names.outcomes, table["id"], path)
    names.vars = list(data["vars"]) if isinstance(data.get("vars"), dict) else []
    facts = data.get("facts")
    names.facts = [fact for fact in facts if isinstance(fact, str)] if isinstance(facts, list) else []
    _collect_script(names, data, line)


def _collect_script(names: Names, data: Table, line: str) -> None:
    """Cues and triggers: those in play first, as they are numbered, then the rest."""
    taken: list[str] = []
    for key in ("trigger", "cue", "check"):
        for path, table in tables(data, key):
            if isinstance(table.get("id"), str):
                _add(names, key, taken if key != "check" else [], table["id"], path)
    for in_play in (True, False):
        for key in ("trigger", "cue"):
            for _, table in tables(data, key):
                name, own = table.get("id"), table.get("line", "both")
                if not isinstance(name, str) or (own in ("both", line)) != in_play:
                    continue
                names.lines[key, name] = own
                if key == "cue":
                    names.cues.append(name)
                if key == "trigger" or "given" in table:
                    names.triggers.append(name)
                    names.lines["trigger", name] = own


def _copies(table: Table) -> int:
    copies = table.get("copies", 1)
    return min(copies, 60) if isinstance(copies, int) else 1


def _add(names: Names, what: str, known: list[str], name: str, path: KeyPath, taken: Iterable[str] = ()) -> None:
    if name in known or name in taken:
        names.source.error("duplicate-id", f"there are two {name!r}", (*path, "id"))
    if name.startswith("@"):
        names.source.error("bad-value", f"the id of an {what} does not begin with '@'", (*path, "id"))
    known.append(name)


def collect_regions(names: Names, data: Table, broken: Iterable[KeyPath]) -> NDArray[np.bool_]:
    """The regions of the file, into `names`, and the exits they make, [S, N]."""
    num_nodes = names.board.num_nodes if names.board else 1
    exits = np.zeros((len(Side), num_nodes), np.bool_)
    for path, table in tables(data, "region"):
        if path in broken:
            names.regions[str(table.get("id"))] = np.zeros(1, np.int32)  # known, so that nobody stumbles over it
            continue
        nodes = names.nodes(table["nodes"], (*path, "nodes"))
        if table["id"] in names.regions:
            names.source.error("duplicate-id", f"there are two {table['id']!r}", (*path, "id"))
        names.regions[table["id"]] = nodes
        for side in table.get("exit", []):
            exits[Side[side.upper()], nodes] = True
    exits.setflags(write=False)
    return exits


def compile_cast(names: Names, data: Table, tables_: Tables, line: str, broken: Iterable[KeyPath]) -> Cast:
    """Agents, items, vehicles and outcomes. With problems noted the columns may be nonsense, and are not to be used."""
    cast = Cast()
    _agents(cast, names, data, tables_, broken)
    _items(cast, names, data, tables_, broken)
    _vehicles(cast, names, data, tables_, broken)
    _outcomes(cast, names, data, line, broken)
    sampled = np.zeros(len(names.agents) + len(names.items), np.bool_)
    for at, name in enumerate(data.get("sampled", []) if ("sampled",) not in broken else []):
        sampled[names.guise(name, ("sampled", at))] = True
    sampled.setflags(write=False)
    cast.columns["sampled"] = sampled
    return cast


def _outcomes(cast: Cast, names: Names, data: Table, line: str, broken: Iterable[KeyPath]) -> None:
    scores = {outcome.name.lower(): score for outcome, score in _SCORES.items()}
    withheld = []
    for path, table in tables(data, "outcome"):
        if path in broken:
            continue
        scores[table["id"]] = round(2 * table["score"])
        number = names.outcomes.index(table["id"])
        if table.get("line", "both") in ("both", line):
            continue
        if number >= len(Outcome):
            message = f"{table['id']!r} comes by a trigger, whose line decides; only a built-in outcome has one"
            names.source.error("bad-value", message, (*path, "line"))
        withheld.append(number)
    cast.columns["withheld"] = tuple(withheld)
    cast.columns["outcome_name"] = tuple(names.outcomes)
    cast.columns["outcome_score"] = _column([scores.get(name, 1) for name in names.outcomes], np.int8)


def _column(values: list[Any], dtype: type[np.generic]) -> NDArray[Any]:
    column = np.array(values, dtype)
    column.setflags(write=False)
    return column


def _agents(cast: Cast, names: Names, data: Table, tables_: Tables, broken: Iterable[KeyPath]) -> None:
    roster = tables_.roster
    kind: list[int] = []
    mind: list[str] = []
    guise: list[int] = []
    absent: list[bool] = []
    patient: list[bool] = []
    wanted: list[bool] = []
    evidence: list[bool] = []
    facts: list[int] = []
    starts: list[NDArray[np.int32]] = []
    policies: list[str] = []
    film: list[str] = []
    label: list[str] = []
    for path, table in tables(data, "agent"):
        if path in broken:
            continue
        for copy in range(_copies(table)):
            slot = len(kind)
            row = names.index("kind", table["kind"], roster.kind_name, (*path, "kind"))
            if (
                table["kind"] in roster.kind_name
                and roster.traits[row] & np.uint32(Trait.MORPHS)
                and any(roster.traits[other] & np.uint32(Trait.MORPHS) for other in kind)
            ):
                names.source.error("bad-value", "there is one agent that morphs already", (*path, "kind"))
            kind.append(row)
            mind.append(table.get("mind", f" {slot}"))
            guise.append(names.guise(table["guise"], (*path, "guise")) if "guise" in table else slot)
            if "guise" in table and not roster.traits[row] & np.uint32(Trait.MORPHS):
                names.source.error("bad-value", f"a {table['kind']} wears its own look only", (*path, "guise"))
            absent.append(table.get("absent", False))
            patient.append(table.get("patient", False))
            wanted.append(table.get("wanted", False))
            evidence.append(table.get("evidence", False))
            known = [
                names.index("fact", fact, names.facts, (*path, "knows", at))
                for at, fact in enumerate(table.get("knows", []))
            ]
            facts.append(sum(1 << fact for fact in set(known)))
            starts.append(names.nodes(table["at"], (*path, "at")))
            policies.append(table.get("policy", "stand_still"))
            film.append(table.get("film", "cues"))
            label.append(table.get("label", "") if not copy else "")
    minds = list(dict.fromkeys(mind))
    wide = max((len(nodes) for nodes in starts), default=1)
    start = np.array([np.pad(nodes, (0, wide - len(nodes)), mode="edge") for nodes in starts], np.int32)
    start.setflags(write=False)
    cast.policies, cast.film = tuple(policies), tuple(film)
    cast.label = (tuple(label),)
    quarry = np.zeros(len(names.agents), np.bool_)
    quarry[names.quarry] = True
    cast.columns |= {
        "agent_name": tuple(names.agents),
        "kind": _column(kind, np.int8),
        "side": _column(list(names.sides), np.int8),
        "mind": _column([minds.index(name) for name in mind], np.int8),
        "start": start,
        "num_start": _column([len(nodes) for nodes in starts], np.int32),
        "guise": _column(guise, np.int16),
        "absent": _column(absent, np.bool_),
        "quarry": _column(quarry.tolist(), np.bool_),
        "patient": _column(patient, np.bool_),
        "wanted": _column(wanted, np.bool_),
        "evidence": _column(evidence, np.bool_),
        "facts": _column(facts, np.uint32),
    }


def _items(cast: Cast, names: Names, data: Table, tables_: Tables, broken: Iterable[KeyPath]) -> None:
    holder = _holders(names, data, broken)
    weapon: list[int] = []
    radio, side, simple, node = [], [], [], []
    evidence, part = [], []
    for path, table in tables(data, "item"):
        if path in broken:
            continue
        arm, net, at = table.get("weapon"), table.get("radio"), table.get("at")
        index = len(weapon)
        weapons = tables_.roster.weapon_name
        weapon.append(-1 if arm is None else names.index("weapon", arm, weapons, (*path, "weapon")))
        radio.append(net is not None)
        side.append(-1 if net is None else int(Side[net.upper()]))
        simple.append(table.get("simple", False))
        evidence.append(table.get("evidence", False))
        part.append(table.get("part", False))
        node.append(-1 if at is None else names.spot(at, (*path, "at")))
        if (at is None) == (holder.get(index, -1) < 0):
            where = "lies somewhere and is held" if at is not None else "lies nowhere ('at') and nobody 'holds' it"
            names.source.error("bad-value", f"{table['id']!r} {where}", path)
    cast.columns |= {
        "item_name": tuple(names.items),
        "item_simple": _column(simple, np.bool_),
        "item_evidence": _column(evidence, np.bool_),
        "item_part": _column(part, np.bool_),
        "item_weapon": _column(weapon, np.int8),
        "item_radio": _column(radio, np.bool_),
        "item_side": _column(side, np.int8),
        "item_node": _column(node, np.int32),
        "item_holder": _column([holder.get(index, -1) for index in range(len(weapon))], np.int8),
    }
    cast.label += (tuple(table.get("label", "") for _, table in tables(data, "item")),)


def _holders(names: Names, data: Table, broken: Iterable[KeyPath]) -> dict[int, int]:
    """Who holds which item; what two hold is noted."""
    holder: dict[int, int] = {}
    for path, table in tables(data, "agent"):
        if path in broken:
            held = table.get("holds")
            known = [name for name in names.items if isinstance(held, list) and name in held]
            holder |= {names.items.index(name): 0 for name in known}
            continue
        for at, name in enumerate(table.get("holds", [])):
            item = names.index("item", name, names.items, (*path, "holds", at))
            if name in names.items and item in holder:
                names.source.error("bad-value", f"{name!r} is held by somebody else already", (*path, "holds", at))
            holder[item] = names.agents.index(table["id"])
    return holder


def _vehicles(cast: Cast, names: Names, data: Table, tables_: Tables, broken: Iterable[KeyPath]) -> None:
    roster = tables_.roster
    kind, side, node = [], [], []
    for path, table in tables(data, "vehicle"):
        if path in broken:
            continue
        row = names.index("kind of vehicle", table["kind"], roster.ride_name, (*path, "kind"))
        has_radio = bool(roster.ride_radio[row])
        net = table.get("radio", "law" if has_radio else None)
        if net is not None and not has_radio:
            names.source.error("bad-value", f"a {table['kind']} has no radio", (*path, "radio"))
        kind.append(row)
        side.append(-1 if net is None else int(Side[net.upper()]))
        place = names.spot(table["at"], (*path, "at"))
        node.append(place)
        if names.board is not None and not names.board.modes[place, 1:].any():
            names.source.error("bad-value", f"nothing leads away from {table['at']!r}", (*path, "at"))
        if names.board is not None and not (names.board.modes[place] >> int(roster.ride_mode[row]) & 1)[1:].any():
            names.source.error("bad-value", f"a {table['kind']} cannot drive away from {table['at']!r}", (*path, "at"))
    cast.columns |= {
        "vehicle_name": tuple(names.vehicles),
        "vehicle_kind": _column(kind, np.int8),
        "vehicle_side": _column(side, np.int8),
        "vehicle_node": _column(node, np.int32),
    }
    cast.label += (tuple(table.get("label", "") for _, table in tables(data, "vehicle")),)
