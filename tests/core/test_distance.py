"""Distances, next hops and sight against networkx and plain loops, on random boards."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from numpy.typing import NDArray

from pursuit.core.board import Board, Feature, Mode
from pursuit.core.distance import Sight, TooManyTablesError, Ways
from pursuit.core.ring import is_long, landmarks, ring, tour
from pursuit.core.wavefront import all_pairs, pave, wavefront, widen

ALL = 15


def make_board(edges: list[tuple[int, int, int]], num_nodes: int, **fields: object) -> Board:
    """A board from one-way edges (from, to, mode bits), slots in the order given."""
    out: list[list[tuple[int, int]]] = [[(node, ALL)] for node in range(num_nodes)]
    for a, b, modes in edges:
        out[a].append((b, modes))
    width = max(map(len, out)) + 2  # two slots of padding
    neighbor = np.tile(np.arange(num_nodes, dtype=np.int32)[:, None], (1, width))
    modes = np.zeros((num_nodes, width), np.uint8)
    for node, ways in enumerate(out):
        for slot, (to, bits) in enumerate(ways):
            neighbor[node, slot], modes[node, slot] = to, bits
    board = Board(
        name="random",
        title="",
        cell=1.0,
        xy=np.zeros((num_nodes, 2)),
        level=np.zeros(num_nodes, np.int8),
        label=("",) * num_nodes,
        neighbor=neighbor,
        modes=modes,
        bars=np.zeros((num_nodes, width), np.bool_),
        door=np.full((num_nodes, width), -1, np.int16),
        degree=np.array([len(ways) for ways in out], np.uint8),
        feature=np.zeros(num_nodes, np.uint16),
        door_name=(),
        door_start=np.empty(0, np.int8),
        door_route=np.empty(0, np.int8),
        door_nodes=np.empty((0, 2), np.int32),
        sight_hops=-1,
    )
    return replace(board, **fields)  # type: ignore[arg-type]


def random_board(seed: int) -> Board:
    """One-way edges, modes, bars, and doors of both kinds, all at random."""
    rng = np.random.default_rng(seed)
    num_nodes = int(rng.integers(1, 90))
    pairs = rng.integers(num_nodes, size=(int(rng.integers(1, 4)) * num_nodes, 2))
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    both = rng.random(len(pairs)) < 0.7
    pairs = np.unique(np.concatenate([pairs, pairs[both, ::-1]]), axis=0)
    edges = [(int(a), int(b), int(rng.integers(1, 16))) for a, b in rng.permutation(pairs)]
    board = make_board(edges, num_nodes)
    inside = np.arange(board.neighbor.shape[1]) < board.degree[:, None]
    inside[:, 0] = False
    num_doors = 5
    door = np.where(inside & (rng.random(inside.shape) < 0.2), rng.integers(num_doors, size=inside.shape), -1)
    return replace(
        board,
        bars=inside & (rng.random(inside.shape) < 0.1),
        door=door.astype(np.int16),
        door_name=tuple("abcde"),
        door_start=np.zeros(num_doors, np.int8),
        door_route=np.array([1, -1, 0, 2, -1], np.int8),
        door_nodes=np.zeros((num_doors, 2), np.int32),
    )


def passable(board: Board, mode: int, slips: bool, closed: int) -> list[tuple[int, int, int]]:
    """Edges (from, to, slot), written from the rules, one at a time."""
    found = []
    for node in range(board.num_nodes):
        for slot in range(1, int(board.degree[node])):
            door = int(board.door[node, slot])
            route = int(board.door_route[door]) if door >= 0 else -1
            if not board.modes[node, slot] >> mode & 1:
                continue
            if board.bars[node, slot] and not slips:
                continue
            if route >= 0 and closed >> route & 1:
                continue
            found.append((node, int(board.neighbor[node, slot]), slot))
    return found


def expected(
    num_nodes: int, edges: list[tuple[int, int, int]], last: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Distances (-1 without a way) and next hops, ``[start, goal]``."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(num_nodes))
    graph.add_edges_from((a, b) for a, b, _ in edges)
    distance = np.full((num_nodes, num_nodes), -1)
    for start, lengths in nx.all_pairs_shortest_path_length(graph):
        for goal, hops in lengths.items():
            distance[start, goal] = hops
    hop = np.zeros((num_nodes, num_nodes), np.int64)
    for node, to, slot in edges if last else reversed(edges):
        closer = (distance[node] > 0) & (distance[to] == distance[node] - 1) & (distance[to] >= 0)
        hop[node, closer] = slot
    return distance, hop


@pytest.mark.parametrize("seed", range(25))
def test_tables_agree_with_networkx(seed: int) -> None:
    board = random_board(seed)
    rng = np.random.default_rng(seed)
    last = bool(seed % 2)
    ways = Ways(board, tie="last" if last else "first")
    start, goal = np.indices((board.num_nodes, board.num_nodes))
    for _ in range(4):
        mode, slips, closed = int(rng.integers(len(Mode))), bool(rng.integers(2)), int(rng.integers(8))
        distance, hop = expected(board.num_nodes, passable(board, mode, slips, closed), last)
        table = ways.pick(mode, slips, closed)
        assert table.dtype == np.int32
        found = ways.distance(table, start, goal)
        np.testing.assert_array_equal(np.where(found == ways.far, -1, found.astype(np.int64)), distance)
        np.testing.assert_array_equal(ways.hop(table, start, goal), hop)


@pytest.mark.parametrize("num_nodes", [1, 2, 7, 63, 64, 65, 128, 254, 255, 256, 257, 300])
def test_a_path_at_the_widths_of_words_and_types(num_nodes: int) -> None:
    edges = [(a, a + 1, ALL) for a in range(num_nodes - 1)] + [(a + 1, a, ALL) for a in range(num_nodes - 1)]
    ways = Ways(make_board(edges, num_nodes))
    table = int(ways.pick(Mode.FOOT, False, 0))
    node = np.arange(num_nodes)
    np.testing.assert_array_equal(ways.distances(table), abs(node[:, None] - node))
    dtype = np.uint8 if num_nodes <= 255 else np.uint16
    assert ways.distances(table).dtype == dtype
    assert ways.far == np.iinfo(dtype).max


def test_the_type_grows_with_the_longest_way_and_nothing_is_lost() -> None:
    """With the door open a ring, with the door shut a path of 300 hops; and one node that nobody reaches."""
    size = 301
    edges = [(a, (a + 1) % size, ALL) for a in range(size)] + [((a + 1) % size, a, ALL) for a in range(size)]
    board = make_board(edges, size + 1)
    closing = ((board.neighbor == 0) & (np.arange(size + 1) == size - 1)[:, None]) | (
        (board.neighbor == size - 1) & (np.arange(size + 1) == 0)[:, None]
    )
    board = replace(
        board,
        door=np.where(closing, 0, -1).astype(np.int16),
        door_name=("gate",),
        door_start=np.zeros(1, np.int8),
        door_route=np.zeros(1, np.int8),
        door_nodes=np.array([[0, size - 1]], np.int32),
    )
    ways = Ways(board)
    ring = ways.pick(Mode.FOOT, False, 0)
    assert ways.far == 255
    assert ways.distance(ring, 0, 150) == 150
    path = ways.pick(Mode.FOOT, False, 1)
    assert ways.far == 65_535
    assert ways.distance(path, 0, size - 1) == 300
    assert ways.distance(ring, 0, size - 1) == 1
    assert ways.distance(ring, 0, size) == ways.far == ways.distance(path, size, 0)
    assert ways.hop(path, size, 0) == 0


def test_everything_broadcasts() -> None:
    board = random_board(3)
    ways = Ways(board)
    rng = np.random.default_rng(0)
    mode = rng.integers(len(Mode), size=(40, 1, 14)).astype(np.int8)
    slips = rng.random((1, 5, 14)) < 0.5
    closed = rng.integers(8, size=(40, 5, 1))
    node = rng.integers(board.num_nodes, size=(40, 5, 14)).astype(np.int32)
    table = ways.pick(mode, slips, closed)
    assert table.shape == (40, 5, 14)
    hop = ways.hop(table, node, node[:, :1])
    for where in [(0, 0, 0), (39, 4, 13), (17, 2, 6)]:
        b, k, a = where
        one = ways.pick(int(mode[b, 0, a]), bool(slips[0, k, a]), int(closed[b, k, 0]))
        assert one == table[where]
        assert ways.hop(one, int(node[where]), int(node[b, 0, a])) == hop[where]


def test_an_unknown_mode_or_mask_is_an_error() -> None:
    ways = Ways(random_board(1))
    for mode, closed in [(4, 0), (0, 8), (np.zeros(2000, np.int8), np.full(2000, 8))]:
        with pytest.raises(IndexError):
            ways.pick(mode, np.zeros(np.shape(mode), np.bool_), closed)


def test_no_entry_no_work() -> None:
    ways = Ways(random_board(1))
    nobody = np.empty((0, 3), np.int32)
    assert ways.hop(ways.pick(nobody, np.empty((0, 3), np.bool_), nobody), nobody, nobody).shape == (0, 3)
    assert ways.num_built == 0


def test_past_the_budget_the_oldest_table_goes() -> None:
    board = random_board(5)
    ways, small = Ways(board), Ways(board, budget=3 * 2 * board.num_nodes**2)
    start, goal = np.indices((board.num_nodes, board.num_nodes))
    for closed in [0, 1, 2, 0, 1, 3, 2]:
        big, few = ways.pick(0, False, closed), small.pick(0, False, closed)
        np.testing.assert_array_equal(ways.hop(big, start, goal), small.hop(few, start, goal))
        assert small.num_built <= 2
    both = small.pick(0, False, np.array([2, 1]))  # 2 is the last built: it must not make room for 1
    np.testing.assert_array_equal(small.hops(int(both[0])), ways.hops(int(ways.pick(0, False, 2))))
    with pytest.raises(TooManyTablesError, match="3 tables are needed at once and the budget holds 2"):
        small.pick(0, False, np.arange(3))
    with pytest.raises(TooManyTablesError, match="over the budget of 10"):
        Ways(board, budget=10)


def test_whole_tables_are_read_only() -> None:
    ways = Ways(random_board(2))
    table = int(ways.pick(0, False, 0))
    for view in (ways.hops(table), ways.distances(table)):
        with pytest.raises(ValueError, match="read-only"):
            view[0, 0] = 1


def test_blocks_of_goals_agree_with_one_block(monkeypatch: pytest.MonkeyPatch) -> None:
    board = random_board(7)
    edges = make_board([(a, (a * 7 + k) % 400, ALL) for a in range(400) for k in (1, 9)], 400)
    for each in (board, edges):
        roads = pave(each.neighbor, each.modes > 0)
        one = all_pairs(roads)
        monkeypatch.setattr("pursuit.core.wavefront._BLOCK_BYTES", 8)
        many = all_pairs(roads)
        monkeypatch.undo()
        for a, b in zip(one, many, strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("block_bytes", [8, 1 << 13])
def test_rings_agree_with_one_block(block_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long road with side streets, hubs and a few islands: its blocks of goals are rings."""
    road = [(a, a + 1) for a in range(599)]
    sides = [(a, 600 + a // 2) for a in range(0, 600, 7)] + [(30, b) for b in range(610, 900, 37)]
    ways = [*road, *sides, (896, 897), (898, 899)]
    board = make_board([(a, b, ALL) for a, b in ways] + [(b, a, ALL) for a, b in ways], 900)
    roads = pave(board.neighbor, board.modes > 0)
    assert roads.both_ways
    monkeypatch.setattr("pursuit.core.wavefront._BLOCK_BYTES", 1 << 20)
    one = all_pairs(roads)
    monkeypatch.setattr("pursuit.core.wavefront._BLOCK_BYTES", block_bytes)
    level = widen(wavefront(roads, landmarks(900), hops=False)[0])
    assert is_long(level)
    assert ring(level, tour(level)[:64]) is not None
    for a, b in zip(one, all_pairs(roads), strict=True):
        np.testing.assert_array_equal(a, b)
    graph = nx.Graph(ways)
    for start in (0, 30, 599, 897):
        lengths = nx.single_source_shortest_path_length(graph, start)
        assert {goal: int(one[0][goal, start]) for goal in lengths} == lengths
        assert int((one[0][:, start] < np.iinfo(one[0].dtype).max).sum()) == len(lengths)


def test_a_limit_stops_the_wave() -> None:
    edges = [(a, a + 1, ALL) for a in range(30)]
    board = make_board(edges, 31)
    distance, _ = all_pairs(pave(board.neighbor, board.modes > 0), hops=False, limit=6)
    start, goal = np.indices((31, 31))
    ahead = np.where((goal >= start) & (goal - start <= 6), goal - start, 255)
    np.testing.assert_array_equal(distance[goal, start], ahead)


# Sight


def sight_board(seed: int) -> Board:
    rng = np.random.default_rng(seed)
    board = random_board(seed)
    num_nodes = board.num_nodes
    rooms = rng.integers(-1, 3, num_nodes).astype(np.int16)
    return replace(
        board,
        cell=5.0,
        xy=rng.random((num_nodes, 2)) * 60,
        level=(rng.random(num_nodes) < 0.2).astype(np.int8),
        room=rooms if seed % 3 else np.empty(0, np.int16),
        feature=np.where(rng.random(num_nodes) < 0.2, Feature.HIDE | Feature.COVER, 0).astype(np.uint16),
        sight_hops=int(rng.integers(0, 6)),
    )


def expected_sight(board: Board, shut: int) -> NDArray[np.bool_]:
    graph = nx.Graph()
    graph.add_nodes_from(range(board.num_nodes))
    for node in range(board.num_nodes):
        for slot in range(1, int(board.degree[node])):
            door = int(board.door[node, slot])
            route = int(board.door_route[door]) if door >= 0 else 0
            if door < 0 or (route >= 0 and not shut >> route & 1):
                graph.add_edge(node, int(board.neighbor[node, slot]))
    sees = np.zeros((board.num_nodes, board.num_nodes), np.bool_)
    for a, lengths in nx.all_pairs_shortest_path_length(graph, cutoff=board.sight_hops):
        for b, hops in lengths.items():
            line = float(np.linalg.norm(board.xy[a] - board.xy[b]))
            straight = hops * board.cell <= 1.1 * line + board.cell + 1e-9
            same_level = bool(board.level[a] == board.level[b])
            same_room = bool(board.room.size and board.room[a] >= 0 and board.room[a] == board.room[b])
            clear = same_room or (straight if same_level else hops <= 1)
            hidden = bool(board.feature[b] & Feature.HIDE)
            sees[a, b] = clear and (not hidden or hops <= 1)
    return sees


@pytest.mark.parametrize("seed", range(20))
def test_sight_agrees_with_plain_loops(seed: int) -> None:
    board = sight_board(seed)
    sight = Sight(board)
    a, b = np.indices((board.num_nodes, board.num_nodes))
    for shut in (0, 5, 7):
        seen = sight.sees(sight.pick(shut), a, b)
        np.testing.assert_array_equal(seen, expected_sight(board, shut))
        assert seen.diagonal().all()
        open_ground = board.feature & Feature.HIDE == 0
        seen = seen[np.ix_(open_ground, open_ground)]
        np.testing.assert_array_equal(seen, seen.T)


def test_without_a_range_everybody_sees_everything() -> None:
    board = random_board(4)
    sight = Sight(board)
    table = sight.pick(np.array([[0, 7]]))
    assert table.shape == (1, 2)
    assert sight.view(int(table[0, 0])).all()


def test_a_line_of_sight_ends_at_the_corner() -> None:
    """Ten cells east, then ten north: from one end the other leg is hidden past the first cells."""
    xy = [(5.0 * x, 0.0) for x in range(11)] + [(50.0, 5.0 * y) for y in range(1, 11)]
    edges = [(a, a + 1, 1) for a in range(20)]
    board = replace(make_board(edges, 21), xy=np.array(xy), cell=5.0, sight_hops=30)
    sight = Sight(board)
    assert sight.sees(sight.pick(0), 0, np.arange(21)).tolist() == [True] * 13 + [False] * 8
