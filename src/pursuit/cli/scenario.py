"""``pursuit scenario``: what there is to play."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pursuit.content.scenario import Scenario

app = typer.Typer(help="List, describe and check scenarios.", no_args_is_help=True)

NAME = Annotated[str, typer.Argument(help="A scenario by name, or the path of a file.", metavar="NAME")]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")]


@app.command("list")
def list_scenarios(as_json: JSON = False) -> None:
    """All scenarios that come with pursuit."""
    from pursuit.cli import show
    from pursuit.content.scenario import load_scenario, scenario_names

    found = [load_scenario(name, "open") for name in scenario_names()]
    if as_json:
        show.emit({"scenarios": [{"name": s.name, "title": s.title, "map": s.world.board.name} for s in found]})
        return
    rows = [(s.name, s.title, s.world.ruleset.name.lower(), str(s.world.num_agents)) for s in found]
    show.table(show.console(), ("scenario", "title", "ruleset", "cast"), rows, right=(3,))


@app.command()
def describe(name: NAME, as_json: JSON = False) -> None:
    """Who is in a scenario, where, and what its script does."""
    from pursuit.cli import show
    from pursuit.content.scenario import load_scenario

    lines = {"film": load_scenario(name, "film"), "open": load_scenario(name, "open")}
    if as_json:
        show.emit(_facts(lines["film"], lines["open"]))
        return
    scenario = lines["film"]
    world, out = scenario.world, show.console()
    out.print(f"{scenario.title} ({scenario.name})", style="bold")
    if scenario.about:
        out.print(scenario.about)
    board = world.board
    out.print(
        f"map {board.name}, {board.num_nodes} nodes of {board.cell:g} m; ruleset {world.ruleset.name.lower()}; "
        f"{world.turns} turns; seed {scenario.seed}"
    )
    columns = ("agent", "kind", "side", "film", "open play")
    show.table(out, columns, _cast(scenario, lines["open"]))
    for key, value in scenario.params.items():
        out.print(f"parameter {key} = {value}")
    script = world.script
    out.print(
        f"{len(script.triggers)} triggers, {len(script.cues)} cues, {len(scenario.checks)} checks on the film line"
    )
    for check in scenario.checks:
        out.print(f"  {check.title or check.name}", style="dim" if check.skipped else "")


@app.command()
def check(
    names: Annotated[
        list[str] | None, typer.Argument(help="Scenarios by name or path; all of them by default.")
    ] = None,
    as_json: JSON = False,
) -> None:
    """Read scenarios on both lines, and tell everything that is wrong with them."""
    from pursuit.cli import show
    from pursuit.content.files.problems import ContentError
    from pursuit.content.scenario import load_scenario, scenario_names

    found = show.Findings("scenarios", quiet=as_json)
    for name in names or scenario_names():
        try:
            lines = [load_scenario(name, "film"), load_scenario(name, "open")]
        except ContentError as error:
            found.bad(name, error.problems)
            continue
        found.good(name, "fine", dict.fromkeys(warning for scenario in lines for warning in scenario.warnings))
    raise typer.Exit(found.close())


@app.command()
def gallery(
    folder: Annotated[Path, typer.Argument(help="Where gallery.md and its pictures go.", metavar="FOLDER")],
    names: Annotated[
        list[str] | None, typer.Argument(help="Scenarios by name or path; all of them by default.")
    ] = None,
) -> None:
    """Write a page with a picture and a paragraph for each scenario, from its film line."""
    from pursuit.content.scenario import load_scenario, scenario_names
    from pursuit.viewer.gallery import write_gallery

    for picture in write_gallery((load_scenario(name) for name in names or scenario_names()), folder):
        print(f"written: {picture}")
    print(f"written: {folder / 'gallery.md'}")


@app.command()
def schema() -> None:
    """The JSON Schema of scenario files, for editors."""
    from pursuit.cli import show
    from pursuit.content.scenario import json_schema

    show.emit(json_schema())


def _cast(film: Scenario, open_play: Scenario) -> list[tuple[str, ...]]:
    from pursuit.core.world import Side

    world = film.world
    return [
        (
            name + (" (quarry)" if world.quarry[slot] else ""),
            world.roster.kind_name[world.kind[slot]],
            Side(world.side[slot]).name.lower(),
            film.policies[slot],
            open_play.policies[slot],
        )
        for slot, name in enumerate(world.agent_name)
    ]


def _facts(film: Scenario, open_play: Scenario) -> dict[str, Any]:
    world = film.world
    names = ("agent", "kind", "side", "film", "open")
    return {
        "name": film.name,
        "title": film.title,
        "about": film.about,
        "map": world.board.name,
        "nodes": world.board.num_nodes,
        "ruleset": world.ruleset.name.lower(),
        "turns": world.turns,
        "seed": film.seed,
        "params": film.params,
        "cast": [dict(zip(names, row, strict=True)) for row in _cast(film, open_play)],
        "triggers": [trigger.name for trigger in world.script.triggers],
        "cues": [cue.name for cue in world.script.cues],
        "checks": [check.name for check in film.checks],
    }
