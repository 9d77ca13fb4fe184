"""``pursuit map``: the boards there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pursuit.core.board import Board

app = typer.Typer(help="List, describe and check maps.", no_args_is_help=True)

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
def info(name: NAME, as_json: JSON = False) -> None:
    """Size, places, doors and regions of a map."""
    from pursuit.cli import show
    from pursuit.content.maps import load_map

    board = load_map(name)
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
            out.print(f"{what}: {', '.join(facts[what])}")
    if "mean" in board.stray:
        ways = {what: value for what, value in board.stray.items() if what not in ("mean", "max")}
        worst = f" ({max(ways, key=ways.__getitem__)})" if ways else ""
        mean, most = 100 * board.stray["mean"], 100 * board.stray["max"]
        out.print(f"hops stray from real lengths by {mean:.1f} % on average, {most:.0f} % at most{worst}")
    if board.attribution:
        out.print(board.attribution, style="dim")


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
