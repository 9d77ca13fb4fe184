"""PBF: extracts of OpenStreetMap as they are downloaded (``.osm.pbf``), read by pyrosm of the ``osm`` extra."""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import Any

from pursuit.content.files.problems import fail
from pursuit.content.osm import segments
from pursuit.content.osm.raw import MOST_EDGES, RawGraph, check_size

_MOST_BYTES = 64 << 20  # packed; reading takes some twenty times as much


def read(path: Path) -> RawGraph:
    """The streets of a file, as a graph of its junctions.

    Raises ContentError with what is wrong; also if pyrosm is not installed.
    """
    check_size(path, _MOST_BYTES)
    try:
        with warnings.catch_warnings():  # those of its dependencies are nothing to our users
            warnings.simplefilter("ignore")
            import pyrosm  # type: ignore[import-not-found, import-untyped, unused-ignore]
    except ImportError:
        what = "reading PBF takes pyrosm, which is not installed"
        raise fail("missing-extra", f'{what}: pip install "pursuit[osm]"', path.name) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            extra = [tag for tag in segments.TAGS if tag != "highway"]
            network = pyrosm.OSM(str(path)).get_network(
                custom_filter={"highway": True}, filter_type="keep", nodes=True, extra_attributes=extra
            )
    except Exception as error:  # whatever a damaged file makes its parts raise
        said = " ".join(str(error).split()) or type(error).__name__
        raise fail("not-pbf", f"this is no PBF that can be read: {said[:200]}", path.name) from None
    if network is None or network[0] is None or network[1] is None:
        raise fail("no-edges", "there is no street in it: nobody could go anywhere", path.name)
    nodes, edges = network
    return _graph(nodes, edges, path.name)


def _graph(nodes: Any, edges: Any, name: str) -> RawGraph:
    """From pyrosm's tables, one row for each piece of a way."""
    if len(edges) > MOST_EDGES:
        message = f"{len(edges):,} pieces of streets; at most {MOST_EDGES:,} are read: cut out a smaller area"
        raise fail("too-large", message, name)
    ids, lon, lat = (nodes[column].tolist() for column in ("id", "lon", "lat"))
    at = {str(node): (float(x), float(y)) for node, x, y in zip(ids, lon, lat, strict=True)}
    if not all(math.isfinite(x) and math.isfinite(y) for x, y in at.values()):
        raise fail("bad-coordinates", "a node lies nowhere", name)
    columns = [tag for tag in segments.TAGS if tag in edges.columns]
    table = zip(edges["u"].tolist(), edges["v"].tolist(), *(edges[tag].tolist() for tag in columns), strict=True)
    parts: list[segments.Piece] = []
    for a, b, *said in table:
        tags = {tag: value for tag, value in zip(columns, said, strict=True) if isinstance(value, str)}
        parts += segments.pieces([str(a), str(b)], tags)
    return segments.join(at, parts, name)
