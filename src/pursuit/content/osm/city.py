"""City files: a street network already cut into cells, as compact JSON (``NAME.city.json``, ``.gz`` or not).

The TOML format is for maps written by hand. It cannot say that a street is one-way for cars and open both ways on foot
over the same cells, looks for oversights in time quadratic in the number of streets, and its reader takes seconds for
thousands of them. A city file says what was decided by the importer and nothing else::

    {"format": "pursuit-city", "version": 1, "id": "town", "title": "Town", "cell": 20, "sight": 150,
     "source": "town.graphml", "license": "ODbL 1.0", "attribution": "© OpenStreetMap contributors",
     "names": ["", "Main Street"], "junctions": [["a", 0, 0], ["b", 100, 0]],
     "ways": [[0, 1, 5, 5, 5, 100, "street", 1, 40, []]]}

A junction is its place name, x and y (meters); a way is its two junctions, hops, the bits of the modes ahead and back,
real length, width, index of its name, speed (km/h, kept for who wants it; no rule reads it), and its bends as one list
``x, y, x, y``.
"""

from __future__ import annotations

import gzip
import unicodedata
import zlib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from pursuit.content.boards import geometry
from pursuit.content.boards.assemble import Edges, freeze, tabulate
from pursuit.content.files.problems import fail
from pursuit.core.board import Board, Mode, Street

SUFFIXES = (".city.json.gz", ".city.json")
MOST_CELLS = 100_000
_MOST_BYTES = 256 << 20
_ALL_MODES = (1 << len(Mode)) - 1

_Index = Annotated[int, msgspec.Meta(ge=0)]
_Meters = Annotated[float, msgspec.Meta(ge=-1e6, le=1e6)]
_Bits = Annotated[int, msgspec.Meta(ge=0, le=_ALL_MODES)]
_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]*$")]


class Junction(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """A named place where ways meet."""

    name: _Name
    x: _Meters
    y: _Meters


class CityWay(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """A street between two junctions."""

    a: _Index
    b: _Index
    hops: Annotated[int, msgspec.Meta(ge=1, le=MOST_CELLS)]
    ahead: _Bits
    back: _Bits
    length: Annotated[float, msgspec.Meta(gt=0, le=1e6)]
    width: Literal["freeway", "boulevard", "street", "alley", "stairs", "path"]
    name: _Index
    kph: Annotated[float, msgspec.Meta(gt=0, le=400)]
    bends: list[_Meters]


class City(msgspec.Struct, forbid_unknown_fields=True):
    """A whole file."""

    id: _Name
    title: str
    cell: Annotated[float, msgspec.Meta(gt=0, le=1e5)]
    sight: Annotated[float, msgspec.Meta(ge=0, le=1e6)]
    source: str
    license: str
    attribution: str
    names: list[str]
    junctions: Annotated[list[Junction], msgspec.Meta(min_length=2)]
    ways: Annotated[list[CityWay], msgspec.Meta(min_length=1)]
    format: Literal["pursuit-city"] = "pursuit-city"
    version: Literal[1] = 1


def is_city(name: str | Path) -> bool:
    """Whether a name is that of a city file."""
    return str(name).endswith(SUFFIXES)


def write(city: City, path: Path) -> None:
    """Write a city file, packed if its name ends in ``.gz``; the same city gives the same bytes."""
    raw = msgspec.json.encode(city)
    try:
        path.write_bytes(gzip.compress(raw, 9, mtime=0) if path.suffix == ".gz" else raw)
    except OSError as error:
        raise fail("cannot-write", (error.strerror or "cannot be written").lower(), str(path)) from None


def find(name: str | Path, beside: Path | None = None) -> Path:
    """Where a city file lies: in the folder ``beside``, if it is there, else where its name says."""
    path = Path(name)
    return beside / path if beside is not None and (beside / path).is_file() else path


def read(path: Path) -> City:
    """Read a city file, packed or not. Raises ContentError for one that is missing, damaged or wrong."""
    return parse(unpacked(path), path.name)


def unpacked(path: Path) -> str:
    """The text of a city file, packed or not. Raises ContentError for one that is missing or damaged."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise fail("missing-file", "no such file", str(path)) from None
    except OSError as error:
        raise fail("unreadable-file", (error.strerror or "cannot be read").lower(), str(path)) from None
    if raw[:2] == b"\x1f\x8b":
        raw = _unpack(raw, path.name)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise fail("damaged-file", "it is no text: import it again", path.name) from None


def parse(text: str, name: str) -> City:
    """The city of a text; ``name`` is the file's, for messages. Raises ContentError for a wrong one."""
    try:
        city = msgspec.json.decode(text, type=City)
    except msgspec.DecodeError as error:
        raise fail("bad-city", f"{str(error)[:1].lower()}{str(error)[1:]}; import it again", name) from None
    _check(city, name)
    return city


def _unpack(raw: bytes, name: str) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        out = unpacker.decompress(raw, _MOST_BYTES)
    except zlib.error:
        raise fail("damaged-file", "it is damaged: import it again", name) from None
    if unpacker.unconsumed_tail:
        raise fail("too-large", f"it unpacks to more than {_MOST_BYTES:,} bytes", name)
    if not unpacker.eof:
        raise fail("damaged-file", "its end is missing: import it again", name)
    return out


def _check(city: City, name: str) -> None:
    """What a type cannot say: names that exist, junctions met, a size that fits."""
    seen: set[str] = set()
    for index, junction in enumerate(city.junctions):
        if junction.name in seen:
            raise fail("duplicate-name", f"junction {index}: {junction.name!r} is the name of another", name)
        seen.add(junction.name)
    met: set[int] = set()
    for index, way in enumerate(city.ways):
        if max(way.a, way.b) >= len(city.junctions) or way.a == way.b or way.name >= len(city.names):
            raise fail("bad-city", f"way {index} leads to a junction, or has a name, that does not exist", name)
        if len(way.bends) % 2:
            raise fail("bad-city", f"way {index}: its last bend has no y", name)
        met |= {way.a, way.b}
    if len(met) < len(city.junctions):
        lost = next(k for k in range(len(city.junctions)) if k not in met)
        raise fail("bad-city", f"no way leads to {city.junctions[lost].name!r}", name)
    cells = num_cells(city)
    if cells > MOST_CELLS:
        raise fail("too-many-cells", f"{cells:,} cells; a city has at most {MOST_CELLS:,}", name)


def num_cells(city: City) -> int:
    return len(city.junctions) + sum(way.hops - 1 for way in city.ways)


def to_board(city: City) -> Board:
    """The board of a city: junctions first, then the cells of each way in turn."""
    spots = np.array([(junction.x, junction.y) for junction in city.junctions])
    lines = [_line(way, spots) for way in city.ways]
    inner = [
        geometry.along(line, np.arange(1, way.hops) / way.hops) for way, line in zip(city.ways, lines, strict=True)
    ]
    count = np.array([len(some) for some in inner])
    first = len(spots) + np.concatenate([[0], np.cumsum(count)[:-1]])
    chains = [
        np.concatenate([[way.a], np.arange(start, start + num), [way.b]])
        for way, start, num in zip(city.ways, first.tolist(), count.tolist(), strict=True)
    ]
    xy = np.concatenate([spots, *inner])
    try:
        slots = tabulate(len(xy), _edges(city, chains), _ALL_MODES)
    except ValueError as error:
        raise fail("too-many-ways", str(error), city.id) from None
    label = [junction.name.replace("_", " ") for junction in city.junctions]
    for way, num in zip(city.ways, count.tolist(), strict=True):
        label += [city.names[way.name] or way.width] * num
    none = np.empty(0, np.int8)
    board = Board(
        name=city.id,
        title=city.title,
        cell=city.cell,
        xy=xy,
        level=np.zeros(len(xy), np.int8),
        label=tuple(label),
        neighbor=slots.neighbor,
        modes=slots.modes,
        bars=slots.bars,
        door=slots.door,
        degree=slots.degree,
        feature=np.zeros(len(xy), np.uint16),
        door_name=(),
        door_start=none,
        door_route=none,
        door_nodes=np.empty((0, 2), np.int32),
        sight_hops=round(city.sight / city.cell),
        places={junction.name: index for index, junction in enumerate(city.junctions)},
        regions=_regions(city, chains),
        streets=tuple(Street(city.names[w.name], w.width, 0, line) for w, line in zip(city.ways, lines, strict=True)),
        room=np.full(len(xy), -1, np.int16),
        attribution=city.attribution,
        stray=_stray(city),
    )
    return freeze(board)


def _line(way: CityWay, spots: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([spots[way.a, None], np.array(way.bends).reshape(-1, 2), spots[way.b, None]])


def _edges(city: City, chains: list[NDArray[np.int64]]) -> Edges:
    here = np.concatenate([chain[:-1] for chain in chains])
    there = np.concatenate([chain[1:] for chain in chains])
    hops = [way.hops for way in city.ways]
    modes = np.concatenate(
        [np.repeat([w.ahead for w in city.ways], hops), np.repeat([w.back for w in city.ways], hops)]
    )
    start, end = np.concatenate([here, there]), np.concatenate([there, here])
    used = modes > 0
    num = int(used.sum())
    return Edges(
        start[used].astype(np.int32),
        end[used].astype(np.int32),
        modes[used].astype(np.uint8),
        np.zeros(num, np.bool_),
        np.full(num, -1, np.int16),
    )


def _regions(city: City, chains: list[NDArray[np.int64]]) -> dict[str, NDArray[np.int32]]:
    """The cells of each named street."""
    taken = {junction.name for junction in city.junctions}
    cells: dict[str, list[NDArray[np.int64]]] = {}
    for way, chain in zip(city.ways, chains, strict=True):
        name = key_of(city.names[way.name])
        if name and name not in taken:
            cells.setdefault(name, []).append(chain)
    return {name: np.unique(np.concatenate(parts)).astype(np.int32) for name, parts in cells.items()}


def key_of(name: str) -> str:
    """A name as scenarios write it: ``Ocean Avenue`` is ``ocean_avenue``, ``Hämeentie`` is ``hameentie``,
    ``4th Street`` is ``the_4th_street``; empty where no letter is left."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))
    key = "_".join("".join(c if c.isascii() and c.isalnum() else " " for c in plain).split())
    return f"the_{key}" if key[:1].isdigit() else key


def _stray(city: City) -> dict[str, float]:
    """As ``compile`` counts it: the error of hop lengths for each way, weighed by length."""
    real = np.array([way.length for way in city.ways])
    error = np.abs(np.array([way.hops for way in city.ways]) * city.cell - real) / real
    return {"mean": float((error * real).sum() / real.sum()), "max": float(error.max())}
