"""Unit boards: the boards of classical games and of benchmarks, made from a graph or from a short spec.

A unit board has cells of one meter, every mode on every edge, no doors, and everybody sees everything.

======================  ==========================================================
spec                    board
======================  ==========================================================
``grid:10x10``          streets in a rectangle, width x height
``torus:8x8``           the same, joined at the edges
``streets:40x32:0.2:7`` a grid without a fifth of its nodes, by seed 7, in one piece
``path:9``, ``cycle:12``
``complete:6``          everybody next to everybody
``tree:2x5``            branches x depth
``hypercube:4``         dimensions
``random:60:0.05:3``    nodes, chance of an edge, seed; its largest piece
``petersen`` ...        also dodecahedron, heawood, pappus, desargues, robertson
======================  ==========================================================
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeAlias

import networkx as nx  # type: ignore[import-untyped]
import numpy as np
from numpy.typing import NDArray

from pursuit.content.boards.assemble import MOST_SLOTS, Edges, freeze, tabulate
from pursuit.content.files.problems import ContentError, did_you_mean, fail
from pursuit.core.board import Board, Mode

Graph: TypeAlias = Any  # nx.Graph; networkx has no types of its own

MOST_NODES = 100_000
_MOST_AT_RANDOM = 10_000  # every pair of nodes is drawn for
_ALL_MODES = (1 << len(Mode)) - 1
_MOST_SPRUNG = 400  # beyond that many nodes a spring layout takes seconds, and nobody could read it


def from_graph(graph: Graph, name: str = "graph", xy: dict[Hashable, tuple[float, float]] | None = None) -> Board:
    """A unit board from a networkx graph, directed or not; nodes are numbered in the graph's own order.

    ``xy`` places the nodes in meters; without it they are laid out. Edges of a node to itself are left out: staying is
    always possible. Raises ContentError for an empty graph, too many nodes, or more ways out of a node than slots.
    """
    if graph.number_of_nodes() == 0:
        raise fail("empty-board", "a board needs at least one node", name)
    if graph.number_of_nodes() > MOST_NODES:
        found = graph.number_of_nodes()
        raise fail("too-many-nodes", f"{found:,} nodes; a generated board has at most {MOST_NODES:,}", name)
    number = {node: index for index, node in enumerate(graph)}
    pairs = [(number[a], number[b]) for a, b in graph.edges() if a != b]
    if not graph.is_directed():
        pairs += [(b, a) for a, b in pairs]
    ends = np.array(pairs, np.int32).reshape(-1, 2)
    plain = len(ends)
    edges = Edges(
        ends[:, 0],
        ends[:, 1],
        np.full(plain, _ALL_MODES, np.uint8),
        np.zeros(plain, np.bool_),
        np.full(plain, -1, np.int16),
    )
    num_nodes = len(number)
    try:
        slots = tabulate(num_nodes, edges, _ALL_MODES)
    except ValueError as error:
        raise fail("too-many-ways", str(error), name) from None
    board = Board(
        name=name,
        title=name,
        cell=1.0,
        xy=_layout(graph) if xy is None else np.array([xy[node] for node in graph], np.float64),
        level=np.zeros(num_nodes, np.int8),
        label=tuple(_text(node) for node in graph),
        neighbor=slots.neighbor,
        modes=slots.modes,
        bars=slots.bars,
        door=slots.door,
        degree=slots.degree,
        feature=np.zeros(num_nodes, np.uint16),
        door_name=(),
        door_start=np.empty(0, np.int8),
        door_route=np.empty(0, np.int8),
        door_nodes=np.empty((0, 2), np.int32),
        sight_hops=-1,
        places={_text(node): index for node, index in number.items()},
        room=np.full(num_nodes, -1, np.int16),
    )
    return freeze(board)


def grid(width: int, height: int) -> Board:
    """``width`` x ``height`` nodes, each joined to those above, below, left and right."""
    graph = nx.grid_2d_graph(width, height)
    return from_graph(graph, f"grid:{width}x{height}", _as_placed(graph))


def torus(width: int, height: int) -> Board:
    """A grid joined at its edges; both sides must be at least 3, or nodes would be joined twice."""
    graph = nx.grid_2d_graph(width, height, periodic=True)
    return from_graph(graph, f"torus:{width}x{height}", _as_placed(graph))


def streets(width: int, height: int, holes: float, seed: int) -> Board:
    """A grid without a share ``holes`` of its nodes, taken at random where that leaves the rest in one piece.

    The board has exactly ``width * height - round(holes * width * height)`` nodes, fewer holes only if no more fit.
    """
    graph = nx.grid_2d_graph(width, height)
    wanted = graph.number_of_nodes() - round(holes * graph.number_of_nodes())
    rng = np.random.default_rng(seed)
    while graph.number_of_nodes() > max(wanted, 1):
        # Leave the cut nodes of the moment; the others can go one by one, if they stay no cut nodes.
        safe = set(graph) - set(nx.articulation_points(graph))
        before = graph.number_of_nodes()
        nodes = sorted(safe)
        for index in rng.permutation(len(nodes)):
            if graph.number_of_nodes() <= max(wanted, 1):
                break
            if _can_go(graph, nodes[index]):
                graph.remove_node(nodes[index])
        if graph.number_of_nodes() == before:
            break
    return from_graph(graph, f"streets:{width}x{height}:{holes:g}:{seed}", _as_placed(graph))


def _can_go(graph: Graph, node: tuple[int, int]) -> bool:
    """Whether the neighbors of a grid node stay joined without it, by ways within two rings around it."""
    neighbors = list(graph[node])
    if len(neighbors) <= 1:
        return True
    x, y = node
    around = graph.subgraph((x + dx, y + dy) for dx in range(-2, 3) for dy in range(-2, 3) if (dx, dy) != (0, 0))
    return bool(set(neighbors) <= nx.node_connected_component(around, neighbors[0]))


def _as_placed(graph: Graph) -> dict[Hashable, tuple[float, float]]:
    return {node: (float(node[0]), float(node[1])) for node in graph}


def _layout(graph: Graph) -> NDArray[np.float64]:
    """Positions [N, 2] in meters, about one meter between neighbors."""
    num_nodes = graph.number_of_nodes()
    is_small = num_nodes <= _MOST_SPRUNG
    where = nx.spring_layout(graph, seed=1) if is_small else nx.circular_layout(graph)
    xy = np.array([where[node] for node in graph], np.float64).reshape(num_nodes, 2)
    number = {node: index for index, node in enumerate(graph)}
    ends = np.array([(number[a], number[b]) for a, b in graph.edges()], np.int64).reshape(-1, 2)
    length = np.hypot(*(xy[ends[:, 0]] - xy[ends[:, 1]]).T)
    scale = float(length.mean()) if length.size else 0.0
    return xy / scale if scale > 0 else xy


def _text(node: Hashable) -> str:
    return ",".join(str(part) for part in node) if isinstance(node, tuple) else str(node)


def _robertson() -> Graph:
    """The smallest graph with four ways everywhere and no cycle under five."""
    graph = nx.cycle_graph(19)
    chords = "0-4 0-7 1-9 1-16 2-11 2-14 3-8 3-17 4-15 5-9 5-12 6-14 6-17 7-11 8-13 10-15 10-18 12-16 13-18"
    graph.add_edges_from(tuple(int(end) for end in chord.split("-")) for chord in chords.split())
    return graph


def _random(num_nodes: int, chance: float, seed: int) -> Board:
    graph = nx.gnp_random_graph(num_nodes, chance, seed=seed)
    piece = max(nx.connected_components(graph), key=len)
    whole = nx.convert_node_labels_to_integers(graph.subgraph(sorted(piece)))
    return from_graph(whole, f"random:{num_nodes}:{chance:g}:{seed}")


def _num_in_tree(branches: int, depth: int) -> int:
    enough = MOST_NODES if branches == 1 else MOST_NODES.bit_length()  # levels that make it too large
    return sum(branches**level for level in range(min(depth, enough) + 1))


@dataclass(frozen=True, slots=True)
class _Shape:
    """A family of boards that a spec can name."""

    form: str  # what a spec of it looks like, for people
    arguments: str  # the same as a pattern
    least: tuple[int, ...]  # smallest value of the first arguments
    count: Callable[..., int]  # how many nodes it will make
    make: Callable[..., Board]
    most: int = MOST_NODES


def _graph_shape(form: str, least: int, make: Callable[[int], Graph], count: Callable[[int], int], most: int) -> _Shape:
    name = form.partition(":")[0]
    return _Shape(form, r"(\d{1,6})", (least,), count, lambda n: from_graph(make(n), f"{name}:{n}"), most)


_SIDES = r"(\d{1,6})x(\d{1,6})"
_SHARE = r"(0|0?\.\d+)"
_SEED = r"(\d{1,9})"

_SHAPES: dict[str, _Shape] = {
    "grid": _Shape("grid:WIDTHxHEIGHT", _SIDES, (1, 1), operator.mul, grid),
    "torus": _Shape("torus:WIDTHxHEIGHT", _SIDES, (3, 3), operator.mul, torus),
    "streets": _Shape(
        "streets:WIDTHxHEIGHT:HOLES:SEED", f"{_SIDES}:{_SHARE}:{_SEED}", (1, 1), lambda w, h, *_: int(w * h), streets
    ),
    "path": _graph_shape("path:NODES", 1, nx.path_graph, int, MOST_NODES),
    "cycle": _graph_shape("cycle:NODES", 3, nx.cycle_graph, int, MOST_NODES),
    "complete": _graph_shape("complete:NODES", 1, nx.complete_graph, int, MOST_SLOTS + 1),
    "hypercube": _graph_shape("hypercube:DIMENSIONS", 0, nx.hypercube_graph, lambda d: 1 << min(d, 60), MOST_NODES),
    "tree": _Shape(
        "tree:BRANCHESxDEPTH",
        r"(\d{1,2})x(\d{1,4})",
        (1, 0),
        _num_in_tree,
        lambda branches, depth: from_graph(nx.balanced_tree(branches, depth), f"tree:{branches}x{depth}"),
    ),
    "random": _Shape(
        "random:NODES:CHANCE:SEED",
        rf"(\d{{1,6}}):{_SHARE}:{_SEED}",
        (1,),
        lambda nodes, *_: int(nodes),
        _random,
        _MOST_AT_RANDOM,
    ),
}
_NAMED: dict[str, Callable[[], Graph]] = {
    "petersen": nx.petersen_graph,
    "dodecahedron": nx.dodecahedral_graph,
    "heawood": nx.heawood_graph,
    "pappus": nx.pappus_graph,
    "desargues": nx.desargues_graph,
    "robertson": _robertson,
}


def is_spec(text: str) -> bool:
    """Whether a text is meant as a spec, right or wrong, and not as the name of a map."""
    return ":" in text.replace(":\\", "") or text in _NAMED or text in _SHAPES


def from_spec(spec: str) -> Board:
    """A unit board from a spec such as ``grid:10x10``. Raises ContentError that says what a spec looks like."""
    shape, _, arguments = spec.partition(":")
    if shape in _NAMED:
        if arguments:
            raise _bad(f"{shape!r} takes no numbers")
        return from_graph(_NAMED[shape](), shape)
    if shape not in _SHAPES:
        known = [*_SHAPES, *_NAMED]
        hint = did_you_mean(shape, known) or ";"
        raise _bad(f"{shape!r} is not a shape of board{hint} known: {', '.join(known)}")
    family = _SHAPES[shape]
    match = re.fullmatch(family.arguments, arguments)
    if match is None:
        raise _bad(f"{spec!r} does not look like {family.form}")
    values = [float(part) if "." in part else int(part) for part in match.groups()]
    names = re.findall("[A-Z]+", family.form)
    for value, least, name in zip(values, family.least, names, strict=False):
        if value < least:
            raise _bad(f"{name} in {family.form} is at least {least}, not {value}")
    if family.count(*values) > family.most:
        raise _bad(f"{spec!r} is too large: {shape} boards have at most {family.most:,} nodes")
    return family.make(*values)


def _bad(message: str) -> ContentError:
    return fail("bad-spec", message)
