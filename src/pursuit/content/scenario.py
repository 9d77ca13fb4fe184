"""Scenarios by name: a file, its map and the tables become a World, with checks and policies.

>>> scenario = load_scenario("duel_grid")
>>> scenario.world.num_agents
2
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pursuit.content.boards.compile import compile_map
from pursuit.content.files import locate
from pursuit.content.files.positions import KeyPath
from pursuit.content.files.source import ContentError, Problem, Source
from pursuit.content.osm import city
from pursuit.content.roster import TABLES, Tables, completed, load_tables, parse_tables
from pursuit.content.script.cast import Cast, collect_names, collect_regions, compile_cast
from pursuit.content.script.model import ScenarioFile, json_schema
from pursuit.content.script.names import Names
from pursuit.content.script.params import Value, choose, family, fill_in
from pursuit.content.script.perils import collect_hazards, compile_hazards, compile_locks
from pursuit.content.script.triggers import compile_checks, compile_cues, compile_triggers
from pursuit.core.board import Board
from pursuit.core.fields import find_sight, find_ways
from pursuit.core.script import Check, Script
from pursuit.core.world import Numbers, Ruleset, World

__all__ = ["Line", "Scenario", "json_schema", "load_scenario", "members", "scenario_from_texts", "scenario_names"]

Line: TypeAlias = Literal["film", "open"]


@dataclass(frozen=True)
class Scenario:
    """A scenario, ready to play on one line."""

    name: str
    title: str
    about: str
    picture: str  # the mark of the turn that pictures of it show; "" for its last
    line: Line
    seed: int  # of a run that names none
    params: dict[str, Value]
    world: World
    checks: tuple[Check, ...]  # those of the other line are marked as skipped
    policies: tuple[str, ...]  # [A] the policy of each agent on this line, as "name" or "name(parameters)"
    texts: dict[str, str] = field(repr=False)  # all it was made from; see `scenario_from_texts`
    digest: str = ""  # fingerprint of texts, line and parameters
    path: Path | None = None
    warnings: tuple[Problem, ...] = ()


def scenario_names() -> tuple[str, ...]:
    """The names of the shipped scenarios."""
    return locate.names("scenarios")


def load_scenario(
    name: str | Path, line: Line = "film", params: Mapping[str, Value] | None = None, **more: Value
) -> Scenario:
    """A shipped scenario by name, or one by the path of its file.

    ``params`` (and keyword arguments) choose a member of its family. Raises ContentError with every problem of the
    file, or with the nearest known name.
    """
    path = locate.find("scenarios", name)
    return _load(Source.read(path), line, {**(params or {}), **more}, load_tables(), {})


def scenario_from_texts(
    texts: Mapping[str, str], line: Line = "film", params: Mapping[str, Value] | None = None
) -> Scenario:
    """A scenario from the texts that :attr:`Scenario.texts` holds: "scenario", "map" (unless its board is
    generated), "roster", "weapons", "vehicles", "numbers"; a missing table is the package's own."""
    own = load_tables().texts
    found = {name: texts.get(name, own[name]) for name in TABLES}
    tables = parse_tables({**found, "numbers": completed(found["numbers"])})
    source = Source.parse(texts["scenario"], "scenario.toml")
    return _load(source, line, params or {}, tables, texts)


def members(name: str | Path) -> list[dict[str, Value]]:
    """The parameters of every member of a scenario's family, in order."""
    source = Source.read(locate.find("scenarios", name))
    found = family(source)
    source.check()
    return found


def _load(
    source: Source, line: Line, params: Mapping[str, Value], tables: Tables, texts: Mapping[str, str]
) -> Scenario:
    values = choose(source, params)
    fill_in(source, values)
    data = source.data
    model = source.validate(ScenarioFile)
    broken = {path for problem in source.problems for path in _enclosing(problem.path)}
    board, map_text = _board(source, texts)
    names = Names(source, board)
    collect_names(names, data, line)
    exits = collect_regions(names, data, broken)
    collect_hazards(names, data)
    cast = compile_cast(names, data, tables, line, broken)
    cast.columns |= compile_hazards(names, data, broken) | compile_locks(names, data, broken)
    cues = compile_cues(names, data, line, broken)
    triggers = compile_triggers(names, data, line, broken)
    checks = compile_checks(names, data, line, broken)
    if model is not None:
        _sense(source, model, cast)
    source.check()
    assert model is not None  # else `check` had raised: validate notes a problem whenever it returns None
    assert board is not None
    script = Script(triggers, cues, tuple(model.vars), tuple(model.vars.values()), tuple(names.areas))
    world = _world(model, board, tables, cast, exits, script, values)
    kept = {"scenario": source.text, **({"map": map_text} if map_text else {}), **tables.texts}
    return Scenario(
        name=model.id,
        title=model.title,
        about=model.about,
        picture=model.picture,
        line=line,
        seed=model.seed,
        params=values,
        world=world,
        checks=checks,
        policies=cast.film if line == "film" and world.ruleset == Ruleset.STORY else cast.policies,
        texts=kept,
        digest=_digest(kept, line, values),
        path=source.path,
        warnings=tuple(source.warnings),
    )


def _enclosing(path: KeyPath) -> list[KeyPath]:
    """The tables that a problem makes unreadable: the top key, or one element of an array of tables."""
    return [path[:1], path[:2]] if len(path) >= 2 and isinstance(path[1], int) else [path[:1]]


def _board(source: Source, texts: Mapping[str, str]) -> tuple[Board | None, str]:
    """The board, and the text it was made from; None with the problem noted."""
    name = source.data.get("map")
    if not isinstance(name, str):
        return None, ""
    try:
        if "map" in texts:
            text = texts["map"]
            if text.startswith("{"):  # a city file; no TOML begins so
                return city.to_board(city.parse(text, name)), text
            return compile_map(Source.parse(text, f"{name}.toml")), text
        if not city.is_city(name) and name not in locate.names("maps"):
            from pursuit.content.boards import generate  # networkx takes longer to import than a map to compile

            if generate.is_spec(name):
                return generate.from_spec(name), ""
        path = _map_file(source, name)
        if city.is_city(path):
            text = city.unpacked(path)
            return city.to_board(city.parse(text, path.name)), text
        found = Source.read(path)
        return compile_map(found), found.text
    except ContentError as error:
        if any(problem.line for problem in error.problems):  # the map file is at fault and says where
            raise
        for problem in error.problems:
            source.error(problem.code, problem.message, ("map",))
        return None, ""


def _map_file(source: Source, name: str) -> Path:
    """The map's file: one that lies beside the scenario's, else a shipped one. Shipped scenarios lie beside others."""
    if city.is_city(name):
        return city.find(name, source.path.parent if source.path else None)
    if source.path is not None:
        beside = locate.find("maps", name, beside=source.path.parent)
        if not beside.samefile(source.path) and not beside.parent.samefile(locate.folder("scenarios")):
            return beside
    return locate.find("maps", name)


def _sense(source: Source, model: ScenarioFile, cast: Cast) -> None:
    """What goes together in a whole file."""
    classical = model.ruleset != "story"
    if classical:
        for key, found in (("trigger", model.trigger), ("cue", model.cue), ("item", model.item)):
            if found:
                source.error("bad-value", f"ruleset {model.ruleset!r} knows no {key}s", (key, 0))
        if model.vehicle:
            source.error("bad-value", f"ruleset {model.ruleset!r} knows no vehicles", ("vehicle", 0))
    elif model.capture_hops:
        source.error("bad-value", "capture_hops is for the classical rulesets", ("capture_hops",))
    sides = {agent.side for agent in model.agent}
    if "hunter" not in sides:
        source.error("bad-value", "nobody is on side 'hunter'", ("agent",))
    if not any(agent.quarry for agent in model.agent):
        source.error("bad-value", "nobody is the quarry (quarry = true)", ("agent",))
    for at, agent in enumerate(model.agent):
        if agent.quarry and agent.side == "hunter":
            source.error("bad-value", "a hunter is not the quarry", ("agent", at, "quarry"))
    marks = [effect.mark for trigger in model.trigger for effect in trigger.do if effect.mark is not None]
    if model.picture and model.picture not in marks:
        source.unknown("mark", model.picture, marks, ("picture",))
    given = {effect.cue for trigger in model.trigger for effect in trigger.do}
    for at, cue in enumerate(model.cue):
        if cue.given is None and cue.id not in given:
            source.warn("unused-cue", f"nothing gives the cue {cue.id!r}", ("cue", at, "id"))


def _world(
    model: ScenarioFile,
    board: Board,
    tables: Tables,
    cast: Cast,
    exits: Any,
    script: Script,
    values: Mapping[str, Value],
) -> World:
    def hops(metres: int) -> int:
        return max(1, int(metres / board.cell + 0.5)) if metres else 0

    numbers = Numbers(
        talk_hops=hops(tables.numbers.talk),
        bluff=tables.numbers.bluff,
        split_turns=tables.numbers.split_turns,
        force_noise=tables.numbers.force_noise,
        throw_hops=hops(tables.numbers.throw),
        backup_turns=tables.numbers.backup_turns,
        backup_health=tables.numbers.backup_health,
        press_damage=tables.numbers.press_damage,
        fire_damage=tables.numbers.fire_damage,
        pick=tables.numbers.pick,
        seize=tables.numbers.seize,
        alarm_noise=tables.numbers.alarm_noise,
        deadman_turns=tables.numbers.deadman_turns,
    )
    labels = zip(("agent", "item", "vehicle"), cast.label, strict=True)
    spoken: dict[str, Any] = {
        f"{what}_label": tuple(label or name for label, name in zip(found, cast.columns[f"{what}_name"], strict=True))
        for what, found in labels
    }
    return World(
        name=model.id,
        title=model.title,
        ruleset=Ruleset[model.ruleset.upper()],
        board=board,
        ways=find_ways(board, tie=model.tie),
        sight=find_sight(board),
        roster=tables.roster,
        numbers=numbers,
        turns=model.turns,
        exits=exits,
        script=script,
        fact_name=tuple(model.facts),
        capture_hops=model.capture_hops,
        params=tuple(values.items()),
        **cast.columns,
        **spoken,
    )


def _digest(texts: Mapping[str, str], line: str, values: Mapping[str, Value]) -> str:
    hasher = hashlib.blake2b(digest_size=8)
    for part in (
        line,
        *(f"{name}={value!r}" for name, value in values.items()),
        *(f"{k}\0{v}" for k, v in texts.items()),
    ):
        hasher.update(part.encode() + b"\0")
    return hasher.hexdigest()
