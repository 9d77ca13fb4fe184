"""Cities of OpenStreetMap: what an import keeps, drops and assumes, and what it says to files that are no cities."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from pursuit.cli import main as cli
from pursuit.content.files import locate
from pursuit.content.files.problems import ContentError
from pursuit.content.maps import load_map
from pursuit.content.osm import city as cities
from pursuit.content.osm import graphml, plane, raw, values
from pursuit.content.osm.importer import import_city
from pursuit.content.scenario import load_scenario, scenario_from_texts
from pursuit.core.board import Board, Mode
from pursuit.core.distance import Ways

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "santa_monica_drive.graphml"
real = pytest.mark.skipif(not REAL.is_file(), reason="the file of Santa Monica is not here")

KEYS = {
    "node": ("x", "y"),
    "edge": ("highway", "length", "geometry", "maxspeed", "speed_kph", "name", "access", "foot", "motorcar", "hgv"),
    "graph": ("crs",),
}
Tags = dict[str, str]
Save = Callable[[str | bytes], Path]


def document(
    nodes: dict[str, Tags], edges: list[tuple[str, str, Tags]], crs: str = "epsg:32611", kind: str = "directed"
) -> str:
    """GraphML as OSMnx writes it, every attribute as text."""
    heads = "".join(
        f'<key id="{what}_{key}" for="{what}" attr.name="{key}" attr.type="string"/>'
        for what, keys in KEYS.items()
        for key in keys
    )

    def data(what: str, tags: Tags) -> str:
        return "".join(f'<data key="{what}_{key}">{text}</data>' for key, text in tags.items())

    body = data("graph", {"crs": crs} if crs else {})
    body += "".join(f'<node id="{name}">{data("node", tags)}</node>' for name, tags in nodes.items())
    body += "".join(
        f'<edge source="{a}" target="{b}" id="{k}">{data("edge", tags)}</edge>' for k, (a, b, tags) in enumerate(edges)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
        f'{heads}<graph edgedefault="{kind}">{body}</graph></graphml>'
    )


def at(x: float, y: float) -> Tags:
    return {"x": str(x), "y": str(y)}


def both(a: str, b: str, **tags: str) -> list[tuple[str, str, Tags]]:
    return [(a, b, tags), (b, a, tags)]


SQUARE = {"a": at(0, 0), "b": at(200, 0), "c": at(200, 200), "d": at(0, 200)}
ROUND = [
    *both("a", "b", highway="residential", name="South Street", length="200", maxspeed="25 mph"),
    *both("b", "c", highway="['tertiary', 'residential']", name="['East Street', 'Old Road']", maxspeed="['30', '50']"),
    ("c", "d", {"highway": "primary", "name": "North Street", "length": "200.0"}),
    ("d", "a", {"highway": "primary", "geometry": "LINESTRING (0 200, -50 100, 0 0)"}),
]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def made(text: str | bytes) -> Path:
        path = tmp_path / "town.graphml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return made


def step(board: Board, a: int, b: int) -> int:
    return int(np.flatnonzero(board.neighbor[a, 1 : board.degree[a]] == b)[0]) + 1


def as_graph(board: Board, mode: Mode) -> nx.DiGraph:
    """The cells a mode can enter, with an edge for each hop."""
    graph = nx.DiGraph()
    for node in range(board.num_nodes):
        for slot in range(1, int(board.degree[node])):
            if board.modes[node, slot] & 1 << mode:
                graph.add_edge(node, int(board.neighbor[node, slot]))
    return graph


def test_a_town_becomes_a_board(save: Save, tmp_path: Path) -> None:
    extra = [
        *both("a", "e", highway="footway", length="40"),
        *both("a", "f", highway="construction"),
        ("a", "a", {"highway": "residential"}),
        ("a", "b", {"highway": "residential", "length": "260"}),
        ("b", "g", {"highway": "residential"}),
    ]
    nodes = SQUARE | {"e": at(0, -40), "f": at(-40, 0), "g": at(260, 0)}
    city, report = import_city(save(document(nodes, ROUND + extra)), cell=20, name="town")
    assert (report.nodes, report.edges) == (7, 13)
    assert report.dropped == {
        "edges that no mode can use": 2,
        "self-loops": 1,
        "nodes without a way": 1,
        "nodes outside the largest strongly connected part": 1,
        "edges outside the largest strongly connected part": 1,
        "parallel edges": 1,
    }
    assert (report.strong_nodes, report.junctions, report.streets) == (5, 5, 5)
    assert report.assumed["no length: measured along the line"] == 5
    assert report.assumed["no speed: the usual one of the class of road"] == 7
    path = tmp_path / "town.city.json.gz"
    cities.write(city, path)
    board = load_map(str(path))
    assert board.num_nodes == report.cells == 5 + 3 * 9 + 10 + 1
    assert {way.name and city.names[way.name]: way.kph for way in city.ways}["South Street"] == pytest.approx(40.2)
    assert {way.name and city.names[way.name]: way.kph for way in city.ways}["East Street"] == 40
    assert set(board.places) == {
        "east_street_and_south_street", "south_street_corner", "east_street_and_north_street",
        "north_street_corner", "corner",
    }  # fmt: skip
    assert board.regions["south_street"].size == 11
    ways = Ways(board)
    c, d = board.places["east_street_and_north_street"], board.places["north_street_corner"]
    car, foot = ways.pick(Mode.CAR, False, 0), ways.pick(Mode.FOOT, False, 0)
    assert ways.distance(car, c, d) == 10 == ways.distance(foot, d, c)
    assert ways.distance(car, d, c) == 31  # around, by one-way streets
    assert ways.distance(car, d, board.places["corner"]) == ways.far
    assert board.attribution == "© OpenStreetMap contributors, ODbL 1.0" and "Open Database" in city.license
    assert report.way_error[1] == pytest.approx(abs(11 * 20 - 2 * 125**0.5 * 10) / (2 * 125**0.5 * 10), abs=0.01)


def test_the_same_file_gives_the_same_bytes_and_either_kind_of_city_file(save: Save, tmp_path: Path) -> None:
    path = save(document(SQUARE, ROUND))
    packed, plain = tmp_path / "t.city.json.gz", tmp_path / "t.city.json"
    first, _ = import_city(path)
    second, _ = import_city(path)
    cities.write(first, packed)
    cities.write(second, plain)
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    assert load_map("t.city.json", beside=tmp_path).num_nodes == load_map(packed).num_nodes


def test_any_graph_class_and_degrees(save: Save) -> None:
    degrees = {
        name: {"x": str(24.9 + int(tags["x"]) / 1e5), "y": str(60.1 + int(tags["y"]) / 1e5)}
        for name, tags in SQUARE.items()
    }
    plain = [(a, b, {"highway": "residential"}) for a, b in ("ab", "bc", "cd")]
    city, report = import_city(save(document(degrees, plain, crs="", kind="undirected")))
    assert report.assumed["the graph has no directions: every way goes both ways"] == 3
    assert report.assumed["no coordinate system: told by the numbers"] == 1
    lengths = sorted(way.length for way in city.ways)
    assert lengths == pytest.approx([111.4, 111.4, 222.8], rel=0.01)  # 0.002 degrees, on the parallel half of that
    assert all(way.ahead == way.back == 0b101 for way in city.ways)


def test_modes_and_force(save: Save) -> None:
    path = save(document(SQUARE, ROUND))
    city, _ = import_city(path, modes=("truck",))
    assert {way.ahead | way.back for way in city.ways} == {1 << Mode.TRUCK}
    far = {f"n{k}": at(1000 + k, 0) for k in range(9)}
    line = [(f"n{k}", f"n{k + 1}", {"highway": "residential"}) for k in range(8)]
    path = save(document(SQUARE | far, ROUND + line))
    with pytest.raises(ContentError, match=r"has 4 of 13 nodes: --force keeps it all the same"):
        import_city(path)
    assert import_city(path, force=True)[1].junctions == 4
    with pytest.raises(ContentError, match="'cra' is not one of foot, motorcycle, car, truck; did you mean 'car'"):
        import_city(path, modes=("cra",))


def test_the_plane_touches_the_ellipsoid() -> None:
    """Against Vincenty's lengths of arcs at 60 degrees: 1 degree of latitude 111,412 m, of longitude 55,800 m."""
    meters = plane.to_meters(np.array([[25.0, 60.5], [25.0, 59.5], [25.5, 60.0], [24.5, 60.0]]), (25.0, 60.0))
    assert meters[0, 1] - meters[1, 1] == pytest.approx(111_412, rel=1e-4)
    assert meters[2, 0] - meters[3, 0] == pytest.approx(55_800, rel=1e-4)
    for middle, error in ((60.0, 0.007), (34.0, 0.003)):
        spots = np.array([[0.1, middle + 0.225]])  # 25 km to the north
        drawn, true = (plane.to_meters(spots, (0.0, lat))[0, 0] for lat in (middle, middle + 0.225))
        assert error - 0.0006 < drawn / true - 1 < error


@pytest.mark.parametrize(
    ("text", "kph"),
    [("25 mph", 40.2336), ("50", 50.0), ("['30 mph', '40']", 44.14), ("signals", None), ("", None), ("0", None)],
)
def test_speeds(text: str, kph: float | None) -> None:
    assert values.speed(text) == (None if kph is None else pytest.approx(kph, abs=0.01))


GOOD = document(SQUARE, ROUND)
BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
HOSTILE = {
    "empty": (b"", "line 1, column 1: no element found"),
    "not xml": (b"PK\x03\x04 pyrosm", "line 1, column 3: not well-formed"),
    "another xml": (b"<osm version='0.6'/>", "begins with <osm>, not with <graphml>"),
    "cut off": (GOOD[: len(GOOD) // 2], "unclosed token|no element found"),
    "entity bomb": (GOOD.replace("?><", f"?>{BOMB}<", 1), "declares a document type or entities"),
    "entity bomb, utf-16": (
        GOOD.replace("?><", f"?>{BOMB}<", 1).replace("utf-8", "utf-16").encode("utf-16"),
        "declares a document type or entities",
    ),
    "outer file": (
        GOOD.replace("?><", '?><!DOCTYPE x SYSTEM "file:///etc/hostname"><', 1),
        "declares a document type or entities",
    ),
    "too deep": ("<graphml>" + "<graph>" * 5000 + "</graph>" * 5000 + "</graphml>", "lie in each other 21 deep"),
    "no graph": ("<graphml></graphml>", "no GraphML that can be read"),
    "no node": (document({}, []), "there is no node in it"),
    "one node": (document({"a": at(0, 0)}, []), "there is no edge in it"),
    "no edge": (document(SQUARE, []), "there is no edge in it"),
    "only a loop": (document(SQUARE, [("a", "a", {"highway": "residential"})]), "no edge of it is open"),
    "no coordinates": (document(SQUARE | {"z": {}}, ROUND), "node z has no x and no y: save the graph with"),
    "half a coordinate": (document(SQUARE | {"z": {"x": "1"}}, ROUND), "node z has no y"),
    "unknown end": (document(SQUARE, [*ROUND, ("a", "ghost", {})]), "node ghost has no x"),
    "nan": (document(SQUARE | {"z": at(float("nan"), 0)}, ROUND), "node z: 'nan' is not a number"),
    "infinite": (document(SQUARE | {"z": at(0, float("inf"))}, ROUND), "node z: 'inf' is not a number"),
    "huge number": (document(SQUARE | {"z": {"x": "9" * 5000, "y": "0"}}, ROUND), "node z: '9999.*is not a number"),
    "code for a number": (
        document(SQUARE | {"z": {"x": "__import__('os').getpid()", "y": "0"}}, ROUND),
        "node z: \"__import__.*is not a number",
    ),
    "code in a list": (
        document(SQUARE, [*ROUND, ("a", "b", {"highway": "[__import__('os').getpid()]"})]),
        "from a to b: .*is not a list of plain values",
    ),
    "deep list": (document(SQUARE, [*ROUND, ("a", "b", {"name": "[" * 3000})]), "from a to b: .*is not a list"),
    "long list": (document(SQUARE, [*ROUND, ("a", "b", {"name": "[" + "1," * 9000 + "]"})]), "characters is too long"),
    "bad line": (
        document(SQUARE, [*ROUND, ("a", "b", {"geometry": "POLYGON ((0 0, 1 1))"})]),
        "the edge from a to b: 'POLYGON.*is not a LINESTRING",
    ),
    "line of nan": (
        document(SQUARE, [*ROUND, ("a", "b", {"geometry": "LINESTRING (0 0, nan 1)"})]),
        "'nan' is not a number",
    ),
    "negative length": (document(SQUARE, [*ROUND, ("a", "b", {"length": "-3"})]), "a length of -3 m"),
    "length without end": (document(SQUARE, [*ROUND, ("a", "b", {"length": "1e9"})]), r"a length of 1e\+09 m"),
    "no way back for anybody": (
        document(
            SQUARE,
            [
                ("a", "b", {"access": "no", "motorcar": "yes", "length": "200"}),
                ("b", "a", {"access": "no", "hgv": "yes", "length": "200"}),
                *both("b", "c", access="no"),
            ],
        ),
        "car or truck can go nowhere on it and come back",
    ),
    "wrong degrees": (document(SQUARE, ROUND, crs="epsg:4326"), "its coordinates are no degrees"),
    "half the world": (
        document({"a": at(0, 0), "b": at(90, 60)}, both("a", "b"), crs="epsg:4326"),
        "it spans 90.0 by 60.0 degrees",
    ),
    "far apart": (document({"a": at(0, 0), "b": at(9e6, 0)}, both("a", "b")), "cut out a smaller area"),
    "closed": (document(SQUARE, both("a", "b", access="no")), "no edge of it is open to foot or car"),
    "one way out": (document(SQUARE, [("a", "b", {"highway": "residential"})]), "nothing can be played on that"),
    "too many cells": (
        document({"a": at(0, 0), "b": at(4e5, 0)}, both("a", "b", length="400000")),
        "400,001 cells of 1 m; a city has at most 100,000: try --cell",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_each_bad_file_has_its_sentence(what: str, save: Save) -> None:
    text, sentence = HOSTILE[what]
    with pytest.raises(ContentError, match=sentence) as caught:
        modes = ("car", "truck") if what == "no way back for anybody" else ("foot", "car")
        import_city(save(text), cell=1 if what == "too many cells" else 20, modes=modes)
    assert "town.graphml: error[" in str(caught.value)
    assert len(str(caught.value)) < 5000


def test_sizes_are_bounded(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(GOOD)
    for module, name, sentence in (
        (raw, "MOST_BYTES", "bytes; at most 3"),
        (graphml, "MOST_NODES", "more than 3 nodes"),
        (graphml, "MOST_EDGES", "more than 3 edges"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, 3)
            with pytest.raises(ContentError, match=sentence):
                import_city(path)
    with pytest.raises(ContentError, match="from 1 to 10,000 m"):
        import_city(path, cell=float("nan"))
    with pytest.raises(ContentError, match="no such file"):
        import_city(path.with_name("nowhere.graphml"))


def test_a_damaged_city_file_is_refused(save: Save, tmp_path: Path) -> None:
    city, _ = import_city(save(GOOD))
    path = tmp_path / "t.city.json.gz"
    cities.write(city, path)
    whole = path.read_bytes()
    plain = gzip.decompress(whole)
    for harmed, sentence in (
        (whole[:-20], "its end is missing"),
        (whole[:12] + b"\xff" * 40, "it is damaged"),
        (b"", "input data was truncated"),
        (plain.replace(b'"cell":20.0', b'"cell":"x"'), r"expected `float`, got `str` - at `\$.cell`"),
        (plain.replace(b'"version":1', b'"version":2'), "invalid enum value 2"),
        (plain.replace(b"[0,1,", b"[0,9,"), "leads to a junction, or has a name, that does not exist"),
    ):
        assert harmed != plain
        path.write_bytes(harmed)
        with pytest.raises(ContentError, match=sentence):
            load_map(path)
    with pytest.raises(ContentError, match="no such file"):
        load_map("nowhere.city.json")


def test_the_command_line_imports_and_draws(
    save: Save, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["pursuit", "map", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        said = capsys.readouterr()
        return int(stopped.value.code or 0), said.out, said.err

    path, out, picture = str(save(GOOD)), str(tmp_path / "my_town.city.json.gz"), str(tmp_path / "town.png")
    code, said, wrong = run("import", path, "--out", out)
    assert (code, wrong) == (0, "")
    assert "4 nodes and 6 edges read\n" in said and "41 cells of 20 m\n" in said
    assert "assumed (3): no length: measured along the line" in said and "Open Database License" in said
    code, said, _ = run("import", path, "--out", out, "--cell", "10", "--modes", "foot", "--json")
    assert json.loads(said)["cells"] == 82 and json.loads(said)["modes"] == {"foot": 4}
    code, said, _ = run("info", out, "--picture", picture)
    assert code == 0 and said.startswith("My Town\n82 nodes") and "© OpenStreetMap contributors" in said
    assert Path(picture).read_bytes()[1:4] == b"PNG"
    assert run("info", out, "--picture", "town.jpg")[::2] == (
        2,
        "town.jpg: error[bad-ending]: a picture ends in .png\n",
    )
    assert run("import", path, "--out", "town.toml")[2].startswith("town.toml: error[bad-ending]: a city file ends in ")
    assert run("import", "nowhere", "--out", out)[::2] == (2, "nowhere: error[missing-file]: no such file\n")


def test_names_become_keys() -> None:
    for name, key in (("Ocean Avenue", "ocean_avenue"), ("4th Street", "the_4th_street"), ("Hämeentie", "hameentie")):
        assert cities.key_of(name) == key
    assert cities.key_of("Ελευθερίας") == ""


def test_a_scenario_plays_on_an_imported_city(save: Save, tmp_path: Path) -> None:
    """Its text travels with the scenario, so that a replay needs the city file no more."""
    city, _ = import_city(save(GOOD), modes=("foot",))
    cities.write(city, tmp_path / "town.city.json.gz")
    text = (locate.folder("scenarios") / "duel_torus.toml").read_text(encoding="utf-8")
    (tmp_path / "duel.toml").write_text(text.replace("torus:8x8", "town.city.json.gz"), encoding="utf-8")
    scenario = load_scenario(tmp_path / "duel.toml", line="open")
    assert scenario.world.board.num_nodes == 41
    (tmp_path / "town.city.json.gz").unlink()
    again = scenario_from_texts(scenario.texts, line="open")
    assert again.digest == scenario.digest and again.world.board.attribution == city.attribution
    (tmp_path / "duel.toml").write_text(text.replace("torus:8x8", "gone.city.json"), encoding="utf-8")
    with pytest.raises(ContentError, match=r"duel.toml:5:7: error\[missing-file\]: no such file"):
        load_scenario(tmp_path / "duel.toml")


def test_los_angeles_lies_where_it_lies() -> None:
    """Distances between the film's places are about those of the city; the roads make them somewhat longer."""
    board = load_map("los_angeles")
    assert board.cell == 250 and board.num_nodes >= 300
    graph = as_graph(board, Mode.CAR)
    for a, b, kilometers in (
        ("galleria", "arrival", 24),
        ("galleria", "foster_home", 15),
        ("arrival", "cyberdyne", 24),
        ("arrival", "steel_mill", 67),
        ("foster_home", "hospital", 27),
        ("pier", "civic_center", 24),
        ("hospital", "desert_compound", 61),
    ):
        start, goal = board.places[a], board.places[b]
        assert np.hypot(*(board.xy[start] - board.xy[goal])) / 1000 == pytest.approx(kilometers, rel=0.1), (a, b)
        assert nx.shortest_path_length(graph, start, goal) * 0.25 < 2.2 * kilometers
    assert {"exit_mexico", "dyson_home", "sixth_street_bridge", "corral", "desert_cache"} <= set(board.places)
    assert {"river_south", "san_diego_freeway", "sunset_boulevard", "flood_channel"} <= set(board.regions)


@real
def test_santa_monica() -> None:
    city, report = import_city(REAL, cell=20)
    assert (report.nodes, report.edges, report.strong_nodes) == (1243, 3570, 1238)
    loops = report.dropped["self-loops"]
    assert report.strong_edges + loops == 3564
    assert report.dropped["nodes outside the largest strongly connected part"] == 5
    merged = report.dropped["junctions that became one with another within half a cell"]
    assert report.junctions + merged == 1238 and merged < 100 and 250_000 < report.meters < 300_000
    assert report.way_error[0] < 0.05 and report.route_error[0] < 0.02
    board = cities.to_board(city)
    assert board.num_nodes == report.cells
    graph = as_graph(board, Mode.CAR)
    assert graph.number_of_nodes() == board.num_nodes and nx.is_strongly_connected(graph)
    assert "Ocean Avenue" in board.label and board.regions["ocean_avenue"].size > 50
    width, height = np.ptp(board.xy, axis=0)
    assert 5_500 < width < 6_500 and 5_500 < height < 6_500


@real
def test_shortest_hops_of_santa_monica_agree_with_networkx() -> None:
    """On the cell graph exactly; with real lengths within the error of single streets, and mostly far closer."""
    city, report = import_city(REAL, cell=100, modes=("car",))
    board = cities.to_board(city)
    graph = as_graph(board, Mode.CAR)
    meters = nx.DiGraph()
    for way in sorted(city.ways, key=lambda way: -way.length):
        meters.add_edge(way.a, way.b, length=way.length) if way.ahead else None
        meters.add_edge(way.b, way.a, length=way.length) if way.back else None
    ways = Ways(board)
    table = ways.pick(Mode.CAR, False, 0)
    rng = np.random.default_rng(1)
    pairs = rng.integers(0, len(city.junctions), (500, 2))
    hops = ways.distance(table, pairs[:, 0], pairs[:, 1])
    least, most = report.way_error
    errors = []
    for (a, b), found in zip(pairs.tolist(), hops.tolist(), strict=True):
        assert found == nx.bidirectional_shortest_path(graph, a, b).__len__() - 1
        if a != b:
            length = nx.dijkstra_path_length(meters, a, b, weight="length")
            errors.append(abs(found * city.cell - length) / length)
    assert max(errors) <= most
    assert float(np.median(errors)) < 2 * least
