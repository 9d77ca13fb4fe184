"""``pursuit map``: the boards there are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pursuit.content.osm.importer import Report
    from pursuit.core.board import Board

_MOST_LISTED = 200

app = typer.Typer(help="List, describe, check and import maps.", no_args_is_help=True)

NAME = Annotated[
    str, typer.Argument(help="A map by name, the path of a file, or a board such as grid:8x8.", metavar="NAME")
]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")]


@app.command("list")
def list_maps(as_json: JSON = False) -> None:
    """All maps that come with pursuit."""
    from pursuit.cli import show
    from pursuit.content.maps import load_map, map_names

    boards = {name: load_map(name) for name in map_names()}
    if as_json:
        show.emit({"maps": [{"name": name, "title": b.title, "nodes": b.num_nodes} for name, b in boards.items()]})
        return
    rows = [(name, b.title, str(b.num_nodes), f"{b.cell:g} m", str(b.num_doors)) for name, b in boards.items()]
    show.table(show.console(), ("map", "title", "nodes", "cell", "doors"), rows, right=(2, 3, 4))


@app.command()
def info(
    name: NAME,
    picture: Annotated[Path | None, typer.Option("--picture", help="Draw it to a PNG.", metavar="PNG")] = None,
    as_json: JSON = False,
) -> None:
    """Size, places, doors and regions of a map; with --picture it is drawn as well."""
    from pursuit.cli import show
    from pursuit.content.maps import load_map

    board = load_map(name)
    if picture is not None:
        from pursuit.viewer.chart import draw_board

        draw_board(board, picture)
    facts = _facts(board)
    if as_json:
        show.emit(facts)
        return
    out = show.console()
    out.print(f"{board.title or name}", style="bold")
    out.print(f"{facts['nodes']} nodes, {facts['edges']} one-way edges, cells of {board.cell:g} m")
    out.print(f"{facts['width']:.0f} by {facts['height']:.0f} m on {facts['levels']} levels")
    for what in ("places", "regions", "doors"):
        if facts[what]:
            more = len(facts[what]) - _MOST_LISTED
            listed = ", ".join(facts[what][:_MOST_LISTED]) + (f" and {more:,} more" if more > 0 else "")
            out.print(f"{what}: {listed}")
    if "mean" in board.stray:
        ways = {what: value for what, value in board.stray.items() if what not in ("mean", "max")}
        worst = f" ({max(ways, key=ways.__getitem__)})" if ways else ""
        mean, most = 100 * board.stray["mean"], 100 * board.stray["max"]
        out.print(f"hops stray from real lengths by {mean:.1f} % on average, {most:.0f} % at most{worst}")
    if board.attribution:
        out.print(board.attribution, style="dim")
    if picture is not None:
        out.print(f"picture: {picture}")


@app.command()
def check(
    names: Annotated[list[str] | None, typer.Argument(help="Maps by name or path; all of them by default.")] = None,
    as_json: JSON = False,
) -> None:
    """Compile maps, and tell everything that is wrong with them."""
    from pursuit.cli import show
    from pursuit.content.files.problems import ContentError
    from pursuit.content.maps import load_map, map_names

    found = show.Findings("maps", quiet=as_json)
    for name in names or map_names():
        try:
            board = load_map(name)
        except ContentError as error:
            found.bad(name, error.problems)
            continue
        found.good(name, f"fine ({board.num_nodes} nodes)")
    raise typer.Exit(found.close())


@app.command("import")
def import_map(
    file: Annotated[Path, typer.Argument(help="A street network as OSMnx saves it (GraphML).", metavar="FILE")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The city file to write.", metavar="NAME.city.json.gz")],
    cell: Annotated[float, typer.Option(help="Meters of one hop.")] = 20.0,
    modes: Annotated[str, typer.Option(help="Who travels on it: of foot, motorcycle, car, truck.")] = "foot,car",
    force: Annotated[bool, typer.Option("--force", help="Keep a part of less than half of the nodes.")] = False,
    as_json: JSON = False,
) -> None:
    """Make a city of OpenStreetMap data, and say what was dropped and assumed."""
    from pursuit.cli import show
    from pursuit.content.files.problems import fail
    from pursuit.content.osm import city as cities
    from pursuit.content.osm.importer import import_city

    if not cities.is_city(out):
        raise fail("bad-ending", f"a city file ends in {' or '.join(cities.SUFFIXES)}", str(out))
    wanted = tuple(mode.strip() for mode in modes.split(",") if mode.strip())
    name = cities.key_of(out.name.split(".")[0])
    city, report = import_city(file, cell=cell, modes=wanted, force=force, name=name)
    cities.write(city, out)
    if as_json:
        legal = {"source": city.source, "license": city.license, "attribution": city.attribution}
        show.emit({"map": str(out), **asdict(report), **legal})
        return
    for line in _told(report):
        print(line)
    print(f"source {city.source}, {city.license}")
    print(city.attribution)
    print(f"map: {out}")


def _told(report: Report) -> Iterator[str]:
    from pursuit.core.distance import BUDGET

    yield f"{report.nodes:,} nodes and {report.edges:,} edges read"
    yield from (f"  dropped: {count:,} {what}" for what, count in report.dropped.items())
    yield f"  strongly connected: {report.strong_nodes:,} nodes, {report.strong_edges:,} edges"
    yield from (f"  assumed ({count:,}): {what}" for what, count in report.assumed.items())
    open_to = ", ".join(f"{count:,} open to {mode}" for mode, count in report.modes.items())
    yield f"{report.junctions:,} junctions, {report.streets:,} streets of {report.meters / 1000:,.1f} km ({open_to})"
    yield f"{report.cells:,} cells of {report.cell:g} m"
    mean, most = (100 * share for share in report.way_error)
    yield f"hops stray from the length of a street by {mean:.1f} % (weighed by length), {most:,.0f} % at most"
    mean, most = (100 * share for share in report.route_error)
    yield f"and from the length of a route of 20 cells or more by {mean:.1f} % on average, {most:.1f} % at most"
    need = 3 * report.cells**2
    if need * max(len(report.modes), 1) > BUDGET:
        fits = report.cell * math.sqrt(need * len(report.modes) / BUDGET)
        yield (
            f"note: distance tables for {len(report.modes)} modes take {need * len(report.modes) >> 20:,} MB and the "
            f"budget holds {BUDGET >> 20:,}: distances are worked out as needed, which plays slower; "
            f"with about --cell {math.ceil(fits / 5) * 5} the tables fit"
        )


def _facts(board: Board) -> dict[str, Any]:
    size = board.xy.max(axis=0) - board.xy.min(axis=0) if board.num_nodes else (0.0, 0.0)
    return {
        "name": board.name,
        "title": board.title,
        "nodes": board.num_nodes,
        "edges": int((board.degree.astype(int) - 1).sum()),
        "cell": board.cell,
        "width": float(size[0]),
        "height": float(size[1]),
        "levels": len(set(board.level.tolist())),
        "places": sorted(board.places),
        "regions": sorted(board.regions),
        "doors": list(board.door_name),
        "stray": dict(board.stray),
        "attribution": board.attribution,
    }
