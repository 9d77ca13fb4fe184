"""Generated boards: the right graph, the same every time, and clear words for a wrong spec."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from pursuit.content.boards import generate
from pursuit.content.boards.generate import from_graph, from_spec, is_spec
from pursuit.content.files.problems import ContentError
from pursuit.core.board import Board, Mode
from pursuit.core.distance import Sight, Ways


def as_graph(board: Board) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(board.num_nodes))
    for node in range(board.num_nodes):
        graph.add_edges_from((node, int(to)) for to in board.neighbor[node, 1 : board.degree[node]])
    return graph


@pytest.mark.parametrize(
    ("spec", "num_nodes", "num_edges"),
    [
        ("grid:10x7", 70, 123),
        ("grid:1x1", 1, 0),
        ("torus:8x8", 64, 128),
        ("path:9", 9, 8),
        ("cycle:12", 12, 12),
        ("complete:6", 6, 15),
        ("tree:2x5", 63, 62),
        ("tree:1x4", 5, 4),
        ("tree:9x0", 1, 0),
        ("hypercube:4", 16, 32),
        ("petersen", 10, 15),
        ("dodecahedron", 20, 30),
        ("heawood", 14, 21),
        ("pappus", 18, 27),
        ("desargues", 20, 30),
        ("robertson", 19, 38),
    ],
)
def test_a_spec_gives_its_graph(spec: str, num_nodes: int, num_edges: int) -> None:
    board = from_spec(spec)
    graph = as_graph(board)
    assert board.name == spec
    assert (board.num_nodes, graph.number_of_edges()) == (num_nodes, 2 * num_edges)
    assert nx.is_strongly_connected(graph)
    assert np.unique(board.xy, axis=0).shape == board.xy.shape  # no two nodes on one spot
    assert (board.modes[:, 0] == (1 << len(Mode)) - 1).all()


def test_the_cages_have_their_girth() -> None:
    for spec, girth in [("petersen", 5), ("robertson", 5), ("heawood", 6)]:
        graph = as_graph(from_spec(spec)).to_undirected()
        assert nx.girth(graph) == girth
        assert len({degree for _, degree in graph.degree()}) == 1


def test_streets_are_in_one_piece_with_the_holes_asked_for() -> None:
    for seed in range(5):
        board = from_spec(f"streets:20x16:0.3:{seed}")
        assert board.num_nodes == 320 - 96
        assert nx.is_strongly_connected(as_graph(board))
    assert from_spec("streets:40x32:0.2:7").num_nodes == 1024


def test_a_seed_gives_the_same_board() -> None:
    for spec in ("streets:12x9:.25:3", "random:60:0.05:3", "petersen"):
        one, two = from_spec(spec), from_spec(spec)
        np.testing.assert_array_equal(one.neighbor, two.neighbor)
        np.testing.assert_array_equal(one.xy, two.xy)
    assert from_spec("streets:12x9:0.25:3").places != from_spec("streets:12x9:0.25:4").places


def test_a_unit_board_plays() -> None:
    board = generate.grid(6, 5)
    ways = Ways(board)
    table = ways.pick(Mode.CAR, False, 0)
    assert ways.distance(table, board.places["0,0"], board.places["5,4"]) == 9
    sight = Sight(board)
    assert sight.sees(sight.pick(0), 0, np.arange(30)).all()


def test_arrays_are_read_only() -> None:
    board = generate.torus(4, 4)
    for array in (board.xy, board.neighbor, board.modes, board.feature):
        assert not array.flags.writeable


def test_a_directed_graph_gives_one_way_edges() -> None:
    board = from_graph(nx.DiGraph([("a", "b"), ("b", "c"), ("c", "a"), ("a", "a")]))
    assert sorted(as_graph(board).edges()) == [(0, 1), (1, 2), (2, 0)]
    assert board.places == {"a": 0, "b": 1, "c": 2}


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("gird:4x4", "'gird' is not a shape of board; did you mean 'grid'? known: grid, torus,"),
        ("zzz:4", "'zzz' is not a shape of board; known: grid,"),
        ("grid:4", "'grid:4' does not look like grid:WIDTHxHEIGHT"),
        ("grid:4x", "'grid:4x' does not look like grid:WIDTHxHEIGHT"),
        ("grid:-4x4", "does not look like grid:WIDTHxHEIGHT"),
        ("grid:0x4", "WIDTH in grid:WIDTHxHEIGHT is at least 1, not 0"),
        ("grid:999x999", "'grid:999x999' is too large: grid boards have at most 100,000 nodes"),
        ("torus:8x2", "HEIGHT in torus:WIDTHxHEIGHT is at least 3, not 2"),
        ("streets:8x8", "does not look like streets:WIDTHxHEIGHT:HOLES:SEED"),
        ("streets:8x8:1.5:7", "does not look like streets:WIDTHxHEIGHT:HOLES:SEED"),
        ("cycle:2", "NODES in cycle:NODES is at least 3, not 2"),
        ("complete:17", "complete boards have at most 16 nodes"),
        ("tree:99x9999", "tree boards have at most 100,000 nodes"),
        ("hypercube:99", "hypercube boards have at most 100,000 nodes"),
        ("petersen:3", "'petersen' takes no numbers"),
        ("path:9:3", "does not look like path:NODES"),
    ],
)
def test_a_wrong_spec_says_what_is_right(spec: str, message: str) -> None:
    with pytest.raises(ContentError) as caught:
        from_spec(spec)
    assert message in str(caught.value)
    assert str(caught.value).startswith("error[bad-spec]: ")


def test_a_graph_that_no_board_can_hold() -> None:
    with pytest.raises(ContentError, match="node 0 has 16 ways out; at most 15 are possible"):
        from_graph(nx.star_graph(16))
    with pytest.raises(ContentError, match="at least one node"):
        from_graph(nx.Graph())
    with pytest.raises(ContentError, match="100,001 nodes"):
        from_graph(nx.empty_graph(100_001))


def test_a_spec_is_told_from_a_name() -> None:
    assert is_spec("grid:4x4")
    assert is_spec("petersen")
    assert not is_spec("galleria")
    assert not is_spec("C:\\maps\\galleria.toml")
