"""``pursuit solve``: perfect play on a small board."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pursuit.solve.game import Graph
    from pursuit.solve.retrograde import Progress
    from pursuit.solve.table import Table


_MOST_UNSEEN = 50_000  # states that may be looked at only to learn the least number of pursuers


def solve(
    board: Annotated[
        str,
        typer.Argument(
            help="A map by name, a board such as grid:10x10, a GraphML file, or a file with an edge a line."
        ),
    ],
    pursuers: Annotated[int, typer.Option(min=1, max=4, help="How many pursuers hunt the one evader.")] = 2,
    rule: Annotated[
        str,
        typer.Option(
            help="alternating: capture on the node. adjacent: or next to it. lazy: one pursuer moves. "
            "simultaneous: all at once. unseen: no sight."
        ),
    ] = "alternating",
    turns: Annotated[int, typer.Option(min=1, help="With simultaneous: capture within so many turns counts.")] = 20,
    exits: Annotated[str, typer.Option(help="Nodes by which the evader gets away: names with spaces between.")] = "",
    memory: Annotated[int, typer.Option(min=1, help="MiB that the table may take; more is refused.")] = 2048,
    picture: Annotated[
        Path | None, typer.Option(help="Draw a map's table to a PNG, the pursuers placed best.", metavar="PNG")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")] = False,
) -> None:
    """Turns to capture from every placement, if everybody plays perfectly."""
    from pursuit.cli import show
    from pursuit.content.files.problems import did_you_mean, fail
    from pursuit.solve.cops import cop_number
    from pursuit.solve.game import RULES, check_size, table_bytes
    from pursuit.solve.kept import solve_once

    known = [*RULES, "simultaneous", "unseen"]
    if rule not in known:
        raise fail(
            "unknown-rule", f"{rule!r} is not a rule{did_you_mean(rule, known) or '; known: ' + ', '.join(known)}"
        )
    if picture is not None and rule not in RULES:
        raise fail("no-picture", f"the rule {rule!r} has no table of turns; a picture takes {', '.join(RULES)}")
    graph, names = _load(board)
    if rule == "unseen":
        if exits:
            raise fail("exits", "the rule 'unseen' knows no exits; leave --exits out")
        _unseen(board, graph, pursuers, as_json)
        return
    if rule == "simultaneous":
        _simultaneous(board, graph, pursuers, turns, _exits(exits, names), as_json)
        return
    check_size(graph.num_nodes, pursuers, memory << 20)
    show.note(f"{graph.num_nodes:,} nodes: up to {table_bytes(graph.num_nodes, pursuers) / (1 << 20):,.0f} MiB")
    begun = time.perf_counter()
    with _bar(board) as progress:
        table = solve_once(
            graph, pursuers, RULES[rule], exits=_exits(exits, names), budget=memory << 20, progress=progress
        )
    seconds = time.perf_counter() - begun
    # With exits nobody need win from a placement of their own, so the number is that of the game without them.
    least = cop_number(graph, RULES[rule], None if exits else table, budget=memory << 20)
    facts = _facts(table, least, seconds)
    if picture is not None:
        _draw(board, table, picture)
    label = {index: name for name, index in names.items()}
    facts["placement"] = None if table.placement is None else [label.get(node, str(node)) for node in table.placement]
    if as_json:
        show.emit({"board": board, "pursuers": pursuers, "rule": rule, **facts})
        return
    out, team = show.console(), "1 pursuer" if pursuers == 1 else f"{pursuers} pursuers"
    out.print(f"{board}: {facts['nodes']:,} nodes, {facts['edges']:,} edges, {team}, {rule}", style="bold")
    out.print(f"cop number: {'not found within four pursuers and the memory' if least is None else least}")
    if table.capture_time is None:
        out.print("capture time: none; wherever they start, the evader can keep away")
    else:
        out.print(f"capture time: {table.capture_time} turns, from {' and '.join(facts['placement'])}")
    share, mean = facts["finite_share"], facts["mean"]
    out.print(f"all placements: {share:.4%} end in capture, after {mean:.3f} turns on average, {facts['max']} at most")
    out.print(f"{facts['states']:,} states in {seconds:.2f} s, at most {facts['peak_mib']} MiB", style="dim")


def _draw(name: str, table: Table, out: Path) -> None:
    """The turns left at each node, with the pursuers where they are best placed."""
    import numpy as np

    from pursuit.content.files.problems import fail
    from pursuit.content.maps import load_map
    from pursuit.viewer.turns import draw_turns

    if table.placement is None:
        raise fail("no-picture", "no placement of so many pursuers wins against every start", name)
    if Path(name).is_file() and Path(name).suffix != ".toml":
        raise fail("no-picture", "a picture takes a map or a generated board, whose nodes have places", name)
    nodes = np.arange(table.graph.num_nodes)
    team = np.tile(np.array(table.placement), (len(nodes), 1))
    draw_turns(load_map(name), table.placement, table.turns(team, nodes), f"{name}, {table.rule.name}: turns left", out)


def _unseen(board: str, graph: Graph, pursuers: int, as_json: bool) -> None:
    """The game without sight: the keys of the others, those that have a meaning here."""
    from pursuit.cli import show
    from pursuit.solve.game import TooLargeError
    from pursuit.solve.unseen import clear_unseen, least_unseen

    begun = time.perf_counter()
    found = clear_unseen(graph, pursuers)
    seconds = time.perf_counter() - begun
    try:
        best = least_unseen(graph, most_states=_MOST_UNSEEN)
    except TooLargeError:
        best = None
    facts = {
        "nodes": graph.num_nodes,
        "edges": graph.num_edges,
        "cop_number": None if best is None else best.pursuers,
        "capture_time": found.turns,
        **dict.fromkeys(("finite_share", "sum", "max", "mean")),
        "states": found.states,
        "seconds": round(seconds, 3),
        "peak_mib": _peak_mib(),
    }
    if as_json:
        show.emit({"board": board, "pursuers": pursuers, "rule": "unseen", **facts})
        return
    least = "unknown: four are too few, or the search too long" if best is None else str(best.pursuers)
    print(f"{board}: {graph.num_nodes:,} nodes, an evader nobody sees")
    print(f"least number of pursuers: {least}")
    print(f"turns with {pursuers}: {'never cleared' if found.turns is None else found.turns}")


def _simultaneous(board: str, graph: Graph, pursuers: int, turns: int, exits: list[int], as_json: bool) -> None:
    """The game of simultaneous moves: the keys of the others, sums being of probabilities."""
    from pursuit.cli import show
    from pursuit.solve.simultaneous import solve_simultaneous

    begun = time.perf_counter()
    with show.progress(board) as advance:
        odds = solve_simultaneous(graph, pursuers, turns, exits=exits, progress=advance)
    value = odds.value
    facts = {
        "nodes": graph.num_nodes,
        "edges": graph.num_edges,
        "cop_number": None,
        "capture_time": None,
        "turns": turns,
        "finite_share": float((value > 1 - 1e-9).mean()),
        "sum": float(value.sum()),
        "max": float(value.max()),
        "mean": float(value.mean()),
        "states": value.size,
        "programs": odds.programs,
        "seconds": round(time.perf_counter() - begun, 3),
        "peak_mib": _peak_mib(),
    }
    if as_json:
        show.emit({"board": board, "pursuers": pursuers, "rule": "simultaneous", **facts})
        return
    print(f"{board}: {graph.num_nodes:,} nodes, all move at once, capture within {turns} turns")
    print(f"all placements: {facts['mean']:.4f} on average; certain in {facts['finite_share']:.2%} of them")
    print(f"{value.size:,} states, {odds.programs:,} linear programs in {facts['seconds']:.2f} s")


def _facts(table: Table, least: int | None, seconds: float) -> dict[str, Any]:
    summary = table.summary
    return {
        "nodes": table.graph.num_nodes,
        "edges": table.graph.num_edges,
        "cop_number": least,
        "capture_time": table.capture_time,
        "finite_share": summary.finite_share,
        "sum": summary.sum,
        "max": summary.max,
        "mean": summary.mean,
        "states": summary.states,
        "seconds": round(seconds, 3),
        "peak_mib": _peak_mib(),
    }


def _load(name: str) -> tuple[Graph, dict[str, int]]:
    """A graph and the numbers of its named nodes."""
    import numpy as np

    from pursuit.content.boards.graphfile import read_graph
    from pursuit.content.maps import load_map, map_names
    from pursuit.solve.game import graph_from_pairs, graph_of

    path = Path(name)
    if name not in map_names() and path.suffix != ".toml" and (path.is_file() or path.suffix.lower() == ".graphml"):
        file = read_graph(path)
        ends = np.array(file.pairs, np.intp).reshape(-1, 2)
        return graph_from_pairs(len(file.number), ends[:, 0], ends[:, 1]), file.number
    board = load_map(name)
    return graph_of(board), board.places


def _exits(text: str, names: dict[str, int]) -> list[int]:
    from pursuit.content.files.problems import did_you_mean, fail

    exits = []
    for name in text.split():
        if name not in names:
            raise fail("unknown-node", f"{name!r} is not a node of the board{did_you_mean(name, names)}")
        exits.append(names[name])
    return exits


@contextmanager
def _bar(name: str) -> Iterator[Progress]:
    """A bar on standard error: how many states are won so far, turn by turn."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from pursuit.cli import show

    out = show.console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("turn {task.fields[turn]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task(name, total=None, turn=0)

        def after_turn(turn: int, won: int, everything: int) -> None:
            bar.update(task, turn=turn, completed=won, total=everything)

        yield after_turn


def _peak_mib() -> int | None:
    """The most memory this process has held, where the system says."""
    try:
        import resource
    except ImportError:
        return None
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10))
