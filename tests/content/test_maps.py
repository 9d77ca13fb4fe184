"""Maps: the format, what compiles from it, every mistake in it, and the maps that ship."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from pursuit.content.boards import geometry
from pursuit.content.boards.compile import compile_map
from pursuit.content.files import locate
from pursuit.content.files.source import ContentError, Source
from pursuit.content.maps import load_map, map_names
from pursuit.core.board import Board, Door, Feature, Mode
from pursuit.core.distance import Sight, Ways

YARD = """\
id = "yard"
title = "A yard"
cell = 5.0
sight = 30.0
levels = ["cellar", "ground"]

place = [
  { name = "gate", at = [0, 0], label = "the gate" },
  { name = "shed", at = [20, 0], features = ["cover", "hide"] },
  { name = "well", at = [20, 16] },
  { name = "crypt", at = [20, 26], level = "cellar" },
  { name = "stall", at = [-30, 4] },
]
street = [
  { name = "drive", width = "alley", through = ["gate", "shed"] },
  { name = "track", label = "the track", through = ["shed", [30, 0], [30, 16], "well"], modes = ["foot"] },
  { name = "steps", label = "", width = "stairs", through = ["well", "crypt"], one_way = true },
  { name = "climb", width = "stairs", through = ["crypt", "well"], one_way = true },
  { name = "grating", width = "path", bars = true, through = ["gate", "well"] },
  { name = "lane", width = "path", through = ["gate", "stall"] },
]
room = [
  { name = "barn", label = "barn", kind = "yard", fill = true, corners = [[-40, -5], [-25, -5], [-25, 5], [-40, 5]] },
  { name = "plot", kind = "garden", corners = [[-2, -2], [12, -2], [12, 2], [-2, 2]] },
]
door = [
  { name = "drive_gate", between = ["shed", "gate"], start = "locked", routes = true },
  { name = "barn_door", between = ["gate", "stall"] },
]
"""


@pytest.fixture(scope="module")
def yard() -> Board:
    source = Source.parse(YARD, "yard.toml")
    board = compile_map(source)
    assert not source.warnings
    return board


def step(board: Board, a: int, b: int) -> int:
    """The slot that leads from a to b."""
    slots = np.flatnonzero(board.neighbor[a, 1 : board.degree[a]] == b) + 1
    assert slots.size == 1
    return int(slots[0])


def test_a_street_is_cut_into_equal_cells(yard: Board) -> None:
    drive = yard.regions["drive"]
    assert drive.size == 5
    np.testing.assert_allclose(np.sort(yard.xy[drive, 0]), [0, 5, 10, 15, 20])
    ways = Ways(yard)
    table = ways.pick(Mode.FOOT, False, 0)
    gate, shed, well, crypt = (yard.places[name] for name in ("gate", "shed", "well", "crypt"))
    assert ways.distance(table, gate, shed) == 4
    assert ways.distance(table, shed, well) == 7  # 36 m around the bends
    assert ways.distance(table, well, crypt) == 2
    assert yard.stray["street track"] == pytest.approx(1 / 36)
    assert yard.stray["max"] == max(value for key, value in yard.stray.items() if key.startswith("street "))
    assert 0 < yard.stray["mean"] < yard.stray["max"]


def test_modes_come_from_the_width_or_the_street(yard: Board) -> None:
    gate, shed = yard.places["gate"], yard.places["shed"]
    drive = next(node for node in yard.regions["drive"] if node in yard.neighbor[gate] and node != gate)
    assert yard.modes[gate, step(yard, gate, int(drive))] == 0b0111
    track = next(node for node in yard.regions["track"] if node in yard.neighbor[shed] and node != shed)
    assert yard.modes[shed, step(yard, shed, int(track))] == 0b0001
    assert (yard.modes[:, 0] == 0b1111).all()


def test_padding_is_harmless(yard: Board) -> None:
    node, slot = np.nonzero(np.arange(yard.neighbor.shape[1]) >= yard.degree[:, None])
    assert (yard.neighbor[node, slot] == node).all()
    assert (yard.modes[node, slot] == 0).all()
    assert (yard.door[node, slot] == -1).all()


def test_doors_bars_and_one_way_streets(yard: Board) -> None:
    gate, well, stall = (yard.places[name] for name in ("gate", "well", "stall"))
    assert yard.door_name == ("drive_gate", "barn_door")
    assert yard.door_start.tolist() == [Door.LOCKED, Door.SHUT]
    assert yard.door_route.tolist() == [0, -1]
    for door, (a, b) in enumerate(yard.door_nodes.tolist()):
        assert yard.door[a, step(yard, a, b)] == door == yard.door[b, step(yard, b, a)]
    assert (yard.door >= 0).sum() == 4
    ways = Ways(yard)
    plain, closed, slips = ways.pick(0, np.array([False, False, True]), np.array([0, 1, 1]))
    assert ways.distance(plain, gate, well) == 11
    assert ways.distance(closed, gate, well) == ways.far
    assert ways.distance(slips, gate, well) == 5
    assert ways.distance(closed, gate, stall) < 10  # no route door, no hindrance
    steps = yard.regions["steps"]
    graph = walking(yard)
    assert nx.is_strongly_connected(graph)
    assert steps.size == 3


def test_a_filled_room_is_a_lattice_and_takes_its_places(yard: Board) -> None:
    barn = yard.regions["barn"]
    assert barn.size == 7  # six of the lattice, and the end of the lane
    stall = yard.places["stall"]
    assert stall in barn
    np.testing.assert_allclose(yard.xy[stall], [-32.5, 2.5])
    assert [yard.label[node] for node in barn].count("barn") == 5
    assert {yard.rooms[index].name for index in yard.room[barn]} == {"barn"}


def test_regions_labels_levels_features(yard: Board) -> None:
    assert yard.regions["plot"].size == 3  # the gate and two cells of the drive
    assert yard.level[yard.places["crypt"]] == -1
    assert yard.label[yard.places["gate"]] == "the gate"
    assert "the track" in yard.label
    assert yard.feature[yard.places["shed"]] == Feature.COVER | Feature.HIDE
    assert yard.sight_hops == 6
    assert [street.name for street in yard.streets].count("") == 2  # the steps, once on each level
    assert {street.level for street in yard.streets} == {0, -1}


def test_boards_are_read_only_and_compile_the_same_twice(yard: Board) -> None:
    again = compile_map(Source.parse(YARD))
    for name in ("xy", "neighbor", "modes", "door", "feature", "room"):
        assert not getattr(yard, name).flags.writeable
        np.testing.assert_array_equal(getattr(yard, name), getattr(again, name))
    assert not yard.regions["barn"].flags.writeable
    assert not yard.streets[0].xy.flags.writeable


HEAD = 'id = "x"\ntitle = "X"\ncell = 5\n'
TWO = 'place = [\n{ name = "a", at = [0, 0] },\n{ name = "b", at = [20, 0] },\n{ name = "c", at = [20, 20] },\n]\n'
PATHS = 'street = [\n{ name = "ab", through = ["a", "b"] },\n{ name = "bc", through = ["b", "c"] },\n]\n'
GOOD = HEAD + TWO + PATHS

BROKEN = [
    (GOOD.replace('"b", "c"] ', '"b", "d"] '), "11:32: error[unknown-place]: 'd' is not a place"),
    (
        GOOD.replace("at = [20, 20] ", "at = [20, 20], fetaures = [] "),
        "7:30: error[unknown-key]: unknown key 'fetaures'; did you mean 'features'?",
    ),
    (
        GOOD.replace('name = "c"', 'name = "a"').replace(', "c"', ', "a"'),
        "7:10: error[duplicate-name]: 'a' is already the name of a place",
    ),
    (GOOD.replace('name = "bc"', 'name = "a"'), "11:10: error[duplicate-name]: 'a' is already the name of a place"),
    (GOOD.replace('name = "bc"', 'name = "ab"'), "11:10: error[duplicate-name]: 'ab' is already the name of a street"),
    (
        GOOD.replace('name = "bc"', 'name = "B c"'),
        "11:10: error[bad-value]: string should match pattern '^[a-z][a-z0-9_]*$', got 'B c'",
    ),
    (
        GOOD.replace(', "c"] ', '], modes = ["foot", "cra"] ').replace('["b"]', '["b", "c"]'),
        "11:55: error[bad-value]: 'cra' is not one of foot, motorcycle, car, truck; did you mean 'car'?",
    ),
    (
        GOOD.replace("[20, 20]", '[20, 20], features = ["covr"]'),
        "7:42: error[bad-value]: 'covr' is not one of cover, hide, hoist, lever, terminal, vault, vat, press, bay, "
        "cache; did you mean 'cover'?",
    ),
    (
        GOOD.replace('name = "bc",', 'name = "bc", width = "boulvard",'),
        "11:24: error[bad-value]: 'boulvard' is not one of freeway, boulevard, street, alley, corridor, canal, stairs, "
        "path; did you mean 'boulevard'?",
    ),
    (
        GOOD.replace("[20, 20]", "[20, 20, 0]"),
        "7:20: error[bad-value]: list should have at most 2 items after validation, not 3, got a list",
    ),
    (GOOD.replace("[20, 20]", '[20, "x"]'), "7:25: error[wrong-type]: expected a number, got 'x'"),
    (GOOD.replace("[20, 20]", "[20, nan]"), "7:25: error[bad-value]: input should be a finite number, got nan"),
    (GOOD.replace("cell = 5", "cell = 0"), "3:8: error[bad-value]: input should be greater than 0, got 0"),
    (GOOD.replace("cell = 5", ""), "1:1: error[missing-key]: missing key 'cell'"),
    (
        GOOD.replace("cell = 5", "cell = 0.001"),
        "3:8: error[too-many-cells]: about 40,003 cells of 0.001 m; a map has at most 10,000",
    ),
    (
        GOOD.replace("[20, 20]", '[20, 20], level = "roof"'),
        "7:38: error[unknown-level]: 'roof' is not a level",
    ),
    (GOOD.replace("[20, 20]", "[20, 0]"), "11:32: error[zero-length]: a leg of 'bc' has no length"),
    (
        HEAD + TWO + 'street = [{ name = "ab", through = ["a", "b"] }]',
        "7:1: error[disconnected]: 1 cell cut off from the rest: c",
    ),
    (
        GOOD.replace('["b", "c"]', '["b", "c"], one_way = true'),
        "7:1: error[foot-trap]: 4 cells cannot be left on foot: c",
    ),
    (
        GOOD + 'door = [{ name = "d", between = ["a", "c"] }]',
        "13:33: error[door-off-street]: no street leads straight from 'a' to 'c' for a door to stand on",
    ),
    (
        GOOD + 'door = [{ name = "d", between = ["a", "z"] }]',
        "13:39: error[unknown-place]: 'z' is not a place",
    ),
    (
        GOOD + 'door = [\n{ name = "d", between = ["a", "b"] },\n{ name = "e", between = ["b", "a"] }]',
        "15:25: error[door-on-door]: 'd' already stands there",
    ),
    (
        GOOD + 'door = [{ name = "d", between = ["a", "b"], start = "ajar" }]',
        "13:53: error[bad-value]: 'ajar' is not one of open, shut, locked, barred",
    ),
    (
        GOOD + 'room = [{ name = "r", fill = true, corners = [[0, 50], [9, 50], [9, 50]] }]',
        "13:46: error[empty-room]: no cell of 5 m fits into 'r'",
    ),
    (HEAD, "1:1: error[empty-map]: a map needs at least one place"),
]


@pytest.mark.parametrize(("text", "message"), BROKEN)
def test_a_broken_map_says_where_and_what(text: str, message: str) -> None:
    source = Source.parse(text, "x.toml")
    with pytest.raises(ContentError) as caught:
        compile_map(source)
    assert [str(problem).split("\n")[0] for problem in caught.value.problems] == [f"x.toml:{message}"]


def test_the_map_that_they_break_is_sound() -> None:
    assert compile_map(Source.parse(GOOD)).num_nodes == 9


def test_every_mistake_of_a_file_at_once() -> None:
    text = GOOD.replace('"b", "c"]', '"b", "d", "e"]').replace('name = "c"', 'name = "a"')
    with pytest.raises(ContentError) as caught:
        compile_map(Source.parse(text))
    assert [problem.code for problem in caught.value.problems] == ["duplicate-name", "unknown-place", "unknown-place"]


def test_a_short_loop_leads_somewhere() -> None:
    board = compile_map(Source.parse(GOOD.replace('["b", "c"]', '["b", "c", [21, 21], "c"]')))
    inside = np.arange(board.neighbor.shape[1]) < board.degree[:, None]
    inside[:, 0] = False
    assert (board.neighbor != np.arange(board.num_nodes)[:, None])[inside].all()


def test_two_places_in_one_cell_of_a_room() -> None:
    room = 'room = [{ name = "r", fill = true, corners = [[-2, -2], [30, -2], [30, 3], [-2, 3]] }]\n'
    text = GOOD.replace("at = [0, 0]", "at = [22, 0]") + room
    with pytest.raises(ContentError, match="'b' falls into the same cell of 'r' as 'a'"):
        compile_map(Source.parse(text))


def test_too_many_route_doors() -> None:
    places = ", ".join(f'{{ name = "p{k}", at = [{10 * k}, 0] }}' for k in range(8))
    stops = ", ".join(f'"p{k}"' for k in range(8))
    doors = ", ".join(f'{{ name = "d{k}", between = ["p{k}", "p{k + 1}"], routes = true }}' for k in range(7))
    text = f'{HEAD}place = [{places}]\nstreet = [{{ name = "s", through = [{stops}] }}]\ndoor = [{doors}]'
    with pytest.raises(ContentError, match="more than 6 doors have routes = true"):
        compile_map(Source.parse(text))


def test_too_many_ways_out_of_a_place() -> None:
    ends = [(30 * np.cos(angle), 30 * np.sin(angle)) for angle in np.arange(16) * np.pi / 8]
    streets = ", ".join(f'{{ name = "s{k}", through = ["hub", [{x:.3f}, {y:.3f}]] }}' for k, (x, y) in enumerate(ends))
    text = f'{HEAD}place = [{{ name = "hub", at = [0, 0] }}]\nstreet = [{streets}]'
    with pytest.raises(ContentError, match="hub has 16 ways out; at most 15 are possible"):
        compile_map(Source.parse(text))


def test_streets_that_cross_without_a_place_draw_a_warning() -> None:
    text = GOOD.replace('["b", "c"]', '["b", [5, 5], [5, -5], "c"]')
    source = Source.parse(text, "x.toml")
    compile_map(source)
    assert str(source.warnings[0]).split("\n")[0] == (
        "x.toml:11:1: warning[crossing]: 'bc' crosses 'ab' without a place in common; name one, or set a grade"
    )
    source = Source.parse(text.replace('name = "bc",', 'name = "bc", grade = "under",'))
    compile_map(source)
    assert not source.warnings


def test_the_plane() -> None:
    square = np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]])
    assert geometry.area(square) == 100
    points = np.array([[5.0, 5], [15, 5], [-1, 5], [5, 11]])
    assert geometry.inside(points, square).tolist() == [True, False, False, False]
    line = np.array([[0.0, 0], [10, 0], [10, 10]])
    assert geometry.length(line) == 20
    np.testing.assert_allclose(geometry.along(line, np.array([0.25, 0.75])), [[5, 0], [10, 5]])


def test_maps_by_path_and_by_spec(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(YARD)
    assert load_map(tmp_path / "mine.toml").name == "yard"
    assert load_map("mine", beside=tmp_path).name == "yard"
    assert load_map("grid:3x4").num_nodes == 12
    with pytest.raises(ContentError, match="'galeria' is not a map; did you mean 'galleria'"):
        load_map("galeria")


# The maps that ship


def walking(board: Board, mode: Mode = Mode.FOOT) -> nx.DiGraph:
    node, slot = np.nonzero(board.modes[:, 1:] >> mode & 1)
    graph = nx.DiGraph()
    graph.add_edges_from(zip(node.tolist(), board.neighbor[node, slot + 1].tolist(), strict=True))
    return graph


MADE_BY_HAND = [name for name in map_names() if locate.find("maps", name).suffix == ".toml"]


@pytest.mark.parametrize("name", MADE_BY_HAND)
def test_a_map_that_ships_is_sound(name: str) -> None:
    source = Source.read(locate.find("maps", name))
    board = compile_map(source)
    assert not source.warnings
    assert board.name == name
    foot = walking(board)
    assert foot.number_of_nodes() == board.num_nodes
    assert nx.is_strongly_connected(foot)
    assert board.stray["mean"] < 0.06
    assert board.stray["max"] < 0.35
    assert len(set(map(tuple, np.c_[board.xy.round(2), board.level].tolist()))) == board.num_nodes


@pytest.mark.parametrize("name", map_names())
def test_every_bay_of_a_map_can_be_left_by_what_drives_in(name: str) -> None:
    """Whatever mode leads to a vehicle bay also leads from it to where the map ends."""
    board = load_map(name)
    exits = {node for place, node in board.places.items() if place.startswith("exit_")}
    bays = np.flatnonzero(board.feature & Feature.BAY).tolist()
    for mode in (Mode.MOTORCYCLE, Mode.CAR, Mode.TRUCK):
        graph = walking(board, mode)
        for bay in bays:
            if exits and bay in graph:
                assert exits & nx.descendants(graph, bay), (mode.name, board.label[bay])


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("galleria", ("concourse", "gallery", "back_corridor")),
        ("freeway", ("bar", "warehouse_hall", "foster_home", "lot")),
        ("hospital", ("ward_hall", "security", "day_hall", "elevator_lobby", "reception_hall", "garage_floor")),
        ("dyson_home", ("kitchen_room", "hall_room", "living_room", "study_room", "upper_floor")),
        ("cyberdyne", ("lobby_hall", "research", "laboratory", "clean", "strong_room")),
        ("steel_mill", ("casting_floor", "rolling_line", "gear_hall", "platform", "catwalk_south")),
        ("desert", ("compound", "bunker", "trailer_room", "workshop")),
    ],
)
def test_the_size_of_the_film_maps(name: str, inside: tuple[str, ...]) -> None:
    board = load_map(name)
    assert 250 <= board.num_nodes <= 900
    assert len(set().union(*(board.regions[room].tolist() for room in inside))) >= 60
    assert sum(place.startswith("exit_") for place in board.places) >= 5
    assert 1 <= (board.door_route >= 0).sum() <= 6
    assert board.bars.sum() >= 2
    assert (board.feature & Feature.HIDE != 0).sum() >= 5
    assert (board.feature & Feature.BAY != 0).sum() >= 5


@pytest.mark.parametrize(
    ("name", "features"),
    [
        ("hospital", Feature.TERMINAL | Feature.LEVER),
        ("desert", Feature.CACHE),
        ("dyson_home", Feature.TERMINAL),
        ("cyberdyne", Feature.VAULT | Feature.TERMINAL | Feature.LEVER),
        ("steel_mill", Feature.VAT | Feature.PRESS | Feature.HOIST | Feature.LEVER | Feature.TERMINAL),
    ],
)
def test_what_the_film_needs_is_there(name: str, features: Feature) -> None:
    bits = Feature(int(np.bitwise_or.reduce(load_map(name).feature)))
    assert features in bits


def test_what_ends_a_machine_is_one_hop_off_a_way_that_nobody_takes_by_chance() -> None:
    """Vats and presses are dead ends, so no way leads through one; the vats lie off a platform, a rim and the hoist."""
    board = load_map("steel_mill")
    for node in np.flatnonzero(board.feature & (Feature.VAT | Feature.PRESS)).tolist():
        assert board.degree[node] == 2, board.label[node]
    hoist = board.places["hoist"]
    assert board.feature[hoist] & Feature.HOIST
    assert board.feature[board.neighbor[hoist, 1 : board.degree[hoist]]].max() & Feature.VAT


def test_the_galleria_lets_john_be_caught_between_the_two() -> None:
    """The corridor behind the arcade: both ends see the arcade's back door, and no way around is shorter."""
    board = load_map("galleria")
    sight = Sight(board)
    middle = board.places["corridor_arcade"]
    for end in ("corridor_middle", "corridor_east"):
        assert sight.sees(sight.pick(0), board.places[end], middle)
    arcade_door = board.door_route[board.door_name.index("arcade_back_door")]
    inside = board.places["arcade_back"]
    assert sight.sees(sight.pick(0), middle, inside)
    assert not sight.sees(sight.pick(1 << int(arcade_door)), middle, inside)


def test_only_poly_alloy_takes_the_short_way_through_the_grille() -> None:
    board = load_map("galleria")
    ways = Ways(board)
    person, alloy = ways.pick(Mode.FOOT, np.array([False, True]), 0)
    start, goal = board.places["gate_west"], board.places["security_room"]
    assert ways.distance(alloy, start, goal) < ways.distance(person, start, goal)
