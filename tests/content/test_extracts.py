"""Extracts of OpenStreetMap (XML and PBF), and the street networks that other packages carry with them."""

from __future__ import annotations

import sqlite3
import struct
import zipfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from tests.content.test_osm import as_graph, at, both, document

from pursuit.content.files import locate
from pursuit.content.files.problems import ContentError
from pursuit.content.maps import load_map
from pursuit.content.osm import city as cities
from pursuit.content.osm import osmxml, raw
from pursuit.content.osm.importer import Report, import_city
from pursuit.core.board import Mode
from pursuit.core.distance import Ways

Save = Callable[[str | bytes], Path]
ALL_MODES = ("foot", "motorcycle", "car", "truck")


def carried(package: str, *parts: str) -> Path:
    """A file that a package carries with it; the test is skipped where the package is not installed."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        pytest.skip(f"{package} is not installed, whose data this is about")
    return Path(spec.origin).parent.joinpath(*parts)


def osm(nodes: dict[int, tuple[float, float]], ways: list[tuple[list[int], dict[str, str]]]) -> str:
    points = "".join(f'<node id="{node}" lon="{x}" lat="{y}"/>' for node, (x, y) in nodes.items())
    lines = ""
    for number, (refs, tags) in enumerate(ways):
        body = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        body += "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        lines += f'<way id="{number}">{body}</way>'
    return f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{points}{lines}<relation id="1"/></osm>'


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def made(text: str | bytes) -> Path:
        path = tmp_path / "town.osm"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return made


# A square of about 200 m with a bend in the north, a shop, a one-way street against its own nodes, and an alley.
SPOTS = {
    1: (24.94, 60.17),
    2: (24.9436, 60.17),
    3: (24.9436, 60.1718),
    4: (24.94, 60.1718),
    5: (24.9418, 60.1722),
    6: (24.95, 60.18),
}
STREETS: list[tuple[list[int], dict[str, str]]] = [
    ([1, 2], {"highway": "residential", "name": "Etelä"}),
    ([2, 3], {"highway": "residential", "name": "Itä", "surface": "paved"}),
    ([3, 5], {"highway": "residential", "name": "Pohjoinen", "surface": "asphalt"}),
    ([5, 4], {"highway": "residential", "name": "Pohjoinen"}),
    ([1, 4], {"highway": "residential", "name": "Länsi", "oneway": "-1"}),
    ([1, 3], {"highway": "footway"}),
    ([1, 2, 3, 1], {"building": "yes"}),
    ([4, 999], {"highway": "residential"}),
]


def test_an_extract_becomes_streets_between_junctions(save: Save) -> None:
    """Node 5 is a bend: the ways on either side differ in nothing that matters here."""
    graph = osmxml.read(save(osm(SPOTS, STREETS)))
    assert set(graph.at) == {"1", "2", "3", "4"}
    ends = {(way.start, way.end): way for way in graph.ways}
    assert set(ends) == {
        ("1", "2"), ("2", "1"), ("2", "3"), ("3", "2"), ("3", "4"), ("4", "3"), ("1", "3"), ("3", "1"), ("4", "1"),
    }  # fmt: skip
    assert ends["3", "4"].line == [SPOTS[3], SPOTS[5], SPOTS[4]]
    assert ends["4", "3"].line == ends["3", "4"].line[::-1]
    assert ends["3", "4"].tags == {"highway": "residential", "name": "Pohjoinen"}
    city, report = import_city(save(osm(SPOTS, STREETS)), cell=20)
    assert (report.nodes, report.edges, report.junctions) == (4, 9, 4)
    board = cities.to_board(city)
    assert 195 < np.ptp(board.xy[: report.junctions, 1]) < 205
    ways = Ways(board)
    corner = {junction.name: index for index, junction in enumerate(city.junctions)}
    start, goal = corner["etela_and_lansi"], corner["lansi_and_pohjoinen"]
    car, foot = int(ways.pick(Mode.CAR, False, 0)), int(ways.pick(Mode.FOOT, False, 0))
    assert ways.distance(car, goal, start) == 10 == ways.distance(foot, start, goal)
    assert ways.distance(car, start, goal) > 25


def test_a_roundabout_goes_one_way_and_a_chain_of_ways_is_one_street(save: Save) -> None:
    circle = {k: (24.94 + 0.0005 * np.cos(k), 60.17 + 0.00025 * np.sin(k)) for k in range(6)}
    arms = {10: (24.945, 60.17), 11: (24.935, 60.17), 12: (24.9475, 60.17)}
    ways = [
        ([0, 1, 2], {"highway": "primary", "junction": "roundabout"}),
        ([2, 3, 4, 5, 0], {"highway": "primary", "junction": "roundabout"}),
        ([0, 10], {"highway": "primary"}),
        ([10, 12], {"highway": "primary"}),
        ([11, 3], {"highway": "primary", "oneway": "no"}),
    ]
    graph = osmxml.read(save(osm(circle | arms, ways)))
    assert set(graph.at) == {"0", "3", "11", "12"}
    assert sorted((way.start, way.end) for way in graph.ways) == [
        ("0", "12"), ("0", "3"), ("11", "3"), ("12", "0"), ("3", "0"), ("3", "11"),
    ]  # fmt: skip
    assert [len(way.line) for way in graph.ways if (way.start, way.end) == ("0", "3")] == [4]


BOMB = '<!DOCTYPE osm [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
GOOD = osm(SPOTS, STREETS)
HOSTILE = {
    "empty": (b"", "no element found"),
    "cut off": (GOOD[:500], "line 1, column"),
    "graphml": ("<graphml></graphml>", "begins with <graphml>, not with <osm>: an extract of OpenStreetMap does"),
    "entity bomb": (GOOD.replace("?><osm", f"?>{BOMB}<osm"), "declares a document type or entities"),
    "outer file": (GOOD.replace("?><osm", '?><!DOCTYPE osm SYSTEM "file:///etc/hostname"><osm'), "document type"),
    "too deep": ("<osm>" + "<a>" * 5000 + "</a>" * 5000 + "</osm>", "21 deep"),
    "no street": (osm(SPOTS, STREETS[6:7]), "there is no street in it"),
    "nothing": (osm({}, []), "there is no street in it"),
    "a way of one node": (osm(SPOTS, [([1], {"highway": "primary"})]), "there is no street in it"),
    "a ring by itself": (osm(SPOTS, [([1, 2, 3, 1], {"highway": "primary"})]), "meet nowhere"),
    "no coordinates": (GOOD.replace('lon="24.94"', ""), "node 1: '' is not a number"),
    "nan": (GOOD.replace('lat="60.17"', 'lat="nan"'), "node 1: 'nan' is not a number"),
    "code": (GOOD.replace('lat="60.17"', 'lat="__import__(0)"'), "is not a number"),
    "huge": (GOOD.replace('lat="60.17"', f'lat="{"9" * 999}"'), "is not a number"),
    "half the world": (GOOD.replace('lon="24.94"', 'lon="-120"'), "it spans"),
    "past the pole": (GOOD.replace('lat="60.17"', 'lat="89"'), "are no degrees"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_each_bad_extract_has_its_sentence(what: str, save: Save) -> None:
    text, sentence = HOSTILE[what]
    with pytest.raises(ContentError, match=sentence) as caught:
        import_city(save(text))
    assert "town.osm: error[" in str(caught.value)


def test_sizes_are_bounded(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(GOOD)
    for module, limit, value in (
        ("raw", "MOST_BYTES", 3),
        ("segments", "MOST_NODES", 3),
        ("segments", "MOST_EDGES", 3),
        ("osmxml", "_MOST", {"nd": 3}),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(f"pursuit.content.osm.{module}.{limit}", value)
            with pytest.raises(ContentError, match="cut out a smaller area"):
                import_city(path)


def test_without_pyrosm_pbf_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "town.osm.pbf"
    path.write_bytes(b"\0\0\0\x0d")
    monkeypatch.setitem(__import__("sys").modules, "pyrosm", None)
    with pytest.raises(ContentError, match=r'takes pyrosm, which is not installed: pip install "pursuit\[osm\]"'):
        import_city(path)
    with pytest.raises(ContentError, match="no such file"):
        import_city(tmp_path / "nowhere.osm.pbf")


@pytest.mark.parametrize("size", [0, 4, 1000, 100_000])
def test_a_damaged_pbf_has_its_sentence(size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = carried("pyrosm", "data", "test.osm.pbf").read_bytes()
    path = tmp_path / "town.osm.pbf"
    path.write_bytes(whole[:size])
    with pytest.raises(ContentError, match=r"no PBF that can be read|there is no street"):
        import_city(path)
    path.write_bytes(whole[:1000] + b"\xff" * 2000 + whole[3000:])
    with pytest.raises(ContentError, match="no PBF that can be read"):
        import_city(path)
    monkeypatch.setattr("pursuit.content.osm.pbf._MOST_BYTES", 100)
    with pytest.raises(ContentError, match="bytes; at most 100"):
        import_city(path)


@pytest.fixture(scope="module")
def helsinki() -> tuple[cities.City, Report]:
    return import_city(carried("pyrosm", "data", "Helsinki.osm.pbf"), cell=15, modes=ALL_MODES, name="helsinki")


def test_helsinki_is_what_the_importer_makes(helsinki: tuple[cities.City, Report]) -> None:
    city, report = helsinki
    assert (report.nodes, report.edges, report.strong_nodes) == (3166, 8791, 3053)
    assert 90_000 < report.meters < 100_000 and report.route_error[0] < 0.11
    shipped = cities.read(locate.find("maps", "helsinki"))
    assert (shipped.id, shipped.cell, shipped.license) == ("helsinki", 15, city.license)
    assert shipped.junctions == city.junctions and shipped.ways == city.ways and shipped.names == city.names


def test_the_board_of_helsinki() -> None:
    board = load_map("helsinki")
    foot = as_graph(board, Mode.FOOT)
    assert nx.is_strongly_connected(foot) and 5_000 < foot.number_of_nodes() <= board.num_nodes < 6_000
    for mode in (Mode.MOTORCYCLE, Mode.CAR, Mode.TRUCK):
        assert nx.is_strongly_connected(as_graph(board, mode))
    assert "OpenStreetMap" in board.attribution
    assert board.regions["unioninkatu"].size > 50
    assert (locate.folder("maps") / "helsinki.license.txt").read_text().count("Open Database License")


def test_hops_in_helsinki_agree_with_networkx_and_with_lengths() -> None:
    """On the cell graph exactly; with the real lengths within the error that the report tells of single streets."""
    city = cities.read(locate.find("maps", "helsinki"))
    board = cities.to_board(city)
    graph = as_graph(board, Mode.FOOT)
    meters = nx.Graph()
    for way in sorted(city.ways, key=lambda way: -way.length):
        if way.ahead & 1 << Mode.FOOT:
            meters.add_edge(way.a, way.b, length=way.length)
    ways = Ways(board)
    walkers = np.array(sorted(node for node in meters if node in graph))
    rng = np.random.default_rng(1)
    starts, goals = rng.choice(walkers, 25), rng.choice(walkers, (25, 20))
    hops = ways.distance(ways.pick(Mode.FOOT, False, 0), starts[:, None], goals)
    errors = []
    for start, ends, found in zip(starts.tolist(), goals.tolist(), hops.tolist(), strict=True):
        expected = nx.single_source_shortest_path_length(graph, start)
        assert found == [expected[goal] for goal in ends]
        lengths = nx.single_source_dijkstra_path_length(meters, start, weight="length")
        real = [(lengths[goal], hop) for goal, hop in zip(ends, found, strict=True) if goal != start]
        errors += [abs(hop * city.cell - length) / length for length, hop in real]
    assert np.median(errors) < 0.11
    assert np.quantile(errors, 0.95) < 0.27  # the most that the report tells for routes of 20 cells or more
    assert max(errors) <= board.stray["max"]


def test_manhattan_of_momepy() -> None:
    """Undirected, projected."""
    city, report = import_city(carried("momepy", "datasets", "nyc_graph.graphml"), cell=20)
    assert (report.nodes, report.edges) == (46, 73)
    assert any("no directions" in what for what in report.assumed)
    board = cities.to_board(city)
    assert nx.is_strongly_connected(as_graph(board, Mode.CAR))
    assert report.way_error[0] < 0.1


@pytest.mark.slow
def test_coquimbo_of_aequilibrae(tmp_path: Path) -> None:
    """15,724 nodes in a database, written as GraphML; without the centroids, which are no streets."""
    path = carried("aequilibrae", "reference_files", "coquimbo.zip")
    with zipfile.ZipFile(path) as archive:
        archive.extract("project_database.sqlite", tmp_path)
    with sqlite3.connect(tmp_path / "project_database.sqlite") as base:
        spots = {str(node): struct.unpack_from("<dd", shape, 43) for node, shape in base.execute(_NODES)}
        links = base.execute(_LINKS).fetchall()
    base.close()
    assert len(spots) == 15_724
    edges = []
    for a, b, direction, length, kind in links:
        tags = {"highway": kind, "length": str(length)}
        edges += both(str(a), str(b), **tags) if direction == 0 else [_ahead(str(a), str(b), direction, tags)]
    saved = tmp_path / "coquimbo.graphml"
    saved.write_text(document({node: at(*spot) for node, spot in spots.items()}, edges, crs="epsg:4326"))
    city, report = import_city(saved, cell=50, modes=("car",))
    assert report.nodes == 15_724 and report.edges == len(edges)
    assert report.strong_nodes > 0.9 * report.nodes
    assert nx.is_strongly_connected(as_graph(cities.to_board(city), Mode.CAR))


_NODES = "select node_id, geometry from nodes"
_LINKS = "select a_node, b_node, direction, distance, link_type from links where link_type <> 'centroid_connector'"


def _ahead(a: str, b: str, direction: int, tags: dict[str, str]) -> tuple[str, str, dict[str, str]]:
    return (a, b, tags) if direction > 0 else (b, a, tags)


def test_load_refuses_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="town"):
        raw.load(tmp_path / "town")
    with pytest.raises(ContentError, match="is a directory"):
        raw.load(tmp_path)
